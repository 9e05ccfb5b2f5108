import AtomicData
import ExpressionTrees
import ParetoFronts
import PopulationSearch
import RunStorage

/// The fronts of several runs on the same data as one.
public struct FrontMerge: Sendable {
  /// A run's front, with the training losses of its entries.
  public struct Run: Sendable {
    let name: String
    let document: FrontDocument
    let losses: [Double]
    let problem: String

    /// - Throws: `InputError` where the run has no front or no database.
    public init(_ folder: RunFolder) throws {
      name = folder.path
      document = try folder.front()
      let store = try folder.store(for: .reading)
      let rows = try store.front()
      losses = rows.map(\.trainLoss)
      problem = try store.data()?.problem ?? ""
      // They are written one after the other: a process may have died in between.
      guard rows.map(\.expression) == document.front.map(\.expression),
        rows.map(\.directRMSE) == document.front.map(\.directRMSE)
      else {
        throw InputError(
          file: name, "expected the front of the database in front.json, found another",
          remedy: "say symreg resume \(name)")
      }
    }
  }

  /// The entries that none of another run beats in both complexity and training loss; of equals that
  /// of the first run.
  ///
  /// Evaluations add up; the seed is null where there are several; what is certified by one run of an
  /// equal grammar is certified.
  /// - Parameter runs: at least one.
  /// - Throws: `InputError` where their losses do not compare.
  public static func merged(_ runs: [Run]) throws -> FrontDocument {
    var merged = runs[0].document
    for other in runs.dropFirst() where other.problem != runs[0].problem {
      throw InputError(
        file: other.name,
        "expected the data, cutoff, weights and constraints of \(runs[0].name), found others",
        remedy: "show one at a time")
    }
    let entries = runs.flatMap { Array(zip($0.document.front, $0.losses)) }
    // Stable: of equals the first run's comes first.
    let ordered = entries.enumerated().sorted {
      ($0.element.0.complexity, $0.element.1, $0.offset)
        < ($1.element.0.complexity, $1.element.1, $1.offset)
    }
    merged.front = []
    var best = Double.infinity
    for (_, (entry, loss)) in ordered where loss < best {
      best = loss
      merged.front.append(entry)
    }
    let (front, reason) = Discovery.recommending(merged.front)
    (merged.front, merged.recommendation) = (front, reason)
    merged.alternatives = alternatives(
      runs.compactMap(\.document.alternatives), beside: merged.front)
    merged.evaluations = runs.reduce(0) {
      let (sum, overflows) = $0.addingReportingOverflow($1.document.evaluations)
      return overflows ? .max : sum
    }
    let documents = runs.map(\.document)
    if Set(documents.map(\.seed)).count > 1 { merged.seed = nil }
    merged.grammar = grammar(documents.map(\.grammar))
    let isOne = documents.allSatisfy { $0.grammar == merged.grammar }
    merged.certifiedComplexity = isOne ? documents.map(\.certifiedComplexity).max() ?? 0 : 0
    return merged
  }

  /// The alternatives of several runs that are near the merged front, of one form the better.
  private static func alternatives(
    _ parts: [[AlternativeEntry]], beside front: [FrontEntry]
  ) -> [AlternativeEntry]? {
    guard !parts.isEmpty else { return nil }
    var known = Set(front.map(\.expression))
    return parts.joined().sorted { ($0.complexity, $0.trainRMSE) < ($1.complexity, $1.trainRMSE) }
      .filter { entry in
        let best = front.last { $0.complexity <= entry.complexity }?.trainRMSE ?? .infinity
        return entry.trainRMSE * entry.trainRMSE <= Discovery.nearOptimal * best * best
          && known.insert(entry.expression).inserted
      }
  }

  /// What any of several grammars has.
  static func grammar(_ grammars: [GrammarSummary]) -> GrammarSummary {
    let operators = Set(grammars.flatMap(\.operators))
    let kinds = Set(grammars.flatMap(\.parameters))
    return GrammarSummary(
      operators: Operator.allCases.map(\.name).filter(operators.contains),
      parameters: ParameterKind.allCases.map(\.rawValue).filter(kinds.contains),
      property: grammars.lazy.compactMap(\.property).first,
      known: KnownQuantity.allCases.map(\.name).filter(
        Set(grammars.flatMap { $0.known ?? [] }).contains),
      maxComplexity: grammars.map(\.maxComplexity).max() ?? 0)
  }
}

extension GrammarSummary {
  init(_ grammar: SearchOptions.Grammar, property: String?) {
    self.init(
      operators: grammar.operators.map(\.name), parameters: grammar.parameterKinds.map(\.rawValue),
      property: property, known: grammar.known.map(\.name), maxComplexity: grammar.maxComplexity)
  }
}
