import AtomicData
import ExpressionTrees

/// Random expressions of a grammar.
struct GenomeGenerator {
  let grammar: SearchOptions.Grammar
  let typeCount: Int

  /// A random tree of about `size` genes.
  func tree(size: Int, _ random: inout RandomStream) -> [Genome.Gene] {
    let operators = grammar.operators.filter { $0.arity < size }
    guard size > 1, !operators.isEmpty else { return [leaf(&random)] }
    let operation = choice(of: operators, &random)
    if operation.arity == 1 {
      return tree(size: size - 1, &random) + [.operation(operation)]
    }
    if operation == .power {
      // Powers of r, of parameters, or of sums; the exponent mostly one leaf.
      let base = random.nextUnit() < 0.5 ? [.distance] : tree(size: size - 2, &random)
      return base + exponent(&random) + [.operation(.power)]
    }
    let left = 1 + random.nextInt(below: size - 2)
    return tree(size: left, &random) + tree(size: size - 1 - left, &random)
      + [.operation(operation)]
  }

  /// Functions a grammar has to choose between.
  var functions: [Operator] {
    grammar.operators.filter { $0.arity == 1 && $0 != .negate }
  }

  /// Share of functions where a grammar has several: many must not crowd out the operations.
  private static let functionShare = 0.3

  private func choice(of operators: [Operator], _ random: inout RandomStream) -> Operator {
    var operators = operators
    if functions.count > 1, operators.contains(where: { $0.arity == 2 }) {
      let arity = random.nextUnit() < Self.functionShare ? 1 : 2
      operators = operators.filter { $0.arity == arity }
    }
    return operators[random.nextInt(below: operators.count)]
  }

  /// A term with a coefficient: `X*g(r)` or `X/g(r)`.
  func term(size: Int, _ random: inout RandomStream) -> [Genome.Gene] {
    let body = tree(size: max(1, size - 2), &random)
    let operation: Operator = random.nextUnit() < 0.5 ? .multiply : .divide
    return [coefficient(&random)] + body + [.operation(operation)] + indication(&random)
  }

  func leaf(_ random: inout RandomStream) -> Genome.Gene {
    if random.nextUnit() < 0.5 { return .distance }
    return known(&random) ?? parameter(&random)
  }

  /// A known quantity, as often as a parameter.
  private func known(_ random: inout RandomStream) -> Genome.Gene? {
    guard !grammar.known.isEmpty, random.nextUnit() < 0.5 else { return nil }
    let number = grammar.known.count > 1 ? random.nextInt(below: grammar.known.count) : 0
    return .known(grammar.known[number])
  }

  /// What lets a term act on the pairs of one indicator alone, half of the time.
  private func indication(_ random: inout RandomStream) -> [Genome.Gene] {
    let indicators = grammar.known.filter(\.isIndicator)
    guard !indicators.isEmpty, random.nextUnit() < 0.5 else { return [] }
    return [
      .known(indicators[random.nextInt(below: indicators.count)]), .operation(.multiply),
    ]
  }

  func parameter(_ random: inout RandomStream) -> Genome.Gene {
    guard !grammar.parameterKinds.isEmpty else { return .distance }
    let kind = grammar.parameterKinds[random.nextInt(below: grammar.parameterKinds.count)]
    return parameter(kind)
  }

  private func parameter(_ kind: ParameterKind) -> Genome.Gene {
    let count = Parameter(name: "", kind: kind).valueCount(typeCount: typeCount)
    // The fit finds them.
    return .parameter(kind, Array(repeating: .nan, count: count))
  }

  /// A product or pair parameter where the grammar has them, or a known quantity: forces differ between pairs.
  func coefficient(_ random: inout RandomStream) -> Genome.Gene {
    if let known = known(&random) { return known }
    let kinds = grammar.parameterKinds.filter { $0 == .product || $0 == .pair }
    guard let first = kinds.first, random.nextUnit() < 0.85 else { return parameter(&random) }
    let kind = kinds.count == 1 ? first : kinds[random.nextInt(below: kinds.count)]
    return parameter(kind)
  }

  func exponent(_ random: inout RandomStream) -> [Genome.Gene] {
    if random.nextUnit() < 0.6 {
      let range = grammar.literalExponents
      return [.literal(range.lowerBound + random.nextInt(below: range.count))]
    }
    return [leaf(&random)]
  }
}
