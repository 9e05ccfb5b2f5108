import AtomicData
import CVectorKernels
import Testing

/// The products with small dense matrices, against plain sums, for every shape of tile.
struct DenseTests {
  @Test("matrix times vectors equals plain sums, at every level with the same bits")
  func products() {
    for seed in 0..<120 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let rows = 8 * (1 + random.nextInt(below: 20))
      let columns = 1 + random.nextInt(below: 30)
      let count = 1 + random.nextInt(below: 9)
      let stride = columns + random.nextInt(below: 4)
      func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.nextUnit() - 0.5 } }
      let (matrix, vectors) = (numbers(rows * columns), numbers(stride * count))
      let start = numbers(rows * count)
      var expected = start
      for v in 0..<count {
        for k in 0..<columns {
          for i in 0..<rows {
            expected[v * rows + i] += matrix[k * rows + i] * vectors[v * stride + k]
          }
        }
      }
      let results = LevelTests.kernels.map { kernels in
        var out = start
        kernels.multiplyAdd(matrix, rows, rows, columns, vectors, stride, count, &out, rows)
        return out
      }
      for (found, plain) in zip(results[0], expected) {
        #expect(abs(found - plain) <= 1e-14 * Double(columns), "seed \(seed)")
      }
      for result in results.dropFirst() { #expect(result == results[0], "seed \(seed)") }
    }
  }

  @Test("sums of products equal plain sums, at every level with the same bits")
  func sums() {
    for seed in 0..<120 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let rows = 8 * random.nextInt(below: 20)
      let count = 1 + random.nextInt(below: 9)
      let columns = (0..<(rows * count)).map { _ in random.nextUnit() - 0.5 }
      let vector = (0..<rows).map { _ in random.nextUnit() - 0.5 }
      let results = LevelTests.kernels.map { kernels in
        var out = Array(repeating: 0.0, count: count)
        kernels.dotProducts(columns, rows, count, vector, rows, &out)
        return out
      }
      for j in 0..<count {
        let plain = (0..<rows).reduce(0) { $0 + columns[j * rows + $1] * vector[$1] }
        #expect(abs(results[0][j] - plain) <= 1e-14 * Double(rows + 1), "seed \(seed)")
      }
      for result in results.dropFirst() { #expect(result == results[0], "seed \(seed)") }
    }
  }
}
