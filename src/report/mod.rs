//! What a run tells people and programs. Pure: gives text and bytes back, writes nothing.

mod articles;
mod kept;
mod manifest;
mod place;
mod proof;
mod record;
mod recorded;
#[cfg(test)]
mod samples;
mod statement;
mod summary;
mod unified;
mod visible;
mod words;

pub use articles::{COLUMNS, article_rows};
pub use kept::{KeptRule, KeptRules, kept_rules};
pub use manifest::{Manifest, RulesUsed, RunHead, SourceEntry};
pub use place::Places;
pub use proof::{Fault, Proof, restore, seal, verify};
pub use record::{
    ArticleReport, FileKind, OutputFile, ProblemReport, SCHEMA_VERSION, SliceReport, SourceReport, Status, digest, output_files,
    record_jsonl,
};
pub use recorded::{Recorded, RecordedArticle, recorded, sources};
pub use statement::Statement;
pub use summary::{Example, RuleCounts, Summary};
pub use unified::{Replacement, unified};
pub use visible::{Private, escape, escape_json, escape_lines, visible_pair};
pub use words::{Excerpt, Look, Piece, Reason, excerpts, render};
