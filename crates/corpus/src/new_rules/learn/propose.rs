//! From corrections to the narrowest rules that may explain them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::found::{CorrectionKind, FoundCorrection, are_alike};
use super::pairs::Pair;
use crate::new_rules::import::listed_word;
use emendo_core::passes::phrases::{Gaps, Phrases, is_all_caps};
use emendo_core::prose::stands_as_name;
use emendo_core::prose::word::words;
use emendo_core::rules::{PassName, lexicon};

/// A correction by its text and its number there.
pub type CorrectionSpot = (usize, usize);

/// What a rule may do, as far as the texts tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LearnedRuleVerdict {
    /// Nothing speaks against it.
    Apply,
    /// It asks, for this reason.
    Ask(String),
    /// It is no rule, for this reason.
    No(String),
}

/// A rule that may explain corrections.
#[derive(Clone, Debug)]
pub struct LearnedRule {
    /// Whose work it is.
    pub pass: PassName,
    /// Its full id.
    pub id: String,
    /// What it finds.
    pub wrong: String,
    /// What becomes of it.
    pub right: String,
    /// What kind of corrections it explains.
    pub kind: CorrectionKind,
    /// Where somebody made them.
    pub spots: Vec<CorrectionSpot>,
    /// What the same form was corrected to elsewhere.
    pub others: Vec<String>,
    /// How often the rule makes what somebody made.
    pub corrected: usize,
    /// How often it would change what somebody left, or changed otherwise.
    pub left: usize,
    /// How often it would change something in the corpus, in how many documents, and the first places.
    pub elsewhere: Option<Elsewhere>,
    /// A text with the wrong form, and what becomes of it.
    pub example: Option<[String; 2]>,
    /// What it may do.
    pub verdict: LearnedRuleVerdict,
}

/// What a rule would touch in a corpus.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// So many places.
    pub places: usize,
    /// In so many documents.
    pub documents: usize,
    /// The first of them, with the text round each.
    pub shown: Vec<String>,
}

/// The texts and what was corrected in them.
pub struct Texts<'a> {
    /// The texts.
    pub pairs: &'a [Pair],
    /// The corrections of each.
    pub corrections: &'a [Vec<FoundCorrection>],
}

