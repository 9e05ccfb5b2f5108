import Foundation
import Testing

@testable import AtomicData

struct DataSourceTests {
  @Test("a data argument gives path, forces and weight")
  func fullArgument() throws {
    let source = try DataSource(
      parsing: "a/b.xyz:forces=force-mono1_force:weight=2.5")
    #expect(source.path == "a/b.xyz")
    #expect(source.forces == (try ColumnExpression("force-mono1_force")))
    #expect(source.weight == 2.5)
  }

  @Test(
    "colons that begin no known key belong to the path",
    arguments: ["a.xyz", "C:/data/a.xyz", "a:b:c", "host:/a=b/c.xyz", ":a", "a:1=2"])
  func colons(_ path: String) throws {
    #expect(try DataSource(parsing: path) == DataSource(path: path))
    #expect(try DataSource(parsing: path + ":weight=3") == DataSource(path: path, weight: 3))
  }

  @Test("a file whose name looks like an unknown key is found")
  func fileNamedLikeKey() async throws {
    try await TestFiles.withFile("") { path in
      let odd = path + ":word=1"
      try FileManager.default.createSymbolicLink(atPath: odd, withDestinationPath: path)
      defer { try? FileManager.default.removeItem(atPath: odd) }
      #expect(try DataSource(parsing: odd + ":weight=2") == DataSource(path: odd, weight: 2))
    }
  }

  private static let weightRemedy = "; leave the file out to give it no weight"

  @Test(
    "faults in a data argument are told",
    arguments: [
      (
        "a.xyz:force=f",
        "expected forces=, energy= or weight= in \"a.xyz:force=f\", found \"force=\""
      ),
      (
        "a.xyz:forces=f:mass=1",
        "expected forces=, energy= or weight= in \"a.xyz:forces=f:mass=1\", found \"mass=\""
      ),
      (
        "a.xyz:weight=1:weight=2",
        "expected weight= once, found it twice in \"a.xyz:weight=1:weight=2\""
      ),
      ("a.xyz:weight=0", "a.xyz: expected a weight above 0, found \"0\"" + weightRemedy),
      ("a.xyz:weight=-1", "a.xyz: expected a weight above 0, found \"-1\"" + weightRemedy),
      ("a.xyz:weight=x", "a.xyz: expected a weight above 0, found \"x\"" + weightRemedy),
      ("a.xyz:weight=inf", "a.xyz: expected a weight above 0, found \"inf\"" + weightRemedy),
      (":weight=1", "expected FILE or FILE:forces=…, found \":weight=1\""),
      ("", "expected FILE or FILE:forces=…, found \"\""),
      (
        "a.xyz:forces=",
        "expected a column or key in \"\", found the end"
          + "; write sums of columns, as in force-mono1_force or 0.5*fa+2*fb"
      ),
    ])
  func faults(argument: String, expected: String) throws {
    let error = try #require(throws: InputError.self) { try DataSource(parsing: argument) }
    #expect(error.description == expected)
  }
}

struct ColumnExpressionTests {
  struct Sum: CustomTestStringConvertible {
    let text: String
    let terms: [ColumnExpression.Term]
    var testDescription: String { text }

    init(_ text: String, _ terms: KeyValuePairs<String, Double>) {
      self.text = text
      self.terms = terms.map { .init(factor: $0.value, name: $0.key) }
    }
  }

  @Test(
    "sums of columns with factors are read",
    arguments: [
      Sum("f", ["f": 1]), Sum("-f", ["f": -1]), Sum("0.5*fa+2*fb", ["fa": 0.5, "fb": 2]),
      Sum("fa*2 - 1e-3*fb", ["fa": 2, "fb": -1e-3]), Sum("2body+3body", ["2body": 1, "3body": 1]),
      Sum(" + a - b ", ["a": 1, "b": -1]), Sum("a - -2*b", ["a": 1, "b": 2]),
      Sum("å+b", ["å": 1, "b": 1]), Sum("f+f", ["f": 1, "f": 1]),
    ])
  func sums(_ sum: Sum) throws {
    let expression = try ColumnExpression(sum.text)
    #expect(expression.terms == sum.terms)
    #expect(expression.description == sum.text)
  }

  @Test("a name that is the whole text wins over the sum")
  func wholeName() throws {
    let expression = try ColumnExpression("a-b")
    #expect(expression.terms(amongNames: ["a", "b"]).count == 2)
    #expect(expression.terms(amongNames: ["a", "a-b"]) == [.init(factor: 1, name: "a-b")])
  }

  @Test(
    "malformed sums are refused",
    arguments: ["", "a+", "a b", "2", "2*3", "*a", "a*", "a*b", "a**2", "1e999*a"])
  func malformed(_ text: String) {
    #expect(throws: InputError.self) { try ColumnExpression(text) }
  }
}
