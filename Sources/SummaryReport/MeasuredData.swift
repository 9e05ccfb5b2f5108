import AtomicData
import CompressedForces
import ForceFitting
import RunStorage

/// What a report takes from the data of its run.
public struct MeasuredData: Sendable {
  let pairTypes: PairTypes
  let survey: DistanceSurvey
  let comparison: ForceComparison
  /// Forces of the free-form floor by sampled pair, as (Å, eV/Å); empty where they are not those of pairs.
  let floor: [[(distance: Double, force: Double)]]

  /// Reads all frames once.
  ///
  /// - Parameters:
  ///   - frames: those that the run was fitted to, its background taken off.
  ///   - statistics: of these frames.
  ///   - switchWidth: of the cutoff mode `switch`, Å.
  /// - Throws: `InputError` where a frame cannot be used, `ExpressionError` or `ParameterMismatch` where an
  ///   entry is no potential of the data.
  public init(
    of document: FrontDocument, frames: any FrameSource, statistics: ForceStatistics,
    switchWidth: Double?, threads: Int
  ) async throws {
    pairTypes = frames.pairTypes
    survey = statistics.survey
    let treatment = document.treatment(switchWidth: switchWidth)
    let typeNames = frames.pairTypes.typeNames
    let potentials = try document.front.map {
      try EntryPotential($0, typeNames: typeNames, treatment: treatment)
    }
    comparison = try await ForceComparison(
      potentials: potentials, over: frames, cutoff: document.cutoff,
      rmsForce: document.dataset.rmsForce, pairCount: survey.pairCount, threads: threads)
    let isOfPairs =
      treatment.mode != .switched && !pairTypes.hasProperty && pairTypes.bondClasses == nil
    floor = document.floor != nil && isOfPairs ? try Self.floor(statistics) : []
  }

  /// The nodes of the grid within the sampled distances.
  private static func floor(
    _ statistics: ForceStatistics
  ) throws -> [[(distance: Double, force: Double)]] {
    let (grid, floor) = (statistics.grid, try ForceFloor(of: statistics))
    return statistics.survey.samples.enumerated().map { number, sample in
      guard let smallest = sample.smallest, let largest = sample.largest else { return [] }
      return grid.range(ofPairType: number).enumerated().compactMap { node, place in
        let distance = grid.distances[node]
        return (smallest...largest).contains(distance)
          ? (distance, floor.gridValues[place]) : nil
      }
    }
  }
}
