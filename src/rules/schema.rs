//! JSON Schemas of the files that people write, for editors.

use serde_json::{Value, json};

use super::chain::cap_names;
use super::keys::{self, Key, ValueType};
use super::{PassTable, Policy, Style, packs};
use crate::edit::Zone;
use crate::prose::Syntax;

/// The dialect that the editors know which read TOML.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// A file of rules, `rules/PASS/NAME.toml`.
    Rules,
    /// The defaults of a table, `rules/PASS/NAME.toml` beside `NAME.tsv`.
    Table,
    /// `emendo.toml`.
    Project,
    /// `rules/chain.toml`.
    Chain,
    /// `rules/profiles.toml`.
    Profiles,
}

impl SchemaKind {
    /// All of them.
    pub const ALL: [SchemaKind; 5] = [SchemaKind::Rules, SchemaKind::Table, SchemaKind::Project, SchemaKind::Chain, SchemaKind::Profiles];

    fn keys(self) -> (&'static str, &'static [Key]) {
        match self {
            SchemaKind::Rules => ("Rules of emendo", &keys::RULES),
            SchemaKind::Table => ("What a table of emendo says for all its rows", &keys::TABLE),
            SchemaKind::Project => ("A project of emendo", &keys::PROJECT),
            SchemaKind::Chain => ("The order of emendo's passes", &keys::CHAIN),
            SchemaKind::Profiles => ("Profiles of emendo", &keys::PROFILES),
        }
    }
}

/// The schema of a kind of file, made of the keys that the loader knows.
pub fn schema(kind: SchemaKind) -> Value {
    let (title, keys) = kind.keys();
    let mut schema = table(keys);
    if kind == SchemaKind::Table {
        // The language would be stated twice.
        schema["not"] = json!({ "required": ["lang", "only"], "properties": { "only": { "required": ["lang"] } } });
    }
    with_head(title, schema)
}

/// A schema with its dialect and title first.
pub fn with_head(title: &str, schema: Value) -> Value {
    let mut whole = json!({ "$schema": DIALECT, "title": title });
    if let (Value::Object(whole), Value::Object(schema)) = (&mut whole, schema) {
        whole.extend(schema);
    }
    whole
}

fn table(keys: &[Key]) -> Value {
    let properties: serde_json::Map<_, _> = keys.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.is_required).map(|key| key.name).collect();
    let mut table = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        table["required"] = required.into();
    }
    table
}

fn described(key: &Key) -> Value {
    let mut schema = json!({ "description": key.about });
    if let (Value::Object(schema), Value::Object(taken)) = (&mut schema, taken(key.takes)) {
        schema.extend(taken);
    }
    schema
}

fn taken(takes: ValueType) -> Value {
    match takes {
        ValueType::Text => json!({ "type": "string" }),
        ValueType::Said => json!({ "type": "string", "pattern": "\\S" }),
        ValueType::Pattern => json!({ "type": "string", "minLength": 1 }),
        ValueType::Id => json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" }),
        ValueType::Packs => list(&json!({ "enum": packs::packs().iter().map(|pack| pack.name).collect::<Vec<_>>() }), 0),
        ValueType::Texts => list(&json!({ "type": "string" }), 0),
        ValueType::CodePoints => list(&json!({ "type": "string", "pattern": "^U\\+[0-9A-Fa-f]{4,6}(\\.\\.U\\+[0-9A-Fa-f]{4,6})?$" }), 1),
        ValueType::Pairs => list(&json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 }), 1),
        ValueType::Policy => policy(),
        ValueType::Zones => policies(Zone::ALL.into_iter().filter(|zone| !zone.is_protected()).map(Zone::name)),
        ValueType::Caps => policies(cap_names(PassTable::SHIPPED).into_iter().map(|(name, _)| name)),
        ValueType::PolicyOrCaps => json!({ "anyOf": [policy(), taken(ValueType::Caps)] }),
        ValueType::Scope => {
            let mut scope = table(&keys::SCOPE);
            scope["minProperties"] = 1.into();
            scope
        }
        ValueType::Globs => list(&json!({ "type": "string" }), 1),
        ValueType::Lang => json!({ "type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$" }),
        ValueType::Langs => json!({ "anyOf": [taken(ValueType::Lang), list(&taken(ValueType::Lang), 1)] }),
        ValueType::Style => json!({ "enum": Style::ALL.map(Style::name) }),
        ValueType::Choice(words) => json!({ "enum": words }),
        ValueType::Pass => json!({ "enum": PassTable::SHIPPED.names() }),
        ValueType::Encodings => json!({ "type": "object", "additionalProperties": { "type": "string", "minLength": 1 } }),
        ValueType::Syntaxes => json!({ "type": "object", "additionalProperties": { "enum": Syntax::ALL.map(Syntax::name) } }),
        ValueType::Tables(keys) => list(&tables(keys), 0),
    }
}

fn tables(keys: &[Key]) -> Value {
    let mut each = table(keys);
    if keys.iter().any(|key| key.name == "built-in") {
        each["oneOf"] = kinds();
        each["allOf"] = misplaced();
    }
    each
}

/// What a rule finds is said once.
fn kinds() -> Value {
    json!([{ "required": ["find"] }, { "required": ["chars"] }, { "required": ["mark"] }, { "required": ["built-in"] }])
}

/// Each way to say it has keys that do not go with it.
fn misplaced() -> Value {
    let without = |key: &str| json!({ "not": { "required": [key] } });
    json!([
        { "if": { "required": ["find"] }, "then": without("keep-in") },
        { "if": { "required": ["built-in"] }, "then": { "allOf": [without("keep-in"), without("becomes")] } },
        {
            "if": { "required": ["mark"] },
            "then": { "allOf": [without("keep-in")], "required": ["becomes"], "properties": { "becomes": { "pattern": "\\S" } } },
        },
    ])
}

fn list(items: &Value, at_least: usize) -> Value {
    let mut list = json!({ "type": "array", "items": items });
    if at_least > 0 {
        list["minItems"] = at_least.into();
    }
    list
}

fn policy() -> Value {
    let names = [Policy::Apply, Policy::Ask, Policy::Off].map(|policy| policy.to_string());
    json!({ "enum": names })
}

fn policies<'n>(names: impl Iterator<Item = &'n str>) -> Value {
    let properties: serde_json::Map<_, _> = names.map(|name| (name.to_owned(), policy())).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}
