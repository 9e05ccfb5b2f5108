extension Array where Element: Sendable {
  /// The transformed elements in their order, so many at a time.
  func mapInParallel<Result: Sendable>(
    threads: Int, _ transform: @escaping @Sendable (Element) -> Result
  ) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
      var results: [Result?] = [Result?](repeating: nil, count: count)
      var started = 0
      func startNext() {
        guard started < count else { return }
        let (index, element) = (started, self[started])
        started += 1
        group.addTask { (index, transform(element)) }
      }
      for _ in 0..<Swift.max(1, threads) { startNext() }
      while let (index, result) = await group.next() {
        results[index] = result
        startNext()
      }
      return results.compactMap { $0 }
    }
  }
}
