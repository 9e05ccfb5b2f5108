import ArgumentParser
import CompressedForces

/// Where the statistics of data are kept for the next time.
struct StatisticsCacheOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder that keeps the compressed data for the next time, up to 1 GiB of it; none: keep "
        + "nothing. No result depends on it. (default: $XDG_CACHE_HOME/symreg, or ~/.cache/symreg)",
      valueName: "folder|none"),
    completion: .directory)
  var statisticsCache: String?

  func cache() -> StatisticsCache? {
    guard statisticsCache != "none", statisticsCache != "" else { return nil }
    return (statisticsCache ?? StatisticsCache.defaultFolder).map(StatisticsCache.init(folder:))
  }
}
