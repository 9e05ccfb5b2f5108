import AtomicData
import ExpressionTrees
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
  let journal: RunJournal
  let start: ContinuousClock.Instant

  func run() async throws {
    let control = SearchControl()
    let signals = StopSignals(control)
    if beginning == .new { signals.beforeEnding { folder.discard() } }
    let memory = try process.memory().map { limit in
      MemoryWatch(limit: limit) { isExceeded in
        if signals.isSearching {
          control.stop(.memoryLimit)
          guard isExceeded else { return }
        } else if beginning == .new {
          folder.discard()
        }
        try? StandardStream.error.write(
          "error: expected a --memory-limit that the run can do with, found "
            + "\(process.memoryLimit ?? ""); allow more, or use fewer --threads\n")
        // At once: handlers at exit would meet the work that goes on.
        _exit((signals.isSearching ? ExitStatus.stopped : .failed).rawValue)
      }
    }
    defer { withExtendedLifetime(memory) {} }

    let opened: OpenedRun
    do {
      opened = try await open()
    } catch {
      // A run that never had data is nothing to keep; one that met a full disk is.
      if beginning == .new, !((error as? RunStorageError)?.isFull ?? false) { folder.discard() }
      throw failure(error)
    }
    do {
      let outcome = try await searched(opened, control: control, signals: signals)
      try finish(outcome, opened, stop: control.reason)
    } catch {
      throw failure(error)
    }
  }

  /// A run with its data.
  private struct OpenedRun {
    let discovery: Discovery
    let marks: Marks
    let store: RunStore
    let recorder: RunRecorder
    let timeLimit: Double
  }

  private func open() async throws -> OpenedRun {
    let store = try folder.store(for: .writing)
    var settings = try search.settings()
    settings.search.threads = try process.threads.count()
    let stages = try store.stages()
    let evaluations = try store.checkpoint()?.state.counts.evaluations ?? 0
    // The limit of an extension counts from where the run stood.
    if let limit = settings.search.maxEvaluations {
      let before = isExtension ? evaluations : stages.last?.evaluationsBefore ?? 0
      settings.search.maxEvaluations = limit &+ max(0, min(before, Int.max - limit))
    }
    var (discovery, remarks) = try await Preparation.open(
      try search.data.sources(), settings: settings, cache: process.statistics.cache())
    let timeLimit = try search.budget.seconds()
    try Self.adopt(
      store, by: &discovery, run: folder, timeLimit: timeLimit, isExtension: isExtension)
    let state = try store.state(typeCount: discovery.dataset.pairTypes.typeNames.count)
    var arguments = stages.last?.arguments ?? []
    if case .extended(var stage) = beginning {
      let state = state ?? SearchState()
      stage.evaluationsBefore = state.counts.evaluations
      arguments = stage.arguments
      try store.begin(stage, from: state.extended(stage: stage.number))
    } else if let stage = stages.last,
      (stage.commit, stage.version) != (SourceCommit.text, SymRegCommand.version)
    {
      journal.tell(
        "otherProgram",
        [
          "begun": .text("\(stage.version) \(stage.commit)"),
          "now": .text("\(SymRegCommand.version) \(SourceCommit.text)"),
        ], level: .warning)
    }
    let options = try ResolvedOptions(discovery, timeLimit: timeLimit).json()
    try store.write(
      try discovery.runData(), options: options,
      arguments: RunArguments.moved(arguments, to: search.data.files))
    try folder.write(options: options)
    let recorder = try RunRecorder(store, start: start)
    journal.record(to: recorder)
    let marks = try await discovery.marks()
    let width = StandardStream.error.terminal?.columns
    console.note(DataReport(discovery: discovery, remarks: remarks).lines(width: width) + [""])
    console.note(
      MarksReport(marks: marks, dataset: discovery.datasetSummary).lines(width: width) + [""])
    console.note([
      Self.plan(discovery.settings.search, timeLimit: timeLimit, spent: recorder.secondsBefore), "",
    ])
    return OpenedRun(
      discovery: discovery, marks: marks, store: store, recorder: recorder, timeLimit: timeLimit)
  }

  /// What a run has decided already holds for its documents.
  ///
  /// - Throws: `InputError` where the losses of the run do not belong to the data and the options.
  static func adopt(
    _ store: RunStore, by discovery: inout Discovery, run: RunFolder, timeLimit: Double,
    isExtension: Bool = false
  ) throws {
    guard let expected = try store.data() else { return }
    // It goes on calling its data as it did, whatever the files are called now.
    discovery.dataName = expected.name
    let stages = try store.stages()
    discovery.earlierSearches = try (isExtension ? stages[...] : stages.dropLast()).map {
      var search = try SearchCommand.ofRun(run, $0.arguments).settings().search
      search.grammar.adopt(discovery.dataset.pairTypes)
      return search
    }
    let data = try discovery.runData()
    guard data.sha256 == expected.sha256 else {
      throw InputError(
        file: run.path,
        "expected the data of the run, \(expected.name) with SHA-256 \(expected.sha256.prefix(12))…, "
          + "found \(discovery.dataset.name) with \(data.sha256.prefix(12))…",
        remedy: "name the files that the run was made with")
    }
    guard data.problem == expected.problem else {
      let now = try ResolvedOptions(discovery, timeLimit: timeLimit).json()
      let changes = ResolvedOptions.changes(from: try store.options() ?? "{}", to: now)
      throw InputError(
        file: run.path,
        "expected the run's way to read and weigh the data, its cutoff and its constraints, found "
          + (changes.isEmpty ? "others" : changes),
        remedy: "its losses do not compare: search anew")
    }
  }

  private func searched(
    _ run: OpenedRun, control: SearchControl, signals: StopSignals
  ) async throws -> SearchOutcome {
    let discovery = run.discovery
    let state = try run.store.state(typeCount: discovery.dataset.pairTypes.typeNames.count)
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
        grammar: discovery.settings.search.grammar,
        evaluationsBefore: state?.counts.evaluations ?? 0,
        elapsedBefore: run.recorder.secondsBefore), recorder: run.recorder)
    let deadline = start + .seconds(run.timeLimit - run.recorder.secondsBefore)
    let fronts = ProvisionalFronts(
      folder: folder, store: run.store, recorder: run.recorder, discovery: discovery,
      marks: run.marks, deadline: deadline)
    if let state { reporter.update(SearchEvent(state: state, fitted: [])) }
    signals.beginSearch { reporter.enter(.stopping) }
    defer { reporter.finish() }
    let outcome = try await discovery.search(
      marks: run.marks, from: state, record: run.recorder, deadline: deadline, control: control,
      report: { event in
        reporter.update(event)
        journal.tell(event, certified: discovery.certifiedComplexity(event.state))
        fronts.offer(event)
        if event.state.end != nil { reporter.enter(.scoring) }
      })
    await fronts.end()
    guard let failure = outcome.state.failure else { return outcome }
    // What counts is what is recorded: the run goes on from there.
    let recorded =
      try run.store.state(typeCount: discovery.dataset.pairTypes.typeNames.count)
      ?? SearchState()
    return try await discovery.outcome(of: recorded.stopped(by: failure), marks: run.marks)
  }

  /// - Parameter stop: what stopped the process, also after the search itself.
  private func finish(_ outcome: SearchOutcome, _ run: OpenedRun, stop: SearchEnd?) throws {
    let (document, state) = (outcome.document, outcome.state)
    // Last fits that were cut short are made up for when the run goes on.
    let end = (state.isPolished ? nil : stop) ?? state.end ?? .exhausted
    var problem = state.failure
    journal.tell(
      end.isStop ? "stopped" : "finished",
      [
        "reason": .text(end.rawValue), "evaluations": .count(state.counts.evaluations),
        "entries": .count(document.front.count),
        "recordingSeconds": .number(run.recorder.recordingSeconds),
      ])
    do {
      if problem == nil { try run.recorder.flush(state) }
      try run.store.write(outcome)
    } catch { problem = problem ?? error }
    var hasResult = !document.front.isEmpty
    do {
      try folder.write(document)
    } catch {
      problem = problem ?? error
      hasResult = hasResult && folder.hasFront
    }
    let printed = Result {
      try console.print(
        [""] + FrontReport(document: document).lines(width: console.width)
          + [
            "",
            "\(Self.reason(end, run.discovery.settings.search.strategy)); the run is in \(folder.path)",
          ]
          + (end.isStop ? ["It goes on with: symreg resume \(folder.path)"] : []))
      try console.printJSON(document)
    }
    // A reader that has gone changes nothing of how the run ended.
    if let problem { throw failure(problem, hasResult: hasResult) }
    if end.isStop { throw document.front.isEmpty ? ExitStatus.failed : .stopped }
    try printed.get()
  }

  /// What a full disk means for the run.
  private func failure(_ error: any Error, hasResult: Bool = false) -> any Error {
    guard let error = error as? RunStorageError else { return error }
    return CommandFailure(
      description: "\(error); \(error.isFull ? "make room and" : "mend that and") say "
        + "symreg resume \(folder.path)",
      status: hasResult ? .stopped : .failed)
  }

  /// What is searched for, and for how long.
  private static func plan(
    _ options: SearchOptions, timeLimit: Double, spent: Double
  ) -> String {
    let grammar = options.grammar
    let isListed = options.strategy == .enumerate
    let nodes = min(grammar.maxComplexity, isListed ? PackedForm.maximumNodeCount : .max)
    let limit = options.maxEvaluations.map { ", up to \(NumberText.count($0)) forms" } ?? ""
    let operators = grammar.operators.map(\.name).joined(separator: " ")
    let kinds = grammar.parameterKinds.map(\.rawValue).joined(separator: " and ")
    let known = grammar.known.map { ", " + $0.name }.joined()
    let time = NumberText.time(max(0, timeLimit - spent))
    return "search with \(operators), \(kinds) parameters\(known), up to "
      + "\(NumberText.count(nodes, "node")), strategy \(options.strategy.rawValue); for \(time)\(limit)"
  }

  private static func reason(_ end: SearchEnd, _ strategy: SearchOptions.Strategy) -> String {
    switch end {
    case .timeLimit: "The time is spent"
    case .evaluationLimit: "The evaluations are spent"
    case .exhausted:
      strategy == .enumerate ? "Every expression was fitted" : "No new expressions turn up"
    case .interrupted: "Stopped by a signal"
    case .memoryLimit: "Stopped at the memory limit, to go on with more"
    case .recordFailure: "Stopped where the run could not be recorded"
    }
  }
}
