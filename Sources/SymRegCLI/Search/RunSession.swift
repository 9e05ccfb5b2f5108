import AtomicData
import Foundation
import PopulationSearch
import RunStorage
import SymReg

/// One process at work on a run: reads the data, searches on from where the run stands, writes the front.
struct RunSession {
  enum Beginning: Equatable {
    case new
    case resumed
    /// By a stage of other options.
    case extended(RunStage)
  }

  private var isExtension: Bool { if case .extended = beginning { true } else { false } }

  let folder: RunFolder
  let beginning: Beginning
  /// The search as its arguments say it.
  let search: SearchCommand
  let process: ProcessOptions
  let console: Console
  let start: ContinuousClock.Instant

  func run() async throws {
    let control = SearchControl()
    let signals = StopSignals(control)
    if beginning == .new { signals.beforeEnding { folder.discard() } }
    let journal = try RunJournal(
      events: process.events, logger: StandardErrorLog.logger(try process.level()), start: start)
    let memory = try process.memory().map { limit in
      MemoryWatch(limit: limit) {
        if signals.isSearching { return control.stop(.memoryLimit) }
        if beginning == .new { folder.discard() }
        try? StandardStream.error.write(
          "error: expected memory for these data, found that --memory-limit is less; "
            + "allow more, or use fewer --threads\n")
        exit(ExitStatus.failed.rawValue)
      }
    }
    defer { withExtendedLifetime(memory) {} }

    let opened: OpenedRun
    do {
      opened = try await open(journal)
    } catch {
      // A run that never had data is nothing to keep; one that met a full disk is.
      if beginning == .new, !((error as? RunStorageError)?.isFull ?? false) { folder.discard() }
      throw failure(error)
    }
    let outcome = try await searched(opened, control: control, signals: signals, journal: journal)
    try finish(outcome, opened, journal)
  }

  /// A run with its data.
  private struct OpenedRun {
    let discovery: Discovery
    let marks: Marks
    let store: RunStore
    let recorder: RunRecorder
    let timeLimit: Double
  }

  private func open(_ journal: RunJournal) async throws -> OpenedRun {
    let store = try folder.store(for: .writing)
    var settings = try search.settings()
    settings.search.threads = try process.threads.count()
    let state = try store.state()
    let stages = try store.stages()
    // The limit of an extension counts from where the run stood.
    if let limit = settings.search.maxEvaluations {
      settings.search.maxEvaluations =
        limit
        + (isExtension ? state?.counts.evaluations ?? 0 : stages.last?.evaluationsBefore ?? 0)
    }
    let (discovery, remarks) = try await Preparation.open(
      try search.data.sources(), settings: settings, cache: process.statistics.cache())
    let data = try discovery.runData()
    if let expected = try store.data() { try Self.check(data, against: expected, run: folder.path) }
    if case .extended(var stage) = beginning {
      let state = state ?? SearchState(seed: stage.seed)
      stage.evaluationsBefore = state.counts.evaluations
      try store.begin(stage, from: state.extended(seed: stage.seed, stage: stage.number))
    } else if let stage = stages.last, stage.commit != SourceCommit.text {
      journal.tell(
        "otherProgram",
        ["begun": .text(stage.commit), "now": .text(SourceCommit.text)], level: .warning)
    }
    let timeLimit = try search.budget.seconds()
    let options = try ResolvedOptions(discovery, timeLimit: timeLimit).json()
    try store.write(data, options: options)
    try folder.write(options: options)
    let recorder = try RunRecorder(store, start: start)
    journal.record(to: recorder)
    let marks = try await discovery.marks()
    let width = StandardStream.error.terminal?.columns
    console.note(DataReport(discovery: discovery, remarks: remarks).lines(width: width) + [""])
    console.note(
      MarksReport(marks: marks, dataset: discovery.datasetSummary).lines(width: width) + [""])
    return OpenedRun(
      discovery: discovery, marks: marks, store: store, recorder: recorder, timeLimit: timeLimit)
  }

