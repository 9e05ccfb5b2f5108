import AtomicData

/// The form in which statistics are kept on disk.
///
/// Magic and version, the key, the survey, what the grid was made of, the parts with the upper
/// triangle of their G; SHA-256 of all that. Numbers are little-endian, 8 bytes each.
extension ForceStatistics {
  /// To be raised with every change of the form, and of the arithmetic that makes the numbers:
  /// statistics read must be those that would be computed, to the last bit.
  static let codingVersion = 4
  private static let magic = Array("symreg statistics".utf8)

  /// - Throws: where libcrypto fails.
  func encoded(key: String) throws -> [UInt8] {
    var encoder = BinaryEncoder()
    encoder.append(Self.magic)
    encoder.append(Self.codingVersion)
    encoder.append(key.utf8.count)
    encoder.append(key.utf8)
    encoder.append(grid.distances.count)
    // No distance is NaN: it stands for none.
    encoder.append(grid.smallestDistances.map { $0 ?? .nan })
    encoder.append(survey)
    encoder.append(switchWidth ?? .nan)
    encoder.append(parts.count)
    for part in parts { encoder.append(part) }
    encoder.append(targets.count)
    for target in targets {
      encoder.append(MatchedTarget.allCases.firstIndex(of: target.target) ?? 0)
      encoder.append(target.shiftCount)
      encoder.append(target.offsets)
      for part in target.parts { encoder.append(part) }
    }
    encoder.append(try DataDigest.sum(of: encoder.bytes))
    return encoder.bytes
  }

  /// Nil for bytes that are damaged, of another version or of another key.
  init?(decoding bytes: [UInt8], key: String) {
    do {
      guard bytes.count > 32 else { return nil }
      let content = bytes.dropLast(32)
      guard try DataDigest.sum(of: content) == Array(bytes.suffix(32)) else { return nil }
      var decoder = BinaryDecoder(content)
      guard try Array(decoder.bytes(Self.magic.count)) == Self.magic,
        try decoder.integer() == Self.codingVersion,
        try decoder.integer() == key.utf8.count,
        try Array(decoder.bytes(key.utf8.count)) == Array(key.utf8)
      else { return nil }
      let pointCount = try decoder.integer()
      let smallestDistances = try decoder.doubles().map { $0.isNaN ? nil : $0 }
      let survey = try decoder.survey()
      let grid = try RadialGrid(
        cutoff: survey.cutoff, smallestDistances: smallestDistances,
        pointCount: pointCount)
      let switchWidth = try decoder.double()
      let partCount = try decoder.integer()
      guard partCount > 1, partCount <= ReadingOptions.foldCounts.upperBound + 1 else { return nil }
      let parts = try (0..<partCount).map { _ in try decoder.part(dimension: grid.totalCount) }
      let targets = try (0..<decoder.count(ofSize: 24)).map { _ in
        try decoder.target(partCount: partCount, gridCount: grid.totalCount)
      }
      guard decoder.isAtEnd else { return nil }
      try self.init(
        survey: survey, grid: grid, parts: parts, targets: targets,
        switchWidth: switchWidth.isNaN ? nil : switchWidth)
    } catch {
      return nil
    }
  }
}

extension BinaryEncoder {
  fileprivate mutating func append(_ survey: DistanceSurvey) {
    append(survey.cutoff)
    append(survey.frameCount)
    append(survey.atomCount)
    append(survey.samples.count)
    for sample in survey.samples {
      append(sample.pairCount)
      // No distance is NaN: it stands for none.
      append(sample.smallest ?? .nan)
      append(sample.largest ?? .nan)
      append(sample.histogram.count)
      for count in sample.histogram { append(count) }
    }
    append(survey.energies.count)
    for energies in survey.energies {
      append(energies.sum)
      append(energies.count)
    }
  }

  fileprivate mutating func append(_ part: SufficientStatistics) {
    append(part.squareSum)
    append(part.weight)
    append(part.componentCount)
    append(part.frameCount)
    append(part.atomCount)
    append(part.pairCount)
    append(part.projection)
    let n = part.dimension
    append((0..<n).flatMap { part.gram[($0 * n + $0)..<(($0 + 1) * n)] })
  }
}

extension BinaryDecoder {
  fileprivate mutating func survey() throws -> DistanceSurvey {
    var survey = DistanceSurvey(pairTypeCount: 0, cutoff: try double())
    survey.frameCount = try integer()
    survey.atomCount = try integer()
    survey.samples = try (0..<count(ofSize: 32)).map { _ in
      let pairCount = try integer()
      let (smallest, largest) = (try double(), try double())
      let histogram = try (0..<count(ofSize: 8)).map { _ in try integer() }
      return DistanceSurvey.Sample(
        pairCount: pairCount, smallest: smallest.isNaN ? nil : smallest,
        largest: largest.isNaN ? nil : largest, histogram: histogram)
    }
    survey.energies = try (0..<count(ofSize: 16)).map { _ in
      DistanceSurvey.EnergySum(sum: try double(), count: try integer())
    }
    return survey
  }

  fileprivate mutating func target(partCount: Int, gridCount: Int) throws -> TargetStatistics {
    let number = try integer()
    let shiftCount = try count(ofSize: 1)
    let offsets = try doubles()
    guard MatchedTarget.allCases.indices.contains(number) else { throw Truncated() }
    let parts = try (0..<partCount).map { _ in try part(dimension: gridCount + shiftCount) }
    return TargetStatistics(
      target: MatchedTarget.allCases[number], parts: parts, shiftCount: shiftCount,
      offsets: offsets)
  }

  fileprivate mutating func part(dimension n: Int) throws -> SufficientStatistics {
    var part = SufficientStatistics(dimension: n)
    part.squareSum = try double()
    part.weight = try double()
    part.componentCount = try integer()
    part.frameCount = try integer()
    part.atomCount = try integer()
    part.pairCount = try integer()
    part.projection = try doubles()
    let triangle = try doubles()
    guard part.projection.count == n, triangle.count == n * (n + 1) / 2 else { throw Truncated() }
    var next = 0
    for i in 0..<n {
      for j in i..<n {
        part.gram[i * n + j] = triangle[next]
        part.gram[j * n + i] = triangle[next]
        next += 1
      }
    }
    return part
  }
}
