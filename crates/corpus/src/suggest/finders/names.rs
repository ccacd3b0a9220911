//! Variants of names: alike in all words but one, and that one alike in letters or sound.

use rphonetic::DoubleMetaphone;
use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{number, squash};
use crate::suggest::digest::digest;
use crate::suggest::names::Name;
use crate::suggest::neighbours::{SharedNeighbours, Weights};
use crate::suggest::occurrence::CleanedSpot;
use crate::suggest::proposal::{Fix, Proposal, ProposalKind};
use crate::suggest::slips::keys;
use crate::suggest::statistics::CorpusStatistics;
use emendo_core::rules::lexicon;

/// The right form stands so often at least.
const FREQUENT: u64 = 4;
/// And so many times as often as the variant.
const RATIO: u64 = 3;
/// Words that are less alike are two names, from 0 to 1.
const ALIKE: f64 = 0.7;
/// Less certain ones are not worth a look.
const LEAST: f64 = 0.5;
/// A rule for those that are at least so certain may apply.
const CERTAIN: f64 = 0.9;

/// All proposals for names of several words, but for those about a word that is proposed already.
pub fn find(mine: &CorpusStatistics, words: &[Proposal]) -> Vec<Proposal> {
    let proposed: FxHashSet<(String, String)> = words.iter().map(|proposal| folded(proposal.fix.pair())).collect();
    let all = mine.names.sorted();
    let weights = Weights::of(all.iter().map(|(_, name)| &name.around));
    let mut index: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for (at, (form, _)) in all.iter().enumerate().filter(|(_, (_, name))| name.seen.count >= FREQUENT) {
        let at = u32::try_from(at).expect("no vocabulary is so large");
        for key in blocks(form) {
            index.entry(key).or_default().push(at);
        }
    }
    let mut found: Vec<(Difference<'_>, Proposal)> = Vec::new();
    for (form, name) in &all {
        let mut near: Vec<u32> = blocks(form).iter().filter_map(|key| index.get(key)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        let judged = near.into_iter().map(|at| all[at as usize]).filter_map(|(right, other)| judge(form, name, right, other, &weights));
        let best =
            judged.max_by(|(_, one), (_, other)| one.confidence.total_cmp(&other.confidence).then(other.fix.pair().cmp(&one.fix.pair())));
        found.extend(best.filter(|(_, proposal)| proposal.confidence >= LEAST));
    }
    // Of several that are about the same words the most frequent one tells enough.
    found.sort_by(|(_, one), (_, other)| {
        other
            .count
            .cmp(&one.count)
            .then_with(|| other.right_count.cmp(&one.right_count))
            .then_with(|| one.fix.pair().cmp(&other.fix.pair()))
    });
    let mut told: FxHashMap<Difference<'_>, Vec<CleanedSpot>> = FxHashMap::default();
    let mut new = Vec::new();
    for (difference, proposal) in found.into_iter().filter(|(difference, _)| !proposed.contains(&folded(*difference))) {
        let told = told.entry(difference).or_default();
        let is_told = proposal.spots.iter().any(|spot| told.iter().any(|told| is_near(*spot, *told)));
        told.extend(&proposal.spots);
        new.extend((!is_told).then_some(proposal));
    }
    new
}

fn folded((one, other): (&str, &str)) -> (String, String) {
    (one.to_lowercase(), other.to_lowercase())
}

/// Whether two names that begin at these places overlap, or nearly.
fn is_near(one: CleanedSpot, other: CleanedSpot) -> bool {
    (one.source, one.document) == (other.source, other.document) && one.at.abs_diff(other.at) < 40
}

/// The words in which two names differ.
type Difference<'n> = (&'n str, &'n str);

/// Under which a name may be looked up: without its marks and blanks, and each word by its sound and by its slips beside
/// the others.
fn blocks(name: &str) -> Vec<u64> {
    let words: Vec<&str> = name.split(' ').collect();
    let mut blocks = vec![digest(7, fingerprint(name).chars())];
    for (number, word) in words.iter().enumerate() {
        let others: String =
            words.iter().enumerate().map(|(at, other)| if at == number { "\u{1}" } else { *other }).collect::<Vec<_>>().join(" ");
        let plain = plain(word);
        let sounds = sounds(&plain).map(|sound| digest(8, others.chars().chain(sound.chars())));
        let spelled = digest(9, others.chars().chain(spelling(&plain).chars()));
        let slips = keys(&plain).into_iter().map(|key| digest(key, others.chars()));
        blocks.extend(sounds.into_iter().chain([spelled]).chain(slips));
    }
    blocks
}

/// Small letters without marks.
fn plain(word: &str) -> String {
    word.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'ø' => 'o',
            'ł' => 'l',
            'đ' => 'd',
            'ı' => 'i',
            c => c,
        })
        .collect()
}

