import AtomicData
import CVectorKernels

/// The loss of a pair force as a sum of few squares, for methods of Gauss–Newton type.
///
/// In units of the loss of U = 0, loss = |R f − d|² + remainder with R (rank×n) a factor of the
/// statistics' G, so that small losses keep their digits: the squares do not cancel as fᵀGf − 2bᵀf + c
/// does. R comes from a Cholesky factorization of G with complete pivoting that stops at the rank
/// (Higham, "Analysis of the Cholesky decomposition of a semi-definite matrix", 1990), turned by
/// Householder reflections into an upper trapezoid: a product with the forces of one pair type needs
/// the rows down to its last node alone.
///
/// Forces lie in rows as `ForceEvaluator` writes them: pair type t from `offsets[t]` on, at a whole
/// vector of eight.
public struct ReducedStatistics: Sendable {
  /// Length of the residual.
  public let rank: Int
  /// `rank` rounded up to whole vectors; what follows the rank is zero.
  public let rowCount: Int
  /// What no pair force explains on this grid, in units of the loss of U = 0.
  public let remainder: Double
  public let offsets: [Int]

  private let blocks: [Block]
  /// The blocks of R one behind the other, column by column.
  private let matrix: AlignedNumbers
  private let target: AlignedNumbers
  private let kernels: VectorKernels

  /// The columns of one pair type.
  private struct Block {
    let start: Int
    let rowCount: Int
    let columnCount: Int
  }

  /// Share of a node's diagonal element of G left over at which the rest counts as rounding.
  private static let rankTolerance = 1e-13

  /// - Parameters:
  ///   - statistics: G, b and c.
  ///   - grid: the one that they are for.
  ///   - kernels: the vector instructions to use; the numbers do not depend on them.
  public init(
    _ statistics: SufficientStatistics, grid: RadialGrid,
    kernels: VectorKernels = bestVectorKernels().pointee
  ) {
    var factor = TrapezoidalFactor(
      gram: statistics.gram, projection: statistics.projection, tolerance: Self.rankTolerance,
      kernels: kernels)
    let explained = factor.target.reduce(0) { $0 + $1 * $1 }
    remainder = max(0, (statistics.squareSum - explained) / statistics.squareSum)
    factor.triangulate()
    let unit = 1 / statistics.squareSum.squareRoot()
    rank = factor.rank
    rowCount = factor.rowStride
    target = Self.aligned(factor.target.map { $0 * unit })
    var (blocks, matrix, offsets, offset) = ([Block](), [Double](), [Int](), 0)
    for (start, count) in zip(grid.offsets, grid.pointCounts) {
      let rows = wholeVectors(min(factor.rank, start + count))
      blocks.append(Block(start: matrix.count, rowCount: rows, columnCount: count))
      for column in start..<(start + count) {
        matrix += factor.column(column).prefix(rows).map { $0 * unit }
      }
      offsets.append(offset)
      offset += wholeVectors(count)
    }
    (self.blocks, self.offsets, self.kernels) = (blocks, offsets, kernels)
    self.matrix = Self.aligned(matrix)
  }

  private static func aligned(_ values: [Double]) -> AlignedNumbers {
    let numbers = AlignedNumbers(count: values.count)
    numbers[].update(from: values, count: values.count)
    return numbers
  }

  /// R f − d.
  ///
  /// - Parameters:
  ///   - forces: a row of forces, eV/Å.
  ///   - residual: receives `rowCount` numbers.
  public func residual(
    of forces: UnsafePointer<Double>, into residual: UnsafeMutablePointer<Double>
  ) {
    for k in 0..<rowCount { residual[k] = -target[][k] }
    for pair in blocks.indices {
      addProducts(ofPairType: pair, forces + offsets[pair], stride: 0, count: 1, to: residual)
    }
  }

  /// Adds R times the forces of one pair type alone, for several forces.
  ///
  /// - Parameters:
  ///   - pair: number of the pair type.
  ///   - forces: those of the pair type.
  ///   - stride: from the start of one vector of forces to that of the next.
  ///   - count: vectors.
  ///   - products: `count` vectors of `rowCount` numbers.
  public func addProducts(
    ofPairType pair: Int, _ forces: UnsafePointer<Double>, stride: Int, count: Int,
    to products: UnsafeMutablePointer<Double>
  ) {
    let block = blocks[pair]
    kernels.multiplyAdd(
      matrix[] + block.start, block.rowCount, block.rowCount, block.columnCount, forces, stride,
      count, products, rowCount)
  }

  /// Rows of R that a pair type's forces reach, whole vectors of eight.
  public func rowCount(ofPairType pair: Int) -> Int { blocks[pair].rowCount }

  /// Rᵀ times a residual: half the derivatives of the loss by the forces.
  ///
  /// - Parameters:
  ///   - residual: `rowCount` numbers.
  ///   - slopes: receives a row of forces; the gaps are left as they are.
  public func transposedProduct(
    with residual: UnsafePointer<Double>, into slopes: UnsafeMutablePointer<Double>
  ) {
    for (block, offset) in zip(blocks, offsets) {
      kernels.dotProducts(
        matrix[] + block.start, block.rowCount, block.columnCount, residual, block.rowCount,
        slopes + offset)
    }
  }
}
