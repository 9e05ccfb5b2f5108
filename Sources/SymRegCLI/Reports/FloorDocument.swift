import RunStorage

/// `floor --json`. Forces in eV/Å.
struct FloorDocument: Encodable {
  let formatVersion = 1
  let dataset: DatasetSummary
  let cutoff: Double
  /// What was taken off the reference forces beforehand.
  @Nullable var background: BackgroundSummary?
  let floor: FloorSummary

  init(
    dataset: DatasetSummary, cutoff: Double, background: BackgroundSummary?, floor: FloorSummary
  ) {
    self.dataset = dataset
    self.cutoff = cutoff
    _background = Nullable(wrappedValue: background)
    self.floor = floor
  }
}
