import AtomicData

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// ∫⟨exp(−U/k_BT) − 1⟩R²dR for several temperatures.
struct MayerIntegral: Sendable {
  let pair: MoleculePair
  let temperatures: [Double]
  let isHardBelowSampled: Bool

  struct Result: Sendable {
    /// By temperature, Å³.
    var values: [Double]
    /// The lowest energy met, eV.
    var depth: Double
  }

  /// Length of the panels, Å, and points in each.
  private static let panel = 0.4
  private static let rule = GaussLegendre(count: 8)

  private enum Purpose {
    static let shift: UInt64 = 0x7669_7269
  }

  func overAtoms(panel: Double) -> Result {
    integral(pair.placed((.identity, .identity), axis: SIMD3(1, 0, 0)), panel: panel)
  }

  /// The mean over a shifted set of orientations.
  func mean(ofSet number: Int, count: Int, seed: UInt64) -> Result {
    var random = RandomStream(seed: seed, purpose: Purpose.shift, UInt64(number))
    let shift = Halton.primes.map { _ in random.nextUnit() }
    var sum = Result(values: temperatures.map { _ in 0 }, depth: 0)
    for index in 0..<count {
      let u = zip(Halton.primes, shift).map { prime, shift in
        let x = Halton.value(index + 1, base: prime) + shift
        return x < 1 ? x : x - 1
      }
      let (z, phi) = (2 * u[0] - 1, 2 * Double.pi * u[1])
      let rho = max(0, 1 - z * z).squareRoot()
      let placement = pair.placed(
        (.identity, Rotation(uniform: SIMD3(u[2], u[3], u[4]))),
        axis: SIMD3(rho * cos(phi), rho * sin(phi), z))
      let one = integral(placement, panel: Self.panel)
      for t in temperatures.indices { sum.values[t] += one.values[t] / Double(count) }
      sum.depth = min(sum.depth, one.depth)
    }
    return sum
  }

  /// Along R at one orientation. From R = 0 to where the outermost pair is at its smallest sampled distance
  /// the molecules overlap; then in panels that end where pairs pass the cutoff.
  private func integral(_ placement: MoleculePair.Placement, panel: Double) -> Result {
    let hard =
      isHardBelowSampled ? placement.outermost { $0.sampled?.lowerBound } ?? 0 : 0
    var result = Result(
      values: temperatures.map { _ in -hard * hard * hard / 3 }, depth: 0)
    var start = hard
    for end in placement.ends.sorted() where end > start {
      let count = max(1, Int(((end - start) / panel).rounded(.up)))
      let width = (end - start) / Double(count)
      for number in 0..<count {
        let middle = start + (Double(number) + 0.5) * width
        add(placement, middle: middle, half: width / 2, to: &result)
      }
      start = end
    }
    return result
  }

  private func add(
    _ placement: MoleculePair.Placement, middle: Double, half: Double, to result: inout Result
  ) {
    for (x, weight) in zip(Self.rule.points, Self.rule.weights) {
      let distance = middle + half * x
      let energy = placement.value(at: distance).energy
      // Beyond the range of numbers a repulsion is infinite.
      if energy.isNaN {
        result.depth = -.infinity
        return
      }
      result.depth = min(result.depth, energy)
      let factor = half * weight * distance * distance
      for t in temperatures.indices {
        let beta = 1 / (SecondVirialCoefficient.boltzmannConstant * temperatures[t])
        result.values[t] += factor * expm1(-energy * beta)
      }
    }
  }
}
