import Foundation

/// What figures were measured on.
public struct Machine: Sendable, Codable, CustomStringConvertible {
  public let processor: String
  public let cores: Int
  public let system: String
  /// Words of the command, without the folder of the program.
  public let command: String

  public init() {
    let model =
      (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    processor = model ?? "unknown processor"
    cores = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
    let name = CommandLine.arguments.first.map { URL(filePath: $0).lastPathComponent } ?? ""
    // Documents hold what is printed here: where a file lies on this machine is nobody's concern.
    let words = CommandLine.arguments.dropFirst().map {
      $0.hasPrefix("/") ? "…/" + URL(filePath: $0).lastPathComponent : $0
    }
    command = ([name] + words).joined(separator: " ")
  }

  public var description: String {
    "\(processor), \(cores) cores, \(system)\ncommand: \(command)"
  }
}