/// A name without capitals, marks, hyphens, apostrophes and blanks.
fn fingerprint(name: &str) -> String {
    plain(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What a word sounds like, in the two ways of Double Metaphone.
fn sounds(plain: &str) -> [String; 2] {
    let ascii: String = plain.chars().filter(char::is_ascii_alphabetic).collect();
    let sounds = DoubleMetaphone::new(Some(8)).double_metaphone(&ascii);
    [sounds.primary(), sounds.alternate()]
}

/// A word in one of the ways in which names of other scripts are written in Latin letters.
fn spelling(plain: &str) -> String {
    let mut spelling: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    for (from, to) in [
        ("sch", "sh"),
        ("tch", "ch"),
        ("tsch", "ch"),
        ("ck", "k"),
        ("kh", "h"),
        ("gh", "g"),
        ("dh", "d"),
        ("ph", "f"),
        ("th", "t"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("ei", "i"),
        ("ai", "i"),
        ("ay", "i"),
        ("ie", "i"),
        ("yy", "i"),
        ("y", "i"),
        ("q", "k"),
        ("c", "k"),
        ("w", "v"),
        ("x", "ks"),
        ("j", "i"),
        ("e", "a"),
        ("o", "u"),
    ] {
        spelling = spelling.replace(from, to);
    }
    let mut letters: Vec<char> = spelling.chars().collect();
    letters.dedup();
    let spelling: String = letters.into_iter().collect();
    spelling.strip_suffix('h').unwrap_or(&spelling).to_owned()
}

fn judge<'n>(form: &'n str, name: &Name, right: &'n str, other: &Name, weights: &Weights) -> Option<(Difference<'n>, Proposal)> {
    if form == right {
        return None;
    }
    let is_written_alike = fingerprint(form) == fingerprint(right);
    let ratio = if is_written_alike { 2 } else { RATIO };
    if other.seen.count < ratio * name.seen.count || other.seen.count < FREQUENT {
        return None;
    }
    let difference = difference(form, right).or(is_written_alike.then_some((form, right)))?;
    if !is_written_alike && !may_be_one(difference.0, difference.1) {
        return None;
    }
    let shared = weights.shared(&name.around, &other.around);
    let confidence = confidence(difference, is_written_alike, name, other, &shared)?;
    let is_misspelled = !lexicon::is_name(difference.0) && !lexicon::is_word(difference.0) && lexicon::is_name(difference.1);
    let fix = Fix::Name { variant: form.to_owned(), canonical: right.to_owned() };
    let proposal = Proposal::new(ProposalKind::Name, fix, &name.seen, confidence).beside(&other.seen, shared);
    let asks = confidence < CERTAIN || !is_misspelled;
    Some((difference, Proposal { why: "Another form of the name.".into(), asks, ..proposal }))
}

/// The one word in which two names of as many words differ.
fn difference<'n>(form: &'n str, right: &'n str) -> Option<Difference<'n>> {
    let mut pairs = form.split(' ').zip(right.split(' ')).filter(|(a, b)| a != b);
    let different = pairs.next()?;
    (pairs.next().is_none() && form.split(' ').count() == right.split(' ').count()).then_some(different)
}

/// Whether two words may be one name in two spellings: neither initials, numbers, the forms of a man and of a woman, nor
/// what an ending makes of a name.
fn may_be_one(one: &str, other: &str) -> bool {
    let (a, b) = (plain(one), plain(other));
    let is_short = a.chars().count() < 4 || b.chars().count() < 4;
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    let ending = long.strip_prefix(short.as_str());
    let is_ending = ending.is_some_and(|ending| ending != "h" && !short.ends_with(ending));
    let is_number = |word: &str| word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L')) || word.contains(|c: char| c.is_numeric());
    let ends = |word: &str| word.chars().next_back();
    // Mario and Maria, Francesco and Francesca.
    let is_gender = a.len() == b.len()
        && ends(&a) != ends(&b)
        && a[..a.len() - 1] == b[..b.len() - 1]
        && matches!((ends(&a), ends(&b)), (Some('a' | 'o' | 'e' | 'i'), Some('a' | 'o' | 'e' | 'i')));
    !is_short
        && !is_ending
        && !is_number(one)
        && !is_number(other)
        && !is_gender
        && start_alike(&a, &b)
        && rapidfuzz::distance::osa::normalized_similarity(a.chars(), b.chars()) >= ALIKE
}

fn start_alike(one: &str, other: &str) -> bool {
    let first = |text: &str| text.chars().next();
    let (sounds, others) = (sounds(one), sounds(other));
    first(one) == first(other) || first(&spelling(one)) == first(&spelling(other)) || first(&sounds[0]) == first(&others[0])
}

fn confidence(difference: (&str, &str), is_written_alike: bool, name: &Name, other: &Name, shared: &SharedNeighbours) -> Option<f64> {
    if shared.weight < 0.1 || shared.shared < 2 {
        return None;
    }
    let (a, b) = (plain(difference.0), plain(difference.1));
    let ratio = (number(other.seen.count) / number(name.seen.count)).log10();
    // Two that both stand often among other people are two.
    let often = number(name.seen.count).ln();
    let mut sum = -1.2 + 4.0 * shared.weight + 0.6 * (ratio - 0.5) - 0.3 * often * (1.0 - shared.weight);
    if is_written_alike {
        return Some(squash(sum + 1.4));
    }
    let (one, two) = (sounds(&a), sounds(&b));
    sum += if one.iter().any(|sound| two.contains(sound)) { 0.8 } else { 0.0 };
    sum += if spelling(&a) == spelling(&b) { 0.6 } else { 0.0 };
    sum += 2.0 * (rapidfuzz::distance::osa::normalized_similarity(a.chars(), b.chars()) - 0.8);
    let is_listed = |word: &str| lexicon::is_name(word) || lexicon::is_word(word);
    sum -= if is_listed(difference.0) && is_listed(difference.1) { 1.2 } else { 0.0 };
    sum += if !is_listed(difference.0) && is_listed(difference.1) { 0.8 } else { 0.0 };
    Some(squash(sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::statistics::SourceCounts;
    use crate::suggest::tokens::MinedText;
    use emendo_core::prose::Syntax;

    fn found(texts: &[String]) -> Vec<String> {
        let mut mine = CorpusStatistics::default();
        for (source, text) in texts.iter().enumerate() {
            let mut seam = SourceCounts::default();
            seam.read(u32::try_from(source).expect("few"), 0, &MinedText { text, syntax: Syntax::Plain, is_english: Some(true) }, text);
            mine.add(seam);
        }
        find(&mine, &[]).iter().map(|proposal| format!("{} → {}", proposal.fix.pair().0, proposal.fix.pair().1)).collect()
    }

    /// So many texts about the one name, and so many about the other, in the same company.
    fn together(frequent: &str, many: usize, rare: &str, few: usize) -> Vec<String> {
        const SAID: [&str; 4] = [
            "said that the ceasefire talks in Cairo would resume on Monday with the delegation",
            "met the foreign minister of Egypt and spoke about hostages and humanitarian aid",
            "told reporters in Jerusalem that the border crossing would open for refugees",
            "thanked the hospital in Geneva for its work during the winter campaign",
        ];
        let texts = [(frequent, many), (rare, few)].into_iter().flat_map(|(name, count)| {
            (0..count).map(move |number| format!("Yesterday in the evening the envoy {name} {}.\\n", SAID[number % SAID.len()]))
        });
        found(&texts.collect::<Vec<_>>())
    }

    #[test]
    fn a_variant_in_the_same_company_is_found() {
        assert_eq!(together("Antony Blinken", 20, "Anthony Blinken", 2), ["Anthony Blinken → Antony Blinken"]);
        assert_eq!(together("Benjamin Netanyahu", 20, "Benjamin Netanyahou", 2), ["Benjamin Netanyahou → Benjamin Netanyahu"]);
        assert_eq!(together("Bashar al-Assad", 20, "Bashar Al-Assad", 2), ["Bashar Al-Assad → Bashar al-Assad"]);
        assert_eq!(together("Abdullah Khalidi", 20, "Abdullah Halidi", 2), ["Abdullah Halidi → Abdullah Khalidi"]);
    }

    #[test]
    fn a_variant_that_only_sounds_alike_is_found() {
        for (one, other) in [
            ("Muammar Gaddafi", "Muammar Qaddafi"),
            ("Mikhail Gorbachev", "Mikhail Gorbatchov"),
            ("Felipe Gonzalez", "Felipe Gonsales"),
            ("Geoffrey Rush", "Jeffrey Rush"),
        ] {
            assert_eq!(together(one, 20, other, 2), [format!("{other} → {one}")]);
        }
    }

    #[test]
    fn two_names_are_not_one() {
        for (one, other) in [
            ("Ivan Sokolov", "Ivan Sokolova"),
            ("Francesco Rossi", "Francesca Rossi"),
            ("Michael Jordan", "Michelle Jordan"),
            ("Henry VIII", "Henry VII"),
            ("South Korea", "South Koreans"),
            ("Miriam M Makeba", "Miriam B Makeba"),
            ("Peter Hansen", "Peter Jensen"),
        ] {
            assert_eq!(together(one, 20, other, 2), [""; 0], "{one}, {other}");
        }
    }

    #[test]
    fn names_that_both_stand_often_are_two() {
        assert_eq!(together("Steven Miller", 20, "Stephen Miller", 12), [""; 0]);
    }

    #[test]
    fn a_name_in_other_company_is_another() {
        let mut texts: Vec<String> = (0..20)
            .map(|number| format!("In the capital envoy Antony Blinken spoke for {number} hours about ceasefire negotiations.\\n"))
            .collect();
        texts.push("Meanwhile our gardener Anthony Blinken grows marvellous roses, tulips, cabbages.\\n".to_owned());
        assert_eq!(found(&texts), [""; 0]);
    }
}
