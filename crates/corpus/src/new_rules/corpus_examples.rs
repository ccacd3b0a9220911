//! Examples and keeps that are cut from a corpus: a few words round a place.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use emendo_core::cleaner::CleanedSource;
use emendo_core::edit::{Change, Fate};
use emendo_core::passes::phrases::{Gaps, Phrases};
use emendo_core::prose::is_unseen;
use emendo_core::prose::word::is_word_char;

/// So many words are cut at most.
const WORDS: usize = 8;
/// And so many where more would bring another error with them.
const FEWER: [usize; 3] = [WORDS, 5, 3];
/// So many places of a rule are looked at before it goes without.
const TRIES: usize = 50;
/// And so many where there are thousands of rules.
const FEW_TRIES: usize = 5;

/// Pieces of a corpus that may become examples and keeps of rules.
pub struct CorpusExamples {
    /// Texts in which a rule found something, by its id.
    examples: BTreeMap<Arc<str>, Vec<String>>,
    /// Forms that rules arrive at.
    right: Phrases,
    /// Each of them, and texts in which it stands.
    keeps: Vec<(String, Vec<String>)>,
    /// The numbers of these forms.
    by_form: FxHashMap<String, usize>,
    tries: usize,
}

impl Default for CorpusExamples {
    fn default() -> Self {
        Self::new(std::iter::empty())
    }
}

impl CorpusExamples {
    /// Nothing yet. `right` are the forms that rules arrive at: a text that holds one must stay.
    pub fn new(right: impl Iterator<Item = String>) -> Self {
        let mut cuttings = Self {
            examples: BTreeMap::new(),
            right: Phrases::new(Gaps::Blank),
            keeps: Vec::new(),
            by_form: FxHashMap::default(),
            tries: TRIES,
        };
        for form in right {
            if !cuttings.by_form.contains_key(&form) {
                cuttings.right.insert(&form, u32::try_from(cuttings.keeps.len()).unwrap_or(u32::MAX));
                cuttings.by_form.insert(form.clone(), cuttings.keeps.len());
                cuttings.keeps.push((form, Vec::new()));
            }
        }
        cuttings
    }

    /// The same for so many rules that few places of each are looked at.
    pub fn few(right: impl Iterator<Item = String>) -> Self {
        Self { tries: FEW_TRIES, ..Self::new(right) }
    }

    /// Cuts from a source what the changes of which `is_new` holds found, and where right forms stand.
    pub fn add(&mut self, source: &CleanedSource, is_new: impl Fn(&Change) -> bool) {
        let Some(text) = source.text() else { return };
        let text = &text.text;
        for (at, change) in source.placed() {
            if !matches!(change.fate, Fate::Applied | Fate::Pending) || !is_new(&change) {
                continue;
            }
            let found = self.examples.entry(change.rule.clone()).or_default();
            // Where another pass was first, the source has something else there.
            if found.len() < self.tries && text[at.range()] == *change.before {
                found.extend(pieces(text, at.start, at.end));
                found.extend(lines(text, at.start, at.end));
            }
        }
        let Self { right, keeps, tries, .. } = self;
        right.find(text, |at, number| {
            let Some((form, found)) = keeps.get_mut(number as usize) else { return };
            if found.len() < *tries && text[at.clone()] == **form && is_whole(text, at.start, at.end) {
                found.extend(pieces(text, at.start, at.end));
            }
        });
    }

    /// What was cut for a rule, the first of the corpus first.
    pub fn examples(&self, rule: &str) -> impl Iterator<Item = &str> {
        self.examples.get(rule).into_iter().flatten().map(String::as_str)
    }

