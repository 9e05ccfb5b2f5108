import AtomicData

/// The rows by which what is matched in a frame depends on the pair forces on the grid.
///
/// With f on the grid a row a stands for a·f, to be matched to a reference. A pair at distance r adds
/// its interpolation weights w (`RadialGrid.stencil`): to forces and virials as coefficients of f, to
/// energies as coefficients of U, which is linear in f (`GridIntegral`). Under a switching function S
/// a pair's force is S f − S′U and its energy S U.
struct FrameRows: Sendable {
  let grid: RadialGrid
  let search: PairSearch
  let switching: SwitchingFunction?
  /// Energies are relative to a shift per file, which stands behind the grid values.
  let shiftCount: Int
  private let integral: GridIntegral
  private let channels: PropertyChannels

  init(grid: RadialGrid, search: PairSearch, switching: SwitchingFunction?, shiftCount: Int) {
    self.grid = grid
    self.search = search
    self.switching = switching
    self.shiftCount = shiftCount
    integral = GridIntegral(grid: grid)
    channels = PropertyChannels(of: search.pairTypes)
  }

  /// Length of a target's rows.
  func dimension(of target: MatchedTarget?) -> Int {
    grid.totalCount + (target == .energies ? shiftCount : 0)
  }

  /// Receives a row, what it is matched to, and its weight beside that of the frame.
  typealias Visitor = (_ row: UnsafePointer<Double>, _ reference: Double, _ weight: Double) -> Void

  // MARK: Forces

  /// Visits the three rows of every atom.
  ///
  /// - Returns: the number of neighbours of all atoms.
  func forEachForceRow(of frame: Frame, _ visit: Visitor) throws -> Int {
    let found = try search.pairs(in: frame)
    var neighbors: [Neighbor] = []
    var neighborCount = 0
    for atom in 0..<found.atomCount {
      try found.findNeighbors(of: atom, into: &neighbors)
      neighborCount += neighbors.count
      var rows = Rows(count: 3, self)
      for neighbor in neighbors {
        for pair in pairs(neighbor.pairType, neighbor.distance) {
          for axis in 0..<3 { rows.add(pair, ofForce: neighbor.direction[axis], to: axis) }
        }
      }
      let weights = frame.forceWeights?[atom] ?? SIMD3(repeating: 1)
      rows.forEach(integral) { axis, row in visit(row, frame.forces[atom][axis], weights[axis]) }
    }
    return neighborCount
  }

  // MARK: Other targets

  /// Visits the rows of a target.
  ///
  /// - Throws: `InputError` where the frame lacks the reference or its molecules are not known.
  func forEachRow(of target: MatchedTarget, in frame: Frame, _ visit: Visitor) throws {
    switch target {
    case .energies: try energyRow(frame, visit)
    case .virials: try virialRows(frame, visit)
    case .netForces: try moleculeRows(frame, isTorque: false, visit)
    case .torques: try moleculeRows(frame, isTorque: true, visit)
    }
  }

  private func energyRow(_ frame: Frame, _ visit: Visitor) throws {
    guard let energy = frame.energy else { throw Self.missing("an energy") }
    var rows = Rows(count: 1, self, extra: shiftCount)
    try search.forEachPairAndImage(in: frame) { found in
      for pair in self.pairs(found.pairType, found.squaredDistance.squareRoot()) {
        rows.add(pair, ofEnergy: 1, to: 0)
      }
    }
    if frame.source < shiftCount { rows.setExtra(frame.source, 1) }
    rows.forEach(integral) { _, row in visit(row, energy, 1) }
  }

  private func virialRows(_ frame: Frame, _ visit: Visitor) throws {
    guard let virial = frame.virial else { throw Self.missing("a virial") }
    var rows = Rows(count: 6, self)
    try search.forEachPairAndImage(in: frame) { found in
      let distance = found.squaredDistance.squareRoot()
      let products = Virial(of: found.separation, found.separation / distance)
      for pair in pairs(found.pairType, distance) {
        for k in 0..<6 { rows.add(pair, ofForce: products[k], to: k) }
      }
    }
    // Off the diagonal each number stands for two.
    rows.forEach(integral) { k, row in visit(row, virial[k], k < 3 ? 1 : 2) }
  }

