//! Finds the markers of an enclosed format in a text: whole, damaged, or only mentioned.

use std::collections::HashMap;

use regex::Regex;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The markers of a format, and all that may stand in a text in their place.
///
/// A marker counts as *spelled* if it has three hyphens or more (`F-N-E-N-D.`). Pieces of such a
/// marker are unmistakable, so they are looked for too: a torn one (at least four letters, with a
/// hyphen at the tear: `T-E-X-T-E-N-`), one that lacks one character (`T-E-X-T-E-ND.`), one in
/// another case. Not a word that happens to be spelled like a part of one: `T-E-X-T.`
#[derive(Clone, Debug)]
pub(super) struct MarkerVocabulary {
    /// Every spelling; longer ones first, so that the longest wins.
    pattern: Regex,
    /// Which marker a spelling stands for. The spellings are folded, see [`fold`].
    meanings: HashMap<String, Meaning>,
    /// Whether each spelling has a character between two hyphens. Nearly no other text has, and that is quicker to see
    /// than that the pattern has no match.
    spelled: bool,
}

#[derive(Clone, Copy, Debug)]
struct Meaning {
    marker: usize,
    whole: bool,
}

/// A place where a marker stands, or what is left of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MarkerToken {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The number of the marker; for a piece that fits several, of the first.
    pub marker: usize,
    /// Whether it is the whole marker with white space or an edge of the text on both sides.
    pub whole: bool,
    /// Whether prose goes on after it, so that it may be no more than a mention.
    pub in_prose: bool,
}

impl MarkerToken {
    /// Whether it is a whole start marker: these have the even numbers.
    pub fn is_start(&self) -> bool {
        self.whole && self.marker.is_multiple_of(2)
    }
}

impl MarkerVocabulary {
    /// Compiles the markers, start and end in turns; their places in the list are their numbers.
    ///
    /// # Errors
    /// When the pattern grows beyond the limit of the regex engine.
    pub fn new(markers: &[&str]) -> Result<Self, regex::Error> {
        let mut meanings = HashMap::new();
        for (marker, spelling) in markers.iter().enumerate() {
            meanings.insert(fold(spelling), Meaning { marker, whole: true });
        }
        for (marker, spelling) in markers.iter().enumerate() {
            for piece in damaged(&fold(spelling)) {
                meanings.entry(piece).or_insert(Meaning { marker, whole: false });
            }
        }
        let mut spellings: Vec<&String> = meanings.keys().collect();
        spellings.sort_by_key(|spelling| (std::cmp::Reverse(spelling.len()), *spelling));
        let alternatives: Vec<String> = spellings.into_iter().map(|spelling| tolerant(spelling)).collect();
        let spelled = meanings.keys().all(|spelling| is_spelled(spelling));
        Ok(Self { pattern: Regex::new(&alternatives.join("|"))?, meanings, spelled })
    }

    /// All markers from the byte `from` on, in order, without those in quotation marks or brackets.
    pub fn find(&self, text: &str, from: usize) -> Vec<MarkerToken> {
        let mut tokens = Vec::new();
        if self.spelled && !is_spelled(&text[from..]) {
            return tokens;
        }
        let mut at = from;
        while let Some(found) = self.pattern.find_at(text, at) {
            let before = text[from..found.start()].chars().next_back();
            let mut after = text[found.end()..].chars();
            let meaning = self.meanings[&fold(found.as_str())];
            let token = MarkerToken {
                start: found.start(),
                end: found.end(),
                marker: meaning.marker,
                whole: meaning.whole && is_blank(before) && is_blank(after.clone().next()),
                in_prose: prose_follows(after.as_str()),
            };
            if !meaning.whole && (joins(before) || joins(after.clone().next())) {
                // Part of a longer spelled word; a marker may begin inside what was found.
                at = found.start() + found.as_str().chars().next().map_or(1, char::len_utf8);
                continue;
            }
            at = found.end();
            if !encloses(before) && !encloses(after.next()) {
                tokens.push(token);
            }
        }
        tokens
    }
}

/// Whether a character stands between two hyphens.
fn is_spelled(text: &str) -> bool {
    const FIRST_BYTE_OF_OTHER_HYPHENS: u8 = 0xE2;
    let mut hyphens = memchr::memchr2_iter(b'-', FIRST_BYTE_OF_OTHER_HYPHENS, text.as_bytes());
    hyphens.any(|at| {
        let mut chars = text[at..].chars();
        chars.next().is_some_and(is_hyphen) && chars.next().is_some() && chars.next().is_some_and(is_hyphen)
    })
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// The spelling of a marker that its declaration would use.
fn fold(spelling: &str) -> String {
    let hyphens = spelling.replace(['\u{2010}', '\u{2011}'], "-");
    match hyphens.strip_suffix('.').map(str::trim_end) {
        Some(word) => format!("{word}."),
        None => hyphens,
    }
}

/// The folded spellings of what may be left of a spelled marker; nothing for another marker.
fn damaged(marker: &str) -> Vec<String> {
    const ENOUGH: usize = 4;
    if marker.matches('-').count() < ENOUGH - 1 {
        return Vec::new();
    }
    let letters = |piece: &str| piece.chars().filter(|c| c.is_alphanumeric()).count();
    let mut pieces = vec![marker.to_lowercase()];
    for (at, c) in marker.char_indices() {
        let end = at + c.len_utf8();
        if c == '-' {
            pieces.push(marker[..end].to_owned());
            pieces.push(marker[at..].to_owned());
        }
        pieces.push([&marker[..at], &marker[end..]].concat());
    }
    pieces.retain(|piece| letters(piece) >= ENOUGH && piece != marker);
    pieces
}

/// A pattern for a folded spelling: hyphens of three kinds, and a blank before the final full stop.
fn tolerant(spelling: &str) -> String {
    let (word, stop) = match spelling.strip_suffix('.') {
        Some(word) => (word, r"[ \t\x{A0}]?\."),
        None => (spelling, ""),
    };
    word.chars()
        .map(|c| if c == '-' { r"[-\x{2010}\x{2011}]".to_owned() } else { regex::escape(c.encode_utf8(&mut [0; 4])) })
        .collect::<String>()
        + stop
}

fn is_blank(neighbour: Option<char>) -> bool {
    neighbour.is_none_or(char::is_whitespace)
}

/// Whether a word that begins or ends beside this character goes on.
fn joins(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| c.is_alphanumeric() || is_hyphen(c))
}

