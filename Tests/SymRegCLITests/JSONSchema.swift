/// The part of JSON Schema (draft 2020-12, json-schema.org) that docs/reference/front.schema.json uses,
/// with one demand more: a key that the schema does not name is a fault.
struct JSONSchema {
  let root: JSONValue

  /// What does not agree, a line each: where, and why.
  func faults(in value: JSONValue) -> [String] { faults(in: value, root, at: "") }

  /// Names of all properties, also of the definitions.
  var propertyNames: Set<String> { Self.propertyNames(in: root) }

  private static func propertyNames(in schema: JSONValue) -> Set<String> {
    var names = Set((schema["properties"]?.members ?? [:]).keys)
    for member in schema.members.values { names.formUnion(propertyNames(in: member)) }
    for element in schema.elements { names.formUnion(propertyNames(in: element)) }
    return names
  }

  private func faults(in value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
    schema.members.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      faults(in: value, keyword, rule, of: schema, at: path)
    }
  }

  private func faults(
    in value: JSONValue, _ keyword: String, _ rule: JSONValue, of schema: JSONValue, at path: String
  ) -> [String] {
    func expect(_ holds: Bool, _ what: String) -> [String] {
      holds ? [] : ["\(path): expected \(what), found \(value)"]
    }
    switch keyword {
    case "$schema", "$defs", "title", "description": return []
    case "$ref":
      let name = (rule.text ?? "").split(separator: "/").last.map(String.init) ?? ""
      guard let target = root["$defs"]?[name] else { return ["\(path): no definition of \(name)"] }
      return faults(in: value, target, at: path)
    case "anyOf":
      let all = rule.elements.map { faults(in: value, $0, at: path) }
      return all.contains(where: \.isEmpty) ? [] : all.flatMap { $0 }
    case "type":
      let names = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
      return expect(names.contains { Self.isOf(type: $0, value) }, names.joined(separator: " or "))
    case "const": return expect(value == rule, "\(rule)")
    case "enum": return expect(value == .null || rule.elements.contains(value), "\(rule)")
    case "minimum":
      let least = rule.number ?? .nan
      return expect(value.number.map { $0 >= least } ?? true, "at least \(least)")
    case "exclusiveMinimum":
      let bound = rule.number ?? .nan
      return expect(value.number.map { $0 > bound } ?? true, "above \(bound)")
    case "pattern":
      let isHash = value.text.map { $0.count == 64 && $0.allSatisfy(\.isHexDigit) } ?? true
      return rule.text == "^[0-9a-f]{64}$" ? expect(isHash, "a hash") : ["\(path): pattern \(rule)"]
    case "required":
      guard case .object(let members) = value else { return [] }
      return rule.elements.compactMap(\.text).filter { members[$0] == nil }
        .map { "\(path): \($0) is missing" }
    case "properties":
      return value.members.sorted { $0.key < $1.key }.flatMap { key, member in
        rule[key].map { faults(in: member, $0, at: "\(path)/\(key)") }
          ?? ["\(path): \(key) is not in the schema"]
      }
    case "additionalProperties":
      guard schema["properties"] == nil else { return ["\(path): additional and named properties"] }
      return value.members.sorted { $0.key < $1.key }
        .flatMap { faults(in: $0.value, rule, at: "\(path)/\($0.key)") }
    case "items":
      return value.elements.enumerated()
        .flatMap { faults(in: $0.element, rule, at: "\(path)/\($0.offset)") }
    default: return ["\(path): this check does not know the keyword \(keyword)"]
    }
  }

  private static func isOf(type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .boolean), ("number", .number), ("string", .string),
      ("array", .array), ("object", .object):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}
