import AtomicData
import Testing

struct DatasetTests {
  private static let header = "Properties=species:S:1:pos:R:3:forces:R:3"

  @Test("the survey counts frames, atoms, types, parts and the mean square of the forces")
  func survey() async throws {
    let text =
      "2\n\(Self.header) energy=1 kind=a\nO 0 0 0 1 2 3\nH 1 0 0 0 0 0\n"
      + "1\n\(Self.header) temperature=3e2\nH 0 0 0 0 0 2\n"
    try await TestFiles.withFile(text) { path in
      let dataset = try await Dataset.open(
        [DataSource(path: path)], options: ReadingOptions(validationFraction: 0))
      #expect(dataset.frameCount == 2)
      #expect(dataset.atomCount == 3)
      #expect(dataset.pairTypes.typeNames == ["H", "O"])
      #expect(dataset.pairSelection == .all)
      #expect(dataset.knowsMolecules && dataset.hasBondedMolecules)
      #expect(dataset.numericKeys == ["energy", "temperature"])
      #expect(dataset.meanSquareForce == 2)
      #expect(dataset.frameCountsByPart.reduce(0, +) == 2)
      #expect(dataset.frameCountsByPart[dataset.foldCount] == 0)
      #expect(dataset.files.map(\.forcesColumn) == ["forces"])
      let frames = try dataset.allFrames()
      #expect(frames.map(\.types) == [[1, 0], [0]])
    }
  }

  @Test("files have forces and weights of their own, and the mean square is weighted")
  func severalFiles() async throws {
    let first = "1\n\(Self.header)\nH 0 0 0 3 0 0\n"
    let second = "1\nProperties=species:S:1:pos:R:3:fa:R:3:fb:R:3\nO 0 0 0 2 2 2 1 1 1\n"
    try await TestFiles.withFile(first) { firstPath in
      try await TestFiles.withFile(second) { secondPath in
        let sources = try ["\(firstPath)", "\(secondPath):forces=fa-fb:weight=3"]
          .map { try DataSource(parsing: $0) }
        let dataset = try await Dataset.open(
          sources, options: ReadingOptions(validationFraction: 0))
        let frames = try dataset.allFrames()
        #expect(frames.map(\.weight) == [1, 3])
        #expect(frames.map(\.forces) == [[SIMD3(3, 0, 0)], [SIMD3(1, 1, 1)]])
        #expect(frames.map(\.types) == [[0], [1]])
        #expect(dataset.files.map(\.forcesColumn) == ["forces", "fa-fb"])
        // (1·9 + 3·3)/(1·3 + 3·3) with the weights 1 and 3.
        #expect(dataset.meanSquareForce == 1.5)
      }
    }
  }

  @Test("survey, frames and parts are the same on any number of threads", arguments: [2, 3, 8])
  func threads(count: Int) async throws {
    let text = (0..<700).map { SampleText.frame($0, atomCount: 1 + $0 % 3) }.joined()
    try await TestFiles.withFile(text) { path in
      let one = try await Dataset.open([DataSource(path: path)], threads: 1)
      let many = try await Dataset.open([DataSource(path: path)], threads: count)
      #expect(one.meanSquareForce == many.meanSquareForce)
      #expect(one.frameCountsByPart == many.frameCountsByPart)
      let sums = try await [1, count].asyncMap { threads in
        try await many.reduce(laneCount: 4, threads: threads, into: [DataPart]()) { parts, frames in
          parts += frames.map(\.part)
        }
      }
      #expect(sums[0] == sums[1])
      var counts = [Int](repeating: 0, count: DataPart.foldCount + 1)
      for part in sums[0].joined() { counts[part.index(foldCount: DataPart.foldCount)] += 1 }
      #expect(counts == one.frameCountsByPart)
    }
  }

  @Test("units are converted to Å and eV/Å", arguments: Units.all)
  func units(_ units: Units) async throws {
    let text = "1\n\(Self.header) Lattice=\"4 0 0 0 5 0 0 0 6\"\nH 1 2 3 4 5 6\n"
    try await TestFiles.withFile(text) { path in
      let dataset = try await Dataset.open(
        [DataSource(path: path)], options: ReadingOptions(units: units, validationFraction: 0))
      let frame = try #require(try dataset.allFrames().first)
      #expect(frame.positions == [SIMD3(1, 2, 3) * units.length])
      #expect(frame.forces == [SIMD3(4, 5, 6) * units.force])
      #expect(frame.cell.vectors[2] == SIMD3(0, 0, 6) * units.length)
    }
  }

