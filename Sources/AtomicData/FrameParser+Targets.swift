extension FrameParser {
  /// What of a frame's comment line is matched or weighs beside its forces.
  struct CommentValues {
    var energy: Double?
    var virial: Virial?
    var weight = 1.0
  }

  /// - Throws: the message and remedy of an `InputError`.
  mutating func readValues(_ line: Bytes, cell: Cell) throws(InputError) -> CommentValues {
    var values = CommentValues()
    if context.readsEnergies { values.energy = try energy(line) }
    if context.readsVirials { values.virial = try virial(line, cell: cell) }
    if let key = context.weightKey {
      values.weight = try number(key, "the frame's weight", option: "--weight-key", line)
      guard values.weight >= 0, values.weight <= Self.largest else {
        throw InputError(
          "expected a weight from 0 to 1e12 in \(key), found \(values.weight)",
          remedy: "mend the line, or choose with --weight-key KEY")
      }
    }
    return values
  }

  // MARK: Energies

  private mutating func energy(_ line: Bytes) throws(InputError) -> Double {
    let unit = context.units.energy
    if let expression = context.energy {
      var sum = 0.0
      for term in expression.terms(amongNames: comment.keys(in: line)) {
        sum +=
          term.factor
          * (try number(term.name, "the energy", option: "--energy-key", line))
      }
      energyName = expression.text
      return try bounded(sum * unit)
    }
    let candidates = comment.numericKeys(in: line).filter(Self.isEnergy)
    guard let only = candidates.first, candidates.count == 1 else {
      let found = candidates.isEmpty ? comment.keys(in: line) : candidates
      throw InputError(
        "expected one key of the frame's energy, found \(found.listed(with: "and"))",
        remedy: "choose with --energy-key KEY or FILE:energy=KEY")
    }
    energyName = only
    return try bounded(
      unit * (try number(only, "the energy", option: "--energy-key", line)))
  }

  /// Whether a key of this name holds the energy, as far as a name can tell.
  static func isEnergy(_ name: String) -> Bool {
    let name = name.lowercased()
    return name == "energy" || name.hasSuffix("_energy")
  }

  private func bounded(_ value: Double) throws(InputError) -> Double {
    guard abs(value) <= Self.largest else {
      throw InputError(
        "expected energies up to 1e12 eV, found a larger number",
        remedy: "mend or remove the frame")
    }
    return value
  }

  private func number(
    _ key: String, _ what: String, option: String, _ line: Bytes
  ) throws(InputError) -> Double {
    guard let entry = comment.entry(named: key, in: line) else {
      throw InputError(
        "expected a key \"\(key)\" of \(what), found the keys "
          + comment.keys(in: line).listed(with: "and"),
        remedy: "choose with \(option) KEY")
    }
    guard let value = CommentLine.number(of: entry, in: line), value.isFinite else {
      throw InputError(
        "expected a number in \(key), found \(line.part(entry.value).quoted)",
        remedy: "mend the line, or choose with \(option) KEY")
    }
    return value
  }

  // MARK: Virials

  private mutating func virial(_ line: Bytes, cell: Cell) throws(InputError) -> Virial {
    let name: String
    if let key = context.virialKey {
      name = key
    } else {
      let keys = comment.keys(in: line)
      let virials = keys.filter { Self.isNamed($0, "virial") }
      let candidates = virials.isEmpty ? keys.filter { Self.isNamed($0, "stress") } : virials
      guard let only = candidates.first, candidates.count == 1 else {
        throw InputError(
          "expected one key of the frame's virial or stress, found "
            + (candidates.isEmpty ? keys : candidates).listed(with: "and"),
          remedy: "choose with --virial-key KEY")
      }
      name = only
    }
    guard let entry = comment.entry(named: name, in: line) else {
      throw InputError(
        "expected a key \"\(name)\" of the virial, found the keys "
          + comment.keys(in: line).listed(with: "and"), remedy: "choose with --virial-key KEY")
    }
    virialName = name
    let tensor = try Self.tensor(entry, name, line)
    guard Self.isNamed(name, "stress") else {
      return Virial(
        diagonal: context.units.energy * tensor.diagonal,
        offDiagonal: context.units.energy * tensor.offDiagonal)
    }
    guard cell.isPeriodic == [true, true, true] else {
      throw InputError(
        "expected a cell that repeats in all directions with \(name), found none",
        remedy: "give virials in place of stresses")
    }
    // Both are energies: stress per volume, in the units of the file; the virial is −V·stress.
    let vectors = cell.vectors
    let normal = SIMD3(
      vectors[1].y * vectors[2].z - vectors[1].z * vectors[2].y,
      vectors[1].z * vectors[2].x - vectors[1].x * vectors[2].z,
      vectors[1].x * vectors[2].y - vectors[1].y * vectors[2].x)
    let length = context.units.length
    let volume = abs((vectors[0] * normal).sum()) / (length * length * length)
    let unit = -volume * context.units.energy
    return Virial(diagonal: unit * tensor.diagonal, offDiagonal: unit * tensor.offDiagonal)
  }

  static func isVirialOrStress(_ name: String) -> Bool {
    isNamed(name, "virial") || isNamed(name, "stress")
  }

  private static func isNamed(_ name: String, _ word: String) -> Bool {
    let name = name.lowercased()
    return name == word || name.hasSuffix("_" + word)
  }

  /// Nine numbers in a row, or six: xx, yy, zz, yz, xz, xy.
  private static func tensor(
    _ entry: CommentLine.Entry, _ name: String, _ line: Bytes
  ) throws(InputError) -> Virial {
    let text = line.part(entry.value)
    let words = text.split { $0.isSpace || ",[]{}".utf8.contains($0) }
    let numbers = words.map { DecimalNumber.whole(Bytes(rebasing: $0)) ?? .nan }
    guard numbers.count == 9 || numbers.count == 6,
      numbers.allSatisfy({ abs($0) <= largest })
    else {
      throw InputError(
        "expected 9 or 6 numbers in \(name), found \(text.quoted)",
        remedy: "write xx xy xz yx yy yz zx zy zz, or xx yy zz yz xz xy")
    }
    if numbers.count == 6 {
      return Virial(
        diagonal: SIMD3(numbers[0], numbers[1], numbers[2]),
        offDiagonal: SIMD3(numbers[3], numbers[4], numbers[5]))
    }
    let size = numbers.reduce(0) { max($0, abs($1)) }
    for (a, b) in [(1, 3), (2, 6), (5, 7)] where abs(numbers[a] - numbers[b]) > 1e-6 * size {
      throw InputError(
        "expected a symmetric tensor in \(name), found \(text.quoted)", remedy: "mend the line")
    }
    return Virial(
      diagonal: SIMD3(numbers[0], numbers[4], numbers[8]),
      offDiagonal: SIMD3(
        (numbers[5] + numbers[7]) / 2, (numbers[2] + numbers[6]) / 2,
        (numbers[1] + numbers[3]) / 2))
  }
}
