//! Slips of the keyboard, of the scanner and of the ear: what makes one word of another.

use super::digest::digest;

/// What was done to a word.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else of the same slip")]
pub struct Slip {
    /// From near 0, the likeliest slips, to 1, any letter for any other.
    pub cost: f64,
    /// Whether it is about the first letter.
    pub is_first: bool,
    /// Whether it is about the last letter alone, as an inflection is.
    pub is_last: bool,
    /// Whether a vowel stands for another, as in two spellings of a name.
    pub is_vowel: bool,
    /// Whether letters are doubled in the one that are single in the other.
    pub is_doubling: bool,
}

/// Letters that scanners take for one another, in small letters.
const SCANNED: &[(&str, &str)] = &[
    ("rn", "m"),
    ("cl", "d"),
    ("li", "h"),
    ("ii", "u"),
    ("vv", "w"),
    ("ri", "n"),
    ("tl", "d"),
    ("fi", "h"),
    ("nn", "m"),
    ("l", "i"),
    ("l", "1"),
    ("i", "1"),
    ("o", "0"),
    ("c", "e"),
    ("u", "n"),
    ("h", "b"),
    ("f", "t"),
    ("s", "5"),
    ("l", "t"),
    ("n", "ri"),
    ("m", "ni"),
    ("m", "in"),
];

const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// The one slip that makes `wrong` of `right`, both in small letters; nothing if it takes more.
pub fn slip(wrong: &str, right: &str) -> Option<Slip> {
    let (wrong, right): (Vec<char>, Vec<char>) = (wrong.chars().collect(), right.chars().collect());
    let before = wrong.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let rest = wrong.len().min(right.len()) - before;
    let after = wrong.iter().rev().zip(right.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (was, is) = (&wrong[before..wrong.len() - after], &right[before..right.len() - after]);
    let cost = cost(&wrong, &right, before, was, is)?;
    let is_vowel = matches!((was, is), ([a], [b]) if is_vowel(*a) && is_vowel(*b));
    // In a run of equal letters it is not told which of them was added.
    let starts = before == 0;
    let is_doubling = single(&wrong) == single(&right);
    Some(Slip { cost, is_doubling, is_first: starts, is_last: after == 0 && was.len() < 2 && is.len() < 2, is_vowel })
}

fn cost(wrong: &[char], right: &[char], before: usize, was: &[char], is: &[char]) -> Option<f64> {
    let beside = |word: &[char], length: usize, c: char| {
        let neighbours = [before.checked_sub(1).and_then(|at| word.get(at)), word.get(before + length)];
        neighbours.into_iter().flatten().any(|other| *other == c)
    };
    let hit_beside = |c: char| {
        let neighbours = [before.checked_sub(1).and_then(|at| wrong.get(at)), wrong.get(before + 1)];
        neighbours.into_iter().flatten().any(|other| are_keys_beside(*other, c))
    };
    match (was, is) {
        ([], []) => None,
        ([a, b], [c, d]) if a == d && b == c => Some(0.3),
        ([a], []) if beside(wrong, 1, *a) => Some(0.3),
        ([], [a]) if beside(right, 1, *a) => Some(0.3),
        ([a], []) if hit_beside(*a) => Some(0.4),
        ([_], []) => Some(0.7),
        ([], [a]) => Some(if is_vowel(*a) { 0.45 } else { 0.55 }),
        ([a], [b]) if is_vowel(*a) && is_vowel(*b) => Some(0.5),
        ([a], [b]) if are_scanned(&[*a], &[*b]) => Some(0.5),
        ([a], [b]) if are_keys_beside(*a, *b) => Some(0.55),
        ([_], [_]) => Some(0.9),
        _ if are_scanned(was, is) => Some(0.5),
        // A letter doubled in the wrong place.
        _ if single(wrong) == single(right) => Some(0.4),
        // Two letters with one between, the other way round.
        ([_, _, _], [_, _, _]) if was.iter().eq(is.iter().rev()) => Some(0.5),
        _ => None,
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn are_scanned(one: &[char], other: &[char]) -> bool {
    let is = |word: &[char], text: &str| word.iter().copied().eq(text.chars());
    SCANNED.iter().any(|(a, b)| is(one, a) && is(other, b) || is(one, b) && is(other, a))
}

fn are_keys_beside(one: char, other: char) -> bool {
    let place = |c: char| ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(c)?)));
    match (place(one), place(other)) {
        (Some((row, at)), Some((other_row, other_at))) if row == other_row => at.abs_diff(other_at) == 1,
        // The rows are shifted by half a key.
        (Some((upper, at)), Some((lower, below))) if upper + 1 == lower => at == below || at == below + 1,
        (Some((lower, below)), Some((upper, at))) if upper + 1 == lower => at == below || at == below + 1,
        _ => false,
    }
}

/// A word with each doubled letter once.
fn single(word: &[char]) -> Vec<char> {
    let mut single = word.to_vec();
    single.dedup();
    single
}

/// Digests under which a word may be looked up: two words that are one slip apart have one in common.
pub fn keys(word: &str) -> Vec<u64> {
    let chars: Vec<char> = word.chars().collect();
    let mut keys = vec![digest(0, chars.iter().copied())];
    for gone in 0..chars.len() {
        keys.push(digest(0, chars.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| *c)));
    }
    keys.push(digest(1, single(&chars).into_iter()));
    keys.push(digest(2, scanned(word).chars()));
    if chars.len() > 6 {
        let mut sorted = chars;
        sorted.sort_unstable();
        keys.push(digest(3, sorted.into_iter()));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn scanned(word: &str) -> String {
    word.replace("rn", "m")
        .replace("cl", "d")
        .replace("li", "h")
        .replace("ii", "u")
        .replace("vv", "w")
        .replace("ri", "n")
        .replace("nn", "m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likely_slips_cost_less_than_any_letter_for_any_other() {
        let cost = |wrong, right| slip(wrong, right).map(|slip| slip.cost);
        for (wrong, right) in [
            ("isrfael", "israel"),
            ("recieve", "receive"),
            ("occured", "occurred"),
            ("goverment", "government"),
            ("phillipines", "philippines"),
            ("govemment", "government"),
            ("isreal", "israel"),
            ("ambulence", "ambulance"),
        ] {
            assert!(cost(wrong, right).is_some_and(|cost| cost < 0.6), "{wrong} {right} {:?}", cost(wrong, right));
        }
        assert!(cost("bombarp", "bombard").is_some_and(|cost| cost > 0.8));
        assert_eq!((cost("israel", "israel"), cost("iran", "israel")), (None, None));
    }

    #[test]
    fn where_a_slip_stands_is_told() {
        let slip = |wrong, right| slip(wrong, right).expect("it is one");
        assert!(slip("nited", "united").is_first && !slip("untied", "united").is_first);
        assert!(slip("israeli", "israel").is_last && !slip("isreal", "israel").is_last);
        assert!(slip("blinkin", "blinken").is_vowel);
    }

    #[test]
    fn one_slip_apart_is_one_key_in_common() {
        for (wrong, right) in [
            ("isrfael", "israel"),
            ("goverment", "government"),
            ("recieve", "receive"),
            ("rnodern", "modern"),
            ("phillipines", "philippines"),
            ("dear", "clear"),
        ] {
            let keys = [keys(wrong), keys(right)];
            assert!(keys[0].iter().any(|key| keys[1].contains(key)), "{wrong} {right}");
        }
    }
}
