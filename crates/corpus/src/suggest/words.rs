//! How often each word stands in a corpus, and beside which others.

use rustc_hash::FxHashMap;

use super::neighbours::{NeighbourSide, Neighbours, slot};
use super::occurrence::{CleanedSpot, Occurrences};
use super::tokens::{Capitals, MinedToken};
use emendo_core::prose::word::capitalised;
use emendo_core::rules::lexicon;

/// A word in whatever letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// In small letters.
    pub small: u64,
    /// With a capital of its own.
    pub name: u64,
    /// With one that the beginning of a sentence asks for.
    pub first: u64,
    /// All in all.
    pub seen: Occurrences,
    /// What stands directly before and after it.
    pub beside: Neighbours,
    /// Whether the word list has it, as a word or as a name.
    pub is_listed: bool,
    /// How often listed words stand on both sides of one that is not.
    pub among: u64,
}

/// The words of a corpus, by their small letters.
#[derive(Clone, Debug, Default)]
pub struct Words {
    forms: FxHashMap<Box<str>, Word>,
    /// Words in which letters of another script stand for Latin ones, as they are written.
    mixed: FxHashMap<Box<str>, Occurrences>,
    /// Words that stand twice in a row, in small letters.
    doubled: FxHashMap<Box<str>, Occurrences>,
}

