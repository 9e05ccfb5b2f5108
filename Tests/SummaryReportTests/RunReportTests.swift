import AtomicData
import CompressedForces
import ExpressionTrees
import Foundation
import RunStorage
import Testing

@testable import SummaryReport

/// Whether gnuplot is there; without it the tests that need it are skipped.
private let hasGnuplot = (try? Gnuplot()) != nil

@Suite("Page of a run")
struct RunReportTests {
  /// Frames of H and O at random, with forces of their own.
  private static func data(for document: FrontDocument) async throws -> MeasuredData {
    var random = RandomStream(seed: 7)
    let frames = (0..<40).map { number -> Frame in
      let positions = (0..<4).map { SIMD3(2.2 * Double($0), random.nextUnit(), random.nextUnit()) }
      let forces = positions.map { _ in SIMD3(random.nextUnit() - 0.5, 0.1, 0) }
      return Frame(
        positions: positions, forces: forces, types: [0, 1, 0, 1],
        part: .training(fold: number % 5))
    }
    let source = InMemoryFrames(pairTypes: PairTypes(typeNames: ["H", "O"]), frames: frames)
    let statistics = try await ForceStatistics(compressing: source, cutoff: 6, threads: 2)
    return try await MeasuredData(
      of: document, frames: source, statistics: statistics, switchWidth: nil, threads: 2)
  }

  private static func report() async throws -> RunReport {
    let document = SampleFront.document(name: "a<b>&'c'")
    var report = RunReport(run: "runs/it's", document: document)
    report.notes = ["A note & more."]
    report.history = SearchHistoryTests.history
    report.data = try await data(for: document)
    report.provenance = Provenance(
      facts: [.init("Data", "x<y")], options: [.init("cutoff", "6")],
      commands: ["symreg search --cutoff=6 'my data.xyz'"], remark: "A remark.")
    return report
  }

  @Test(
    "the page is well-formed, needs no network, and its links lead somewhere",
    .enabled(if: hasGnuplot))
  func page() async throws {
    let report = try await Self.report()
    let page = try report.html(by: try Gnuplot(), processes: 2)
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    let closed = page.replacing(/<meta[^>]*>|<!DOCTYPE html>/, with: "")
      .replacing(/<style>[\s\S]*?<\/style>/, with: "")
    #expect(XMLCheck().isWellFormed(closed))
    for address in page.matches(of: /(?:href|src)=['"]([^'"]*)['"]/) {
      #expect(
        address.1.hasPrefix("#") || address.1.hasPrefix("data:image/png;base64,"), "\(address.1)")
    }
    let ids = page.matches(of: #/ id=['"]([^'"]+)['"]/#).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
    for link in page.matches(of: /href=['"]#([^'"]+)['"]/) {
      #expect(ids.contains(String(link.1)), "\(link.1)")
    }
    #expect(!page.contains("<b>") && page.contains("a&lt;b&gt;&amp;"))
    #expect(!page.contains("{{"))
  }

  @Test("the page has what is asked of it", .enabled(if: hasGnuplot))
  func contents() async throws {
    let report = try await Self.report()
    let page = try report.html(by: try Gnuplot(), processes: 1)
    // Each point of both figures of the front leads to its entry, and so do table and list; to the
    // recommended one the head does, too.
    for entry in report.document.front {
      let links = page.components(separatedBy: "href=\"#entry-\(entry.complexity)\"").count - 1
      #expect(links == (entry.recommended ? 5 : 4))
    }
    // Of each entry three pairs and two types.
    #expect(page.components(separatedBy: "U, F and residual by distance</title>").count - 1 == 9)
    #expect(page.components(separatedBy: "against the reference</title>").count - 1 == 6)
    for text in [
      "0.200 ± 0.010", "1/Å", "A note &amp; more.", "a flag of another version",
      "bars the entry",
      "symreg export 'runs/it'\\''s' --complexity 7".replacing("'", with: "&#39;"),
      "far &lt;off&gt; (900.0 meV/Å)", "my data.xyz", "Share of new forms", "Cores busy",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    // Colours are those of the page.
    #expect(page.contains("var(--blue)") && !page.contains("rgb(0,114,178)"))
  }

  @Test("without data the page says why, and lacks what needs them", .enabled(if: hasGnuplot))
  func withoutData() async throws {
    var report = try await Self.report()
    report.data = nil
    report.missingData = "water.xyz: expected a file, found none"
    let page = try report.html(by: try Gnuplot(), processes: 1)
    #expect(page.contains("water.xyz: expected a file, found none"))
    #expect(page.contains("U, F by distance") || page.contains(": U, F"))
    #expect(!page.contains("against the reference"))
  }

  @Test("a front without entries has a page", .enabled(if: hasGnuplot))
  func empty() throws {
    var document = SampleFront.document()
    document.front = []
    let page = try RunReport(run: "run", document: document).html(by: try Gnuplot(), processes: 1)
    #expect(page.contains("The front has no entry"))
  }

  @Test("figures are PDF and PNG, named as announced", .enabled(if: hasGnuplot))
  func figures() async throws {
    let report = try await Self.report()
    let files = try report.figures(by: try Gnuplot(), processes: 2)
    #expect(Set(files.map(\.name)) == Set(report.figureNames))
    #expect(report.figureNames.contains("entry-07-H-O.pdf"))
    for (name, bytes) in files {
      let start = name.hasSuffix("pdf") ? Array("%PDF".utf8) : [0x89, 0x50, 0x4E, 0x47]
      #expect(Array(bytes.prefix(4)) == start, "\(name)")
    }
  }

  @Test("without gnuplot it is said what to install")
  func noGnuplot() {
    let error = #expect(throws: PlottingError.self) { try Gnuplot(searchPath: "/nowhere:relative") }
    #expect(error?.description.contains("gnuplot-nox") == true)
  }
}

@Suite("Page of several runs")
struct ComparisonReportTests {
  private static let runs = [
    ComparedRun(name: "runs/a", document: SampleFront.document()),
    ComparedRun(name: "runs/b", document: SampleFront.document(rmse: 0.09)),
  ]

  @Test("the page has every run and every size", .enabled(if: hasGnuplot))
  func page() throws {
    let page = try ComparisonReport(Self.runs).html(by: try Gnuplot(), processes: 1)
    for text in ["runs/a", "runs/b", "Fronts of 2 runs, training", "80.08", "90.09"] {
      #expect(page.contains(text), "\(text)")
    }
    let ids = page.matches(of: #/ id=['"]([^'"]+)['"]/#).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
  }

  @Test("runs whose errors differ in meaning come with a warning")
  func warnings() {
    #expect(ComparisonReport(Self.runs).warnings.isEmpty)
    var other = SampleFront.document()
    other.cutoff = 8
    let warnings = ComparisonReport(
      Self.runs + [ComparedRun(name: "c", document: other)]
    ).warnings
    #expect(
      warnings == ["The runs have different cutoffs: an error of one is not that of another."])
  }
}
