//! `emendo schema`.

use clap::ValueEnum;

use super::args::{SchemaArgs, SchemaName};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use emendo_core::input::format_schema;
use emendo_core::rules::{SchemaKind, schema, schema_with_head};
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::showln;

/// Prints a schema, or which there are.
pub fn run(args: &SchemaArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    match args.name {
        Some(name) => console.json(&format!("{:#}\n", schema_of(name)))?,
        None => console.out(kinds())?,
    }
    Ok(ExitStatus::Done)
}

fn schema_of(name: SchemaName) -> serde_json::Value {
    schema(match name {
        SchemaName::Rules => SchemaKind::Rules,
        SchemaName::Table => SchemaKind::Table,
        SchemaName::Project => SchemaKind::Project,
        SchemaName::Chain => SchemaKind::Chain,
        SchemaName::Profiles => SchemaKind::Profiles,
        SchemaName::Envelope => return schema_with_head("An envelope format of emendo", format_schema()),
    })
}

fn kinds() -> VisibleText {
    let mut text = VisibleText::default();
    for kind in SchemaName::value_variants().iter().filter_map(ValueEnum::to_possible_value) {
        let about = kind.get_help().map(ToString::to_string).unwrap_or_default();
        showln!(text, "{:<9} {}", escape(kind.get_name()), escape(&about));
    }
    text
}
