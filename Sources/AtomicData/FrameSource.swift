import Synchronization

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
    let lanes = (0..<laneCount).map { _ in Lane(initial) }
    var isAtEnd = false
    while !isAtEnd {
      var round: [FrameBlock] = []
      while round.count < laneCount, let block = try reader.next() { round.append(block) }
      isAtEnd = round.count < laneCount
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, block) in round.enumerated() {
          if index >= max(1, threads) { try await group.next() }
          let lane = lanes[index]
          group.addTask {
            let frames = try block.frames()
            try lane.accumulator.withLock { try update(&$0, frames) }
          }
        }
        try await group.waitForAll()
      }
    }
    return lanes.map { lane in lane.accumulator.withLock { $0 } }
  }
}

/// The place of one accumulator, changed where it lies: values handed from task to task would be
/// shared by the task's closure, and each block would copy megabytes on its first write.
///
/// One task at a time works on a lane, so the lock never waits.
private final class Lane<Accumulator: Sendable>: Sendable {
  let accumulator: Mutex<Accumulator>

  init(_ initial: Accumulator) { accumulator = Mutex(initial) }
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
    private let frames: [Frame]
    private var position = 0

    init(frames: [Frame]) { self.frames = frames }

    func next() -> FrameBlock? {
      guard position < frames.count else { return nil }
      let range = position..<min(position + InMemoryFrames.blockSize, frames.count)
      position = range.upperBound
      return FrameBlock { [frames] in Array(frames[range]) }
    }
  }
}
