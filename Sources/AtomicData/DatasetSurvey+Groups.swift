extension DatasetSurvey {
  /// By name, in an order that people expect: 2 before 10.
  var sortedGroups: [FoldPlan.Group] {
    groups.values.sorted { first, second in
      let numbers = (Double(first.name), Double(second.name))
      if let a = numbers.0, let b = numbers.1, a != b { return a < b }
      return (first.name, first.hash) < (second.name, second.hash)
    }
  }

  /// Divides whole groups into validation and folds, once all are known.
  ///
  /// - Returns: the division; nil where it does not need the groups.
  /// - Throws: `InputError` for values that no frame has, and for fewer groups than folds.
  mutating func divideGroups() throws(InputError) -> DataSplit? {
    guard let key = options.groupKey, options.foldCount != nil || !options.heldOutGroups.isEmpty
    else { return nil }
    let groups = sortedGroups
    let names = Set(groups.map(\.name))
    for value in options.heldOutGroups where !names.contains(value) {
      throw InputError(
        "expected values of \"\(key)\" in --hold-out, found \"\(value)\", which no frame has",
        remedy: "choose out of \(Self.listed(groups.map(\.name)))")
    }
    var split = DataSplit(options)
    func part(of group: FoldPlan.Group) -> DataPart {
      Array(group.name.utf8).withUnsafeBufferPointer { split.part(ofGroup: $0) }
    }
    if let foldCount = options.foldCount {
      split.plan = try FoldPlan(
        groups.filter { part(of: $0) != .validation }, foldCount: foldCount, key: key)
    }
    var counts = Array(repeating: 0, count: frameCountsByPart.count)
    for group in groups {
      counts[part(of: group).index(foldCount: split.foldCount)] += group.frameCount
    }
    frameCountsByPart = counts
    return split
  }

  /// - Throws: `InputError` where a fold that was asked for has no frame.
  func checkFolds() throws(InputError) {
    guard let foldCount = options.foldCount, frameCountsByPart[..<foldCount].contains(0) else {
      return
    }
    throw InputError(
      "expected training frames in each of --folds \(foldCount), found "
        + "\(frameCountsByPart[..<foldCount].reduce(0, +)) frames",
      remedy: "lower --folds")
  }

  private static func listed(_ names: [String]) -> String {
    names.count > 12
      ? names.prefix(12).joined(separator: ", ") + ", …" : names.joined(separator: ", ")
  }
}
