import Foundation
import GRDB
import Testing

@testable import RunStorage

struct RunSchemaTests {
  /// The rows of the table under "The database" in docs/reference/runs.md: names of database tables,
  /// and what the page says of their columns.
  private static func described() throws -> [String: String] {
    let page = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/reference/runs.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "## The database").last)
    return section.split(separator: "\n").reduce(into: [:]) { rows, line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, let name = cells[0].firstMatch(of: /^`(\w+)`$/)?.1 else { return }
      rows[String(name)] = cells[2]
    }
  }

  @Test("docs/reference/runs.md names every table and every column, and no table besides")
  func reference() throws {
    let database = try DatabaseQueue()
    try RunSchema.migrator.migrate(database)
    let columns = try database.read { db in
      let tables = try String.fetchAll(
        db,
        sql: """
          SELECT name FROM sqlite_master WHERE type = 'table'
            AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
          """)
      return try tables.reduce(into: [:]) { $0[$1] = try db.columns(in: $1).map(\.name) }
    }
    let described = try Self.described()
    #expect(Set(described.keys) == Set(columns.keys))
    for (table, names) in columns {
      for name in names {
        #expect(described[table]?.contains("`\(name)`") == true, "\(table).\(name)")
      }
    }
  }
}
