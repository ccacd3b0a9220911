//! What somebody corrected, word by word, and what kind of rule each correction may come from.

use std::ops::Range;

use emendo_core::passes::typos;
use emendo_core::prose::word::{is_apostrophe, is_joiner, is_word_char, words};
use emendo_core::review::{Difference, differences};

/// A correction of more words is a new sentence.
const MOST_WORDS: usize = 4;

/// A place that was corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCorrection {
    /// Where in the old text, in bytes.
    pub at: Range<usize>,
    /// Where in the new one.
    pub with: Range<usize>,
    /// What a rule would find: whole words.
    pub wrong: String,
    /// What it would make of that.
    pub right: String,
    /// Which rule that would be.
    pub kind: CorrectionKind,
}

/// What kind of correction it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CorrectionKind {
    /// A word, for a word.
    Word,
    /// A few words, for a few words.
    Phrase,
    /// A word that stood there twice.
    Doubled,
    /// A mark, for another.
    Mark,
    /// No rule makes such a change, and what it is.
    Other(&'static str),
}

/// Two forms that have less in common are two words, of which one took the place of the other.
const ALIKE: f32 = 0.5;

/// All that was corrected, in order.
pub fn corrections(old: &str, new: &str) -> Vec<FoundCorrection> {
    let mut places: Vec<Difference> = Vec::new();
    for (at, with) in differences(old, new) {
        let is_one_word = |last: &Difference| {
            let is_of_word = ends_in_word(old, new, last) || ends_in_word(old, new, &(at.clone(), with.clone()));
            is_of_word && old[last.0.end..at.start].chars().all(is_part)
        };
        match places.last_mut().filter(|last| is_one_word(last)) {
            Some(last) => (last.0.end, last.1.end) = (at.end, with.end),
            None => places.push((at, with)),
        }
    }
    let start = |number: usize| places.get(number).map_or(old.len(), |(at, _)| at.start);
    let end = |number: usize| number.checked_sub(1).map_or(0, |before| places[before].0.end);
    let all = places.iter().enumerate().map(|(number, place)| correction(old, new, place.clone(), end(number)..start(number + 1)));
    let mut all: Vec<FoundCorrection> = all.collect();
    // Where one word after the other became another one, somebody wrote a new sentence.
    let is_near = |a: &FoundCorrection, b: &FoundCorrection| !old[a.at.end..b.at.start].contains(is_word_char);
    for run in all.chunk_by_mut(is_near).filter(|run| run.len() > 1) {
        for one in run
            .iter_mut()
            .filter(|one| matches!(one.kind, CorrectionKind::Word | CorrectionKind::Phrase) && !are_alike(&one.wrong, &one.right))
        {
            one.kind = CorrectionKind::Other("reworded");
        }
    }
    all
}

/// Whether two forms may be the same word.
pub fn are_alike(wrong: &str, right: &str) -> bool {
    similar::TextDiff::from_chars(&*wrong.to_lowercase(), &*right.to_lowercase()).ratio() >= ALIKE
}

/// A correction at a place. `room` is the place with all round it that is the same.
fn correction(old: &str, new: &str, (at, with): Difference, room: Range<usize>) -> FoundCorrection {
    let (before, after) = (&old[at.clone()], &new[with.clone()]);
    let of = |kind| FoundCorrection { at: at.clone(), with: with.clone(), wrong: before.to_owned(), right: after.to_owned(), kind };
    if before.trim().is_empty() && after.trim().is_empty() && !joins_words(old, &at) {
        return of(CorrectionKind::Other("blanks"));
    }
    if let Some(word) = doubled(old, &at).filter(|_| after.trim().is_empty()) {
        return FoundCorrection { wrong: format!("{word} {word}"), right: word, ..of(CorrectionKind::Doubled) };
    }
    let is_mark = |text: &str| text.chars().all(|c| !is_word_char(c) && !c.is_whitespace());
    if is_mark(before) && is_mark(after) && !joins_words(old, &at) {
        return of(if before.is_empty() || after.is_empty() {
            CorrectionKind::Other("marks added or removed")
        } else {
            CorrectionKind::Mark
        });
    }
    let (wider, wider_with) = whole_words([old, new], &at, &with, &room);
    let (wrong, right) = without_possessive(&old[wider], &new[wider_with]);
    FoundCorrection { wrong: wrong.to_owned(), right: right.to_owned(), ..of(word_kind(wrong, right)) }
}

