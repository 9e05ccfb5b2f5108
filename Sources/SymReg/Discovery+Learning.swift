import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting

/// What more frames would bring.
extension Discovery {
  /// How a learning curve is taken.
  public struct LearningOptions: Sendable {
    /// Orders in which the training frames are taken.
    public var repeats = 8
    /// Each point but the last has half the frames of the next.
    public var points = 6
    /// Of the orders.
    public var seed: UInt64 = 1

    public init() {}
  }

  /// Share of the training frames that each repeat holds out where there are no validation frames.
  private static let heldOutShare = 0.2
  /// Blocks that the frames are taken in, at least; groups are not divided.
  private static let fewestBlocks = 4

  /// Fits θ to nested subsets of the training frames, in several orders, and scores each fit on held-out
  /// frames: the validation frames, or else some of the training frames, others in each repeat.
  ///
  /// Each fit starts from that to all training frames, so that all are of one minimum.
  /// - Throws: `InputError` where the form has no fit, or there are too few frames or groups.
  public func learningCurve(
    of tree: ExpressionTree, theta: [Double]? = nil, options: LearningOptions = LearningOptions(),
    report: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws -> LearningCurve {
    try settings.validateForFits()
    guard !hasNoForce else {
      throw InputError("expected forces to learn from, found none above rounding")
    }
    let start = try theta ?? fittedToAll(tree)
    let potential = ScoredPotential(tree: tree, theta: start, cutoffMode: settings.cutoffMode)
    let blocks = try await BlockStatistics(
      of: frames, like: statistics, count: bootstrapBlockCount, threads: settings.search.threads)
    guard blocks.blocks.count >= Self.fewestBlocks else {
      let unit = keepsGroups ? "groups" : "frames"
      throw InputError(
        "expected at least \(Self.fewestBlocks) \(unit) to train on, found \(blocks.blocks.count)",
        remedy: "give more data, or a finer --group")
    }
    let subsets = (0..<options.repeats).map {
      self.subsets(of: blocks.blocks.count, $0, options)
    }
    let jobs = subsets.enumerated().flatMap { number, subsets in
      subsets.training.map { (number: number, training: $0, heldOut: subsets.heldOut) }
    }
    let points = await concurrently(
      jobs,
      { job in
        self.point(potential, blocks, job.number, training: job.training, heldOut: job.heldOut)
      }, report: report)
    let curve = LearningCurve(points: points.compactMap { $0 })
    guard !curve.levels.isEmpty else {
      throw InputError(
        "expected fits of \(tree) to parts of the data, found none that is feasible",
        remedy: "give more frames, or the expression more freedom")
    }
    return curve
  }

  private func fittedToAll(_ tree: ExpressionTree) throws -> [Double] {
    let fit = ParameterFit(
      problem: problem(cutoffMode: settings.cutoffMode),
      options: FittingOptions.thorough.with(settings.optimizer), seed: settings.search.seed
    ).fit(tree)
    guard fit.status == .fitted else {
      throw InputError(
        "expected a fit of \(tree), found no parameters that are feasible",
        remedy: "say --cutoff-mode shifted-force, or give the expression more freedom")
    }
    return fit.theta
  }

  /// Blocks in an order of the repeat's own: ever shorter heads of it train.
  private func subsets(
    of count: Int, _ number: Int, _ options: LearningOptions
  ) -> (heldOut: [Int], training: [[Int]]) {
    var random = RandomStream(
      seed: options.seed, purpose: 0x6C65_6172_6E, UInt64(number))
    var order = Array(0..<count)
    for k in 0..<(count - 1) { order.swapAt(k, k + random.nextInt(below: count - k)) }
    let heldOutCount =
      statistics.validation == nil
      ? max(1, Int((Self.heldOutShare * Double(count)).rounded())) : 0
    let training = Array(order.dropFirst(heldOutCount))
    var lengths: [Int] = []
    var length = training.count
    while lengths.count < options.points, length >= 1 {
      lengths.append(length)
      length /= 2
    }
    return (
      Array(order.prefix(heldOutCount)), lengths.reversed().map { Array(training.prefix($0)) }
    )
  }

  private func point(
    _ potential: ScoredPotential, _ blocks: BlockStatistics, _ number: Int, training: [Int],
    heldOut: [Int]
  ) -> LearningCurve.Point? {
    let forces = blocks.forces(training)
    guard forces.squareSum > 0 else { return nil }
    let problem = FitProblem(
      pairTypes: dataset.pairTypes, grid: statistics.grid,
      statistics: blocks.combined(training, weights: targetWeights),
      cutoffMode: potential.cutoffMode, switchWidth: settings.switchWidth,
      constraints: constraints)
    guard let theta = refitted(potential, problem) else { return nil }
    let values = problem.forces(of: potential.tree, theta: theta).values
    let judge = statistics.validation ?? blocks.forces(heldOut)
    return LearningCurve.Point(
      repeatNumber: number, frames: forces.frameCount,
      trainingLoss: forces.meanSquaredForceError(of: values),
      heldOutLoss: judge.meanSquaredForceError(of: values))
  }
}
