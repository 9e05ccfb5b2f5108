import Foundation
import Machine
import SymReg

/// A program of Benchmarks/Python: one JSON job in, one JSON answer out.
struct PythonProgram<Job: Encodable, Answer: Decodable> {
  let name: String
  /// Modules it imports.
  let modules: [String]
  let interpreter: String

  /// Nil where the interpreter or a module is missing.
  func answer(to job: Job) throws -> Answer? {
    let imports = modules.map { "import \($0)" }.joined(separator: "; ")
    guard (try? Subprocess.output(interpreter, ["-c", imports], isQuiet: true)) != nil else {
      return nil
    }
    // One thread, as all that is measured here.
    let output = try Subprocess.output(
      interpreter, ["Benchmarks/Python/\(name).py"],
      environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"],
      input: try JSONEncoder().encode(job))
    return try JSONDecoder().decode(Answer.self, from: Data(output.utf8))
  }
}

extension ExpressionTree {
  /// The nodes in postfix order as Benchmarks/Python/trees.py reads them.
  var tokens: [String] {
    nodes.map { node in
      switch node {
      case .distance: "r"
      case .parameter(let number): "p\(number)"
      case .literal(let value): String(value)
      case .known(let quantity): quantity.name
      case .operation(let operation): operation.name
      }
    }
  }
}
