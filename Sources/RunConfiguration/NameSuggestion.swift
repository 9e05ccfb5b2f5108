/// The name that someone who wrote another one meant.
enum NameSuggestion {
  /// The nearest of `names` by edit distance, the first of several; nil where none is near.
  ///
  /// Dashes, underscores and upper case make no difference to the distance.
  static func nearest(to text: String, among names: [String]) -> String? {
    // Nothing as long is near, and distances take time in proportion to the length.
    guard text.utf8.count <= 100 else { return nil }
    let word = letters(text)
    let distances = names.map { distance(word, letters($0)) }
    guard let least = distances.min(), least <= max(2, word.count / 2) else { return nil }
    return zip(names, distances).first { $0.1 == least }?.0
  }

  private static func letters(_ text: String) -> [Character] {
    text.lowercased().filter { $0 != "-" && $0 != "_" }.map { $0 }
  }

  /// Characters inserted, deleted or replaced (Levenshtein's distance), in O(a b).
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, character) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let substitution = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