/// Whether there are letters in a difference, or on both sides of it: a mark before or after a word is none of its letters.
fn ends_in_word(old: &str, new: &str, (at, with): &Difference) -> bool {
    joins_words(old, at) || [&old[at.clone()], &new[with.clone()]].iter().any(|side| side.contains(is_word_char))
}

/// Which rule about words would make the one of the other.
fn word_kind(wrong: &str, right: &str) -> CorrectionKind {
    if wrong.trim().is_empty() || right.trim().is_empty() {
        return CorrectionKind::Other("text added or removed");
    }
    if words(wrong).count().max(words(right).count()) > MOST_WORDS || wrong.contains('\n') || right.contains('\n') {
        return CorrectionKind::Other("reworded");
    }
    if wrong.to_lowercase() == right.to_lowercase() {
        return CorrectionKind::Other("capitals");
    }
    match (typos::fault(wrong).or_else(|| typos::fault(right)), wrong.contains(' ') || right.contains(' ')) {
        (Some(_), _) => CorrectionKind::Other("more than words"),
        (None, true) => CorrectionKind::Phrase,
        (None, false) => CorrectionKind::Word,
    }
}

/// Whether a place stands between two letters, so that it is a part of words.
fn joins_words(text: &str, at: &Range<usize>) -> bool {
    text[..at.start].ends_with(is_word_char) && text[at.end..].starts_with(is_word_char)
}

/// The word that goes, if the same stands beside it.
fn doubled(old: &str, at: &Range<usize>) -> Option<String> {
    let word = old[at.clone()].trim();
    let is_beside = |text: &str, last: bool| {
        let beside = if last { words(text).last() } else { words(text).next() };
        beside.is_some_and(|beside| text[beside].to_lowercase() == word.to_lowercase())
    };
    let is_one = !word.is_empty() && word.chars().all(is_word_char);
    // One ordinary space stands between the two.
    let before = old[..at.start].trim_end_matches(' ');
    let after = old[at.end..].trim_start_matches(' ');
    let near = |length: usize| length <= 1;
    let gap = &old[at.clone()];
    let left = near(at.start - before.len() + (gap.len() - gap.trim_start().len())) && is_beside(tail(before, word.len() + 1), true);
    let right =
        near(old.len() - at.end - after.len() + (gap.len() - gap.trim_end().len())) && is_beside(head(after, word.len() + 1), false);
    (is_one && (left || right)).then(|| word.to_lowercase())
}

/// The last characters of a text, so many or a few more.
fn tail(text: &str, length: usize) -> &str {
    text.char_indices().rev().nth(length).map_or(text, |(at, _)| &text[at..])
}

fn head(text: &str, length: usize) -> &str {
    text.char_indices().nth(length).map_or(text, |(at, _)| &text[..at])
}

fn is_part(c: char) -> bool {
    is_word_char(c) || is_joiner(c)
}

/// The whole words that a difference lies in. Both sides grow alike: what stands round a difference is the same.
fn whole_words([old, new]: [&str; 2], at: &Range<usize>, with: &Range<usize>, room: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let sides = [&old[at.clone()], &new[with.clone()]];
    let is_blank = |edge: fn(&str) -> bool| sides.iter().filter(|side| !side.is_empty()).all(|side| edge(side));
    // What begins with a blank is no part of the word before it.
    let left = if is_blank(|side| side.starts_with(char::is_whitespace)) { "" } else { &old[room.start..at.start] };
    let right = if is_blank(|side| side.ends_with(char::is_whitespace)) { "" } else { &old[at.end..room.end] };
    // A joiner at the edge joins nothing.
    let word = left.len() - left.trim_end_matches(is_part).len();
    let left = left[left.len() - word..].trim_start_matches(is_joiner).len();
    let word = right.len() - right.trim_start_matches(is_part).len();
    let right = right[..word].trim_end_matches(is_joiner).len();
    (at.start - left..at.end + right, with.start - left..with.end + right)
}

