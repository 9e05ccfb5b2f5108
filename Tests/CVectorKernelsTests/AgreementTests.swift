import AtomicData
import CVectorKernels
import Testing

@Suite struct AgreementTests {
  @Test("all levels give the same bits", arguments: ElementaryFunction.allCases, [1, 2])
  func levels(function: ElementaryFunction, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: 0xE2)
    let (x, y) = Self.mixture(of: function, count: 20_003, from: &random)
    let expected = function.values(x, y, by: LevelTests.kernels[0])
    for kernels in LevelTests.kernels.dropFirst() {
      let values = function.values(x, y, by: kernels)
      let first = x.indices.first { !Self.areSame(values[$0], expected[$0]) }
      #expect(
        first == nil,
        """
        level \(kernels.level.rawValue), seed \(seed): \
        \(first.map { "\(function)(\(x[$0]), \(y[$0])) = \(values[$0]), not \(expected[$0])" } ?? "")
        """)
    }
  }

  @Test(
    "in place and at any length a value depends on its argument alone",
    arguments: ElementaryFunction.allCases, LevelTests.kernels.map(\.level.rawValue))
  func lengths(function: ElementaryFunction, level: UInt32) throws {
    let kernels = try #require(vectorKernels(VectorLevel(level))).pointee
    for count in 0...17 {
      var random = RandomStream(seed: UInt64(count), purpose: 0xE3)
      let (x, y) = Self.mixture(of: function, count: count, from: &random)
      let alone = x.indices.map { function.values([x[$0]], [y[$0]], by: kernels)[0] }
      // The number behind the last stays.
      var inPlace = x + [-77]
      function.run(&inPlace, y, count: count, by: kernels)
      #expect(inPlace[count] == -77)
      let apart = Self.apart(function, x, y, by: kernels)
      for k in 0..<count {
        #expect(
          Self.areSame(inPlace[k], alone[k]) && Self.areSame(apart[k], alone[k]),
          "\(function)(\(x[k]), \(y[k])), place \(k) of \(count)")
      }
    }
  }

  @Test("NaN gives NaN and leaves its neighbours alone", arguments: ElementaryFunction.allCases)
  func notANumber(function: ElementaryFunction) {
    for kernels in LevelTests.kernels {
      let plain = function.values(
        Array(repeating: 1.25, count: 8), Array(repeating: 2, count: 8), by: kernels)
      for lane in 0..<8 {
        var x = Array(repeating: 1.25, count: 8)
        x[lane] = .nan
        var expected = plain
        expected[lane] = .nan
        let values = function.values(x, Array(repeating: 2, count: 8), by: kernels)
        #expect(zip(values, expected).allSatisfy(Self.areSame), "lane \(lane): \(values)")
      }
    }
  }

  static func areSame(_ a: Double, _ b: Double) -> Bool {
    a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
  }

  /// Ordinary arguments, with special ones and any bits between them.
  static func mixture(
    of function: ElementaryFunction, count: Int, from random: inout RandomStream
  ) -> (x: [Double], y: [Double]) {
    let special: [Double] = [
      0, -0.0, 1, -1, -2, 3, 0.5, .leastNonzeroMagnitude, .infinity, -.infinity, .nan,
    ]
    var x: [Double] = []
    var y: [Double] = []
    for _ in 0..<count {
      var argument = function.arguments(from: &random)
      switch random.nextInt(below: 16) {
      case 0: argument.x = special[random.nextInt(below: special.count)]
      case 1: argument.y = special[random.nextInt(below: special.count)]
      case 2: argument = (random.anyFinite(), random.anyFinite())
      case 3: argument = (-argument.x, argument.y.rounded())
      default: break
      }
      x.append(argument.x)
      y.append(argument.y)
    }
    return (x, y)
  }

  /// The values with the result in an array of its own.
  private static func apart(
    _ function: ElementaryFunction, _ x: [Double], _ y: [Double], by kernels: VectorKernels
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: x.count) { result, count in
      switch function {
      case .exp: kernels.exp(x, result.baseAddress, x.count)
      case .log: kernels.log(x, result.baseAddress, x.count)
      case .pow: kernels.pow(x, y, result.baseAddress, x.count)
      case .tanh: kernels.tanh(x, result.baseAddress, x.count)
      case .erf: kernels.erf(x, result.baseAddress, x.count)
      case .erfc: kernels.erfc(x, result.baseAddress, x.count)
      }
      count = x.count
    }
  }
}
