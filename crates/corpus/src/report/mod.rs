//! What a run tells people and programs. Pure: gives text and bytes back, writes nothing.

mod documents;
mod groups;
mod kept_rules;
mod line_columns;
mod manifest;
mod page;
mod proof;
mod record;
mod record_span_map;
mod recorded;
mod reporter;
#[cfg(test)]
mod samples;
mod slice_diff;
mod source_report;
mod statement;
mod summary;
mod unified;
mod visible;
mod words;

pub use documents::{COLUMNS, document_rows};
pub use groups::{ChangeGroup, GroupPlace, Groups};
pub use kept_rules::{KeptRule, KeptRules, kept_rules};
pub use line_columns::LineColumns;
pub use manifest::{Manifest, RulesUsed, RunHead, SourceEntry};
pub use page::HtmlPage;
pub use proof::{Proof, ProofFault, restore, seal, verify};
pub use record::{OutputFile, OutputKind, SCHEMA_VERSION, Status, digest, output_files, record_jsonl};
pub use record_span_map::{CarriedAnnotation, NoCounterpart, RecordMismatch, RecordSpanMap, SpanRequest};
pub use recorded::{ListedFile, RecordError, RecordLineError, Recorded, RecordedDocument, listed_files, recorded, sources};
pub use reporter::Reporter;
pub use slice_diff::{part_diff, pending_diff, whole_diff};
pub use source_report::{SliceReport, SourceReport};
pub use statement::Statement;
pub use summary::{ChangeExample, RuleCounts, Summary};
pub use unified::{Replacement, unified};
#[doc(hidden)]
pub use visible::visible;
pub use visible::{
    Private, Visible, VisibleTable, VisibleText, diagnostic_shown, escape, escape_html, escape_json, escape_lines, visible_pair,
};
pub use words::{ChangeReason, Excerpt, ExcerptPiece, ExcerptStyle, excerpts, excerpts_of, pair_shown, render, render_pieces};
