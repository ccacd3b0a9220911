//! What speaks against a correction out of a list that knows no text.

use std::cmp::Reverse;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::edit::{Edit, RuleNumber};
use crate::prose::has_old_spellings;
use crate::prose::paragraph::paragraphs;
use crate::prose::word::{is_apostrophe, is_joiner, is_word_char, parts, words};
use crate::rules::lexicon::is_word;

/// So many words on each side tell what language a word stands among.
const AROUND: usize = 3;

/// So many bytes are looked at for them, on each side.
const REACH: usize = 100;

/// So many odd words make a crowd, if there is one in so many bytes.
const CROWD: usize = 3;
/// See [`CROWD`].
const ODD_IN: usize = 300;

/// So often in one text a slip is its author's way, a word of a trade, or how somebody talks.
const HABIT: usize = 3;

/// Makes those of the edits ask that would set a word beside itself, which a second run might take for one typed twice. And those
/// whose rules are cautious and whose places give a reason: the word is a part of a compound, or
/// torn, or cut short as in speech (`mornin'`); it has a capital; it stands among words that are not English; it stands there
/// again and again, or odd words follow one another, as where somebody is made fun of; the right word stands beside it; or the
/// text has a word in old spelling.
///
/// They are judged as if all of them were made, so that no edit is made in a second run because others were in the first.
pub fn weigh(text: &str, edits: &mut [Edit<'_>], is_cautious: impl Fn(RuleNumber) -> bool) {
    let (corrected, places) = corrected(text, edits);
    let mut counts: FxHashMap<RuleNumber, usize> = FxHashMap::default();
    for (number, _) in &places {
        *counts.entry(edits[*number].rule).or_default() += 1;
    }
    for (number, place) in &places {
        edits[*number].is_guess |= makes_double(&corrected, place);
    }
    if !places.iter().any(|(number, _)| is_cautious(edits[*number].rule)) {
        return;
    }
    let is_old = has_old_spellings(text, 1);
    let crowded = crowded(&corrected, places.iter().filter(|(number, _)| is_cautious(edits[*number].rule)).map(|(_, place)| place));
    for (number, place) in places {
        let edit = &mut edits[number];
        if is_cautious(edit.rule) && !edit.is_guess {
            let has_capital = text[edit.at.range()].contains(char::is_uppercase);
            edit.is_guess = is_old
                || has_capital
                || counts[&edit.rule] >= HABIT
                || crowded.iter().any(|paragraph| paragraph.contains(&place.start))
                || is_joined(&corrected, &place)
                || is_beside_itself(&corrected, &place)
                || !is_among_words(&corrected, &place);
        }
    }
}

/// The text with the edits made that would win, with the number of each of these and its place in that text.
fn corrected(text: &str, edits: &[Edit<'_>]) -> (String, Vec<(usize, Range<usize>)>) {
    let mut order: Vec<usize> = (0..edits.len()).collect();
    order.sort_by_key(|number| (edits[*number].at.start, Reverse(edits[*number].at.end), edits[*number].rule.0));
    let (mut corrected, mut places, mut done) = (String::with_capacity(text.len()), Vec::new(), 0);
    for number in order {
        let edit = &edits[number];
        if edit.at.start < done {
            continue;
        }
        corrected.push_str(&text[done..edit.at.start]);
        let start = corrected.len();
        corrected.push_str(&edit.with);
        places.push((number, start..corrected.len()));
        done = edit.at.end;
    }
    corrected.push_str(&text[done..]);
    (corrected, places)
}

/// The paragraphs with one of these places in which odd words follow one another: these, and others that nobody knows.
fn crowded<'p>(text: &str, places: impl Iterator<Item = &'p Range<usize>>) -> Vec<Range<usize>> {
    let starts: Vec<usize> = places.map(|place| place.start).collect();
    let is_crowded = |paragraph: &Range<usize>| {
        let slips = starts.iter().filter(|start| paragraph.contains(start)).count();
        let within = &text[paragraph.clone()];
        let unknown = || words(within).map(|word| &within[word]).filter(|word| is_plain(word) && !is_known(word)).count();
        let odd = if slips > 0 { slips + unknown() } else { 0 };
        odd >= CROWD && odd * ODD_IN >= paragraph.len()
    };
    paragraphs(text).filter(is_crowded).collect()
}

/// Whether anything but a possessive is joined to the word.
fn is_joined(text: &str, at: &Range<usize>) -> bool {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let possessive = after.strip_prefix(is_apostrophe).and_then(|rest| rest.strip_prefix(['s', 'S']));
    let is_possessive = possessive.is_some_and(|rest| !rest.starts_with(is_word_char));
    before.ends_with(is_joiner) || after.starts_with(is_joiner) && !is_possessive
}

/// Whether two of three words around are English words. Names tell nothing.
fn is_among_words(text: &str, at: &Range<usize>) -> bool {
    let from = begin_of_reach(text, at);
    let to = (at.end..=text.len().min(at.end + REACH)).rev().find(|to| text.is_char_boundary(*to)).unwrap_or(at.end);
    // The first and the last may be cut.
    let before = text[from..at.start].find(char::is_whitespace).filter(|_| from > 0).map_or(from, |blank| from + blank);
    let after = text[at.end..to].rfind(char::is_whitespace).filter(|_| to < text.len()).map_or(to, |blank| at.end + blank);
    let (before, after) = (&text[before..at.start], &text[at.end..after]);
    let left: Vec<&str> = words(before).map(|word| &before[word]).filter(|word| is_plain(word)).collect();
    let left = &left[left.len() - left.len().min(AROUND)..];
    let right = words(after).map(|word| &after[word]).filter(|word| is_plain(word)).take(AROUND);
    let (mut known, mut all) = (0, 0);
    for word in left.iter().copied().chain(right) {
        all += 1;
        known += usize::from(is_known(word));
    }
    all >= 2 && known * 3 >= all * 2
}

/// Where to begin to look at what stands before a place.
fn begin_of_reach(text: &str, at: &Range<usize>) -> usize {
    (at.start.saturating_sub(REACH)..=at.start).find(|from| text.is_char_boundary(*from)).unwrap_or(at.start)
}

/// Whether a word is no name: those tell nothing.
fn is_plain(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && !word.contains(char::is_numeric)
}

fn is_known(word: &str) -> bool {
    is_word(word) || word.contains(is_joiner) && parts(word).all(|part| is_word(&word[part]))
}

/// Whether the word stands there twice, with one space between: `the the`, `The the`, but not `the The Hague`.
fn makes_double(text: &str, at: &Range<usize>) -> bool {
    let word = &text[at.clone()];
    let is_double = |first: &str, second: &str| {
        first == second || second.starts_with(char::is_lowercase) && first.to_lowercase() == second.to_lowercase()
    };
    let before = text[begin_of_reach(text, at)..at.start].strip_suffix(' ');
    let last = before.map_or("", |before| &before[before.trim_end_matches(is_word_char).len()..]);
    let after = text[at.end..].strip_prefix(' ');
    let next = after.map_or("", |after| &after[..after.len() - after.trim_start_matches(is_word_char).len()]);
    is_double(last, word) || is_double(word, next)
}

/// Whether the word stands there once more beside it, as in a list of what is wrong and right.
fn is_beside_itself(text: &str, at: &Range<usize>) -> bool {
    let word = &text[at.clone()];
    let before = &text[begin_of_reach(text, at)..at.start];
    words(before).last().is_some_and(|last| before[last] == *word)
        || words(&text[at.end..]).next().is_some_and(|next| text[at.end..][next] == *word)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::edit::Span;

    /// Whether a correction of that word asks, where `with` is what each of these words becomes.
    fn doubtful(text: &str, word: &str, with: &[(&str, &'static str)]) -> bool {
        let edits = with.iter().zip(0..).flat_map(|((wrong, right), rule)| {
            let edit = move |at: usize| Edit::replace(RuleNumber(rule), Span::new(at, at + wrong.len()), *right);
            text.match_indices(wrong).map(move |(at, _)| edit(at))
        });
        let mut edits: Vec<_> = edits.collect();
        weigh(text, &mut edits, |_| true);
        edits.iter().find(|edit| text[edit.at.range()] == *word).expect("the text has the word").is_guess
    }

    const RECEIVE: &[(&str, &str)] = &[("recieve", "receive")];

    #[test]
    fn a_slip_in_plain_english_is_none_to_ask_about() {
        for text in ["We recieve the report.", "to recieve’s end", "“I recieve it,” said Blinken.", "had to recieve it\n\nNibh"] {
            assert!(!doubtful(text, "recieve", RECEIVE), "{text}");
        }
    }

    #[test]
    fn parts_of_words_ask() {
        for text in ["a self-recieve house", "we recieve-d it", "we recieve' it", "they 'recieve it", "we will recieve-\nd it"] {
            assert!(doubtful(text, "recieve", RECEIVE), "{text}");
        }
        assert!(doubtful("Then Recieve it again.", "Recieve", &[("Recieve", "Receive")]));
    }

    #[test]
    fn another_language_around_asks() {
        for text in ["Verborum vetus recieve aetas", "tag: recieve", "recieve", "autem recieve Borea et sinensis"] {
            assert!(doubtful(text, "recieve", RECEIVE), "{text}");
        }
    }

    #[test]
    fn other_slips_around_are_taken_for_what_they_become() {
        let with = &[("recieve", "receive"), ("alott", "a lot")];
        assert!(!doubtful("xx recieve alott", "recieve", with));
        assert!(doubtful("xx recieve alott", "recieve", &with[..1]));
    }

    #[test]
    fn one_slip_after_the_other_asks() {
        let with = &[("recieve", "receive"), ("teh", "the"), ("thier", "their")];
        assert!(doubtful("they recieve it in teh house of thier friends", "recieve", with));
        assert!(!doubtful("they recieve it\n\nin teh house\n\nof thier friends", "recieve", with));
        assert!(doubtful("we recieve what he hath here", "recieve", RECEIVE));
    }

    #[test]
    fn what_would_stand_there_twice_asks() {
        let ask = |text: &str, word: &str| {
            let mut edits = vec![Edit::replace(
                RuleNumber(0),
                Span::new(text.find(word).expect("it is there"), text.find(word).expect("it is there") + word.len()),
                "the",
            )];
            weigh(text, &mut edits, |_| false);
            edits[0].is_guess
        };
        assert!(ask("see the teh end", "teh") && ask("see teh the end", "teh") && ask("The teh end", "teh"));
        assert!(!ask("see teh The Hague", "teh") && !ask("lathe teh end", "teh") && !ask("the, teh end", "teh"));
        let with = &[("teh", "the")];
        assert!(doubtful("see teh teh end", "teh", with));
    }

    #[test]
    fn what_an_author_always_writes_asks() {
        assert!(doubtful("We recieve it, they recieve it, you recieve it.", "recieve", RECEIVE));
        assert!(!doubtful("We recieve it, they recieve it, you receive it.", "recieve", RECEIVE));
    }
}
