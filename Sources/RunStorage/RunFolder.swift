import AtomicData
import Foundation

/// The folder of one run: `run.sqlite`, `front.json`, `front.csv` and `options.json`.
///
/// A folder comes into being with its database in it, and belongs to one process at a time; every other
/// file is written beside its place and renamed, so that nothing is ever half-written.
public struct RunFolder: Sendable {
  public let path: String
  private let lock: FolderLock?
  /// Folder above that was made with this one.
  private let madeParent: String?

  static let frontFile = "front.json"

  /// Makes the folder of a new run.
  ///
  /// - Throws: `InputError` where it exists already or cannot be made; `RunStorageError` where there is no
  ///   room.
  public init(creating path: String, stage: RunStage) throws {
    guard !path.isEmpty else {
      throw InputError("expected --out to name a new folder, found \"\"")
    }
    guard !Self.exists(path) else { throw Self.exists(path) }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    madeParent = FileManager.default.fileExists(atPath: parent) ? nil : parent
    // A parent that cannot be made shows as one that the folder cannot be made in.
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    do {
      try Self.makeFolder(path, stage: stage)
    } catch {
      if let madeParent { rmdir(madeParent) }
      throw error
    }
    self.path = path
    lock = try FolderLock(path)
  }

  /// The folder with the database in it, at once.
  private static func makeFolder(_ path: String, stage: RunStage) throws {
    // One name only: what a killed process left behind is used again.
    let draft = path + ".part"
    guard mkdir(draft, 0o777) == 0 || errno == EEXIST else {
      let code = errno
      if code == ENOSPC || code == EDQUOT { throw RunStorageError(file: path, errno: code) }
      throw InputError(
        file: path,
        "expected a folder that can be made, found: \(String(cString: strerror(code)))",
        remedy: "choose another with --out")
    }
    let database = draft + "/" + RunStore.fileName
    unlink(database)
    unlink(database + "-journal")
    do {
      try RunStore(creating: database, stage: stage).close()
    } catch {
      unlink(database)
      unlink(database + "-journal")
      rmdir(draft)
      throw RunStorageError(file: path, error)
    }
    guard rename(draft, path) == 0 else {
      unlink(database)
      rmdir(draft)
      throw exists(path)
    }
  }

  private static func exists(_ path: String) -> InputError {
    InputError(
      file: path, "expected a new run folder, found that it exists",
      remedy: "choose another with --out, or go on with it: symreg resume \(path)")
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// Takes the folder away again: a run that found nothing.
  public func discard() {
    for name in [RunStore.fileName, RunStore.fileName + "-journal", "options.json"] {
      unlink(path + "/" + name)
    }
    rmdir(path)
    if let madeParent { rmdir(madeParent) }
  }

  /// The folder of a run, for reading.
  ///
  /// - Throws: `InputError` where there is no run.
  public init(existing path: String) throws {
    let files = [RunStore.fileName, Self.frontFile].map { path + "/" + $0 }
    guard files.contains(where: Self.exists) else {
      throw InputError(
        file: path,
        "expected a run folder, found \(Self.exists(path) ? "no run in it" : "nothing there")",
        remedy: "name a folder that `symreg search` wrote")
    }
    self.path = path
    lock = nil
    madeParent = nil
  }

  /// The folder of a run that goes on, for this process alone.
  ///
  /// - Throws: `InputError` where there is no run, or another process is at work on it.
  public init(continuing path: String) throws {
    _ = try RunFolder(existing: path)
    self.path = path
    lock = try FolderLock(path)
    madeParent = nil
  }

  /// Whether a process is at work on it.
  public var isAtWork: Bool { (try? FolderLock(path)) == nil }

  /// - Throws: as `RunStore.init(opening:for:)`.
  public func store(for access: RunStore.Access) throws -> RunStore {
    try RunStore(opening: path + "/" + RunStore.fileName, for: access)
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

  /// - Throws: `RunStorageError`.
  public func write(_ document: FrontDocument) throws {
    try AtomicFile.write(try document.json(), to: path + "/" + Self.frontFile)
    try AtomicFile.write(document.csv, to: path + "/front.csv")
  }

  /// - Parameter options: the resolved options, as JSON.
  /// - Throws: `RunStorageError`.
  public func write(options: String) throws {
    try AtomicFile.write(options + "\n", to: path + "/options.json")
  }

  /// Whether a front was written yet.
  public var hasFront: Bool { Self.exists(path + "/" + Self.frontFile) }

  /// - Throws: `InputError` where the file is no front of this format.
  public func front() throws -> FrontDocument {
    let file = path + "/" + Self.frontFile
    guard hasFront else {
      throw InputError(
        file: path, "expected a run with \(Self.frontFile), found one that has none yet",
        remedy: "finish it: symreg resume \(path)")
    }
    do {
      return try JSONDecoder().decode(
        FrontDocument.self, from: try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw InputError(
        file: file, "expected a front written by symreg, found \(Self.reason(error))",
        remedy: "search anew")
    }
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