impl Texts<'_> {
    /// A correction, with the text that it was made in.
    pub fn at(&self, (pair, number): CorrectionSpot) -> (&Pair, &FoundCorrection) {
        (&self.pairs[pair], &self.corrections[pair][number])
    }

    /// The rules that may explain these corrections, for tables and files of this name.
    pub fn propose(&self, spots: &[CorrectionSpot], name: &str) -> Vec<LearnedRule> {
        let mut groups: BTreeMap<(CorrectionKind, String), BTreeMap<String, Vec<CorrectionSpot>>> = BTreeMap::new();
        for spot in spots {
            let (_, one) = self.at(*spot);
            if !matches!(one.kind, CorrectionKind::Other(_)) {
                let group = groups.entry((one.kind, one.wrong.to_lowercase())).or_default();
                group.entry(one.right.to_lowercase()).or_default().push(*spot);
            }
        }
        let often = self.occurrences(&groups);
        let mut proposals: Vec<LearnedRule> = Vec::new();
        for ((kind, wrong), rights) in &groups {
            let most = rights.iter().rev().max_by_key(|(_, spots)| spots.len()).map(|(right, _)| right);
            let others: Vec<String> = rights.keys().filter(|right| Some(*right) != most).cloned().collect();
            let Some(spots) = most.and_then(|right| rights.get(right)) else { continue };
            let form = self.form(spots);
            let is_left = often.get(wrong).copied().unwrap_or_default() > rights.values().map(Vec::len).sum();
            if *kind == CorrectionKind::Word && form.0.contains(char::is_uppercase) && (is_left || listed_word(&form.0).is_some()) {
                let (named, rest) = self.names(spots, name);
                proposals.extend(named);
                if !rest.is_empty() {
                    proposals.push(proposal(*kind, form, rest, others, name));
                }
            } else {
                proposals.push(proposal(*kind, form, spots.clone(), others, name));
            }
        }
        proposals.sort_by(|a, b| b.spots.len().cmp(&a.spots.len()).then_with(|| a.id.cmp(&b.id)));
        proposals
    }

    /// How often the words that were corrected stand in the old texts.
    fn occurrences(&self, groups: &BTreeMap<(CorrectionKind, String), BTreeMap<String, Vec<CorrectionSpot>>>) -> FxHashMap<String, usize> {
        let forms: Vec<&String> = groups.keys().filter(|(kind, _)| *kind == CorrectionKind::Word).map(|(_, wrong)| wrong).collect();
        let mut phrases = Phrases::new(Gaps::Blank);
        for (number, form) in forms.iter().enumerate() {
            phrases.insert(form, u32::try_from(number).unwrap_or(u32::MAX));
        }
        let mut counts = vec![0; forms.len()];
        for pair in self.pairs {
            phrases.find(&pair.old, |_, number| counts[number as usize] += 1);
        }
        forms.into_iter().cloned().zip(counts).collect()
    }

    /// Both forms in the letters that a row has: small ones, unless the word is a name.
    fn form(&self, spots: &[CorrectionSpot]) -> (String, String) {
        let is_small = |text: &str| !text.starts_with(char::is_uppercase);
        let all = || spots.iter().map(|spot| self.at(*spot));
        if let Some((_, small)) = all().find(|(_, one)| is_small(&one.wrong)) {
            return (small.wrong.clone(), small.right.clone());
        }
        let (_, first) = all().find(|(_, one)| !is_all_caps(&one.wrong)).or_else(|| all().next()).expect("a group has a correction");
        let is_name = first.kind == CorrectionKind::Word && all().any(|(pair, one)| stands_as_name(&pair.old, &one.at));
        let small = (first.wrong.to_lowercase(), first.right.to_lowercase());
        if is_name || first.kind == CorrectionKind::Word && !lexicon::is_word(&small.1) {
            (first.wrong.clone(), first.right.clone())
        } else {
            small
        }
    }

    /// Rules about names, for corrections of a word beside another one with a capital; and the other corrections.
    fn names(&self, spots: &[CorrectionSpot], name: &str) -> (Vec<LearnedRule>, Vec<CorrectionSpot>) {
        let mut named: BTreeMap<(String, String), Vec<CorrectionSpot>> = BTreeMap::new();
        let mut rest = Vec::new();
        for spot in spots {
            match self.name(*spot) {
                Some(forms) => named.entry(forms).or_default().push(*spot),
                None => rest.push(*spot),
            }
        }
        let of_name = |((variant, canonical), spots): ((String, String), Vec<CorrectionSpot>)| LearnedRule {
            pass: PassName::NAMES,
            id: format!("names/{name}/{}", variant.replace(' ', "_")),
            ..proposal(CorrectionKind::Word, (variant, canonical), spots, Vec::new(), name)
        };
        (named.into_iter().map(of_name).collect(), rest)
    }

    /// The name that a corrected word is a part of, as it was and as it is.
    fn name(&self, spot: CorrectionSpot) -> Option<(String, String)> {
        let (Pair { old, .. }, one) = self.at(spot);
        let is_name = |word: &&str| word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase);
        let start = one.at.start - old[..one.at.start].chars().rev().take_while(|c| !c.is_whitespace()).map(char::len_utf8).sum::<usize>();
        let end = start + one.wrong.len();
        if !old[start..].starts_with(&*one.wrong) {
            return None;
        }
        let after = old[end..].strip_prefix(' ').filter(|rest| !rest.starts_with(' '));
        let next = after.and_then(|rest| words(rest).next().filter(|word| word.start == 0).map(|word| &rest[word])).filter(is_name);
        if let Some(next) = next {
            return Some((format!("{} {next}", one.wrong), format!("{} {next}", one.right)));
        }
        let before = old[..start].strip_suffix(' ')?;
        let last = before.rsplit(char::is_whitespace).next().filter(is_name).filter(|word| !lexicon::is_word(word))?;
        let is_whole = last.chars().all(emendo_core::prose::word::is_word_char);
        is_whole.then(|| (format!("{last} {}", one.wrong), format!("{last} {}", one.right)))
    }
}

