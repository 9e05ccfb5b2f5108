import Testing

@testable import SimulatorExport

@Suite("Formulas")
struct FormulaTests {
  @Test("a symbolic derivative is that of finite differences")
  func derivative() throws {
    let r = Formula.distance
    let forms: [Formula] = [
      .raised(r, .number(3)) - .number(2) / r, .call(.exp, [-r * r]) * .call(.sqrt, [r]),
      .raised(.number(1.3), .raised(r, .number(1.1))), .call(.erf, [r]) + .call(.erfc, [r * r]),
      .raised(r, r), .call(.tanh, [r]) / .call(.log, [r + .number(2)]),
    ]
    for form in forms {
      let slope = form.derivative(by: "r")
      for x in [0.7, 1.4, 2.2] {
        let h = 1e-6
        let numeric = (form.value(["r": x + h]) - form.value(["r": x - h])) / (2 * h)
        #expect(abs(slope.value(["r": x]) - numeric) < 1e-7 * (1 + abs(numeric)), "\(form) at \(x)")
      }
    }
  }
}
