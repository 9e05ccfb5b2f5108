import ParetoFronts
import RunStorage

/// What frames say of the entries of a front that their parameters were not fitted to.
struct Assessment: Sendable {
  /// Over the training frames, each scored by the fit without its fold; nil without folds.
  var crossValidation: LossTable?
  /// Over the validation frames; nil without.
  var validation: LossTable?
  /// By entry: whether it had a fit without each of the folds. One that had none has no
  /// cross-validated loss.
  var isStable: [Bool] = []
  /// Forms that were tried on the frames of the cross-validation.
  var formCount = 1

  /// What the entries are compared by, the cross-validated losses first; nil where no frames are left
  /// for it.
  var measure: Measure? {
    if let crossValidation {
      return Measure(name: .crossValidation, table: crossValidation, formCount: formCount)
    }
    return validation.map { Measure(name: .validation, table: $0, formCount: 1) }
  }

  struct Measure {
    let name: GainSummary.Measure
    let table: LossTable
    let formCount: Int

    var test: GainTest { GainTest(unitCount: table.unitCount, formCount: formCount) }
  }
}
