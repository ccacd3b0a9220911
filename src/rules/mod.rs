//! Rules: knowledge as data.

mod chain;
mod diagnostic;
mod fields;
mod file_globs;
mod keys;
mod load;
mod pattern;
mod policy;
mod project;
mod rule;
mod rule_file;
mod schema;
mod table;
mod writing;

pub mod lexicon;
pub mod packs;
pub mod shipped;

pub use crate::passes::{PassName, PassTable};
pub use chain::Profile;
pub use diagnostic::{Diagnostic, DiagnosticPlace, Severity, did_you_mean, nearest};
pub use fields::{glob as file_glob, is_language_tag};
pub use file_globs::{Encodings, FileGlobError, FileGlobOptionError, Syntaxes};
pub use load::{EnvelopeFile, Knowledge, RuleDir, RuleSpot, UnknownProfile, Used, is_rule_file, load, load_for, load_shipped};
pub use policy::{Caps, ChainPlan, PassPlan, Policies};
pub use project::{PolicyOptionError, Project, parse_policy_option, parse_project};
pub use rule::{Case, Example, Find, Globs, NameKind, Origin, Policy, Rule, RuleSet, Scope, Style, Trust};
pub use schema::{SchemaKind, schema, with_head as schema_with_head};
pub use writing::{NewPattern, NewRow, NewRowError, RowConflict, TableState, Tidied, tidy as tidy_table};
