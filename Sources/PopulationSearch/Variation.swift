import AtomicData
import ExpressionTrees

/// Crossover and mutations that know what a potential is made of: terms, coefficients, exponents.
struct Variation {
  let generator: GenomeGenerator
  /// Whether forces must vanish at the cutoff by themselves.
  let mendsCutoff: Bool

  private var grammar: SearchOptions.Grammar { generator.grammar }

  // MARK: Crossover

  /// A random subtree of `recipient` replaced by one of `donor`, or a term of `donor` added.
  func crossover(_ recipient: Genome, _ donor: Genome, _ random: inout RandomStream) -> Genome {
    if random.nextUnit() < 0.4 { return joiningTerms(recipient, donor, &random) }
    return exchangingSubtree(recipient, donor, &random).withLiteralsAsExponentsOnly
  }

  private func exchangingSubtree(
    _ recipient: Genome, _ donor: Genome, _ random: inout RandomStream
  ) -> Genome {
    let target = recipient.subtree(endingAt: random.nextInt(below: recipient.genes.count))
    let source = donor.subtree(endingAt: random.nextInt(below: donor.genes.count))
    return recipient.replacing(target, with: Array(donor.genes[source]))
  }

  /// `recipient` plus or minus one term of `donor`.
  private func joiningTerms(
    _ recipient: Genome, _ donor: Genome, _ random: inout RandomStream
  ) -> Genome {
    let roots = donor.termRoots
    let range = donor.subtree(endingAt: roots[random.nextInt(below: roots.count)])
    return Genome(recipient.genes + donor.genes[range] + [sign(&random)])
  }

  // MARK: Mutation

  func mutated(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    mutatedFreely(genome, &random).withLiteralsAsExponentsOnly
  }

  private func mutatedFreely(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let draw = random.nextUnit()
    if mendsCutoff, draw < 0.12 { return mendingCutoff(genome, &random) }
    switch random.nextInt(below: 16) {
    case 0...2: return addingTerm(genome, &random)
    case 3...4: return removingTerm(genome, &random)
    case 5...6: return replacingSubtree(genome, &random)
    case 7...8: return replacingLeaf(genome, &random)
    case 9...10: return replacingOperator(genome, &random)
    case 11...12: return insertingOperator(genome, &random)
    case 13: return deletingOperator(genome, &random)
    case 14: return changingExponent(genome, &random)
    default: return scalingTerm(genome, &random)
    }
  }

  private func sign(_ random: inout RandomStream) -> Genome.Gene {
    .operation(random.nextUnit() < 0.5 ? .add : .subtract)
  }

  private func smallSize(_ random: inout RandomStream) -> Int { 1 + random.nextInt(below: 6) }

  private func addingTerm(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let term = generator.term(size: 2 + smallSize(&random), &random)
    return Genome(genome.genes + term + [sign(&random)])
  }

  private func removingTerm(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let sums = genome.genes.indices.filter {
      if case .operation(let operation) = genome.genes[$0] {
        operation == .add || operation == .subtract
      } else {
        false
      }
    }
    guard !sums.isEmpty else { return replacingSubtree(genome, &random) }
    return keepingOneOperand(genome, sums[random.nextInt(below: sums.count)], &random)
  }

  private func keepingOneOperand(
    _ genome: Genome, _ position: Int, _ random: inout RandomStream
  ) -> Genome {
    let operands = genome.operands(of: position)
    let kept = genome.subtree(endingAt: operands[random.nextInt(below: operands.count)])
    return genome.replacing(
      genome.subtree(endingAt: position), with: Array(genome.genes[kept]))
  }

  private func replacingSubtree(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let range = genome.subtree(endingAt: random.nextInt(below: genome.genes.count))
    return genome.replacing(range, with: generator.tree(size: smallSize(&random), &random))
  }

  private func replacingLeaf(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let leaves = genome.genes.indices.filter { genome.genes[$0].arity == 0 }
    let position = leaves[random.nextInt(below: leaves.count)]
    var result = genome
    if case .literal = genome.genes[position] {
      result.genes.replaceSubrange(position...position, with: generator.exponent(&random))
    } else {
      result.genes[position] = generator.leaf(&random)
    }
    return result
  }