/// Both forms without the possessive that they have in common: one row covers it.
fn without_possessive<'t>(wrong: &'t str, right: &'t str) -> (&'t str, &'t str) {
    let base = |form: &'t str| form.strip_suffix(['s', 'S']).and_then(|form| form.strip_suffix(is_apostrophe));
    match (base(wrong), base(right)) {
        (Some(wrong), Some(right)) if !wrong.is_empty() && !right.is_empty() && wrong != right => (wrong, right),
        _ => (wrong, right),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str) -> Vec<(String, String, CorrectionKind)> {
        corrections(old, new).into_iter().map(|one| (one.wrong, one.right, one.kind)).collect()
    }

    fn one(wrong: &str, right: &str, kind: CorrectionKind) -> Vec<(String, String, CorrectionKind)> {
        vec![(wrong.to_owned(), right.to_owned(), kind)]
    }

    #[test]
    fn each_correction_has_its_kind() {
        assert_eq!(told("a goverment fell", "a government fell"), one("goverment", "government", CorrectionKind::Word));
        assert_eq!(told("Isrfael's army", "Israel's army"), one("Isrfael", "Israel", CorrectionKind::Word));
        assert_eq!(told("pro-Isrfael talk", "pro-Israel talk"), one("pro-Isrfael", "pro-Israel", CorrectionKind::Word));
        assert_eq!(told("it is alot of", "it is a lot of"), one("alot", "a lot", CorrectionKind::Phrase));
        assert_eq!(told("a well known man", "a well-known man"), one("well known", "well-known", CorrectionKind::Phrase));
        assert_eq!(told("in the the end", "in the end"), one("the the", "the", CorrectionKind::Doubled));
        assert_eq!(told("The the end", "The end"), one("the the", "the", CorrectionKind::Doubled));
        assert_eq!(told("he said ''no", "he said \"no"), one("''", "\"", CorrectionKind::Mark));
        let marks = told("the ,,old'' way", "the \"old\" way");
        assert_eq!(
            marks.iter().map(|(wrong, _, kind)| (&**wrong, *kind)).collect::<Vec<_>>(),
            [(",,", CorrectionKind::Mark), ("''", CorrectionKind::Mark)]
        );
        assert_eq!(told("an english word", "an English word"), one("english", "English", CorrectionKind::Other("capitals")));
    }

    #[test]
    fn what_is_no_rule_is_named() {
        let kind = |old, new| told(old, new)[0].2;
        assert_eq!(kind("One. Two.", "One.  Two."), CorrectionKind::Other("blanks"));
        assert_eq!(kind("he came", "he came late"), CorrectionKind::Other("text added or removed"));
        assert_eq!(kind("he came late", "he came"), CorrectionKind::Other("text added or removed"));
        assert_eq!(kind("he came", "he came."), CorrectionKind::Other("marks added or removed"));
        assert_eq!(kind("a/b vote", "a/c.d vote"), CorrectionKind::Other("more than words"));
        assert_eq!(kind("a b c d e f", "x\ny"), CorrectionKind::Other("reworded"));
        assert_eq!(kind("This is an old one", "A new text was one"), CorrectionKind::Other("reworded"));
        assert_eq!(kind("teh adn", "the and"), CorrectionKind::Word);
        assert_eq!(kind("in 1o days", "in 10 days"), CorrectionKind::Other("more than words"));
    }

    proptest! {
        /// The places are those of the differences, whatever the texts are.
        #[test]
        fn the_corrections_make_the_new_text(old in "[aé' \n.-]{0,30}", new in "[aé' \n.-]{0,30}") {
            let mut text = old.clone();
            for one in corrections(&old, &new).into_iter().rev() {
                text.replace_range(one.at, &new[one.with]);
            }
            prop_assert_eq!(text, new);
        }
    }
}
