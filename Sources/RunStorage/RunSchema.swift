import GRDB

/// The tables of a run database, version by version (docs/reference/run-database.md).
enum RunSchema {
  /// Every version of the tables; a file of an older one is brought up to date when it is opened to be
  /// written.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(sql: version1)
    }
    return migrator
  }

  private static let version1 = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      dataName TEXT,
      dataSHA256 TEXT,
      problem TEXT
    ) STRICT;

    CREATE TABLE stage (
      number INTEGER PRIMARY KEY,
      version TEXT NOT NULL,
      sourceCommit TEXT NOT NULL,
      startedAt TEXT NOT NULL,
      seed INTEGER NOT NULL,
      evaluationsBefore INTEGER NOT NULL,
      arguments TEXT NOT NULL,
      options TEXT
    ) STRICT;

    CREATE TABLE candidate (
      number INTEGER PRIMARY KEY,
      stage INTEGER NOT NULL REFERENCES stage (number),
      form INTEGER NOT NULL,
      expression TEXT NOT NULL,
      complexity INTEGER NOT NULL,
      origin TEXT NOT NULL,
      parent1 INTEGER,
      parent2 INTEGER,
      status TEXT NOT NULL,
      trainLoss REAL,
      validationLoss REAL,
      R2 REAL,
      violation REAL,
      undetermined INTEGER,
      theta BLOB NOT NULL,
      stopReason TEXT NOT NULL,
      evaluations INTEGER NOT NULL,
      starts INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX candidateByForm ON candidate (form);

    CREATE TABLE checkpoint (
      stage INTEGER PRIMARY KEY REFERENCES stage (number),
      writtenAt TEXT NOT NULL,
      seconds REAL NOT NULL,
      state TEXT NOT NULL
    ) STRICT;

    CREATE TABLE front (
      complexity INTEGER PRIMARY KEY,
      candidate INTEGER NOT NULL,
      trainRMSE REAL NOT NULL,
      validationRMSE REAL,
      compressedRMSE REAL NOT NULL,
      directRMSE REAL NOT NULL,
      maxConstraintViolation REAL NOT NULL
    ) STRICT;

    CREATE TABLE event (
      number INTEGER PRIMARY KEY,
      stage INTEGER NOT NULL,
      time TEXT NOT NULL,
      kind TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    """
}
