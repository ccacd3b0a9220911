//! Words and phrases found by token: what `typos` and `names` share.
//!
//! A search reads the text once, word part by word part, and looks each up in a hash table; it takes
//! the same time for ten phrases and for a million.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};
use unicode_normalization::UnicodeNormalization;

use crate::prose::line;
use crate::prose::word::{is_apostrophe, is_joiner, is_word_char, part, parts};
use crate::rules::Style;

/// What may stand between two words of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// One ordinary space.
    Blank,
    /// White space of any length with one line end at most.
    WhiteSpace,
}

/// Phrases, each with a number that means something to its owner.
///
/// They are found in any case, with either apostrophe and any hyphen; whether the match will do is
/// for the owner to say. Texts are taken to be in NFC.
#[derive(Debug)]
pub struct Phrases {
    gaps: Gaps,
    /// What phrases look like that begin with this byte, of the 32 that are told apart.
    shapes: Box<[Shape; BYTES]>,
    /// By the hash of the first word parts of a phrase, and of the gaps between them.
    prefixes: FxHashMap<u64, Prefix>,
    entries: Vec<Entry>,
}

/// What phrases look like whose first word part begins with the same ASCII letter or digit, in either case.
///
/// Two questions, each answered from a few bytes, turn away all but one word in a hundred or so; hashing each took a tenth of
/// a run's time with a thousand phrases.
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// For each second byte of the word part, a bit for each length that it has in a phrase of its own.
    whole: [u32; BYTES],
    /// The same for a word part with which a longer phrase begins.
    begun: [u32; BYTES],
    /// For each length of a word part, a bit for each byte with which it ends.
    lasts: [u32; LENGTHS],
    /// A bit for each letter with which the second word part of a phrase begins; all if it begins with anything else.
    seconds: u32,
}

/// Bytes are told apart by so many of their values: a letter is the same in either case, and some are taken for others.
const BYTES: usize = 32;

/// Longer word parts are taken for as long as this, in bytes.
const LENGTHS: usize = 20;

impl Shape {
    const NONE: Self = Self { whole: [0; BYTES], begun: [0; BYTES], lasts: [0; LENGTHS], seconds: 0 };

    fn add(&mut self, part: &str, next: Option<&str>) {
        let lengths = if next.is_none() { &mut self.whole } else { &mut self.begun };
        if part.is_ascii() {
            let word = Word::of(part.as_bytes());
            lengths[word.second] |= 1 << word.length;
            self.lasts[word.length] |= 1 << word.last;
        } else {
            // In another case it may have another length, and other bytes.
            *lengths = [u32::MAX; BYTES];
            self.lasts = [u32::MAX; LENGTHS];
        }
        if let Some(next) = next {
            self.seconds |= letter_bit(next.as_bytes()[0]).unwrap_or(u32::MAX);
        }
    }

    /// Whether a phrase may begin with this word part. `behind` is the byte after the one that follows it.
    fn fits(&self, part: &[u8], behind: Option<&u8>) -> bool {
        let word = Word::of(part);
        let goes_on = || behind.and_then(|byte| letter_bit(*byte)).is_none_or(|letter| self.seconds & letter != 0);
        let is_whole = self.whole[word.second] >> word.length & 1 != 0;
        let may_begin = is_whole || self.begun[word.second] >> word.length & 1 != 0 && goes_on();
        may_begin && self.lasts[word.length] >> word.last & 1 != 0
    }
}

/// What is looked at of a word part.
struct Word {
    second: usize,
    last: usize,
    length: usize,
}

impl Word {
    fn of(part: &[u8]) -> Self {
        let kind = |byte: Option<&u8>| usize::from(byte.copied().unwrap_or_default()) % BYTES;
        Self { second: kind(part.get(1)), last: kind(part.last()), length: part.len().min(LENGTHS - 1) }
    }
}

fn letter_bit(byte: u8) -> Option<u32> {
    byte.is_ascii_alphabetic().then(|| 1 << (byte.to_ascii_lowercase() - b'a'))
}

/// What is known of all phrases that begin with the same word parts.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    /// The last entry that ends here.
    entry: Option<u32>,
    /// Whether some phrase goes on.
    goes_on: bool,
}

