extension FrameParser {
  /// Number of the atom's kind: its type, if types are told apart, and its known property.
  @inline(never)
  mutating func kind(_ line: Bytes, _ layout: FrameLayout) -> Int {
    let type = layout.typeEntry.map { line.part(texts[$0]).string } ?? KindName.anyType
    let name = KindName(type: type, property: layout.propertyEntry.map { numbers[$0] })
    return Array(name.text.utf8).withUnsafeBufferPointer { types.number(of: $0) }
  }

  /// Weights and elements, apart from the loop over the atoms that most data need.
  @inline(never)
  mutating func readExtras(
    _ line: Bytes, _ layout: FrameLayout, force: SIMD3<Double>, isWeighted: Bool
  ) throws(InputError) {
    if isWeighted { weights.append(try weight(of: force, layout)) }
    if let entry = layout.elementEntry, let radius = radius(of: line.part(texts[entry])) {
      radii.append(radius)
    }
  }

  private mutating func radius(of element: Bytes) -> Double? {
    let number = elements.number(of: element)
    if number == radiusOfElement.count { radiusOfElement.append(CovalentRadius.of(element)) }
    return radiusOfElement[number]
  }

  mutating func bondedMolecules(of frame: Frame) -> [Int] {
    if trustsMolecules, let lastBonded, lastBonded.types == frame.types {
      return lastBonded.molecules
    }
    let molecules = BondedMolecules.numbers(
      positions: frame.positions, radii: radii, cell: frame.cell)
    lastBonded = (frame.types, molecules)
    return molecules
  }

  private func weight(
    of force: SIMD3<Double>, _ layout: FrameLayout
  ) throws(InputError) -> SIMD3<Double> {
    if let start = layout.errorStart, let column = context.errorKey {
      return try weights(
        ofErrors: SIMD3(numbers[start], numbers[start + 1], numbers[start + 2]), column: column)
    }
    return context.forceScale.map { Self.weight(ofForce: force, scale: $0) }
      ?? SIMD3(repeating: 1)
  }

  /// 1/se² of the three standard errors at `start`, as they are in the file.
  private func weights(
    ofErrors errors: SIMD3<Double>, column: String
  ) throws(InputError) -> SIMD3<Double> {
    let inside = context.units.force * errors
    for axis in 0..<3 {
      // Below, weights would overflow.
      guard inside[axis] >= 1 / Self.largest, inside[axis] <= Self.largest else {
        throw InputError(
          "expected standard errors above 0 in \(column), from 1e-12 to 1e12 eV/Å, found "
            + "\(errors[axis])",
          remedy: "mend the line, or leave out --error-key")
      }
    }
    return 1 / (inside * inside)
  }

  /// 1/(1 + |F|²/F₀²), the same for all components of an atom.
  private static func weight(ofForce force: SIMD3<Double>, scale: Double) -> SIMD3<Double> {
    // Divided first: the square of a small scale would be 0.
    let ratio = force / scale
    return SIMD3(repeating: 1 / (1 + (ratio * ratio).sum()))
  }
}
