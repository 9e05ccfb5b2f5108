import Foundation

/// Versions of what takes part, as far as the tools say.
public enum Versions {
  public static func all() -> [String: String] {
    var versions: [String: String] = [:]
    let compiler = try? Subprocess.output("swift", ["--version"], isQuiet: true)
    if let match = compiler?.firstMatch(of: /Swift version ([0-9.]+)/) {
      versions["Swift"] = String(match.1)
    }
    for (name, package) in [("NLopt", "nlopt"), ("OpenBLAS", "openblas")] {
      let version = try? Subprocess.output("pkg-config", ["--modversion", package], isQuiet: true)
      versions[name] = version?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return versions
  }
}
