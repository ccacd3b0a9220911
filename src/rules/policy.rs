//! Which policy counts for a rule in a zone.

use super::{PassName, Policy, Rule, RuleSet};
use crate::edit::{RuleNumber, Zone};

/// The order of the passes, and what they may do where no rule says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainPlan {
    /// In the order in which they run.
    pub passes: Vec<PassPlan>,
    /// For single zones, in every pass.
    pub zones: Vec<(Zone, Policy)>,
}

/// One line of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassPlan {
    /// The pass.
    pub name: PassName,
    /// Why it stands at this place of the chain.
    pub why: String,
    /// For single zones, in this pass.
    pub zones: Vec<(Zone, Policy)>,
    /// The most that it may do where no cap names it: `Off` for a pass that is only for certain texts.
    pub unless_named: Policy,
}

impl ChainPlan {
    /// The most that a pass may do under the caps.
    pub fn most(&self, pass: PassName, caps: &Caps) -> Policy {
        let plan = self.passes.iter().find(|plan| plan.name == pass);
        let is_named = caps.caps.iter().any(|(of, _)| *of == Some(pass));
        plan.map_or(Policy::Off, |plan| if is_named { Policy::Apply } else { plan.unless_named }).min(caps.of(pass))
    }
}

/// What a run allows at most: for all passes, and for single ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Pass, or all of them, and the most that it may do. The lowest that fits counts.
    pub caps: Vec<(Option<PassName>, Policy)>,
}

impl Caps {
    /// The most that a pass may do.
    pub fn of(&self, pass: PassName) -> Policy {
        let fits = self.caps.iter().filter(|(of, _)| of.is_none_or(|of| of == pass));
        fits.map(|(_, policy)| *policy).min().unwrap_or(Policy::Apply)
    }
}

/// The policy of each rule in each zone, worked out once for a run.
#[derive(Clone, Debug)]
pub struct Policies {
    of: Vec<[Policy; Zone::ALL.len() + 1]>,
}

impl Policies {
    /// The most specific of rule and zone, rule, pass and zone, zone, default, under the caps.
    ///
    /// A rule of a pass that the plan does not name is off.
    pub fn new(rules: &RuleSet, plan: &ChainPlan, caps: &Caps) -> Self {
        Self { of: rules.iter().map(|(_, rule)| effective(rule, plan, caps)).collect() }
    }

    /// One policy for each rule, whatever the zone.
    pub fn of_all(policies: impl Iterator<Item = Policy>) -> Self {
        Self { of: policies.map(|policy| [policy; Zone::ALL.len() + 1]).collect() }
    }

    /// The policy of a rule in a zone, or outside all zones.
    pub fn of(&self, rule: RuleNumber, zone: Option<Zone>) -> Policy {
        self.of[rule.0 as usize][slot(zone)]
    }

    /// Whether the rule is off in every zone.
    pub fn is_off(&self, rule: RuleNumber) -> bool {
        self.of[rule.0 as usize].iter().all(|policy| *policy == Policy::Off)
    }
}

fn slot(zone: Option<Zone>) -> usize {
    zone.map_or(0, |zone| 1 + zone as usize)
}

fn effective(rule: &Rule, plan: &ChainPlan, caps: &Caps) -> [Policy; Zone::ALL.len() + 1] {
    let mut of = [Policy::Off; Zone::ALL.len() + 1];
    let Some(pass) = plan.passes.iter().find(|pass| pass.name == rule.pass) else { return of };
    let most = plan.most(rule.pass, caps);
    for zone in std::iter::once(None).chain(Zone::ALL.map(Some)) {
        let stated = stated(&rule.zones, zone).or(rule.policy).or_else(|| stated(&pass.zones, zone)).or_else(|| stated(&plan.zones, zone));
        of[slot(zone)] = stated.unwrap_or(Policy::Apply).min(most);
    }
    of
}

fn stated(zones: &[(Zone, Policy)], zone: Option<Zone>) -> Option<Policy> {
    zones.iter().find(|(of, _)| Some(*of) == zone).map(|(_, policy)| *policy)
}

#[cfg(test)]
mod tests {
    use super::Policy::{Apply, Ask, Off};
    use super::*;
    use crate::rules::Find;

    #[test]
    fn the_most_specific_policy_counts() {
        let rule = |policy, zones: &[(Zone, Policy)]| Rule {
            policy,
            zones: zones.into(),
            ..Rule::new(PassName::TYPOS, "typos/x", Find::BuiltIn(String::new()))
        };
        let rules =
            RuleSet::new(vec![rule(None, &[]), rule(Some(Policy::Apply), &[]), rule(Some(Policy::Ask), &[(Zone::Quotation, Policy::Off)])]);
        let pass = PassPlan { name: PassName::TYPOS, why: String::new(), zones: vec![(Zone::Quotation, Policy::Ask)], unless_named: Apply };
        let names = PassPlan { name: PassName::NAMES, why: String::new(), zones: Vec::new(), unless_named: Off };
        let plan = ChainPlan { passes: vec![pass, names], zones: vec![(Zone::Field, Policy::Ask)] };
        let of = |caps: &[(Option<PassName>, Policy)], zone| {
            let policies = Policies::new(&rules, &plan, &Caps { caps: caps.to_vec() });
            [0, 1, 2].map(|rule| policies.of(RuleNumber(rule), zone))
        };
        assert_eq!(of(&[], None), [Apply, Apply, Ask]);
        assert_eq!(of(&[], Some(Zone::Quotation)), [Ask, Apply, Off]);
        assert_eq!(of(&[], Some(Zone::Field)), [Ask, Apply, Ask]);
        assert_eq!(of(&[(None, Ask)], None), [Ask, Ask, Ask]);
        assert_eq!(of(&[(Some(PassName::TYPOS), Off), (None, Ask)], None), [Off, Off, Off]);
        assert_eq!(of(&[(Some(PassName::NAMES), Off)], None), [Apply, Apply, Ask]);
        let most = |caps: &[(Option<PassName>, Policy)]| plan.most(PassName::NAMES, &Caps { caps: caps.to_vec() });
        assert_eq!([most(&[]), most(&[(None, Apply)]), most(&[(Some(PassName::TYPOS), Ask)])], [Off; 3], "nobody named it");
        assert_eq!(most(&[(Some(PassName::NAMES), Apply)]), Apply);
        assert_eq!(most(&[(Some(PassName::NAMES), Apply), (None, Ask)]), Ask);
        assert_eq!(plan.most(PassName::DASHES, &Caps::default()), Off, "it is not in the chain");
    }
}
