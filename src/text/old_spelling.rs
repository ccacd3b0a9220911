//! Texts from before English spelling was settled.

use std::collections::BTreeSet;

use super::word::parts;

/// Spellings that were right before about 1800 and are nobody's slip today, sorted.
const OLD_SPELLINGS: [&str; 43] = [
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
    "doth",
    "encrease",
    "expence",
    "expences",
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
    "threds",
    "tryed",
    "vertue",
    "yeares",
];

/// So many of them make a text old: one or two may be quoted.
const ENOUGH: usize = 3;

/// Whether a text is spelled as before spelling was settled, so that what looks like a slip may be its author's way.
pub fn is_old_spelling(text: &str) -> bool {
    let mut seen = BTreeSet::new();
    parts(text).any(|at| {
        let word = text[at].to_ascii_lowercase();
        if let Ok(number) = OLD_SPELLINGS.binary_search(&word.as_str()) {
            seen.insert(number);
        }
        seen.len() >= ENOUGH
    })
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
        assert!(!is_old_spelling("It has been shown to the public."));
    }
}
