import ArgumentParser
import AtomicData
import ExpressionTrees
import Glibc
import RunStorage

/// Runs the command, and turns whatever ends it into a message and an exit status.
@main
enum EntryPoint {
  static func main() async {
    // A reader that leaves, as `head` does, must not end a search: writes report it instead.
    signal(SIGPIPE, SIG_IGN)
    exit(await status().rawValue)
  }

  private static func status() async -> ExitStatus {
    var arguments = ConfiguredArguments(Array(CommandLine.arguments.dropFirst()))
    do {
      arguments = try ConfiguredArguments(arguments.arguments, of: SymRegCommand.self)
      var command = try await SymRegCommand.asyncParseAsRoot(
        try RunArguments.extended(arguments.arguments))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return .done
    } catch {
      return report(error, origin: arguments.origin(of: error))
    }
  }

  /// - Parameter origin: where what is wrong stands, `run.yaml:3: `; empty for the command line.
  private static func report(_ error: any Error, origin: String = "") -> ExitStatus {
    switch error {
    case let status as ExitStatus:
      return status
    case is StandardStream.Closed:
      return .done
    case let error as InputError:
      return failure(origin + "\(error)", .badInput)
    case let error as ExpressionError:
      return failure(origin + "\(error)", .badInput)
    case let error as ParameterMismatch:
      return failure(origin + "\(error)", .badInput)
    case let error as CommandFailure:
      return failure("\(error)", error.status)
    case let error as RunStorageError:
      return failure("\(error)", .failed)
    default:
      return SymRegCommand.exitCode(for: error) == .failure
        ? failure("\(error)", .failed) : reportUsage(error)
    }
  }

  private static func failure(_ message: String, _ status: ExitStatus) -> ExitStatus {
    try? StandardStream.error.write("error: \(message)\n")
    return status
  }

  /// Help, the version, and arguments that cannot be parsed.
  private static func reportUsage(_ error: any Error) -> ExitStatus {
    let message = SymRegCommand.fullMessage(for: error)
    guard SymRegCommand.exitCode(for: error) == .success else {
      let prefix = "Error: "
      return failure(
        message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message, .badInput)
    }
    do {
      try StandardStream.output.write(message + "\n")
      return .done
    } catch {
      return report(error)
    }
  }
}
