/// Room for numbers that comes and goes with its owner and is never copied.
///
/// The inner loops of the compression work on plain memory: arrays would check bounds and count
/// references for each pair.
struct WorkBuffer<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  init(repeating value: Element, count: Int) {
    base = Self.allocate(count)
    base.initialize(repeating: value, count: count)
    capacity = count
  }

  /// At a multiple of 64 bytes: a vector that straddles two lines of the cache takes twice the time.
  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64
    ).bindMemory(to: Element.self, capacity: count)
  }

  /// Makes room for `count` elements; what it held is lost where it has to grow.
  mutating func reserve(_ count: Int, filling value: Element) {
    guard count > capacity else { return }
    UnsafeMutableRawPointer(base).deallocate()
    base = Self.allocate(count)
    base.initialize(repeating: value, count: count)
    capacity = count
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
