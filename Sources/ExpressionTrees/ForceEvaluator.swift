import AtomicData
import CVectorKernels

/// Pair forces f = −dU/dr of one expression on a radial grid, and their derivatives by the parameters.
///
/// The tree is compiled once into a tape. What depends on no parameter is computed once per tree,
/// what depends on no distance once per evaluation, what depends on no pair type once per grid
/// point; the rest for every pair type, in blocks that stay in the first-level cache. The derivatives
/// come from one reverse sweep through U and dU/dr together (Griewank, Walther, "Evaluating
/// Derivatives", 2nd ed., SIAM 2008, chapters 3 and 5), so that their cost hardly grows with the
/// number of parameters. No call allocates.
///
/// An evaluator holds the working memory of one fit: use one per task.
public final class ForceEvaluator {
  /// Length of the force vector, with the gaps that fill up whole vectors.
  public let rowLength: Int
  /// Index of the first force of every pair type; those of its other nodes follow.
  public let offsets: [Int]
  /// Forces of each pair type; between them and the next offset stands nothing of meaning.
  public let pointCounts: [Int]

  private let pairs: [PairType]
  private let leaves: [TapeProgram.ParameterLeaf]
  private let layout: ParameterLayout
  private let kernels: VectorKernels
  private let slots: UnsafeMutableBufferPointer<TapeSlot>
  private let steps: UnsafeMutableBufferPointer<TapeStep>
  private let ranges: UnsafeMutableBufferPointer<TapeRange>
  private let numbers: AlignedNumbers
  private var tape: Tape

  /// Nodes of a block: the slots of a tree of usual size fill half of a first-level cache.
  private static let blockSize = 128

  /// - Parameters:
  ///   - tree: the potential U(r|θ).
  ///   - typeCount: types of atoms.
  ///   - pairs: the two types of every pair type, and what is known of it.
  ///   - distances: r of the grid nodes, Å, shared by the pair types.
  ///   - pointCounts: pair type t uses the first `pointCounts[t]` nodes.
  ///   - kernels: the vector instructions to use; the numbers do not depend on them.
  /// - Precondition: `pairs` and `pointCounts` are of one length, no count exceeds the nodes.
  public init(
    tree: ExpressionTree, typeCount: Int, pairs: [PairType],
    distances: [Double], pointCounts: [Int],
    kernels: VectorKernels = bestVectorKernels().pointee
  ) {
    precondition(pairs.count == pointCounts.count)
    precondition(pointCounts.allSatisfy { $0 <= distances.count })
    self.pairs = pairs
    layout = tree.layout(typeCount: typeCount)
    self.pointCounts = pointCounts
    self.kernels = kernels
    offsets = pointCounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + wholeVectors($1)) }
      .dropLast()
    rowLength = pointCounts.reduce(0) { $0 + wholeVectors($1) }

    let nodeCount = wholeVectors(distances.count)
    let blockSize = min(Self.blockSize, wholeVectors(pointCounts.max() ?? 0))
    var program = TapeProgram(
      constantLanes: wholeVectors(pairs.count), nodeCount: nodeCount, blockSize: blockSize)
    let root = program.compile(tree)
    leaves = program.leaves
    slots = .copy(of: program.slots)
    steps = .copy(of: program.orderedSteps)
    ranges = .copy(of: Self.ranges(pointCounts, offsets: offsets, blockSize: blockSize))
    numbers = AlignedNumbers(count: program.memorySize)
    let memory = numbers[]
    tape = Tape(
      slots: slots.baseAddress, steps: steps.baseAddress,
      constantCount: program.constantSteps.count, fixedCount: program.fixedSteps.count,
      sharedCount: program.fixedSteps.count + program.sharedSteps.count,
      stepCount: steps.count, ranges: ranges.baseAddress, rangeCount: ranges.count, root: root,
      constantLanes: wholeVectors(pairs.count), nodeCount: nodeCount, blockSize: blockSize,
      rowLength: rowLength, rowCount: tree.parameters.count, memory: memory)
    for (slot, literal) in program.literals {
      for lane in 0..<tape.constantLanes { memory[slots[slot].start + lane] = literal }
    }
    for (quantity, slot) in program.knownSlots {
      for (lane, pair) in pairs.enumerated() { memory[slots[slot].start + lane] = pair[quantity] }
    }
    if let slot = program.distanceSlot {
      for k in 0..<nodeCount {
        memory[slots[slot].start + k] = distances[min(k, distances.count - 1)]
        memory[slots[slot].start + nodeCount + k] = 1
      }
    }
    kernels.prepareTape(&tape)
  }

  deinit {
    slots.deallocate()
    steps.deallocate()
    ranges.deallocate()
  }

  /// The pair forces f = −dU/dr for θ, and what else is wanted.
  ///
  /// - Parameters:
  ///   - theta: the parameter values in the order of `ExpressionTree.layout(typeCount:)`.
  ///   - forces: receives `rowLength` forces, eV/Å.
  ///   - jacobian: receives a row of `rowLength` numbers for each parameter of the tree: the
  ///     derivatives of the forces by the parameter's value for their own pair type.
  ///   - energies: receives `rowLength` values of U, eV.
  ///   - energyJacobian: receives the derivatives of U as `jacobian` those of the forces.
  public func evaluate(
    theta: UnsafePointer<Double>, forces: UnsafeMutablePointer<Double>,
    jacobian: UnsafeMutablePointer<Double>? = nil, energies: UnsafeMutablePointer<Double>? = nil,
    energyJacobian: UnsafeMutablePointer<Double>? = nil
  ) {
    let memory = numbers[]
    for leaf in leaves {
      let start = slots[leaf.slot].start
      if leaf.dependsOnPair {
        for (k, pair) in pairs.enumerated() {
          memory[start + k] = layout.value(of: leaf.number, for: pair, theta)
        }
      } else {
        let value = theta[layout.ranges[leaf.number].lowerBound]
        for lane in 0..<tape.constantLanes { memory[start + lane] = value }
      }
    }
    kernels.runTape(
      &tape,
      TapeResults(
        forces: forces, forceJacobian: jacobian, energies: energies,
        energyJacobian: energyJacobian))
  }

  private static func ranges(
    _ pointCounts: [Int], offsets: [Int], blockSize: Int
  ) -> [TapeRange] {
    pointCounts.indices.flatMap { pair in
      stride(from: 0, to: pointCounts[pair], by: blockSize).map { start in
        TapeRange(
          pair: pair, start: start,
          count: wholeVectors(min(blockSize, pointCounts[pair] - start)),
          offset: offsets[pair] + start)
      }
    }
  }
}

extension UnsafeMutableBufferPointer {
  /// A copy of an array in memory of its own.
  fileprivate static func copy(of elements: [Element]) -> Self {
    let buffer = Self.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    return buffer
  }
}
