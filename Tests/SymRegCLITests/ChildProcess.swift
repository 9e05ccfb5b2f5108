import Foundation
import Synchronization

/// A process whose end is waited for by `waitpid` on a thread of its own.
///
/// Foundation's `Process` learns of the end by a socket that other children of a parallel test may hold open.
final class ChildProcess: Sendable {
  let processIdentifier: pid_t
  private let ended = Mutex(false)
  private let statuses: AsyncStream<Int32>

  /// Starts it in a folder, with nothing on its standard input.
  init(
    _ executable: URL, _ arguments: [String], environment: [String: String], folder: URL,
    output: URL, errors: URL
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.path(), O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors.path(), O_WRONLY, 0)
    // What ignores signals here, `nohup` say, shall not make the child ignore them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    // `env` changes the folder and becomes the program: Glibc's function for it is not exported to Swift.
    let command = ["env", "-C", folder.path(), executable.path()] + arguments
    var words = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, &words, &variables)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
    processIdentifier = child
    let (stream, continuation) = AsyncStream<Int32>.makeStream()
    statuses = stream
    Thread { [self] in
      var status: Int32 = 0
      while waitpid(processIdentifier, &status, 0) < 0, errno == EINTR {}
      ended.withLock { $0 = true }
      continuation.yield(status)
      continuation.finish()
    }.start()
  }

  var isRunning: Bool { ended.withLock { !$0 } }

  /// Its exit status once it has ended; −1 where a signal ended it.
  var status: Int32 {
    get async {
      var status: Int32 = 0
      for await value in statuses { status = value }
      return status & 0x7f == 0 ? (status >> 8) & 0xff : -1
    }
  }
}
