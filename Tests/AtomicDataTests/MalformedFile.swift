import AtomicData
import Foundation
import Testing

/// A malformed file and the error it must give; `FILE` stands for its path.
struct MalformedFile: CustomTestStringConvertible {
  let name: String
  let text: String
  let error: String
  let options: ReadingOptions

  init(_ name: String, _ text: String, _ error: String, _ options: ReadingOptions = .init()) {
    self.name = name
    self.text = text
    self.error = error
    self.options = options
  }

  var testDescription: String { name }

  static let all = framing + atomLines + comments + cells + choices + moleculeFaults

  static let properties = "Properties=species:S:1:pos:R:3:forces:R:3"
  static let frame = "1\n\(properties)\nH 0 0 0 1 2 3\n"

  /// A frame of one atom with this comment line and these atom lines.
  static func oneAtom(_ comment: String, _ atom: String = "H 0 0 0 1 2 3") -> String {
    "1\n\(comment)\n\(atom)\n"
  }

  private static let cut = "; the last frame is cut short: complete or remove it"
  private static let count = "; a frame begins with its number of atoms alone in a line"
  private static let choose = "; choose with --forces-key NAME or FILE:forces=NAME"
  private static let triple = "; write Properties=species:S:1:pos:R:3:forces:R:3"
  private static let mend = "; mend the line, Properties, or the atom count in line 1"
  private static let lattice = "; write Lattice=\"ax ay az bx by bz cx cy cz\""

  static let framing = [
    MalformedFile(
      "empty", "", "FILE: expected frames, found an empty file; check how the file was written"),
    MalformedFile(
      "blank", "\n \n",
      "FILE: expected frames, found blank lines only; check how the file was written"),
    MalformedFile(
      "truncated", frame + "3\n\(properties)\nH 0 0 0 1 2 3\nH 0 0 0 1 2 3\n",
      "FILE:4: expected 3 atom lines, found the end of the file after 2" + cut),
    MalformedFile(
      "no comment", frame + "1\n",
      "FILE:4: expected a comment line, found the end of the file" + cut),
    MalformedFile(
      "zero atoms", frame + "0\n\(properties)\n",
      "FILE:4: expected at least one atom, found 0; remove the frame"),
    MalformedFile(
      "negative count", "-3\nx\n", "FILE:1: expected a number of atoms, found \"-3\"" + count),
    MalformedFile(
      "count with a word", "3 atoms\nx\n",
      "FILE:1: expected a number of atoms, found \"3 atoms\"" + count),
    MalformedFile(
      "count beyond Int", "99999999999999999999\nx\n",
      "FILE:1: expected a number of atoms, found \"99999999999999999999\"" + count),
    MalformedFile(
      "absurd count", "4000000000000000000\n\(properties)\n",
      "FILE:1: expected an atom count that fits the 42 bytes left, found 4000000000000000000"
        + "; mend the count, or complete the file"),
    MalformedFile(
      "count too small", "1\n\(properties)\nH 0 0 0 1 2 3\nH 0 0 0 1 2 3\n",
      "FILE:4: expected a number of atoms, found \"H 0 0 0 1 2 3\"" + count),
    MalformedFile(
      "count too large, more frames behind", "2\n\(properties)\nH 0 0 0 1 2 3\n" + frame,
      "FILE:4: expected 7 columns as Properties says, found 1" + mend),
    MalformedFile(
      "binary", "\u{1f}\u{1}\u{2}\n",
      "FILE:1: expected a number of atoms, found \"???\"" + count),
  ]

