//! Rules: knowledge as data.

mod rule;

pub use rule::{Case, Example, Find, Origin, PassName, Policy, Rule, RuleSet, Scope};
