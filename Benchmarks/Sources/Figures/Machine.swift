import Foundation

/// What the figures were measured on.
struct Machine: CustomStringConvertible {
  var description: String {
    let processor =
      (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let system = ProcessInfo.processInfo.operatingSystemVersionString
    return "\(processor ?? "unknown processor"), \(cores) cores, \(system)\n"
      + "command: \(CommandLine.arguments.joined(separator: " "))"
  }
}