  static let atomLines = [
    MalformedFile(
      "too few columns", oneAtom(properties, "H 0 0 0 1 2"),
      "FILE:3: expected 7 columns as Properties says, found 6" + mend),
    MalformedFile(
      "too many columns", oneAtom(properties, "H 0 0 0 1 2 3 4"),
      "FILE:3: expected 7 columns as Properties says, found 8" + mend),
    MalformedFile(
      "blank atom line", oneAtom(properties, ""),
      "FILE:3: expected 7 columns as Properties says, found 0" + mend),
    MalformedFile(
      "NaN force", oneAtom(properties, "H 0 0 0 1 NaN 3"),
      "FILE:3: expected a finite number in column forces, found \"NaN\"; remove the frame"),
    MalformedFile(
      "infinite position", oneAtom(properties, "H 0 -inf 0 1 2 3"),
      "FILE:3: expected a finite number in column pos, found \"-inf\"; remove the frame"),
    MalformedFile(
      "number beyond Double", oneAtom(properties, "H 0 0 0 1 2 1e999"),
      "FILE:3: expected positions and forces up to 1e12 Å and eV/Å, found a larger number"
        + "; mend or remove the frame"),
    MalformedFile(
      "no number", oneAtom(properties, "H 0 0 0 1 2,5 3"),
      "FILE:3: expected a number in column forces, found \"2,5\"; mend the line"),
    MalformedFile(
      "overflowed Fortran field", oneAtom(properties, "H 0 0 ******** 1 2 3"),
      "FILE:3: expected a number in column pos, found \"********\"; mend the line"),
    MalformedFile(
      "a molecule that is no whole number",
      oneAtom(properties + ":mol_id:I:1", "H 0 0 0 1 2 3 1.5"),
      "FILE:3: expected a whole number for the molecule, found \"1.5\"; mend the line"),
    MalformedFile(
      "the first fault is told, though another is met sooner",
      oneAtom(properties, "H 0 0 0 1 2 x") + "zero\n",
      "FILE:3: expected a number in column forces, found \"x\"; mend the line"),
  ]

  static let comments = [
    MalformedFile(
      "plain XYZ", "1\nwater, \"relaxed\nH 0 0 0\n",
      "FILE:2: expected a comment line with Properties, found none: a plain XYZ frame has no forces"
        + "; use extended XYZ with Properties=species:S:1:pos:R:3:forces:R:3"),
    MalformedFile(
      "open quotation", oneAtom(properties + " name=\"open"),
      "FILE:2: expected a closing quotation mark in the comment line, found \"\"open\""
        + "; write key=value pairs, values with white space in quotation marks"),
    MalformedFile(
      "open bracket", oneAtom(properties + " list=[1, 2"),
      "FILE:2: expected a closing bracket in the comment line, found \"[1, 2\""
        + "; write key=value pairs, values with white space in quotation marks"),
    MalformedFile(
      "value without key", oneAtom(properties + " = 3"),
      "FILE:2: expected a key in the comment line, found \"= 3\""
        + "; write key=value pairs, values with white space in quotation marks"),
    MalformedFile(
      "no triples", oneAtom("Properties=species:S:1:pos:R"),
      "FILE:2: expected Properties of name:type:count triples, found 5 fields" + triple),
    MalformedFile(
      "unknown column type", oneAtom("Properties=species:X:1:pos:R:3"),
      "FILE:2: expected name:type:count with type S, R, I or L in Properties, found \"species:X:1\""
        + triple),
    MalformedFile(
      "column count 0", oneAtom("Properties=species:S:0:pos:R:3"),
      "FILE:2: expected a column count from 1 to 100000 in Properties, found \"species:S:0\""
        + "; mend the count"),
    MalformedFile(
      "huge column count", oneAtom("Properties=species:S:1:pos:R:9000000000000000000"),
      "FILE:2: expected a column count from 1 to 100000 in Properties, "
        + "found \"pos:R:9000000000000000000\"; mend the count"),
    MalformedFile(
      "column twice", oneAtom("Properties=species:S:1:pos:R:3:pos:R:3"),
      "FILE:2: expected each column once in Properties, found \"pos\" twice; rename one of them"),
    MalformedFile(
      "no positions", oneAtom("Properties=species:S:1:forces:R:3"),
      "FILE:2: expected a column pos:R:3 in Properties, found species and forces"
        + "; name the positions pos"),
    MalformedFile(
      "no species", oneAtom("Properties=Z:I:1:pos:R:3:forces:R:3", "1 0 0 0 1 2 3"),
      "FILE:2: expected a column \"species\" of the atoms' types, found Z"
        + "; choose with --types COLUMN"),
    MalformedFile(
      "molecules in a real column", oneAtom(properties + ":mol_id:R:2"),
      "FILE:2: expected mol_id of type I or S with count 1, found R with 2"
        + "; mend the column, or say --molecule-size"),
  ]

