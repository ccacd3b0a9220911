//! The JSON Schema of an envelope declaration, for editors.

use serde_json::{Value, json};

/// The schema of a file that declares an envelope: what [`super::EnvelopeFormat::parse`] takes.
pub fn format_schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "id": { "description": "The name of the format in records.", "type": "string" },
            "why": { "description": "Where the format comes from, for people.", "type": "string" },
            "field": {
                "description": "The fields in their order. A format without a body is a header: it has one field, whose value is one word.",
                "type": "array", "minItems": 1, "items": field(),
            },
            "body": body(),
        },
        "required": ["id", "why", "field"],
        "oneOf": [
            { "required": ["body"], "properties": { "field": { "items": { "required": ["end"] } } } },
            {
                "not": { "required": ["body"] },
                "properties": {
                    "field": { "maxItems": 1, "items": { "not": { "required": ["end"] }, "properties": { "type": { "enum": ["name", "date"] } } } },
                },
            },
        ],
    })
}

fn field() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "name": { "description": "The name of the field in records.", "type": "string" },
            "type": {
                "description": "`name` (a number or a file name) and `date` (YYYY-MM-DD) are never cleaned; `text` is cleaned like the body.",
                "enum": ["name", "date", "text"],
            },
            "start": marker("The word before the value."),
            "end": marker("The word behind the value; a header has none."),
        },
        "required": ["name", "type", "start"],
    })
}

fn body() -> Value {
    json!({
        "description": "The text, which comes last.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "start": marker("The word before the text."),
            "end": marker("The word behind the text."),
            "no-text": { "description": "What the exporter writes where it could extract no text.", "type": "string" },
        },
        "required": ["start", "end"],
    })
}

fn marker(about: &str) -> Value {
    json!({ "description": about, "type": "string", "pattern": "^\\S+$" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::EnvelopeFormat;

    /// The keys that the reader names when it meets one that it does not know.
    fn keys_of(toml: &str) -> Vec<String> {
        let told = EnvelopeFormat::parse(toml).expect_err("the key is unknown").to_string();
        let (_, expected) = told.split_once("expected one of").unwrap_or_else(|| panic!("{told}"));
        let names = expected.split('`').skip(1).step_by(2).map(str::to_owned);
        names.collect()
    }

    fn described(table: &Value) -> Vec<String> {
        let properties = table["properties"].as_object().expect("a table has properties");
        assert!(properties.values().all(|property| property["description"].is_string()), "each key is described");
        properties.keys().cloned().collect()
    }

    #[test]
    fn each_key_that_is_read_is_described() {
        let head = "id = \"a\"\nwhy = \"b\"\n";
        assert_eq!(keys_of(&format!("{head}other = 1")), described(&format_schema()));
        assert_eq!(keys_of(&format!("{head}[[field]]\nother = 1")), described(&field()));
        assert_eq!(
            keys_of(&format!("{head}[[field]]\nname = \"a\"\ntype = \"name\"\nstart = \"a\"\nend = \"b\"\n[body]\nother = 1")),
            described(&body())
        );
    }
}
