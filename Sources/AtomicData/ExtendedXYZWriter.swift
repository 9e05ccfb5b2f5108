/// Writes frames as extended XYZ (specification: libAtoms/extxyz): positions, forces, and where a
/// frame has them molecules, cell, energy and virial. In Å and eV.
///
/// Numbers have as many digits as it takes to read back the same bits.
public struct ExtendedXYZWriter: Sendable {
  /// Names of the types that frames number.
  public let typeNames: [String]
  /// Further keys of every comment line, with their values; in their order.
  public let keys: [(key: String, value: String)]

  /// - Precondition: names are not empty and hold no white space.
  public init(typeNames: [String], keys: [(key: String, value: String)] = []) {
    self.typeNames = typeNames
    self.keys = keys
  }

  /// Writes all frames of a source to a file, which is there whole or not at all.
  ///
  /// The bytes depend on the frames alone. Memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - source: the frames, read once.
  ///   - path: of the file.
  ///   - isReplacing: whether a file that is there may be written over.
  ///   - threads: blocks that are made at a time.
  /// - Throws: `InputError` where no file can be made there, `FileWriteError`, and what the source
  ///   throws.
  public func write(
    _ source: some FrameSource, to path: String, isReplacing: Bool = false, threads: Int = 1
  ) async throws {
    let file = try DraftFile(path: path, isReplacing: isReplacing)
    let reader = try source.makeBlockReader()
    while true {
      var blocks: [FrameBlock] = []
      while blocks.count < Self.blocksPerThread * threads, let block = try reader.next() {
        blocks.append(block)
      }
      if blocks.isEmpty { break }
      for text in try await texts(of: blocks, threads: threads) { try file.write(text) }
    }
    try file.commit()
  }

  private static let blocksPerThread = 4

  /// The blocks as text, in their order.
  private func texts(of blocks: [FrameBlock], threads: Int) async throws -> [[UInt8]] {
    try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      var texts = Array(repeating: [UInt8](), count: blocks.count)
      var started = 0
      func startNext() {
        guard started < blocks.count else { return }
        let (number, block) = (started, blocks[started])
        started += 1
        group.addTask {
          (number, try block.frames().reduce(into: []) { $0 += Array(text(of: $1).utf8) })
        }
      }
      for _ in 0..<max(1, threads) { startNext() }
      while let (number, text) = try await group.next() {
        texts[number] = text
        startNext()
      }
      return texts
    }
  }

  /// A frame with its two head lines.
  public func text(of frame: Frame) -> String {
    var text = "\(frame.positions.count)\n\(comment(of: frame))\n"
    for atom in frame.positions.indices {
      text += typeNames[frame.types[atom]]
      text += Self.text(of: frame.positions[atom])
      if let molecules = frame.molecules { text += " \(molecules[atom] + 1)" }
      text += Self.text(of: frame.forces[atom]) + "\n"
    }
    return text
  }

  private func comment(of frame: Frame) -> String {
    let molecules = frame.molecules == nil ? "" : "mol_id:I:1:"
    var entries = ["Properties=species:S:1:pos:R:3:\(molecules)forces:R:3"]
    if !frame.cell.isIsolated {
      let numbers = frame.cell.vectors.map { Self.text(of: $0).dropFirst() }
      entries.insert("Lattice=\"\(numbers.joined(separator: " "))\"", at: 0)
    }
    let marks = frame.cell.isPeriodic.map { $0 ? "T" : "F" }
    entries.append("pbc=\"\(marks.joined(separator: " "))\"")
    if let energy = frame.energy { entries.append("energy=\(energy)") }
    if let virial = frame.virial {
      let (d, o) = (virial.diagonal, virial.offDiagonal)
      let numbers = [d.x, o.z, o.y, o.z, d.y, o.x, o.y, o.x, d.z]
      entries.append("virial=\"\(numbers.map(\.description).joined(separator: " "))\"")
    }
    entries += keys.map { "\($0.key)=\(Self.value($0.value))" }
    return entries.joined(separator: " ")
  }

  /// Three numbers, each behind a blank.
  private static func text(of vector: SIMD3<Double>) -> String {
    " \(vector.x) \(vector.y) \(vector.z)"
  }

  /// A value in quotation marks where it needs them.
  private static func value(_ text: String) -> String {
    let isBare =
      !text.isEmpty
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-._/:".contains($0)) }
    guard !isBare else { return text }
    let escaped = text.onOneLine.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }
    return "\"" + escaped.joined() + "\""
  }
}
