/// Names seen in text, numbered in order of first appearance, found by their bytes.
///
/// Saves a String per token where a handful of names repeats millions of times. Look-up is by a
/// hash (FNV-1a, 64 bits) in an open table, and compares the bytes: no collision goes unnoticed.
struct NameTable: Sendable {
  private var bytes: [UInt8] = []
  /// Start of each name in `bytes`, and the end of the last.
  private var bounds = [0]
  /// Hash of each name.
  private(set) var hashes: [UInt64] = []
  /// Number of the name + 1 in each slot, 0 where it is free; a power of two of them.
  private var slots = [Int](repeating: 0, count: 16)

  init(_ names: [String] = []) {
    for name in names { _ = Array(name.utf8).withUnsafeBufferPointer { number(of: $0) } }
  }

  var count: Int { hashes.count }
  var names: [String] { (0..<count).map { self[$0] } }
  subscript(number: Int) -> String {
    String(decoding: bytes[bounds[number]..<bounds[number + 1]], as: UTF8.self)
  }

  static func hash(_ text: Bytes) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }

  /// The name's number; a new one for a new name.
  mutating func number(of text: Bytes) -> Int {
    let hash = Self.hash(text)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] - 1
      if hashes[number] == hash, isName(number, text) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = count + 1
    hashes.append(hash)
    bytes.append(contentsOf: text)
    bounds.append(bytes.count)
    if count * 2 > slots.count { grow() }
    return count - 1
  }

  mutating func removeAll() {
    if count == 0 { return }
    self = NameTable()
  }

  private func isName(_ number: Int, _ text: Bytes) -> Bool {
    let (start, end) = (bounds[number], bounds[number + 1])
    guard end - start == text.count else { return false }
    for index in 0..<text.count where bytes[start + index] != text[index] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int](repeating: 0, count: slots.count * 2)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = number + 1
    }
  }
}
