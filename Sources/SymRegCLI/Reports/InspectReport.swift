import AtomicData
import CompressedForces

/// What the data hold, for people.
struct InspectReport {
  let dataset: Dataset
  let survey: FrameSurvey
  let distances: DistanceSurvey

  /// Lines of a histogram, at most.
  private static let histogramLineCount = 20
  private static let barWidth = 40

  func lines(width: Int?) -> [String] {
    DataReport.head(dataset, width: width) + [""] + contents.lines(width: width)
      + distances.samples.enumerated().flatMap { pair, sample in
        ["", title(pair, sample)] + Self.histogram(sample, cutoff: distances.cutoff, width: width)
      }
  }

  private var contents: TextTable {
    var table = TextTable(rightAligned: [false, false])
    for file in dataset.files where dataset.files.count > 1 {
      table.add([
        "file", "\(file.source.path): \(NumberText.count(file.frameCount, "frame"))",
      ])
    }
    let types = zip(dataset.pairTypes.typeNames, survey.atomCounts)
      .map { "\($0.0) \(NumberText.count($0.1))" }
    table.add(["atoms", types.joined(separator: ", ")])
    table.add(["atoms per frame", Self.text(survey.atomsPerFrame)])
    table.add([
      "molecules per frame",
      dataset.knowsMolecules ? Self.text(survey.moleculesPerFrame) : "unknown",
    ])
    table.add(["cell", periodicity])
    for (title, keys) in [
      ("energy keys", dataset.energyKeys), ("virial keys", dataset.virialKeys),
    ] where !keys.isEmpty {
      table.add([title, keys.joined(separator: ", ")])
    }
    let keys = dataset.numericKeys
    table.add(["numeric keys", keys.isEmpty ? "none" : keys.joined(separator: ", ")])
    return table
  }

  private var periodicity: String {
    survey.framesByPeriodicity.sorted { $0.key > $1.key }.map { directions, count in
      var text = directions.isEmpty ? "not periodic" : "periodic along \(directions)"
      if directions.count == 3, let volumes = survey.volumes {
        let ends = [volumes.lowerBound, volumes.upperBound].map { NumberText.fixed($0, 1) }
        text += ", volume \(ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to ")) Å³"
      }
      if survey.framesByPeriodicity.count > 1 { text += " (\(NumberText.count(count, "frame")))" }
      return text
    }.joined(separator: "; ")
  }

  private func title(_ pair: Int, _ sample: DistanceSurvey.Sample) -> String {
    let name = dataset.pairTypes.name(ofSampled: pair)
    guard sample.pairCount > 0 else {
      return "\(name): no pair within \(NumberText.significant(distances.cutoff)) Å"
    }
    return "\(name): \(NumberText.count(sample.pairCount, "pair")), "
      + "\(DataReport.range(sample)) Å; from each distance on:"
  }

  private static func text(_ range: ClosedRange<Int>?) -> String {
    guard let range else { return "unknown" }
    return range.count == 1
      ? NumberText.count(range.lowerBound)
      : "\(NumberText.count(range.lowerBound)) to \(NumberText.count(range.upperBound))"
  }

  /// Pairs by distance, from the first bin with pairs to the last, as bars.
  static func histogram(
    _ sample: DistanceSurvey.Sample, cutoff: Double, width: Int?
  ) -> [String] {
    guard let first = sample.histogram.firstIndex(where: { $0 > 0 }),
      let last = sample.histogram.lastIndex(where: { $0 > 0 })
    else { return [] }
    // Round widths of 1, 2 or 5 tenths, whole Å beyond.
    let merged =
      [1, 2, 5, 10, 20, 50, 100, 1000].first {
        last / $0 - first / $0 < histogramLineCount
      } ?? last
    let bins = (first / merged...last / merged).map { bin in
      (
        start: Double(bin * merged) * DistanceSurvey.binWidth,
        count: sample.histogram[bin * merged..<min((bin + 1) * merged, sample.histogram.count)]
          .reduce(0, +)
      )
    }
    let largest = bins.map(\.count).max() ?? 1
    let digits = NumberText.count(largest).count
    let barWidth = min(Self.barWidth, max(8, (width ?? 80) - digits - 12))
    return bins.map { bin in
      let start = NumberText.fixed(bin.start, 1)
      let count = NumberText.count(bin.count)
      let bar = Bar.text(share: Double(bin.count) / Double(largest), width: barWidth)
      return String(repeating: " ", count: max(0, 7 - start.count)) + start
        + String(repeating: " ", count: max(0, digits + 2 - count.count)) + count
        + (bar.isEmpty ? "" : "  " + bar)
    }
  }
}
