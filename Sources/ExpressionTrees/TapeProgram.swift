import AtomicData
import CVectorKernels

/// An expression as the steps of a tape, with a slot for each leaf and each result.
///
/// A power of what depends on the distance alone, or not at all, becomes the exponential of a multiple
/// of its logarithm, and a division by the former the multiplication by its reciprocal: both are then
/// computed once.
struct TapeProgram {
  struct ParameterLeaf {
    /// Of the parameter in the tree.
    let number: Int
    let dependsOnPair: Bool
    let slot: Int
  }

  private let constantLanes: Int
  private let nodeCount: Int
  private let blockSize: Int
  private(set) var slots: [TapeSlot] = []
  private(set) var constantSteps: [TapeStep] = []
  /// On shared slots without a parameter.
  private(set) var fixedSteps: [TapeStep] = []
  private(set) var sharedSteps: [TapeStep] = []
  private(set) var blockSteps: [TapeStep] = []
  private(set) var leaves: [ParameterLeaf] = []
  private(set) var literals: [(slot: Int, value: Double)] = []
  private(set) var distanceSlot: Int?
  private(set) var knownSlots: [(quantity: KnownQuantity, slot: Int)] = []
  private(set) var memorySize = 0
  /// The slots whose numbers differ between pair types.
  private var pairDependent: Set<Int> = []

  init(constantLanes: Int, nodeCount: Int, blockSize: Int) {
    self.constantLanes = constantLanes
    self.nodeCount = nodeCount
    self.blockSize = blockSize
  }

  /// The steps in an order in which they can run, with the marks the reverse sweep needs.
  var orderedSteps: [TapeStep] {
    var steps = constantSteps + fixedSteps + sharedSteps + blockSteps
    var isMet = Array(repeating: false, count: slots.count)
    for k in steps.indices.reversed() {
      let (left, right) = (Int(steps[k].left), Int(steps[k].right))
      steps[k].leftIsFirst = isMet[left] ? 0 : 1
      isMet[left] = true
      steps[k].rightIsFirst = isMet[right] ? 0 : 1
      isMet[right] = true
    }
    return steps
  }

  /// Adds the steps of a tree; the slot of U.
  mutating func compile(_ tree: ExpressionTree) -> Int {
    var slotOfParameter: [Int: Int] = [:]
    var stack: [(slot: Int, literal: Int?)] = []
    for node in tree.nodes {
      switch node {
      case .distance:
        let slot = distanceSlot ?? addSlot(TapeShared, isVariable: false)
        distanceSlot = slot
        stack.append((slot, nil))
      case .literal(let value):
        stack.append((addLiteral(Double(value)), value))
      case .known(let quantity):
        if let known = knownSlots.first(where: { $0.quantity == quantity }) {
          stack.append((known.slot, nil))
          continue
        }
        let slot = addSlot(TapeConstant, isVariable: false)
        knownSlots.append((quantity, slot))
        pairDependent.insert(slot)
        stack.append((slot, nil))
      case .parameter(let number):
        if let slot = slotOfParameter[number] {
          stack.append((slot, nil))
          continue
        }
        let slot = addSlot(TapeConstant, isVariable: true, row: number)
        slotOfParameter[number] = slot
        let dependsOnPair = tree.parameters[number].kind.dependsOnPair
        if dependsOnPair { pairDependent.insert(slot) }
        leaves.append(
          ParameterLeaf(number: number, dependsOnPair: dependsOnPair, slot: slot))
        stack.append((slot, nil))
      case .operation(let operation):
        let right = stack.removeLast()
        let left = operation.arity == 1 ? right : stack.removeLast()
        stack.append((add(operation, left.slot, right.slot, exponent: right.literal), nil))
      }
    }
    return stack[0].slot
  }

