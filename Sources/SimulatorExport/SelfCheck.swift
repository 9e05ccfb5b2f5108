import AtomicData
import ExpressionTrees

/// Holds what an engine will compute against the potential, before anything is written.
struct SelfCheck {
  let potential: ExportedPotential

  /// Distances of each pair.
  static let distanceCount = 50
  /// Relative difference that rounding explains.
  static let tolerance = 1e-12
  /// By how much rounding may exceed what the last place of a value of θ changes.
  private static let roundings = 32.0
  /// Share of the smallest sampled distance at which distances begin.
  private static let reach = 0.5

  /// What an engine would compute wrongly.
  struct Mismatch: Error, CustomStringConvertible { let description: String }

  /// Distances from half the smallest sampled one to the cutoff, Å; from a twentieth of the cutoff where
  /// no data say.
  func distances(_ sample: ExportedPotential.Sample) -> [Double] {
    let cutoff = potential.cutoff
    let start = sample.range.map { Self.reach * $0.lowerBound } ?? cutoff / 20
    let step = (cutoff - start) / Double(Self.distanceCount - 1)
    return (0..<Self.distanceCount).map { min(start + step * Double($0), cutoff) }
  }

  /// The pairs that stand for all of a sample: one, or where single atoms have a property those with the
  /// smallest and the largest product.
  func pairs(_ sample: ExportedPotential.Sample) -> [PairType] {
    let pair = sample.pair
    guard potential.usesProperty else { return [pair] }
    var products = potential.types.kindPairs.filter {
      ($0.first, $0.second, $0.bonds) == (pair.first, pair.second, pair.bonds)
    }.map(\.property).sorted()
    if !potential.types.hasProperty { products = [-0.5, 1] }
    return Set([products.first, products.last].compactMap { $0 }).sorted().map {
      PairType(first: pair.first, second: pair.second, property: $0, bonds: pair.bonds)
    }
  }

  /// Compares an engine's values of a pair with the potential's, where the latter are finite.
  ///
  /// Errors are relative to the larger of U and r·F, so that a zero of one of them asks for no more than
  /// rounding gives. A form whose terms cancel each other has no value to 1e-12: it may differ by what the
  /// last places of its parameters change.
  ///
  /// - Parameter engine: U and dU/dr at a distance, eV and Å.
  /// - Throws: `Mismatch`, and what `engine` throws.
  func compare(
    _ pair: PairType, of sample: ExportedPotential.Sample,
    with engine: (Double) throws -> PotentialValue
  ) throws {
    for r in distances(sample) {
      let truth = potential.value(of: pair, at: r)
      guard truth.energy.isFinite, truth.derivative.isFinite else { continue }
      let found = try engine(r)
      let scale = max(magnitude(pair, r), abs(truth.energy), r * abs(truth.derivative))
      let errors = [
        abs(found.energy - truth.energy), r * abs(found.derivative - truth.derivative),
      ]
      guard
        errors.allSatisfy({ $0 <= Self.tolerance * scale })
          || errors.allSatisfy({ $0 <= Self.roundings * rounding(pair, r) })
      else {
        throw Mismatch(
          description:
            "at \(r) Å of \(sample.name) U = \(found.energy) eV and F = \(-found.derivative) "
            + "eV/Å in place of \(truth.energy) and \(-truth.derivative)")
      }
    }
  }

  /// What the last place of a value of θ, or of the distance, changes at most: of U, and of r·F.
  private func rounding(_ pair: PairType, _ distance: Double) -> Double {
    let truth = potential.value(of: pair, at: distance)
    var others = [potential.value(of: pair, at: distance.nextDown)]
    for (place, part) in potential.parts.enumerated() {
      for number in part.theta.indices {
        others.append(
          potential.changingLastPlace(ofValue: number, inPart: place).value(of: pair, at: distance))
      }
    }
    return others.flatMap {
      [abs($0.energy - truth.energy), distance * abs($0.derivative - truth.derivative)]
    }.filter(\.isFinite).max() ?? 0
  }

  /// The largest of what the terms of the cutoff treatments add up to, eV.
  private func magnitude(_ pair: PairType, _ distance: Double) -> Double {
    potential.parts.flatMap { part -> [Double] in
      let layout = part.tree.layout(typeCount: potential.typeNames.count)
      return [distance, potential.cutoff].flatMap { r -> [Double] in
        let value = part.tree.value(at: r, theta: part.theta, pair: pair, layout: layout)
        return [abs(value.energy), r * abs(value.derivative)]
      }
    }.filter(\.isFinite).max() ?? 0
  }

  /// A program whose text an engine computes right: as it is, or without overflow.
  ///
  /// - Parameters:
  ///   - bindings: as `ExportedPotential.program` takes them.
  ///   - engine: as people call it.
  ///   - remedy: what to do where neither does.
  ///   - check: throws where a program's text is not right.
  /// - Throws: `InputError`.
  func checked(
    bindings: [String: Formula], engine: String, remedy: String,
    by check: (FormulaProgram) throws -> Void
  ) throws -> FormulaProgram {
    let program = potential.program(bindings: bindings, hasCore: true)
    do {
      try check(program)
      return program
    } catch let error as UnsayableFunction {
      throw InputError(
        "expected functions that \(engine) has, found \(error.function)", remedy: remedy)
    } catch {
      // What overflows is no number, or no number in the text either.
      let bounded = potential.program(bindings: bindings, hasCore: true, isBounded: true)
      do {
        try check(bounded)
        return bounded
      } catch {
        throw InputError(
          "expected a potential that \(engine) computes as it was fitted, found \(error)",
          remedy: remedy)
      }
    }
  }
}
