//! Rare forms beside a frequent form: one slip of the keyboard, the scanner or the ear apart.

use rustc_hash::FxHashMap;

use super::{number, squash};
use crate::suggest::neighbours::{SharedNeighbours, Weights};
use crate::suggest::proposal::{Fix, Proposal, ProposalKind};
use crate::suggest::slips::{Slip, keys, slip};
use crate::suggest::words::{Word, Words};
use emendo_core::prose::word::capitalised;
use emendo_core::rules::lexicon;

/// Shorter words have too many others beside them.
const SHORTEST: usize = 5;
/// The right form stands so often at least.
const FREQUENT: u64 = 5;
/// A word that no list has is one if it stands so often, and in half as many documents.
const COMMON: u64 = 20;
/// And so many times as often as the rare one.
const RATIO: u64 = 8;
/// The likeliest slips cost so much at most.
const SURE: f64 = 0.3;
/// Less certain ones are not worth a look.
const LEAST: f64 = 0.5;
/// A rule for those that are at least so certain may apply.
const CERTAIN: f64 = 0.9;

/// Endings that make a word of another.
const ENDINGS: &[&str] = &[
    "s", "es", "er", "ers", "ed", "ing", "ings", "ness", "less", "like", "ish", "able", "ism", "ist", "ists", "ize", "ise", "ized", "ised",
    "izing", "ising", "ization", "isation", "wise", "ward", "wards", "ship", "hood", "ful", "fully", "y", "ly", "ian", "ians", "an", "ans",
    "i", "is", "ese", "eth", "est", "man", "men", "ville", "ology", "esque", "dom", "th", "ity", "al", "ic", "ous", "ive", "or", "ors",
    "ation", "ations",
];

/// Beginnings that make a word of another.
const BEGINNINGS: &[&str] = &[
    "un", "re", "pre", "non", "anti", "over", "under", "out", "mis", "sub", "inter", "super", "multi", "micro", "cyber", "co", "de", "dis",
    "ex", "post", "semi", "ultra", "up", "down", "pro", "counter", "mega", "mini", "neo", "self", "fore", "en", "em", "be", "in", "im",
    "bio", "geo", "tele", "auto", "trans", "pseudo", "hyper", "infra", "proto", "meta", "electro", "photo", "thermo", "hydro", "crypto",
    "eco", "a",
];

