import RunConfiguration

/// What stands on the command line behind the name of a command, as far as `--config` needs it.
///
/// Follows ArgumentParser: an option takes its value behind `=` or from the next argument whatever
/// that looks like, and behind `--` nothing is an option. So `--potential --config` is a potential.
struct GivenArguments {
  struct Option {
    /// Without dashes.
    let name: String
    /// Nil for a flag.
    let value: String?
  }

  private(set) var options: [Option] = []
  /// What is no option.
  private(set) var arguments: [String] = []
  /// Whether help is asked for, which no fault of a file shall stand in the way of.
  private(set) var wantsHelp = false

  init(_ words: some Sequence<String>, command: ConfigSchema.Command) {
    var rest = words.makeIterator()
    while let argument = rest.next() {
      if argument == "--" {
        while let argument = rest.next() { arguments.append(argument) }
        return
      }
      guard argument.hasPrefix("--") else {
        wantsHelp = wantsHelp || argument == "-h"
        if !argument.hasPrefix("-") { arguments.append(argument) }
        continue
      }
      let word = argument.dropFirst(2)
      let name = String(word.prefix { $0 != "=" })
      wantsHelp = wantsHelp || name == "help"
      let takesValue =
        name == ConfigOption.name || command[name].map { $0.kind != .flag } ?? false
      let value =
        !takesValue
        ? nil : word.contains("=") ? String(word.dropFirst(name.count + 1)) : rest.next()
      options.append(Option(name: name, value: value))
    }
  }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { options.contains { $0.name == name } }

  /// What an option was given.
  func values(of name: String) -> [String] {
    options.filter { $0.name == name }.compactMap(\.value)
  }
}
