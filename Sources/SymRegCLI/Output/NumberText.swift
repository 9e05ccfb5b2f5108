import Foundation

/// Numbers as people read them.
enum NumberText {
  /// A fixed number of decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// Six significant digits.
  static func significant(_ value: Double) -> String { String(format: "%.6g", value) }

  /// Two significant digits: `3.1e-08`.
  static func rough(_ value: Double) -> String { String(format: "%.2g", value) }

  /// A force error in meV/Å, from eV/Å.
  static func force(_ value: Double, decimals: Int) -> String { fixed(value * 1000, decimals) }

  /// Decimals that show four digits of the smallest of these forces (eV/Å) in meV/Å.
  static func forceDecimals(_ values: [Double]) -> Int {
    let smallest = values.filter { $0 > 0 && $0.isFinite }.min() ?? 1
    return min(max(3 - Int(log10(smallest * 1000).rounded(.down)), 2), 6)
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

  /// `7 s`, `1:05 min`, `2:03:04 h`.
  static func time(_ seconds: Double) -> String {
    let whole = Int(max(0, seconds.isFinite ? seconds : 0).rounded())
    func two(_ value: Int) -> String { (value < 10 ? "0" : "") + "\(value)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60):\(two(whole % 60)) min" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60)) h"
  }
}
