import AtomicData

/// Into which sums a frame goes.
enum FramePartition: Sendable {
  /// The training folds and the validation frames.
  case parts(foldCount: Int)
  /// So many blocks of training frames, groups together, in no order that the data know of.
  case blocks(Int)

  var count: Int {
    switch self {
    case .parts(let foldCount): foldCount + 1
    case .blocks(let count): count
    }
  }

  /// Nil for a frame that does not count.
  @inline(__always)
  func number(ofPart part: DataPart, group: UInt64) -> Int? {
    switch self {
    case .parts(let foldCount): return part.index(foldCount: foldCount)
    case .blocks(let count):
      if case .validation = part { return nil }
      var stream = RandomStream(seed: group, purpose: 0xB10C)
      return stream.nextInt(below: count)
    }
  }
}