  static let cells = [
    MalformedFile(
      "Lattice of 8 numbers", oneAtom(properties + " Lattice=\"1 0 0 0 1 0 0 0\""),
      "FILE:2: expected Lattice with 9 numbers, found \"1 0 0 0 1 0 0 0\"" + lattice),
    MalformedFile(
      "Lattice with a word", oneAtom(properties + " Lattice=\"1 0 0 0 1 0 0 0 nan\""),
      "FILE:2: expected Lattice with 9 numbers, found \"1 0 0 0 1 0 0 0 nan\"" + lattice),
    MalformedFile(
      "singular Lattice", oneAtom(properties + " Lattice=\"1 0 0 0 1 0 1 1 0\""),
      "FILE:2: expected Lattice with independent periodic vectors, found \"1 0 0 0 1 0 1 1 0\""
        + "; mend Lattice, or set pbc=\"F F F\" for a structure without a cell"),
    MalformedFile(
      "nested Lattice of two readings",
      oneAtom(properties + " Lattice=[[1,0,0],[1,2,0],[0,0,3]]"),
      "FILE:2: expected Lattice as 9 numbers in a row, found a nested array that programs read as "
        + "rows or as columns" + lattice),
    MalformedFile(
      "pbc of two values", oneAtom(properties + " Lattice=\"1 0 0 0 1 0 0 0 1\" pbc=\"T F\""),
      "FILE:2: expected pbc with three of T or F, found \"T F\"; write pbc=\"T T T\""),
    MalformedFile(
      "pbc without Lattice", oneAtom(properties + " pbc=\"T T T\""),
      "FILE:2: expected Lattice with periodic directions, found pbc without Lattice"
        + "; add Lattice=\"ax ay az bx by bz cx cy cz\", or set pbc=\"F F F\""),
  ]

  static let choices = [
    MalformedFile(
      "unknown forces key", oneAtom("Properties=species:S:1:pos:R:3:fa:R:3:q:R:1:fb:R:3"),
      "FILE:2: expected a column \"f\" for the forces, found the 3-component real columns fa and fb"
        + choose, ReadingOptions(forcesKey: "f")),
    MalformedFile(
      "no forces", oneAtom("Properties=species:S:1:pos:R:3:q:R:3"),
      "FILE:2: expected a column of forces, found the 3-component real columns q" + choose),
    MalformedFile(
      "no vectors at all", oneAtom("Properties=species:S:1:pos:R:3"),
      "FILE:2: expected a column of forces, found the 3-component real columns none"
        + "; use data with reference forces"),
    MalformedFile(
      "two candidates", oneAtom("Properties=species:S:1:pos:R:3:forces:R:3:REF_forces:R:3"),
      "FILE:2: expected one column of forces, found forces and REF_forces" + choose),
    MalformedFile(
      "forces change their column",
      frame + oneAtom("Properties=species:S:1:pos:R:3:dft_forces:R:3"),
      "FILE:5: expected forces in column forces as in line 2, found dft_forces"
        + "; rename the columns alike, or keep such frames in files of their own"),
    MalformedFile(
      "unknown group key", oneAtom(properties + " g=1"),
      "FILE:2: expected a key \"h\" of the frame's group, found the keys Properties and g"
        + "; choose with --group KEY", ReadingOptions(groupKey: "h")),
    MalformedFile(
      "unknown types column", oneAtom(properties),
      "FILE:2: expected a column \"type\" of the atoms' types, found species"
        + "; choose with --types COLUMN", ReadingOptions(typesColumn: "type")),
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
      "molecules that differ between frames", molecules("1 1 2 2") + molecules("1 2 1 2"),
      "FILE:7: expected the molecules that FILE:1 has for the same atoms (molecules 1 1 2 2), "
        + "found molecules 1 2 1 2; mend the molecule column, or say --molecule-size"),
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
    MalformedFile(
      "some frames with molecules",
      molecules("1 1 2") + frame.replacingOccurrences(of: "\nH ", with: "\nQ "),
      "FILE:6: expected known molecules for pairs between molecules, found neither a mol_id or molid "
        + "column nor elements whose bonds tell"
        + "; say --molecule-size N, or --pairs all"),
  ]
}
