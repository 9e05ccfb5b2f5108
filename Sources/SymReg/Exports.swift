// One import brings the library: the types of every stage are part of the facade's interface.
@_exported import AtomicData
@_exported import CompressedForces
@_exported import ExpressionTrees
@_exported import ForceFitting
@_exported import ParetoFronts
@_exported import PopulationSearch
@_exported import RunStorage
@_exported import SimulatorExport
