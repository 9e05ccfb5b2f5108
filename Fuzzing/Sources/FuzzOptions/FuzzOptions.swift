import AtomicData
import FuzzSupport
import RunConfiguration

/// Any bytes are a file of options: they give values of known options, or one line that says why
/// not.
enum FuzzOptions {
  fileprivate static let file = MemoryFile()

  /// A key of each kind.
  private static let command = ConfigSchema.Command(
    name: "search",
    keys: [
      .init(name: "data", kind: .repeated, isArgument: true, isPath: true),
      .init(name: "cutoff", kind: .single),
      .init(name: "json", kind: .flag),
      .init(name: "operators", kind: .list),
      .init(name: "pin", kind: .repeated),
      .init(name: "out", kind: .single, isPath: true),
      .init(name: "statistics-cache", kind: .single, isPath: true, words: ["none"]),
    ])

  private static let schema = ConfigSchema(commands: [command])

  fileprivate static func read() {
    do {
      let entries = try ConfigFile(path: file.path, schema: schema, command: command).entries
      precondition(Set(entries.map(\.key)).count == entries.count)
      for entry in entries {
        precondition(entry.line >= 1 && !entry.values.isEmpty)
        precondition(entry.values.allSatisfy { !$0.isEmpty })
      }
    } catch let error as InputError {
      precondition(!error.description.contains(where: \.isNewline))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

@c(LLVMFuzzerTestOneInput)
func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzOptions.file.hold(bytes, count: count)
  FuzzOptions.read()
  return 0
}
