//! Words that stand twice in a row.

use super::{number, squash};
use crate::suggest::proposal::{Fix, Proposal, ProposalKind};
use crate::suggest::words::Words;

/// Words that grammar never lets stand beside themselves.
const NEVER_TWICE: &[&str] = &["an", "and", "into", "its", "of", "our", "than", "the", "their"];

/// Words that are hardly ever meant twice, but with which a clause may end and the next begin: `looking for for years`.
const SELDOM_TWICE: &[&str] = &[
    "a", "are", "as", "at", "be", "been", "but", "by", "can", "could", "for", "from", "has", "have", "his", "if", "or", "should", "these",
    "they", "this", "those", "to", "was", "we", "were", "which", "who", "will", "with", "would",
];

/// Words that may well stand twice: `had had`, `that that`, `very very`, `no no`.
const MAY_BE_TWICE: &[&str] = &[
    "had", "that", "very", "no", "yes", "so", "in", "on", "is", "it", "her", "you", "do", "did", "really", "many", "much", "more", "long",
    "far", "never", "ever", "ha", "oh", "ah", "bye", "there", "now", "well", "hear", "knock", "blah", "tut", "hush", "come", "go", "up",
    "down", "over", "again", "too", "big", "little", "old", "what", "why", "i", "he", "she", "one", "two", "who's", "cha", "aye", "tsk",
    "chop", "night", "please", "look", "wait", "stop", "run", "help", "quick",
];

/// All proposals for doubled words.
pub fn find(words: &Words) -> Vec<Proposal> {
    let doubled = words.doubled().into_iter().filter(|(word, _)| word.chars().count() > 1 || *word == "a");
    doubled
        .filter_map(|(word, seen)| {
            let is_certain = NEVER_TWICE.contains(&word);
            if MAY_BE_TWICE.contains(&word) {
                return None;
            }
            let confidence = match (is_certain, SELDOM_TWICE.contains(&word)) {
                (true, _) => 0.95,
                (_, true) => 0.85,
                // A word of some meaning: more likely a slip the more texts have it and the more often it stands alone.
                _ => squash(
                    0.4 + 0.3 * (number(words.get(word)?.seen.count) / number(seen.count)).log10()
                        + 0.4 * (number(seen.documents) - 1.0).min(2.0),
                ),
            };
            // A word that is nearly always doubled is one word.
            let alone = words.get(word).map_or(u64::MAX, |word| word.seen.count);
            if alone != u64::MAX && alone < 10 * seen.count || seen.count > 3 && seen.documents == 1 {
                return None;
            }
            let fix = Fix::Words { wrong: format!("{word} {word}"), right: word.to_owned(), case: None };
            let proposal = Proposal::new(ProposalKind::Doubled, fix, seen, confidence);
            Some(Proposal { why: "A word that stands twice.".into(), asks: !is_certain, ..proposal })
        })
        .collect()
}
