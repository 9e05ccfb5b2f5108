/// Folds made of whole groups of frames, with nearly equal numbers of frames.
///
/// The largest group first, each into the fold with the fewest frames (Graham, SIAM J. Appl. Math. 17, 416
/// (1969), doi 10.1137/0117039): with as many groups as folds each group is a fold.
struct FoldPlan: Sendable {
  /// Hash of a group's text → fold.
  let folds: [UInt64: Int]

  /// Frames whose group key has one text.
  struct Group: Sendable {
    let hash: UInt64
    let name: String
    var frameCount: Int
  }

  /// - Parameters:
  ///   - groups: those that train.
  ///   - key: of the groups, for messages.
  /// - Throws: `InputError` for fewer groups than folds.
  init(_ groups: [Group], foldCount: Int, key: String) throws(InputError) {
    guard groups.count >= foldCount else {
      throw InputError(
        "expected at least \(foldCount) values of \"\(key)\" in the training frames for --folds "
          + "\(foldCount), found \(groups.count)",
        remedy: "lower --folds")
    }
    var counts = Array(repeating: 0, count: foldCount)
    var folds: [UInt64: Int] = [:]
    let ordered = groups.sorted { ($1.frameCount, $0.hash) < ($0.frameCount, $1.hash) }
    for group in ordered {
      let fold = counts.indices.min { (counts[$0], $0) < (counts[$1], $1) } ?? 0
      counts[fold] += group.frameCount
      folds[group.hash] = fold
    }
    self.folds = folds
  }
}
