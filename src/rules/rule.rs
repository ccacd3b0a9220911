//! One piece of knowledge, and the set of them that a run uses.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::edit::{RuleNumber, Zone};
use crate::passes::PassName;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// What a rule may do without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// The rule is not run.
    Off,
    /// Its changes wait for a decision.
    Ask,
    /// Its changes are applied: whoever wrote the rule vouches for each of them.
    Apply,
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Policy::Off => "off",
            Policy::Ask => "ask",
            Policy::Apply => "apply",
        })
    }
}

/// How quotation marks and apostrophes are typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// With the keys of a typewriter: " and '.
    #[default]
    Straight,
    /// As books are printed, each mark for what it does: in English “ ” ‘ ’.
    Typographic,
}

impl Style {
    /// Both of them.
    pub const ALL: [Style; 2] = [Style::Straight, Style::Typographic];

    /// The name in rule files, `emendo.toml` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Style::Straight => "straight",
            Style::Typographic => "typographic",
        }
    }

    /// The style of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.name() == name)
    }

    /// The apostrophe.
    pub fn apostrophe(self) -> char {
        match self {
            Style::Straight => '\'',
            Style::Typographic => '’',
        }
    }
}

/// How a correction takes over the capitals of what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// Capitals in the correction stand, ALL CAPS stays caps, else the found word's case is copied.
    #[default]
    Copy,
    /// Any case is found; the correction carries its own capitals (`isrfael` → `Israel`).
    Force,
    /// Found and written exactly as given.
    Exact,
}

/// How far the author of a rule vouches for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Whoever wrote it knows the texts.
    #[default]
    Full,
    /// It comes from a list that knows no text: it asks wherever the text gives a reason.
    Cautious,
}

/// Whose name a name is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameKind {
    /// A person's: once it was said in full, what follows the given name stands for it.
    Person,
    /// A place's, an organisation's, or not said.
    #[default]
    Other,
}

/// What a rule finds and what it makes of it.
#[derive(Clone, Debug)]
pub enum Find {
    /// A regular expression, and a template in which `${1}` is its first group.
    Pattern {
        /// Compiled, without Unicode surprises: as the `regex` crate reads it.
        find: regex::Regex,
        /// As written.
        becomes: String,
    },
    /// Listed code points, each replaced by the same text wherever `keep_in` does not hold it.
    Characters {
        /// Inclusive ranges, sorted.
        chars: Vec<(char, char)>,
        /// Often empty.
        becomes: String,
        /// Names of the contexts, known to the pass, in which the character carries meaning.
        keep_in: Vec<String>,
    },
    /// A word or a phrase with single spaces, found by token.
    Words {
        /// The wrong form.
        wrong: SmolStr,
        /// The right one.
        right: SmolStr,
        /// What happens to capitals.
        case: Case,
    },
    /// A variant of a name, found by token, its white space left alone.
    Name {
        /// The form to leave.
        variant: SmolStr,
        /// The form to arrive at.
        canonical: SmolStr,
        /// Longer names that hold the variant and mean somebody else.
        not_same: Vec<String>,
        /// Whose name it is.
        kind: NameKind,
    },
    /// A quotation mark that does what this name says: which of them do the pass reads from the whole paragraph.
    Mark {
        /// `opening-double`, `apostrophe` and so on.
        mark: String,
        /// How it is printed; with its space, where a language has one.
        becomes: String,
    },
    /// A behaviour that the pass itself knows, by name; the rule carries its reason, policy and
    /// examples.
    BuiltIn(String),
}

/// A text that a rule changes, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// A fragment: the rules about the edges of a file are off.
    pub before: SmolStr,
    /// The same after the rule's own pass.
    pub after: SmolStr,
}

/// Where a rule was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file, as the user named its folder, or `rules/…` for a shipped one.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: usize,
    /// Whether it came with emendo.
    pub shipped: bool,
    /// The file's path in its folder, `quotes/house.toml`: the same wherever the folder lies.
    pub path: Arc<str>,
    /// What was written there: the lines of the rule, or of the columns' names and of the row.
    pub text: Arc<str>,
    /// What the `NAME.toml` beside a table says for all its rows, as written; often empty.
    pub defaults: Arc<str>,
}

/// The documents in which a rule is run: all that are `only` and not `not`.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Source names; nothing means any.
    pub files: Option<Globs>,
    /// Language tags such as `en`, which stand for `en-GB` too; none means any.
    pub lang: Vec<String>,
}

/// File name patterns.
#[derive(Clone, Debug)]
pub struct Globs {
    /// As written.
    pub patterns: Vec<String>,
    /// Compiled.
    pub set: globset::GlobSet,
}

impl Globs {
    /// Whether some name may fit both. Told by what the patterns begin with before their first wildcard, so that two of which
    /// nothing fits both may be taken to meet, but never the other way round.
    pub fn may_meet(&self, other: &Globs) -> bool {
        self.patterns.iter().any(|a| other.patterns.iter().any(|b| beginnings_agree(a, b)))
    }
}

