import AtomicData
import ExpressionTrees
import ForceFitting

/// A potential as it is simulated: what was fitted, what was subtracted before, how both end at the
/// cutoff, which pairs they act on, and where they come from.
public struct ExportedPotential: Sendable {
  /// One of the potentials whose sum acts.
  public struct Part: Sendable {
    public let tree: ExpressionTree
    public let theta: [Double]
    public let treatment: CutoffTreatment
    /// Of a known potential; nil for an expression.
    public let title: String?

    public init(
      tree: ExpressionTree, theta: [Double], treatment: CutoffTreatment, title: String? = nil
    ) {
      self.tree = tree
      self.theta = theta
      self.treatment = treatment
      self.title = title
    }
  }

  /// A pair of types, of one bond class where these are told apart, and where the data have it.
  public struct Sample: Sendable, Hashable {
    public let pair: PairType
    /// `H-O`, `H-O 1-2`.
    public let name: String
    /// Smallest and largest sampled distance, Å; nil where nothing is known.
    public let range: ClosedRange<Double>?
  }

  public let types: PairTypes
  /// The fitted potential, then a background that was subtracted.
  public private(set) var parts: [Part]
  public let selection: PairSelection
  /// r_cut, Å.
  public let cutoff: Double
  /// Column of the known property q.
  public let propertyName: String?
  /// Column of the types; nil: the elements.
  public let typesColumn: String?
  public let samples: [Sample]
  public let provenance: Provenance
  /// Walls below the sampled range, by sample; empty without.
  public private(set) var cores: [CoreWall] = []
  let names: [[String]]

  /// - Parameters:
  ///   - types: names of the types, and whether atoms have a property.
  ///   - parts: the fitted potential, then a background.
  ///   - selection: which pairs act.
  ///   - cutoff: Å.
  ///   - propertyName: column of the known property; nil without.
  ///   - typesColumn: column of the types; nil: the elements.
  ///   - ranges: by `types.sampledPairs`; empty where no data say.
  ///   - provenance: where it comes from.
  public init(
    types: PairTypes, parts: [Part], selection: PairSelection, cutoff: Double,
    propertyName: String? = nil, typesColumn: String? = nil,
    ranges: [ClosedRange<Double>?] = [], provenance: Provenance
  ) {
    self.types = types
    self.parts = parts
    self.selection = selection
    self.cutoff = cutoff
    self.propertyName = propertyName
    self.typesColumn = typesColumn
    self.provenance = provenance
    names = ExportNames.names(of: parts.map(\.tree))
    samples = types.sampledPairs.enumerated().map { number, pair in
      Sample(
        pair: pair, name: types.name(ofSampled: number),
        range: number < ranges.count ? ranges[number] : nil)
    }
  }

  public var typeNames: [String] { types.typeNames }

  /// Whether atoms have a property that the potential depends on.
  public var usesProperty: Bool { parts.contains { $0.tree.known.contains(.property) } }

  /// Whether functions tell pairs apart by the bonds between them.
  public var usesBondClasses: Bool {
    parts.contains { $0.tree.known.contains(where: \.isIndicator) }
  }

  /// The property of each type, where all its atoms have the same; nil where not, or where it is not
  /// known.
  public var propertyByType: [Double]? {
    guard types.hasProperty, types.kinds.count == types.typeNames.count else { return nil }
    return types.kinds.map(\.property)
  }

  /// U and dU/dr of a pair, eV and Å; 0 beyond the cutoff.
  public func value(of pair: PairType, at distance: Double) -> PotentialValue {
    guard distance <= cutoff else { return PotentialValue(energy: 0, derivative: 0) }
    if let core = core(of: pair), distance < core.joint { return core.value(at: distance) }
    return valueWithoutCore(of: pair, at: distance)
  }

  func valueWithoutCore(of pair: PairType, at distance: Double) -> PotentialValue {
    parts.reduce(into: PotentialValue(energy: 0, derivative: 0)) { sum, part in
      let layout = part.tree.layout(typeCount: typeNames.count)
      func value(_ distance: Double) -> PotentialValue {
        part.tree.value(at: distance, theta: part.theta, pair: pair, layout: layout)
      }
      let treated = part.treatment.value(
        value(distance), atDistance: distance, cutoffValue: value(cutoff))
      sum.energy += treated.energy
      sum.derivative += treated.derivative
    }
  }

  func core(of pair: PairType) -> CoreWall? {
    cores.isEmpty ? nil : sampleIndex(of: pair).map { cores[$0] }
  }

  func sampleIndex(of pair: PairType) -> Int? {
    samples.firstIndex {
      ($0.pair.first, $0.pair.second, $0.pair.bonds) == (pair.first, pair.second, pair.bonds)
    }
  }

  /// The same with a wall below the smallest sampled distance of every pair.
  ///
  /// - Throws: `InputError` where no data say where that is, the potential has no value there, or depends
  ///   on a property of the single atoms.
  public func withCores() throws -> ExportedPotential {
    guard !usesProperty || propertyByType != nil else {
      throw InputError(
        "expected a potential of types alone for --core, found one with Q",
        remedy: "leave out --core")
    }
    var result = self
    result.cores = try samples.map { sample in
      guard let joint = sample.range?.lowerBound else {
        throw InputError(
          "expected data that say where the sampled range of \(sample.name) begins for --core, found "
            + "none", remedy: "export a run whose data are there, or leave out --core")
      }
      let pair = withProperty(sample.pair)
      let value = valueWithoutCore(of: pair, at: joint)
      let curvature = curvature(of: pair, at: joint)
      guard value.energy.isFinite, value.derivative.isFinite, curvature.isFinite else {
        throw InputError(
          "expected a finite potential at \(joint) Å for the wall of \(sample.name), found none",
          remedy: "leave out --core")
      }
      return CoreWall(
        joint: joint, energy: value.energy, force: -value.derivative, curvature: curvature)
    }
    return result
  }

  /// The same with one value of θ changed by the last place of its number.
  func changingLastPlace(ofValue number: Int, inPart place: Int) -> ExportedPotential {
    var (result, part) = (self, parts[place])
    var theta = part.theta
    theta[number] = theta[number].nextUp
    part = Part(tree: part.tree, theta: theta, treatment: part.treatment, title: part.title)
    result.parts[place] = part
    return result
  }

  /// A pair of types with the product of their properties, where these are known.
  func withProperty(_ pair: PairType) -> PairType {
    guard let properties = propertyByType else { return pair }
    return PairType(
      first: pair.first, second: pair.second,
      property: properties[pair.first] * properties[pair.second], bonds: pair.bonds)
  }

  /// U″ of a pair, eV/Å².
  func curvature(of pair: PairType, at distance: Double) -> Double {
    let program = program(
      bindings: numbers(of: pair, withCore: false), hasCore: false
    ).folded().withSlope(named: "dE")
    var names: [String: Dual] = ["r": Dual(value: distance, slope: 1, isVarying: true)]
    for definition in program.definitions {
      names[definition.name] = definition.formula.dual { names[$0] ?? Dual(value: .nan) }
    }
    return names["dE"]?.slope ?? .nan
  }
}
