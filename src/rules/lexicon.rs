//! The words of English: what is no misspelling, whatever it looks like.
//!
//! A hundred thousand words with their inflections, in the spellings of Britain, North America and Australia, and
//! some names; from the SCOWL lists, as `rules/english/README.md` tells.

use std::borrow::Cow;
use std::sync::LazyLock;

use fst::Set;

use crate::prose::word::is_apostrophe;

type List = LazyLock<Set<&'static [u8]>>;

static WORDS: List = LazyLock::new(|| list(include_bytes!("../../rules/english/words.fst")));
static NAMES: List = LazyLock::new(|| list(include_bytes!("../../rules/english/names.fst")));

fn list(bytes: &'static [u8]) -> Set<&'static [u8]> {
    Set::new(bytes).expect("a test reads the lists that come with emendo")
}

/// Whether this is a word of English in some dialect, in whatever letters: `colour`, `Color`, `COLORS`. One letter is.
pub fn is_word(word: &str) -> bool {
    let word = plain(word);
    word.chars().nth(1).is_none() || WORDS.contains(word.to_lowercase())
}

/// Whether this is a listed name or abbreviation, with the capitals it is written with or with nothing else: `Israel`,
/// `ISRAEL`, `NATO`.
pub fn is_name(word: &str) -> bool {
    let word = plain(word);
    NAMES.contains(&*word) || !word.contains(char::is_lowercase) && NAMES.contains(in_title_case(&word))
}

/// A word without what a possessive adds, and with straight apostrophes.
fn plain(word: &str) -> Cow<'_, str> {
    let base = word.strip_suffix(['s', 'S']).and_then(|base| base.strip_suffix(is_apostrophe));
    let word = base.unwrap_or(word);
    if word.contains('’') { word.replace('’', "'").into() } else { word.into() }
}

fn in_title_case(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().chain(chars.flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_dialects_are_known_in_any_letters() {
        for word in ["colour", "Color", "COLOURS", "organise", "organizing", "don't", "don’t", "house's", "a", "I", "programme"] {
            assert!(is_word(word), "{word}");
        }
        for word in ["recieve", "teh", "isrfael", "Isrfael", "goverment", "Blinken"] {
            assert!(!is_word(word), "{word}");
        }
    }

    #[test]
    fn names_are_known_with_their_capitals() {
        for name in ["Israel", "ISRAEL", "Israel's", "London", "NATO"] {
            assert!(is_name(name), "{name}");
        }
        for word in ["israel", "Isrfael", "Table", "nato"] {
            assert!(!is_name(word), "{word}");
        }
    }
}
