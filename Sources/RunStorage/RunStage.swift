/// One search of a run: the first, or one that extends it.
public struct RunStage: Sendable, Equatable {
  /// From 0.
  public var number: Int
  /// Of the program that began it.
  public var version: String
  /// Of the program's source, with a `+` where it was changed since; `unknown` outside of a repository.
  public var commit: String
  /// Arguments of the command behind its name, all that decides the result among them, with absolute
  /// paths.
  public var arguments: [String]
  public var seed: UInt64
  /// Forms fitted before it began.
  public var evaluationsBefore: Int

  public init(
    number: Int, version: String, commit: String, arguments: [String], seed: UInt64,
    evaluationsBefore: Int = 0
  ) {
    self.number = number
    self.version = version
    self.commit = commit
    self.arguments = arguments
    self.seed = seed
    self.evaluationsBefore = evaluationsBefore
  }
}

/// What the losses of a run belong to.
public struct RunData: Sendable, Equatable {
  public var name: String
  /// Of the bytes of all files.
  public var sha256: String
  /// Digest of all else that decides a loss: how the files are read and divided, the cutoff and its
  /// mode, the weights, the constraints, the background.
  public var problem: String

  public init(name: String, sha256: String, problem: String) {
    self.name = name
    self.sha256 = sha256
    self.problem = problem
  }
}
