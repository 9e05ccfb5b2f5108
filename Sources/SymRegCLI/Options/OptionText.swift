import AtomicData
import Foundation

/// Reads the text of an option; what does not fit names option, expected and found.
///
/// Options are parsed here rather than by ArgumentParser so that every one fails alike, as
/// `InputError`, and negative numbers are values.
struct OptionText {
  /// With its dashes.
  let option: String
  let text: String

  init(_ option: String, _ text: String) {
    self.option = option
    self.text = text
  }

  /// - Parameter expected: what may stand after the option, "a length above 0 Å".
  func number(_ expected: String, where isAllowed: (Double) -> Bool) throws -> Double {
    guard let value = plainNumber(text), isAllowed(value) else { throw mismatch(expected) }
    return value
  }

  func integer(_ expected: String, in range: ClosedRange<Int>) throws -> Int {
    guard let value = Int(text), range.contains(value) else { throw mismatch(expected) }
    return value
  }

  func seed() throws -> UInt64 {
    guard let value = UInt64(text) else { throw mismatch("a whole number from 0 to 2^64 - 1") }
    return value
  }

  /// One of several names.
  func choice<Value>(_ values: [Value], name: (Value) -> String) throws -> Value {
    guard let value = values.first(where: { name($0) == text }) else {
      throw mismatch(Self.listed(values.map(name)))
    }
    return value
  }

  /// Several of several names, separated by commas, in the order of `values`.
  func choices<Value>(_ values: [Value], name: (Value) -> String) throws -> [Value] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let names = values.map(name)
    guard words.allSatisfy(names.contains) else {
      throw mismatch("names out of \(names.joined(separator: ","))")
    }
    return values.filter { words.contains(name($0)) }
  }

  /// Seconds: `90`, `90s`, `10min`, `1.5h`.
  func duration() throws -> Double {
    let expected = "a time above 0 such as 60s, 10min or 1h"
    let factors: [(suffix: String, seconds: Double)] = [
      ("min", 60), ("h", 3600), ("s", 1), ("m", 60), ("d", 86_400), ("", 1),
    ]
    let lowercased = text.lowercased()
    guard let unit = factors.first(where: { lowercased.hasSuffix($0.suffix) }),
      let value = plainNumber(
        lowercased.dropLast(unit.suffix.count).trimmingCharacters(in: .whitespaces)),
      value > 0, value * unit.seconds <= Self.longest
    else { throw mismatch(expected) }
    return value * unit.seconds
  }

  /// A century, in seconds: longer times overflow clocks.
  private static let longest = 3.2e9

  /// Bytes: `500MB`, `2GB`, `1.5GiB`; decimal and binary multiples.
  func bytes() throws -> Int {
    let factors: [(suffix: String, bytes: Double)] = [
      ("tb", 1e12), ("kib", 1024), ("mib", 1024 * 1024), ("gib", 1024 * 1024 * 1024),
      ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("k", 1e3), ("m", 1e6), ("g", 1e9), ("b", 1), ("", 1),
    ]
    let lowercased = text.lowercased()
    guard let unit = factors.first(where: { lowercased.hasSuffix($0.suffix) }),
      let value = plainNumber(
        lowercased.dropLast(unit.suffix.count).trimmingCharacters(in: .whitespaces)),
      (1...1e18).contains(value * unit.bytes)
    else { throw mismatch("a size such as 500MB or 2GB") }
    return Int(value * unit.bytes)
  }

  func mismatch(_ expected: String) -> InputError {
    InputError("expected \(option) to be \(expected), found \"\(text)\"")
  }

  /// A finite decimal number; no hexadecimal, `nan` or `inf`.
  private func plainNumber(_ text: String) -> Double? {
    let isPlain = text.allSatisfy { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
    guard isPlain, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// `a, b or c`.
  static func listed(_ words: [String], _ conjunction: String = "or") -> String {
    guard words.count > 1, let last = words.last else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}
