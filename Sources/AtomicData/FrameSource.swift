import Synchronization

/// Labelled frames that can be read again and again, block by block.
///
/// The blocks and their order depend on the data alone, so that sums over blocks are the same on
/// any number of threads.
public protocol FrameSource: Sendable {
  var pairTypes: PairTypes { get }
  /// Which pairs of atoms interact.
  var pairSelection: PairSelection { get }
  /// Folds that the training frames are divided into.
  var foldCount: Int { get }
  /// A fresh pass over all frames.
  func makeBlockReader() throws -> any FrameBlockReader
}

/// One pass over the blocks of a `FrameSource`, in order.
public protocol FrameBlockReader: AnyObject {
  /// The next block, or nil after the last.
  func next() throws -> FrameBlock?
}

/// A few consecutive frames, parsed when asked, on whatever thread asks.
public struct FrameBlock: Sendable {
  /// What the block holds in memory before it is parsed.
  public let byteCount: Int
  private let load: @Sendable () throws -> [Frame]

  public init(byteCount: Int = 0, load: @escaping @Sendable () throws -> [Frame]) {
    self.byteCount = byteCount
    self.load = load
  }

  /// - Throws: `InputError` where the text is no frame.
  public func frames() throws -> [Frame] { try load() }
}

extension FrameSource {
  public var foldCount: Int { DataPart.foldCount }

  /// Folds all frames into `laneCount` accumulators, on at most `threads` threads.
  ///
  /// Blocks are taken in rounds of as many for each lane, one at first and then ever more: an
  /// accumulator that stays in the cache for many blocks is faster. Which lane takes a block, and
  /// in what order, depends on the data alone, so the result does not depend on `threads`. Memory:
  /// `laneCount` accumulators, as many blocks, and more blocks up to 32 MiB.
  public func reduce<Accumulator: Sendable>(
    laneCount: Int, threads: Int, into initial: Accumulator,
    _ update: @escaping @Sendable (inout Accumulator, [Frame]) throws -> Void
  ) async throws -> [Accumulator] {
    let reader = try makeBlockReader()
    let lanes = (0..<laneCount).map { _ in Lane(initial) }
    var blocksPerLane = 1
    var largestBlock = 1
    while true {
      var blocks: [FrameBlock] = []
      while blocks.count < laneCount * blocksPerLane, let block = try reader.next() {
        largestBlock = max(largestBlock, block.byteCount)
        blocks.append(block)
      }
      guard !blocks.isEmpty else { break }
      // The last round may be a short one.
      let round = Round(
        blocks: blocks, blocksPerLane: (blocks.count + laneCount - 1) / laneCount)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<min(max(1, threads), laneCount) {
          group.addTask {
            while let (lane, blocks) = round.next() {
              try lanes[lane].accumulator.withLock { accumulator in
                for block in blocks { try update(&accumulator, try block.frames()) }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      blocksPerLane = min(
        2 * blocksPerLane, 128, max(1, (32 << 20) / (laneCount * largestBlock)))
    }
    return lanes.map { lane in lane.accumulator.withLock { $0 } }
  }
}

/// The blocks of one round, handed out lane by lane to whatever thread asks.
private final class Round: Sendable {
  private let blocks: [FrameBlock]
  private let blocksPerLane: Int
  private let taken = Atomic(0)

  init(blocks: [FrameBlock], blocksPerLane: Int) {
    self.blocks = blocks
    self.blocksPerLane = blocksPerLane
  }

  func next() -> (lane: Int, blocks: ArraySlice<FrameBlock>)? {
    let lane = taken.add(1, ordering: .relaxed).oldValue
    let first = lane * blocksPerLane
    guard first < blocks.count else { return nil }
    return (lane, blocks[first..<min(first + blocksPerLane, blocks.count)])
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
  public let foldCount: Int
  private let blocks: [[Frame]]

  /// Frames per block.
  static let blockSize = 64

  public init(
    pairTypes: PairTypes, pairSelection: PairSelection = .all,
    foldCount: Int = DataPart.foldCount, frames: [Frame]
  ) {
    self.pairTypes = pairTypes
    self.pairSelection = pairSelection
    self.foldCount = foldCount
    blocks = stride(from: 0, to: frames.count, by: Self.blockSize).map {
      Array(frames[$0..<min($0 + Self.blockSize, frames.count)])
    }
  }

  public var frames: [Frame] { Array(blocks.joined()) }

  public func makeBlockReader() -> any FrameBlockReader { Reader(blocks: blocks) }

  private final class Reader: FrameBlockReader {
    private let blocks: [[Frame]]
    private var position = 0

    init(blocks: [[Frame]]) { self.blocks = blocks }

    func next() -> FrameBlock? {
      guard position < blocks.count else { return nil }
      defer { position += 1 }
      return FrameBlock { [block = blocks[position]] in block }
    }
  }
}
