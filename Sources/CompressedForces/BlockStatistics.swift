import AtomicData
import CVectorKernels

/// Statistics of disjoint blocks of the training frames, to be drawn from with repetition.
///
/// Groups of frames (`Frame.group`) are not divided. The blocks add up to the training statistics.
public struct BlockStatistics: Sendable {
  /// Of the forces, and of the targets of the statistics they go with, block by block.
  public let blocks: [Block]

  public struct Block: Sendable {
    public let forces: SufficientStatistics
    /// In the order of `ForceStatistics.targets`, with a value per file for the shifts.
    public let targets: [SufficientStatistics]
  }

  /// - Parameters:
  ///   - source: the frames that `statistics` were made of; read once.
  ///   - statistics: whose grid, targets and cutoff the blocks have.
  ///   - count: blocks, of which those without frames are left out.
  ///   - threads: tasks that run at a time.
  /// - Throws: `InputError` where a frame cannot be used.
  public init(
    of source: any FrameSource, like statistics: ForceStatistics, count: Int, threads: Int
  ) async throws {
    let grid = statistics.grid
    let offsets =
      statistics.targets.first { $0.target == .energies }
      .map { $0.shiftCount > 0 ? $0.offsets : [] } ?? []
    let accumulator = StatisticsAccumulator(
      grid: grid, search: PairSearch(source: source, cutoff: grid.cutoff),
      kernels: bestVectorKernels().pointee, targets: statistics.targets.map(\.target),
      switching: statistics.switchWidth.map { .init(cutoff: grid.cutoff, width: $0) },
      energyOffsets: offsets, partition: .blocks(count))
    let sums = try await ForceStatistics.sums(
      of: source, accumulator: accumulator, threads: threads)
    blocks = sums.forces.indices.compactMap { number in
      guard sums.forces[number].weight > 0 else { return nil }
      return Block(forces: sums.forces[number], targets: sums.targets.map { $0[number] })
    }
  }

  /// As many blocks as there are, drawn with repetition, together.
  ///
  /// - Parameters:
  ///   - weights: of the targets beside the forces, see `SufficientStatistics.combined`.
  ///   - random: decides the draw.
  public func resampled(
    weights: [Double], _ random: inout RandomStream
  ) -> SufficientStatistics {
    combined(blocks.indices.map { _ in random.nextInt(below: blocks.count) }, weights: weights)
  }

  /// Some blocks together, as a fit sees them.
  ///
  /// - Parameters:
  ///   - numbers: of blocks, each as often as it is to count; at least one.
  ///   - weights: of the targets beside the forces, see `SufficientStatistics.combined`.
  public func combined(_ numbers: [Int], weights: [Double]) -> SufficientStatistics {
    var forces = SufficientStatistics(dimension: blocks[0].forces.dimension)
    var targets = blocks[0].targets.map { SufficientStatistics(dimension: $0.dimension) }
    for number in numbers {
      forces.merge(blocks[number].forces)
      for (place, target) in blocks[number].targets.enumerated() { targets[place].merge(target) }
    }
    return forces.combined(
      with: zip(targets, weights).map { target, weight in
        (target.eliminating(last: target.dimension - forces.dimension), weight)
      })
  }

  /// The forces of some blocks together.
  public func forces(_ numbers: [Int]) -> SufficientStatistics {
    numbers.reduce(into: SufficientStatistics(dimension: blocks[0].forces.dimension)) {
      $0.merge(blocks[$1].forces)
    }
  }
}
