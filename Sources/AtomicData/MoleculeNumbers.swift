/// Numbers the molecules of one frame in order of appearance.
struct MoleculeNumbers {
  private var names = NameTable()
  private var integers: [Int: Int] = [:]
  private var last: (label: Int, number: Int)?

  mutating func removeAll() {
    names.removeAll()
    integers.removeAll(keepingCapacity: true)
    last = nil
  }

  /// - Throws: `InputError`, without a place, where a whole number is needed and not there.
  mutating func number(of text: Bytes, isInteger: Bool) throws(InputError) -> Int {
    guard isInteger else { return names.number(of: text) }
    guard let label = Self.integer(text) else {
      throw InputError(
        "expected a whole number for the molecule, found \(text.quoted)", remedy: "mend the line")
    }
    // Atoms of a molecule mostly follow each other.
    if let last, last.label == label { return last.number }
    let number = integers[label] ?? integers.count
    integers[label] = number
    last = (label, number)
    return number
  }

  private static func integer(_ text: Bytes) -> Int? {
    text.count < 19 ? shortInteger(text) : Int(text.string)
  }

  /// Of fewer than 19 characters: cannot overflow.
  private static func shortInteger(_ text: Bytes) -> Int? {
    var digits = text[...]
    let isNegative = digits.first == .of("-")
    if isNegative || digits.first == .of("+") { digits = digits.dropFirst() }
    guard !digits.isEmpty else { return nil }
    var value = 0
    for byte in digits {
      guard byte.isDigit else { return nil }
      value = value * 10 + Int(byte &- 48)
    }
    return isNegative ? -value : value
  }
}