impl Words {
    /// Counts the words of a paragraph. `spot` tells where a byte of the text is.
    pub fn read(&mut self, tokens: &[MinedToken<'_>], spot: impl Fn(usize) -> Option<CleanedSpot>) {
        for (number, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_free) {
            let Some(place) = spot(token.at.start) else { continue };
            let before = number.checked_sub(1).map(|before| &tokens[before]);
            if before
                .is_some_and(|before| token.follows && before.is_free && before.word == token.word && token.at.len() == token.word.len())
                && token.capitals == Capitals::Small
                && token.word.chars().all(char::is_alphabetic)
            {
                note(&mut self.doubled, token.word, before.and_then(|before| spot(before.at.start)).unwrap_or(place));
            }
            if is_mixed(token.word) {
                note(&mut self.mixed, token.word, place);
                continue;
            }
            let neighbours = [
                before.map(|before| slot(before.word, NeighbourSide::Before)),
                tokens.get(number + 1).map(|after| slot(after.word, NeighbourSide::After)),
            ];
            // What is joined to strange words is strange too: `valet-de-chambre`.
            let parts: Vec<&str> = token.word.split('-').collect();
            if parts.len() > 2 {
                continue;
            }
            for part in parts.iter().filter(|part| is_plain(part)) {
                let Some(word) = self.count(part, token, place, &neighbours) else { continue };
                if !word.is_listed && parts.iter().all(|other| other == part || is_english(other)) && is_among_words(tokens, number) {
                    word.among += 1;
                }
            }
        }
    }

    fn count(&mut self, part: &str, token: &MinedToken<'_>, place: CleanedSpot, neighbours: &[Option<u16>]) -> Option<&mut Word> {
        let is_small = !part.contains(char::is_uppercase);
        if !is_small && token.capitals == Capitals::Other && part.len() == token.word.len() {
            return None;
        }
        let folded = part.to_lowercase();
        if !self.forms.contains_key(&*folded) {
            self.forms.insert(folded.as_str().into(), Word { is_listed: is_listed(&folded), ..Word::default() });
        }
        let word = self.forms.get_mut(&*folded)?;
        word.small += u64::from(is_small);
        word.name += u64::from(!is_small && token.capitals == Capitals::Name);
        word.first += u64::from(!is_small && token.begins);
        word.seen.note(place);
        neighbours.iter().flatten().for_each(|slot| word.beside.insert(*slot));
        Some(word)
    }

    /// Adds what was counted in other documents.
    pub fn add(&mut self, other: Self) {
        for (word, more) in other.forms {
            match self.forms.get_mut(&word) {
                Some(word) => {
                    word.small += more.small;
                    word.name += more.name;
                    word.first += more.first;
                    word.among += more.among;
                    word.seen.add(&more.seen);
                    word.beside.add(&more.beside);
                }
                None => _ = self.forms.insert(word, more),
            }
        }
        add(&mut self.mixed, other.mixed);
        add(&mut self.doubled, other.doubled);
    }

    /// Forgets what was seen once, if there are more words than that. Tells whether anything was forgotten.
    pub fn forget(&mut self, most: usize) -> bool {
        let is_much = self.forms.len() > most;
        if is_much {
            self.forms.retain(|_, word| word.seen.count > 1);
        }
        is_much
    }

    /// All words in small letters, sorted.
    pub fn sorted(&self) -> Vec<(&str, &Word)> {
        sorted(&self.forms)
    }

    /// The word in these small letters.
    pub fn get(&self, folded: &str) -> Option<&Word> {
        self.forms.get(folded)
    }

    /// The words with letters of two scripts, sorted.
    pub fn mixed(&self) -> Vec<(&str, &Occurrences)> {
        sorted(&self.mixed)
    }

    /// The words that stand twice in a row, sorted.
    pub fn doubled(&self) -> Vec<(&str, &Occurrences)> {
        sorted(&self.doubled)
    }
}

/// What was counted, in the order of its letters.
pub fn sorted<T>(counted: &FxHashMap<Box<str>, T>) -> Vec<(&str, &T)> {
    let mut all: Vec<_> = counted.iter().map(|(key, value)| (&**key, value)).collect();
    all.sort_unstable_by_key(|(key, _)| *key);
    all
}

/// Notes that something stands at a place.
pub fn note(counted: &mut FxHashMap<Box<str>, Occurrences>, key: &str, spot: CleanedSpot) {
    match counted.get_mut(key) {
        Some(seen) => seen.note(spot),
        None => counted.entry(key.into()).or_default().note(spot),
    }
}

/// Adds what was counted in other documents.
fn add(counted: &mut FxHashMap<Box<str>, Occurrences>, other: FxHashMap<Box<str>, Occurrences>) {
    for (key, more) in other {
        counted.entry(key).or_default().add(&more);
    }
}

/// Whether the word list has a word, in whatever letters, or a name.
fn is_listed(word: &str) -> bool {
    word.chars().all(char::is_numeric) || lexicon::is_word(word) || lexicon::is_name(&capitalised(word)) || is_british(word)
}

/// Whether the list has a word as it is spelled with z: `strategise`.
fn is_british(word: &str) -> bool {
    let endings = [
        ("ise", "ize"),
        ("ises", "izes"),
        ("ised", "ized"),
        ("ising", "izing"),
        ("iser", "izer"),
        ("isation", "ization"),
        ("isations", "izations"),
    ];
    endings.iter().any(|(s, z)| word.strip_suffix(s).is_some_and(|base| base.len() > 3 && lexicon::is_word(&[base, z].concat())))
}

/// Words that stand in English texts where another language is quoted.
const FOREIGN: &[&str] = &[
    "de", "du", "des", "la", "le", "les", "et", "en", "un", "une", "au", "aux", "von", "der", "und", "el", "los", "las", "il", "della",
    "di", "del", "da", "dos", "que", "qui", "ne", "pas", "est", "sur", "ad", "et", "ex", "lo", "se", "su", "al", "por", "para", "con",
    "den", "das", "ein", "eine", "van", "het",
];

/// Whether a word may be one of an English sentence, as it is written.
fn is_english(word: &str) -> bool {
    let is_known = word.chars().all(|c| c.is_numeric() || c == '-') || word.split('-').all(lexicon::is_word) || lexicon::is_name(word);
    is_known && !FOREIGN.contains(&word)
}

/// So many words on each side tell in what a word stands.
const REACH: usize = 10;

/// So many others that look strange make a language of their own.
const STRANGE: usize = 3;

/// Whether a word stands in ordinary English: between words of the list, and with hardly another near it that looks as
/// strange. Where there are several, somebody speaks a dialect or another language.
fn is_among_words(tokens: &[MinedToken<'_>], number: usize) -> bool {
    let near = &tokens[number.saturating_sub(REACH)..tokens.len().min(number + 1 + REACH)];
    let beside = [number.checked_sub(1), Some(number + 1)].into_iter().flatten().filter_map(|beside| tokens.get(beside));
    let is_strange = |other: &&MinedToken<'_>| {
        other.capitals == Capitals::Small && other.word != tokens[number].word && !other.word.split('-').all(is_english)
    };
    // `von der` before a capital belongs to a name.
    let is_of_name = |at: usize| near[at..].iter().take(3).any(|next| next.capitals != Capitals::Small);
    let strange =
        near.iter().enumerate().filter(|(at, other)| is_strange(other) && !(FOREIGN.contains(&other.word) && is_of_name(*at))).count();
    !tokens[number].is_clipped && beside.into_iter().all(|beside| is_english(beside.word)) && strange < STRANGE
}

/// Whether a word is made of Latin letters alone, but for a digit or two that may have been read for letters.
fn is_plain(part: &str) -> bool {
    let digits = part.chars().filter(|c| matches!(c, '0' | '1' | '5')).count();
    part.chars().all(|c| is_latin(c) || matches!(c, '0' | '1' | '5'))
        && (digits == 0 || digits == 1 && part.chars().count() > 4 && !part.ends_with(|c: char| c.is_ascii_digit() && c != '1'))
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && (c < '\u{250}' || matches!(c, '\u{1E00}'..='\u{1EFF}'))
}

/// Whether letters of another script stand among Latin ones, and each looks like a Latin one.
fn is_mixed(word: &str) -> bool {
    !word.is_ascii() && word.chars().any(is_latin) && word.chars().any(|c| lookalike(c).is_some()) && {
        word.chars().all(|c| is_latin(c) || lookalike(c).is_some() || matches!(c, '-' | '\'' | '’'))
    }
}

/// The Latin letter that a Cyrillic or Greek one looks like.
pub fn lookalike(c: char) -> Option<char> {
    const PAIRS: &[(char, char)] = &[
        ('а', 'a'),
        ('е', 'e'),
        ('о', 'o'),
        ('р', 'p'),
        ('с', 'c'),
        ('у', 'y'),
        ('х', 'x'),
        ('і', 'i'),
        ('ј', 'j'),
        ('ѕ', 's'),
        ('А', 'A'),
        ('В', 'B'),
        ('Е', 'E'),
        ('К', 'K'),
        ('М', 'M'),
        ('Н', 'H'),
        ('О', 'O'),
        ('Р', 'P'),
        ('С', 'C'),
        ('Т', 'T'),
        ('Х', 'X'),
        ('І', 'I'),
        ('Ј', 'J'),
        ('Ѕ', 'S'),
        ('ο', 'o'),
        ('ν', 'v'),
        ('Α', 'A'),
        ('Β', 'B'),
        ('Ε', 'E'),
        ('Ζ', 'Z'),
        ('Η', 'H'),
        ('Ι', 'I'),
        ('Κ', 'K'),
        ('Μ', 'M'),
        ('Ν', 'N'),
        ('Ο', 'O'),
        ('Ρ', 'P'),
        ('Τ', 'T'),
        ('Υ', 'Y'),
        ('Χ', 'X'),
    ];
    PAIRS.iter().find(|(other, _)| *other == c).map(|(_, latin)| *latin)
}
