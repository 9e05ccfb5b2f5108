/// Assigns frames to training folds and validation, the same on any number of threads.
///
/// By a hash: what part a frame is in does not depend on those behind it. Where folds are asked for they
/// are balanced: of K frames in a row each is in another fold, and groups follow a `FoldPlan`.
struct DataSplit: Sendable {
  let validationFraction: Double
  let seed: UInt64
  let foldCount: Int
  /// Whether the folds are to have nearly equal numbers of frames.
  let isBalanced: Bool
  /// Values of the group key whose frames are the validation part; empty: a share of the frames is.
  let heldOut: Set<[UInt8]>
  /// Folds of the groups, once they are known; nil: by hash.
  var plan: FoldPlan?

  init(_ options: ReadingOptions) {
    validationFraction = options.heldOutGroups.isEmpty ? options.validationFraction : 0
    seed = options.splitSeed
    foldCount = options.foldCount ?? DataPart.foldCount
    isBalanced = options.foldCount != nil
    heldOut = Set(options.heldOutGroups.map { Array($0.utf8) })
  }

  /// "split" and a number, such that frames 0 and 1 train under the default seed: the smallest
  /// data can be read with default options.
  private enum Purpose {
    static let frame: UInt64 = 0x7370_6C69_740A
    static let group: UInt64 = 0x7370_6C69_740B
    static let fold: UInt64 = 0x7370_6C69_740C
  }

  /// Part of the frame with this number in the whole data.
  func part(ofFrame index: Int) -> DataPart {
    let part = part(
      RandomStream(seed: seed, purpose: Purpose.frame, UInt64(truncatingIfNeeded: index)))
    guard isBalanced, part != .validation else { return part }
    return .training(fold: balancedFold(ofFrame: index))
  }

  /// Part of all frames whose group key has this text.
  func part(ofGroup text: Bytes) -> DataPart {
    let hash = NameTable.hash(text)
    if !heldOut.isEmpty, heldOut.contains(Array(text)) { return .validation }
    let part = part(RandomStream(seed: seed, purpose: Purpose.group, hash))
    guard part != .validation, let fold = plan?.folds[hash] else { return part }
    return .training(fold: fold)
  }

  private func part(_ stream: RandomStream) -> DataPart {
    var stream = stream
    let isValidation = stream.nextUnit() < validationFraction
    let fold = stream.nextInt(below: foldCount)
    return isValidation ? .validation : .training(fold: fold)
  }

  /// Each run of `foldCount` frames has a permutation of the folds of its own.
  private func balancedFold(ofFrame index: Int) -> Int {
    let (run, place) = index.quotientAndRemainder(dividingBy: foldCount)
    var stream = RandomStream(
      seed: seed, purpose: Purpose.fold, UInt64(truncatingIfNeeded: run))
    var folds = Array(0..<foldCount)
    for k in 0...place { folds.swapAt(k, k + stream.nextInt(below: foldCount - k)) }
    return folds[place]
  }
}
