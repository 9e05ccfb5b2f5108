/// Pair forces f = −dU/dr of one expression on a radial grid, and their derivatives by θ.
///
/// The tree is compiled once into instructions on slots. What depends on no distance is computed
/// once per evaluation, what depends on no pair type once per grid point; the rest for every pair
/// type. The gradient is one reverse sweep through U and dU/dr together (Griewank, Walther,
/// "Evaluating Derivatives", 2nd ed., SIAM 2008, chapters 3 and 5), so that its cost does not grow
/// with the number of parameters. No call allocates.
///
/// An evaluator holds the working memory of one fit: use one per task.
public final class ForceEvaluator {
  /// Length of θ.
  public let parameterCount: Int
  /// Length of the force vector: all pair types one after the other, see `offsets`.
  public let forceCount: Int

  let instructions: [Instruction]
  let slots: [Slot]
  let segments: [Segment]
  let pairCount: Int
  let nodeCount: Int
  let pairs: [(first: Int, second: Int)]
  let offsets: [Int]
  let leaves: [ParameterLeaf]
  /// Values, derivatives by r, and the adjoints of both, of every slot.
  let values: UnsafeMutablePointer<Double>
  let slopes: UnsafeMutablePointer<Double>
  let valueAdjoints: UnsafeMutablePointer<Double>
  let slopeAdjoints: UnsafeMutablePointer<Double>
  private let storage: UnsafeMutablePointer<Double>

  /// On what the value of a slot depends, and thus how many numbers it has.
  enum Extent: Int, Comparable {
    /// One number.
    case scalar
    /// One number per pair type.
    case perPair
    /// One number per grid node.
    case perNode
    /// One number per grid node of every pair type.
    case perPairAndNode

    static func < (a: Extent, b: Extent) -> Bool { a.rawValue < b.rawValue }

    /// Extent of an operation on two operands.
    static func joining(_ a: Extent, _ b: Extent) -> Extent {
      let dependsOnPair = [a, b].contains { $0 == .perPair || $0 == .perPairAndNode }
      let dependsOnNode = max(a, b) >= .perNode
      switch (dependsOnPair, dependsOnNode) {
      case (false, false): return .scalar
      case (true, false): return .perPair
      case (false, true): return .perNode
      case (true, true): return .perPairAndNode
      }
    }
  }

  struct Slot {
    let extent: Extent
    let start: Int
  }

  struct Instruction {
    enum Operation {
      case add, subtract, multiply, divide, power
      case wholePower(Int)
      case exp, negate
    }
    let operation: Operation
    let left: Int
    /// Equals `left` for one operand.
    let right: Int
    let result: Int
  }

  struct ParameterLeaf {
    let kind: ParameterKind
    let thetaStart: Int
    let slot: Int
  }

  /// The grid nodes of one pair type.
  struct Segment {
    let start: Int
    let count: Int
  }

  /// - Parameters:
  ///   - pairs: the two types of every pair type.
  ///   - distances: r of the grid nodes, Å, shared by the pair types.
  ///   - pointCounts: pair type t uses the first `pointCounts[t]` nodes.
  /// - Precondition: `pairs` and `pointCounts` are of one length, no count exceeds the nodes.
  public init(
    tree: ExpressionTree, typeCount: Int, pairs: [(first: Int, second: Int)],
    distances: [Double], pointCounts: [Int]
  ) {
    precondition(pairs.count == pointCounts.count)
    precondition(pointCounts.allSatisfy { $0 <= distances.count })
    self.pairs = pairs
    pairCount = pairs.count
    nodeCount = distances.count
    var segments: [Segment] = []
    var total = 0
    for count in pointCounts {
      segments.append(Segment(start: total, count: count))
      total += count
    }
    self.segments = segments
    offsets = segments.map(\.start)
    forceCount = total
    let layout = tree.layout(typeCount: typeCount)
    parameterCount = layout.count

    var program = Program(
      sizes: [1, pairs.count, distances.count, total])
    program.compile(tree, layout: layout)
    instructions = program.instructions
    slots = program.slots
    leaves = program.leaves

    storage = .allocate(capacity: 4 * program.size)
    storage.initialize(repeating: 0, count: 4 * program.size)
    values = storage
    slopes = storage + program.size
    valueAdjoints = storage + 2 * program.size
    slopeAdjoints = storage + 3 * program.size
    for (slot, literal) in program.literals { values[slots[slot].start] = literal }
    if let slot = program.distanceSlot {
      for (k, distance) in distances.enumerated() {
        values[slots[slot].start + k] = distance
        slopes[slots[slot].start + k] = 1
      }
    }
  }

  deinit { storage.deallocate() }

  /// The tree as instructions, with one slot for each leaf and each result.
  private struct Program {
    let sizes: [Int]
    var instructions: [Instruction] = []
    var slots: [Slot] = []
    var leaves: [ParameterLeaf] = []
    var literals: [(slot: Int, value: Double)] = []
    var distanceSlot: Int?
    var size = 0

    init(sizes: [Int]) { self.sizes = sizes }

    mutating func compile(_ tree: ExpressionTree, layout: ParameterLayout) {
      var slotOfParameter: [Int: Int] = [:]
      var stack: [(slot: Int, literal: Int?)] = []
      for node in tree.nodes {
        switch node {
        case .distance:
          let slot = distanceSlot ?? addSlot(.perNode)
          distanceSlot = slot
          stack.append((slot, nil))
        case .literal(let value):
          let slot = addSlot(.scalar)
          literals.append((slot, Double(value)))
          stack.append((slot, value))
        case .parameter(let number):
          let kind = tree.parameters[number].kind
          let slot = slotOfParameter[number] ?? addSlot(kind == .global ? .scalar : .perPair)
          if slotOfParameter.updateValue(slot, forKey: number) == nil {
            leaves.append(
              ParameterLeaf(
                kind: kind, thetaStart: layout.ranges[number].lowerBound, slot: slot))
          }
          stack.append((slot, nil))
        case .operation(let operation):
          let right = stack.removeLast()
          let left = operation.arity == 1 ? right : stack.removeLast()
          let result = addSlot(.joining(slots[left.slot].extent, slots[right.slot].extent))
          instructions.append(
            Instruction(
              operation: Self.translated(operation, exponent: right.literal),
              left: left.slot, right: right.slot, result: result))
          stack.append((result, nil))
        }
      }
    }

    private mutating func addSlot(_ extent: Extent) -> Int {
      slots.append(Slot(extent: extent, start: size))
      size += sizes[extent.rawValue]
      return slots.count - 1
    }

    private static func translated(
      _ operation: Operator, exponent: Int?
    ) -> Instruction.Operation {
      switch operation {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .power: exponent.map { .wholePower($0) } ?? .power
      case .exp: .exp
      case .negate: .negate
      }
    }
  }
}