fn beginnings_agree(a: &str, b: &str) -> bool {
    // A pattern without a slash fits a name in any folder.
    let beginning =
        |pattern: &'_ str| if pattern.contains('/') { pattern.find(['*', '?', '[', '{', '\\']).unwrap_or(pattern.len()) } else { 0 };
    let (a, b) = (&a[..beginning(a)], &b[..beginning(b)]);
    a.starts_with(b) || b.starts_with(a)
}

impl Scope {
    /// Whether this names nothing, and so neither narrows nor excludes anything.
    pub fn is_empty(&self) -> bool {
        self.files.is_none() && self.lang.is_empty()
    }

    /// Whether all that this names fits. An unknown language fits every rule.
    pub fn holds(&self, file: &str, lang: Option<&str>) -> bool {
        let file_fits = self.files.as_ref().is_none_or(|globs| globs.set.is_match(file));
        file_fits && self.holds_language(lang)
    }

    /// Whether the language that this names fits, whatever the file. An unknown language fits every rule.
    pub fn holds_language(&self, lang: Option<&str>) -> bool {
        let is_of =
            |wanted: &String, lang: &str| lang.strip_prefix(wanted.as_str()).is_some_and(|more| more.is_empty() || more.starts_with('-'));
        lang.is_none_or(|lang| self.lang.is_empty() || self.lang.iter().any(|wanted| is_of(wanted, lang)))
    }

    /// Whether a rule that is `only` this, and not `not`, is run in this language, in some file at least.
    pub fn allows_language(&self, lang: Option<&str>, not: &Scope) -> bool {
        self.holds_language(lang) && (not.lang.is_empty() || not.files.is_some() || !not.holds_language(lang))
    }
}

/// One piece of knowledge.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The full id: `quotes/double-prime`, `typos/recurring/Isrfael`.
    pub id: Arc<str>,
    /// The pass that runs it.
    pub pass: PassName,
    /// What it finds and what that becomes.
    pub find: Find,
    /// The only style in which it is run; nothing means both.
    pub style: Option<Style>,
    /// What the rule itself says.
    pub policy: Option<Policy>,
    /// How far its author vouches for it.
    pub trust: Trust,
    /// What the rule says for single zones.
    pub zones: Arc<[(Zone, Policy)]>,
    /// Where it is run.
    pub only: Arc<Scope>,
    /// Where it is not run.
    pub not: Arc<Scope>,
    /// The sentence that a reviewer reads.
    pub why: Arc<str>,
    /// Texts that it changes.
    pub examples: Vec<Example>,
    /// Texts that it must leave alone.
    pub keeps: Vec<String>,
    /// Where it was written.
    pub origin: Origin,
}

impl Rule {
    /// A rule with nothing but its id and what it finds: applied everywhere, for no stated reason.
    pub fn new(pass: PassName, id: &str, find: Find) -> Self {
        Self {
            id: id.into(),
            pass,
            find,
            style: None,
            policy: None,
            trust: Trust::default(),
            zones: Arc::default(),
            only: Arc::default(),
            not: Arc::default(),
            why: Arc::default(),
            examples: Vec::new(),
            keeps: Vec::new(),
            origin: Origin::default(),
        }
    }

    /// Whether both rules may be run in one document, as far as its name tells.
    pub fn may_meet(&self, other: &Rule) -> bool {
        let excludes = |a: &Rule, b: &Rule| match (&a.only.files, &b.not.files) {
            (Some(only), Some(not)) => b.not.lang.is_empty() && only.patterns.iter().all(|pattern| not.patterns.contains(pattern)),
            _ => false,
        };
        let disjoint = matches!((&self.only.files, &other.only.files), (Some(a), Some(b)) if !a.may_meet(b));
        !disjoint && !excludes(self, other) && !excludes(other, self)
    }

    /// Whether the rule is run in this document at all.
    pub fn in_scope(&self, file: &str, lang: Option<&str>) -> bool {
        self.only.holds(file, lang) && (self.not.is_empty() || !self.not.holds(file, lang))
    }

    /// A digest of what the rule finds and makes of it: a decision about the whole rule is stale
    /// when this changes.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{:?}", self.find).as_bytes());
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

/// All rules of a run, in order: the earlier rule wins a tie.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
    style: Style,
    /// Where each stands, once somebody asks.
    by_id: OnceLock<FxHashMap<Arc<str>, RuleNumber>>,
}

impl RuleSet {
    /// The rules in this order.
    pub fn new(rules: Vec<Rule>) -> Self {
        rules.into_iter().map(Arc::new).collect()
    }

    /// Those that are run in a style, for a run in that style.
    pub fn in_style(&self, style: Style) -> Self {
        let fits = |rule: &&Arc<Rule>| rule.style.is_none_or(|only| only == style);
        Self { style, ..self.rules.iter().filter(fits).cloned().collect() }
    }

    /// How quotation marks and apostrophes are typed in this run.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The rule with that number.
    pub fn get(&self, number: RuleNumber) -> &Rule {
        &self.rules[number.0 as usize]
    }

    /// The rule with that full id.
    pub fn by_id(&self, id: &str) -> Option<&Rule> {
        self.number_of(id).map(|number| self.get(number))
    }

    /// The number of the rule with that full id.
    pub fn number_of(&self, id: &str) -> Option<RuleNumber> {
        let by_id = self.by_id.get_or_init(|| self.iter().map(|(number, rule)| (rule.id.clone(), number)).collect());
        by_id.get(id).copied()
    }

    /// All rules with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (RuleNumber, &Rule)> {
        self.shared().map(|(number, rule)| (number, &**rule))
    }

    /// The same, to be kept elsewhere too.
    #[expect(clippy::missing_panics_doc, reason = "no memory holds so many rules")]
    pub fn shared(&self) -> impl Iterator<Item = (RuleNumber, &Arc<Rule>)> {
        self.rules.iter().enumerate().map(|(number, rule)| (RuleNumber(u32::try_from(number).expect("rules are counted in 32 bits")), rule))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl FromIterator<Arc<Rule>> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Arc<Rule>>>(rules: I) -> Self {
        Self { rules: rules.into_iter().collect(), ..Self::default() }
    }
}
