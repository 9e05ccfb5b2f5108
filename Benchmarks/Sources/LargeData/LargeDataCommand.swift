import ArgumentParser
import Foundation
import SymReg

/// Files of the size that bounds on time and memory are measured with.
@main
struct LargeDataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "LargeData",
    abstract: "Writes synthetic data of any size; the same seed gives the same file.",
    subcommands: [Liquid.self, Dimers.self])
}

/// Molecules of water on a jittered lattice, any way round, with random forces.
struct Liquid: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a periodic liquid of water molecules, with random forces.")

  @Option(help: "Frames.") var frames = 1000
  @Option(help: "Molecules per frame.") var molecules = 500
  @Option(help: "Seed.") var seed: UInt64 = 1
  @Option(help: "File to write.") var out: String

  func run() async throws {
    var random = RandomStream(seed: seed, purpose: 0x11)
    var file = try LineFile(out)
    // 0.0334 molecules per Å³, as in the liquid.
    let edge = pow(Double(molecules) / 0.0334, 1.0 / 3)
    let sites = Int(pow(Double(molecules), 1.0 / 3).rounded(.up))
    let spacing = edge / Double(sites)
    for _ in 0..<frames {
      file.write("\(3 * molecules)\n")
      file.write(
        "Lattice=\"\(edge) 0 0 0 \(edge) 0 0 0 \(edge)\" "
          + "Properties=species:S:1:pos:R:3:mol_id:I:1:forces:R:3 pbc=\"T T T\"\n")
      for molecule in 0..<molecules {
        let site = SIMD3(
          Double(molecule % sites), Double(molecule / sites % sites),
          Double(molecule / (sites * sites)))
        let oxygen = spacing * site + 0.3 * random.nextVector()
        // Two bonds of 0.97 Å, 104.5° apart.
        let axis = random.nextDirection()
        let side = random.nextDirection(across: axis)
        let half = 52.25 * Double.pi / 180
        let along = 0.97 * cos(half) * axis
        let across = 0.97 * sin(half) * side
        for (name, place) in [
          ("O", oxygen), ("H", oxygen + along + across), ("H", oxygen + along - across),
        ] {
          file.write(name, place, molecule + 1, random.nextVector())
        }
      }
    }
    try file.close()
  }
}

/// The dimers of the repository again and again, each time with other noise.
struct Dimers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes water dimers: those of Datasets/water-dimer, each time with other noise.")

  @Option(help: "Frames.") var frames = 1_000_000
  @Option(help: "Largest shift of an atom along an axis, Å.") var noise = 0.02
  @Option(help: "Seed.") var seed: UInt64 = 1
  @Option(help: "File to write.") var out: String

  func run() async throws {
    var random = RandomStream(seed: seed, purpose: 0x12)
    let dataset = try await Dataset.open([
      DataSource(path: "Datasets/water-dimer/water-dimer.extxyz")
    ])
    var known: [Frame] = []
    let reader = try dataset.makeBlockReader()
    while let block = try reader.next() { known += try block.frames() }
    var file = try LineFile(out)
    for index in 0..<frames {
      let frame = known[index % known.count]
      file.write("\(frame.types.count)\n")
      file.write("Properties=species:S:1:pos:R:3:mol_id:I:1:forces:R:3 pbc=\"F F F\"\n")
      for atom in frame.types.indices {
        file.write(
          dataset.pairTypes.typeNames[frame.types[atom]],
          frame.positions[atom] + noise * random.nextVector(), (frame.molecules?[atom] ?? 0) + 1,
          frame.forces[atom])
      }
    }
    try file.close()
  }
}

extension RandomStream {
  /// Components in [−1, 1).
  fileprivate mutating func nextVector() -> SIMD3<Double> {
    SIMD3(nextUnit(), nextUnit(), nextUnit()) * 2 - 1
  }

  fileprivate mutating func nextDirection() -> SIMD3<Double> {
    while true {
      let vector = nextVector()
      let square = (vector * vector).sum()
      if square > 0.01, square <= 1 { return vector / square.squareRoot() }
    }
  }

  /// A direction perpendicular to a unit vector.
  fileprivate mutating func nextDirection(across axis: SIMD3<Double>) -> SIMD3<Double> {
    while true {
      let other = nextDirection()
      let rest = other - (other * axis).sum() * axis
      let square = (rest * rest).sum()
      if square > 0.01 { return rest / square.squareRoot() }
    }
  }
}