    /// What was cut round a right form.
    pub fn keeps(&self, right: &str) -> impl Iterator<Item = &str> {
        let found = self.by_form.get(right).map(|number| &self.keeps[*number].1);
        found.into_iter().flatten().map(String::as_str)
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»' | '(' | ')')
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    !text[..start].ends_with(is_word_char) && !text[end..].starts_with(is_word_char)
}

/// The words round a place, and fewer of them.
pub fn pieces(text: &str, start: usize, end: usize) -> impl Iterator<Item = String> {
    FEWER.into_iter().filter_map(move |most| piece(text, start, end, most))
}

/// A few words of the line round a place; nothing where they cannot stand in a cell, or would be too many.
fn piece(text: &str, start: usize, end: usize, most: usize) -> Option<String> {
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    // The whole of the words that the place stands in.
    let from = text[line_start..start].rfind(char::is_whitespace).map_or(line_start, |at| line_start + at);
    let to = text[end..line_end].find(char::is_whitespace).map_or(line_end, |at| end + at);
    let middle = text[from..to].trim();
    let room = most.checked_sub(middle.split_whitespace().count())?;
    let before: Vec<&str> = text[line_start..from].split_whitespace().rev().collect();
    let after: Vec<&str> = text[to..line_end].split_whitespace().collect();
    // As much on both sides, and what one side lacks the other has.
    let right = after.len().min((room - before.len().min(room / 2)).min(room));
    let left = before.len().min(room - right);
    let words = before[..left].iter().rev().copied().chain([middle]).chain(after[..right].iter().copied());
    let cut = words.collect::<Vec<_>>().join(" ");
    // Half a quotation would be an error of another kind. At the place itself every sign counts.
    let cut = if left > 0 { cut.trim_start_matches(is_mark) } else { &cut };
    let cut = if right > 0 { cut.trim_end_matches(is_mark) } else { cut };
    // One that was put together from other blanks stands nowhere in the corpus.
    (text.contains(cut) && !cut.contains(|c| is_unseen(c) || c == '\n') && !cut.starts_with('#')).then(|| cut.to_owned())
}

/// A place that is whole lines, with a word of the lines round it.
fn lines(text: &str, start: usize, end: usize) -> Option<String> {
    let place = text[start..end].trim_matches('\n');
    let is_lines = (start == 0 || text[..start].ends_with('\n') || text[start..].starts_with('\n'))
        && (end == text.len() || text[..end].ends_with('\n') || text[end..].starts_with('\n'));
    let before = text[..start].split_whitespace().next_back()?;
    let after = text[end..].split_whitespace().next()?;
    let room = place.split_whitespace().count() + 2 <= WORDS;
    let cut = format!("{before}\n{place}\n{after}");
    (is_lines && room && !cut.contains(|c| is_unseen(c) && c != '\n')).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, word: &str) -> Option<String> {
        let start = text.find(word).expect("the text has the word");
        piece(text, start, start + word.len(), WORDS)
    }

    #[test]
    fn eight_words_are_cut_round_a_place() {
        let text = "One two three four five six seven eight nine ten eleven.\nOther line.";
        assert_eq!(cut(text, "six").as_deref(), Some("three four five six seven eight nine ten"));
        assert_eq!(cut(text, "One").as_deref(), Some("One two three four five six seven eight"));
        assert_eq!(cut(text, "eleven").as_deref(), Some("four five six seven eight nine ten eleven."));
        assert_eq!(cut(text, "Other").as_deref(), Some("Other line."));
    }

    #[test]
    fn no_half_of_a_quotation_is_cut() {
        assert_eq!(cut("He said: \"It is so.\"", "is").as_deref(), Some("He said: \"It is so."));
        assert_eq!(cut("\"It is so.\"", "is").as_deref(), Some("It is so."));
        assert_eq!(cut("\"It is so.\"", "\"It").as_deref(), Some("\"It is so."));
    }

    #[test]
    fn what_no_cell_can_hold_is_not_cut() {
        assert_eq!(cut("a  b", "a"), None);
        assert_eq!(cut("a\u{200B} b", "b"), None);
        assert_eq!(cut("1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9"), None);
    }

    #[test]
    fn lines_are_cut_with_a_word_of_their_neighbours() {
        let text = "It was so.\nADVERTISEMENT\nThen it was not.";
        let start = text.find("ADV").expect("it is there");
        assert_eq!(lines(text, start, start + 14).as_deref(), Some("so.\nADVERTISEMENT\nThen"));
        assert_eq!(lines("a b c", 2, 3), None);
    }
}
