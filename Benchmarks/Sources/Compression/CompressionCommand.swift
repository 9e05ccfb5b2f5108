import ArgumentParser
import Glibc
import SymReg

/// How fast frames in memory become statistics.
@main
struct CompressionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Compression",
    abstract: "Times the two passes over water dimers in memory: distances, then sums.",
    discussion: """
      Six atoms and nine pairs each, drawn from Datasets/water-dimer with their atoms shifted at \
      random. Pairs are counted once; the best and the median of the repetitions are printed, in \
      million pairs per second of processor time, summed over the threads.
      """)

  @Option(help: "Dimers.") var frames = 200_000
  @Option(help: "Threads.") var threads = 1
  @Option(help: "Å.") var cutoff = 10.0
  @Option(help: "Grid points.") var points = RadialGrid.defaultPointCount
  @Option(help: "Repetitions.") var repetitions = 9

  func run() async throws {
    let path = "Datasets/water-dimer/water-dimer.extxyz"
    let source = try await Self.dimers(count: frames, like: path)
    var survey: [Double] = []
    var sums: [Double] = []
    var pairs = 0
    for _ in 0..<repetitions {
      let begin = Self.processorTime()
      pairs = try await DistanceSurvey(of: source, cutoff: cutoff, threads: threads).pairCount
      let middle = Self.processorTime()
      _ = try await ForceStatistics(
        compressing: source, cutoff: cutoff, pointCount: points, threads: threads)
      // `ForceStatistics` does both passes.
      survey.append(middle - begin)
      sums.append(Self.processorTime() - middle - survey[survey.count - 1])
    }
    print("\(frames) dimers, \(pairs) pairs, \(threads) threads, \(points) points")
    report("distances", pairs, survey)
    report("sums", pairs, sums)
  }

  private func report(_ name: String, _ pairs: Int, _ times: [Double]) {
    let rates = times.map { Double(pairs) / $0 / 1e6 }.sorted()
    let text = [rates[rates.count - 1], rates[rates.count / 2]]
      .map { "\(($0 * 10).rounded() / 10)" }
    print("  \(name): best \(text[0]), median \(text[1])")
  }

  /// Seconds, of all threads: other work on the machine does not count.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private static func dimers(count: Int, like path: String) async throws -> InMemoryFrames {
    let dataset = try await Dataset.open([DataSource(path: path)])
    var known: [Frame] = []
    let reader = try dataset.makeBlockReader()
    while let block = try reader.next() { known += try block.frames() }
    var random = RandomStream(seed: 1, purpose: 0xC0)
    let frames = (0..<count).map { index in
      let like = known[index % known.count]
      // Arrays of its own, as a frame from a file has: shared ones would stay in the cache.
      return Frame(
        positions: like.positions.map {
          $0 + 0.05 * SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit())
        }, forces: like.forces.map { 1 * $0 }, types: like.types.map { $0 },
        molecules: like.molecules?.map { $0 }, part: like.part)
    }
    return InMemoryFrames(
      pairTypes: dataset.pairTypes, pairSelection: dataset.pairSelection, frames: frames)
  }
}
