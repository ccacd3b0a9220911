//! Rules that a corpus proposes itself.
//!
//! [`statistics::CorpusStatistics`] counts in one reading what the finders need; its memory grows with the vocabulary, not with the corpus.
//! [`proposals`] makes rules of it, with what speaks for each. What the rules of the run put right already is not in the
//! cleaned text that is mined; what they only ask about is known to [`known::Known`].

mod answer;
mod characters;
mod context;
mod digest;
mod finders;
pub mod known;
mod lines;
mod names;
pub mod neighbours;
pub mod occurrence;
pub mod proposal;
mod reading;
mod refused;
mod slips;
pub mod statistics;
pub mod tokens;
mod words;

use std::path::PathBuf;

use crate::disk::IoFault;

pub use self::answer::ChosenProposals;
pub use self::context::QuotedPlace;
pub use self::reading::CorpusReading;
pub use self::refused::RefusedProposals;
use known::Known;
use proposal::Proposal;
use statistics::CorpusStatistics;

/// Why a proposal is neither accepted nor rejected.
#[derive(Debug, thiserror::Error)]
pub enum SuggestError {
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// Nothing of that id is proposed.
    #[error(
        "The corpus proposes nothing with the id {0}: a rule or a no may have settled it. Run emendo suggest without --accept and --reject to see what it proposes."
    )]
    NoProposal(String),
    /// A proposal is both accepted and rejected.
    #[error("{0} is both accepted and rejected. Leave one of them out.")]
    Both(String),
    /// A proposal is no rule.
    #[error("{id} cannot become a rule with certainty. Write {write}.")]
    Advice {
        /// The proposal.
        id: String,
        /// What to do.
        write: String,
    },
    /// A no has no place.
    #[error("There is no emendo.toml here or above, so that a no has no place. emendo init makes a project.")]
    NoProject,
    /// The file of what was refused cannot be read.
    #[error("{}:{line}: {error}. Correct or remove the line.", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// Less certain proposals are not made.
const LEAST: f64 = 0.5;

/// All that the corpus proposes and nobody knows or refused yet, the best first.
pub fn proposals(statistics: &CorpusStatistics, known: &Known) -> Vec<Proposal> {
    let mut all = finders::typos::find(&statistics.words);
    let names = finders::names::find(statistics, &all);
    all.extend(names);
    all.extend(finders::doubled::find(&statistics.words));
    all.extend(finders::marks::find_strays(&statistics.characters));
    all.extend(finders::marks::find_lookalikes(&statistics.words));
    all.extend(finders::marks::find_characters(&statistics.characters));
    all.extend(finders::lines::find_repeated(&statistics.lines, statistics.documents));
    all.extend(finders::lines::find_edges(&statistics.lines, statistics.documents));
    let mut all: Vec<_> = all.into_iter().map(|proposal| known.settled(proposal)).collect();
    all.retain(|proposal| proposal.confidence >= LEAST && !known.has(proposal));
    all.sort_by(|one, other| {
        other.worth().total_cmp(&one.worth()).then_with(|| (one.kind, one.fix.pair()).cmp(&(other.kind, other.fix.pair())))
    });
    all
}
