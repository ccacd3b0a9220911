//! What becomes of each row.

use rustc_hash::FxHashMap;

use super::read::Listed;
use emendo_core::passes;
use emendo_core::passes::phrases::same;
use emendo_core::rules::{Case, Find, Knowledge, PassName, Policy, Rule, lexicon};

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowVerdict {
    /// It becomes a rule.
    Added,
    /// It becomes a rule that asks: several corrections are possible, or the list itself has doubts.
    Choice,
    /// It becomes a rule that asks: the wrong form is a word too, as this sentence says.
    RealWord(String),
    /// It stands nowhere in the corpus; whether it becomes a rule all the same.
    Never(bool),
    /// There is such a rule already: its id, or the line of the same table, and the place of that.
    There(String),
    /// It is no rule, and why.
    Refused(String),
}

impl RowVerdict {
    /// The name for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Choice => "asks: several corrections",
            Self::RealWord(_) => "asks: a real word",
            Self::Never(_) => "never occurs",
            Self::There(_) => "there already",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether the row becomes a rule.
    pub fn is_rule(&self) -> bool {
        matches!(self, Self::Added | Self::Choice | Self::RealWord(_) | Self::Never(true))
    }
}

/// A row, and what becomes of it.
#[derive(Debug)]
pub struct Judged {
    /// The row.
    pub listed: Listed,
    /// What becomes of it.
    pub verdict: RowVerdict,
    /// How often the wrong form stands in the corpus, and the right one; nothing without a corpus.
    pub seen: Option<[u64; 2]>,
}

impl Judged {
    /// The correction that the rule makes.
    pub fn right(&self) -> &str {
        self.listed.rights.first().map_or("", String::as_str)
    }
}

/// Judges rows by the rules that there are, and by one another.
pub struct Judge<'k> {
    pass: PassName,
    /// The id of a rule without the form.
    prefix: String,
    known: FxHashMap<String, Vec<&'k Rule>>,
    /// The rows so far by what they find.
    rows: FxHashMap<String, (usize, String)>,
}

impl<'k> Judge<'k> {
    /// For rows that belong into this table.
    pub fn new(knowledge: &'k Knowledge, pass: PassName, name: &str) -> Self {
        let mut known: FxHashMap<String, Vec<&Rule>> = FxHashMap::default();
        for (_, rule) in knowledge.rules.iter().filter(|(_, rule)| rule.pass == pass) {
            if let Some(form) = crate::new_rules::candidate_rules::form(rule) {
                known.entry(key(pass, form)).or_default().push(rule);
            }
        }
        Self { pass, prefix: format!("{pass}/{name}/"), known, rows: FxHashMap::default() }
    }

    /// What becomes of a row, as far as it can be told before all rules are proven.
    pub fn judge(&mut self, listed: &Listed) -> RowVerdict {
        let fault = if self.pass == PassName::NAMES { passes::names::fault } else { passes::typos::fault };
        let forms = std::iter::once(&listed.wrong).chain(&listed.rights);
        if let Some((form, why)) = forms.into_iter().find_map(|form| Some((form, fault(form)?))) {
            return RowVerdict::Refused(format!("The pass {} cannot use `{}`: it {why}.", self.pass, form));
        }
        let right = listed.rights.first().map_or("", String::as_str);
        if same(&listed.wrong, right) {
            return RowVerdict::Refused("It changes nothing: both forms are the same.".to_owned());
        }
        if let Some(known) = self.known.get(&key(self.pass, &listed.wrong)).into_iter().flatten().find(|rule| self.meets(rule, listed)) {
            return self.against(known, listed);
        }
        let undoes = |rule: &&&Rule| corrects_to(rule).is_some_and(|form| self.is_same(form, &listed.wrong)) && self.meets(rule, listed);
        if let Some(other) = self.known.get(&key(self.pass, right)).into_iter().flatten().find(undoes) {
            return RowVerdict::Refused(format!(
                "The rule {} makes `{}` of `{right}`: the two would undo each other.",
                place(other),
                listed.wrong
            ));
        }
        if self.pass == PassName::NAMES && listed.is_choice() {
            return RowVerdict::Refused("A name has one form to arrive at. Leave the others out.".to_owned());
        }
        let key = key(self.pass, &listed.wrong);
        if let Some((line, other)) = self.rows.get(&key) {
            return if self.is_same(other, right) {
                RowVerdict::There(format!("line {line} of this table"))
            } else {
                RowVerdict::Refused(format!("Line {line} says otherwise: `{other}`. Keep the one that is right."))
            };
        }
        self.rows.insert(key, (listed.line, right.to_owned()));
        if listed.is_choice() { RowVerdict::Choice } else { RowVerdict::Added }
    }

    /// Whether a rule is about the same form: everywhere, or in the very table that is added to.
    fn meets(&self, rule: &Rule, listed: &Listed) -> bool {
        let is_same_row = *rule.id == *format!("{}{}", self.prefix, listed.wrong.replace(' ', "_"));
        let is_open = rule.only.files.is_none() && rule.not.is_empty();
        let is_found = match &rule.find {
            Find::Words { wrong, case: Case::Exact, .. } => *wrong == listed.wrong,
            _ => true,
        };
        is_same_row || is_open && is_found
    }

