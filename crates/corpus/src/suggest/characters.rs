//! Characters and marks that are seldom what somebody meant.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::occurrence::{CleanedSpot, Occurrences};

/// A way of typing a quotation mark that is none.
#[derive(Debug)]
pub struct Stray {
    /// The id of the rule.
    pub id: &'static str,
    /// What a rule finds.
    pub find: &'static str,
    /// What becomes of it.
    pub becomes: &'static str,
    /// The sentence that a reviewer reads.
    pub why: &'static str,
    /// Whether it may be what somebody meant.
    pub is_doubtful: bool,
    /// What has to stand twice in a line, once to open and once to close, if it is what it looks like.
    pub pair: Option<&'static str>,
}

/// What remains to be looked for once the chain has put right what is certain.
pub const STRAYS: &[Stray] = &[
    Stray {
        id: "two-apostrophes-open",
        find: r"(^|[ \t(\[])''(\p{L}{2})",
        becomes: r#"${1}"${2}"#,
        why: "Two apostrophes typed for a quotation mark.",
        is_doubtful: false,
        pair: Some("''"),
    },
    Stray {
        id: "two-apostrophes-close",
        find: r"(\p{L}{2}|[.,!?])''([ \t.,;:!?)\]]|$)",
        becomes: r#"${1}"${2}"#,
        why: "Two apostrophes typed for a quotation mark.",
        is_doubtful: false,
        pair: Some("''"),
    },
    Stray {
        id: "two-marks-open",
        find: r#"(^|[ \t(\[])""(\p{L}{2})"#,
        becomes: r#"${1}"${2}"#,
        why: "A quotation mark typed twice.",
        is_doubtful: false,
        pair: Some("\"\""),
    },
    Stray {
        id: "two-marks-close",
        find: r#"(\p{L}{2}|[.,!?])""([ \t.,;:!?)\]]|$)"#,
        becomes: r#"${1}"${2}"#,
        why: "A quotation mark typed twice.",
        is_doubtful: true,
        pair: Some("\"\""),
    },
    Stray {
        id: "acute-as-apostrophe",
        find: r"(\p{L})´(\p{L})",
        becomes: "${1}'${2}",
        why: "An acute accent typed as an apostrophe.",
        is_doubtful: false,
        pair: None,
    },
    Stray {
        id: "acute-open",
        find: r"(^|[ \t(\[])´(\p{L})",
        becomes: "${1}'${2}",
        why: "An acute accent typed as a quotation mark.",
        is_doubtful: true,
        pair: Some("´"),
    },
    Stray {
        id: "acute-close",
        find: r"(\p{L}{2}|[.,!?])´([ \t.,;:!?)\]]|$)",
        becomes: "${1}'${2}",
        why: "An acute accent typed as a quotation mark.",
        is_doubtful: true,
        pair: Some("´"),
    },
    Stray {
        id: "two-backticks",
        find: r"(^|[ \t(\[])``(\p{L})",
        becomes: r#"${1}"${2}"#,
        why: "Two grave accents typed for a quotation mark.",
        is_doubtful: false,
        pair: None,
    },
    Stray {
        id: "primes-as-marks",
        find: r"(^|[ \t(\[])[″‶](\p{L})",
        becomes: r#"${1}"${2}"#,
        why: "A double prime typed for a quotation mark.",
        is_doubtful: true,
        pair: None,
    },
];

static FOUND: LazyLock<Vec<Regex>> =
    LazyLock::new(|| STRAYS.iter().map(|stray| Regex::new(&format!("(?m){}", stray.find)).expect("a test reads them")).collect());

