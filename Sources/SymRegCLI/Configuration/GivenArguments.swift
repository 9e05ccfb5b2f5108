import RunConfiguration

/// What stands on the command line behind the name of a command, as far as `--config` needs it.
///
/// Follows ArgumentParser: an option takes its value behind `=` or from the next argument whatever
/// that looks like, and behind `--` nothing is an option. So `--potential --config` is a potential.
struct GivenArguments {
  /// Names of the options, without dashes.
  private(set) var options: Set<String> = []
  private(set) var hasArguments = false
  private(set) var configPaths: [String] = []
  /// Whether help is asked for, which no fault of a file shall stand in the way of.
  private(set) var wantsHelp = false

  init(_ arguments: some Sequence<String>, command: ConfigSchema.Command) {
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      if argument == "--" {
        hasArguments = rest.next() != nil || hasArguments
        return
      }
      guard argument.hasPrefix("--") else {
        wantsHelp = wantsHelp || argument == "-h"
        hasArguments = hasArguments || !argument.hasPrefix("-")
        continue
      }
      let word = argument.dropFirst(2)
      let name = String(word.prefix { $0 != "=" })
      wantsHelp = wantsHelp || name == "help"
      options.insert(name)
      let takesValue =
        name == ConfigOption.name || command[name].map { $0.kind != .flag } ?? false
      guard takesValue else { continue }
      let value = word.contains("=") ? String(word.dropFirst(name.count + 1)) : rest.next()
      if name == ConfigOption.name, let value { configPaths.append(value) }
    }
  }
}