fn proposal(
    kind: CorrectionKind,
    (wrong, right): (String, String),
    spots: Vec<CorrectionSpot>,
    others: Vec<String>,
    name: &str,
) -> LearnedRule {
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '…' | '.');
    let pass = match kind {
        CorrectionKind::Mark if wrong.chars().chain(right.chars()).all(is_dash) => PassName::DASHES,
        CorrectionKind::Mark => PassName::QUOTES,
        _ => PassName::TYPOS,
    };
    let id = format!("{pass}/{name}/{}", wrong.replace(' ', "_"));
    // Until the rule is tried, it is taken to make them all.
    let (corrected, left, elsewhere, example, verdict) = (spots.len(), 0, None, None, LearnedRuleVerdict::Apply);
    LearnedRule { pass, id, wrong, right, kind, spots, others, corrected, left, elsewhere, example, verdict }
}

/// So often a mark has to be corrected before it is a rule.
const RECURS: usize = 3;
/// And so many times as often as it is left.
const SELDOM: usize = 50;

impl LearnedRule {
    /// What the rule may do, by what was corrected and what was left.
    pub fn judge(&self, is_english: bool) -> LearnedRuleVerdict {
        let is_once = self.corrected < 2;
        let says = |why: &str| {
            if is_once {
                LearnedRuleVerdict::No(format!("{why} It was corrected once only."))
            } else {
                LearnedRuleVerdict::Ask(why.to_owned())
            }
        };
        if let LearnedRuleVerdict::No(why) = &self.verdict {
            return LearnedRuleVerdict::No(why.clone());
        }
        if self.corrected == 0 {
            return LearnedRuleVerdict::No("A rule would leave these places alone.".to_owned());
        }
        if self.left >= self.corrected {
            return LearnedRuleVerdict::No(format!("It was corrected {} and left {}.", times(self.corrected), times(self.left)));
        }
        // A mark says less than a word: it has to be corrected nearly everywhere.
        if self.kind == CorrectionKind::Mark && self.corrected < RECURS {
            return LearnedRuleVerdict::No(format!("For a mark it recurs too seldom: it was corrected {}.", times(self.corrected)));
        }
        if self.kind == CorrectionKind::Mark && SELDOM * self.left > self.corrected {
            return LearnedRuleVerdict::No(format!("It was corrected {} and left {}.", times(self.corrected), times(self.left)));
        }
        let word = (self.pass == PassName::TYPOS && is_english).then(|| listed_word(&self.wrong)).flatten();
        if let Some(why) = word {
            return says(&why);
        }
        if self.kind == CorrectionKind::Word && !are_alike(&self.wrong, &self.right) {
            return says(&format!("`{}` and `{}` are two words.", self.wrong, self.right));
        }
        if !self.others.is_empty() {
            return LearnedRuleVerdict::Ask(format!("Or: {}.", self.others.join(", ")));
        }
        if self.left > 0 {
            return LearnedRuleVerdict::Ask(format!("It was left {}.", times(self.left)));
        }
        let is_common =
            is_english && self.kind == CorrectionKind::Phrase && self.wrong.split(' ').all(lexicon::is_word) && self.wrong.contains(' ');
        if is_common && is_once {
            LearnedRuleVerdict::Ask("It consists of words, and was corrected once only.".to_owned())
        } else {
            LearnedRuleVerdict::Apply
        }
    }

    /// Whether it is proposed.
    pub fn is_rule(&self) -> bool {
        !matches!(self.verdict, LearnedRuleVerdict::No(_))
    }
}

/// "once", "2 times".
pub fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

