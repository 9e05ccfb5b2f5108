import AtomicData
import Foundation

/// The folder of one run: `front.json`, `front.csv` and `options.json`.
///
/// A folder is made new and never shared; every file is written beside its place and renamed, so
/// that nothing is ever half-written.
public struct RunFolder: Sendable {
  public let path: String
  /// Folder above that was made with this one.
  private let madeParent: String?

  /// Makes the folder.
  ///
  /// - Throws: `InputError` where it exists already or cannot be made.
  public init(creating path: String) throws {
    guard !path.isEmpty else {
      throw InputError("expected --out to name a new folder, found \"\"")
    }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    madeParent = FileManager.default.fileExists(atPath: parent) ? nil : parent
    // A parent that cannot be made shows as one that the folder cannot be made in.
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    // mkdir alone tells a folder made here from one that another run has just made.
    guard mkdir(path, 0o777) == 0 else {
      let code = errno
      throw InputError(
        file: path,
        code == EEXIST
          ? "expected a new run folder, found that it exists"
          : "expected a folder that can be made, found: \(String(cString: strerror(code)))",
        remedy: "choose another with --out")
    }
    self.path = path
  }

  /// Takes the folder away again where nothing was written to it.
  public func removeIfEmpty() {
    rmdir(path)
    if let madeParent { rmdir(madeParent) }
  }

  /// A folder that is there.
  ///
  /// - Throws: `InputError` where it holds no `front.json`.
  public init(existing path: String) throws {
    guard FileManager.default.fileExists(atPath: path + "/" + Self.frontFile) else {
      throw InputError(
        file: path, "expected a run folder with \(Self.frontFile), found none",
        remedy: "name a folder that `symreg search` wrote")
    }
    self.path = path
    madeParent = nil
  }

  /// A path `runs/NAME-001`, counted up to the first that is free.
  public static func freePath(for name: String) -> String {
    var number = 1
    while true {
      let digits = String(number)
      let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
      let path = "runs/\(name)-\(zeros)\(digits)"
      if !FileManager.default.fileExists(atPath: path) { return path }
      number += 1
    }
  }

  static let frontFile = "front.json"

  public func write(_ document: FrontDocument) throws {
    try write(try document.json(), to: Self.frontFile)
    try write(document.csv, to: "front.csv")
  }

  /// - Parameter options: the resolved options, by name.
  public func write(options: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(options), as: UTF8.self)
    try write(text + "\n", to: "options.json")
  }

  /// - Throws: `InputError` where the file is no front of this format.
  public func front() throws -> FrontDocument {
    let file = path + "/" + Self.frontFile
    do {
      return try JSONDecoder().decode(
        FrontDocument.self, from: try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw InputError(
        file: file, "expected a front written by symreg, found \(Self.reason(error))",
        remedy: "search anew")
    }
  }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name), options: .atomic)
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no \"\(key.stringValue)\""
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      context.debugDescription
    default: error.localizedDescription
    }
  }
}

extension FrontDocument {
  /// The document as JSON, keys sorted: equal documents give equal bytes.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// The front as CSV (RFC 4180), one row per entry, the parameters in one column.
  public var csv: String {
    let header =
      "complexity,expression,parameters,trainRMSE,validationRMSE,compressedRMSE,directRMSE,R2,"
      + "maxConstraintViolation,recommended"
    let rows = front.map { entry in
      [
        "\(entry.complexity)", "\"\(entry.expression)\"", "\"\(entry.parameterText)\"",
        "\(entry.trainRMSE)", entry.validationRMSE.map { "\($0)" } ?? "", "\(entry.compressedRMSE)",
        "\(entry.directRMSE)", "\(entry.r2)", "\(entry.maxConstraintViolation)",
        "\(entry.recommended)",
      ].joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }
}

extension FrontEntry {
  /// `b=-3.5; X.H=0.2; X.O=-0.4`, as `--parameters` reads it.
  public var parameterText: String {
    parameters.sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
      switch value {
      case .number(let number): ["\(name)=\(number)"]
      case .byName(let factors):
        factors.sorted { $0.key < $1.key }.map { "\(name).\($0.key)=\($0.value)" }
      }
    }.joined(separator: "; ")
  }
}
