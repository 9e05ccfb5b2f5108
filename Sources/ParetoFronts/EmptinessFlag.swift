/// Why an entry of a front may mean less than its error says. `docs/theory/flags.md` has the criteria.
public enum EmptinessFlag: String, Sendable, Hashable, CaseIterable {
  case noBetterThanNothing = "no-better-than-nothing"
  case gainNotSignificant = "gain-not-significant"
  case noBetterThanSmaller = "no-better-than-smaller"
  case unstableFit = "unstable-fit"
  case undeterminedParameters = "undetermined-parameters"
  case parameterOnBound = "parameter-on-bound"
  case idleParameter = "idle-parameter"
  case lengthAtCutoff = "length-at-cutoff"
  case lengthOutsideData = "length-outside-data"
  case pole
  case structureBeyondData = "structure-beyond-data"
  case structureBelowData = "structure-below-data"
  case attractionBelowData = "attraction-below-data"
  case cutoffBeyondData = "cutoff-beyond-data"

  /// Whether an entry with it is not recommended: its fit then means less than it seems. The others are
  /// cautions for those who simulate.
  public var isBarring: Bool {
    switch self {
    case .structureBelowData, .attractionBelowData, .cutoffBeyondData: false
    default: true
    }
  }

  /// What it means, in a line.
  public var explanation: String {
    switch self {
    case .noBetterThanNothing:
      "on held-out frames no better than U = 0 beyond chance"
    case .gainNotSignificant:
      "on held-out frames no better than a smaller entry beyond chance"
    case .noBetterThanSmaller:
      "an entry of half its size or less explains as much"
    case .unstableFit:
      "has no fit where one of the folds is left out"
    case .undeterminedParameters:
      "some parameters can change together without changing a force"
    case .parameterOnBound:
      "a bound, not the data, says the value of a parameter"
    case .idleParameter:
      "a parameter can be doubled or halved without changing the error"
    case .lengthAtCutoff:
      "a length is that of the cutoff, and another would fit as well"
    case .lengthOutsideData:
      "a length is beyond all distances of the data, and another would fit as well"
    case .pole:
      "the force has a pole between half the smallest distance and the cutoff"
    case .structureBeyondData:
      "the force changes its sign only beyond the largest sampled distance"
    case .structureBelowData:
      "the force changes its sign only below the smallest sampled distance: no pair shows its wall"
    case .attractionBelowData:
      "attracts below the smallest sampled distance: a simulation may fall into it"
    case .cutoffBeyondData:
      "still acts where the data end, before the cutoff: what it does from there is a guess"
    }
  }

  /// Whether an entry with these flags is not recommended; names of other versions count as cautions.
  public static func areBarring(_ names: [String]) -> Bool {
    names.contains { EmptinessFlag(rawValue: $0)?.isBarring ?? false }
  }
}
