//! What a person changed in a text, word by word.

use std::hash::Hash;
use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// A place in the old text and what stands for it in the new one.
pub type Difference = (Range<usize>, Range<usize>);

/// So many steps a comparison may take; the effort is counted, never clocked. Beyond, one line is compared with one line if
/// both texts have as many, as after a replacement everywhere; else all between the first and the last difference is one.
const STEPS: usize = 200_000_000;

/// The places where two texts differ, in order: whole words and blanks. Between them the texts are the same bytes.
pub fn differences(old: &str, new: &str) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    for (before, after) in blocks(old, new, |text| text.split_inclusive('\n').collect()) {
        let words = blocks(&old[before.clone()], &new[after.clone()], |text| text.split_word_bounds().collect());
        for (at, with) in words {
            let at = before.start + at.start..before.start + at.end;
            let with = after.start + with.start..after.start + with.end;
            match found.last_mut().filter(|(last, _)| last.end == at.start) {
                Some((last, last_with)) => (last.end, last_with.end) = (at.end, with.end),
                None => found.push((at, with)),
            }
        }
    }
    found
}

/// The same in units of another size.
fn blocks(old: &str, new: &str, cut: for<'t> fn(&'t str) -> Vec<&'t str>) -> Vec<Difference> {
    let (old_units, new_units) = (cut(old), cut(new));
    let start = old_units.iter().zip(&new_units).take_while(|(a, b)| a == b).count();
    let end = old_units[start..].iter().rev().zip(new_units[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_part, new_part) = (&old_units[start..old_units.len() - end], &new_units[start..new_units.len() - end]);
    let ops = if unshared(old_part, new_part).saturating_mul(old_part.len() + new_part.len()) <= STEPS {
        capture_diff_slices(Algorithm::Myers, old_part, new_part)
    } else if old_part.len() == new_part.len() {
        let pairs = old_part.iter().zip(new_part).enumerate().filter(|(_, (old, new))| old != new);
        pairs.map(|(at, _)| DiffOp::Replace { old_index: at, old_len: 1, new_index: at, new_len: 1 }).collect()
    } else {
        vec![DiffOp::Replace { old_index: 0, old_len: old_part.len(), new_index: 0, new_len: new_part.len() }]
    };
    let (old_ends, new_ends) = (ends(&old_units), ends(&new_units));
    let bytes = |ends: &[usize], range: Range<usize>| ends[start + range.start]..ends[start + range.end];
    let differing = ops.iter().filter(|op| op.tag() != DiffTag::Equal);
    differing.map(|op| (bytes(&old_ends, op.old_range()), bytes(&new_ends, op.new_range()))).collect()
}

/// Where each unit starts, and where the last one ends.
fn ends(units: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let after = units.iter().map(|unit| {
        at += unit.len();
        at
    });
    std::iter::once(0).chain(after).collect()
}

/// How many units stand on one side only: the comparison takes about so many rounds over both.
fn unshared<T: Eq + Hash>(old: &[T], new: &[T]) -> usize {
    let mut counts: FxHashMap<&T, i64> = FxHashMap::default();
    for unit in old {
        *counts.entry(unit).or_default() += 1;
    }
    for unit in new {
        *counts.entry(unit).or_default() -= 1;
    }
    counts.values().map(|count| usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX)).fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told<'t>(old: &'t str, new: &'t str) -> Vec<(&'t str, &'t str)> {
        differences(old, new).into_iter().map(|(at, with)| (&old[at], &new[with])).collect()
    }

    #[test]
    fn whole_words_differ() {
        assert_eq!(told("The gap is wide.", "The gaps are wide."), [("gap", "gaps"), ("is", "are")]);
        assert_eq!(told("One.\nTwo.\nThree.\n", "One.\nThree.\n"), [("Two.\n", "")]);
        assert_eq!(told("", "All new.\n"), [("", "All new.\n")]);
        assert_eq!(told("same", "same"), []);
    }

    #[test]
    fn what_is_too_much_to_compare_is_one_difference() {
        let (old, new) = ("a ".repeat(20_000) + "end", "b ".repeat(20_001) + "end");
        assert_eq!(differences(&old, &new), [(0..39_999, 0..40_001)]);
    }

    #[test]
    fn a_word_that_was_replaced_everywhere_is_a_difference_each_time() {
        let line = |word: &str| format!("One {word} more.\n").repeat(20_000);
        let found = differences(&line("word"), &line("thing"));
        assert_eq!((found.len(), &found[0], &found[1]), (20_000, &(4..8, 4..9), &(19..23, 20..25)));
    }

    proptest! {
        #[test]
        fn the_differences_make_the_new_text_of_the_old(old in "[ab é\n.]{0,40}", new in "[ab é\n.]{0,40}") {
            let mut text = old.clone();
            let mut last = None;
            for (at, with) in differences(&old, &new).into_iter().rev() {
                prop_assert!(last.is_none_or(|last| at.end < last) && !(at.is_empty() && with.is_empty()));
                last = Some(at.start);
                text.replace_range(at, &new[with]);
            }
            prop_assert_eq!(text, new);
        }
    }
}
