import AtomicData
import ExpressionTrees

/// Random completions.
extension TreeSearch.Grammar {
  /// Nodes of a random completion beyond the least, at most.
  private static let spareNodes = 10
  /// Share of products whose left factor, and of powers whose exponent, is a leaf.
  private static let coefficientShare = 0.6
  private static let leafExponentShare = 0.85
  /// Share of the places for a term that get a model as a whole, where there is room for it.
  private static let termShare = 0.8
  /// Share of the other places for three nodes or more that get a part of a model.
  private static let partShare = 0.5

  /// Fills all open places at random: with models and their parts, else with sizes from the least
  /// upwards equally likely.
  ///
  /// - Parameter models: good expressions, shortest first.
  func complete(_ prefix: inout TreeSearch.Prefix, models: [[UInt8]], _ random: inout RandomStream)
  {
    var spare = min(room(prefix), random.nextInt(below: Self.spareNodes + 1))
    // Of the open places, the leftmost last.
    var sizes = prefix.openPlaces.indices.reversed().map { place in
      let share = place == 0 ? spare : random.nextInt(below: spare + 1)
      spare -= share
      return 1 + share
    }
    sizes.reverse()
    while let size = sizes.popLast() {
      let possible = choices(after: prefix)
      if let known = transplant(models, into: prefix, size: size, from: possible, &random) {
        for choice in known { prefix.append(choice) }
        continue
      }
      let operators = (size > 1 ? unary : []).union(size > 2 ? binary : [])
        .intersection(possible)
      let choice = draw(
        from: operators.isEmpty ? possible.subtracting(unary).subtracting(binary) : operators,
        after: prefix, &random)
      prefix.append(choice)
      guard case .operation(let operation) = Self.meaning(choice) else { continue }
      if operation.arity == 2 {
        let left = leftSize(operation, of: size - 1, &random)
        sizes += [size - 1 - left, left]
      } else {
        sizes.append(size - 1)
      }
    }
  }

  /// What of a model goes to the leftmost open place; nil for nothing.
  ///
  /// Sums of good terms are good: a term may be larger than the size that was drawn, and is mostly a
  /// short one.
  private func transplant(
    _ models: [[UInt8]], into prefix: TreeSearch.Prefix, size: Int, from possible: Choices,
    _ random: inout RandomStream
  ) -> ArraySlice<UInt8>? {
    guard let place = prefix.openPlaces.last, !models.isEmpty else { return nil }
    let isTerm = [nil, .add, .subtract].contains(place.parent)
    guard isTerm || size > 2,
      random.nextUnit() < (isTerm ? Self.termShare : Self.partShare)
    else { return nil }
    let (first, second) = (
      random.nextInt(below: models.count), random.nextInt(below: models.count)
    )
    let model = models[min(first, second)]
    let operations = possible.intersection(unary.union(binary))
    let starts = isTerm ? model.startIndex..<1 : model.indices
    let largest = isTerm ? 1 + room(prefix) : size
    let parts = starts.filter { operations.contains(Choices(model[$0])) }.compactMap { start in
      Self.end(of: model, from: start).map { model[start..<$0] }
    }.filter { $0.count <= largest }
    return parts.isEmpty ? nil : parts[random.nextInt(below: parts.count)]
  }

  /// Where the sub-expression that begins at a place ends; nil where the path ends before.
  static func end(of path: [UInt8], from start: Int) -> Int? {
    var missing = 1
    for position in path.indices.dropFirst(start) {
      if case .operation(let operation) = meaning(path[position]) { missing += operation.arity }
      missing -= 1
      if missing == 0 { return position + 1 }
    }
    return nil
  }

  private func leftSize(
    _ operation: Operator, of both: Int, _ random: inout RandomStream
  ) -> Int {
    let draw = random.nextUnit()
    if operation == .power, draw < Self.leafExponentShare { return both - 1 }
    if operation == .multiply || operation == .divide, draw < Self.coefficientShare { return 1 }
    return 1 + random.nextInt(below: both - 1)
  }
}
