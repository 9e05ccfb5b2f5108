import AtomicData
import ForceFitting
import PopulationSearch

/// Everything that decides what a discovery finds.
public struct DiscoverySettings: Sendable {
  /// How the files are read and divided.
  public var reading = ReadingOptions()
  /// r_cut, Å.
  public var cutoff = 10.0
  public var cutoffMode = CutoffMode.constraint
  /// Taken off the reference forces before anything else; nil: nothing.
  public var background: Background?
  /// Conditions beside the one of the cutoff mode.
  public var constraints = ConstraintSettings()
  /// The method of the local minimizations, in searches and single fits.
  public var optimizer = Optimizer.gaussNewton
  /// The search, with its seed and threads; the threads serve reading and compression too.
  public var search = SearchOptions()

  public init() {}
}