#[derive(Debug)]
struct Entry {
    phrase: Box<str>,
    number: u32,
    /// Another entry of the same hash.
    next: Option<u32>,
}

impl Phrases {
    /// No phrases yet.
    pub fn new(gaps: Gaps) -> Self {
        Self { gaps, shapes: Box::new([Shape::NONE; BYTES]), prefixes: FxHashMap::default(), entries: Vec::new() }
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// Adds a phrase. One that does not begin and end with a letter or digit is never found.
    #[expect(clippy::missing_panics_doc, reason = "no memory holds so many phrases")]
    pub fn insert(&mut self, phrase: &str, number: u32) {
        let phrase: String = phrase.nfc().collect();
        let Some(Range { start, mut end }) = part(&phrase, 0) else { return };
        let mut hasher = FxHasher::default();
        hash(&phrase[start..end], &mut hasher);
        let mut prefix = hasher.finish();
        let mut next = self.next_part(&phrase, end, &mut hasher);
        let first = phrase.as_bytes()[start];
        if first.is_ascii() {
            self.shapes[usize::from(first) % BYTES].add(&phrase[start..end], next.clone().map(|second| &phrase[second]));
        }
        while let Some(part) = next {
            self.prefixes.entry(prefix).or_default().goes_on = true;
            prefix = hasher.finish();
            end = part.end;
            next = self.next_part(&phrase, end, &mut hasher);
        }
        if start > 0 || end < phrase.len() {
            return;
        }
        let entry = u32::try_from(self.entries.len()).expect("phrases are counted in 32 bits");
        let next = self.prefixes.entry(prefix).or_default().entry.replace(entry);
        self.entries.push(Entry { phrase: phrase.into(), number, next });
    }

    /// Tells of every place where a phrase stands, in the order of their starts; they may overlap,
    /// and may be part of a longer word on either side of a joiner.
    pub fn find(&self, text: &str, mut found: impl FnMut(Range<usize>, u32)) {
        if self.prefixes.is_empty() {
            return;
        }
        for first in parts(text) {
            if self.may_begin_at(text, &first) {
                self.find_from(text, first, &mut found);
            }
        }
    }

    /// Whether a phrase may begin with this word part, as far as a few bytes tell.
    #[inline]
    fn may_begin_at(&self, text: &str, part: &Range<usize>) -> bool {
        let text = text.as_bytes();
        let first = text[part.start];
        // Where the gap behind it is longer than one byte, no letter stands behind that.
        !first.is_ascii() || self.shapes[usize::from(first) % BYTES].fits(&text[part.clone()], text.get(part.end + 1))
    }

    fn find_from(&self, text: &str, first: Range<usize>, found: &mut impl FnMut(Range<usize>, u32)) {
        let mut hasher = FxHasher::default();
        hash(&text[first.clone()], &mut hasher);
        let Range { start, mut end } = first;
        while let Some(prefix) = self.prefixes.get(&hasher.finish()) {
            let mut candidate = prefix.entry;
            while let Some(entry) = candidate.map(|entry| &self.entries[entry as usize]) {
                if same_but_case(&entry.phrase, &text[start..end]) {
                    found(start..end, entry.number);
                }
                candidate = entry.next;
            }
            if !prefix.goes_on {
                break;
            }
            match self.next_part(text, end, &mut hasher) {
                Some(next) => end = next.end,
                None => break,
            }
        }
    }

    /// The word part after the gap at `at`, if a phrase may have such a gap; both are hashed.
    fn next_part(&self, text: &str, at: usize, hasher: &mut FxHasher) -> Option<Range<usize>> {
        let (mut line_ends, mut last) = (0, '\0');
        for (offset, c) in text[at..].char_indices() {
            if is_word_char(c) {
                let next = part(text, at + offset)?;
                hash(&text[next.clone()], hasher);
                return Some(next);
            }
            let any = self.gaps == Gaps::WhiteSpace;
            let folded = match plain(c) {
                c @ (' ' | '\'' | '-' | '.' | '&') => c,
                c if any && is_gap(c) => ' ',
                _ => return None,
            };
            line_ends += u32::from(line::is_ascii_end(c)) - u32::from(c == '\n' && last == '\r');
            if line_ends > 1 {
                return None;
            }
            if !(any && folded == ' ' && is_gap(last)) {
                hasher.write_u32(folded.into());
            }
            last = c;
        }
        None
    }
}

/// Whether this may stand in the white space between two words of one line or two.
fn is_gap(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn hash(part: &str, hasher: &mut FxHasher) {
    if part.is_ascii() {
        // All of them letters and digits: this bit tells the cases of a letter apart, and digits have it.
        let small = |eight: &[u8]| eight.iter().fold(0, |packed, byte| packed << 8 | u64::from(byte | 0x20));
        part.as_bytes().chunks(8).for_each(|eight| hasher.write_u64(small(eight)));
    } else {
        hash_small_letters(part.chars().flat_map(char::to_lowercase), hasher);
    }
}

/// As for a part that is ASCII: what is not may become so in small letters, as the sign of the kelvin does.
fn hash_small_letters(letters: impl Iterator<Item = char>, hasher: &mut FxHasher) {
    let (mut packed, mut count) = (0, 0);
    for c in letters {
        if c.is_ascii() {
            packed = packed << 8 | u64::from(c);
            count += 1;
        }
        if count == 8 || !c.is_ascii() && count > 0 {
            hasher.write_u64(packed);
            (packed, count) = (0, 0);
        }
        if !c.is_ascii() {
            hasher.write_u32(c.into());
        }
    }
    if count > 0 {
        hasher.write_u64(packed);
    }
}

/// The typed form of an apostrophe or hyphen.
fn plain(c: char) -> char {
    match c {
        c if is_apostrophe(c) => '\'',
        c if is_joiner(c) => '-',
        c => c,
    }
}

/// Whether two phrases are the same but for the kinds of apostrophe, hyphen and white space.
pub fn same(a: &str, b: &str) -> bool {
    same_words(a, b, |a, b| a.chars().map(plain).eq(b.chars().map(plain)))
}

fn same_but_case(a: &str, b: &str) -> bool {
    let folded = |c: char| plain(c).to_lowercase();
    same_words(a, b, |a, b| a == b || a.chars().flat_map(folded).eq(b.chars().flat_map(folded)))
}

fn same_words(a: &str, b: &str, same: impl Fn(&str, &str) -> bool) -> bool {
    let (mut a, mut b) = (a.split_whitespace(), b.split_whitespace());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if same(a, b) => {}
            _ => return false,
        }
    }
}

