/// Labelled frames that can be read again and again, block by block.
///
/// The blocks and their order depend on the data alone, so that sums over blocks are the same on
/// any number of threads.
public protocol FrameSource: Sendable {
  var pairTypes: PairTypes { get }
  /// Which pairs of atoms interact.
  var pairSelection: PairSelection { get }
  /// A fresh pass over all frames.
  func makeBlockReader() throws -> any FrameBlockReader
}

/// Which pairs of atoms interact.
public enum PairSelection: String, Sendable, Hashable, CaseIterable {
  /// Atoms of different molecules.
  case inter
  /// Every pair.
  case all
}

/// One pass over the blocks of a `FrameSource`, in order.
public protocol FrameBlockReader: AnyObject {
  /// The next block, or nil after the last.
  func next() throws -> FrameBlock?
}

/// A few consecutive frames, parsed when asked, on whatever thread asks.
public struct FrameBlock: Sendable {
  private let load: @Sendable () throws -> [Frame]

  public init(load: @escaping @Sendable () throws -> [Frame]) {
    self.load = load
  }

  /// - Throws: `InputError` where the text is no frame.
  public func frames() throws -> [Frame] { try load() }
}

extension FrameSource {
  /// Folds all frames into `laneCount` accumulators, on at most `threads` threads.
  ///
  /// Block k goes to lane k mod `laneCount`, and each lane takes its blocks in order: the result
  /// does not depend on `threads`. Memory: `laneCount` accumulators and as many blocks of frames.
  public func reduce<Accumulator: Sendable>(
    laneCount: Int, threads: Int, into initial: Accumulator,
    _ update: @escaping @Sendable (inout Accumulator, [Frame]) throws -> Void
  ) async throws -> [Accumulator] {
    let reader = try makeBlockReader()
    var lanes: [Accumulator?] = Array(repeating: initial, count: laneCount)
    var isAtEnd = false
    while !isAtEnd {
      var round: [FrameBlock] = []
      while round.count < laneCount, let block = try reader.next() { round.append(block) }
      isAtEnd = round.count < laneCount
      try await withThrowingTaskGroup(of: (Int, Accumulator).self) { group in
        var started = 0
        func startNext() {
          // Leaving nil behind keeps the accumulator uniquely referenced: no copy on write.
          guard started < round.count, let accumulator = lanes[started] else { return }
          let (lane, block) = (started, round[started])
          lanes[lane] = nil
          started += 1
          group.addTask {
            var accumulator = accumulator
            try update(&accumulator, try block.frames())
            return (lane, accumulator)
          }
        }
        for _ in 0..<max(1, threads) { startNext() }
        while let (lane, accumulator) = try await group.next() {
          lanes[lane] = accumulator
          startNext()
        }
      }
    }
    return lanes.compactMap { $0 }
  }
}

/// Frames held in memory.
public struct InMemoryFrames: FrameSource {
  public let pairTypes: PairTypes
  public let pairSelection: PairSelection
  public let frames: [Frame]

  /// Frames per block.
  static let blockSize = 64

  public init(pairTypes: PairTypes, pairSelection: PairSelection = .all, frames: [Frame]) {
    self.pairTypes = pairTypes
    self.pairSelection = pairSelection
    self.frames = frames
  }

  public func makeBlockReader() -> any FrameBlockReader { Reader(frames: frames) }

  private final class Reader: FrameBlockReader {
    private var rest: ArraySlice<Frame>

    init(frames: [Frame]) { rest = frames[...] }

    func next() -> FrameBlock? {
      guard !rest.isEmpty else { return nil }
      let block = Array(rest.prefix(InMemoryFrames.blockSize))
      rest = rest.dropFirst(InMemoryFrames.blockSize)
      return FrameBlock { block }
    }
  }
}
