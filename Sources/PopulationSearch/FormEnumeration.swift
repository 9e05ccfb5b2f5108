import AtomicData
import ExpressionTrees
import ParetoFronts

/// Every canonical form of a grammar, smallest first.
///
/// The forms of a size are listed on all threads, from the sub-expressions of the sizes below
/// (`FormLevels`), and fitted in the order of the list. A search that goes on lists them again.
struct FormEnumeration: FormSource {
  /// How far an enumeration has come.
  struct Progress: Sendable, Hashable, Codable {
    /// Every form with at most this many nodes was fitted.
    var certifiedSize = 0
    /// Forms of the next size that were fitted, or known, so far.
    var position = 0
    /// Forms listed in all sizes begun, and the last of these.
    var listed = 0
    var listedSize = 0
    /// What the forms are made of, and by which rules: others begin anew.
    var operators: [UInt8] = []
    var kinds: [String] = []
    var rules = 0
    /// What was certified of other grammars.
    var earlier: [Certificate] = []

    struct Certificate: Sendable, Hashable, Codable {
      var operators: [UInt8]
      var kinds: [String]
      var size: Int
    }

    /// Every form of a grammar with at most this many nodes was fitted.
    func certifiedSize(of grammar: SearchOptions.Grammar) -> Int {
      let own = Certificate(operators: operators, kinds: kinds, size: certifiedSize)
      return ([own] + earlier).filter {
        Set($0.operators).isSuperset(of: grammar.operators.map(\.rawValue))
          && Set($0.kinds).isSuperset(of: grammar.leafNames)
      }.map(\.size).max() ?? 0
    }

    /// Begins anew where the grammar, or the rules of this version, are others.
    mutating func adopt(_ grammar: SearchOptions.Grammar) {
      let operators = grammar.operators.map(\.rawValue).sorted()
      let kinds = grammar.leafNames.sorted()
      guard self.operators != operators || self.kinds != kinds || rules != FormLevels.rulesVersion
      else { return }
      var earlier = rules == FormLevels.rulesVersion ? earlier : []
      if rules == FormLevels.rulesVersion, certifiedSize > 0 {
        earlier.append(
          Certificate(operators: self.operators, kinds: self.kinds, size: certifiedSize))
      }
      self = Progress(
        operators: operators, kinds: kinds, rules: FormLevels.rulesVersion, earlier: earlier)
    }
  }

  private let grammar: SearchOptions.Grammar
  private let threads: Int
  private var levels: FormLevels?
  /// Of the size that is enumerated, rising.
  private(set) var forms: [PackedForm] = []

  /// Forms fitted between two barriers: a list gives no reason to wait for results.
  static let batchFactor = 16

  init(options: SearchOptions) {
    grammar = options.grammar
    threads = options.threads
    levels =
      grammar.parameterKinds.isEmpty
      ? nil
      : FormLevels(
        operators: grammar.operators, kinds: grammar.parameterKinds,
        known: grammar.known)
  }

  private var largestSize: Int { min(grammar.maxComplexity, PackedForm.maximumNodeCount) }

  /// Whether all forms that can be listed were.
  func isComplete(_ progress: Progress) -> Bool {
    levels == nil || progress.certifiedSize >= largestSize
  }

  /// Lists the forms of the size that comes next, where that was not done yet.
  mutating func prepare(_ progress: inout Progress) async {
    guard !isComplete(progress), var levels else { return }
    // Forms of U may turn out to be smaller than the sub-expression they come from.
    while levels.nextSize <= progress.certifiedSize + 1, !Task.isCancelled {
      let found = await levels.pieces().mapInParallel(threads: threads) { [levels] in
        Task.isCancelled ? [] : levels.subexpressions($0)
      }
      let level = Self.unique(found)
      forms = await Self.potentials(level, levels, threads: threads)
      if levels.nextSize > progress.listedSize {
        progress.listed += forms.count
        progress.listedSize = levels.nextSize
      }
      levels.append(level)
    }
    self.levels = levels
  }

  private static func potentials(
    _ level: [PackedForm], _ levels: FormLevels, threads: Int
  ) async -> [PackedForm] {
    let step = 2_000
    let ranges = stride(from: 0, to: level.count, by: step).map {
      $0..<min($0 + step, level.count)
    }
    return unique(
      await ranges.mapInParallel(threads: threads) { range in
        Task.isCancelled ? [] : level[range].compactMap(levels.potential)
      })
  }

  private static func unique(_ parts: [[PackedForm]]) -> [PackedForm] {
    var result: [PackedForm] = []
    for form in parts.joined().sorted() where form != result.last { result.append(form) }
    return result
  }

  mutating func batch(
    size: Int, state: inout SearchState, record: some SearchRecord
  ) async throws -> [Proposal] {
    var batch: [Proposal] = []
    while batch.isEmpty, !isComplete(state.enumeration), !Task.isCancelled {
      await prepare(&state.enumeration)
      // A list that was cut short is none; one of another version may be shorter.
      guard !Task.isCancelled else { return [] }
      let start = min(state.enumeration.position, forms.count)
      let next = forms[start..<min(start + size, forms.count)].map(\.tree)
      state.enumeration.position = start + next.count
      batch = zip(next, try record.areKnown(next)).compactMap { tree, isKnown in
        isKnown ? nil : Proposal(origin: CandidateOrigin(.enumeration), tree: tree)
      }
      if state.enumeration.position == forms.count {
        state.enumeration.certifiedSize += 1
        state.enumeration.position = 0
      }
    }
    return batch
  }

  /// Whether a form was enumerated.
  ///
  /// A whole exponent of r is a value of a free global one.
  func holds(_ tree: ExpressionTree, _ progress: Progress) -> Bool {
    guard tree.nodeCount <= progress.certifiedSize + 1,
      let form = PackedForm(
        grammar.parameterKinds.contains(.global) ? tree.withFreeExponentsOfDistance : tree)
    else { return false }
    if form.nodeCount <= progress.certifiedSize { return true }
    guard progress.position > 0, form.nodeCount == progress.certifiedSize + 1 else { return false }
    var (low, high) = (0, min(progress.position, forms.count))
    while low < high {
      let middle = (low + high) / 2
      if forms[middle] < form { low = middle + 1 } else { high = middle }
    }
    return low < min(progress.position, forms.count) && forms[low] == form
  }
}

extension SearchOptions.Grammar {
  /// The kinds of parameters, and the known quantities.
  fileprivate var leafNames: [String] {
    parameterKinds.map(\.rawValue) + known.map { $0 == .property ? "property" : $0.name }
  }
}

extension ExpressionTree {
  /// r^n as r^a.
  fileprivate var withFreeExponentsOfDistance: ExpressionTree {
    var parameters = parameters
    var nodes = nodes
    for position in nodes.indices.dropFirst(2) where nodes[position] == .operation(.power) {
      guard case .literal = nodes[position - 1], nodes[position - 2] == .distance else { continue }
      nodes[position - 1] = .parameter(parameters.count)
      parameters.append(Parameter(name: "p\(parameters.count)", kind: .global))
    }
    return ExpressionTree(nodes: nodes, parameters: parameters)
  }
}
