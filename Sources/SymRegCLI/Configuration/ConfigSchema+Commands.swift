import ArgumentParser
import RunConfiguration

extension ConfigSchema {
  /// The schema of the commands below `root`.
  ///
  /// - Throws: where ArgumentParser's description has another form than that of its version 1.
  init(of root: any ParsableCommand.Type) throws {
    try self.init(helpDump: root._dumpHelp(), fileOption: ConfigOption.name)
  }
}
