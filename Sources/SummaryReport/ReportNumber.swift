import Foundation

/// Numbers of a report as text.
enum ReportNumber {
  /// Six significant digits.
  static func significant(_ value: Double) -> String { String(format: "%.6g", value) }

  /// Two significant digits.
  static func rough(_ value: Double) -> String { String(format: "%.2g", value) }

  static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// A force in meV/Å, from eV/Å.
  static func force(_ value: Double, decimals: Int) -> String { fixed(1000 * value, decimals) }

  /// A force with its standard error, both in meV/Å.
  static func force(_ value: Double, _ error: Double?, decimals: Int) -> String {
    force(value, decimals: decimals) + (error.map { " ± \(rough(1000 * $0))" } ?? "")
  }

  /// Decimals that show four digits of the smallest of these forces (eV/Å) in meV/Å.
  static func forceDecimals(_ values: [Double]) -> Int {
    let smallest = values.filter { $0 > 0 && $0.isFinite }.min() ?? 1
    return min(max(3 - Int(log10(smallest * 1000).rounded(.down)), 2), 6)
  }

  /// A value up to the second digit of its standard error: `-3.5021 ± 0.0048`, `1.235e-04 ± 1.0e-06`.
  static func value(_ value: Double, error: Double?) -> String {
    guard let error, error > 0, error.isFinite, value != 0, value.isFinite else {
      return significant(value)
    }
    let place = Int(log10(error).rounded(.down)) - 1
    if (1e-3..<1e6).contains(abs(value)), place > -9 {
      let decimals = max(0, -place)
      return "\(fixed(value, decimals)) ± \(fixed(error, decimals))"
    }
    let digits = min(max(Int(log10(abs(value)).rounded(.down)) - place, 1), 15)
    return String(format: "%.\(digits)e ± %.1e", value, error)
  }

  /// `12,345`.
  static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `1 frame`, `2 frames`.
  static func count(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// `7.2 s`, `1:05 min`, `2:03:04 h`.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    if seconds < 59.95 { return fixed(seconds, 1) + " s" }
    let whole = Int(min(seconds, 1e12).rounded())
    func two(_ value: Int) -> String { (value < 10 ? "0" : "") + "\(value)" }
    if whole < 3600 { return "\(whole / 60):\(two(whole % 60)) min" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60)) h"
  }
}
