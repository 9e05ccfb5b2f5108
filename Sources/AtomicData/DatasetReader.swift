/// A pass over the frames of a `Dataset`, cut into blocks here and parsed where they are used.
final class DatasetReader: FrameBlockReader {
  private let dataset: Dataset
  private var fileNumber = 0
  private var cutter: FrameCutter?
  /// Frames cut so far: of the present file, and of those before it.
  private var frameCount = 0
  private var framesBefore = 0

  init(_ dataset: Dataset) { self.dataset = dataset }

  func next() throws -> FrameBlock? {
    while fileNumber < dataset.files.count {
      let file = dataset.files[fileNumber]
      let cutter = try self.cutter ?? Self.open(file)
      self.cutter = cutter
      if let block = try cutter.next() {
        let firstFrame = framesBefore + frameCount
        frameCount += block.frames.count
        let (typeNames, topologies) = (dataset.pairTypes.kindNames, dataset.topologies)
        return FrameBlock(byteCount: block.bytes.count) {
          try Self.frames(
            block, firstFrame: firstFrame, file.context, typeNames, topologies)
        }
      }
      guard frameCount == file.frameCount else { throw Self.changed(file.source.path) }
      framesBefore += frameCount
      frameCount = 0
      fileNumber += 1
      self.cutter = nil
    }
    return nil
  }

  private static func open(_ file: Dataset.File) throws -> FrameCutter {
    let input = try InputFile(path: file.source.path)
    guard input.identity == file.identity else { throw changed(file.source.path) }
    return FrameCutter(file: input)
  }

  private static func frames(
    _ block: TextBlock, firstFrame: Int, _ context: ParsingContext, _ typeNames: [String],
    _ topologies: BondTopologies
  ) throws -> [Frame] {
    var parser = FrameParser(
      context: context, typeNames: typeNames, trustsMolecules: true, topologies: topologies)
    let frames = try block.bytes.withUnsafeBufferPointer { text in
      var frames: [Frame] = []
      frames.reserveCapacity(block.frames.count)
      for (offset, span) in block.frames.enumerated() {
        frames.append(try parser.parse(span, in: text, index: firstFrame + offset))
      }
      return frames
    }
    guard parser.types.count == typeNames.count else { throw changed(context.path) }
    return frames
  }

  static func changed(_ path: String) -> InputError {
    InputError(
      file: path, "expected the file as it was first read, found it changed",
      remedy: "start again when nothing writes to it")
  }
}
