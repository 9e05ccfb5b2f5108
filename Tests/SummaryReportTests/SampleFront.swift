import ExpressionTrees
import RunStorage

/// A front with all that a report can show.
enum SampleFront {
  static func entry(
    _ complexity: Int, _ expression: String, _ parameters: [String: ParameterValue], rmse: Double,
    recommended: Bool = false, flags: [String] = []
  ) -> FrontEntry {
    FrontEntry(
      complexity: complexity, expression: expression, parameters: parameters, trainRMSE: rmse,
      validationRMSE: 1.02 * rmse, validationRMSEError: 0.02 * rmse, validationR2: 0.4,
      compressedRMSE: rmse, directRMSE: 1.001 * rmse, r2: 0.5, maxConstraintViolation: 0,
      parameterUnits: ["b": Nullable(wrappedValue: "1/Å")],
      uncertainty: UncertaintySummary(
        units: "frames", count: 80,
        standardErrors: ["X": .byName(["H": 0.01, "O": 0.02]), "b": .number(0.004)],
        bootstrapErrors: nil, undetermined: [], conditionNumber: 12,
        covariance: .init(order: [], matrix: [])), recommended: recommended, flags: flags)
  }

  static let factors = ParameterValue.byName(["H": 0.2, "O": -0.4])

  static func document(name: String = "water", rmse: Double = 0.08) -> FrontDocument {
    FrontDocument(
      dataset: DatasetSummary(name: name, sha256: "ab12", frames: 100, rmsForce: 0.118),
      cutoff: 6, cutoffMode: "shifted-force", seed: 1,
      grammar: GrammarSummary(
        operators: ["+", "/", "exp"], parameters: ["global", "product"], maxComplexity: 12),
      certifiedComplexity: 4, evaluations: 300,
      floor: FloorSummary(rmse: 0.055, crossValidatedRMSE: 0.056, validationRMSE: 0.057),
      baselines: [
        BaselineSummary(name: "U = 0", directRMSE: 0.118, validationRMSE: 0.12, r2: 0),
        BaselineSummary(name: "far <off>", directRMSE: 0.9, validationRMSE: 0.9, r2: -50),
      ],
      recommendation: "by the validation loss",
      front: [
        entry(3, "X/r", ["X": factors], rmse: rmse),
        entry(
          7, "X*exp(b*r)", ["X": factors, "b": .number(-2.5)], rmse: 0.8 * rmse,
          recommended: true, flags: ["structure-below-data"]),
        entry(
          9, "X/r + a*exp(b*r)",
          ["X": factors, "a": .number(3), "b": .number(-2.5)], rmse: 0.75 * rmse,
          flags: ["pole", "of-tomorrow"]),
      ])
  }
}
