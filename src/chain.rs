//! The passes of a run, with their rules and policies.

use std::sync::Arc;

use crate::passes::Pass;
use crate::prose::Vocabulary;
use crate::rules::{Caps, ChainPlan, Policies, RuleSet};

/// The passes of a run, in order, with their rules and policies.
pub struct Chain {
    rules: Arc<RuleSet>,
    policies: Policies,
    passes: Vec<Box<dyn Pass>>,
}

impl Chain {
    /// The chain that the plan describes, under the caps. Passes without a rule to run are left out.
    pub fn new(rules: Arc<RuleSet>, plan: &ChainPlan, caps: &Caps) -> Self {
        let policies = Policies::new(&rules, plan, caps);
        Self::with(rules, policies, plan)
    }

    /// The same with these policies.
    pub fn with(rules: Arc<RuleSet>, policies: Policies, plan: &ChainPlan) -> Self {
        let mut passes = Vec::new();
        for pass in &plan.passes {
            let of_pass: Vec<_> = rules.iter().filter(|(number, rule)| rule.pass == pass.name && !policies.is_off(*number)).collect();
            if !of_pass.is_empty() {
                passes.push((pass.name.spec().build)(&of_pass, rules.style()));
            }
        }
        Self { rules, policies, passes }
    }

    /// A chain of these passes, in this order; they number their rules as `rules` does.
    pub fn of_passes(rules: Arc<RuleSet>, policies: Policies, passes: Vec<Box<dyn Pass>>) -> Self {
        Self { rules, policies, passes }
    }

    /// The rules that the passes were made from.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The policies of these rules.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Whether a pass has to see all texts of a run before it judges one: then [`Chain::survey`] counts something.
    pub fn surveys(&self) -> bool {
        self.passes().any(Pass::surveys)
    }

    /// Counts in a decoded source the words of which a pass has to know how often they stand in all of them.
    pub fn survey(&self, text: &str, vocabulary: &mut Vocabulary) {
        self.passes().for_each(|pass| pass.survey(text, vocabulary));
    }

    /// The passes, in order.
    pub fn passes(&self) -> impl Iterator<Item = &dyn Pass> {
        self.passes.iter().map(AsRef::as_ref)
    }
}
