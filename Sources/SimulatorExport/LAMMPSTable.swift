import AtomicData
import ExpressionTrees

/// A LAMMPS table: values of U and F at distances whose squares are evenly spaced (RSQ), with the slopes of
/// F at both ends (FPRIME).
struct LAMMPSTable {
  let text: String

  /// Values of a pair. With the cubic splines of the style, forces are exact to about 1e-9 of the largest.
  static let valueCount = 20_000
  /// The smallest distance of a table, Å: pairs closer than this end the run.
  private static let smallestDistance = 0.1
  /// Beyond these values (eV, eV/Å) a table begins only where they are passed.
  private static let largest = 1e6

  /// - Throws: `InputError` where the potential has no finite value at some distance.
  init(_ potential: ExportedPotential, units: Units) throws {
    var lines = ["# UNITS: \(units.name)"] + potential.headLines.map { "# " + $0 }
    lines += potential.warnings.map { "# warning: " + $0 }
    for sample in potential.samples {
      let pair = potential.withProperty(sample.pair)
      func value(_ r: Double) -> PotentialValue { potential.value(of: pair, at: r) }
      let start = try Self.start(of: sample, cutoff: potential.cutoff, value)
      let slopes = [start, potential.cutoff].map { r -> Double in
        // Toward the inside: beyond the ends there is another function, or none.
        let h = 1e-5 * r
        let inside = r == start ? r + h : r - h
        let slope = (value(inside).derivative - value(r).derivative) / (inside - r)
        return slope / units.energy
      }
      lines += [
        "", sample.name,
        "N \(Self.valueCount) RSQ \(start) \(potential.cutoff) FPRIME \(-slopes[0]) \(-slopes[1])",
        "",
      ]
      let (low, high) = (start * start, potential.cutoff * potential.cutoff)
      for k in 0..<Self.valueCount {
        let share = Double(k) / Double(Self.valueCount - 1)
        let r =
          k == Self.valueCount - 1 ? potential.cutoff : (low + share * (high - low)).squareRoot()
        let point = value(r)
        guard point.energy.isFinite, point.derivative.isFinite else {
          throw InputError(
            "expected a finite potential at all distances of a table, found none at \(r) Å of "
              + sample.name, remedy: "export another entry")
        }
        lines.append(
          "\(k + 1) \(r) \(point.energy / units.energy) \(-point.derivative / units.energy)")
      }
    }
    text = lines.joined(separator: "\n")
  }

  /// Where the table of a pair begins: as low as its values stay ones that splines can take.
  private static func start(
    of sample: ExportedPotential.Sample, cutoff: Double, _ value: (Double) -> PotentialValue
  ) throws -> Double {
    let smallest = sample.range?.lowerBound ?? cutoff
    var start = min(smallestDistance, smallest)
    while start < smallest {
      let point = value(start)
      if abs(point.energy) < largest, abs(point.derivative) < largest { break }
      start = min(start * 1.05, smallest)
    }
    return start
  }
}
