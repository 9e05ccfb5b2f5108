import AtomicData
import Foundation
import Testing

/// A file that does not suit the options it is read with, and the error it must give; `FILE` stands
/// for its path.
///
/// What is wrong whatever the options is in `Corpus/Malformed`.
struct MalformedFile: CustomTestStringConvertible {
  let name: String
  let text: String
  let error: String
  let options: ReadingOptions

  init(_ name: String, _ text: String, _ error: String, _ options: ReadingOptions) {
    self.name = name
    self.text = text
    self.error = error
    self.options = options
  }

  var testDescription: String { name }

  static let all = choices + moleculeFaults

  static let properties = "Properties=species:S:1:pos:R:3:forces:R:3"
  static let frame = "1\n\(properties)\nH 0 0 0 1 2 3\n"

  /// A frame of one atom with this comment line and these atom lines.
  static func oneAtom(_ comment: String, _ atom: String = "H 0 0 0 1 2 3") -> String {
    "1\n\(comment)\n\(atom)\n"
  }

  private static let choose = "; choose with --forces-key NAME or FILE:forces=NAME"

  private static func reading(property: String) -> ReadingOptions {
    var options = ReadingOptions()
    options.propertyColumn = property
    return options
  }

  static let choices = [
    MalformedFile(
      "unknown forces key", oneAtom("Properties=species:S:1:pos:R:3:fa:R:3:q:R:1:fb:R:3"),
      "FILE:2: expected a column \"f\" for the forces, found the 3-component real columns fa and fb"
        + choose, ReadingOptions(forcesKey: "f")),
    MalformedFile(
      "unknown group key", oneAtom(properties + " g=1"),
      "FILE:2: expected a key \"h\" of the frame's group, found the keys Properties and g"
        + "; choose with --group KEY", ReadingOptions(groupKey: "h")),
    MalformedFile(
      "unknown types column", oneAtom(properties),
      "FILE:2: expected a column \"type\" of the atoms' types, found species"
        + "; choose with --types COLUMN", ReadingOptions(typesColumn: "type")),
    MalformedFile(
      "property that is no number", oneAtom(properties),
      "FILE:2: expected a column \"species\" of numbers for the property, found none"
        + "; choose with --property q=COLUMN", reading(property: "species")),
    MalformedFile(
      "all frames in validation", frame,
      "expected a frame to train on, found all 1 in the validation part"
        + "; say --validation 0, or another --split-seed",
      ReadingOptions(validationFraction: 0.9999)),
    MalformedFile(
      "validation of everything", frame, "expected --validation in [0, 1), found 1.0",
      ReadingOptions(validationFraction: 1)),
  ]

  private static func molecules(_ labels: String) -> String {
    let words = labels.split(separator: " ")
    return "\(words.count)\n\(properties):mol_id:I:1\n"
      + words.map { "H 0 0 0 1 2 3 \($0)\n" }.joined()
  }

  static let moleculeFaults = [
    MalformedFile(
      "a molecule size that does not fit", molecules("1 1 2 2 2"),
      "FILE:1: expected a multiple of 2 atoms, found 5"
        + "; say another --molecule-size, or use a mol_id column", ReadingOptions(moleculeSize: 2)),
    MalformedFile(
      "molecule size 0", frame, "expected --molecule-size of at least 1, found 0",
      ReadingOptions(moleculeSize: 0)),
    MalformedFile(
      "pairs between unknown molecules", frame.replacingOccurrences(of: "\nH ", with: "\nQ "),
      "FILE:1: expected known molecules for pairs between molecules, found neither a mol_id or molid "
        + "column nor elements whose bonds tell"
        + "; say --molecule-size N, or --pairs all", ReadingOptions(pairs: .inter)),
  ]
}
