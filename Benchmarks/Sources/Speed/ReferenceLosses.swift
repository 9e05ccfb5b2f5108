import Foundation
import SymReg

/// The best that many starts find for every form of the mix, in both cutoff modes.
struct ReferenceLosses: Codable, Sendable {
  static let path = "Benchmarks/ReferenceLosses.json"
  static let modes = [CutoffMode.constraint, .shiftedForce]

  /// Local optimizations by NLopt for each form.
  let starts: Int
  /// By the name of the cutoff mode, in the order of the mix.
  let fits: [String: [Fit]]

  struct Fit: Codable, Sendable {
    let expression: String
    /// Mean squared force error of the best NLopt start, (eV/Å)²; nil where none of them is a
    /// candidate.
    let loss: Double?
    /// The same over all roads, the others from four times as many starts.
    let lowest: Double?
    /// Of the best NLopt start; empty without one.
    let theta: [Double]
  }

  static func load() throws -> ReferenceLosses {
    try JSONDecoder().decode(
      ReferenceLosses.self, from: try Data(contentsOf: URL(filePath: path)))
  }

  func fits(_ mode: CutoffMode) -> [Fit] { fits[mode.rawValue] ?? [] }

  /// - Throws: `ReferenceMix.ValidationFailure` where the losses are of another mix.
  func validate(_ mix: ReferenceMix) throws {
    for mode in Self.modes where fits(mode).map(\.expression) != mix.trees.map(\.description) {
      throw ReferenceMix.ValidationFailure(
        message: "\(Self.path) is of another mix; renew it with `Speed references`")
    }
  }

  static func measured(
    _ mix: ReferenceMix, data: WaterDimers, starts: Int, threads: Int
  ) async -> ReferenceLosses {
    var fits: [String: [Fit]] = [:]
    for mode in modes {
      let problem = data.problem(mode)
      fits[mode.rawValue] = await concurrentMap(mix.trees, threads: threads) { tree in
        let reference = Road.nlopt.reference(problem, starts: starts).fit(tree)
        let other = Road.standard.reference(problem, starts: 4 * starts).fit(tree)
        return Fit(
          expression: tree.description, loss: reference.candidateLoss,
          lowest: [reference, other].compactMap(\.candidateLoss).min(),
          theta: reference.isCandidate ? reference.theta : [])
      }
    }
    return ReferenceLosses(starts: starts, fits: fits)
  }
}

extension FitOutcome {
  /// The loss of a usable fit, (eV/Å)².
  var candidateLoss: Double? { isCandidate ? meanSquaredForceError : nil }
}

/// The results in the order of the elements, `threads` at a time.
func concurrentMap<Element: Sendable, Result: Sendable>(
  _ elements: [Element], threads: Int, _ transform: @escaping @Sendable (Element) -> Result
) async -> [Result] {
  await withTaskGroup(of: (Int, Result).self) { group in
    var results: [Result?] = Array(repeating: nil, count: elements.count)
    for (index, element) in elements.enumerated() {
      if index >= threads, let (done, result) = await group.next() { results[done] = result }
      group.addTask { (index, transform(element)) }
    }
    while let (done, result) = await group.next() { results[done] = result }
    return results.compactMap { $0 }
  }
}
