import Machine

/// All that was measured; what was left out is nil.
struct SpeedReport: Codable, Sendable {
  let machine: Machine
  var versions: [String: String]
  /// Mean nodes of the reference mix.
  let mixMean: Double
  var localSolves: [LocalSolves]?
  var constraints: [ConstraintCost]?
  var candidates: [CandidateFits]?
  var recording: [RecordingCost]?
  var minima: [KnownMinimum]?
  var scaling: FrameScaling?
  var nodes: [NodeRate]?
  var compression: Compression?
  var rawFrames: RawFrames?
  var pairForces: [PairForces]?
  /// What was to be measured and could not be, with the reason.
  var skipped: [String] = []
}
