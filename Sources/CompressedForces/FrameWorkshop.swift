import AtomicData
import CVectorKernels
import Synchronization

/// The room a thread needs to add frames to sums.
struct FrameWorkshop: ~Copyable {
  /// The pairs of a block of frames.
  var pairs = PairQueue()
  /// By frame of the block.
  var entries = WorkBuffer(repeating: Entry(), count: 0)
  /// By part, the numbers of its frames in the block.
  var members = WorkBuffer(repeating: Int32(0), count: 0)
  var blocks = PairBlocks()
  var row = NeighborRow()

  /// What is known of a frame of the block.
  struct Entry: BitwiseCopyable {
    /// Places of its pairs; empty where it has too many.
    var begin = 0
    var end = 0
    var hasFewPairs = false
    /// Whether its forces are added by `FrameRows`.
    var needsRows = false
    /// Number of its first atom in the pairs.
    var firstAtom = 0
    var atomCount = 0
    var weight = 0.0
    /// Sum of the squared reference forces, (eV/Å)².
    var squareSum = 0.0
  }
}

/// As many workshops as there are threads, whatever the number of lanes.
final class FrameWorkshops: Sendable {
  private let free = Mutex<[Box]>([])

  /// Unchecked: whoever has taken a box has it alone.
  private final class Box: @unchecked Sendable {
    var workshop = FrameWorkshop()
  }

  func withWorkshop<Failure: Error>(
    _ body: (inout FrameWorkshop) throws(Failure) -> Void
  ) throws(Failure) {
    let box = free.withLock { $0.popLast() } ?? Box()
    defer { free.withLock { $0.append(box) } }
    try body(&box.workshop)
  }
}
