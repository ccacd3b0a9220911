//! `emendo schema`.

use std::fmt::Write as _;

use clap::ValueEnum;

use super::args::{SchemaArgs, SchemaName};
use super::console::Console;
use super::failure::Failure;
use super::outcome::Outcome;
use emendo_core::input::format_schema;
use emendo_core::rules::{FileKind, schema, schema_with_head};

/// Prints a schema, or which there are.
pub fn run(args: &SchemaArgs, console: &mut Console) -> Result<Outcome, Failure> {
    match args.name {
        Some(name) => console.json(&format!("{:#}\n", schema_of(name)))?,
        None => console.out(&kinds())?,
    }
    Ok(Outcome::Done)
}

fn schema_of(name: SchemaName) -> serde_json::Value {
    schema(match name {
        SchemaName::Rules => FileKind::Rules,
        SchemaName::Table => FileKind::Table,
        SchemaName::Project => FileKind::Project,
        SchemaName::Chain => FileKind::Chain,
        SchemaName::Profiles => FileKind::Profiles,
        SchemaName::Envelope => return schema_with_head("An envelope format of emendo", format_schema()),
    })
}

fn kinds() -> String {
    let mut text = String::new();
    for kind in SchemaName::value_variants().iter().filter_map(ValueEnum::to_possible_value) {
        let about = kind.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "{:<9} {about}", kind.get_name());
    }
    text
}
