//! Words, as rules about words see them.

use std::ops::Range;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Whether a word may hold this character: letters, digits and the marks that combine with them.
pub fn is_word_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || c.general_category_group() == GeneralCategoryGroup::Mark }
}

/// Whether this character joins two halves of a word: an apostrophe or a hyphen.
pub fn is_joiner(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Whether this is an apostrophe, typed or typographic.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// The first part of a word at or after the byte `from`: a run of letters, digits and marks.
///
/// A word without apostrophe and hyphen has one part, `will-o'-the-wisp` has four.
pub fn part(text: &str, from: usize) -> Option<Range<usize>> {
    let start = skip(text, from, |is_word_char| !is_word_char);
    (start < text.len()).then(|| start..skip(text, start, |is_word_char| is_word_char))
}

/// The words of a text, in bytes.
///
/// A word is a run of letters, digits and combining marks; an apostrophe or hyphen between
/// two of them belongs to it (`O'Leary`, `will-o'-the-wisp`). Word borders are found this way and
/// not by `\b`, which splits `O'Leary` and knows no marks.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let Range { start, mut end } = part(text, at)?;
        while let Some(joint) = joint(&text[end..]) {
            end = skip(text, end + joint, |is_word_char| is_word_char);
        }
        at = end;
        Some(start..end)
    })
}

/// The first place from `at` on whose character is not of the kind that `wanted` names.
///
/// Goes by bytes, since nearly all of nearly all texts is ASCII.
fn skip(text: &str, mut at: usize, wanted: impl Fn(bool) -> bool) -> usize {
    while let Some(byte) = text.as_bytes().get(at) {
        let (is_word, length) = if byte.is_ascii() {
            (byte.is_ascii_alphanumeric(), 1)
        } else {
            text[at..].chars().next().map_or((false, 1), |c| (is_word_char(c), c.len_utf8()))
        };
        if !wanted(is_word) {
            break;
        }
        at += length;
    }
    at
}

/// The length of what joins a word to the word that follows: an apostrophe, a hyphen, or the two
/// together.
fn joint(rest: &str) -> Option<usize> {
    let mut chars = rest.chars();
    let first = chars.next().filter(|c| is_joiner(*c))?;
    let second = chars.next()?;
    if is_word_char(second) {
        return Some(first.len_utf8());
    }
    let both = is_joiner(second) && is_apostrophe(first) != is_apostrophe(second) && chars.next().is_some_and(is_word_char);
    both.then(|| first.len_utf8() + second.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn a_word_holds_its_apostrophes_and_hyphens() {
        assert_eq!(split("O'Leary's will-o'-the-wisp, said 'he'."), ["O'Leary's", "will-o'-the-wisp", "said", "he"]);
        assert_eq!(split("Hamas’ refusal — don’t"), ["Hamas", "refusal", "don’t"]);
        assert_eq!(split("a--b 'tis"), ["a", "b", "tis"]);
    }

    #[test]
    fn a_part_is_what_joiners_join() {
        let text = "—O'Leary’s";
        assert_eq!(part(text, 0), Some(3..4));
        assert_eq!(part(text, 4), Some(5..10));
        assert_eq!(part(text, 5), Some(5..10), "the search begins at the byte, not after it");
        assert_eq!(part(text, text.len()), None);
    }

    #[test]
    fn combining_marks_belong_to_the_word() {
        assert_eq!(split("Tu\u{308}rk हिन्दी"), ["Tu\u{308}rk", "हिन्दी"]);
    }
}
