import Foundation

/// Writes lines of atoms fast enough for files of gigabytes.
struct LineFile {
  private let handle: FileHandle
  private var bytes: [UInt8] = []

  init(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try Data().write(to: url)
    handle = try FileHandle(forWritingTo: url)
  }

  mutating func write(_ text: String) {
    bytes += Array(text.utf8)
    if bytes.count > 1 << 22 { flush() }
  }

  /// `O x y z 1 fx fy fz`, seven decimals.
  mutating func write(
    _ name: String, _ position: SIMD3<Double>, _ molecule: Int, _ force: SIMD3<Double>
  ) {
    bytes += Array(name.utf8)
    for d in 0..<3 { append(position[d]) }
    bytes += Array(" \(molecule)".utf8)
    for d in 0..<3 { append(force[d]) }
    write("\n")
  }

  private mutating func append(_ value: Double) {
    let scaled = Int((abs(value) * 1e7).rounded())
    bytes += value < 0 ? [0x20, 0x2D] : [0x20]
    bytes += Array("\(scaled / 10_000_000).".utf8)
    let fraction = Array("\(scaled % 10_000_000)".utf8)
    bytes += Array(repeating: 0x30, count: 7 - fraction.count) + fraction
  }

  private mutating func flush() {
    handle.write(Data(bytes))
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func close() throws {
    flush()
    try handle.close()
  }
}
