//! What a source becomes with a new rule, beside what it becomes without.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::report::{LineColumns, Private};
use emendo_core::cleaner::{CleanedDocument, CleanedSlice, CleanedSource};
use emendo_core::edit::{ChangeId, Fate, InSource, PlacedChange, Span};

/// So many characters of the text are shown on each side of a place.
const CONTEXT: usize = 32;

/// All that differs.
#[derive(Default)]
pub struct Differences {
    /// Sources that were compared.
    pub sources: usize,
    /// Changes that only the new chain makes or asks about.
    pub gained: DifferenceSide,
    /// Changes that only the old chain makes or asks about.
    pub lost: DifferenceSide,
    /// Places where both do something, and not the same.
    pub altered: DifferenceSide,
    /// Places where another rule does now what one did before, with the same text and policy.
    pub same: usize,
    /// Places where the new rule supersedes another: by that rule.
    pub supersedes: BTreeMap<Arc<str>, usize>,
    /// Places where another rule supersedes the new one: by that rule.
    pub superseded_by: BTreeMap<Arc<str>, usize>,
    /// Places of the new rule where nothing may be changed: by their zone.
    pub protected: BTreeMap<&'static str, usize>,
    /// Documents that only the new rule makes problems: the source and why.
    pub new_problems: Vec<(String, String)>,
    /// Inputs and documents that are problems anyway.
    pub problems: usize,
    limit: usize,
}

/// Differences of one kind.
#[derive(Default, Serialize)]
pub struct DifferenceSide {
    /// How many there are.
    pub count: usize,
    /// So many of them need review.
    pub pending: usize,
    /// How many there are in each kind of place; `text` is the text outside all zones.
    pub zones: BTreeMap<&'static str, usize>,
    /// How many there are in each source.
    pub documents: BTreeMap<String, usize>,
    /// The first of them.
    pub shown: Vec<Keyword>,
}

/// A line of the concordance: what differs, and the text round it. All texts are raw.
#[derive(Serialize)]
pub struct Keyword {
    /// The source.
    pub source: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The kind of place.
    pub zone: &'static str,
    /// The rule.
    pub rule: Arc<str>,
    /// What the rule saw.
    pub before: String,
    /// What it makes of that.
    pub after: String,
    /// Whether it needs review.
    #[serde(rename = "pending")]
    pub is_pending: bool,
    /// What the chain as it is makes there, for what is altered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<CleanedBefore>,
    /// What stands before the place in its line.
    pub left: String,
    /// What stands behind it.
    pub right: String,
    /// What the source's characters U+EF80 to U+EFFF are.
    #[serde(skip)]
    pub private: Private,
}

/// What the chain as it is makes of a place.
#[derive(Serialize)]
pub struct CleanedBefore {
    /// By this rule.
    pub rule: Arc<str>,
    /// What the rule saw.
    pub before: String,
    /// What it makes of that.
    pub after: String,
    /// Whether it needs review.
    #[serde(rename = "pending")]
    pub is_pending: bool,
}

impl Differences {
    /// Nothing is compared yet. So many places of each kind are shown.
    pub fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Compares a source as the old chain cleans it with the same as the new one does.
    pub fn add(&mut self, old: &CleanedSource, new: &CleanedSource, is_new: impl Fn(&str) -> bool) {
        let (Some(old_text), Some(new_text)) = (old.text(), new.text()) else {
            self.problems += old.problems().count();
            return;
        };
        self.sources += 1;
        let mut about = None;
        // What a source is cut into no rule has a part in.
        for (old_slice, new_slice) in old_text.slices.iter().zip(&new_text.slices) {
            match (old_slice, new_slice) {
                (CleanedSlice::Document(before), CleanedSlice::Document(after)) => {
                    if before.cleaned.changes != after.cleaned.changes {
                        let places = || LineColumns::new(old_text.text.as_bytes());
                        let about = about.get_or_insert_with(|| About {
                            name: &old.name,
                            text: &old_text.text,
                            places: places(),
                            private: Private::of(Some(old_text.encoding)),
                        });
                        self.document(about, before, after, &is_new);
                    }
                }
                (CleanedSlice::Document(_), CleanedSlice::Problem(problem)) => {
                    self.new_problems.push((old.name.clone(), problem.reason.clone()));
                }
                (CleanedSlice::Problem(_), _) => self.problems += 1,
            }
        }
    }

