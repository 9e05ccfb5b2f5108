import Foundation
import PlantedLaws
import SymReg

/// A candidate that is empty by construction, or sound.
struct PlantedCase: Sendable {
  /// The flag that is expected; nil for a sound candidate.
  let flag: EmptinessFlag?
  let law: PlantedLaw
  let noise: Double
  let seed: UInt64
  /// Forms that make a small front; the last one is judged.
  var forms: [ExpressionTree]
  /// Values to take instead of a fit.
  var parameters: [String: ParameterValue]?
  var mode = PlantedData.cutoffMode
  var bounds: [ConstraintSettings.Bound] = []
  /// Å; where it differs from that of the data.
  var cutoff: Double?

  /// The names of the flags of the candidate, for a sound one those that the law with its own
  /// parameters does not have; nil where it has no fit.
  func flags(threads: Int) async throws -> [String]? {
    var settings = DiscoverySettings()
    settings.search.threads = threads
    settings.reading.validationFraction = 0
    settings.reading.foldCount = 5
    settings.constraints.bounds = bounds
    let data = PlantedData(law: law, shape: .clusters, seed: seed, threads: threads)
    let (discovery, file) = try await data.opened(
      noise: noise, settings: settings, mode: mode, cutoff: cutoff)
    defer { try? FileManager.default.removeItem(at: file) }
    guard let last = forms.last else { return nil }
    let document =
      if let parameters {
        try await discovery.evaluate(last, parameters: parameters)
      } else {
        try await discovery.front(of: forms)
      }
    let flags = document.front.first { $0.expression == last.description }?.flags
    guard flag == nil, flags?.isEmpty == false else { return flags }
    let own = try await discovery.evaluate(law.tree, parameters: law.parameters).front.first?.flags
    return flags?.filter { own?.contains($0) != true }
  }
}

extension PlantedCase {
  /// Sound: each law, fitted to its own data.
  static func sound(
    _ laws: [PlantedLaw], noises: [Double], seeds: [UInt64]
  ) -> [PlantedCase] {
    laws.flatMap { law in
      noises.flatMap { noise in
        seeds.map { PlantedCase(flag: nil, law: law, noise: noise, seed: $0, forms: [law.tree]) }
      }
    }
  }

  /// Empty: every kind on the data of each law of one type.
  static func empty(
    _ laws: [PlantedLaw], noises: [Double], seeds: [UInt64]
  ) throws -> [PlantedCase] {
    var cases: [PlantedCase] = []
    for law in laws where law.isOneType {
      for seed in seeds {
        cases += try withoutSignal(law, seed)
        for noise in noises where noise > 0 { cases += try idle(law, noise, seed) }
        cases += try misshapen(law, seed)
      }
    }
    return cases
  }

  /// The law where noise leaves nothing of it.
  private static func withoutSignal(_ law: PlantedLaw, _ seed: UInt64) throws -> [PlantedCase] {
    [
      PlantedCase(
        flag: .noBetterThanNothing, law: law, noise: 300, seed: seed, forms: [law.tree])
    ]
  }

  /// More than the data ask for.
  private static func idle(
    _ law: PlantedLaw, _ noise: Double, _ seed: UInt64
  ) throws -> [PlantedCase] {
    let text = law.tree.description
    func planted(_ flag: EmptinessFlag, _ forms: [String]) throws -> PlantedCase {
      PlantedCase(
        flag: flag, law: law, noise: noise, seed: seed,
        forms: try forms.map { try ExpressionTree(parsing: $0) })
    }
    var cases = try [
      planted(.gainNotSignificant, [text, "\(text) + p*exp(-q*r^2)"]),
      planted(.noBetterThanSmaller, [text, "\(text) + p*exp(-q*r^2)/r + s*exp(-t*r)"]),
      planted(.undeterminedParameters, ["p*(\(text))"]),
      planted(.lengthOutsideData, ["(\(text))*exp(-p*r)"]),
      planted(.idleParameter, ["(\(text))*exp(p/r^14)"]),
    ]
    // A form that vanishes at the cutoff, and is nothing else.
    for form in ["p*(r - q)^2", "p*(q - r)^s"] {
      var empty = try planted(.lengthAtCutoff, [form])
      empty.mode = .constraint
      cases.append(empty)
    }
    if let (name, value) = law.firstNumber {
      var bound = try planted(.parameterOnBound, [text])
      bound.bounds = [.init(parameter: name, lower: 1.3 * value, upper: 3 * value)]
      cases.append(bound)
    }
    return cases
  }

  /// Potentials with structure that no pair has seen.
  private static func misshapen(_ law: PlantedLaw, _ seed: UInt64) throws -> [PlantedCase] {
    func planted(
      _ flag: EmptinessFlag, _ form: String, _ values: [String: Double], cutoff: Double? = nil
    ) throws -> PlantedCase {
      PlantedCase(
        flag: flag, law: law, noise: 0.05, seed: seed, forms: [try ExpressionTree(parsing: form)],
        parameters: values.mapValues { .number($0) }, mode: .none, cutoff: cutoff)
    }
    let below = 0.8 * law.smallestDistance
    let data = 2 * PlantedData.cutoff
    return try [
      planted(.pole, "a/(r - b)", ["a": 1, "b": below]),
      planted(.structureBeyondData, "a*(r - b)^2", ["a": 0.1, "b": 0.9 * data], cutoff: data),
      planted(.structureBelowData, "a/r^12 - b/r^6", ["a": 40 * power(below, 6), "b": 80]),
      planted(.attractionBelowData, "a/r", ["a": -1]),
      planted(.cutoffBeyondData, "a/r", ["a": 14.4], cutoff: data),
    ]
  }

  private static func power(_ x: Double, _ n: Int) -> Double {
    (0..<n).reduce(1) { product, _ in product * x }
  }
}

extension PlantedLaw {
  /// The first positive number of the law in the order of names.
  fileprivate var firstNumber: (name: String, value: Double)? {
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      if case .number(let number) = value, number > 0 { return (name, number) }
    }
    return nil
  }
}
