import Foundation
import Testing

@testable import ParetoFronts

@Suite struct ForceProfileTests {
  private static func profile(
    _ range: ClosedRange<Double> = 3...8, force: @escaping (Double) -> Double
  ) -> ForceProfile {
    ForceProfile(sampledRange: range, cutoff: 10, unit: 0.1, force: force)
  }

  private static func lennardJones(_ r: Double, sigma: Double = 3.4) -> Double {
    let x = pow(sigma / r, 6)
    return 24 * 0.0103 * (2 * x * x - x) / r
  }

  @Test("the zero of a Lennard-Jones force is found where it is, and no pole")
  func well() {
    let profile = Self.profile { Self.lennardJones($0) }
    #expect(profile.poles.isEmpty && !profile.isAttractiveBelow)
    #expect(profile.zeros.count == 1)
    #expect(abs((profile.zeros.first ?? 0) - 3.4 * pow(2, 1.0 / 6)) <= 1e-6)
    #expect(ForceProfile.flags([profile]).isEmpty)
  }

  @Test("poles are found, with and without a change of sign, on a point and between two")
  func poles() {
    for place in [2.2, 2.23456789, 5.5, 9.3] {
      for force in [{ 0.1 / ($0 - place) }, { 0.01 / (($0 - place) * ($0 - place)) }] {
        let profile = Self.profile(force: force)
        #expect(profile.poles.contains { abs($0 - place) <= 1e-3 }, "\(place)")
        #expect(profile.zeros.isEmpty)
        #expect(ForceProfile.flags([profile]).contains(.pole))
      }
    }
    #expect(ForceProfile.flags([Self.profile { $0 < 2 ? .nan : 1 / $0 }]) == [.pole])
    // A sharp peak is none.
    #expect(Self.profile { exp(-100 * ($0 - 5) * ($0 - 5)) }.poles.isEmpty)
  }

  @Test("structure counts as outside where it is nowhere else")
  func structure() {
    let beyond = Self.profile { 9 - $0 }
    #expect(ForceProfile.flags([beyond]) == [.structureBeyondData])
    let inside = Self.profile { Self.lennardJones($0) }
    #expect(ForceProfile.flags([beyond, inside]).isEmpty)
    let wall = Self.profile { Self.lennardJones($0, sigma: 2.2) }
    #expect(ForceProfile.flags([wall]) == [.structureBelowData])
  }

  @Test("attraction below the data is told apart from a wall below them")
  func attraction() {
    // Buckingham's hole.
    let hole = Self.profile { 40 * exp(-2 * $0) - 100 / pow($0, 7) }
    #expect(hole.isAttractiveBelow)
    #expect(ForceProfile.flags([hole]).contains(.attractionBelowData))
    #expect(ForceProfile.flags([Self.profile { -1 / ($0 * $0) }]) == [.attractionBelowData])
    #expect(ForceProfile.flags([Self.profile { 1 / ($0 * $0) }]).isEmpty)
  }

  @Test("the force at the end of the data is in units of the reference forces")
  func end() {
    #expect(abs(Self.profile { 0.4 / $0 }.forceAtEnd - 0.5) <= 1e-12)
  }
}