  /// - Throws: `InputError` where the losses of the run do not belong to the data.
  static func check(_ data: RunData, against expected: RunData, run: String) throws {
    guard data.sha256 == expected.sha256 else {
      throw InputError(
        file: run,
        "expected the data of the run, \(expected.name) with SHA-256 \(expected.sha256.prefix(12))…, "
          + "found \(data.name) with \(data.sha256.prefix(12))…",
        remedy: "name the files that the run was made with")
    }
    guard data.problem == expected.problem else {
      throw InputError(
        file: run,
        "expected the run's way to read and weigh the data, its cutoff and its constraints, found "
          + "others",
        remedy: "its losses do not compare: search anew")
    }
  }

  private func searched(
    _ run: OpenedRun, control: SearchControl, signals: StopSignals, journal: RunJournal
  ) async throws -> SearchOutcome {
    let discovery = run.discovery
    let state = try run.store.state()
    journal.tell(
      beginning == .new ? "started" : beginning == .resumed ? "resumed" : "extended",
      [
        "version": .text(SymRegCommand.version), "commit": .text(SourceCommit.text),
        "evaluations": .count(state?.counts.evaluations ?? 0),
        "data": .text(discovery.dataset.name),
      ])
    let reporter = SearchReporter(
      SearchProgress(
        name: discovery.dataset.name, timeLimit: run.timeLimit,
        maxEvaluations: discovery.settings.search.maxEvaluations,
        referenceError: discovery.statistics.training.meanSquaredReferenceForce.squareRoot(),
        floorError: run.marks.floor?.rmse, isCombined: !discovery.statistics.targets.isEmpty,
        evaluationsBefore: state?.counts.evaluations ?? 0), recorder: run.recorder)
    let deadline = start + .seconds(run.timeLimit - run.recorder.secondsBefore)
    let fronts = ProvisionalFronts(
      folder: folder, discovery: discovery, marks: run.marks, deadline: deadline)
    signals.beginSearch { reporter.enter(.stopping) }
    defer { reporter.finish() }
    let outcome = try await discovery.search(
      marks: run.marks, from: state, record: run.recorder, deadline: deadline, control: control,
      report: { event in
        reporter.update(event)
        journal.tell(event)
        fronts.offer(event)
        if event.state.end != nil { reporter.enter(.scoring) }
      })
    await fronts.end()
    return outcome
  }

  private func finish(_ outcome: SearchOutcome, _ run: OpenedRun, _ journal: RunJournal) throws {
    let (document, state) = (outcome.document, outcome.state)
    let end = state.end ?? .exhausted
    var problem = state.failure
    journal.tell(
      end.isStop ? "stopped" : "finished",
      [
        "reason": .text(end.rawValue), "evaluations": .count(state.counts.evaluations),
        "entries": .count(document.front.count),
      ])
    do {
      if problem == nil { try run.recorder.flush(state) }
      try run.store.write(
        front: zip(outcome.candidates, document.front).map { ($0.number, $1) })
    } catch { problem = problem ?? error }
    do { try folder.write(document) } catch { problem = problem ?? error }
    try console.print(
      [""] + FrontReport(document: document).lines(width: console.width)
        + ["", "\(Self.reason(end)); the run is in \(folder.path)"])
    try console.printJSON(document)
    if let problem { throw failure(problem, hasResult: !document.front.isEmpty) }
    if end.isStop { throw document.front.isEmpty ? ExitStatus.failed : .stopped }
  }

  /// What a full disk means for the run.
  private func failure(_ error: any Error, hasResult: Bool = false) -> any Error {
    guard let error = error as? RunStorageError else { return error }
    return CommandFailure(
      description: "\(error); \(error.isFull ? "make room and" : "mend that and") say "
        + "symreg resume \(folder.path)", status: hasResult ? .stopped : .failed)
  }

  private static func reason(_ end: SearchEnd) -> String {
    switch end {
    case .timeLimit: "The time is spent"
    case .evaluationLimit: "The evaluations are spent"
    case .exhausted: "No new expressions turn up"
    case .interrupted: "Stopped by a signal"
    case .memoryLimit: "Stopped at the memory limit"
    case .recordFailure: "Stopped where the run could not be recorded"
    }
  }
}
