/// Numbers as little-endian bytes.
struct BinaryEncoder {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ bytes: some Sequence<UInt8>) { self.bytes.append(contentsOf: bytes) }

  mutating func append(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// The count first.
  mutating func append(_ values: [Double]) {
    append(values.count)
    for value in values { append(value) }
  }
}

/// Reads what `BinaryEncoder` wrote; never beyond the end.
struct BinaryDecoder {
  struct Truncated: Error {}

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw Truncated() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func double() throws -> Double {
    Double(bitPattern: try bytes(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  mutating func integer() throws -> Int {
    Int(Int64(bitPattern: try double().bitPattern))
  }

  /// A number of things that have `size` bytes each, and so cannot be more than are left.
  mutating func count(ofSize size: Int) throws -> Int {
    let count = try integer()
    guard count >= 0, count <= rest.count / size else { throw Truncated() }
    return count
  }

  mutating func doubles() throws -> [Double] {
    let count = try count(ofSize: 8)
    let bytes = try self.bytes(8 * count)
    return bytes.withUnsafeBytes { raw in
      (0..<count).map {
        Double(
          bitPattern: UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }
}
