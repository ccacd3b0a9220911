//! What emendo has to know of a pass, and the name by which rules and records know it.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

use super::{Contract, Pass, PassRules, SPECS, TableSpec};
use crate::edit::Zone;
use crate::rules::Style;

/// All that the rest of emendo knows of a pass. Its file has one, and [`SPECS`] lists it.
///
/// [`PassSpec::new`] has what every pass must say; the other fields are for passes that need them.
pub struct PassSpec {
    /// The name of its folder of rules, and of the pass in rule ids and records.
    pub name: &'static str,
    /// What it may touch.
    pub contract: Contract,
    /// Makes the pass from its rules, for a run in this style.
    pub build: fn(PassRules<'_>, Style) -> Box<dyn Pass>,
    /// The behaviours that it knows by name: what `built-in` may say.
    pub built_ins: &'static [&'static str],
    /// Those of them that are about the edges of a text: their examples are whole texts.
    pub edge_built_ins: &'static [&'static str],
    /// What a quotation mark may do, by name: what `mark` may say.
    pub marks: &'static [&'static str],
    /// The contexts that it knows by name: what `keep-in` may say.
    pub contexts: &'static [&'static str],
    /// The form of its tables; `None` if it has rules in `.toml` files only.
    pub table: Option<TableSpec>,
    /// Whether what it does is right in one language only: the marks and words of another language are left alone.
    pub is_about_language: bool,
    /// The protected zones in which it may change text all the same.
    pub enters: &'static [Zone],
    /// Whether the runs of blanks that it leaves hold columns, which later passes must not move.
    pub leaves_columns: bool,
    /// The id of its rule that asks about bytes that are not in the encoding of the source.
    pub asks_about_bytes: Option<&'static str>,
}

impl PassSpec {
    /// A pass that has nothing but a name, a contract and a way to make it.
    pub const fn new(name: &'static str, contract: Contract, build: fn(PassRules<'_>, Style) -> Box<dyn Pass>) -> Self {
        Self {
            name,
            contract,
            build,
            built_ins: &[],
            edge_built_ins: &[],
            marks: &[],
            contexts: &[],
            table: None,
            is_about_language: false,
            enters: &[],
            leaves_columns: false,
            asks_about_bytes: None,
        }
    }
}

/// The name of a pass, through which all that is known of the pass is found.
#[derive(Clone, Copy)]
pub struct PassName(&'static PassSpec);

impl PassName {
    /// The names of all passes that come with emendo, in the order of the shipped chain.
    pub const ALL: [PassName; SPECS.len()] = {
        let mut all = [PassName(SPECS[0]); SPECS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = PassName(SPECS[at]);
            at += 1;
        }
        all
    };

    /// The name of the pass with this spec.
    pub const fn of(spec: &'static PassSpec) -> Self {
        Self(spec)
    }

    /// All that is known of the pass.
    pub const fn spec(self) -> &'static PassSpec {
        self.0
    }

    /// The name in rule files and records.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The pass of that name that comes with emendo.
    pub fn from_name(name: &str) -> Option<Self> {
        PassTable::SHIPPED.find(name)
    }
}

impl PartialEq for PassName {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.name() == other.name()
    }
}

impl Eq for PassName {}

impl Hash for PassName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Display for PassName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for PassName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for PassName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The passes that a folder of rules may name, in the order in which help lists them.
#[derive(Clone, Copy)]
pub struct PassTable<'t>(&'t [PassName]);

impl<'t> PassTable<'t> {
    /// The passes that come with emendo.
    pub const SHIPPED: PassTable<'static> = PassTable(&PassName::ALL);

    /// These passes.
    pub const fn new(passes: &'t [PassName]) -> Self {
        Self(passes)
    }

    /// The pass of that name.
    pub fn find(self, name: &str) -> Option<PassName> {
        self.iter().find(|pass| pass.name() == name)
    }

    /// The passes in their order.
    pub fn iter(self) -> impl Iterator<Item = PassName> + 't {
        self.0.iter().copied()
    }

    /// The names of the passes in their order.
    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(PassName::name).collect()
    }
}
