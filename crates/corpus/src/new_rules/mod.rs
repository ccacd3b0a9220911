//! New rules: tried on a corpus, added to a project, imported from a table, or learnt from what somebody corrected.
//!
//! ```text
//! NewRule ─ RuleFolder ─► CandidateRules ─ proven ─► files of the rule folder
//! ```

mod add;
mod blame;
mod candidate_rules;
mod compare;
mod corpus_examples;
mod error;
pub mod import;
pub mod learn;
mod new_rule;
mod rule_folder;
mod trial;

pub use add::{AddOptions, AddedRules, add_rule};
pub use compare::{CleanedBefore, DifferenceSide, Differences, Keyword};
pub use error::NewRuleError;
pub use new_rule::{NewRule, NewRuleContent, RuleFilePlace, file_name, has_tables};
pub use rule_folder::ExampleSource;
pub use trial::{RuleConflict, RuleTrial, TrialOptions, try_rule};
