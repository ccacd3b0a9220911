//! Texts from before English spelling was settled.

use std::collections::BTreeSet;

use super::word::{is_apostrophe, is_word_char, parts};

/// Spellings and words that were in use before about 1800 and are nobody's slip today, sorted.
const OLD_SPELLINGS: [&str; 49] = [
    "accompt",
    "alledged",
    "antient",
    "antiently",
    "arithmetick",
    "beleeve",
    "chuse",
    "chusing",
    "cloathes",
    "cloaths",
    "compleat",
    "compleatly",
    "dost",
    "doth",
    "encrease",
    "expence",
    "expences",
    "hast",
    "hath",
    "himselfe",
    "intire",
    "intirely",
    "logick",
    "mathematicks",
    "meerly",
    "moneths",
    "musick",
    "neer",
    "oeconomy",
    "onely",
    "perswade",
    "perswaded",
    "physick",
    "publick",
    "publickly",
    "shew",
    "shewed",
    "shewn",
    "shews",
    "surprize",
    "surprized",
    "thee",
    "thou",
    "threds",
    "thy",
    "tryed",
    "unto",
    "vertue",
    "yeares",
];

/// So many of them make a text old: one or two may be quoted.
const ENOUGH: usize = 3;

/// Whether a text is spelled as before spelling was settled, so that what looks like a slip may be its author's way.
pub fn is_old_spelling(text: &str) -> bool {
    has_old_spellings(text, ENOUGH)
}

/// Whether a text has at least so many old spellings.
pub fn has_old_spellings(text: &str, enough: usize) -> bool {
    let mut seen = BTreeSet::new();
    parts(text).any(|at| {
        let word = text[at.clone()].to_ascii_lowercase();
        if OLD_SPELLINGS.binary_search(&word.as_str()).is_ok() || is_cut_past(&word, &text[at.end..]) {
            seen.insert(word);
        }
        seen.len() >= enough
    })
}

/// Whether a word has lost the vowel of its past tense, as in `walk'd`; `they'd` has not.
fn is_cut_past(word: &str, after: &str) -> bool {
    let mut after = after.chars();
    let is_cut = after.next().is_some_and(is_apostrophe) && after.next() == Some('d') && !after.next().is_some_and(is_word_char);
    is_cut
        && word.len() > 3
        && !["that", "there", "these", "they", "this", "those", "what", "where"].contains(&word)
        && !word.ends_with('o')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(OLD_SPELLINGS.is_sorted());
    }

    #[test]
    fn several_old_spellings_make_an_old_text() {
        assert!(is_old_spelling("It hath been shewn to the Publick."));
        assert!(!is_old_spelling("He hath, as the psalm says; he hath."), "the same one, quoted");
        assert!(is_old_spelling("He walk'd and talk’d and look'd."));
        assert!(!is_old_spelling("They'd go; what'd they do; there'd be that'd say who'd."));
        assert!(!is_old_spelling("It has been shown to the public."));
    }
}