/// Two low commas before a word, which no pass may turn into a mark.
static LOW: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)(?:^|[\s(\[]),,\p{L}").expect("a test reads it"));

/// The strange characters and marks of a corpus.
#[derive(Clone, Debug, Default)]
pub struct Characters {
    strays: BTreeMap<usize, Occurrences>,
    /// How often those that come in pairs stand alone.
    unpaired: BTreeMap<usize, u64>,
    low: Occurrences,
    unusual: BTreeMap<char, Occurrences>,
}

impl Characters {
    /// Counts those of a text. `spot` tells where a byte of it is.
    pub fn read(&mut self, text: &str, spot: impl Fn(usize) -> Option<CleanedSpot>) {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            if may_hold_strays(line) {
                for (number, found) in FOUND.iter().enumerate() {
                    if STRAYS[number].pair.is_some_and(|pair| line.matches(pair).count() < 2) {
                        *self.unpaired.entry(number).or_default() += found.find_iter(line).count() as u64;
                        continue;
                    }
                    for spot in found.find_iter(line).filter_map(|found| spot(at + found.start())) {
                        self.strays.entry(number).or_default().note(spot);
                    }
                }
            }
            if line.contains(",,") {
                LOW.find_iter(line).filter_map(|found| spot(at + found.start())).for_each(|spot| self.low.note(spot));
            }
        }
        if !text.is_ascii() || text.contains(|c: char| c.is_ascii_control() && !c.is_whitespace()) {
            for (at, c) in text.char_indices().filter(|(at, c)| is_unusual(*c) && is_out_of_place(text, *at, *c)) {
                if let Some(spot) = spot(at) {
                    self.unusual.entry(c).or_default().note(spot);
                }
            }
        }
    }

    /// Adds what was counted in other documents.
    pub fn add(&mut self, other: &Self) {
        other.strays.iter().for_each(|(number, more)| self.strays.entry(*number).or_default().add(more));
        other.unusual.iter().for_each(|(c, more)| self.unusual.entry(*c).or_default().add(more));
        other.unpaired.iter().for_each(|(number, more)| *self.unpaired.entry(*number).or_default() += more);
        self.low.add(&other.low);
    }

    /// The stray marks; those that are something else where they stand alone too often are left out.
    pub fn strays(&self) -> impl Iterator<Item = (&'static Stray, &Occurrences)> {
        let is_clear = |(number, seen): &(&usize, &Occurrences)| 4 * self.unpaired.get(number).copied().unwrap_or_default() <= seen.count;
        self.strays.iter().filter(is_clear).map(|(number, seen)| (&STRAYS[*number], seen))
    }

    /// Two commas typed for a low mark.
    pub fn low(&self) -> &Occurrences {
        &self.low
    }

    /// The unusual characters.
    pub fn unusual(&self) -> impl Iterator<Item = (char, &Occurrences)> {
        self.unusual.iter().map(|(c, seen)| (*c, seen))
    }
}

/// Whether a line may hold marks that are none, and neither code nor formulas.
fn may_hold_strays(line: &str) -> bool {
    let has = line.contains(['´', '″', '‶']) || ["''", "\"\"", "``"].into_iter().any(|marks| line.contains(marks));
    has && !line.contains(['\\', '$', '{', '=', '<'])
        && !line.contains("```")
        && line.matches("``").count() < 2
        && line.matches('`').count() < 3
}

/// Whether a blank or an invisible character parts a word in Latin letters, where neither typography nor another
/// script asks for it.
fn is_out_of_place(text: &str, at: usize, c: char) -> bool {
    if !matches!(c.general_category(), GeneralCategory::Format | GeneralCategory::SpaceSeparator) {
        return true;
    }
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && c < '\u{250}');
    is_latin(text[..at].chars().next_back()) && is_latin(text[at + c.len_utf8()..].chars().next())
}

/// Private and unassigned characters, invisible ones, blanks that are none of the usual two.
fn is_unusual(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !c.is_ascii_whitespace();
    }
    match c.general_category() {
        GeneralCategory::PrivateUse | GeneralCategory::Unassigned | GeneralCategory::Control | GeneralCategory::Format => true,
        GeneralCategory::SpaceSeparator => c != '\u{A0}',
        _ => c == '\u{FFFD}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Vec<&'static str>, u64, Vec<char>) {
        let mut characters = Characters::default();
        characters.read(text, |at| Some(CleanedSpot { source: 0, document: 0, at: u32::try_from(at).expect("small") }));
        let strays = characters.strays().map(|(stray, _)| stray.id).collect();
        (strays, characters.low().count, characters.unusual().map(|(c, _)| c).collect())
    }

    #[test]
    fn every_stray_mark_is_found() {
        assert_eq!(of("He said ''no'' to it.").0, ["two-apostrophes-open", "two-apostrophes-close"]);
        assert_eq!(of("He said \"\"no\"\", then.").0, ["two-marks-open", "two-marks-close"]);
        assert_eq!(of("He don´t know").0, ["acute-as-apostrophe"]);
        assert_eq!(of("He said ``no").0, ["two-backticks"]);
        assert_eq!(of("He said ,,no").1, 1);
        assert_eq!(of("one, two; a 5'' nail, \"no\", ''").0, [""; 0]);
    }

    #[test]
    fn characters_that_nobody_types_are_unusual() {
        assert_eq!(of("a\u{E000}b\u{2009}c\u{AD}d é “x” …\u{A0}y").2, ['\u{AD}', '\u{2009}', '\u{E000}']);
    }
}
