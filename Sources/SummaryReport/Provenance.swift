/// Where the numbers of a report come from.
public struct Provenance: Sendable {
  /// A name and what it says.
  public struct Fact: Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Data, versions, times.
  public var facts: [Fact]
  /// All options as the program understood them.
  public var options: [Fact]
  /// What repeats the run, a line of a shell each; empty where it is not known.
  public var commands: [String]
  /// What is to be said of the commands.
  public var remark: String?

  public init(
    facts: [Fact] = [], options: [Fact] = [], commands: [String] = [], remark: String? = nil
  ) {
    self.facts = facts
    self.options = options
    self.commands = commands
    self.remark = remark
  }
}

/// Arguments as a shell takes them.
public enum ShellText {
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%")

  /// In quotes where it needs them.
  public static func quoted(_ argument: String) -> String {
    guard argument.isEmpty || !argument.allSatisfy(plain.contains) else { return argument }
    return "'"
      + argument.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  public static func command(_ arguments: [String]) -> String {
    arguments.map(quoted).joined(separator: " ")
  }
}
