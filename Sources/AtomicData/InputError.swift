/// Input that cannot be used: a file, an option or an expression of the user.
///
/// The description is one line whatever the file holds, `file:line: expected …, found …; remedy`, and the executable ends
/// with status 2. Programming errors and failures of the machine are other types.
public struct InputError: Error, Equatable, CustomStringConvertible {
  /// Path as the user gave it; nil where no file is at fault.
  public var file: String?
  /// Line in `file`, from 1.
  public var line: Int?
  /// What is wrong: "expected …, found …".
  public var message: String
  /// What the user can do about it; empty where the message says it.
  public var remedy: String

  public init(file: String? = nil, line: Int? = nil, _ message: String, remedy: String = "") {
    self.file = file
    self.line = line
    self.message = message
    self.remedy = remedy
  }

  public var description: String {
    var text = ""
    if let file { text += file + ":" }
    if let line { text += "\(line):" }
    if !text.isEmpty { text += " " }
    text += message
    if !remedy.isEmpty { text += "; " + remedy }
    return text.onOneLine
  }
}
