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
    let start = from + text[from..].find(is_word_char)?;
    let length = text[start..].find(|c| !is_word_char(c)).unwrap_or(text.len() - start);
    Some(start..start + length)
}

/// The parts of words, one after the other.
pub fn parts(text: &str) -> Parts<'_> {
    Parts::new(text)
}

/// See [`parts`].
///
/// Looks at 64 bytes at once: where a word ends cannot be foreseen, and one guess for each byte cost
/// three times as much. Every rule about words reads every text with this.
#[derive(Clone, Debug)]
pub struct Parts<'t> {
    text: &'t str,
    at: usize,
    /// Where the bytes begin that the two masks tell of.
    block: usize,
    /// A bit for each ASCII letter or digit.
    plain: u64,
    /// A bit for each byte that is not ASCII.
    wide: u64,
}

const BLOCK: usize = 64;

impl<'t> Parts<'t> {
    fn new(text: &'t str) -> Self {
        let mut parts = Self { text, at: 0, block: 0, plain: 0, wide: 0 };
        parts.look_at_block(0);
        parts
    }

    fn look_at_block(&mut self, start: usize) {
        let rest = &self.text.as_bytes()[start..];
        (self.block, self.plain, self.wide) = (start, 0, 0);
        if let Some((block, _)) = rest.split_first_chunk::<BLOCK>() {
            (self.plain, self.wide) = masks(block);
        } else {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            (self.plain, self.wide) = masks(&block);
        }
    }

    /// The next part, if it lies wholly in this block and holds nothing but ASCII: nearly all do.
    fn plain_part(&mut self) -> Option<Range<usize>> {
        let done = self.at - self.block;
        let plain = self.plain.checked_shr(u32::try_from(done).ok()?)?;
        let skipped = (plain | self.wide >> done).trailing_zeros();
        let length = (!plain.checked_shr(skipped)?).trailing_zeros();
        let end = done + (skipped + length) as usize;
        if length == 0 || end >= BLOCK || self.wide >> end & 1 == 1 {
            return None;
        }
        self.at = self.block + end;
        Some(self.at - length as usize..self.at)
    }

    /// Goes on to the next byte that one of the masks does (`wanted`) or does not tell of; the end of the text if there is none.
    fn go_to(&mut self, wanted: impl Fn(&Self) -> u64) {
        while self.at < self.text.len() {
            let bits = wanted(self) >> (self.at - self.block);
            if bits != 0 {
                // What lies beyond the end of the text is no word.
                self.at = self.text.len().min(self.at + bits.trailing_zeros() as usize);
                return;
            }
            self.at = self.text.len().min(self.block + BLOCK);
            self.look_at_block(self.at);
        }
    }

    /// Whether the character that begins here is not ASCII.
    fn is_wide(&self) -> bool {
        self.at < self.text.len() && self.wide >> (self.at - self.block) & 1 == 1
    }

    /// Goes past a character that is not ASCII, if it is a word's or if it is none's.
    fn passes(&mut self, in_word: bool) -> bool {
        let Some(c) = self.text[self.at..].chars().next().filter(|c| is_word_char(*c) == in_word) else { return false };
        self.at += c.len_utf8();
        if self.at - self.block >= BLOCK {
            self.look_at_block(self.at);
        }
        true
    }
}

impl Iterator for Parts<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if let Some(plain) = self.plain_part() {
            return Some(plain);
        }
        loop {
            self.go_to(|parts| parts.plain | parts.wide);
            if !(self.is_wide() && self.passes(false)) {
                break;
            }
        }
        let start = self.at;
        loop {
            self.go_to(|parts| !parts.plain);
            if !(self.is_wide() && self.passes(true)) {
                break;
            }
        }
        (start < self.at).then_some(start..self.at)
    }
}

/// A bit for each ASCII letter or digit of a block, and one for each byte that is not ASCII; the first byte has the lowest.
fn masks(block: &[u8; BLOCK]) -> (u64, u64) {
    let is_plain = |byte: u8| u8::from((byte | 0x20).wrapping_sub(b'a') < 26) | u8::from(byte.wrapping_sub(b'0') < 10);
    (bits(&block.map(is_plain)), bits(&block.map(|byte| byte >> 7)))
}

/// Bytes that are 0 or 1 as bits side by side.
fn bits(bytes: &[u8; BLOCK]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    // The products of all bits but these eight fall outside the highest byte.
    let together = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | together(eight))
}

/// The words of a text, in bytes.
///
/// A word is a run of letters, digits and combining marks; an apostrophe or hyphen between
/// two of them belongs to it (`O'Leary`, `will-o'-the-wisp`). Word borders are found this way and
/// not by `\b`, which splits `O'Leary` and knows no marks.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut parts = parts(text).peekable();
    std::iter::from_fn(move || {
        let Range { start, mut end } = parts.next()?;
        while let Some(joint) = joint(&text[end..]) {
            // A joint ends where a part begins.
            end = parts.next().map_or(end + joint, |next| next.end);
        }
        Some(start..end)
    })
}

/// The length of what joins a word to the word that follows: an apostrophe, a hyphen, or the two
/// together.
fn joint(rest: &str) -> Option<usize> {
    // Most words end before a space or a stop.
    if rest.bytes().next().is_none_or(|byte| byte.is_ascii() && !is_joiner(byte.into())) {
        return None;
    }
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
    use proptest::prelude::*;

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

    /// Character by character.
    fn plainly(text: &str) -> Vec<Range<usize>> {
        let mut parts: Vec<Range<usize>> = Vec::new();
        for (at, c) in text.char_indices().filter(|(_, c)| is_word_char(*c)) {
            match parts.last_mut().filter(|last| last.end == at) {
                Some(last) => last.end += c.len_utf8(),
                None => parts.push(at..at + c.len_utf8()),
            }
        }
        parts
    }

    #[test]
    fn every_ascii_character_is_of_its_kind_at_every_place_of_a_block() {
        for byte in 0..128_u8 {
            for before in 0..130 {
                let text = format!("{}{}é", " ".repeat(before), char::from(byte));
                assert_eq!(parts(&text).collect::<Vec<_>>(), plainly(&text), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_parts_are_those_that_a_plain_reading_finds(pieces in prop::collection::vec("[a-z]{1,9}|[ .,'’-]|[éßन\u{308}\u{2028}𝄞]|\\PC", 0..80), from in 0..400_usize) {
            let text = pieces.concat();
            prop_assert_eq!(parts(&text).collect::<Vec<_>>(), plainly(&text));
            let from = (from..text.len()).find(|from| text.is_char_boundary(*from)).unwrap_or(text.len());
            let rest = plainly(&text[from..]).first().map(|part| from + part.start..from + part.end);
            prop_assert_eq!(part(&text, from), rest);
        }
    }
}
