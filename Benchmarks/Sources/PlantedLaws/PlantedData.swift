import Foundation
import SymReg

/// The data of one law, shape and seed: the same structures with any noise.
package struct PlantedData: Sendable {
  package let law: PlantedLaw
  package let shape: SyntheticGeometry.Shape
  package let seed: UInt64
  package let threads: Int

  /// Å
  package static let cutoff = 10.0
  package static let cutoffMode = CutoffMode.shiftedForce

  package init(
    law: PlantedLaw, shape: SyntheticGeometry.Shape, seed: UInt64, threads: Int
  ) {
    self.law = law
    self.shape = shape
    self.seed = seed
    self.threads = threads
  }

  /// 1,000 clusters of 8 atoms, or 50 cells of 108.
  private var atomCount: Int { shape == .clusters ? 8 : 108 }
  private var frameCount: Int { shape == .clusters ? 1_000 : 50 }

  /// - Parameter noise: standard deviation, in root mean square forces.
  package func frames(noise: Double) async throws -> SyntheticFrames {
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
  /// - Parameters:
  ///   - mode: that of the data unless told otherwise, like the cutoff (Å).
  package func opened(
    noise: Double, settings: DiscoverySettings, mode: CutoffMode = Self.cutoffMode,
    cutoff: Double? = nil
  ) async throws -> (discovery: Discovery, file: URL) {
    let name = "planted-\(law.name)-\(UUID().uuidString).extxyz"
    let file = FileManager.default.temporaryDirectory.appending(path: name)
    try await frames(noise: noise).write(to: file.path(), threads: threads)
    var settings = settings
    settings.cutoff = cutoff ?? Self.cutoff
    settings.cutoffMode = mode
    return (try await Discovery.open([DataSource(path: file.path())], settings: settings), file)
  }
}
