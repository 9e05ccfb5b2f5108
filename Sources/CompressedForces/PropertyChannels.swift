import AtomicData

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The property Q of a pair as a second coordinate of the grid.
///
/// A channel is a pair of types at one value of Q, and has radial nodes of its own. A pair of atoms whose
/// Q lies between takes part in all channels of its pair of types, by Lagrange's polynomials: exact for
/// forces that are polynomials in Q of a degree below the number of channels. Where a pair of types has
/// few values of Q these are the channels, and nothing is interpolated. Without a property the channels are the
/// pairs of types. Where functions tell bond classes apart, each class that occurs has channels of its own.
public struct PropertyChannels: Sendable {
  /// Types and property of each channel; those of one pair of types stand together.
  public let channels: [PairType]
  /// For every pair of kinds the channels it takes part in.
  let shares: [[Share]]

  /// Different Q of the pairs of types.
  public let valueCount: Int
  /// Of Q.
  public let range: ClosedRange<Double>

  struct Share: Sendable {
    let channel: Int
    let weight: Double
  }

  /// Values of Q of one pair of types, at most.
  static let mostValues = 5

  public init(of pairTypes: PairTypes) {
    guard pairTypes.hasProperty || pairTypes.bondClasses != nil else {
      channels = pairTypes.pairs
      shares = pairTypes.pairs.indices.map { [Share(channel: $0, weight: 1)] }
      (valueCount, range) = (channels.count, 0...0)
      return
    }
    var channels: [PairType] = []
    // By pair of types and bond class.
    var ranges: [[Int: Range<Int>]] = []
    let ofOneClass = pairTypes.kindPairs.filter { $0.bonds == 0 }
    for (number, pair) in pairTypes.pairs.enumerated() {
      let values = Set(
        ofOneClass.filter { $0.first == pair.first && $0.second == pair.second }.map(\.property)
      ).sorted()
      let nodes = values.count <= Self.mostValues ? values : Self.nodes(over: values)
      ranges.append([:])
      for bonds in pairTypes.bondClasses?[number] ?? [0] {
        ranges[number][bonds] = channels.count..<channels.count + nodes.count
        channels += nodes.map {
          PairType(first: pair.first, second: pair.second, property: $0, bonds: bonds)
        }
      }
    }
    self.channels = channels
    valueCount = Set(ofOneClass).count
    let properties = ofOneClass.map(\.property)
    range = (properties.min() ?? 0)...(properties.max() ?? 0)
    shares = pairTypes.kindPairs.map { pair in
      // A class that does not occur has no pairs.
      let range = ranges[pairTypes.index(pair.first, pair.second)][pair.bonds] ?? 0..<0
      let weights = Self.weights(at: pair.property, nodes: channels[range].map(\.property))
      return zip(range, weights).filter { $1 != 0 }.map { Share(channel: $0, weight: $1) }
    }
  }

  /// Whether nothing is interpolated in Q.
  public var isExact: Bool { shares.allSatisfy { $0.count <= 1 } }

  /// Chebyshev's points with the ends of the range, where interpolation errs least.
  private static func nodes(over values: [Double]) -> [Double] {
    let (low, high) = (values[0], values[values.count - 1])
    return (0..<mostValues).map { k in
      let cosine = cos(Double.pi * Double(mostValues - 1 - k) / Double(mostValues - 1))
      return k == 0
        ? low : k == mostValues - 1 ? high : (low + high) / 2 + cosine * (high - low) / 2
    }
  }

  private static func weights(at value: Double, nodes: [Double]) -> [Double] {
    nodes.indices.map { k in
      nodes.indices.reduce(1) { product, m in
        m == k ? product : product * (value - nodes[m]) / (nodes[k] - nodes[m])
      }
    }
  }
}
