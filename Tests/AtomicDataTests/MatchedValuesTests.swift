import AtomicData
import Testing

/// What is read beside positions and forces: energies, virials, weights and groups.
struct MatchedValuesTests {
  private static let columns = "Properties=species:S:1:pos:R:3:forces:R:3:se:R:3"

  private static func frame(_ keys: String, errors: String = "0.1 0.2 0.5") -> String {
    "2\n\(columns) \(keys)\nO 0 0 0 1 0 0 \(errors)\nH 0 0 3 0 2 0 1 1 1\n"
  }

  private static func frames(
    _ text: String, energy: String? = nil, _ configure: (inout ReadingOptions) -> Void
  ) async throws -> (Dataset, [Frame]) {
    var options = ReadingOptions(validationFraction: 0)
    configure(&options)
    return try await TestFiles.withFile(text) { [options] path in
      var source = DataSource(path: path)
      source.energy = try energy.map { try ColumnExpression($0) }
      let dataset = try await Dataset.open([source], options: options)
      return (dataset, try dataset.allFrames())
    }
  }

  @Test("energies are read where they are wanted, by name, by key or as a sum of keys")
  func energies() async throws {
    let text = Self.frame("energy=-3 a=5 b=2") + Self.frame("energy=4 a=1 b=1")
    let (_, without) = try await Self.frames(text) { _ in }
    #expect(without.map(\.energy) == [nil, nil])
    let (dataset, found) = try await Self.frames(text) { $0.readsEnergies = true }
    #expect(found.map(\.energy) == [-3, 4] && dataset.files[0].energyKey == "energy")
    let (_, keyed) = try await Self.frames(text) {
      $0.readsEnergies = true
      $0.energyKey = "a"
    }
    #expect(keyed.map(\.energy) == [5, 1])
    let (_, summed) = try await Self.frames(text, energy: "energy-a-0.5*b") {
      $0.readsEnergies = true
      $0.units = .atomic
    }
    #expect(abs((summed[0].energy ?? 0) + 9 * Units.hartree) < 1e-12)
  }

  @Test("keys named like energies, virials and stresses are listed, read or not")
  func candidates() async throws {
    let keys = "energy=1 dft_energy=2 Energy_shift=3 REF_virial={1 2 3 4 5 6} stress=none"
    let (dataset, _) = try await Self.frames(Self.frame("energy=low") + Self.frame(keys)) { _ in }
    #expect(dataset.energyKeys == ["dft_energy", "energy"])
    #expect(dataset.virialKeys == ["REF_virial", "stress"])
    #expect(dataset.files[0].energyKey == nil && dataset.files[0].virialKey == nil)
  }

