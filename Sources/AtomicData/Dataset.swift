/// Labelled frames in files, surveyed once and then streamed as often as needed.
///
/// Memory does not grow with the number of frames.
public struct Dataset: FrameSource {
  /// From the file names: `water-dimer`, `a+b`.
  public let name: String
  public let files: [File]
  public let options: ReadingOptions
  public let pairTypes: PairTypes
  public let pairSelection: PairSelection
  public let frameCount: Int
  /// Sum over the frames.
  public let atomCount: Int
  /// Frames of each part, by `DataPart.index(foldCount:)`.
  public let frameCountsByPart: [Int]
  /// Weighted mean of the squared force components, (eV/Å)².
  public let meanSquareForce: Double
  /// Whether every frame says which atoms form a molecule.
  public let knowsMolecules: Bool
  /// Whether molecules follow from bonds.
  public let hasBondedMolecules: Bool
  /// The different molecules of the data as atoms of each type, in the order of the types; empty where
  /// molecules are not known, or all pairs count by choice.
  public let moleculeCompositions: [[Int]]
  /// Values of the group key, sorted; empty where the division does not need them.
  public let groupNames: [String]
  /// Bonds by sequence of atoms, where they tell pairs apart.
  let topologies: BondTopologies
  /// Bonds of a file, which hold for every frame; nil where there is none.
  public let bondsOfFile: [BondTopology.Bond]?
  /// Keys that hold a single number in any frame, sorted.
  public let numericKeys: [String]
  /// Keys named like virials or stresses, sorted.
  public let virialKeys: [String]

  /// Numeric keys named like energies, sorted.
  public var energyKeys: [String] { numericKeys.filter(FrameParser.isEnergy) }

  /// Whether components weigh 1/se², se their standard error: then the noise alone makes a weighted
  /// square sum of one per component.
  public var weightsAreErrors: Bool { options.errorKey != nil }

  /// A file as the survey found it.
  public struct File: Sendable {
    public let source: DataSource
    public let frameCount: Int
    /// The column or expression that gave the forces.
    public let forcesColumn: String
    /// The key or expression that gave the energies, and the key of the virials; nil where they were
    /// not read.
    public let energyKey: String?
    public let virialKey: String?
    let identity: InputFile.Identity
    var context: ParsingContext
  }

  /// Reads all files once, checks every frame, and gathers what describes the data.
  ///
  /// - Parameters:
  ///   - sources: the files, at least one.
  ///   - options: how they are read and divided.
  ///   - threads: how many blocks are parsed at a time.
  ///   - progress: called now and then with the bytes read so far and those of all files.
  /// - Throws: `InputError` for the first fault in the order of the files.
  public static func open(
    _ sources: [DataSource], options: ReadingOptions = ReadingOptions(), threads: Int = 1,
    progress: (_ readByteCount: Int, _ byteCount: Int) -> Void = { _, _ in }
  ) async throws -> Dataset {
    try options.validate()
    guard !sources.isEmpty else { throw InputError("expected a data file, found none") }
    var survey = try DatasetSurvey(options: options)
    for source in sources where !(source.weight > 0 && source.weight.isFinite) {
      throw DataSource.badWeight("\(source.weight)", path: source.path)
    }
    var byteCount = 0
    for source in sources { byteCount += try InputFile(path: source.path).identity.byteCount }
    var files: [File] = []
    var readBefore = 0
    for (number, source) in sources.enumerated() {
      let file = try await survey.read(source, number: number, threads: threads) {
        progress(readBefore + $0, byteCount)
      }
      readBefore += file.identity.byteCount
      files.append(file)
    }
    if let split = try survey.divideGroups() {
      for number in files.indices { files[number].context.split = split }
    }
    try survey.checkFolds()
    let selection = try survey.pairSelection()
    return Dataset(
      files: files, options: options, survey: survey, pairSelection: selection,
      pairTypes: try survey.pairTypes(selection))
  }

  private init(
    files: [File], options: ReadingOptions, survey: DatasetSurvey, pairSelection: PairSelection,
    pairTypes: PairTypes
  ) {
    name = Self.name(of: files.map(\.source.path))
    self.files = files
    self.options = options
    self.pairSelection = pairSelection
    self.pairTypes = pairTypes
    frameCount = survey.frameCount
    atomCount = survey.atomCount
    frameCountsByPart = survey.frameCountsByPart
    meanSquareForce = survey.meanSquareForce
    knowsMolecules = survey.frameWithoutMolecules == nil
    hasBondedMolecules = survey.hasBonds && knowsMolecules
    moleculeCompositions = survey.compositions(pairTypes)
    groupNames = survey.sortedGroups.map(\.name)
    topologies = survey.topologies
    bondsOfFile = survey.bonds?.file.map { Set($0.bonds).sorted() }
    numericKeys = survey.numericKeys.sorted()
    virialKeys = survey.virialKeys.sorted()
  }

  public var foldCount: Int { frameCountsByPart.count - 1 }

  /// Frames of the validation part.
  public var validationFrameCount: Int { frameCountsByPart[foldCount] }

  public func makeBlockReader() throws -> any FrameBlockReader { DatasetReader(self) }

  /// File names without folders and extension, joined by `+`; after a long one only their number.
  public static func name(of paths: [String]) -> String {
    let stems = paths.map { path in
      let file = path.split(separator: "/").last.map(String.init) ?? path
      guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return file }
      return String(file[..<dot])
    }
    let joined = stems.joined(separator: "+")
    if stems.count < 2 || joined.utf8.count <= 100 { return joined }
    return stems[0] + "+\(stems.count - 1)"
  }
}