/// All proposals for words.
pub fn find(words: &Words) -> Vec<Proposal> {
    let all = words.sorted();
    let weights = Weights::of(all.iter().map(|(_, word)| &word.beside));
    let mut index: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for (at, (form, _)) in all.iter().enumerate().filter(|(_, (form, word))| is_target(form, word)) {
        let at = u32::try_from(at).expect("no vocabulary is so large");
        for key in keys(form) {
            index.entry(key).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for (form, word) in all.iter().filter(|(form, word)| is_suspect(form, word)) {
        let mut near: Vec<u32> = keys(form).iter().filter_map(|key| index.get(key)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        let mut judged: Vec<_> = near
            .into_iter()
            .map(|at| all[at as usize])
            .filter_map(|(right, other)| Some((judge(form, word, right, other, &weights)?, right, other)))
            .collect();
        judged.sort_by(|(one, right, _), (other, other_right, _)| other.confidence.total_cmp(&one.confidence).then(right.cmp(other_right)));
        let Some((best, right, other)) = judged.first() else { continue };
        // Where another form would do nearly as well, a person has to say which.
        let rival = judged.get(1).map_or(0.0, |(second, ..)| second.confidence);
        if best.confidence < LEAST {
            continue;
        }
        let is_split = rival > best.confidence - 0.15;
        let confidence = if is_split { best.confidence * 0.7 } else { best.confidence };
        if confidence >= LEAST {
            found.push(proposal(form, word, right, other, &Judged { confidence, ..*best }));
        }
    }
    found
}

struct Judged {
    confidence: f64,
    shared: SharedNeighbours,
}

fn proposal(form: &str, word: &Word, right: &str, other: &Word, judged: &Judged) -> Proposal {
    let is_name = is_name(right, other);
    let fix = if is_name {
        Fix::Words { wrong: capitalised(form), right: capitalised(right), case: Some("force") }
    } else {
        Fix::Words { wrong: form.to_owned(), right: right.to_owned(), case: None }
    };
    // What one text alone has again and again may be its author's own.
    let is_of_one = word.seen.documents == 1 && word.seen.count > 1;
    let asks = judged.confidence < CERTAIN || is_of_one || is_name && (word.seen.count < 2 || judged.shared.shared < 2);
    let why = if is_name { "A misspelling of a name." } else { "A misspelling." };
    Proposal {
        why: why.into(),
        asks,
        ..Proposal::new(ProposalKind::Typo, fix, &word.seen, judged.confidence).beside(&other.seen, judged.shared)
    }
}

/// Whether a word is mostly a name.
fn is_name(form: &str, word: &Word) -> bool {
    word.small == 0 || word.name > 4 * word.small && !(lexicon::is_word(form) && word.small > 2)
}

fn is_target(form: &str, word: &Word) -> bool {
    word.seen.count >= FREQUENT
        && form.chars().count() >= SHORTEST - 1
        && !form.contains(|c: char| c.is_ascii_digit())
        && (word.is_listed
            || word.name > 4 * word.small && word.seen.documents > 2
            || word.seen.count >= COMMON && word.seen.documents >= COMMON / 2)
}

fn is_suspect(form: &str, word: &Word) -> bool {
    form.chars().count() >= SHORTEST
        && !word.is_listed
        // What stands among strange words is of another language.
        && 2 * word.among >= word.seen.count
        // A word that is a name as well is neither's slip.
        && (word.small == 0 || 4 * word.name <= word.small)
        // One that stands again and again in one document is somebody's word.
        && (word.seen.documents > 1 || word.seen.count < 4)
}

/// Whether a form is made of words of the list: with an ending or a beginning, or two of them written as one.
fn is_derived(form: &str) -> bool {
    let is_base = |base: &str| base.chars().count() > 3 && (lexicon::is_word(base) || lexicon::is_name(&capitalised(base)));
    let with_ending = |ending: &str| {
        form.strip_suffix(ending).is_some_and(|base| {
            let undoubled = base
                .chars()
                .next_back()
                .filter(|last| base.ends_with(&format!("{last}{last}")))
                .map(|last| &base[..base.len() - last.len_utf8()]);
            // What an ordinary ending makes of a word of the list is in the list itself.
            let is_listed = matches!(ending, "ed" | "ing" | "ly");
            !is_listed && (is_base(base) || is_base(&format!("{base}e")) || undoubled.is_some_and(is_base))
        })
    };
    let with_beginning = |beginning: &str| form.strip_prefix(beginning).is_some_and(|base| beginning.len() > 1 && is_base(base));
    ENDINGS.iter().any(|ending| with_ending(ending)) || BEGINNINGS.iter().any(|beginning| with_beginning(beginning)) || is_compound(form)
}

fn is_compound(form: &str) -> bool {
    let is_half = |half: &str| half.chars().count() > 2 && lexicon::is_word(half);
    form.char_indices().any(|(at, _)| is_half(&form[..at]) && is_half(&form[at..]))
}

fn judge(form: &str, word: &Word, right: &str, other: &Word, weights: &Weights) -> Option<Judged> {
    let slip = slip(form, right)?;
    // Letters doubled or changed over make no new word, even where the list has its halves: `cross` and `sing`.
    if slip.cost > SURE && is_derived(form) {
        return None;
    }
    if other.seen.count < RATIO * word.seen.count || slip.is_last && is_inflection(form, right) {
        return None;
    }
    let wrong_is_name = word.small == 0 && word.name > 0;
    let right_is_name = is_name(right, other);
    // A name is no slip of a word, nor the other way round.
    if wrong_is_name != right_is_name && (word.name > 0 || right_is_name)
        || !wrong_is_name && word.small == 0 && word.first < word.seen.count
    {
        return None;
    }
    let shared = weights.shared(&word.beside, &other.beside);
    let confidence = if right_is_name { of_name(&slip, word, other, &shared, right)? } else { of_word(&slip, word, other, &shared, right) };
    Some(Judged { confidence, shared })
}

fn is_inflection(form: &str, right: &str) -> bool {
    let (short, long) = if form.len() < right.len() { (form, right) } else { (right, form) };
    // A letter more or less at the end, or another one.
    long.starts_with(short) || short.chars().count() == long.chars().count()
}

fn of_word(slip: &Slip, word: &Word, other: &Word, shared: &SharedNeighbours, right: &str) -> f64 {
    let length = number(right.chars().count().min(10) as u64) - 6.0;
    let ratio = (number(other.seen.count) / number(word.seen.count)).log10();
    let mut sum = 0.2 + 3.0 * (0.6 - slip.cost) + 2.5 * shared.weight + 0.45 * length + 0.5 * (ratio - 1.0);
    sum -= if slip.is_first { 3.0 } else { 0.0 };
    sum -= if slip.is_last { 0.8 } else { 0.0 };
    // As people speak: `niver`, `mysilf`.
    sum -= if slip.is_vowel { 1.0 } else { 0.0 };
    sum -= if shared.shared == 0 { 1.0 } else { 0.0 };
    sum -= if word.small == 0 { 1.0 } else { 0.0 };
    sum -= if word.seen.count > 1 && word.seen.documents == 1 { 1.0 } else { 0.0 };
    squash(sum)
}

fn of_name(slip: &Slip, word: &Word, other: &Word, shared: &SharedNeighbours, right: &str) -> Option<f64> {
    let is_listed = lexicon::is_name(&capitalised(right));
    // Names are alike by nature: without common company nothing is proposed. One that everybody knows needs less of it, and
    // none if it stands there far more often and no letter is a vowel changed or one doubled, as names differ honestly.
    let is_known = is_listed && right.chars().count() > 5 && other.seen.count >= 3 * RATIO * word.seen.count;
    let has_company = shared.shared >= 2 && shared.weight >= 0.15
        || is_listed && shared.shared >= 1
        || is_known && slip.cost <= 0.4 && !slip.is_vowel && !slip.is_doubling;
    if !has_company || slip.is_first || slip.is_last {
        return None;
    }
    let length = number(right.chars().count().min(10) as u64) - 6.0;
    let ratio = (number(other.seen.count) / number(word.seen.count)).log10();
    let mut sum = -0.6 + 3.0 * (0.6 - slip.cost) + 2.5 * shared.weight + 0.35 * length + 0.5 * (ratio - 1.0);
    sum -= if slip.is_vowel { 0.8 } else { 0.0 };
    sum += if is_listed { 0.8 } else { 0.0 };
    Some(squash(sum - 0.4))
}
