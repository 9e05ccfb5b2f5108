import AtomicData
import FuzzSupport

/// Any bytes are a data file: they give frames, the same on every pass, or one line that says why
/// not.
enum FuzzFrames {
  fileprivate static let file = MemoryFile()

  /// As few demands as there are, and all of them.
  fileprivate static let options: [ReadingOptions] = {
    var demanding = ReadingOptions(
      units: .real, pairs: .inter, validationFraction: 0, groupKey: "group")
    demanding.readsEnergies = true
    demanding.readsVirials = true
    demanding.weightKey = "weight"
    demanding.errorKey = "forces_se"
    return [ReadingOptions(validationFraction: 0), demanding]
  }()

  fileprivate static func read(_ options: ReadingOptions) async {
    do {
      let dataset = try await Dataset.open([DataSource(path: file.path)], options: options)
      let reader = try dataset.makeBlockReader()
      var frameCount = 0
      while let block = try reader.next() {
        for frame in try block.frames() {
          frameCount += 1
          precondition(frame.forces.count == frame.positions.count)
          precondition(frame.forces.allSatisfy { ($0 * $0).sum().isFinite })
          precondition(frame.positions.allSatisfy { ($0 * $0).sum().isFinite })
          precondition(frame.types.allSatisfy(dataset.pairTypes.typeNames.indices.contains))
        }
      }
      precondition(frameCount == dataset.frameCount)
    } catch let error as InputError {
      precondition(!error.description.contains(where: \.isNewline))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

@c(LLVMFuzzerTestOneInput)
func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzFrames.file.hold(bytes, count: count)
  waiting { for options in FuzzFrames.options { await FuzzFrames.read(options) } }
  return 0
}
