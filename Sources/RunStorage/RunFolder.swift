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
    let path = String(path.reversed().drop { $0 == "/" }.reversed())
    guard !path.isEmpty else {
      throw InputError("expected --out to name a new folder, found \"\"")
    }
    guard let folder = try RunFolder(ifFree: path, stage: stage) else {
      throw InputError(
        file: path, "expected a new run folder, found that it exists",
        remedy: "choose another with --out, or go on with it: symreg resume \(path)")
    }
    self = folder
  }

  /// Makes the folder `runs/NAME-001`, counted up to the first that is free.
  ///
  /// - Throws: as `init(creating:stage:)`.
  public init(creatingFor name: String, stage: RunStage) throws {
    var number = 1
    while true {
      let digits = String(number)
      let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
      if let folder = try RunFolder(ifFree: "runs/\(name)-\(zeros)\(digits)", stage: stage) {
        self = folder
        return
      }
      number += 1
    }
  }

  /// Nil where there is something in its place already.
  private init?(ifFree path: String, stage: RunStage) throws {
    guard !Self.exists(path) else { return nil }
    let url = URL(fileURLWithPath: path)
    let parent = url.deletingLastPathComponent().path
    madeParent = FileManager.default.fileExists(atPath: parent) ? nil : parent
    // A parent that cannot be made shows as one that the folder cannot be made in.
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    // Made under a name of its own, locked, and only then where all see it, with its database in it.
    let draft = try Self.draft(path: path, parent: parent, name: url.lastPathComponent, madeParent)
    do {
      lock = try FolderLock(draft)
      try RunStore(creating: draft + "/" + RunStore.fileName, stage: stage).close()
    } catch {
      Self.remove(draft, madeParent)
      throw RunStorageError(file: path, error)
    }
    guard rename(draft, path) == 0 else {
      Self.remove(draft, madeParent)
      return nil
    }
    AtomicFile.synchronizeFolder(of: path)
    self.path = path
  }

  private static func draft(
    path: String, parent: String, name: String, _ madeParent: String?
  ) throws -> String {
    // mkdtemp puts other letters in place of these six.
    let letters = String(repeating: "X", count: 6)
    var template = Array("\(parent)/.\(name)-\(letters)".utf8CString)
    guard mkdtemp(&template) != nil else {
      let code = errno
      if let madeParent { rmdir(madeParent) }
      if code == ENOSPC || code == EDQUOT { throw RunStorageError(file: path, errno: code) }
      throw InputError(
        file: path,
        "expected a folder that can be made, found: \(String(cString: strerror(code)))",
        remedy: "choose another with --out")
    }
    let draft = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    // What the user's mask allows, not the owner alone.
    let mask = umask(0)
    umask(mask)
    chmod(draft, 0o777 & ~mask)
    return draft
  }

  /// A folder that holds a database at most.
  private static func remove(_ folder: String, _ madeParent: String?) {
    for name in [RunStore.fileName, RunStore.fileName + "-journal", "options.json"] {
      unlink(folder + "/" + name)
    }
    rmdir(folder)
    if let madeParent { rmdir(madeParent) }
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// Takes the folder away again: a run that found nothing.
  public func discard() { Self.remove(path, madeParent) }

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
  public var isAtWork: Bool { FolderLock.isHeld(path) }

  /// Whether it has a database.
  public var hasDatabase: Bool { Self.exists(path + "/" + RunStore.fileName) }

  /// - Throws: as `RunStore.init(opening:for:)`.
  public func store(for access: RunStore.Access) throws -> RunStore {
    try RunStore(opening: path + "/" + RunStore.fileName, for: access)
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
        remedy: isAtWork ? "wait: its search goes on" : "finish it: symreg resume \(path)")
    }
    do {
      return try JSONDecoder().decode(
        FrontDocument.self, from: try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw InputError(
        file: file, "expected a front written by symreg, found \(Self.reason(error))",
        remedy: hasDatabase ? "have it written again: symreg resume \(path)" : "search anew")
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