/// Whether a marker beside this character is quoted or in brackets.
fn encloses(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| {
        is_quote(c) || matches!(c.general_category(), GeneralCategory::OpenPunctuation | GeneralCategory::ClosePunctuation)
    })
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`') || matches!(c.general_category(), GeneralCategory::InitialPunctuation | GeneralCategory::FinalPunctuation)
}

/// Whether the text goes on in the middle of a sentence: a lower-case letter or closing punctuation.
fn prose_follows(text: &str) -> bool {
    let mut rest = text.trim_start().chars();
    let Some(first) = rest.next() else { return false };
    if is_quote(first) {
        return !rest.next().is_some_and(char::is_alphanumeric);
    }
    first.is_lowercase() || matches!(first, ',' | ';' | ':' | '!' | '?') || first.general_category() == GeneralCategory::ClosePunctuation
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text, and whether as a whole, damaged or perhaps mentioned.
    fn found(text: &str) -> Vec<(&str, &str)> {
        let vocabulary = MarkerVocabulary::new(&["T-E-X-T-S-T-A-R-T.", "T-E-X-T-E-N-D.", "<end>"]).expect("few markers");
        let kind = |token: &MarkerToken| match (token.whole, token.in_prose) {
            (true, false) => "whole",
            (true, true) => "whole in prose",
            (false, false) => "damaged",
            (false, true) => "damaged in prose",
        };
        vocabulary.find(text, 0).iter().map(|token| (&text[token.start..token.end], kind(token))).collect()
    }

    #[test]
    fn a_whole_marker_has_white_space_or_an_edge_on_both_sides() {
        for marker in ["T-E-X-T-E-N-D.", "<end>"] {
            for text in [marker.to_owned(), format!("so.\r\n{marker}\u{A0}"), format!("so. {marker}\tNo")] {
                assert_eq!(found(&text), [(marker, "whole")], "{text}");
            }
            for text in [format!("so.{marker}"), format!("{marker}No")] {
                assert_eq!(found(&text), [(marker, "damaged")], "{text}");
            }
        }
    }

    #[test]
    fn other_hyphens_and_a_blank_before_the_full_stop_are_the_same_marker() {
        for marker in ["T‐E‐X‐T‐E‐N‐D.", "T‑E‑X‑T‑E‑N‑D.", "T-E-X-T-E-N-D .", "T‑E-X-T-E-N-D\u{A0}."] {
            assert_eq!(found(marker), [(marker, "whole")]);
        }
    }

    #[test]
    fn pieces_of_a_spelled_marker_are_damaged_markers() {
        for piece in [
            "T-E-X-T-E-N-",
            "T-E-X-T-",
            "-T-A-R-T.",
            "-E-X-T-E-N-D.",
            "T-E-X-T-E-ND.",
            "T-E-X-T-E-N-D",
            "T-E-X-TS-T-A-R-T.",
            "t-e-x-t-e-n-d.",
        ] {
            assert_eq!(found(&format!("so. {piece} No")), [(piece, "damaged")]);
            assert_eq!(found(piece), [(piece, "damaged")], "at both edges");
        }
    }

    #[test]
    fn spelled_words_are_no_markers() {
        for text in [
            "S-T-R-I-K-E.",
            "T-E-X-T.",
            "S-T-A-R-T.",
            "E-N-D.",
            "-E-N-D.",
            "T-E-X-",
            "R-E-S-P-E-C-T.",
            "T-E-X-T-I-L-E-S",
            "T-E-X-T-ing",
            "end>",
            "<end",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn quoted_and_bracketed_markers_are_mentions() {
        for text in ["\"T-E-X-T-E-N-D.\"", "“T-E-X-T-E-N-D.” No", "(T-E-X-T-E-ND.)", "[T-E-X-T-E-N-D. No", "‘<end>’", "`T-E-X-T-E-N-`"]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn prose_goes_on_with_a_small_letter_or_closing_punctuation() {
        for next in ["is it", ", No", "\n is", ") No", "\" No", "” No"] {
            assert_eq!(found(&format!("T-E-X-T-E-N-D. {next}")), [("T-E-X-T-E-N-D.", "whole in prose")], "{next}");
        }
        for next in ["No", "\"No", "“no", "»no", "12", "(no)", ""] {
            assert_eq!(found(&format!("T-E-X-T-E-N-D. {next}")), [("T-E-X-T-E-N-D.", "whole")], "{next}");
        }
    }

    #[test]
    fn a_marker_that_begins_inside_a_longer_spelled_word_is_found() {
        assert_eq!(found("T-E-X-T-E-X-T-E-N-D."), [("T-E-X-T-E-N-D.", "damaged")]);
        assert_eq!(found("T-E-X-T-E-N-D.T-E-X-T-S-T-A-R-T."), [("T-E-X-T-E-N-D.", "damaged"), ("T-E-X-T-S-T-A-R-T.", "damaged")]);
    }
}
