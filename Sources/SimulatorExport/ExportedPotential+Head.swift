import AtomicData
import ExpressionTrees
import Foundation

extension ExportedPotential {
  /// What the head of every file says, a line each.
  var headLines: [String] {
    var lines = ["\(provenance.program)"]
    for part in parts {
      let form = "U(r) = \(part.tree)"
      lines.append(part.title.map { "\($0): \(form)" } ?? form)
      for (name, value) in part.tree.values(of: part.theta, typeNames: typeNames).sorted(by: {
        $0.key < $1.key
      }) {
        lines.append("  \(name) = \(Self.text(value))")
      }
    }
    if parts.count > 1 { lines.append("the sum of these acts") }
    lines.append(
      "parameters in eV and Å; cutoff \(cutoff) Å, \(endText); pairs \(selection.rawValue)")
    if let column = propertyName, usesProperty {
      lines.append("Q = q_i q_j, q from the column \(column)")
    }
    if let size = provenance.complexity { lines.append("\(size) nodes") }
    if let error = provenance.directRMSE {
      lines.append(String(format: "force RMSE over all frames %.4g eV/Å", error))
    }
    if let name = provenance.dataName {
      lines.append(
        "data \(name)" + (provenance.frameCount.map { ", \($0) frames" } ?? "")
          + (provenance.sha256.map { ", SHA-256 \($0)" } ?? ""))
    }
    if let seed = provenance.seed { lines.append("seed \(seed)") }
    lines.append(
      "sampled distances: "
        + samples.map { sample in
          let range = sample.range.map {
            String(format: "%.3f to %.3f Å", $0.lowerBound, $0.upperBound)
          }
          return "\(sample.name) \(range ?? "not known")"
        }.joined(separator: "; "))
    if !provenance.flags.isEmpty {
      lines.append("flags: \(provenance.flags.joined(separator: ", "))")
    }
    if !cores.isEmpty {
      lines.append("below the sampled distances a repulsive wall takes its place (--core)")
    }
    return lines.map(\.onOneLine)
  }

  /// What a user has to know, a sentence each.
  public var warnings: [String] { provenance.warnings + attractions }

  /// How it ends at the cutoff.
  private var endText: String {
    parts.map { part in
      switch part.treatment.mode {
      case .constraint: "constraint (F is 0 there, U is shifted to 0)"
      case .shiftedForce: "shifted-force"
      case .switched: "switch from \(part.treatment.switching.start) Å"
      case .none: "none"
      }
    }.joined(separator: " and ")
  }

  private static func text(_ value: ParameterValue) -> String {
    switch value {
    case .number(let number): "\(number)"
    case .byName(let numbers):
      numbers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
  }

  /// Share of the smallest sampled distance from which on attraction below it is looked for.
  private static let reach = 0.5
  /// Attraction below this is none, eV/Å.
  private static let smallestForce = 1e-3

  /// The pairs that attract below the sampled range, a sentence each; none with a wall.
  private var attractions: [String] {
    guard cores.isEmpty else { return [] }
    let check = SelfCheck(potential: self)
    return samples.compactMap { sample in
      guard let smallest = sample.range?.lowerBound else { return nil }
      let steps = (0..<100).map { smallest * (1 - Self.reach * Double($0) / 100) }
      let place = steps.first { r in
        check.pairs(sample).contains { value(of: $0, at: r).derivative > Self.smallestForce }
      }
      return place.map {
        let text = [$0, smallest].map { String(format: "%.2f Å", $0) }
        return
          "\(sample.name) attracts from \(text[0]) down, below its smallest sampled distance of "
          + "\(text[1]): a simulation may fall into it; --core puts a wall there."
      }
    }
  }
}
