import ArgumentParser
import AtomicData
import ExpressionTrees
import RunConfiguration

/// The arguments with those of the file of `--config` among them.
///
/// The file's options are put in behind the name of the command, except those that the user gave;
/// from there on ArgumentParser treats all alike.
struct ConfiguredArguments {
  let arguments: [String]
  /// The file and what was taken from it; nil without `--config`.
  private let file: (path: String, entries: [ConfigFile.Entry])?

  /// Without a file.
  init(_ arguments: [String]) {
    self.arguments = arguments
    file = nil
  }

  /// - Parameter arguments: those of the process, without its name.
  /// - Throws: `InputError` for a file that cannot be used, and for two files.
  init(_ arguments: [String], of root: any ParsableCommand.Type) throws {
    self.init(arguments)
    let option = "--" + ConfigOption.name
    // The schema is built only where it can be needed.
    guard let name = arguments.first,
      arguments.contains(where: { $0 == option || $0.hasPrefix(option + "=") })
    else { return }
    let schema = try ConfigSchema(of: root)
    guard let command = schema[command: name] else { return }
    let given = GivenArguments(arguments.dropFirst(), command: command)
    let paths = given.values(of: ConfigOption.name)
    guard let path = paths.first, !given.wantsHelp else { return }
    guard paths.count == 1 else {
      throw InputError("expected one file with \(option), found \(paths.count)")
    }
    let entries = try ConfigFile(path: path, schema: schema, command: command).entries
      .filter { $0.key.isArgument ? given.arguments.isEmpty : !given.has($0.key.name) }
      // An extension stays in its run, whatever folder the file names.
      .filter { !given.has("extend") || $0.key.name != "out" }
    self.init(
      arguments: [name] + entries.flatMap(Self.arguments) + arguments.dropFirst(),
      file: (path, entries))
  }

  private init(arguments: [String], file: (path: String, entries: [ConfigFile.Entry])) {
    self.arguments = arguments
    self.file = file
  }

  private static func arguments(for entry: ConfigFile.Entry) -> [String] {
    let title = entry.key.title
    if entry.key.isArgument { return entry.values }
    // Behind "=", a value is one whatever it looks like.
    return entry.key.kind == .flag
      ? entry.values == ["true"] ? [title] : [] : entry.values.map { title + "=" + $0 }
  }

  /// `run.yaml:3: ` for an error about a value that stands in the file; else empty.
  func origin(of error: any Error) -> String {
    guard let file, let entry = file.entries.first(where: { Self.concerns($0, error) })
    else { return "" }
    return "\(file.path):\(entry.line): "
  }

  /// The first option that a message names is the one at fault.
  private static func concerns(_ entry: ConfigFile.Entry, _ error: any Error) -> Bool {
    switch error {
    case let error as InputError:
      error.file == nil
        && error.message.firstMatch(of: /--[a-z][a-z-]*/).map { $0.output == entry.key.title }
          ?? false
    case let error as ExpressionError:
      !entry.key.isArgument && entry.values == [error.expression]
    case is ParameterMismatch:
      entry.key.name == "parameters"
    default:
      false
    }
  }
}
