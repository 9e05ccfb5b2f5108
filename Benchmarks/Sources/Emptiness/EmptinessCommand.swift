import ArgumentParser
import Foundation
import Machine
import PlantedLaws
import SymReg

/// How many planted empty candidates are flagged, and how many sound ones.
@main
struct EmptinessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Emptiness",
    abstract: "Plants empty candidates of every kind and sound ones, and counts which are flagged.",
    discussion:
      "Fails where fewer than 95 % of the empty ones, or more than 5 % of the sound ones, "
      + "are flagged. A flag that a law has with its own parameters is no error: Buckingham's does attract "
      + "at short distances. docs/theory/flags.md has the flags.")

  @Option(help: "Noises in root mean square forces, separated by commas.", transform: Self.numbers)
  var noise = [0, 0.05, 0.5]
  @Option(help: "Seeds, 1 to this.") var seeds = 3
  @Option(help: "Threads.") var threads = 2
  @Flag(help: "Tell of each candidate that is not judged as it should be.") var verbose = false

  /// Shares that must be met.
  private static let leastOfEmpty = 0.95
  private static let mostOfSound = 0.05

  func run() async throws {
    let laws = try PlantedLaw.all()
    let seeds = (1...max(1, seeds)).map(UInt64.init)
    let sound = try await counted(PlantedCase.sound(laws, noises: noise, seeds: seeds))
    let empty = try await counted(try PlantedCase.empty(laws, noises: noise, seeds: seeds))
    print("Machine: \(Machine().processor). Command: `\(Machine().command)`.\n")
    print(
      "| candidates | planted | flagged as planted | with any flag | barred |\n|---|---|---|---|---|"
    )
    for (name, count) in empty { print(Self.row(name, count)) }
    let total = Self.sum(empty)
    print(Self.row("**all empty**", total))
    for (name, count) in sound { print(Self.row(name, count)) }
    let whole = Self.sum(sound)
    print(Self.row("**all sound**", whole))
    let isGood =
      Double(total.flagged) >= Self.leastOfEmpty * Double(total.planted)
      && Double(whole.flagged) <= Self.mostOfSound * Double(whole.planted)
    guard isGood else { throw ExitCode.failure }
  }

  private struct Count {
    var planted = 0
    /// With the flag that was planted.
    var expected = 0
    var flagged = 0
    var barred = 0
  }

  private func counted(_ cases: [PlantedCase]) async throws -> [(String, Count)] {
    var counts: [String: Count] = [:]
    for planted in cases {
      let flags = try await planted.flags(threads: threads)
      // What has no fit is in no front: nobody is misled.
      if flags == nil, planted.flag != nil { continue }
      let name = planted.flag?.rawValue ?? "sound: \(planted.law.name)"
      let isBarred = flags.map(EmptinessFlag.areBarring) ?? true
      counts[name, default: Count()].planted += 1
      if let flag = planted.flag, flags?.contains(flag.rawValue) == true {
        counts[name]?.expected += 1
      }
      if flags?.isEmpty != true { counts[name]?.flagged += 1 }
      if isBarred { counts[name]?.barred += 1 }
      let isRight = planted.flag.map { flags?.contains($0.rawValue) == true } ?? !isBarred
      if verbose, !isRight {
        FileHandle.standardError.write(
          Data(
            ("\(name), \(planted.law.name), noise \(planted.noise), seed \(planted.seed), "
              + "\(planted.forms.last?.description ?? ""): \(flags ?? ["no fit"])\n").utf8))
      }
    }
    return counts.sorted { $0.key < $1.key }
  }

  private static func sum(_ counts: [(String, Count)]) -> Count {
    counts.reduce(into: Count()) {
      $0.planted += $1.1.planted
      $0.expected += $1.1.expected
      $0.flagged += $1.1.flagged
      $0.barred += $1.1.barred
    }
  }

  private static func row(_ name: String, _ count: Count) -> String {
    func share(_ part: Int) -> String {
      let percent = String(format: "%.0f", 100 * Double(part) / Double(max(1, count.planted)))
      return "\(part) (\(percent) %)"
    }
    let expected = name.contains("sound") ? "" : share(count.expected)
    return "| \(name) | \(count.planted) | \(expected) | \(share(count.flagged)) | "
      + "\(share(count.barred)) |"
  }

  private static func numbers(_ text: String) throws -> [Double] {
    try text.split(separator: ",").map { word in
      guard let number = Double(word), number >= 0, number.isFinite else {
        throw ValidationError("expected numbers of at least 0, found \(word)")
      }
      return number
    }
  }
}
