/// The part of ArgumentParser's description of a command that the schema needs, as JSON
/// (`symreg --experimental-dump-help` prints all of it).
struct HelpDump: Decodable {
  struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  struct Argument: Decodable {
    enum Kind: String, Decodable {
      case positional, option, flag
    }

    struct Name: Decodable {
      let kind: String
      let name: String
    }

    /// An object whose one key is the kind.
    struct Completion: Decodable {
      let isPath: Bool

      private enum CodingKeys: String, CodingKey {
        case file, directory
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isPath = !container.allKeys.isEmpty
      }
    }

    let kind: Kind
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let abstract: String?
    let completionKind: Completion?

    /// The long name without dashes; the value's name for an argument.
    var name: String? {
      kind == .positional ? valueName : names?.first { $0.kind == "long" }?.name
    }
  }

  let command: Command
}
