import SymReg

/// What constraints cost: local minimizations to convergence over the mix, one plain start each, on
/// one thread, in units of those without constraints.
struct ConstraintCost: Codable, Sendable {
  let name: String
  let constraints: Int
  let perSecond: Double
  /// Time per solve over that without constraints.
  let ratio: Double
  let asked: Double
  /// Share that fulfils the constraints and is better than no force.
  let candidateShare: Double

  static func all(_ mix: ReferenceMix, _ data: WaterDimers, repeats: Int) -> [ConstraintCost] {
    let sets = Self.sets(data)
    // Each repeat runs all sets, so that what else the machine does meets all alike.
    var rates = sets.map { _ in [Double]() }
    var outcomes = sets.map { _ in [FitOutcome]() }
    for seed in 1...UInt64(repeats) {
      for (k, set) in sets.enumerated() {
        let problem = data.problem(set.mode, constraints: set.constraints)
        let fit = Road.standard.localSolve(problem, seed: seed)
        let time = seconds { outcomes[k] += mix.trees.map { fit.fit($0) } }
        rates[k].append(Double(mix.trees.count) / time)
      }
    }
    return sets.indices.map { k in
      ConstraintCost(
        name: sets[k].name,
        constraints: sets[k].constraints.count
          + (sets[k].mode == .constraint ? data.dataset.pairTypes.count : 0),
        perSecond: rates[k].median,
        ratio: zip(rates[0], rates[k]).map { $0 / $1 }.median, asked: 2,
        candidateShare: Double(outcomes[k].count(where: \.isCandidate))
          / Double(outcomes[k].count))
    }
  }

  private struct Set {
    let name: String
    var mode = CutoffMode.shiftedForce
    let constraints: [PotentialConstraint]
  }

  private static func sets(_ data: WaterDimers) -> [Set] {
    let pairs = data.dataset.pairTypes.pairs.indices
    let smallest = data.statistics.survey.samples.map { $0.smallest ?? WaterDimers.cutoff }
    let wall = pairs.map {
      PotentialConstraint.repulsion(pairType: $0, from: smallest[$0] / 2, to: smallest[$0])
    }
    let tail = pairs.map { PotentialConstraint.monotonicTail(pairType: $0, from: 6) }
    let pins: [PotentialConstraint] = [
      .force(pairType: 2, distance: 3, value: 0.05), .energy(pairType: 1, distance: 4, value: -0.2),
    ]
    let bounds: [PotentialConstraint] = [
      .bounds(.kind(.global), lower: -5, upper: 5), .bounds(.kind(.product), lower: -50, upper: 50),
    ]
    let neutral = [PotentialConstraint.neutral(parameter: "X", composition: [2, 1])]
    return [
      Set(name: "none", constraints: []),
      Set(name: "F(r_cut) = 0", mode: .constraint, constraints: []),
      Set(name: "repulsive wall", constraints: wall),
      Set(name: "monotonic tail", constraints: tail),
      Set(name: "a force and an energy pinned", constraints: pins),
      Set(name: "bounds on all parameters", constraints: bounds),
      Set(name: "neutral X", constraints: neutral),
      Set(name: "wall, tail, bounds, neutral X", constraints: wall + tail + bounds + neutral),
      Set(
        name: "the same and F(r_cut) = 0", mode: .constraint,
        constraints: wall + tail + bounds + neutral),
    ]
  }
}
