import AtomicData

/// Sums of squared errors per candidate and part of the data.
struct DirectSums: Sendable {
  var squares: [[CompensatedSum]]
  var weights: [Double]
  /// By candidate, then by target.
  var targets: [[TargetSums]]

  /// Sums over one target, part by part; of energies also file by file, for the shifts.
  struct TargetSums: Sendable {
    let target: MatchedTarget
    /// By part, then by file (one where there is no shift): Σw, Σw·error and Σw·error².
    var sums: [[Moments]]

    init(target: MatchedTarget, foldCount: Int) {
      self.target = target
      sums = Array(repeating: [], count: foldCount + 1)
    }

    struct Moments: Sendable {
      var weight = 0.0
      var first = CompensatedSum()
      var second = CompensatedSum()
    }

    mutating func add(_ error: Double, weight: Double, part: Int, file: Int) {
      while sums[part].count <= file { sums[part].append(Moments()) }
      sums[part][file].weight += weight
      sums[part][file].first.add(weight * error)
      sums[part][file].second.add(weight * error * error)
    }

    mutating func merge(_ other: TargetSums) {
      for part in sums.indices {
        for (file, moments) in other.sums[part].enumerated() {
          while sums[part].count <= file { sums[part].append(Moments()) }
          sums[part][file].weight += moments.weight
          sums[part][file].first.add(moments.first.value)
          sums[part][file].second.add(moments.second.value)
        }
      }
    }

    /// - Parameter isShifted: whether each file's errors are relative to their mean over the training
    ///   frames.
    func error(isShifted: Bool) -> ForceMatchingError {
      let fileCount = sums.map(\.count).max() ?? 0
      let shifts = (0..<fileCount).map { file -> Double in
        guard isShifted else { return 0 }
        let training = sums.dropLast().compactMap { $0.count > file ? $0[file] : nil }
        let weight = training.reduce(0) { $0 + $1.weight }
        return weight > 0 ? training.reduce(0) { $0 + $1.first.value } / weight : 0
      }
      func mean(_ parts: Range<Int>) -> Double {
        var (sum, weight) = (CompensatedSum(), 0.0)
        for moments in sums[parts] {
          for (file, moment) in moments.enumerated() {
            let shift = shifts[file]
            sum.add(moment.second.value)
            sum.add(-2 * shift * moment.first.value)
            sum.add(shift * shift * moment.weight)
            weight += moment.weight
          }
        }
        return max(0, sum.value) / weight
      }
      let held = sums.count - 1
      return ForceMatchingError(
        training: mean(0..<held),
        validation: sums[held].contains { $0.weight > 0 } ? mean(held..<held + 1) : nil,
        all: mean(0..<held + 1))
    }
  }

  /// Of the training frames.
  let foldCount: Int

  init(candidateCount: Int, targets: [MatchedTarget] = [], foldCount: Int) {
    self.foldCount = foldCount
    let parts = foldCount + 1
    squares = Array(
      repeating: Array(repeating: CompensatedSum(), count: parts), count: candidateCount)
    weights = Array(repeating: 0, count: parts)
    self.targets = Array(
      repeating: targets.map { TargetSums(target: $0, foldCount: foldCount) }, count: candidateCount
    )
  }

  mutating func merge(_ other: DirectSums) {
    for candidate in squares.indices {
      for part in weights.indices {
        squares[candidate][part].add(other.squares[candidate][part].value)
      }
      for number in targets[candidate].indices {
        targets[candidate][number].merge(other.targets[candidate][number])
      }
    }
    for part in weights.indices { weights[part] += other.weights[part] }
  }

  func error(ofCandidate candidate: Int) -> ForceMatchingError {
    let held = weights.count - 1
    func mean(_ parts: Range<Int>) -> Double {
      var sum = CompensatedSum()
      for part in parts { sum.add(squares[candidate][part].value) }
      return sum.value / weights[parts].reduce(0, +)
    }
    return ForceMatchingError(
      training: mean(0..<held),
      validation: weights[held] > 0 ? mean(held..<held + 1) : nil,
      all: mean(0..<held + 1))
  }
}
