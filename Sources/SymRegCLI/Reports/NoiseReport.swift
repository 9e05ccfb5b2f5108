import RunStorage

/// What the standard errors of the forces say, for people; nothing without them.
struct NoiseReport {
  let dataset: DatasetSummary
  let floor: FloorSummary?

  var lines: [String] {
    guard let ceiling = dataset.noiseCeilingR2 else { return [] }
    let chi = floor?.reducedChiSquared.map {
      "; χ² of the free-form floor \(NumberText.rough($0)) per component"
    }
    return [
      "Noise ceiling: R² \(NumberText.fixed(ceiling, 4)), what the forces' standard errors leave"
        + "\(chi ?? "")."
    ]
  }
}
