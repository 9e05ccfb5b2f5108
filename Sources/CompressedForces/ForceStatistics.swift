import AtomicData
import CVectorKernels

/// The data, compressed: statistics of the training folds and of the validation frames on one
/// radial grid.
///
/// Two streaming passes: the first finds the range of distances, from which the grid follows, the
/// second sums. Sums run in lanes whose number depends on the size of the grid alone and merge in
/// order, so the result is the same to the last bit on any number of threads.
public struct ForceStatistics: Sendable {
  public let grid: RadialGrid
  public let survey: DistanceSurvey
  /// Statistics in the order of `DataPart.all(foldCount:)`: the training folds, then validation. Parts
  /// without frames have weight 0.
  public let parts: [SufficientStatistics]
  /// Of the training folds, those without frames too.
  public var folds: ArraySlice<SufficientStatistics> { parts.dropLast() }
  /// All training folds together.
  public let training: SufficientStatistics
  /// Nil without validation frames.
  public let validation: SufficientStatistics?
  /// Training and validation together.
  public let all: SufficientStatistics
  /// Of what is matched beside forces.
  public let targets: [TargetStatistics]
  /// Over how many Å before the cutoff pairs are switched off; nil: not at all.
  public let switchWidth: Double?

  /// Memory for the lanes' sums, bytes.
  private static let laneMemory = 256 << 20

  /// - Parameters:
  ///   - source: the frames; read twice.
  ///   - cutoff: Å; the sums know nothing of pairs beyond.
  ///   - pointCount: grid points of the pair type that comes closest; nil: as `RadialGrid` chooses.
  ///   - targets: what to match beside forces.
  ///   - shiftsEnergies: whether the energies of each file are relative to a shift.
  ///   - switchWidth: over how many Å before the cutoff pairs are switched off (`SwitchingFunction`);
  ///     the losses are then those of the switched force of a force on the grid.
  ///   - threads: tasks that run at a time.
  /// - Throws: `InputError` where no pair lies within the cutoff, no frame is for training, or a
  ///   frame cannot be used.
  public init(
    compressing source: any FrameSource, cutoff: Double,
    pointCount: Int? = nil, targets: [MatchedTarget] = [],
    shiftsEnergies: Bool = true, switchWidth: Double? = nil, threads: Int
  ) async throws {
    try await self.init(
      compressing: source, cutoff: cutoff, pointCount: pointCount, targets: targets,
      shiftsEnergies: shiftsEnergies, switchWidth: switchWidth, threads: threads,
      kernels: bestVectorKernels().pointee)
  }

  /// The same with the kernels of any level: the results do not depend on it.
  init(
    compressing source: any FrameSource, cutoff: Double, pointCount: Int?,
    targets: [MatchedTarget] = [], shiftsEnergies: Bool = true, switchWidth: Double? = nil,
    threads: Int, kernels: VectorKernels
  ) async throws {
    if let switchWidth, !(switchWidth > 0 && switchWidth < cutoff) {
      throw InputError(
        "expected a switching width between 0 and the cutoff of \(cutoff) Å, found \(switchWidth)")
    }
    let survey = try await DistanceSurvey(
      of: source, cutoff: cutoff,
      countsImages: targets.contains(.energies) || targets.contains(.virials), threads: threads)
    guard survey.pairCount > 0 else {
      throw try await Self.noPairs(in: source, cutoff: cutoff, threads: threads)
    }
    let sampled = source.pairTypes.sampledPairs
    let grid = try RadialGrid(
      cutoff: cutoff,
      smallestDistances: PropertyChannels(of: source.pairTypes).channels.map { channel in
        sampled.firstIndex {
          ($0.first, $0.second, $0.bonds) == (channel.first, channel.second, channel.bonds)
        }.flatMap { survey.samples[$0].smallest }
      }, pointCount: pointCount)
    // A reference near the energies of a file keeps their digits.
    let offsets = shiftsEnergies ? survey.meanEnergies : []
    let accumulator = StatisticsAccumulator(
      grid: grid, search: PairSearch(source: source, cutoff: cutoff), kernels: kernels,
      targets: targets, switching: switchWidth.map { .init(cutoff: cutoff, width: $0) },
      energyOffsets: offsets, partition: .parts(foldCount: source.foldCount))
    let sums = try await Self.sums(of: source, accumulator: accumulator, threads: threads)
    try self.init(
      survey: survey, grid: grid, parts: sums.forces,
      targets: zip(targets, sums.targets).map {
        TargetStatistics(
          target: $0, parts: $1, shiftCount: offsets.count, offsets: offsets)
      }, switchWidth: switchWidth)
  }

  /// - Throws: `InputError` where no frame is for training.
  init(
    survey: DistanceSurvey, grid: RadialGrid, parts: [SufficientStatistics],
    targets: [TargetStatistics], switchWidth: Double?
  ) throws {
    self.targets = targets
    self.switchWidth = switchWidth
    self.survey = survey
    self.grid = grid
    self.parts = parts
    let empty = SufficientStatistics(dimension: grid.totalCount)
    training = parts.dropLast().reduce(into: empty) { $0.merge($1) }
    guard training.weight > 0 else {
      throw InputError(
        "expected frames to train on, found none", remedy: "lower --validation")
    }
    let held = parts[parts.count - 1]
    validation = held.weight > 0 ? held : nil
    all = parts.reduce(into: empty) { $0.merge($1) }
  }

  static func sums(
    of source: any FrameSource, accumulator: StatisticsAccumulator, threads: Int
  ) async throws -> (forces: [SufficientStatistics], targets: [[SufficientStatistics]]) {
    let stride = wholeVectors(accumulator.dimension)
    let parts = 0..<accumulator.partition.count
    let setCount = parts.count * (1 + accumulator.targets.count)
    let laneSize = setCount * stride * stride * MemoryLayout<Double>.size
    let laneCount = min(max(laneMemory / laneSize, 2), 16)
    let lanes = try await source.reduce(laneCount: laneCount, threads: threads, into: accumulator) {
      accumulator, frames in try accumulator.add(frames)
    }
    for lane in lanes { lane.finish() }
    func merged(_ dimension: Int, _ box: (StatisticsAccumulator) -> PartSumsBox?)
      -> SufficientStatistics
    {
      var sums = PartSums(dimension: dimension)
      for lane in lanes { if let box = box(lane) { sums.merge(box.sums) } }
      return sums.finish()
    }
    let forces = parts.map { part in merged(accumulator.dimension) { $0.parts[part] } }
    let targets = accumulator.targets.enumerated().map { number, target in
      parts.map { part in
        merged(accumulator.rows.dimension(of: target)) { $0.targetParts[number][part] }
      }
    }
    return (forces, targets)
  }

  /// Looks further out, so that the message can say what cutoff would find pairs.
  private static func noPairs(
    in source: any FrameSource, cutoff: Double, threads: Int
  ) async throws -> InputError {
    var wider = cutoff
    for _ in 0..<4 {
      wider *= 2
      // A cell far smaller than the wider cutoff has no selected pair at any distance.
      guard let survey = try? await DistanceSurvey(of: source, cutoff: wider, threads: threads)
      else { break }
      if let smallest = survey.samples.compactMap(\.smallest).min() {
        let found = (smallest * 1000).rounded() / 1000
        return InputError(
          "expected pairs within \(cutoff) Å, found none closer than \(found) Å",
          remedy: "raise --cutoff, or check the units of the positions")
      }
    }
    return InputError(
      "expected pairs within \(cutoff) Å, found none within \(wider) Å",
      remedy: "raise --cutoff, or check the units of the positions and --pairs")
  }
}