  private func moleculeRows(_ frame: Frame, isTorque: Bool, _ visit: Visitor) throws {
    guard frame.molecules != nil else { throw Self.missing("molecules") }
    let frameMolecules = try FrameMolecules(frame)
    var rows = Rows(count: 3 * frameMolecules.count, self)
    try search.forEachPair(in: frame) { found in
      let (first, second) = (
        frameMolecules.numbers[found.first], frameMolecules.numbers[found.second]
      )
      // Within a molecule a pair's forces cancel, but with an image their torques do not.
      guard isTorque || first != second else { return true }
      let distance = found.squaredDistance.squareRoot()
      let push = found.separation / distance
      for (molecule, atom, sign) in [(first, found.first, 1.0), (second, found.second, -1)] {
        let vector = isTorque ? cross(frameMolecules.arms[atom], push) : push
        for pair in pairs(found.pairType, distance) {
          for axis in 0..<3 {
            rows.add(pair, ofForce: sign * vector[axis], to: 3 * molecule + axis)
          }
        }
      }
      return true
    }
    let references = frameMolecules.sums(of: frame.forces, areTorques: isTorque)
    rows.forEach(integral) { k, row in visit(row, references[k / 3][k % 3], 1) }
  }

  static func missing(_ what: String) -> InputError {
    InputError(
      "expected \(what) in each frame to match, found a frame without",
      remedy: "leave out its weight, or complete the data")
  }

  // MARK: Pairs

  /// What a pair's force and energy are made of, on one channel of the grid.
  struct Pair {
    let first: Int
    let weights: SIMD8<Double>
    /// The pair force is `force`·f + `bend`·U, its energy `energy`·U.
    var force = 1.0
    var bend = 0.0
    var energy = 1.0
  }

  /// One for each channel.
  private func pairs(_ pairType: Int, _ distance: Double) -> [Pair] {
    channels.shares[pairType].map { share in
      let stencil = grid.stencil(pairType: share.channel, distance: distance)
      var pair = Pair(first: stencil.first, weights: share.weight * stencil.weights)
      if let switching, distance > switching.start {
        let (value, derivative) = switching.value(at: distance)
        (pair.force, pair.bend, pair.energy) = (value, -derivative, value)
      }
      return pair
    }
  }

  /// Rows in the making: coefficients of f, then of U.
  private struct Rows {
    private var ofForces: [Double]
    private var ofEnergies: [Double]
    private let count: Int
    private let length: Int
    private let stride: Int
    private var usesEnergies = false

    init(count: Int, _ frameRows: FrameRows, extra: Int = 0) {
      self.count = count
      length = frameRows.grid.totalCount
      stride = length + extra
      ofForces = Array(repeating: 0, count: count * stride)
      ofEnergies = Array(repeating: 0, count: count * length)
    }

    mutating func add(_ pair: Pair, ofForce factor: Double, to row: Int) {
      let start = row * stride + pair.first
      for k in 0..<RadialGrid.stencilWidth {
        ofForces[start + k] += factor * pair.force * pair.weights[k]
      }
      if pair.bend != 0 { add(pair.weights, pair.first, factor * pair.bend, to: row) }
    }

    mutating func add(_ pair: Pair, ofEnergy factor: Double, to row: Int) {
      add(pair.weights, pair.first, factor * pair.energy, to: row)
    }

    private mutating func add(
      _ weights: SIMD8<Double>, _ first: Int, _ factor: Double, to row: Int
    ) {
      usesEnergies = true
      let start = row * length + first
      for k in 0..<RadialGrid.stencilWidth { ofEnergies[start + k] += factor * weights[k] }
    }

    /// Sets a coefficient behind the grid values in the first row.
    mutating func setExtra(_ place: Int, _ value: Double) { ofForces[length + place] = value }

    mutating func forEach(_ integral: GridIntegral, _ body: (Int, UnsafePointer<Double>) -> Void) {
      let (count, length, stride, usesEnergies) = (count, length, stride, usesEnergies)
      ofForces.withUnsafeMutableBufferPointer { ofForces in
        ofEnergies.withUnsafeBufferPointer { ofEnergies in
          guard let forces = ofForces.baseAddress, let energies = ofEnergies.baseAddress else {
            return
          }
          for row in 0..<count {
            if usesEnergies {
              integral.addTransposed(energies + row * length, to: forces + row * stride)
            }
            body(row, forces + row * stride)
          }
        }
      }
    }
  }
}
