import AtomicData
import Foundation
import RunStorage
import Testing

@testable import CompressedForces
@testable import SymReg

/// Folds against closed forms and brute force.
struct CrossValidationTests {
  /// One linear parameter: the best of each set of folds is known.
  @Test(
    "the parameters of each fold are those of the other folds, and score it", arguments: [3, 5])
  func closedForm(folds: Int) async throws {
    let data = PlantedDiscovery(
      law: "a/r", parameters: ["a": .number(5)], noise: 0.5, group: { $0 / 4 })
    try await data.open {
      $0.reading.foldCount = folds
      $0.reading.groupKey = "group"
    } body: { discovery in
      let tree = try ExpressionTree(parsing: "a/r")
      let document = try await discovery.fit(tree).document
      let statistics = discovery.statistics
      #expect(statistics.folds.count == folds)
      let shape = discovery.problem(cutoffMode: .shiftedForce).forces(of: tree, theta: [1]).values
      func value(_ part: SufficientStatistics) -> Double {
        let slope = zip(shape, part.projection).reduce(0) { $0 + $1.0 * $1.1 }
        let curvature = shape.indices.reduce(0) { sum, i in
          shape.indices.reduce(sum) { $0 + shape[i] * part.gram[i * shape.count + $1] * shape[$1] }
        }
        return slope / curvature
      }
      var sum = 0.0
      for held in 0..<folds {
        var others = SufficientStatistics(dimension: statistics.grid.totalCount)
        for fold in 0..<folds where fold != held { others.merge(statistics.parts[fold]) }
        let a = value(others)
        sum +=
          statistics.parts[held].weight
          * statistics.parts[held].meanSquaredForceError(of: shape.map { a * $0 })
      }
      let expected = (sum / statistics.training.weight).squareRoot()
      let entry = try #require(document.front.first)
      let found = try #require(entry.crossValidation)
      #expect(abs(found.rmse - expected) <= 1e-9 * expected)
      #expect(found.rmse > entry.trainRMSE)
      let error = try #require(found.rmseError)
      #expect(error > 0 && error < 0.2 * found.rmse)
      #expect(document.division?.units == "groups")
      #expect(document.division?.trainingUnits == 30)
      #expect(entry.gain?.measure == .crossValidation)
    }
  }

  @Test("the error of a validation loss is its scatter over samples")
  func coverage() async throws {
    var losses: [Double] = []
    var errors: [Double] = []
    var unit = 1.0
    for seed in 1...16 {
      let data = PlantedDiscovery(noise: 0.3, seed: UInt64(seed))
      let entry = try await data.open {
        $0.reading.validationFraction = 0.5
      } body: { discovery in
        let document = try await discovery.fit(
          try ExpressionTree(parsing: "a/r^12 - b/r^6")
        ).document
        // The noise is in units of the force, which differs from sample to sample.
        unit = document.dataset.rmsForce
        return document.front[0]
      }
      losses.append(try #require(entry.validationRMSE) / unit)
      errors.append(try #require(entry.validationRMSEError) / unit)
    }
    let count = Double(losses.count)
    let mean = losses.reduce(0, +) / count
    let scatter =
      (losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    let error = errors.reduce(0, +) / count
    // A scatter of 16 is known to a share of 1/√30.
    #expect(error > 0.6 * scatter && error < 1.6 * scatter, "\(error) \(scatter)")
  }

  @Test(
    "a search recommends the planted law's size, by folds and by validation",
    arguments: [true, false])
  func law(hasFolds: Bool) async throws {
    let data = PlantedDiscovery(
      law: "a*exp(-b*r)/r", parameters: ["a": .number(14.4), "b": .number(0.3333)], noise: 0.2)
    try await data.open {
      if hasFolds { $0.reading.foldCount = 5 } else { $0.reading.validationFraction = 0.3 }
      $0.search.maxEvaluations = 1_500
    } body: { discovery in
      let document = try await discovery.search().document
      let recommended = try #require(document.front.first { $0.recommended })
      #expect(recommended.complexity <= 8, "\(recommended.expression)")
      #expect(recommended.r2 > 0.9)
      #expect(document.recommendation?.contains("within one standard error") == true)
      #expect(document.front.allSatisfy { ($0.crossValidation != nil) == hasFolds })
    }
  }

  @Test("on noise nothing is recommended, and the document says so", arguments: [true, false])
  func noise(hasFolds: Bool) async throws {
    let data = PlantedDiscovery(frames: 60, noise: 100)
    try await data.open {
      if hasFolds { $0.reading.foldCount = 5 } else { $0.reading.validationFraction = 0.3 }
      $0.search.maxEvaluations = 2_000
    } body: { discovery in
      let document = try await discovery.search().document
      #expect(!document.front.isEmpty)
      #expect(!document.front.contains { $0.recommended })
      #expect(document.front.allSatisfy { $0.flags.contains("no-better-than-nothing") })
      #expect(
        document.recommendation
          == "none: on held-out frames no entry is better than U = 0 beyond chance")
    }
  }

  @Test("one held-out group has no error, and the choice falls back to the validation loss")
  func oneGroup() async throws {
    let data = PlantedDiscovery(noise: 0.1, group: { $0 % 3 })
    try await data.open {
      $0.reading.groupKey = "group"
      $0.reading.heldOutGroups = ["2"]
      $0.search.maxEvaluations = 200
    } body: { discovery in
      #expect(discovery.dataset.validationFrameCount == 40)
      let document = try await discovery.search().document
      let entry = try #require(document.front.first)
      #expect(entry.validationRMSE != nil && entry.validationRMSEError == nil)
      #expect(document.front.contains { $0.recommended })
      #expect(document.recommendation?.hasPrefix("by the validation loss") == true)
      #expect(document.division?.heldOut == ["2"])
    }
  }

  @Test("documents with folds are the same bytes on 1 and 2 threads")
  func determinism() async throws {
    var documents: [String] = []
    for threads in [1, 2] {
      let data = PlantedDiscovery(noise: 0.2)
      documents.append(
        try await data.open {
          $0.reading.foldCount = 4
          $0.setThreads(threads)
        } body: { discovery in
          var discovery = discovery
          discovery.dataName = "planted"
          return try await discovery.search().document.json()
        })
    }
    #expect(documents[0] == documents[1])
  }
}

extension DiscoverySettings {
  fileprivate mutating func setThreads(_ threads: Int) {
    search.threads = threads
    search.maxEvaluations = 200
  }
}