    fn against(&self, rule: &Rule, listed: &Listed) -> RowVerdict {
        let Some(right) = corrects_to(rule) else { return RowVerdict::Added };
        let place = place(rule);
        if listed.rights.iter().any(|other| self.is_same(other, right)) {
            let wants_to_ask = listed.is_choice() || listed.says.policy == Some(Policy::Ask);
            let applies = if wants_to_ask && rule.policy.is_none() { ", which does not ask" } else { "" };
            return RowVerdict::There(format!("{place}{applies}"));
        }
        let way_out = if rule.origin.shipped {
            "It comes with emendo; emendo rules add takes its place if yours is right."
        } else {
            "Correct that rule if yours is right."
        };
        RowVerdict::Refused(format!("The rule {place} makes `{right}` of it. {way_out}"))
    }

    fn is_same(&self, one: &str, other: &str) -> bool {
        key(self.pass, one) == key(self.pass, other)
    }
}

/// A rule and where it stands.
fn place(rule: &Rule) -> String {
    format!("{} ({}:{})", rule.id, rule.origin.file, rule.origin.line)
}

/// What a rule about a word or a name makes of it.
fn corrects_to(rule: &Rule) -> Option<&str> {
    match &rule.find {
        Find::Words { right, .. } | Find::Name { canonical: right, .. } => Some(right),
        _ => None,
    }
}

/// What two forms have in common that a rule would not tell apart.
pub fn key(pass: PassName, form: &str) -> String {
    let form = form.replace('’', "'");
    if pass == PassName::NAMES { form } else { form.to_lowercase() }
}

/// Why a form is no misspelling but a word, as far as a list of English words tells.
pub fn listed_word(form: &str) -> Option<String> {
    if form.contains(' ') {
        None
    } else if lexicon::is_word(form) {
        Some(format!("`{form}` is a word of English."))
    } else {
        lexicon::is_name(form).then(|| format!("`{form}` is a name."))
    }
}

/// So often a form has to stand in a corpus before it can be called usual.
const OFTEN: u64 = 3;

/// Why a form is no misspelling but a word, as far as a corpus tells.
pub fn usual_word(form: &str, right: &str, [wrong, other]: [u64; 2]) -> Option<String> {
    (wrong >= OFTEN && wrong > other)
        .then(|| format!("`{form}` stands in the corpus {wrong} times, more often than `{right}` with {other}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::{RuleDir, load};

    fn row(line: usize, wrong: &str, rights: &[&str]) -> Listed {
        Listed { line, wrong: wrong.into(), rights: rights.iter().map(|right| (*right).into()).collect(), ..Listed::default() }
    }

    #[test]
    fn each_row_has_one_verdict() {
        let table = "wrong\tright\tcase\twhy\nadn\tand\t\tw\nteh\tthe\texact\tw\n";
        let scoped = [("typos/post.toml", "only = { files = [\"post/**\"] }\n"), ("typos/post.tsv", "wrong\tright\twhy\nwich\twhich\tw\n")];
        let files = [("typos/house.tsv", table)].into_iter().chain(scoped).map(|(path, text)| (path.to_owned(), text.to_owned()));
        let knowledge =
            load(false, &[RuleDir { name: "rules".into(), files: files.collect(), ..RuleDir::default() }]).expect("the rules can be read");
        let mut judge = Judge::new(&knowledge, PassName::TYPOS, "outlet");
        let mut told = |wrong, rights: &[&str]| judge.judge(&row(7, wrong, rights));
        assert_eq!(told("adn", &["and"]), RowVerdict::There("typos/house/adn (rules/typos/house.tsv:2)".into()));
        assert_eq!(told("Adn", &["And"]), RowVerdict::There("typos/house/adn (rules/typos/house.tsv:2)".into()));
        assert!(matches!(told("adn", &["DNA"]), RowVerdict::Refused(why) if why.contains("typos/house/adn") && why.contains("`and`")));
        assert_eq!(told("TEH", &["THE"]), RowVerdict::Added, "the other is found only as it is written");
        assert_eq!(told("wich", &["witch"]), RowVerdict::Added, "the other is for some files only");
        assert_eq!(told("wich", &["witch"]), RowVerdict::There("line 7 of this table".into()));
        assert!(matches!(told("wich", &["which"]), RowVerdict::Refused(why) if why.contains("Line 7 says otherwise")));
        assert_eq!(told("ans", &["and", "ant"]), RowVerdict::Choice);
        assert!(matches!(told("x.", &["y"]), RowVerdict::Refused(why) if why.contains("cannot use `x.`")));
        assert!(matches!(told("don’t", &["don't"]), RowVerdict::Refused(why) if why.contains("changes nothing")));
    }

    #[test]
    fn a_word_is_no_misspelling() {
        assert!(listed_word("form").is_some() && listed_word("Israel").is_some());
        assert!(listed_word("Isrfael").is_none() && listed_word("of the").is_none());
        assert!(usual_word("form", "from", [4, 3]).is_some() && usual_word("form", "from", [3, 3]).is_none());
        assert!(usual_word("form", "from", [2, 0]).is_none());
    }
}
