/// Random numbers that derive from a seed and what they are for, never from a thread or a clock.
///
/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014, doi 10.1145/2660193.2660195. Any two purposes give independent streams.
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: UInt64

  /// - Parameters:
  ///   - seed: the seed of the run.
  ///   - purpose: numbers that say what the stream is for.
  public init(seed: UInt64, purpose: UInt64...) {
    state = seed
    for word in purpose {
      state = next() ^ word
    }
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in [0, 1) with 53 random bits.
  public mutating func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A whole number in `0..<bound`, `bound` > 0.
  public mutating func nextInt(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
