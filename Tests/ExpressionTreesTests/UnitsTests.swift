import Testing

@testable import ExpressionTrees

struct UnitsTests {
  @Test(
    "units follow from U in eV and r in Å",
    arguments: [
      ("X/r", ["eV^(1/2) Å^(1/2)"]), ("a/r", ["eV Å"]), ("A[]/r", ["eV Å"]),
      ("S~*r", ["eV/Å"]), ("X*r", ["eV^(1/2) Å^(-1/2)"]),
      ("X/r + Y*exp(-b*r)", ["eV^(1/2) Å^(1/2)", "eV^(1/2)", "1/Å"]),
      ("X/r^12 - Y/r^6", ["eV^(1/2) Å^6", "eV^(1/2) Å^3"]), ("a*r^2", ["eV/Å^2"]),
      ("exp(-b*r)", ["1/Å"]), ("r^a", ["1"]), ("a/r^b", ["eV Å^b", "1"]),
      ("X/r^a", ["eV^(1/2) Å^(a/2)", "1"]), ("a*r^b*r^2", ["eV Å^(-b - 2)", "1"]),
      ("a*(b + r^Z)", ["eV Å^(-Z)", "Å^Z", "1"]),
      ("X*(Y + r^Z)", ["eV^(1/2) Å^(-Z/2)", "Å^(Z/2)", "1"]),
      ("X*(exp(-a*r) - b)^2", ["eV^(1/2)", "1/Å", "1"]),
      ("X/r + Y*((S~/r)^12 - (S~/r)^6)", ["eV^(1/2) Å^(1/2)", "eV^(1/2)", "Å"]),
      ("a*exp(-(r/S~)^2)", ["eV", "Å"]), ("a*gauss(b*r)", ["eV", "1/Å"]),
      ("a*tanh(b*(r - c))", ["eV", "1/Å", "Å"]), ("a*log(b*r)", ["eV", "1/Å"]),
      ("a*sqrt(r)", ["eV Å^(-1/2)"]), ("square(a*r)", ["eV^(1/2)/Å"]),
      ("inverse(a*r)", ["1/(eV Å)"]), ("a*r^(b - c)", ["eV Å^(-b + c)", "1", "1"]),
      ("a/(b + r)", ["eV Å", "Å"]), ("A[]*exp(-B[]*r) - C[]/r^6", ["eV", "1/Å", "eV Å^6"]),
      ("a*exp(-b*r^c)", ["eV", "Å^(-c)", "1"]), ("a*exp(-b*r)*c^d", [nil, "1/Å", nil, "1"]),
      ("a*erfc(b*r)/r", ["eV Å", "1/Å"]), ("a*(r/b)^c*exp((r/b)^c)", ["eV", "Å", "1"]),
    ] as [(String, [String?])])
  func units(expression: String, units: [String?]) throws {
    #expect(try ExpressionTree(parsing: expression).units() == units)
  }

  @Test(
    "where dimensions do not close, or determine only a product, there is no unit",
    arguments: [
      ("a^r", [nil]), ("X*(r + r^2)", [nil]), ("X*exp(r)", [nil]), ("a*b*r", [nil, nil]),
      ("X/Y^r", [nil, nil]), ("X*log(r)", [nil]), ("a*(b + r)*(b + r^2)", [nil, nil]),
      ("X*r^exp(a*r)", [nil, nil]), ("a*(b*r)^c", [nil, nil, "1"]),
      ("X/r + Y*exp(r)", ["eV^(1/2) Å^(1/2)", nil]), ("X/r + r^a", ["eV^(1/2) Å^(1/2)", "1"]),
    ] as [(String, [String?])])
  func undefined(expression: String, units: [String?]) throws {
    #expect(try ExpressionTree(parsing: expression).units() == units)
  }

  /// A rescaling of length and energy changes parameters by their units, and U by its own.
  @Test(
    "parameters converted by their units make the same U in other units",
    arguments: [
      "a/r^12 - b/r^6", "a*exp(-b*r)/r", "a*gauss((r - b)/c)", "a*tanh(b*(r - c))/sqrt(r)",
      "a/(b + r)^2", "a*erfc(b*r)/r + c*r^2", "square(a*r) + b",
    ])
  func conversion(expression: String) throws {
    let tree = try ExpressionTree(parsing: expression)
    let layout = tree.layout(typeCount: 1)
    let theta = [1.7, 0.6, 0.9].prefix(layout.count).map { $0 }
    // 1 Å is 10 of the other unit of length, 1 eV 27 of the other unit of energy.
    let (length, energy) = (10.0, 27.0)
    let converted = try zip(theta, tree.units()).map { value, unit -> Double in
      value * (try Self.factor(try #require(unit), length: length, energy: energy))
    }
    for distance in [0.8, 1.9, 3.3] {
      let original = tree.value(
        at: distance, theta: theta, pair: .init(first: 0, second: 0), layout: layout)
      let other = tree.value(
        at: distance * length, theta: converted, pair: .init(first: 0, second: 0), layout: layout)
      #expect(abs(other.energy / energy - original.energy) <= 1e-12 * (1 + abs(original.energy)))
    }
  }

  /// The value of `eV^(1/2)/Å` for other units.
  private static func factor(_ unit: String, length: Double, energy: Double) throws -> Double {
    let text = unit.replacing("eV", with: "e").replacing("Å", with: "r").replacing(" ", with: "*")
      .replacing("^(1/2)", with: "^h").replacing("^(-1/2)", with: "^m")
    if text == "1" { return 1 }
    let tree = try ExpressionTree(parsing: text)
    let values = ["e": energy, "h": 0.5, "m": -0.5]
    return tree.value(
      at: length, theta: tree.parameters.map { values[$0.name] ?? .nan },
      pair: .init(first: 0, second: 0), layout: tree.layout(typeCount: 1)
    ).energy
  }
}
