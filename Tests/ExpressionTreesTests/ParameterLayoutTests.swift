import AtomicData
import Testing

@testable import ExpressionTrees

struct ParameterLayoutTests {
  static let parameters = [
    Parameter(name: "a", kind: .global), Parameter(name: "X", kind: .product),
    Parameter(name: "A", kind: .pair), Parameter(name: "S", kind: .mean),
  ]
  static let types = PairTypes(typeNames: ["C", "H", "O"])
  static let layout = ParameterLayout(parameters: parameters, typeCount: 3)
  /// a; X by type; A by pair; S by type.
  static let theta: [Double] = [7, 2, -3, 5, 11, 12, 13, 22, 23, 33, 1, 2, 4]

  @Test(
    "every kind has its value for a pair of types",
    arguments: [
      ("C-C", [7, 4, 11, 1]), ("C-H", [7, -6, 12, 1.5]), ("C-O", [7, 10, 13, 2.5]),
      ("H-H", [7, 9, 22, 2]), ("H-O", [7, -15, 23, 3]), ("O-O", [7, 25, 33, 4.0]),
    ])
  func values(name: String, expected: [Double]) throws {
    let number = try #require(
      Self.types.pairs.indices.first { Self.types.name(ofPair: $0) == name })
    let found = Self.parameters.indices.map {
      Self.layout.value(of: $0, for: Self.types.pairs[number], Self.theta)
    }
    #expect(found == expected)
    #expect(Self.layout.count == Self.theta.count)
  }

  @Test("the derivatives by θ are those of the values")
  func dependences() {
    for number in Self.parameters.indices {
      for pair in Self.types.pairs {
        var derivatives = Array(repeating: 0.0, count: Self.theta.count)
        let dependence = Self.layout.dependence(of: number, for: pair, Self.theta)
        for part in [dependence.first, dependence.second].compactMap(\.self) {
          derivatives[part.number] += part.derivative
        }
        for k in Self.theta.indices {
          var (upper, lower) = (Self.theta, Self.theta)
          upper[k] += 0.5
          lower[k] -= 0.5
          // Exact for what is linear or quadratic.
          let difference =
            Self.layout.value(of: number, for: pair, upper)
            - Self.layout.value(of: number, for: pair, lower)
          #expect(derivatives[k] == difference, "\(Self.parameters[number]), \(pair), θ[\(k)]")
        }
      }
    }
  }

  @Test("pairs are numbered as PairTypes lists them")
  func pairNumbers() {
    for typeCount in 1...5 {
      let types = PairTypes(typeNames: (0..<typeCount).map { "T\($0)" })
      #expect(types.pairs.map { $0.number(typeCount: typeCount) } == Array(types.pairs.indices))
      let names = Parameter(name: "A", kind: .pair).valueNames(typeNames: types.typeNames)
      #expect(names == types.pairs.indices.map { types.name(ofPair: $0) })
    }
  }

  @Test("values by name and back are the same θ, pairs in either order")
  func byName() throws {
    let tree = try ExpressionTree(parsing: "a*X*A[]*S~*r")
    let names = Self.types.typeNames
    var values = tree.values(of: Self.theta, typeNames: names)
    #expect(
      values["A"]
        == .byName([
          "C-C": 11, "C-H": 12, "C-O": 13, "H-H": 22, "H-O": 23, "O-O": 33,
        ]))
    #expect(try tree.theta(of: values, typeNames: names) == Self.theta)
    values["A"] = .byName(["C-C": 11, "H-C": 12, "O-C": 13, "H-H": 22, "O-H": 23, "O-O": 33])
    #expect(try tree.theta(of: values, typeNames: names) == Self.theta)
  }

  @Test(
    "a missing value, and one of the other sort, are named",
    arguments: [
      (
        "A[]*r", ParameterValue.byName(["H-H": 1, "O-O": 2]),
        "expected a value of A for pair H-O, found values for H-H, O-O"
      ),
      ("A[]*r", .number(1), "expected a value of A per pair, found one value"),
      ("A~*r", .byName(["H": 1]), "expected a value of A for type O, found values for H"),
      ("A*r", .number(1), "expected a factor of A per type, found one value"),
    ])
  func mismatches(expression: String, value: ParameterValue, message: String) throws {
    let tree = try ExpressionTree(parsing: expression)
    #expect(throws: ParameterMismatch(description: message)) {
      try tree.theta(of: ["A": value], typeNames: ["H", "O"])
    }
  }

  @Test("the gauge turns factors of product parameters alone")
  func gauge() throws {
    let tree = try ExpressionTree(parsing: "X*A[]*S~*r")
    #expect(
      tree.gaugeFixed([-2, 3, -1, -2, -3, -4, 5], typeCount: 2) == [2, -3, -1, -2, -3, -4, 5])
  }

  @Test("forms that differ in the kind of a parameter have different hashes")
  func hashes() throws {
    let hashes = try ["a*r", "X*r", "X[]*r", "X~*r"].map {
      try ExpressionTree(parsing: $0).stableHash
    }
    #expect(Set(hashes).count == 4)
  }
}
