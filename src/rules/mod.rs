//! Rules: knowledge as data.

mod policy;
mod rule;

pub use policy::{Caps, ChainPlan, PassPlan, Policies};
pub use rule::{Case, Example, Find, Globs, Origin, PassName, Policy, Rule, RuleSet, Scope};
