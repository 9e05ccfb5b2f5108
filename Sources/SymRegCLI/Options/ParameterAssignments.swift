import AtomicData
import ExpressionTrees

/// Values of parameters as text: `b=-3.5; X.H=0.2; X.O=-0.4; A.H-O=1`, also with commas.
enum ParameterAssignments {
  /// - Parameter option: that the text stands behind.
  /// - Throws: `InputError` for what is no assignment, and for a second value.
  static func parse(
    _ text: String, option: String = "--parameters"
  ) throws -> [String: ParameterValue] {
    var numbers: [String: Double] = [:]
    var factors: [String: [String: Double]] = [:]
    for piece in text.split(whereSeparator: { $0 == ";" || $0 == "," || $0.isNewline }) {
      let assignment = piece.trimmingBlanks
      guard !assignment.isEmpty else { continue }
      // A type's name may hold any character, "=" too: the last one counts.
      guard let equals = assignment.lastIndex(of: "=") else { throw mismatch(assignment, option) }
      let target = assignment[..<equals].trimmingBlanks
      let value = try OptionText(
        option, String(assignment[assignment.index(after: equals)...].trimmingBlanks)
      ).number("finite numbers for all of \(text)") { _ in true }
      let name = String(target.prefix { $0 != "." })
      let type = String(target.dropFirst(name.count + 1))
      guard !name.isEmpty, !(type.isEmpty && target.contains(".")) else {
        throw mismatch(assignment, option)
      }
      guard numbers[name] == nil, type.isEmpty ? factors[name] == nil : factors[name]?[type] == nil
      else {
        throw InputError("expected one value for \(target) in \(option), found two")
      }
      if type.isEmpty { numbers[name] = value } else { factors[name, default: [:]][type] = value }
    }
    return numbers.mapValues { .number($0) }.merging(factors.mapValues { .byName($0) }) { $1 }
  }

  private static func mismatch(_ found: Substring, _ option: String) -> InputError {
    InputError(
      "expected \(option) such as \"b=-3.5; X.H=0.2; X.O=-0.4\", found \"\(found)\"")
  }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    let head = drop(while: \.isWhitespace)
    guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return head[...last]
  }
}
