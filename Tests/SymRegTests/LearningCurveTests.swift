import AtomicData
import Testing

@testable import SymReg

struct LearningCurveTests {
  /// L = 2 + c/N with a scatter that is known.
  private static func curve(_ slopes: [Double], noise: Double = 0) -> LearningCurve {
    var random = RandomStream(seed: 5, purpose: 0x6C)
    return LearningCurve(
      points: slopes.enumerated().flatMap { number, slope in
        [100, 200, 400, 800].map { frames in
          LearningCurve.Point(
            repeatNumber: number, frames: frames, trainingLoss: 2 - slope / Double(frames),
            heldOutLoss: 2 + slope / Double(frames) + noise * (random.nextUnit() - 0.5))
        }
      })
  }

  @Test("the gain of twice the frames is that of the law")
  func gain() throws {
    let gain = try #require(Self.curve([100, 110, 90]).doublingGain)
    #expect(abs(gain.value - 100 / 1_600) <= 1e-9)
    // 1.2533·1.4826·10/√3, in the same unit.
    let error = 1.2533141 * 1.4826 * 10 / 3.0.squareRoot() / 1_600
    #expect(abs((gain.standardError ?? 0) / error - 1) <= 1e-6)
  }

  @Test("the verdict follows the gain against its error and against the loss")
  func verdicts() {
    #expect(Self.curve([200, 210, 190]).verdict == .helps)
    #expect(Self.curve([20, 21, 19]).verdict == .hardlyHelps)
    #expect(Self.curve([0, 0, 0, 0], noise: 0.1).verdict == .noGain)
    #expect(Self.curve([-100, -90]).verdict == .noGain)
    #expect(Self.curve([100]).verdict == .unknown)
  }

  @Test("one fit that is wrong by orders of magnitude does not decide")
  func outlier() {
    var points = Self.curve([200, 210, 190, 205, 195, 200]).points
    points[2] = .init(repeatNumber: 0, frames: 400, trainingLoss: 1, heldOutLoss: 1e9)
    let curve = LearningCurve(points: points)
    #expect(curve.verdict == .helps)
    #expect((curve.doublingGain?.value ?? 1) < 0.2)
  }

  @Test("levels are the means of the repeats, from the end where one has fewer")
  func levels() {
    var points = Self.curve([100, 110]).points
    points.removeFirst()
    let levels = LearningCurve(points: points).levels
    #expect(levels.map(\.frames) == [200, 400, 800])
    #expect(abs((levels.last?.heldOut.value ?? 0) - (2 + 105.0 / 800)) <= 1e-12)
  }

  @Test("few noisy frames are worth more of them, many are not", arguments: [true, false])
  func planted(isFew: Bool) async throws {
    let data = PlantedDiscovery(
      law: "X/r + Y*exp(-b*r)",
      parameters: [
        "b": .number(3.2), "X": .byName(["F": -3.8, "K": 3.8]),
        "Y": .byName(["F": 45, "K": 25]),
      ], frames: isFew ? 30 : 400, atoms: ["F": 3, "K": 3], smallestDistance: 2,
      noise: isFew ? 1 : 0.1)
    try await data.open { discovery in
      let tree = try ExpressionTree(parsing: "A[]/r + B[]*exp(-C[]*r)")
      let curve = try await discovery.learningCurve(of: tree)
      #expect(curve.levels.count >= 4)
      #expect(
        curve.verdict == (isFew ? .helps : .hardlyHelps) || !isFew && curve.verdict == .noGain)
      let first = try #require(curve.levels.first)
      let last = try #require(curve.levels.last)
      #expect(first.heldOut.value > last.heldOut.value)
      #expect(last.training.value < last.heldOut.value)
    }
  }

  @Test("the same on any number of threads; groups stay whole, too few are told")
  func groups() async throws {
    let data = PlantedDiscovery(noise: 0.2, group: { $0 / 12 })
    var curves: [LearningCurve] = []
    for threads in [1, 2] {
      let curve = try await data.open {
        $0.search.threads = threads
        $0.reading.groupKey = "group"
      } body: { discovery in
        try await discovery.learningCurve(of: try ExpressionTree(parsing: "a/r^12 - b/r^6"))
      }
      #expect(curve.points.allSatisfy { $0.frames % 12 == 0 })
      curves.append(curve)
    }
    #expect(curves[0] == curves[1])
    let few = PlantedDiscovery(noise: 0.2, group: { $0 % 3 })
    await #expect(throws: InputError.self) {
      try await few.open {
        $0.reading.groupKey = "group"
      } body: { discovery in
        _ = try await discovery.learningCurve(of: try ExpressionTree(parsing: "a/r"))
      }
    }
  }
}
