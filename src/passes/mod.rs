//! The passes. A pass proposes edits for a text and has no other power.

pub mod pattern;

use crate::rules::{PassName, Rule};
use crate::text::{Edit, RuleNumber};

/// What a pass gets to see.
#[derive(Clone, Copy, Debug)]
pub struct View<'t> {
    /// The text as the passes before left it.
    pub text: &'t str,
    /// Whether this is a whole text or a piece of one.
    pub extent: Extent,
}

/// How much of a text there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A whole text: it begins and ends here.
    Whole,
    /// A title or an example: rules about the edges of a file are off.
    Fragment,
}

/// What a pass may touch, as a sentence and as a check.
///
/// The check runs on every edit of every run: a pass that proposes an edit outside its contract
/// makes its article a problem that names pass, rule and place.
#[derive(Clone, Copy)]
pub struct Contract {
    /// What the pass may touch, to complete the sentence "may touch only …".
    pub says: &'static str,
    /// Whether it allows this edit of this text.
    pub allows: fn(text: &str, edit: &Edit<'_>) -> bool,
}

/// A rule had more matches than its share of the work allows: matches times window, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overrun {
    /// The rule.
    pub rule: RuleNumber,
    /// Where the window starts, in bytes of the text that the pass saw.
    pub at: usize,
}

/// Proposes edits.
pub trait Pass: Send + Sync {
    /// Its name in the chain and in rule ids.
    fn name(&self) -> PassName;

    /// What it may touch.
    fn contract(&self) -> Contract;

    /// Adds its proposals for `view` to `edits`, in any order; they may overlap.
    ///
    /// Allocates nothing for a text in which it finds nothing.
    ///
    /// # Errors
    /// When a rule goes over its budget.
    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun>;
}

/// The rules that one pass is made from: those that are not off everywhere, in order.
pub type PassRules<'a> = &'a [(RuleNumber, &'a Rule)];

/// The list of passes: the pass of that name, made from its rules.
pub fn build(name: PassName, rules: PassRules<'_>) -> Box<dyn Pass> {
    match name {
        _ => todo!(),
    }
}
