import Foundation

/// Programs that benchmarks run.
public enum Subprocess {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Standard output of a program; its messages go to ours.
  ///
  /// - Parameters:
  ///   - program: a path, or a name to be found in PATH.
  ///   - input: of the program, all at once.
  ///   - isQuiet: whether the program's messages are dropped.
  public static func output(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    input: Data = Data(), isQuiet: Bool = false
  ) throws -> String {
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appending(path: "benchmark-\(UUID().uuidString).json")
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: program.contains("/") ? program : "/usr/bin/env")
    process.arguments = program.contains("/") ? arguments : [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: file)
    if isQuiet { process.standardError = FileHandle.nullDevice }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program) ended with status \(process.terminationStatus)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
