import ArgumentParser
import CompressedForces

/// `symreg inspect`: what is in the data.
struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what the data hold, and at which distances there are pairs.",
    discussion: """
      Reads every frame, so it also checks the files.

        symreg inspect DATA.extxyz --cutoff 8

      Where a pair type has no pairs the potential is free: trust it in the sampled range only.
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Model") var cutoff: CutoffOption
  @OptionGroup(title: "Run") var threads: ThreadOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    var options = try data.readingOptions()
    let sources = try data.sources()
    // Keys that are named are checked; others are only listed, since nothing needs them here.
    options.readsEnergies = options.energyKey != nil || sources.contains { $0.energy != nil }
    options.readsVirials = options.virialKey != nil
    let cutoff = try cutoff.length()
    let threads = try threads.count()
    let dataset = try await Preparation.openDataset(sources, options: options, threads: threads)
    let survey = try await FrameSurvey(of: dataset, threads: threads)
    let distances = try await DistanceSurvey(of: dataset, cutoff: cutoff, threads: threads)
    try console.print(
      InspectReport(dataset: dataset, survey: survey, distances: distances)
        .lines(width: console.width))
    try console.printJSON(InspectDocument(dataset, survey, distances))
  }
}
