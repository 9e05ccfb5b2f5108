import Glibc

/// Complete frames as text, cut from a file.
struct TextBlock: Sendable {
  var bytes: [UInt8]
  var frames: [Span] = []

  /// Where a frame is.
  struct Span: Sendable, Hashable {
    /// Bytes of the frame in the block, from its count line to the end of its last atom line.
    var range: Range<Int>
    /// Line of the count in the file, from 1.
    var line: Int
    var atomCount: Int
  }
}

/// Cuts a file into blocks of complete frames, in order, without parsing atoms.
///
/// Where a block ends depends on the file alone: behind its 64th frame, or behind the frame that
/// fills 1 MiB. Memory: one block and one chunk.
final class FrameCutter {
  static let framesPerBlock = 64
  static let bytesPerBlock = 1 << 20

  let file: InputFile
  private let chunk: UnsafeMutableRawBufferPointer
  private var buffer: [UInt8] = []
  private var isAtEnd = false
  private(set) var readByteCount = 0
  /// Bytes before this place in `buffer` have been cut or skipped.
  private var place = 0
  /// Lines that lie before `place`.
  private var lineCount = 0
  /// Comes after the frames before it, so that errors appear in the file's order.
  private var pendingError: (any Error)?

  init(file: consuming InputFile, chunkSize: Int = 1 << 20) {
    self.file = file
    chunk = .allocate(byteCount: max(1, chunkSize), alignment: 16)
  }

  deinit { chunk.deallocate() }

  /// The next block, or nil behind the last frame.
  /// - Throws: `InputError` where no frame begins or the file ends within one.
  func next() throws -> TextBlock? {
    if let pendingError { throw pendingError }
    // Dropping only what is more than half keeps the moving of bytes proportional to the reading.
    if place * 2 > buffer.count {
      buffer.removeFirst(place)
      place = 0
    }
    let start = place
    var frames: [TextBlock.Span] = []
    do {
      while frames.count < Self.framesPerBlock, place - start < Self.bytesPerBlock,
        let frame = try nextFrame(blockStart: start)
      {
        frames.append(frame)
      }
    } catch {
      guard !frames.isEmpty else { throw error }
      pendingError = error
    }
    guard let last = frames.last else { return nil }
    let end = start + last.range.upperBound
    // A copy always: an array of the whole buffer would share it with the task that parses the block.
    let bytes = buffer.withUnsafeBufferPointer { Array($0[start..<end]) }
    return TextBlock(bytes: bytes, frames: frames)
  }

  /// Skips blank lines, then takes one frame.
  private func nextFrame(blockStart: Int) throws -> TextBlock.Span? {
    // Blank lines are legal at the end of a file; nothing is ambiguous about them between frames.
    while let count = try nextLine(longest: Self.longestCountLine) {
      let text = buffer.withUnsafeBufferPointer { countText($0.part(count)) }
      if text.isBlank { continue }
      let line = lineCount
      let atomCount = try checked(text, line: line)
      guard try skipLine() else {
        throw InputError(
          file: file.path, line: line, "expected a comment line, found the end of the file",
          remedy: "the last frame is cut short: complete or remove it")
      }
      for atom in 0..<atomCount {
        if try skipLine() { continue }
        throw InputError(
          file: file.path, line: line,
          "expected \(atomCount) atom lines, found the end of the file after \(atom)",
          remedy: "the last frame is cut short: complete or remove it")
      }
      return TextBlock.Span(
        range: count.lowerBound - blockStart..<place - blockStart, line: line,
        atomCount: atomCount)
    }
    return nil
  }

  private struct CountText {
    var isBlank: Bool
    var value: Int?
    var quoted: String
  }

  private func countText(_ line: Bytes) -> CountText {
    var text = line.trimmed()
    if lineCount == 1, text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.part(3..<text.count) }
    return CountText(isBlank: text.isEmpty, value: Int(text.string), quoted: text.quoted)
  }

  private func checked(_ count: CountText, line: Int) throws -> Int {
    guard let atomCount = count.value, atomCount >= 0 else {
      throw InputError(
        file: file.path, line: line, "expected a number of atoms, found \(count.quoted)",
        remedy: "a frame begins with its number of atoms alone in a line")
    }
    guard atomCount > 0 else {
      throw InputError(
        file: file.path, line: line, "expected at least one atom, found 0",
        remedy: "remove the frame")
    }
    // An atom line has a type, a position and line feed: 8 bytes. Checked before any is read, so
    // that no count makes the buffer grow without bound.
    let bytesLeft = max(0, file.identity.byteCount - (readByteCount - (buffer.count - place)))
    guard atomCount <= bytesLeft / 8 + 1 else {
      throw InputError(
        file: file.path, line: line,
        "expected an atom count that fits the \(bytesLeft) bytes left, found \(atomCount)",
        remedy: "mend the count, or complete the file")
    }
    return atomCount
  }

  private static let longestCountLine = 1 << 16
  /// Of comments and atoms, far above the widest: what has no line ends must not fill the memory.
  static let longestLine = 16 << 20

  /// Whether there was a line of a comment or an atom.
  private func skipLine() throws -> Bool {
    guard let line = try nextLine(longest: Self.longestLine) else { return false }
    guard line.count <= Self.longestLine else {
      throw InputError(
        file: file.path, line: lineCount,
        "expected a line of at most \(Self.longestLine) bytes, found a longer one",
        remedy: "check how the file was written")
    }
    return true
  }

  /// The next line without its line feed, as a range in `buffer`, or what was read of one that is
  /// longer than `longest`; nil at the end of the file.
  private func nextLine(longest: Int) throws -> Range<Int>? {
    let start = place
    var searched = start
    while true {
      if let end = lineFeed(from: searched) {
        place = end + 1
        lineCount += 1
        return start..<end
      }
      searched = buffer.count
      if try searched - start > longest || !readChunk() {
        guard searched > start else { return nil }
        place = searched
        lineCount += 1
        return start..<searched
      }
    }
  }

  private func lineFeed(from start: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count,
        let found = memchr(base + start, Int32(UInt8.lineFeed), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func readChunk() throws -> Bool {
    if isAtEnd { return false }
    let received = UnsafeRawBufferPointer(rebasing: chunk[..<(try file.read(into: chunk))])
    isAtEnd = received.isEmpty
    readByteCount += received.count
    buffer.append(contentsOf: received)
    return !isAtEnd
  }
}
