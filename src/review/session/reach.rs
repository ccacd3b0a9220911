//! What a decision would do.

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{DecisionTarget, Session};
use crate::review::decision::HAND;

/// What a decision would do, to be said before it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionEffect {
    /// So many places now.
    pub places: usize,
    /// So many more that a narrower decision leaves as they are.
    pub narrower: usize,
    /// Whether later ones as well.
    pub is_lasting: bool,
    /// So many like them, by kind of place, that it leaves as they are.
    pub elsewhere: BTreeMap<&'static str, usize>,
}

impl Session {
    /// What a decision would do.
    pub fn effect(&self, target: &DecisionTarget) -> DecisionEffect {
        let about: FxHashSet<usize> = self.about(target).into_iter().collect();
        let alike: Vec<usize> = match target {
            DecisionTarget::Everywhere(group) | DecisionTarget::Document(group, _) => {
                let group = &self.groups[*group];
                let is_alike = |item: &&usize| group.makes.as_ref().is_none_or(|makes| self.makes(**item, makes));
                self.of_rule[&group.rule].iter().filter(is_alike).copied().collect()
            }
            _ => Vec::new(),
        };
        let mut elsewhere = BTreeMap::new();
        for item in alike.iter().filter(|item| !about.contains(item) && self.wishes[**item].is_none()) {
            *elsewhere.entry(self.items[*item].zone()).or_default() += 1;
        }
        let narrower = about.iter().filter(|item| self.has_narrower(**item, target)).count();
        DecisionEffect {
            places: about.len() - narrower,
            narrower,
            is_lasting: matches!(target, DecisionTarget::Everywhere(_) | DecisionTarget::Rule(_)) && !self.is_by_hand(target),
            elsewhere,
        }
    }

    /// Whether a narrower decision than one of this target is about an item: that one counts.
    fn has_narrower(&self, item: usize, target: &DecisionTarget) -> bool {
        let (scope, item) = (target.scope(), &self.items[item]);
        self.about_change(item, item.change()).iter().any(|(_, decision)| decision.scope > scope)
    }

    /// Whether a decision is about several corrections by hand.
    pub(super) fn is_by_hand(&self, target: &DecisionTarget) -> bool {
        match target {
            DecisionTarget::Rule(rule) => &**rule == HAND,
            DecisionTarget::Everywhere(group) | DecisionTarget::Document(group, _) => &*self.groups[*group].rule == HAND,
            DecisionTarget::Here(_) => false,
        }
    }

    fn makes(&self, item: usize, makes: &(SmolStr, SmolStr)) -> bool {
        let change = self.items[item].change();
        change.before == makes.0 && change.after == makes.1
    }

    /// The item, and the same in other documents with the same text: a decision *here* is bound to the text.
    fn copies(&self, item: usize) -> Vec<usize> {
        let change = self.items[item].change();
        let digest = |item: usize| self.documents[self.items[item].document].digest_of(&change.part);
        let kind = (change.rule.clone(), Some((change.before.clone(), change.after.clone())));
        let alike = self.with_kind.get(&kind).into_iter().flatten().copied();
        alike.filter(|other| self.items[*other].change().id() == change.id() && digest(*other) == digest(item)).collect()
    }

    /// The items that a decision is about, by number.
    pub(super) fn about(&self, target: &DecisionTarget) -> Vec<usize> {
        match target {
            DecisionTarget::Here(item) => self.copies(*item),
            DecisionTarget::Document(group, document) => {
                self.groups[*group].items.iter().copied().filter(|item| self.items[*item].document == *document).collect()
            }
            DecisionTarget::Everywhere(group) => self.groups[*group].items.clone(),
            DecisionTarget::Rule(rule) => self.of_rule.get(rule).cloned().unwrap_or_default(),
        }
    }
}

/// As a sentence without its full stop: "8,204 places now, and later ones; 31 in quotations stay as they are".
impl fmt::Display for DecisionEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", grouped(self.places), if self.places == 1 { "place" } else { "places" })?;
        if self.is_lasting {
            f.write_str(" now, and later ones")?;
        }
        match self.narrower {
            0 => {}
            1 => f.write_str("; 1 stays as a narrower decision has it")?,
            narrower => write!(f, "; {} stay as a narrower decision has them", grouped(narrower))?,
        }
        for (zone, count) in &self.elsewhere {
            let stay = if *count == 1 { "stays as it is" } else { "stay as they are" };
            write!(f, "; {} {} {stay}", grouped(*count), inside(zone))?;
        }
        Ok(())
    }
}

/// Where, in words.
fn inside(zone: &str) -> String {
    match zone {
        "none" => "in running text".to_owned(),
        "field" => "in titles and other fields".to_owned(),
        zone => format!("in {zone}s"),
    }
}

/// A number with a comma between its thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_is_told_in_a_sentence() {
        let told = |places, is_lasting, elsewhere: &[(&'static str, usize)]| {
            DecisionEffect { places, narrower: 0, is_lasting, elsewhere: elsewhere.iter().copied().collect() }.to_string()
        };
        assert_eq!(told(8204, true, &[("quotation", 31)]), "8,204 places now, and later ones; 31 in quotations stay as they are");
        assert_eq!(told(1, false, &[]), "1 place");
        assert_eq!(told(1_000_000, true, &[("none", 1)]), "1,000,000 places now, and later ones; 1 in running text stays as it is");
    }
}