    fn document(&mut self, about: &About<'_>, old: &CleanedDocument, new: &CleanedDocument, is_new: &impl Fn(&str) -> bool) {
        let layout = &old.layout;
        let (old, new): (Vec<_>, Vec<_>) = (old.cleaned.placed().collect(), new.cleaned.placed().collect());
        self.rivals(&new, is_new);
        let mut lost = only(&old, &new);
        let mut gained = only(&new, &old);
        let place = |change: &PlacedChange<'_>| (layout.start_of(&change.part) + change.span().start, change.span(), change.id());
        lost.sort_by_key(place);
        gained.sort_by_key(place);
        let at = |change: &PlacedChange<'_>| -> Span<InSource> { change.span().shifted(layout.start_of(&change.part)) };
        let mut paired = vec![false; gained.len()];
        let mut from = 0;
        for was in lost {
            while gained.get(from).is_some_and(|change| at(change).end < at(&was).start) {
                from += 1;
            }
            let near = (from..gained.len()).take_while(|number| at(&gained[*number]).start <= at(&was).end);
            let rival = near.into_iter().find(|number| {
                let change = gained[*number];
                change.part == was.part && (change.span() == was.span() || change.span().rivals(was.span()))
            });
            match rival {
                Some(number) => {
                    paired[number] = true;
                    if is_same(gained[number], was) {
                        self.same += 1;
                    } else {
                        self.altered.add(about, (gained[number], at(&gained[number])), Some(was), self.limit);
                    }
                }
                None => self.lost.add(about, (was, at(&was)), None, self.limit),
            }
        }
        for (change, _) in gained.iter().zip(&paired).filter(|(_, paired)| !**paired) {
            self.gained.add(about, (*change, at(change)), None, self.limit);
        }
    }

    /// Counts where the new rule and others claim the same text, and where it may do nothing.
    fn rivals(&mut self, changes: &[PlacedChange<'_>], is_new: &impl Fn(&str) -> bool) {
        let mut by_id: Option<FxHashMap<ChangeId, &PlacedChange<'_>>> = None;
        for change in changes {
            match change.fate {
                Fate::Superseded { by } => {
                    let by_id = by_id.get_or_insert_with(|| changes.iter().map(|change| (change.id(), change)).collect());
                    let Some(winner) = by_id.get(&by) else { continue };
                    match (is_new(&change.rule), is_new(&winner.rule)) {
                        (true, false) => *self.superseded_by.entry(winner.rule.clone()).or_default() += 1,
                        (false, true) => *self.supersedes.entry(change.rule.clone()).or_default() += 1,
                        _ => {}
                    }
                }
                Fate::Protected { zone } if is_new(&change.rule) => *self.protected.entry(zone.name()).or_default() += 1,
                _ => {}
            }
        }
    }

    /// The documents in which something differs.
    pub fn documents(&self) -> usize {
        let sides = [&self.gained, &self.lost, &self.altered];
        sides.into_iter().flat_map(|side| side.documents.keys()).collect::<BTreeSet<_>>().len()
    }
}

/// The source that a change lies in.
struct About<'a> {
    name: &'a str,
    text: &'a str,
    places: LineColumns<'a>,
    private: Private,
}

/// Whether the two do the same, if by different rules.
fn is_same(one: PlacedChange<'_>, other: PlacedChange<'_>) -> bool {
    let what = |change: PlacedChange<'_>| (change.span(), change.fate == Fate::Pending);
    what(one) == what(other) && one.before == other.before && one.result() == other.result()
}

/// What is done or asked in the one and not in the other just so.
fn only<'c>(these: &[PlacedChange<'c>], others: &[PlacedChange<'_>]) -> Vec<PlacedChange<'c>> {
    let stands = |change: &&PlacedChange<'_>| matches!(change.fate, Fate::Applied | Fate::Pending);
    let others: FxHashMap<ChangeId, &PlacedChange<'_>> = others.iter().filter(stands).map(|change| (change.id(), change)).collect();
    let is_alike = |change: &PlacedChange<'_>| {
        others
            .get(&change.id())
            .is_some_and(|other| (other.fate, other.result()) == (change.fate, change.result()) && other.part == change.part)
    };
    these.iter().filter(stands).filter(|change| !is_alike(change)).copied().collect()
}

impl DifferenceSide {
    fn add(&mut self, about: &About<'_>, (change, at): (PlacedChange<'_>, Span<InSource>), was: Option<PlacedChange<'_>>, limit: usize) {
        let is_pending = change.fate == Fate::Pending;
        let zone = change.zone.map_or("text", emendo_core::edit::Zone::name);
        self.count += 1;
        self.pending += usize::from(is_pending);
        *self.zones.entry(zone).or_default() += 1;
        match self.documents.get_mut(about.name) {
            Some(count) => *count += 1,
            None => _ = self.documents.insert(about.name.to_owned(), 1),
        }
        if self.shown.len() == limit {
            return;
        }
        let (line, column) = about.places.of(at.start);
        self.shown.push(Keyword {
            source: about.name.to_owned(),
            line,
            column,
            zone,
            rule: change.rule.clone(),
            before: change.before.to_string(),
            after: change.result().to_owned(),
            is_pending,
            instead_of: was.map(|was| CleanedBefore {
                rule: was.rule.clone(),
                before: was.before.to_string(),
                after: was.result().to_owned(),
                is_pending: was.fate == Fate::Pending,
            }),
            left: left(&about.text[..at.start]),
            right: right(&about.text[at.end..]),
            private: about.private,
        });
    }
}

/// The last words of the line that ends here.
fn left(text: &str) -> String {
    let line = &text[text.rfind('\n').map_or(0, |at| at + 1)..];
    let Some((cut, _)) = line.char_indices().rev().nth(CONTEXT - 1).filter(|(at, _)| *at > 0) else { return line.to_owned() };
    let words = line[cut..].split_once(char::is_whitespace).map_or("", |(_, words)| words);
    format!("…{words}")
}

