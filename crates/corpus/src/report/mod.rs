//! What a run tells people and programs. Pure: gives text and bytes back, writes nothing.

mod articles;
mod groups;
mod kept;
mod manifest;
mod page;
mod place;
mod proof;
mod record;
mod recorded;
#[cfg(test)]
mod samples;
mod slice_diff;
mod statement;
mod summary;
mod unified;
mod visible;
mod ways;
mod words;

pub use articles::{COLUMNS, article_rows};
pub use groups::{Group, GroupPlace, Groups};
pub use kept::{KeptRule, KeptRules, kept_rules};
pub use manifest::{Manifest, RulesUsed, RunHead, SourceEntry};
pub use page::Page;
pub use place::Places;
pub use proof::{Fault, Proof, restore, seal, verify};
pub use record::{
    ArticleReport, FileKind, OutputFile, ProblemReport, SCHEMA_VERSION, SliceReport, SourceReport, Status, digest, output_files,
    record_jsonl,
};
pub use recorded::{ListedFile, Recorded, RecordedArticle, listed_files, recorded, sources};
pub use slice_diff::{part_diff, waiting_diff, whole_diff};
pub use statement::Statement;
pub use summary::{Example, RuleCounts, Summary};
pub use unified::{Replacement, unified};
pub use visible::{Private, escape, escape_json, escape_lines, visible_pair};
pub use ways::{Found, Wanted, Ways};
pub use words::{Excerpt, Look, Piece, Reason, excerpts, pair_shown, render, render_pieces};
