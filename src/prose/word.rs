//! Words, as rules about words see them.

use std::ops::Range;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Whether a word may hold this character: letters, digits and the marks that combine with them.
pub fn is_word_char(c: char) -> bool {
    match c {
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        // The block General Punctuation, of which there is more than of letters in an English text.
        '\u{2000}'..='\u{206F}' => false,
        _ => c.is_alphanumeric() || c.general_category_group() == GeneralCategoryGroup::Mark,
    }
}

/// The same with its first letter in capitals.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
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
    /// Where the block begins that comes next.
    next_block: usize,
    /// A bit for each place in this block where a part begins or ends, those behind us excepted.
    borders: u64,
    /// Whether the last byte of this block is a part's.
    goes_on: bool,
}

const BLOCK: usize = 64;

impl<'t> Parts<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, next_block: 0, borders: 0, goes_on: false }
    }

    /// Where a part begins or ends next. The end of the text is none.
    #[inline]
    fn next_border(&mut self) -> Option<usize> {
        while self.borders == 0 {
            if self.next_block >= self.text.len() {
                return None;
            }
            self.look_at_next_block();
        }
        let at = self.next_block - BLOCK + self.borders.trailing_zeros() as usize;
        self.borders &= self.borders - 1;
        Some(at)
    }

    fn look_at_next_block(&mut self) {
        let at = self.next_block;
        let rest = &self.text.as_bytes()[at..];
        let (plain, wide) = if let Some((block, _)) = rest.split_first_chunk::<BLOCK>() {
            masks(block)
        } else {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            masks(&block)
        };
        let inside = if wide == 0 { plain } else { plain | self.wide_letters(at, wide) };
        self.borders = inside ^ (inside << 1 | u64::from(self.goes_on));
        self.goes_on = inside >> (BLOCK - 1) == 1;
        self.next_block = at + BLOCK;
    }

    /// A bit for each byte of the characters in the block at `block` that are not ASCII and a word's, given a bit for each that is not ASCII.
    fn wide_letters(&self, block: usize, mut wide: u64) -> u64 {
        let mut letters = 0;
        while wide != 0 {
            let first = block + wide.trailing_zeros() as usize;
            // A character may begin in the block before this one, and end in the next.
            let start = (first.saturating_sub(3)..=first).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(first);
            let c = self.text[start..].chars().next().unwrap_or('\0');
            let end = (start + c.len_utf8() - block).min(BLOCK);
            let bytes = (u64::MAX >> (BLOCK - end)) & (u64::MAX << (first - block));
            letters |= if is_word_char(c) { bytes } else { 0 };
            wide &= !bytes;
        }
        letters
    }
}

impl Iterator for Parts<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.next_border()?;
        let end = self.next_border().unwrap_or(self.text.len());
        Some(start..end)
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
    let mut parts = parts(text);
    std::iter::from_fn(move || {
        let Range { start, mut end } = parts.next()?;
        while may_join(text, end)
            && let Some(joint) = joint(&text[end..])
        {
            // A joint ends where a part begins.
            end = parts.next().map_or(end + joint, |next| next.end);
        }
        Some(start..end)
    })
}

/// Whether a joiner may begin at this byte. Nearly all words end before a space or a stop.
fn may_join(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(|byte| !byte.is_ascii() || matches!(byte, b'\'' | b'-'))
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
