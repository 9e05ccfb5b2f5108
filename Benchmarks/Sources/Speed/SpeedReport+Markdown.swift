import Foundation

extension SpeedReport {
  /// The tables of the measurements, as Markdown.
  var markdown: String {
    let versions = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let head = """
      Machine: \(machine.processor), \(machine.cores) cores, \(machine.system). \
      \(versions.joined(separator: ", ")).
      Command: `\(machine.command)`, \(Date.now.formatted(.iso8601.year().month().day())).
      """
    let sections = [
      localSolves.map(Self.table), constraints.map(Self.table), candidates.map(Self.table),
      recording.map(Self.table), minima.map(Self.table),
      scaling.map(Self.table), nodes.map(Self.table), compression.map(Self.table),
      rawFrames.map(Self.table), pairForces.map(Self.table),
    ]
    let left = skipped.map { "Left out: \($0)." }
    return ([head] + sections.compactMap { $0 } + left).joined(separator: "\n\n") + "\n"
  }

  private static func table(_ solves: [LocalSolves]) -> String {
    table(
      "Local solves",
      [
        "mode", "road", "start", "tolerance", "solves/s", "asked", "converged", "candidates",
        "lowest",
      ],
      solves.map {
        [
          $0.mode, $0.road.rawValue, $0.searchesStart ? "searched" : "plain",
          String(format: "%.0e", $0.tolerance),
          count($0.perSecond), "≥ " + count($0.asked), share($0.convergedShare),
          share($0.candidateShare), share($0.lowestShare),
        ]
      })
  }

  private static func table(_ costs: [ConstraintCost]) -> String {
    table(
      "Constraints", ["constraints", "number", "solves/s", "time", "asked", "candidates"],
      costs.map {
        [
          $0.name, String($0.constraints), count($0.perSecond), String(format: "%.2f", $0.ratio),
          String(format: "≤ %.0f", $0.asked), share($0.candidateShare),
        ]
      })
  }

  private static func table(_ fits: [CandidateFits]) -> String {
    table(
      "Candidates",
      [
        "mode", "road", "candidates/s", "asked", "solved well", "asked", "of the lowest known",
        "no reference", "agreed", "R² > 0.2",
      ],
      fits.map {
        [
          $0.mode, $0.road.rawValue, count($0.perSecond), "≥ " + count($0.asked),
          share($0.solvedShare), "≥ " + share($0.askedShare), share($0.strictShare),
          String($0.withoutReference), share($0.agreedWithoutShare), share($0.usefulShare),
        ]
      })
  }

  private static func table(_ costs: [RecordingCost]) -> String {
    table(
      "Recording",
      ["mode", "seconds", "forms", "bytes/form", "share of the time", "asked", "of it writing"],
      costs.map {
        [
          $0.mode, String(format: "%.0f", $0.seconds), count(Double($0.evaluations)),
          count($0.bytesPerForm), percent($0.share), "≤ " + percent($0.asked),
          percent($0.writingShare),
        ]
      })
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  private static func table(_ minima: [KnownMinimum]) -> String {
    table(
      "Known minima", ["form", "RMSE, eV/Å", "found", "starts", "within 1e-5"],
      minima.map {
        [
          "`\($0.expression)`", String(format: "%.7f", $0.expected),
          String(format: "%.7f", $0.found), String($0.starts), $0.isReached ? "yes" : "no",
        ]
      })
  }

  private static func table(_ scaling: FrameScaling) -> String {
    table(
      "Frames", ["frames", "µs per local solve", "ratio", "asked"],
      [
        [count(Double(scaling.frames)), microseconds(scaling.solveTime), "1", ""],
        [
          count(Double(scaling.frames * scaling.repetitions)),
          microseconds(scaling.solveTimeRepeated), String(format: "%.3f", scaling.ratio),
          "≤ \(scaling.asked)",
        ],
      ])
  }

  private static func table(_ rates: [NodeRate]) -> String {
    table(
      "Node evaluations",
      [
        "form", "nodes", "pair types", "points", "instructions", "10⁹/s", "asked",
        "with all derivatives",
      ],
      rates.map {
        [
          "`\($0.expression)`", String($0.nodes), String($0.pairTypes), String($0.points),
          $0.instructions.rawValue, billions($0.perSecond),
          $0.instructions.askedNodeRate.map { "≥ " + billions($0) } ?? "",
          billions($0.perSecondWithDerivatives),
        ]
      })
  }

  private static func table(_ compression: Compression) -> String {
    let memory = compression.peakMemory.map { "\($0 / 1_000_000) MB" } ?? "unknown"
    return table(
      "Compression", ["what", "figure", "asked"],
      [
        [
          "distances of \(count(Double(compression.pairs))) pairs of dimers",
          "\(String(format: "%.1f", compression.surveyedPairsPerSecond / 1e6))·10⁶ pairs/s", "",
        ],
        [
          "their sums G, b and c",
          "\(String(format: "%.1f", compression.summedPairsPerSecond / 1e6))·10⁶ pairs/s",
          "≥ \(Int(compression.asked / 1e6))·10⁶",
        ],
        [
          "peak memory, \(count(Double(compression.memoryFrames))) dimer frames and the mix fitted",
          memory, "< \(compression.askedMemory / 1_000_000) MB",
        ],
      ])
  }

  private static func table(_ raw: RawFrames) -> String {
    table(
      "SciPy on the raw frames",
      [
        "solves/s", "ours, same starts", "ratio", "same minimum", "SciPy lower", "we lower",
        "losses at one θ differ by",
      ],
      [
        [
          String(format: "%.2f", raw.perSecond), count(raw.oursPerSecond),
          count(raw.oursPerSecond / raw.perSecond), "\(raw.sameMinimum) of \(raw.forms)",
          String(raw.lowerByPeer), String(raw.lowerByUs),
          String(
            format: "%.0e (median), %.0e (largest)", raw.medianDifference, raw.largestDifference),
        ]
      ])
  }

  private static func table(_ peers: [PairForces]) -> String {
    table(
      "Operon on pair forces",
      ["points", "trees", "iterations, at most", "solves/s", "iterations", "successful"],
      peers.map {
        [
          count(Double($0.points)), String(format: "%.0f", $0.trees), String($0.iterationLimit),
          count($0.perSecond), String(format: "%.1f", $0.iterationsPerSolve),
          share($0.successShare),
        ]
      })
  }

  private static func table(_ title: String, _ head: [String], _ rows: [[String]]) -> String {
    let line = { (cells: [String]) in "| " + cells.joined(separator: " | ") + " |" }
    let rule = "|" + String(repeating: "---|", count: head.count)
    return (["**\(title)**", "", line(head), rule] + rows.map(line)).joined(separator: "\n")
  }

  /// Whole, in groups of three.
  private static func count(_ value: Double) -> String {
    let digits = Array(String(Int(value.rounded())))
    return digits.enumerated().reduce("") { text, digit in
      let isGroup = digit.offset > 0 && (digits.count - digit.offset) % 3 == 0
      return text + (isGroup ? "," : "") + String(digit.element)
    }
  }

  private static func share(_ value: Double) -> String { String(format: "%.1f %%", 100 * value) }
  private static func billions(_ value: Double) -> String { String(format: "%.2f", value / 1e9) }
  private static func microseconds(_ value: Double) -> String { count(value * 1e6) }
}
