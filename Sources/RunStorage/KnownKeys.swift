/// Some keys of late, in constant memory: each has one place, and gives way to the next for that place.
struct RecentKeys {
  private var places = [Int64](repeating: 0, count: 1 << 16)

  private func place(_ key: Int64) -> Int { Int(UInt64(bitPattern: key) % UInt64(places.count)) }

  func contains(_ key: Int64) -> Bool { key != 0 && places[place(key)] == key }

  mutating func insert(_ key: Int64) { places[place(key)] = key }
}

/// Tells of most keys that were never inserted that they were not, in constant memory.
///
/// Bloom, Commun. ACM 13, 422 (1970), doi 10.1145/362686.362692: with two bits for each key out of 2²⁶,
/// one in twenty new keys among 8 million looks as if it might be known.
struct KeyFilter {
  private var words = [UInt64](repeating: 0, count: 1 << 20)

  /// Two places out of a key that is a hash already.
  private func places(_ key: Int64) -> (Int, Int) {
    let bits = UInt64(bitPattern: key)
    return (Int(bits & 0x3FF_FFFF), Int(bits >> 32 & 0x3FF_FFFF))
  }

  func mayContain(_ key: Int64) -> Bool {
    let (a, b) = places(key)
    return words[a >> 6] >> UInt64(a & 63) & words[b >> 6] >> UInt64(b & 63) & 1 == 1
  }

  mutating func insert(_ key: Int64) {
    let (a, b) = places(key)
    words[a >> 6] |= 1 << UInt64(a & 63)
    words[b >> 6] |= 1 << UInt64(b & 63)
  }
}
