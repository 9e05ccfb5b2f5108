import RunStorage

/// `floor --json`. Forces in eV/Å.
struct FloorDocument: Encodable {
  let formatVersion = 1
  let dataset: DatasetSummary
  let cutoff: Double
  let floor: FloorSummary
}
