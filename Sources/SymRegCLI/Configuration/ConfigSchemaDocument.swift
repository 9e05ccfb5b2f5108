import RunConfiguration

/// The schema as JSON Schema, draft 2020-12 (json-schema.org), for editors that complete and check.
struct ConfigSchemaDocument: Encodable {
  struct Property: Encodable {
    let description: String
    let defaultText: String?
    let kind: ConfigSchema.Key.Kind

    private enum CodingKeys: String, CodingKey {
      case description, type, items
      case defaultText = "default"
    }

    private struct Items: Encodable {
      let type = ConfigSchemaDocument.scalar
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(description, forKey: .description)
      try container.encodeIfPresent(defaultText, forKey: .defaultText)
      switch kind {
      case .flag:
        try container.encode("boolean", forKey: .type)
      case .single:
        try container.encode(ConfigSchemaDocument.scalar, forKey: .type)
      case .list, .repeated:
        try container.encode(ConfigSchemaDocument.scalar + ["array"], forKey: .type)
        try container.encode(Items(), forKey: .items)
      }
    }
  }

  /// The types that YAML may find in a value's text.
  private static let scalar = ["string", "number", "boolean"]

  let title = "Options of symreg"
  let type = "object"
  let properties: [String: Property]
  let additionalProperties = false

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case title, type, properties, additionalProperties
  }

  init(_ schema: ConfigSchema) {
    var properties: [String: Property] = [:]
    for name in schema.names {
      let keys = schema.commands.compactMap { command in
        command[name].map { (command: command.name, key: $0) }
      }
      guard let key = keys.first?.key else { continue }
      // A name with two meanings says both.
      let description =
        Set(keys.map(\.key.help)).count == 1
        ? key.help : keys.map { "\($0.command): \($0.key.help)" }.joined(separator: " ")
      properties[name] = Property(
        description: description,
        defaultText: Set(keys.map(\.key.defaultValue)).count == 1 && key.kind != .flag
          ? key.defaultValue : nil,
        kind: key.kind)
    }
    self.properties = properties
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(
      "https://json-schema.org/draft/2020-12/schema", forKey: .schema)
    try container.encode(title, forKey: .title)
    try container.encode(type, forKey: .type)
    try container.encode(properties, forKey: .properties)
    try container.encode(additionalProperties, forKey: .additionalProperties)
  }
}
