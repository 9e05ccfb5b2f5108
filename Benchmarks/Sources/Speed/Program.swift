import Dispatch

/// The entry. Not asynchronous itself: the main thread of such a program ends in a way that valgrind
/// does not survive.
@main
enum Program {
  static func main() {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await SpeedCommand.main()
      done.signal()
    }
    done.wait()
  }
}