#[cfg(test)]
mod tests {
    use super::super::found::corrections;
    use super::*;

    /// The rules that two texts propose: pass, wrong, right, how often.
    fn proposed(old: &str, new: &str) -> Vec<(PassName, String, String, usize)> {
        let pairs = [Pair { name: "a".into(), old: old.into(), new: new.into() }];
        let found = [corrections(old, new)];
        let spots: Vec<CorrectionSpot> = (0..found[0].len()).map(|number| (0, number)).collect();
        let proposals = Texts { pairs: &pairs, corrections: &found }.propose(&spots, "house");
        proposals.into_iter().map(|one| (one.pass, one.wrong, one.right, one.spots.len())).collect()
    }

    fn one(pass: PassName, wrong: &str, right: &str, count: usize) -> (PassName, String, String, usize) {
        (pass, wrong.to_owned(), right.to_owned(), count)
    }

    #[test]
    fn a_word_is_one_row_whatever_its_capitals() {
        let told = proposed("Goverment fell. The goverment of GOVERMENT.", "Government fell. The government of GOVERNMENT.");
        assert_eq!(told, [one(PassName::TYPOS, "goverment", "government", 3)]);
        let told = proposed("In Isrfael it rains.", "In Israel it rains.");
        assert_eq!(told, [one(PassName::TYPOS, "Isrfael", "Israel", 1)]);
        let told = proposed("Wether it rains.", "Whether it rains.");
        assert_eq!(told, [one(PassName::TYPOS, "wether", "whether", 1)]);
    }

    #[test]
    fn a_listed_name_is_corrected_beside_the_name_that_follows() {
        let old = "Mr Anthony Blinken came. Then Anthony Blinken and Anthony Albanese left.";
        let new = "Mr Antony Blinken came. Then Antony Blinken and Anthony Albanese left.";
        assert_eq!(proposed(old, new), [one(PassName::NAMES, "Anthony Blinken", "Antony Blinken", 2)]);
    }

    #[test]
    fn marks_go_to_their_pass() {
        assert_eq!(proposed("he said ''no", "he said \"no"), [one(PassName::QUOTES, "''", "\"", 1)]);
        assert_eq!(proposed("he ― she", "he — she"), [one(PassName::DASHES, "―", "—", 1)]);
    }

    #[test]
    fn what_was_left_as_often_is_no_rule() {
        let of = |corrected, left, wrong: &str, right: &str| {
            let new = proposal(CorrectionKind::Word, (wrong.into(), right.into()), Vec::new(), Vec::new(), "house");
            LearnedRule { corrected, left, ..new }.judge(true)
        };
        assert_eq!(of(3, 0, "goverment", "government"), LearnedRuleVerdict::Apply);
        assert!(matches!(of(3, 1, "goverment", "government"), LearnedRuleVerdict::Ask(_)));
        assert!(matches!(of(1, 1, "goverment", "government"), LearnedRuleVerdict::No(_)));
        assert!(
            matches!(of(1, 0, "form", "from"), LearnedRuleVerdict::No(_)) && matches!(of(2, 0, "form", "from"), LearnedRuleVerdict::Ask(_))
        );
        assert!(matches!(of(1, 0, "Xarbo", "Smith"), LearnedRuleVerdict::No(_)));
    }

    #[test]
    fn a_mark_is_a_rule_if_it_recurs_and_is_hardly_ever_left() {
        let of = |corrected, left| {
            let new = proposal(CorrectionKind::Mark, ("''".into(), "\"".into()), Vec::new(), Vec::new(), "house");
            LearnedRule { corrected, left, ..new }.judge(true)
        };
        assert_eq!(of(3, 0), LearnedRuleVerdict::Apply);
        assert!(
            matches!(of(100, 2), LearnedRuleVerdict::Ask(_))
                && matches!(of(100, 3), LearnedRuleVerdict::No(_))
                && matches!(of(2, 0), LearnedRuleVerdict::No(_))
        );
    }
}