  @Test("conversion factors agree with the CODATA figures people know")
  func conversionFactors() throws {
    #expect(abs(Units.real.force - 0.0433641042) < 1e-10)
    #expect(abs(Units.gromacs.force - 0.00103642697) < 1e-11)
    #expect(abs(Units.atomic.force - 51.422067476) < 1e-8)
    let coulombConstant = Units.coulombConstantInKilocaloriePerMole * Units.kilocaloriePerMole
    #expect(abs(coulombConstant - 14.399645) < 1e-6)
    #expect(try Units.named("real") == .real)
    #expect(throws: InputError.self) { try Units.named("si") }
  }

  @Test("any column of names or whole numbers can hold the types")
  func typesColumn() async throws {
    let text = "2\n\(Self.header):Z:I:1\nO 0 0 0 0 0 1 8\nH 1 0 0 0 0 1 1\n"
    try await TestFiles.withFile(text) { path in
      let dataset = try await Dataset.open(
        [DataSource(path: path)],
        options: ReadingOptions(typesColumn: "Z", validationFraction: 0))
      #expect(dataset.pairTypes.typeNames == ["1", "8"])
      #expect(try dataset.allFrames()[0].types == [1, 0])
    }
  }

  @Test("a known property tells kinds of atoms apart, not types")
  func property() async throws {
    let text =
      "4\n\(Self.header):q:R:1\nO 0 0 0 0 0 1 -0.8\nH 1 0 0 0 0 1 0.4\n"
      + "H 0 1 0 0 0 1 0.50\nH 0 0 1 0 0 1 4e-1\n"
    try await TestFiles.withFile(text) { path in
      var options = ReadingOptions(validationFraction: 0)
      options.propertyColumn = "q"
      let types = try await Dataset.open([DataSource(path: path)], options: options)
      #expect(types.pairTypes.typeNames == ["H", "O"])
      #expect(
        types.pairTypes.kinds == [
          AtomKind(type: 0, property: 0.4), AtomKind(type: 0, property: 0.5),
          AtomKind(type: 1, property: -0.8),
        ])
      #expect(try types.allFrames()[0].types == [2, 0, 1, 0])
      let products = [0.4 * 0.4, 0.4 * 0.5, 0.4 * -0.8, 0.5 * 0.5, 0.5 * -0.8, -0.8 * -0.8]
      #expect(types.pairTypes.kindPairs.map(\.property) == products)
      #expect(types.pairTypes.kindPairs.map(\.second) == [0, 0, 1, 0, 1, 1])
      options.typesColumn = "none"
      let alike = try await Dataset.open([DataSource(path: path)], options: options)
      #expect(alike.pairTypes.typeNames == ["atom"])
      #expect(try alike.allFrames()[0].types == [0, 1, 2, 1])
      options.propertyColumn = nil
      let plain = try await Dataset.open([DataSource(path: path)], options: options)
      #expect(plain.pairTypes == PairTypes(typeNames: ["atom"]))
      #expect(try plain.allFrames()[0].types == [0, 0, 0, 0])
    }
  }

  @Test("a file that changed after the survey is an error, not a crash")
  func changedFile() async throws {
    try await TestFiles.withFile(SampleText.frame(1) + SampleText.frame(2)) { path in
      let dataset = try await Dataset.open([DataSource(path: path)])
      try TestFiles.overwrite(path, with: SampleText.frame(1))
      #expect(throws: InputError.self) { try dataset.allFrames() }
      try TestFiles.remove(path)
      #expect(throws: InputError.self) { try dataset.allFrames() }
    }
  }

  @Test("progress ends with all bytes read")
  func progress() async throws {
    try await TestFiles.withFile(SampleText.frame(1) + SampleText.frame(2)) { path in
      var last = (read: 0, all: -1)
      let sources = [DataSource(path: path), DataSource(path: path)]
      _ = try await Dataset.open(
        sources, options: ReadingOptions(validationFraction: 0)
      ) { last = ($0, $1) }
      #expect(last.read == last.all)
    }
  }
}

extension Sequence {
  fileprivate func asyncMap<Result>(
    _ transform: (Element) async throws -> Result
  ) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
