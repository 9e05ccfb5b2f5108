import ArgumentParser
import Foundation

/// What may stand in the file of `--config`: the options of the commands that take one.
///
/// Read from ArgumentParser's own description of the commands, so that an option is in the schema
/// as soon as it is declared. Two conventions of the help carry what ArgumentParser does not know:
/// a value name that ends in `,...` is a list, and a word behind `|` in the value name of a path,
/// as in `folder|none`, is no path.
struct ConfigSchema {
  /// One option, or the data arguments.
  struct Key: Hashable {
    enum Kind: Hashable {
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
    let name: String
    let kind: Kind
    let isArgument: Bool
    let isPath: Bool
    /// What stands for itself where a path may stand.
    let words: [String]
    let help: String
    let defaultValue: String?

    /// How messages call it.
    var title: String { isArgument ? name : "--" + name }
  }

  struct Command {
    let name: String
    let keys: [Key]

    subscript(name: String) -> Key? { keys.first { $0.name == name } }
  }

  /// The commands that take `--config`, in the order of the help.
  let commands: [Command]

  /// - Throws: where ArgumentParser's description has another form than that of its version 1.
  init(of command: any ParsableCommand.Type) throws {
    let dump = try JSONDecoder().decode(HelpDump.self, from: Data(command._dumpHelp().utf8))
    commands = (dump.command.subcommands ?? []).compactMap { command in
      let arguments = command.arguments ?? []
      guard arguments.contains(where: { $0.name == ConfigOption.name }) else { return nil }
      return Command(name: command.commandName, keys: arguments.compactMap(Key.init))
    }
  }

  /// All names, in byte order.
  var names: [String] { Set(commands.flatMap(\.keys).map(\.name)).sorted() }

  subscript(command name: String) -> Command? { commands.first { $0.name == name } }

  /// What a name stands for in a file that is read for `command`: its own key, else that of the
  /// first command that has one.
  func key(_ name: String, for command: Command) -> Key? {
    command[name] ?? commands.lazy.compactMap { $0[name] }.first
  }
}

extension ConfigSchema.Key {
  /// Nil for what has no place in a file: `--config` itself, help and version.
  fileprivate init?(_ argument: HelpDump.Argument) {
    guard let name = argument.name, !["help", "version", ConfigOption.name].contains(name)
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
