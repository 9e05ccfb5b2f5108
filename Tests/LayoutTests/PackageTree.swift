import Foundation

/// The package as it lies on disk, found from the path of this file.
struct PackageTree {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Names of the folders in `folder`, in byte order.
  static func folders(in folder: String) throws -> [String] {
    let url = root.appending(path: folder)
    return try FileManager.default.contentsOfDirectory(atPath: url.path())
      .filter { !$0.hasPrefix(".") && isDirectory(url.appending(path: $0)) }
      .sorted(by: LayoutRule.precedes)
  }

  /// Paths of the files below `folder`, from the package root, in byte order.
  ///
  /// - Parameter extensions: how the names end; empty for every file.
  static func files(in folder: String, extensions: Set<String> = []) throws -> [String] {
    let url = root.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: url.path())
      .filter { !isDirectory(url.appending(path: $0)) }
      .filter { extensions.isEmpty || extensions.contains(($0 as NSString).pathExtension) }
      .map { folder + "/" + $0 }
      .sorted(by: LayoutRule.precedes)
  }

  /// - Parameter path: from the package root.
  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The modules that each folder of `Sources/` imports.
  static func importsOfTargets() throws -> [String: Set<String>] {
    var imports: [String: Set<String>] = [:]
    for target in try folders(in: "Sources") {
      imports[target] = try files(in: "Sources/" + target, extensions: ["swift"])
        .map { LayoutRule.importedModules(ofSource: try text(of: $0)) }
        .reduce(into: []) { $0.formUnion($1) }
    }
    return imports
  }

  private static func isDirectory(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path(), isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