  private mutating func add(
    _ operation: Operator, _ left: Int, _ right: Int, exponent: Int?
  ) -> Int {
    switch operation {
    case .add: return addStep(TapeAdd, left, right)
    case .subtract: return addStep(TapeSubtract, left, right)
    case .multiply: return addStep(TapeMultiply, left, right)
    case .divide where isFixed(right):
      let reciprocal = addStep(TapeDivide, addLiteral(1), right)
      return addStep(TapeMultiply, left, reciprocal)
    case .divide: return addStep(TapeDivide, left, right)
    case .power:
      if let exponent, exponent > 0 { return addStep(TapeWholePower, left, left, exponent) }
      let isConstantBase = slots[left].extent == TapeConstant.rawValue
      guard isFixed(left) || isConstantBase && slots[right].extent != TapeConstant.rawValue else {
        return addStep(TapePower, left, right)
      }
      let logarithm = addStep(TapeLog, left, left)
      let multiple = addStep(TapeMultiply, right, logarithm)
      return addStep(TapeExp, multiple, multiple)
    case .inverse: return addStep(TapeDivide, addLiteral(1), right)
    case .square: return addStep(TapeWholePower, right, right, 2)
    case .exp: return addStep(TapeExp, right, right)
    case .negate: return addStep(TapeNegate, right, right)
    case .sqrt: return addStep(TapeSquareRoot, right, right)
    case .log: return addStep(TapeLog, right, right)
    case .tanh: return addStep(TapeTanh, right, right)
    case .erf: return addStep(TapeErf, right, right)
    case .erfc: return addStep(TapeErfc, right, right)
    case .gauss: return addStep(TapeGauss, right, right)
    }
  }

  /// Whether a slot depends on the distance and on nothing else.
  private func isFixed(_ slot: Int) -> Bool {
    slots[slot].isVariable == 0 && slots[slot].extent == TapeShared.rawValue
  }

  private mutating func addLiteral(_ value: Double) -> Int {
    let slot = addSlot(TapeConstant, isVariable: false)
    literals.append((slot, value))
    return slot
  }

  private mutating func addStep(
    _ operation: TapeOperation, _ left: Int, _ right: Int, _ exponent: Int = 0
  ) -> Int {
    let isVariable = slots[left].isVariable != 0 || slots[right].isVariable != 0
    let result = addSlot(extent(of: left, right), isVariable: isVariable)
    if pairDependent.contains(left) || pairDependent.contains(right) {
      pairDependent.insert(result)
    }
    let step = TapeStep(
      operation: UInt8(operation.rawValue), leftIsFirst: 0, rightIsFirst: 0,
      exponent: UInt32(clamping: exponent), left: UInt32(left), right: UInt32(right),
      result: UInt32(result))
    switch TapeExtent(UInt32(slots[result].extent)) {
    case TapeConstant: constantSteps.append(step)
    case TapeBlock: blockSteps.append(step)
    default: if isVariable { sharedSteps.append(step) } else { fixedSteps.append(step) }
    }
    return result
  }

  private func extent(of left: Int, _ right: Int) -> TapeExtent {
    let extents = [left, right].map { TapeExtent(UInt32(slots[$0].extent)) }
    if extents == [TapeConstant, TapeConstant] { return TapeConstant }
    let dependsOnPairType = pairDependent.contains(left) || pairDependent.contains(right)
    return dependsOnPairType ? TapeBlock : TapeShared
  }

  private mutating func addSlot(
    _ extent: TapeExtent, isVariable: Bool, row: Int? = nil
  ) -> Int {
    let isConstant = extent == TapeConstant
    let length = extent == TapeShared ? nodeCount : blockSize
    let size = isConstant ? constantLanes : Self.arraysPerSlot * length
    slots.append(
      TapeSlot(
        extent: UInt8(extent.rawValue), isVariable: isVariable ? 1 : 0, row: Int32(row ?? -1),
        start: memorySize, adjoint: memorySize + size))
    memorySize += size + (isVariable ? (isConstant ? 1 : 2) * blockSize : 0)
    return slots.count - 1
  }

  /// Values, slopes, and two that the reverse sweep takes up.
  private static let arraysPerSlot = 4
}
