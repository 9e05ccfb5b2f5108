/// Assigns frames to training folds and validation by a hash: the same on any number of threads,
/// and for a frame whatever comes after it.
struct DataSplit: Sendable {
  let validationFraction: Double
  let seed: UInt64

  /// "split" and a number, such that frames 0 and 1 train under the default seed: the smallest
  /// data can be read with default options.
  private enum Purpose {
    static let frame: UInt64 = 0x7370_6C69_740A
    static let group: UInt64 = 0x7370_6C69_740B
  }

  /// Part of the frame with this number in the whole data.
  func part(ofFrame index: Int) -> DataPart {
    part(RandomStream(seed: seed, purpose: Purpose.frame, UInt64(truncatingIfNeeded: index)))
  }

  /// Part of all frames whose group key has this text.
  func part(ofGroup text: Bytes) -> DataPart {
    part(RandomStream(seed: seed, purpose: Purpose.group, NameTable.hash(text)))
  }

  private func part(_ stream: RandomStream) -> DataPart {
    var stream = stream
    let isValidation = stream.nextUnit() < validationFraction
    let fold = stream.nextInt(below: DataPart.foldCount)
    return isValidation ? .validation : .training(fold: fold)
  }
}
