import Foundation
import SymReg

/// The data of one law, shape and seed: the same structures with any noise.
struct PlantedData: Sendable {
  let law: PlantedLaw
  let shape: SyntheticGeometry.Shape
  let seed: UInt64
  let threads: Int

  /// Å
  static let cutoff = 10.0
  static let cutoffMode = CutoffMode.shiftedForce

  /// 1,000 clusters of 8 atoms, or 50 cells of 108.
  private var atomCount: Int { shape == .clusters ? 8 : 108 }
  private var frameCount: Int { shape == .clusters ? 1_000 : 50 }

  /// - Parameter noise: standard deviation, in root mean square forces.
  func frames(noise: Double) async throws -> SyntheticFrames {
    var options = SyntheticOptions()
    options.frameCount = frameCount
    options.geometry = SyntheticGeometry(
      atoms: Dictionary(
        uniqueKeysWithValues: law.typeNames.map { ($0, atomCount / law.typeNames.count) }),
      shape: shape, smallestDistance: law.smallestDistance,
      density: shape == .liquid ? law.density : nil)
    options.cutoff = Self.cutoff
    options.cutoffMode = Self.cutoffMode
    options.noise = noise
    options.seed = seed
    return try await SyntheticFrames(
      of: law.tree, parameters: law.parameters, options: options, threads: threads)
  }

  /// The data as a user opens them, from a file that is gone afterwards.
  ///
  /// - Parameter settings: cutoff and its mode are those of the data.
  func opened(
    noise: Double, settings: DiscoverySettings
  ) async throws -> (discovery: Discovery, file: URL) {
    let name = "recovery-\(law.name)-\(UUID().uuidString).extxyz"
    let file = FileManager.default.temporaryDirectory.appending(path: name)
    try await frames(noise: noise).write(to: file.path(), threads: threads)
    var settings = settings
    settings.cutoff = Self.cutoff
    settings.cutoffMode = Self.cutoffMode
    return (try await Discovery.open([DataSource(path: file.path())], settings: settings), file)
  }
}
