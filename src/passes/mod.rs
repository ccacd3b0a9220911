//! The passes. A pass proposes edits for a text and has no other power.

pub mod boilerplate;
pub mod dashes;
mod doubt;
mod first_bytes;
pub mod mojibake;
pub mod names;
pub mod ocr;
pub mod pattern;
pub mod phrases;
#[cfg(test)]
mod proof;
pub mod quotes;
pub mod spaces;
mod spec;
mod table_spec;
pub mod typos;
pub mod unicode;
mod word_context;

use crate::edit::{Edit, RuleNumber};
use crate::prose::{Marked, Vocabulary};
use crate::rules::{Find, Rule};

pub use self::spec::{PassName, PassSpec, PassTable};
pub use self::table_spec::{RowForm, TableSpec};

/// The table of passes, in the order of the shipped chain: a new pass is a file of this folder and a line here.
pub const SPECS: &[&PassSpec] = &[
    &mojibake::SPEC,
    &ocr::SPEC,
    &unicode::SPEC,
    &boilerplate::SPEC,
    &spaces::SPEC,
    &quotes::SPEC,
    &dashes::SPEC,
    &typos::SPEC,
    &names::SPEC,
];

/// What a pass gets to see.
#[derive(Clone, Copy, Debug)]
pub struct View<'t> {
    /// The text as the passes before left it.
    pub text: &'t str,
    /// Whether this is a whole text or a piece of one.
    pub extent: Extent,
    /// Its markup, if the syntax is known.
    pub markup: Option<&'t Marked<'t>>,
    /// Its language, as a tag; unknown if nothing.
    pub lang: Option<&'t str>,
    /// What the bytes look like that are not of the text's encoding, if there are such.
    pub stray: Option<&'static encoding_rs::Encoding>,
    /// How often the words that the passes asked for stand in all texts of the run; unknown if nothing.
    pub vocabulary: Option<&'t Vocabulary>,
}

impl<'t> View<'t> {
    /// A text of which nothing else is known.
    pub fn of(text: &'t str, extent: Extent) -> Self {
        Self { text, extent, markup: None, lang: None, stray: None, vocabulary: None }
    }
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
/// makes its document a problem that names pass, rule and place.
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
    fn contract(&self) -> Contract {
        self.name().spec().contract
    }

    /// Adds its proposals for `view` to `edits`, in any order; they may overlap.
    ///
    /// Allocates nothing for a text in which it finds nothing.
    ///
    /// # Errors
    /// When a rule goes over its budget.
    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun>;

    /// Whether the pass has to see all texts of a run before it judges one: then [`Pass::survey`] counts something.
    fn surveys(&self) -> bool {
        false
    }

    /// Counts in a decoded source the words of which the pass has to know how often they stand in all of them.
    fn survey(&self, _text: &str, _vocabulary: &mut Vocabulary) {}
}

/// The rules that one pass is made from: those that are not off everywhere, in order.
pub type PassRules<'a> = &'a [(RuleNumber, &'a Rule)];

/// The rule that stands for a behaviour of the pass, if it is among its rules: the first counts.
pub fn built_in(rules: PassRules<'_>, name: &str) -> Option<RuleNumber> {
    rules.iter().find(|(_, rule)| matches!(&rule.find, Find::BuiltIn(known) if known == name)).map(|(number, _)| *number)
}

/// Whether a rule is about the edges of a whole text, so that its examples are whole texts too.
pub fn is_about_edges(rule: &Rule) -> bool {
    matches!(&rule.find, Find::BuiltIn(name) if rule.pass.spec().edge_built_ins.contains(&name.as_str()))
}
