/// Products of a few dense rows, for atoms with many neighbours.
///
/// `rowCount` rows are kept in panels of `width` columns: panel p holds columns 4p…4p+3 of row 0,
/// then of row 1, and so on. The product of two panels then reads memory in one direction only and
/// keeps its 4×4 sums in registers.
enum DensePanels {
  static let width = 4
  /// Rows collected before they are multiplied; a multiple of 3.
  static let rowCount = 48

  static func makeRows(stride: Int) -> [Double] {
    Array(repeating: 0, count: rowCount * stride)
  }

  /// Moves a row into place `index` of the panels, scaled, and leaves zeros behind.
  @inline(__always)
  static func moveRow(
    _ row: UnsafeMutablePointer<Double>, stride: Int, scale: Double,
    to panels: UnsafeMutablePointer<Double>, at index: Int
  ) {
    for panel in 0..<stride / width {
      let values = load4(row + panel * width) * scale
      store4(values, to: panels + (panel * rowCount + index) * width)
    }
    row.update(repeating: 0, count: stride)
  }

  /// `matrix` += RᵀR above the diagonal panels, ½ RᵀR on them.
  static func addProducts(
    of panels: UnsafeMutablePointer<Double>, stride: Int, to matrix: UnsafeMutablePointer<Double>
  ) {
    let panelCount = stride / width
    for i in 0..<panelCount {
      let left = UnsafePointer(panels + i * rowCount * width)
      for j in i..<panelCount {
        let right = UnsafePointer(panels + j * rowCount * width)
        var (s0, s1) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var (s2, s3) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        for row in 0..<rowCount {
          let l = left + row * width
          let r = load4(right + row * width)
          s0 += l[0] * r
          s1 += l[1] * r
          s2 += l[2] * r
          s3 += l[3] * r
        }
        let scale = i == j ? 0.5 : 1
        let block = matrix + i * width * stride + j * width
        store4(load4(block) + scale * s0, to: block)
        store4(load4(block + stride) + scale * s1, to: block + stride)
        store4(load4(block + 2 * stride) + scale * s2, to: block + 2 * stride)
        store4(load4(block + 3 * stride) + scale * s3, to: block + 3 * stride)
      }
    }
  }
}

/// Stores four consecutive numbers, at any alignment.
@inline(__always)
func store4(_ values: SIMD4<Double>, to pointer: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: SIMD4<Double>.self)
}
