//! How often words stand in the texts of a run.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::word::is_word_char;

/// How often words stand in all texts of a run together: what one text cannot tell of itself.
///
/// Counted are the words that a rule asks about, so that they are no more than the rules; noted are all words, where a
/// pass has to know which there are. Neither depends on the order in which texts are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    words: FxHashMap<Box<str>, WordCount>,
    /// In small letters.
    spellings: FxHashSet<Box<str>>,
}

/// How often a word was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordCount {
    /// As a name stands: with a capital, where nothing else asks for one.
    pub as_name: u64,
    /// In small letters.
    pub small: u64,
    /// With capitals that tell nothing: at the start of a sentence, in a headline.
    pub unclear: u64,
}

impl WordCount {
    /// In any letters.
    pub fn in_all(self) -> u64 {
        self.as_name + self.small + self.unclear
    }
}

impl Vocabulary {
    /// Counts the word that stands at these bytes of the text.
    pub fn count(&mut self, text: &str, at: Range<usize>) {
        let word = &text[at.clone()];
        let seen = self.words.entry(word.to_lowercase().into()).or_default();
        if !word.contains(char::is_uppercase) {
            seen.small += 1;
        } else if stands_as_name(text, &at) {
            seen.as_name += 1;
        } else {
            seen.unclear += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, mut other: Self) {
        for (word, more) in std::mem::take(&mut other.words) {
            let seen = self.words.entry(word).or_default();
            seen.as_name += more.as_name;
            seen.small += more.small;
            seen.unclear += more.unclear;
        }
        if self.spellings.len() < other.spellings.len() {
            std::mem::swap(&mut self.spellings, &mut other.spellings);
        }
        self.spellings.extend(other.spellings);
    }

    /// How often this word was counted, whatever its case.
    pub fn seen(&self, word: &str) -> WordCount {
        self.words.get(&*word.to_lowercase()).copied().unwrap_or_default()
    }

    /// Notes that some text has this word, whatever its case.
    pub fn note_spelling(&mut self, word: &str) {
        let word = word.to_lowercase();
        if !self.spellings.contains(&*word) {
            self.spellings.insert(word.into());
        }
    }

    /// Whether some text has this word, whatever its case.
    pub fn has_spelling(&self, word: &str) -> bool {
        self.spellings.contains(&*word.to_lowercase())
    }
}

/// Whether a word has its capital for its own sake: within a sentence, with a word in small letters beside it.
///
/// Neither the first word of a sentence, a line or a quotation, nor one of a headline in which most words have capitals.
pub fn stands_as_name(text: &str, at: &Range<usize>) -> bool {
    let word = &text[at.clone()];
    let has_capital = word.starts_with(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase);
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let within = before.trim_end_matches(is_gap);
    let goes_on = within.len() < before.len() && within.ends_with(|c: char| is_word_char(c) || matches!(c, ',' | ';'));
    has_capital && goes_on && (begins_small(last_word(within)) || begins_small(after.trim_start_matches(is_gap)))
}

/// A blank that may stand between two words of a line.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\t')
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or_default()
}

fn begins_small(text: &str) -> bool {
    text.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_name(text: &str) -> bool {
        let start = text.find("Ponting").expect("the text has the word");
        stands_as_name(text, &(start..start + "Ponting".len()))
    }

    #[test]
    fn a_capital_inside_a_sentence_is_a_names() {
        for text in ["then Ponting said", "Ricky Ponting said", "said Ponting.", "the captain, Ponting, said", "by  Ponting's side"] {
            assert!(is_name(text), "{text}");
        }
    }

    #[test]
    fn a_capital_that_the_place_asks_for_tells_nothing() {
        for text in [
            "Ponting said",
            "It ended. Ponting said",
            "“Ponting said",
            "it fell:\nPonting said",
            "By Ricky Ponting.",
            "Captain Ponting Of Australia",
        ] {
            assert!(!is_name(text), "{text}");
        }
        assert!(!stands_as_name("the ADN is", &(4..7)), "an abbreviation");
    }

    #[test]
    fn what_is_counted_apart_adds_up() {
        let text = "Ponting and then Ponting was ponting";
        let mut all = Vocabulary::default();
        for at in [0..7, 17..24, 29..36] {
            let mut one = Vocabulary::default();
            one.count(text, at);
            all.add(one);
        }
        assert_eq!(all.seen("PONTING"), WordCount { as_name: 1, small: 1, unclear: 1 });
        let mut noted = Vocabulary::default();
        noted.note_spelling("Government");
        all.add(noted);
        assert!(all.has_spelling("government") && !all.has_spelling("ponting"), "what is counted is not noted");
        assert_eq!(all.seen("pointing").in_all(), 0);
    }
}