  private func replacingOperator(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let functions = generator.functions
    let positions = genome.genes.indices.filter {
      genome.genes[$0].arity == 2 || functions.count > 1 && genome.genes[$0].arity == 1
    }
    guard !positions.isEmpty else { return insertingOperator(genome, &random) }
    let position = positions[random.nextInt(below: positions.count)]
    if genome.genes[position].arity == 1 {
      var result = genome
      result.genes[position] = .operation(functions[random.nextInt(below: functions.count)])
      return result
    }
    // A literal stands only as an exponent.
    if case .literal = genome.genes[position - 1] { return changingExponent(genome, &random) }
    let choices = grammar.operators.filter { $0.arity == 2 }
    guard !choices.isEmpty else { return deletingOperator(genome, &random) }
    var result = genome
    result.genes[position] = .operation(choices[random.nextInt(below: choices.count)])
    return result
  }

  private func insertingOperator(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let position = random.nextInt(below: genome.genes.count)
    if case .literal = genome.genes[position] { return changingExponent(genome, &random) }
    let range = genome.subtree(endingAt: position)
    let inner = Array(genome.genes[range])
    let operation = grammar.operators[random.nextInt(below: grammar.operators.count)]
    if operation.arity == 1 {
      return genome.replacing(range, with: inner + [.operation(operation)])
    }
    if operation == .power {
      return genome.replacing(
        range, with: inner + generator.exponent(&random) + [.operation(.power)])
    }
    let other = generator.tree(size: 1 + random.nextInt(below: 3), &random)
    let isFirst = random.nextUnit() < 0.5
    return genome.replacing(
      range, with: (isFirst ? inner + other : other + inner) + [.operation(operation)])
  }

  private func deletingOperator(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let positions = genome.genes.indices.filter { genome.genes[$0].arity > 0 }
    guard !positions.isEmpty else { return insertingOperator(genome, &random) }
    let position = positions[random.nextInt(below: positions.count)]
    if case .literal = genome.genes[position - 1] {
      let base = genome.subtree(endingAt: genome.operands(of: position)[0])
      return genome.replacing(
        genome.subtree(endingAt: position), with: Array(genome.genes[base]))
    }
    return keepingOneOperand(genome, position, &random)
  }

  private func changingExponent(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let positions = genome.genes.indices.filter {
      if case .operation(.power) = genome.genes[$0] { true } else { false }
    }
    guard !positions.isEmpty else { return insertingPower(genome, &random) }
    let position = positions[random.nextInt(below: positions.count)]
    let exponent = genome.subtree(endingAt: position - 1)
    if exponent.count == 1, case .literal(let value) = genome.genes[position - 1],
      random.nextUnit() < 0.5
    {
      let range = grammar.literalExponents
      let next = min(
        max(value + (random.nextUnit() < 0.5 ? -1 : 1), range.lowerBound), range.upperBound)
      return genome.replacing(exponent, with: [.literal(next)])
    }
    return genome.replacing(exponent, with: generator.exponent(&random))
  }

  private func insertingPower(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let positions = genome.genes.indices.filter {
      if case .distance = genome.genes[$0] { true } else { false }
    }
    guard !positions.isEmpty, grammar.operators.contains(.power) else {
      return replacingSubtree(genome, &random)
    }
    let position = positions[random.nextInt(below: positions.count)]
    return genome.replacing(
      position..<(position + 1),
      with: [.distance] + generator.exponent(&random) + [.operation(.power)])
  }

  /// One term multiplied or divided by something small.
  private func scalingTerm(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let roots = genome.termRoots
    let range = genome.subtree(endingAt: roots[random.nextInt(below: roots.count)])
    let factor = generator.tree(size: smallSize(&random), &random)
    let operation: Operator = random.nextUnit() < 0.5 ? .multiply : .divide
    return genome.replacing(
      range, with: Array(genome.genes[range]) + factor + [.operation(operation)])
  }

  /// `u` → `u + a*r` somewhere: the force of `a*r` is constant and can cancel that at the cutoff.
  private func mendingCutoff(_ genome: Genome, _ random: inout RandomStream) -> Genome {
    let position = random.nextInt(below: genome.genes.count)
    if case .literal = genome.genes[position] { return changingExponent(genome, &random) }
    let range = genome.subtree(endingAt: position)
    let inner = Array(genome.genes[range])
    let line: [Genome.Gene] = [generator.parameter(&random), .distance, .operation(.multiply)]
    return genome.replacing(range, with: inner + line + [.operation(.add)])
  }
}
