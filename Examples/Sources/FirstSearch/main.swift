import SymReg

var settings = DiscoverySettings()
settings.cutoffMode = .shiftedForce
settings.search.maxEvaluations = 2_000

let file = CommandLine.arguments.dropFirst().first ?? "Datasets/water-dimer/water-dimer.extxyz"
let discovery = try await Discovery.open([DataSource(parsing: file)], settings: settings)
let outcome = try await discovery.search()
for entry in outcome.document.front {
  print(entry.recommended ? "*" : " ", entry.complexity, entry.directRMSE, entry.expression)
}