/// Whether a phrase is written in capitals, as in a headline. A single letter tells nothing.
pub fn is_all_caps(phrase: &str) -> bool {
    !phrase.chars().any(char::is_lowercase) && phrase.chars().filter(|c| c.is_uppercase()).nth(1).is_some()
}

/// The plural of a name, as English forms it. A name in -y keeps it: the Kennedys.
pub fn plural(name: &str) -> String {
    let ending = if name.ends_with(['s', 'x', 'z']) || name.ends_with("ch") || name.ends_with("sh") { "es" } else { "s" };
    format!("{name}{ending}")
}

/// A correction in the run's quote style.
pub fn rendered(right: &str, style: Style) -> String {
    right.nfc().map(|c| if is_apostrophe(c) { style.apostrophe() } else { c }).collect()
}

/// Whether a range begins and ends at borders of letters, digits and underscores.
pub fn is_whole(text: &str, at: &Range<usize>) -> bool {
    let goes_on = |c: char| is_word_char(c) || c == '_';
    !text[..at.start].ends_with(goes_on) && !text[at.end..].starts_with(goes_on)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(gaps: Gaps, phrases: &[&str], text: &str) -> Vec<String> {
        let mut index = Phrases::new(gaps);
        for (number, phrase) in (0..).zip(phrases) {
            index.insert(phrase, number);
        }
        let mut found = Vec::new();
        index.find(text, |at, number| found.push(format!("{number}:{}", &text[at])));
        found
    }

    #[test]
    fn phrases_with_the_same_beginning_are_all_found() {
        let phrases = ["the", "the the", "the the end", "the other"];
        assert_eq!(find(Gaps::Blank, &phrases, "The the other"), ["0:The", "1:The the", "0:the", "3:the other"]);
        assert_eq!(find(Gaps::Blank, &phrases, "the the end"), ["0:the", "1:the the", "2:the the end", "0:the"]);
    }

    #[test]
    fn a_phrase_that_was_added_twice_is_found_twice() {
        assert_eq!(find(Gaps::Blank, &["teh", "Teh"], "TEH"), ["1:TEH", "0:TEH"]);
    }

    #[test]
    fn only_whole_word_parts_are_found() {
        assert_eq!(find(Gaps::Blank, &["teh"], "tehran teh2 e\u{301}teh teh\u{301} _teh"), ["0:teh"]);
        assert_eq!(find(Gaps::Blank, &["do'nt"], "do’nt do nt"), ["0:do’nt"]);
        assert_eq!(find(Gaps::Blank, &["al-Quaida"], "al‑Quaida al Quaida"), ["0:al‑Quaida"]);
    }

    #[test]
    fn the_second_word_may_begin_with_anything() {
        let phrases = ["to été", "a 5", "of ov", "b-c d", "x Ost"];
        let text = "TO ÉTÉ, to eté, A 5, a five, Of OV, of it, B‑C D, b-c-d, x ost";
        assert_eq!(find(Gaps::Blank, &phrases, text), ["0:TO ÉTÉ", "1:A 5", "2:Of OV", "3:B‑C D", "4:x ost"]);
        assert_eq!(find(Gaps::WhiteSpace, &phrases, "of  ov, of\u{a0}ov, of\r\nov"), ["2:of  ov", "2:of\u{a0}ov", "2:of\r\nov"]);
    }

    #[test]
    fn a_gap_of_one_blank_is_nothing_else() {
        assert_eq!(find(Gaps::Blank, &["a b"], "a b|a  b|a\u{a0}b|a\nb|a\tb|a, b"), ["0:a b"]);
    }

    #[test]
    fn a_gap_of_white_space_has_one_line_end_at_most() {
        let text = "a b|a  b|a\u{a0}b|a \r\n b|a\n\nb|a\n \nb|a\r\rb|a\u{2029}b|a-b";
        assert_eq!(find(Gaps::WhiteSpace, &["a b"], text), ["0:a b", "0:a  b", "0:a\u{a0}b", "0:a \r\n b"]);
    }

    #[test]
    fn letters_whose_lower_case_is_longer_are_no_trouble() {
        assert_eq!(find(Gaps::Blank, &["İİİ"], "xİİİ İİİ"), ["0:İİİ"]);
        assert_eq!(find(Gaps::Blank, &["kelvin"], "\u{212a}elvin"), ["0:\u{212a}elvin"]);
    }

    #[test]
    fn decomposed_phrases_are_found_in_composed_text() {
        assert_eq!(find(Gaps::Blank, &["e\u{301}te"], "\u{e9}te"), ["0:\u{e9}te"]);
    }

    #[test]
    fn phrases_that_no_token_can_match_are_never_found() {
        assert_eq!(find(Gaps::Blank, &["", "!", "Jr.", " a", "a  b", "a/b"], "! Jr. a a b a/b"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn the_quick_look_misses_nothing(
            phrases in prop::collection::vec("[a-cA-C1é]{1,4}|[a-c]{18,22}|[a-cé]{1,3} [A-Cé1]{1,2}|[a-c]-[ab]", 0..6),
            text in "([a-cA-CéÉ1]{1,4}|[a-cA-C]{18,22}|[ -]){0,20}",
        ) {
            let mut index = Phrases::new(Gaps::Blank);
            (0..).zip(&phrases).for_each(|(number, phrase)| index.insert(phrase, number));
            let (mut quick, mut plain) = (Vec::new(), Vec::new());
            index.find(&text, |at, number| quick.push((at, number)));
            for first in parts(&text) {
                index.find_from(&text, first, &mut |at, number| plain.push((at, number)));
            }
            prop_assert_eq!(quick, plain);
        }
    }

    #[test]
    fn one_letter_is_not_all_caps() {
        assert!(is_all_caps("OF O'LEARY") && is_all_caps("ISRAEL 2"));
        assert!(!is_all_caps("A") && !is_all_caps("Of") && !is_all_caps("of") && !is_all_caps("平和"));
    }
}
