import AtomicData
import SymReg
import Synchronization

/// Opens data, with a line of progress where that takes time on a terminal.
enum Preparation {
  /// What all commands that compress the data have in common.
  ///
  /// - Parameter share: of the frames kept for validation, where the user says none.
  /// - Throws: `InputError` for options out of range.
  static func settings(
    _ data: DataArguments, _ split: SplitOptions, share: Double, _ cutoff: CutoffOption,
    _ background: SubtractOptions, _ threads: ThreadOption
  ) throws -> DiscoverySettings {
    try settings(data, split, share: share, cutoff: try cutoff.length(), background, threads)
  }

  /// - Parameter cutoff: Å.
  /// - Throws: `InputError` for options out of range.
  static func settings(
    _ data: DataArguments, _ split: SplitOptions, share: Double, cutoff: Double,
    _ background: SubtractOptions, _ threads: ThreadOption
  ) throws -> DiscoverySettings {
    var settings = DiscoverySettings()
    settings.reading = try data.readingOptions()
    try split.apply(to: &settings.reading, defaultShare: share)
    settings.cutoff = cutoff
    settings.background = try background.background()
    settings.search.threads = try threads.count()
    return settings
  }

  /// - Returns: the data, and what is to be said of the statistics on disk.
  /// - Throws: `InputError` where the data cannot be used.
  static func open(
    _ sources: [DataSource], settings: DiscoverySettings, cache: StatisticsCache?
  ) async throws -> (discovery: Discovery, remarks: [String]) {
    let line = ProgressLine()
    defer { line.erase() }
    let remarks = Mutex<[String]>([])
    let discovery = try await Discovery.open(sources, settings: settings, cache: cache) {
      progress in
      if case .cached(let event) = progress {
        remarks.withLock { $0.append("statistics: " + event.text) }
      } else {
        line.show(progress.text)
      }
    }
    return (discovery, remarks.withLock { $0 })
  }

  /// Surveys files without compressing them.
  static func openDataset(
    _ sources: [DataSource], options: ReadingOptions, threads: Int
  ) async throws -> Dataset {
    let line = ProgressLine()
    defer { line.erase() }
    return try await Dataset.open(sources, options: options, threads: threads) {
      line.show(Discovery.Progress.reading(bytes: $0, of: $1).text)
    }
  }
}

/// One line on a terminal that comes and goes.
final class ProgressLine: Sendable {
  private struct State {
    var region = LiveRegion(on: .error)
    var next = ContinuousClock.now + .milliseconds(500)
  }

  private let state = Mutex(State())

  /// Shows nothing in the first half second: most data are read by then.
  func show(_ text: String) {
    guard let terminal = StandardStream.error.terminal else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now >= state.next else { return }
      state.next = now + .milliseconds(200)
      state.region.draw([StyledLine(text).cut(to: terminal.columns - 1)], on: terminal)
    }
  }

  func erase() {
    guard let terminal = StandardStream.error.terminal else { return }
    state.withLock { $0.region.erase(on: terminal) }
  }
}

extension Discovery.Progress {
  fileprivate var text: String {
    switch self {
    case .reading(let bytes, let total):
      "reading, \(total == 0 ? 100 : 100 * bytes / total) %"
    case .compressing(let frames):
      "compressing \(NumberText.count(frames, "frame"))"
    case .cached(let event): event.text
    }
  }
}

extension StatisticsCache.Event {
  fileprivate var text: String {
    switch self {
    case .reused(let path): "reused from \(path)"
    case .stored(let path): "stored in \(path)"
    case .unusable(let path): "\(path) is damaged or of another version; computed anew"
    case .notStored(let path, let reason): "not stored in \(path): \(reason)"
    }
  }
}
