import SymReg

/// Frames again and again, each time with other noise on positions and forces; made when asked for,
/// so that memory does not grow with the repetitions.
struct RepeatedFrames: FrameSource {
  let base: InMemoryFrames
  let repetitions: Int
  let seed: UInt64

  /// Half the width of the uniform noise, Å and eV/Å.
  static let positionNoise = 0.01
  static let forceNoise = 0.02

  var pairTypes: PairTypes { base.pairTypes }
  var pairSelection: PairSelection { base.pairSelection }

  func makeBlockReader() -> any FrameBlockReader { Reader(self) }

  private final class Reader: FrameBlockReader {
    private let source: RepeatedFrames
    private var repetition = 0
    private var inner: any FrameBlockReader
    private var blockNumber: UInt64 = 0

    init(_ source: RepeatedFrames) {
      self.source = source
      inner = source.base.makeBlockReader()
    }

    func next() throws -> FrameBlock? {
      while repetition < source.repetitions {
        if let block = try inner.next() {
          blockNumber += 1
          return FrameBlock { [seed = source.seed, blockNumber] in
            var random = RandomStream(seed: seed, purpose: blockNumber)
            return try block.frames().map { $0.noisy(&random) }
          }
        }
        repetition += 1
        inner = source.base.makeBlockReader()
      }
      return nil
    }
  }
}

extension Frame {
  fileprivate func noisy(_ random: inout RandomStream) -> Frame {
    var frame = self
    for k in frame.positions.indices {
      frame.positions[k] += RepeatedFrames.positionNoise * random.nextVector()
      frame.forces[k] += RepeatedFrames.forceNoise * random.nextVector()
    }
    return frame
  }
}

extension RandomStream {
  /// Components in [−1, 1).
  fileprivate mutating func nextVector() -> SIMD3<Double> {
    SIMD3(2 * nextUnit() - 1, 2 * nextUnit() - 1, 2 * nextUnit() - 1)
  }
}
