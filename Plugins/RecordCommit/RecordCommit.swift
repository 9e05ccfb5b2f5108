import Foundation
import PackagePlugin

/// Generates `SourceCommit.swift`: a run says which source found it.
@main
struct RecordCommit: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let package = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL
    return [
      .prebuildCommand(
        displayName: "Recording the commit", executable: URL(fileURLWithPath: "/bin/sh"),
        arguments: [
          package.appending(path: "Plugins/RecordCommit/record-commit").path(),
          package.path(), output.path(),
        ],
        outputFilesDirectory: output)
    ]
  }
}