/// The first words of the line that begins here.
fn right(text: &str) -> String {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let Some((cut, _)) = line.char_indices().nth(CONTEXT) else { return line.to_owned() };
    let words = line[..cut].rsplit_once(char::is_whitespace).map_or("", |(words, _)| words);
    format!("{words}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::chain::Chain;
    use emendo_core::cleaner::Cleaner;
    use emendo_core::review::Decisions;
    use emendo_core::rules::{Caps, RuleDir, Style, load};

    /// What becomes of the text with the shipped rules and these rows of a table.
    fn cleaned(table: &str, rows: &str, text: &str) -> CleanedSource {
        let file = (format!("typos/{table}.tsv"), format!("wrong\tright\twhy\n{rows}"));
        let knowledge =
            load(true, &[RuleDir { name: "rules".into(), files: vec![file], ..RuleDir::default() }]).expect("the rows have no errors");
        let chain = Chain::new(knowledge.rules.in_style(Style::Straight).into(), &knowledge.chain, &Caps::default());
        Cleaner::new(chain, Vec::new(), Decisions::default(), Some("en".into())).clean_source("a.txt", text.as_bytes())
    }

    const TEXT: &str = "An ambulence came.\nHe said \"the ambulence is here\" and left.\nIsrfael";

    fn compared(old: [&str; 2], new: [&str; 2]) -> Differences {
        let mut differences = Differences::new(1);
        differences.add(&cleaned(old[0], old[1], TEXT), &cleaned(new[0], new[1], TEXT), |id| id.starts_with("typos/new/"));
        differences
    }

    const ROW: &str = "ambulence\tambulance\tw\n";

    #[test]
    fn what_one_gains_the_other_loses() {
        let gained = compared(["old", ""], ["new", ROW]);
        assert_eq!((gained.gained.count, gained.lost.count, gained.altered.count, gained.same), (2, 0, 0, 0));
        assert_eq!(gained.gained.zones, BTreeMap::from([("quotation", 1), ("text", 1)]));
        assert_eq!((gained.gained.pending, gained.gained.documents["a.txt"], gained.gained.shown.len()), (1, 2, 1));
        let lost = compared(["old", ROW], ["new", ""]);
        assert_eq!((lost.gained.count, lost.lost.count, lost.altered.count), (0, 2, 0));
    }

    #[test]
    fn another_text_is_altered_and_the_same_text_is_not() {
        let altered = compared(["old", ROW], ["new", "ambulence\tambulances\tw\n"]);
        assert_eq!((altered.gained.count, altered.lost.count, altered.altered.count, altered.same), (0, 0, 2, 0));
        let shown = &altered.altered.shown[0];
        assert_eq!((&*shown.after, shown.instead_of.as_ref().map(|was| &*was.after)), ("ambulances", Some("ambulance")));
        let same = compared(["old", ROW], ["new", ROW]);
        assert_eq!((same.gained.count, same.lost.count, same.altered.count, same.same), (0, 0, 0, 2));
        assert_eq!(compared(["new", ROW], ["new", ROW]).documents(), 0);
    }

    #[test]
    fn a_rule_that_claims_more_supersedes() {
        let rows = format!("{ROW}an ambulence\ta car\tw\n");
        let differences = compared(["old", ROW], ["new", &rows]);
        assert!(differences.superseded_by.is_empty() && differences.supersedes.is_empty(), "the new rules among themselves");
        let knowledge = |new: &str| {
            let files = [("typos/old.tsv", ROW), ("typos/new.tsv", new)];
            let files = files.map(|(path, rows)| (path.to_owned(), format!("wrong\tright\twhy\n{rows}")));
            load(true, &[RuleDir { name: "rules".into(), files: files.into(), ..RuleDir::default() }]).expect("the rows have no errors")
        };
        let clean = |new: &str| {
            let knowledge = knowledge(new);
            let chain = Chain::new(knowledge.rules.in_style(Style::Straight).into(), &knowledge.chain, &Caps::default());
            Cleaner::new(chain, Vec::new(), Decisions::default(), Some("en".into())).clean_source("a.txt", TEXT.as_bytes())
        };
        let mut differences = Differences::new(9);
        differences.add(&clean(""), &clean("an ambulence\ta car\tw\n"), |id| id.starts_with("typos/new/"));
        assert_eq!(differences.supersedes, BTreeMap::from([("typos/old/ambulence".into(), 1)]));
        assert_eq!(differences.altered.count, 1);
    }

    #[test]
    fn the_text_round_a_place_is_cut_between_words() {
        let text = "one\nAll that was said before this place is long and ";
        assert_eq!(left(text), "…before this place is long and ");
        assert_eq!(left("one\ntwo "), "two ");
        assert_eq!(right(" and what is said behind it is as long\nx"), " and what is said behind it is…");
        assert_eq!(right(" and\r\nx"), " and");
    }
}
