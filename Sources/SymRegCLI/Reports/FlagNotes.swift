import ParetoFronts
import RunStorage

/// The flags of a front: letters in its table, and a line for each below.
struct FlagNotes {
  private let names: [String]

  init(_ entries: [FrontEntry]) {
    let found = Set(entries.flatMap(\.flags))
    let known = EmptinessFlag.allCases.map(\.rawValue)
    // Those of other versions come last.
    names = known.filter(found.contains) + found.subtracting(known).sorted()
  }

  var isEmpty: Bool { names.isEmpty }

  /// `a`, `bd`.
  func letters(of entry: FrontEntry) -> String {
    names.indices.filter { entry.flags.contains(names[$0]) }.map(Self.letter).joined()
  }

  var lines: [String] {
    names.enumerated().map { number, name in
      guard let flag = EmptinessFlag(rawValue: name) else {
        return "\(Self.letter(number))  \(name)"
      }
      return "\(Self.letter(number))  \(name): \(flag.explanation)"
        + (flag.isBarring ? "; not recommended" : "")
    }
  }

  private static func letter(_ number: Int) -> String {
    String(UnicodeScalar(UInt8(97 + number % 26)))
  }
}
