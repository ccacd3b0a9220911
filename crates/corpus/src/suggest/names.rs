//! How often each name of several words stands in a corpus, and among which others.

use rustc_hash::FxHashMap;

use super::neighbours::{NeighbourSide, Neighbours, slot};
use super::occurrence::{CleanedSpot, Occurrences};
use super::tokens::{Capitals, MinedToken};
use super::words::sorted;
use emendo_core::rules::lexicon;

/// A name has so many words at most, the small ones not counted.
const WORDS: usize = 3;
/// So many words before and after a name tell whose it is.
const REACH: usize = 8;
/// Shorter words tell nothing, in bytes.
const TELLING: usize = 4;

/// What stands before a name without being part of it.
const TITLES: &[&str] = &[
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Dr",
    "Sir",
    "Lady",
    "Lord",
    "Madame",
    "Monsieur",
    "President",
    "Prime",
    "Minister",
    "Secretary",
    "State",
    "Senator",
    "General",
    "Colonel",
    "Captain",
    "Director",
    "Governor",
    "Mayor",
    "King",
    "Queen",
    "Prince",
    "Princess",
    "Professor",
    "Judge",
    "Justice",
    "Chief",
    "Pope",
    "Saint",
    "St",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "The",
    "A",
    "An",
    "In",
    "On",
    "At",
    "By",
    "For",
    "From",
    "But",
    "And",
    "As",
    "If",
    "When",
    "While",
    "After",
    "Before",
    "Since",
    "Until",
    "Both",
    "This",
    "That",
    "These",
    "Those",
    "His",
    "Her",
    "Its",
    "Their",
    "Our",
    "My",
    "Your",
    "I",
    "He",
    "She",
    "It",
    "We",
    "They",
    "Chapter",
    "Section",
    "Part",
    "Page",
    "Figure",
    "Table",
    "No",
    "Not",
    "Yes",
    "Oh",
    "Of",
    "To",
    "With",
    "Is",
    "Are",
    "Was",
    "Were",
    "Do",
    "Did",
];

/// Small words that stand inside names.
const PARTICLES: &[&str] =
    &["al", "el", "bin", "ibn", "bint", "ben", "abu", "van", "von", "der", "den", "de", "da", "di", "del", "la", "le", "du", "dos"];

/// A name of several words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// All in all.
    pub seen: Occurrences,
    /// What stands near it.
    pub around: Neighbours,
}

/// The names of a corpus, as they are written, with one blank between words.
#[derive(Clone, Debug, Default)]
pub struct CorpusNames {
    names: FxHashMap<Box<str>, Name>,
}

impl CorpusNames {
    /// Counts the names of a line. `spot` tells where a byte of the text is.
    pub fn read(&mut self, tokens: &[MinedToken<'_>], spot: impl Fn(usize) -> Option<CleanedSpot>) {
        let mut near: Option<Vec<Option<u16>>> = None;
        let mut name = String::new();
        for first in 0..tokens.len() {
            if !may_begin(&tokens[first]) {
                continue;
            }
            let (mut last, mut words) = (first, 1);
            while last + 1 < tokens.len() && words < WORDS && is_joined(&tokens[last], &tokens[last + 1]) {
                last += 1;
                if !is_part(&tokens[last]) {
                    continue;
                }
                words += 1;
                name.clear();
                for token in &tokens[first..=last] {
                    if !name.is_empty() {
                        name.push(' ');
                    }
                    name.push_str(token.word);
                }
                let Some(place) = spot(tokens[first].at.start) else { continue };
                let near = near.get_or_insert_with(|| {
                    tokens.iter().map(|token| (token.word.len() >= TELLING).then(|| slot(token.word, NeighbourSide::Near))).collect()
                });
                self.count(&name, place, near, first, last);
            }
        }
    }

    fn count(&mut self, name: &str, place: CleanedSpot, near: &[Option<u16>], first: usize, last: usize) {
        if !self.names.contains_key(name) {
            self.names.insert(name.into(), Name::default());
        }
        let name = self.names.get_mut(name).expect("it was put there if it was missing");
        name.seen.note(place);
        let after = last + 1..near.len().min(last + 1 + REACH);
        let around = near[first.saturating_sub(REACH)..first].iter().chain(&near[after]);
        around.flatten().for_each(|slot| name.around.insert(*slot));
    }

    /// Adds what was counted in other documents.
    pub fn add(&mut self, other: Self) {
        for (name, more) in other.names {
            match self.names.get_mut(&name) {
                Some(name) => {
                    name.seen.add(&more.seen);
                    name.around.add(&more.around);
                }
                None => _ = self.names.insert(name, more),
            }
        }
    }

    /// Forgets what was seen once, if there are more names than that. Tells whether anything was forgotten.
    pub fn forget(&mut self, most: usize) -> bool {
        let is_much = self.names.len() > most;
        if is_much {
            self.names.retain(|_, name| name.seen.count > 1);
        }
        is_much
    }

    /// All names, sorted.
    pub fn sorted(&self) -> Vec<(&str, &Name)> {
        sorted(&self.names)
    }

    /// The name as it is written.
    pub fn get(&self, name: &str) -> Option<&Name> {
        self.names.get(name)
    }
}

/// Whether a word may be one of a name: it has a capital, and not only capitals unless it is short.
fn is_part(token: &MinedToken<'_>) -> bool {
    let word = token.word;
    token.is_free
        && token.capitals != Capitals::Small
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
        && (word.contains(char::is_lowercase) || word.len() < 2)
}

fn may_begin(token: &MinedToken<'_>) -> bool {
    let is_asked_for = token.begins && token.word.len() > 1 && lexicon::is_word(token.word) && !lexicon::is_name(token.word);
    is_part(token) && !TITLES.contains(&token.word) && !is_asked_for
}

fn is_joined(one: &MinedToken<'_>, next: &MinedToken<'_>) -> bool {
    next.follows
        && one.at.len() == one.word.len()
        && (is_part(next) && !TITLES.contains(&next.word) || PARTICLES.contains(&next.word) && next.is_free)
}
