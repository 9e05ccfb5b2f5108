/// The name of a kind of atoms: that of its type, and the known property where there is one.
struct KindName {
  let type: String
  let property: Double?

  /// The type of all atoms where types are not told apart.
  static let anyType = "atom"
  /// A control character: no name of a type holds one.
  private static let separator: Character = "\u{1F}"

  init(type: String, property: Double?) {
    self.type = type
    // −0 is 0.
    self.property = property.map { $0 == 0 ? 0 : $0 }
  }

  init(_ text: String) {
    if let place = text.lastIndex(of: Self.separator),
      let property = Double(text[text.index(after: place)...])
    {
      self.init(type: String(text[..<place]), property: property)
    } else {
      self.init(type: text, property: nil)
    }
  }

  var text: String { property.map { "\(type)\(Self.separator)\($0)" } ?? type }
}

extension PairTypes {
  /// - Parameter kindNames: all with a property, or none.
  init(kindNames: some Sequence<String>) {
    let names = kindNames.map(KindName.init)
    if names.contains(where: { $0.property != nil }) {
      self.init(atoms: names.map { ($0.type, $0.property ?? 0) })
    } else {
      self.init(typeNames: names.map(\.type))
    }
  }

  /// In the order of the kinds.
  var kindNames: [String] {
    kinds.map { KindName(type: typeNames[$0.type], property: hasProperty ? $0.property : nil).text }
  }
}
