import ExpressionTrees
import ForceFitting
import GRDB
import ParetoFronts

import struct Foundation.Data

/// A candidate as a row of the run database, and back, to the bit.
enum CandidateRow {
  static let insertion = """
    INSERT INTO candidate (number, stage, form, expression, complexity, origin, parent1, parent2,
      status, trainLoss, validationLoss, R2, violation, undetermined, theta, stopReason, evaluations,
      starts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  /// What stands for a form in the index; forms that share it are told apart by their expressions.
  static func formKey(_ tree: ExpressionTree) -> Int64 { Int64(bitPattern: tree.stableHash) }

  static func values(_ candidate: Candidate, stage: Int) -> StatementArguments {
    let (fit, parents) = (candidate.fit, candidate.origin.parents)
    let values: [(any DatabaseValueConvertible)?] = [
      candidate.number, stage, formKey(candidate.tree), candidate.tree.description,
      candidate.complexity, candidate.origin.kind.rawValue, parents.first,
      parents.count > 1 ? parents[1] : nil, fit.status.rawValue,
      // SQLite has no number that is none.
      number(fit.meanSquaredForceError), candidate.validationLoss.flatMap(number), number(fit.r2),
      number(fit.maxConstraintViolation), fit.undeterminedDirections, bytes(fit.theta),
      fit.stopReason.rawValue, fit.evaluations, fit.starts,
    ]
    return StatementArguments(values)
  }

  private static func number(_ value: Double) -> Double? { value.isNaN ? nil : value }

  /// θ as IEEE 754 doubles, little-endian.
  private static func bytes(_ theta: [Double]) -> Data {
    var data = Data(capacity: 8 * theta.count)
    for value in theta {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  private static func theta(_ data: Data) -> [Double] {
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count - 7, by: 8).map { start in
      Double(
        bitPattern: bytes[start..<start + 8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
      )
    }
  }

  /// - Throws: `ExpressionError`, or `Damaged` for a word that no version writes.
  static func candidate(_ row: Row) throws -> Candidate {
    guard let kind = CandidateOrigin.Kind(rawValue: row["origin"]),
      let status = FitOutcome.Status(rawValue: row["status"]),
      let stopReason = FitOutcome.StopReason(rawValue: row["stopReason"])
    else { throw Damaged(candidate: row["number"]) }
    let parents: [Int?] = [row["parent1"], row["parent2"]]
    return Candidate(
      number: row["number"],
      origin: CandidateOrigin(kind, parents: parents.compactMap { $0 }),
      tree: try ExpressionTree(parsing: row["expression"]),
      fit: FitOutcome(
        theta: theta(row["theta"]), meanSquaredForceError: row["trainLoss"] ?? .nan,
        r2: row["R2"] ?? .nan, maxConstraintViolation: row["violation"] ?? .nan,
        undeterminedDirections: row["undetermined"], status: status,
        evaluations: row["evaluations"], starts: row["starts"], stopReason: stopReason),
      validationLoss: row["validationLoss"])
  }

  struct Damaged: Error, CustomStringConvertible {
    let candidate: Int
    var description: String { "candidate \(candidate) has a word of no known version" }
  }
}