  @Test("virials are nine or six numbers, or minus volume times stress")
  func virials() async throws {
    let virial = Virial(diagonal: SIMD3(1, 2, 3), offDiagonal: SIMD3(4, 5, 6))
    let (_, nine) = try await Self.frames(Self.frame("virial=\"1 6 5 6 2 4 5 4 3\"")) {
      $0.readsVirials = true
    }
    #expect(nine[0].virial == virial)
    let (_, six) = try await Self.frames(Self.frame("REF_virial={1 2 3 4 5 6}")) {
      $0.readsVirials = true
    }
    #expect(six[0].virial == virial)
    let cell = "Lattice=\"4 0 0 0 5 0 0 0 2\" stress=\"-1 -6 -5 -6 -2 -4 -5 -4 -3\""
    let (dataset, stress) = try await Self.frames(Self.frame(cell)) { $0.readsVirials = true }
    #expect(dataset.files[0].virialKey == "stress")
    #expect(
      stress[0].virial
        == Virial(diagonal: 40 * virial.diagonal, offDiagonal: 40 * virial.offDiagonal))
    let (_, nanometres) = try await Self.frames(Self.frame(cell)) {
      $0.readsVirials = true
      $0.units = .gromacs
    }
    // V in nm³ times kJ/mol/nm³.
    #expect(
      abs((nanometres[0].virial?.diagonal.x ?? 0) - 40 * Units.kilojoulePerMole) < 1e-12)
  }

  @Test("frames weigh what a key says, components what their errors or the force's size say")
  func weights() async throws {
    let text = Self.frame("w=0.5") + Self.frame("w=0")
    let (weighted, byKey) = try await Self.frames(text) { $0.weightKey = "w" }
    #expect(byKey.map(\.weight) == [0.5, 0] && byKey[0].forceWeights == nil)
    #expect(abs(weighted.meanSquareForce - 5.0 / 6) < 1e-15)
    let (dataset, byError) = try await Self.frames(text) { $0.errorKey = "se" }
    let first = try #require(byError[0].forceWeights?[0])
    #expect(abs(first.x - 100) < 1e-12 && abs(first.y - 25) < 1e-12 && abs(first.z - 4) < 1e-12)
    // Σ w F²/Σ w over both frames.
    #expect(abs(dataset.meanSquareForce - (100 + 4) / (129 + 3)) < 1e-12)
    #expect(dataset.weightsAreErrors && !weighted.weightsAreErrors)
    let (_, bySize) = try await Self.frames(text) { $0.forceScale = 2 }
    #expect(bySize[0].forceWeights?[1] == SIMD3(repeating: 0.5))
    await #expect(throws: InputError.self) {
      try await Self.frames(text) {
        $0.errorKey = "se"
        $0.forceScale = 1
      }
    }
  }

  @Test("frames know their file and their group")
  func groups() async throws {
    let text = Self.frame("set=a") + Self.frame("set=b") + Self.frame("set=a")
    let (_, grouped) = try await Self.frames(text) { $0.groupKey = "set" }
    #expect(grouped[0].group == grouped[2].group && grouped[0].group != grouped[1].group)
    let (_, single) = try await Self.frames(text) { _ in }
    #expect(Set(single.map(\.group)).count == 3)
    try await TestFiles.withFile(text) { first in
      try await TestFiles.withFile(text) { second in
        let dataset = try await Dataset.open([first, second].map { DataSource(path: $0) })
        #expect(try dataset.allFrames().map(\.source) == [0, 0, 0, 1, 1, 1])
      }
    }
  }

  @Test(
    "what cannot be matched is told with its place",
    arguments: [
      ("", "expected one key of the frame's energy, found none"),
      ("energy=1 dft_energy=2", "found energy and dft_energy; choose with --energy-key"),
      ("energy=low virial=\"1 2 3 4 5 6\"", "expected one key of the frame's energy"),
      ("energy=1", "expected one key of the frame's virial or stress, found Properties and energy"),
      ("energy=1 virial=\"1 2 3\"", "expected 9 or 6 numbers in virial, found \"1 2 3\""),
      (
        "energy=1 virial=\"1 6 5 7 2 4 5 4 3\"", "expected a symmetric tensor in virial"
      ),
      ("energy=1 stress=\"1 2 3 4 5 6\"", "expected a cell that repeats in all directions"),
    ])
  func faults(keys: String, expected: String) async throws {
    let error = await #expect(throws: InputError.self) {
      try await Self.frames(Self.frame("energy=1 virial=\"1 2 3 4 5 6\"") + Self.frame(keys)) {
        $0.readsEnergies = true
        $0.readsVirials = true
      }
    }
    let text = error?.description ?? ""
    #expect(text.contains(":6: "), "\(text)")
    let isFound = text.contains(expected) || (keys.isEmpty && text.contains("energy, found"))
    #expect(isFound, "\(text)")
  }

  @Test(
    "a standard error that is none is told with its line",
    arguments: ["0", "-1", "1e-200", "1e200"])
  func badErrors(error: String) async throws {
    let found = await #expect(throws: InputError.self) {
      try await Self.frames(Self.frame("", errors: "0.1 \(error) 0.1")) { $0.errorKey = "se" }
    }
    #expect(found?.description.contains(":3: expected standard errors above 0 in se") == true)
  }

  @Test("weights that are none, and data without any, are told")
  func badWeights() async throws {
    for (keys, expected) in [
      ("w=-1", ":2: expected a weight from 0 to 1e12 in w, found -1.0"),
      ("w=1e300", ":2: expected a weight from 0 to 1e12 in w, found 1e+300"),
      ("w=much", ":2: expected a number in w, found \"much\""),
      ("v=1", ":2: expected a key \"w\" of the frame's weight, found the keys Properties and v"),
      ("w=0", "expected weights that are not all zero"),
    ] {
      let error = await #expect(throws: InputError.self) {
        try await Self.frames(Self.frame(keys)) { $0.weightKey = "w" }
      }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
  }

  @Test("an atom without force weighs 1 on any scale of forces")
  func smallScale() async throws {
    let text = "2\n\(Self.columns)\nO 0 0 0 0 0 0 1 1 1\nH 0 0 3 0 2 0 1 1 1\n"
    let (_, frames) = try await Self.frames(text) { $0.forceScale = 1e-200 }
    #expect(frames[0].forceWeights == [SIMD3(repeating: 1), SIMD3(repeating: 0)])
  }
}
