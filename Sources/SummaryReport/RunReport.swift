import AtomicData
import CompressedForces
import ExpressionTrees
import Foundation
import RunStorage

/// The report of a run: one page that needs nothing else, and its figures for papers.
public struct RunReport: Sendable {
  /// Folder of the run, as the user names it.
  public var run: String
  public var document: FrontDocument
  /// What is to be known of the front, a sentence each.
  public var notes: [String] = []
  /// Nil where the run has no database.
  public var history: SearchHistory?
  /// Of the search; nil where not known.
  public var threads: Int?
  /// Of the cutoff mode `switch`, Å.
  public var switchWidth: Double?
  /// Nil where the data cannot be read.
  public var data: MeasuredData?
  /// Why there is no `data`.
  public var missingData: String?
  public var provenance = Provenance()

  public init(run: String, document: FrontDocument) {
    self.run = run
    self.document = document
  }

  /// Pairs of types, and types, that an entry has figures of, those with the most pairs.
  private static let mostPairs = 10
  private static let mostTypes = 6

  /// The figures of an entry.
  struct EntryFigures {
    var pairs: [Plot] = []
    var parity: [Plot] = []
  }

  /// The page.
  ///
  /// - Parameter processes: of gnuplot at the same time.
  /// - Throws: `PlottingError` where gnuplot does not draw.
  public func html(by gnuplot: Gnuplot, processes: Int) throws -> String {
    var narrow = FrontFigure(document: document)
    narrow.isNarrow = true
    let fronts = [FrontFigure(document: document).plot, narrow.plot].compactMap { $0 }
    let entries = entryFigures()
    let plots = fronts + searchPlots + entries.flatMap { $0.pairs + $0.parity }
    let files = try gnuplot.draw(plots, as: .svg, processes: processes)
    let figures = zip(plots, files).enumerated().map { number, figure in
      InlineSVG(figure.1, of: figure.0, id: "f\(number)")
    }
    let page = ReportPage(report: self, entries: entries, figures: figures)
    return try page.html()
  }

  /// Names of the files that `figures` gives, without those of what cannot be drawn.
  public var figureNames: [String] {
    paperPlots.flatMap { plot in ["pdf", "png"].map { "\(plot.name).\($0)" } }
  }

  /// The figures as PDF and PNG.
  ///
  /// - Throws: `PlottingError` where gnuplot does not draw.
  public func figures(
    by gnuplot: Gnuplot, processes: Int
  ) throws -> [(name: String, bytes: Data)] {
    let plots = paperPlots
    return try [Plot.Format.pdf, .png].flatMap { format in
      zip(plots, try gnuplot.draw(plots, as: format, processes: processes)).map {
        ("\($0.name).\(format.rawValue)", $1)
      }
    }
  }

  private var paperPlots: [Plot] {
    [FrontFigure(document: document).plot].compactMap { $0 } + searchPlots
      + entryFigures().flatMap { $0.pairs + $0.parity }
  }

  var searchPlots: [Plot] {
    guard let history else { return [] }
    let isCombined = document.front.contains { $0.targets != nil }
    return SearchFigures(history: history, threads: threads, isCombined: isCombined).plots
  }

  // MARK: Entries

  /// By entry; without figures where an entry cannot be evaluated.
  func entryFigures() -> [EntryFigures] {
    guard let types = pairTypes else { return document.front.map { _ in EntryFigures() } }
    let treatment = document.treatment(switchWidth: switchWidth)
    let pairNames = Self.fileNames(types.sampledPairs.indices.map(types.name(ofSampled:)))
    let typeFiles = Self.fileNames(types.typeNames)
    return document.front.enumerated().map { number, entry in
      guard
        let potential = try? EntryPotential(
          entry, typeNames: types.typeNames, treatment: treatment),
        potential.tree.known.allSatisfy(types.known.contains)
      else { return EntryFigures() }
      let prefix = "entry-" + String(repeating: "0", count: entry.complexity < 10 ? 1 : 0)
      let name = "\(prefix)\(entry.complexity)"
      return EntryFigures(
        pairs: shownPairs(types).map { pair in
          pairFigure(potential, entry: number, pair: pair, types, "\(name)-\(pairNames[pair])").plot
        },
        parity: (data?.comparison.parity[number] ?? []).enumerated().prefix(Self.mostTypes).map {
          type, parity in
          ParityFigure(
            name: "\(name)-parity-\(typeFiles[type])",
            type: types.typeNames[type], parity: parity, range: data?.comparison.range ?? 1
          ).plot
        })
    }
  }

  /// Pairs that are left out for their number.
  var omittedPairCount: Int {
    pairTypes.map { max(0, $0.sampledPairs.count - Self.mostPairs) } ?? 0
  }

  /// Those of the data, else those that the parameters name; nil where these say nothing.
  private var pairTypes: PairTypes? {
    if let data { return data.pairTypes }
    let names = document.typeNamesOfParameters
    return PairTypes(typeNames: names.isEmpty ? ["all"] : names)
  }

  private func shownPairs(_ types: PairTypes) -> [Int] {
    let all = Array(types.sampledPairs.indices)
    guard all.count > Self.mostPairs, let samples = data?.survey.samples else {
      return Array(all.prefix(Self.mostPairs))
    }
    let chosen = all.sorted {
      (samples[$1].pairCount, $0) < (samples[$0].pairCount, $1)
    }.prefix(Self.mostPairs)
    return chosen.sorted()
  }

  private func pairFigure(
    _ potential: EntryPotential, entry: Int, pair number: Int, _ types: PairTypes, _ name: String
  ) -> PairFigure {
    let sampled = types.sampledPairs[number]
    // Of pairs with different known properties the first and the last.
    let kinds = types.kindPairs.filter {
      ($0.first, $0.second, $0.bonds) == (sampled.first, sampled.second, sampled.bonds)
    }.sorted { $0.property < $1.property }
    let shown = kinds.count > 1 ? [kinds[0], kinds[kinds.count - 1]] : kinds
    let title = types.name(ofSampled: number)
    var figure = PairFigure(
      name: name, pair: title,
      curves: shown.map { kind in
        PairFigure.Curve(
          label: shown.count > 1 ? "Q = \(ReportNumber.significant(kind.property))" : "",
          value: potential.function(of: kind))
      }, cutoff: document.cutoff)
    guard let data else { return figure }
    figure.sample = data.survey.samples[number]
    figure.residuals = data.comparison.residuals[entry][number]
    figure.residualWidth = data.comparison.binWidth
    figure.floor = data.floor.indices.contains(number) ? data.floor[number] : []
    return figure
  }

  /// Letters, digits and hyphens, and no two alike.
  private static func fileNames(_ names: [String]) -> [String] {
    let plain = names.map { name in
      String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
    return plain.enumerated().map { number, name in
      plain.count(where: { $0 == name }) > 1 ? "\(name)-\(number + 1)" : name
    }
  }
}
