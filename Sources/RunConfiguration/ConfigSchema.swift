import Foundation

/// What may stand in the file of `--config`: the options of the commands that take one.
///
/// Read from ArgumentParser's own description of the commands, so that an option is in the schema
/// as soon as it is declared. Two conventions of the help carry what ArgumentParser does not know:
/// a value name that ends in `,...` is a list, and a word behind `|` in the value name of a path,
/// as in `folder|none`, is no path.
public struct ConfigSchema: Sendable {
  /// One option, or the data arguments.
  public struct Key: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
      /// `true` or `false`.
      case flag
      /// One value.
      case single
      /// One value or several, joined with commas.
      case list
      /// One value or several, each given by itself.
      case repeated
    }

    /// As on the command line, without dashes; for arguments the name of the value.
    public let name: String
    public let kind: Kind
    public let isArgument: Bool
    public let isPath: Bool
    /// What stands for itself where a path may stand.
    public let words: [String]
    public let help: String
    public let defaultValue: String?

    public init(
      name: String, kind: Kind, isArgument: Bool = false, isPath: Bool = false,
      words: [String] = [], help: String = "", defaultValue: String? = nil
    ) {
      self.name = name
      self.kind = kind
      self.isArgument = isArgument
      self.isPath = isPath
      self.words = words
      self.help = help
      self.defaultValue = defaultValue
    }

    /// How messages call it.
    public var title: String { isArgument ? name : "--" + name }
  }

  public struct Command: Sendable {
    public let name: String
    public let keys: [Key]

    public init(name: String, keys: [Key]) {
      self.name = name
      self.keys = keys
    }

    public subscript(name: String) -> Key? { keys.first { $0.name == name } }
  }

  /// The commands that take `--config`, in the order of the help.
  public let commands: [Command]

  public init(commands: [Command]) { self.commands = commands }

  /// - Parameters:
  ///   - helpDump: what `symreg --experimental-dump-help` prints.
  ///   - fileOption: name of the option that takes the file; no key of its own.
  /// - Throws: where ArgumentParser's description has another form than that of its version 1.
  public init(helpDump: String, fileOption: String) throws {
    let dump = try JSONDecoder().decode(HelpDump.self, from: Data(helpDump.utf8))
    commands = (dump.command.subcommands ?? []).compactMap { command in
      let arguments = command.arguments ?? []
      guard arguments.contains(where: { $0.name == fileOption }) else { return nil }
      return Command(
        name: command.commandName, keys: arguments.compactMap { Key($0, fileOption: fileOption) })
    }
  }

  /// All names, in byte order.
  public var names: [String] { Set(commands.flatMap(\.keys).map(\.name)).sorted() }

  public subscript(command name: String) -> Command? { commands.first { $0.name == name } }

  /// What a name stands for in a file that is read for `command`: its own key, else that of the
  /// first command that has one.
  public func key(_ name: String, for command: Command) -> Key? {
    command[name] ?? commands.lazy.compactMap { $0[name] }.first
  }
}

extension ConfigSchema.Key {
  /// Nil for what has no place in a file: the option that takes it, help and version.
  fileprivate init?(_ argument: HelpDump.Argument, fileOption: String) {
    guard let name = argument.name, !["help", "version", fileOption].contains(name)
    else { return nil }
    let valueName = argument.valueName ?? ""
    self.name = name
    isArgument = argument.kind == .positional
    isPath = argument.completionKind?.isPath ?? false
    words = valueName.split(separator: "|").dropFirst().map(String.init)
    kind =
      argument.kind == .flag
      ? .flag : argument.isRepeating ? .repeated : valueName.hasSuffix(",...") ? .list : .single
    help = argument.abstract ?? ""
    defaultValue = argument.defaultValue
  }
}
