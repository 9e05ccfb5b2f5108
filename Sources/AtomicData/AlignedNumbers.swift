/// Numbers in memory of their own, at the start of a cache line, zero at first.
///
/// For inner loops that read whole vectors: across cache lines they would read everything twice.
/// Whoever shares one among tasks must no longer write to it.
public final class AlignedNumbers: @unchecked Sendable {
  public let count: Int
  @usableFromInline let storage: UnsafeMutablePointer<Double>

  private static let alignment = 64

  public init(count: Int) {
    self.count = count
    let byteCount = max(count, 1) * MemoryLayout<Double>.stride
    storage =
      UnsafeMutableRawPointer
      .allocate(byteCount: byteCount, alignment: Self.alignment)
      .bindMemory(to: Double.self, capacity: max(count, 1))
    storage.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(storage).deallocate() }

  /// The first number.
  @inlinable public subscript() -> UnsafeMutablePointer<Double> { storage }
}

/// A length rounded up to whole vectors of eight numbers, as the kernels take them.
@inlinable public func wholeVectors(_ count: Int) -> Int { (count + 7) & ~7 }
