import AtomicData

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A rotation in space, as a unit quaternion w + xi + yj + zk.
public struct Rotation: Sendable, Hashable {
  private let w: Double
  private let axis: SIMD3<Double>

  public static let identity = Rotation(w: 1, axis: .zero)

  private init(w: Double, axis: SIMD3<Double>) {
    self.w = w
    self.axis = axis
  }

  /// About z by γ, then about y by β, then about z by α; degrees, axes fixed in space.
  public init(alpha: Double, beta: Double, gamma: Double) {
    let half = Double.pi / 360
    let (c, s) = (cos(beta * half), sin(beta * half))
    let (sum, difference) = ((alpha + gamma) * half, (alpha - gamma) * half)
    self.init(
      w: c * cos(sum), axis: SIMD3(-s * sin(difference), s * cos(difference), c * sin(sum)))
  }

  /// Uniform among all rotations for three uniform numbers in [0, 1): Shoemake, Graphics Gems III, 124
  /// (1992), doi 10.1016/B978-0-08-050755-2.50036-1.
  init(uniform u: SIMD3<Double>) {
    let (a, b) = ((1 - u.x).squareRoot(), u.x.squareRoot())
    let (p, q) = (2 * Double.pi * u.y, 2 * Double.pi * u.z)
    self.init(w: b * cos(q), axis: SIMD3(a * sin(p), a * cos(p), b * sin(q)))
  }

  public func turned(_ vector: SIMD3<Double>) -> SIMD3<Double> {
    let first = cross(axis, vector)
    return vector + 2 * (w * first + cross(axis, first))
  }
}

private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
