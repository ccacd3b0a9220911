//! All decisions of a project: which of them count, and for which change.
//!
//! A decision *here* is bound to the digest of a text and the identity of a change; see [`Decisions::bind`]. One that
//! finds no change of its identity is stale: listed, never applied.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::binding::{Bound, DocumentKey, ProposedChange};
use super::decision::{BadLine, Decision, DecisionScope, LineId, Verdict, parse_line};
use crate::document::Document;
use crate::rules::RuleSet;

/// All decisions of a project that count, in the order of their lines.
///
/// A line that another one names as taken back does not count, wherever the two stand; and of two lines of one person
/// about the same the later one counts. So the lines of two readers may be merged in any order, as git's union merge does.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    lines: Vec<(usize, Decision)>,
    ids: Vec<LineId>,
    taken_back: Vec<(usize, LineId, Decision)>,
    index: Index,
    /// Whether the last line was cut off while it was written, and so left out.
    pub torn: bool,
}

/// Which of the decisions concern what, by their positions: a run asks for each document and each change.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Those *here* and about a document, by their digest, and by the name of their document.
    documents: FxHashMap<String, Vec<usize>>,
    /// The same by the name of their source.
    sources: FxHashMap<String, Vec<usize>>,
    /// Those that make one thing of another everywhere, by the hash of rule, before and after.
    kinds: FxHashMap<u64, Vec<usize>>,
    /// Those about all that a rule does.
    rules: Vec<usize>,
}

impl Index {
    fn new(lines: &[(usize, Decision)]) -> Self {
        let mut index = Self::default();
        for (at, (_, decision)) in lines.iter().enumerate() {
            let Decision { rule, before, after, source, document, digest, .. } = decision;
            match (decision.scope, before, after) {
                (DecisionScope::Everywhere, Some(before), Some(after)) => {
                    index.kinds.entry(kind(rule, before, after)).or_default().push(at);
                }
                (DecisionScope::Everywhere | DecisionScope::Rule, ..) => index.rules.push(at),
                _ => {
                    let name = source.as_deref().map(|source| document_name(source, *document));
                    name.into_iter().chain(digest.clone()).for_each(|key| index.documents.entry(key).or_default().push(at));
                    if let Some(source) = source {
                        index.sources.entry(source.clone()).or_default().push(at);
                    }
                }
            }
        }
        index
    }

    /// The decisions that may be about a document, in the order of their lines.
    fn about(&self, key: &DocumentKey<'_>) -> BTreeSet<usize> {
        let name = document_name(key.source, key.origin.number);
        let digests = key.parts.iter().map(|(_, digest)| digest.as_str());
        // Version 0.1 named the source alone.
        let keys = digests.chain([key.source, &name]).chain(key.origin.source_digest);
        keys.filter_map(|key| self.documents.get(key)).flatten().copied().collect()
    }
}

/// The name of a document in the index: no file name holds a NUL.
fn document_name(source: &str, number: Option<usize>) -> String {
    number.map_or_else(|| source.to_owned(), |number| format!("{source}\0{number}"))
}

fn kind(rule: &str, before: &str, after: &str) -> u64 {
    FxBuildHasher.hash_one((rule, before, after))
}

impl Decisions {
    /// Reads a decisions file.
    ///
    /// A last line without line feed that cannot be read was torn by a crash: it is left out.
    ///
    /// # Errors
    /// All other lines that cannot be read, not the first only.
    pub fn parse(text: &str) -> Result<Self, Vec<BadLine>> {
        let (mut decisions, mut bad) = (Self::default(), Vec::new());
        for (number, line) in text.split_inclusive('\n').enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            match parse_line(line) {
                Ok(decision) => {
                    decisions.lines.push((number + 1, decision));
                    decisions.ids.push(LineId::of(line));
                }
                Err(_) if !line.ends_with('\n') => decisions.torn = true,
                Err(error) => bad.push(BadLine { line: number + 1, error }),
            }
        }
        decisions.drop_taken_back();
        decisions.index = Index::new(&decisions.lines);
        if bad.is_empty() { Ok(decisions) } else { Err(bad) }
    }

    fn drop_taken_back(&mut self) {
        let mut gone: FxHashSet<&LineId> = self.lines.iter().flat_map(|(_, decision)| &decision.instead_of).collect();
        let mut last: FxHashMap<(&Option<String>, String), &LineId> = FxHashMap::default();
        for ((_, decision), id) in self.lines.iter().zip(&self.ids) {
            if decision.decision == Verdict::Withdraw {
                gone.insert(id);
            } else if !gone.contains(id) {
                gone.extend(last.insert((&decision.who, decision.key()), id).filter(|earlier| *earlier != id));
            }
        }
        let counts: Vec<bool> = self.ids.iter().map(|id| !gone.contains(id)).collect();
        let (ids, lines) = (std::mem::take(&mut self.ids), std::mem::take(&mut self.lines));
        for ((id, line), counts) in ids.into_iter().zip(lines).zip(counts) {
            if counts {
                self.ids.push(id);
                self.lines.push(line);
            } else {
                self.taken_back.push((line.0, id, line.1));
            }
        }
    }

    /// Leaves out what nobody in particular accepted or replaced. Gives the lines that were left out.
    pub fn drop_unnamed(&mut self) -> Vec<usize> {
        let is_named = |decision: &Decision| decision.who.as_ref().is_some_and(|who| !who.trim().is_empty());
        let stays: Vec<bool> = self.iter().map(|(_, decision)| decision.decision == Verdict::Reject || is_named(decision)).collect();
        let dropped = self.lines.iter().zip(&stays).filter(|(_, stays)| !**stays).map(|(line, _)| line.0).collect();
        let (mut ids, mut lines) = (stays.iter(), stays.iter());
        self.ids.retain(|_| *ids.next().unwrap_or(&true));
        self.lines.retain(|_| *lines.next().unwrap_or(&true));
        self.index = Index::new(&self.lines);
        dropped
    }

    /// The decisions that do not count, each with the id of its line: what is taken back may be wanted again.
    pub fn taken_back(&self) -> impl Iterator<Item = (&LineId, &Decision)> {
        self.taken_back.iter().map(|(_, id, decision)| (id, decision))
    }

    /// All decisions in the order of their lines, each with the id of its line and whether it counts.
    pub fn in_order(&self) -> Vec<(&LineId, &Decision, bool)> {
        let counting = self.lines.iter().zip(&self.ids).map(|((line, decision), id)| (*line, id, decision, true));
        let taken_back = self.taken_back.iter().map(|(line, id, decision)| (*line, id, decision, false));
        let mut all: Vec<_> = counting.chain(taken_back).collect();
        all.sort_unstable_by_key(|(line, ..)| *line);
        all.into_iter().map(|(_, id, decision, counts)| (id, decision, counts)).collect()
    }

    /// What each decision has replaced.
    pub(super) fn replaced(&self) -> Replaced<'_> {
        let named: FxHashSet<&LineId> = self.all().flat_map(|decision| &decision.instead_of).collect();
        let mut replaced = Replaced::default();
        for (line, id, decision) in &self.taken_back {
            replaced.by_id.entry(id).or_default().push((*line, id, decision));
            if decision.decision != Verdict::Withdraw && !named.contains(id) {
                replaced.by_key.entry((decision.who.as_deref(), decision.key())).or_default().push((*line, id, decision));
            }
        }
        replaced
    }

    /// These decisions, each with the lines of its reader about the same in `instead_of`.
    pub fn replacing(&self, decisions: Vec<Decision>) -> Vec<Decision> {
        let mut alike: FxHashMap<(Option<&str>, String), Vec<&LineId>> = FxHashMap::default();
        for (id, decision) in self.with_ids() {
            alike.entry((decision.who.as_deref(), decision.key())).or_default().push(id);
        }
        let replacing = |decision: Decision| {
            let replaced = alike.get(&(decision.who.as_deref(), decision.key())).into_iter().flatten();
            Decision { instead_of: replaced.map(|id| (*id).clone()).collect(), ..decision }
        };
        decisions.into_iter().map(replacing).collect()
    }

    /// All decisions, those that do not count too.
    fn all(&self) -> impl Iterator<Item = &Decision> {
        self.lines.iter().map(|(_, decision)| decision).chain(self.taken_back.iter().map(|(_, _, decision)| decision))
    }

    /// The decisions that count, each with the id of its line.
    pub fn with_ids(&self) -> impl Iterator<Item = (&LineId, &Decision)> {
        self.ids.iter().zip(self.lines.iter().map(|(_, decision)| decision))
    }

    /// The lines of different people about the same that want different things, as pairs.
    pub fn contradictions(&self) -> Vec<(usize, usize)> {
        let mut about: BTreeMap<String, Vec<(usize, &Decision)>> = BTreeMap::new();
        for (line, decision) in self.iter() {
            about.entry(decision.key()).or_default().push((line, decision));
        }
        let pairs = about.values().flat_map(|lines| lines.iter().skip(1).map(|other| (lines[0], *other)));
        let mut pairs: Vec<_> = pairs.filter(|(one, other)| !one.1.agrees_with(other.1)).map(|(one, other)| (one.0, other.0)).collect();
        pairs.sort_unstable();
        pairs
    }

    /// All decisions, each with its line.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Decision)> + Clone {
        self.lines.iter().map(|(line, decision)| (*line, decision))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The decisions that can do nothing with these rules, with line and rule: there is no such rule, or
    /// the whole of it was decided on and it finds something else now.
    pub fn without_rule(&self, rules: &RuleSet) -> Vec<(usize, &str)> {
        let idle = self.iter().filter(|(_, decision)| decision.is_about_no_rule(rules));
        idle.map(|(line, decision)| (line, &*decision.rule)).collect()
    }

    /// The decisions that concern one document.
    ///
    /// If a text of the document has the digest of a decision *here*, the decision holds for its span. If not, and the
    /// decision names this document, its three pieces of context must be found in the text together exactly once.
    pub fn bind<'d>(&'d self, document: &Document<'_>, rules: &RuleSet) -> Bound<'d> {
        let mut bound = Bound::new(self);
        if !self.index.documents.is_empty() {
            let key = DocumentKey::of(document);
            for at in self.index.about(&key) {
                let (line, decision) = &self.lines[at];
                bound.add(&key, *line, decision, rules);
            }
        }
        for (line, decision) in self.index.rules.iter().map(|at| &self.lines[*at]) {
            bound.add_wide(*line, decision, rules);
        }
        bound
    }

    /// Whether a decision *here* or about a document may be about a document of this source.
    pub fn has_documents(&self) -> bool {
        !self.index.documents.is_empty()
    }

    /// The lines of decisions *here* and about documents that name a source.
    pub fn naming(&self, source: &str) -> impl Iterator<Item = usize> {
        self.index.sources.get(source).into_iter().flatten().map(|at| self.lines[*at].0)
    }

    /// The decisions that make of this before this after everywhere, in some zones.
    pub(super) fn everywhere(&self, proposed: &ProposedChange<'_>) -> impl Iterator<Item = (usize, &Decision)> + Clone {
        let ProposedChange { rule, before, after, .. } = *proposed;
        let kinds = Some(&self.index.kinds).filter(|kinds| !kinds.is_empty());
        let alike = kinds.and_then(|kinds| kinds.get(&kind(rule, before, after))).into_iter().flatten();
        // Two kinds may have one hash.
        alike.map(|at| (self.lines[*at].0, &self.lines[*at].1)).filter(move |(_, decision)| decision.rule == rule)
    }
}

/// A line that does not count: its number, its id, and what it says.
type Gone<'d> = (usize, &'d LineId, &'d Decision);

/// What decisions have replaced.
#[derive(Default)]
pub(super) struct Replaced<'d> {
    by_id: FxHashMap<&'d LineId, Vec<Gone<'d>>>,
    /// What no line names, by reader and by what it is about.
    by_key: FxHashMap<(Option<&'d str>, String), Vec<Gone<'d>>>,
}

impl<'d> Replaced<'d> {
    /// What does not count because of the decision on this line: what it names; or, if it names nothing, of the same reader
    /// about the same the last that stood before it.
    pub(super) fn by(&self, line: usize, decision: &'d Decision) -> Vec<Gone<'d>> {
        if !decision.instead_of.is_empty() {
            return decision.instead_of.iter().filter_map(|id| self.by_id.get(id)).flatten().copied().collect();
        }
        let alike = self.by_key.get(&(decision.who.as_deref(), decision.key())).map(Vec::as_slice).unwrap_or_default();
        let before = alike.partition_point(|(other, ..)| *other < line);
        alike[..before].last().copied().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentOrigin;
    use crate::edit::{ChangePlace, Part, Span};
    use crate::review::binding::{Located, prevailing};
    use crate::rules::{Find, PassName, Rule};

    #[test]
    fn every_bad_line_is_told_and_a_torn_last_line_left_out() {
        let good = r#"{"schema_version":1,"decision":"reject","width":"everywhere","rule":"typos/x","before":"a","after":"b"}"#;
        let text = format!("{good}\nnonsense\n\n{{\"schema_version\":1}}\n{}", &good[..40]);
        let lines: Vec<_> = Decisions::parse(&text).expect_err("two lines are bad").iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [2, 4]);
        let read = Decisions::parse(&format!("{good}\n{}", &good[..40])).expect("only the torn line is bad");
        assert_eq!((read.len(), read.torn), (1, true));
    }

    #[test]
    fn a_decision_that_lacks_what_its_width_needs_is_told() {
        let bad = |line: &str| Decisions::parse(&format!("{line}\n")).expect_err("the line is bad")[0].error.to_string();
        assert!(
            bad(r#"{"schema_version":1,"decision":"reject","width":"here","rule":"typos/x","before":"a","after":"b"}"#).contains("digest")
        );
        assert!(
            bad(r#"{"schema_version":1,"decision":"replace","width":"everywhere","rule":"typos/x","before":"a","after":"b"}"#)
                .contains("with")
        );
        assert!(bad(r#"{"schema_version":1,"decision":"reject","width":"everywhere","rule":"typos/x"}"#).contains("rule_digest"));
        let unknown = bad(r#"{"schema_version":1,"decision":"maybe","width":"everywhere","rule":"typos/x"}"#);
        assert!(unknown.contains("`maybe`") && unknown.ends_with("at column 38."), "{unknown}");
        assert!(bad(r#"{"schema_version":7,"decision":"reject","width":"everywhere","rule":"typos/x"}"#).contains("schema_version 7"));
    }

    #[test]
    fn a_decision_about_a_rule_that_is_gone_or_altered_is_told() {
        let line = |rule: &str, what: &str| {
            format!("{{\"schema_version\":1,\"decision\":\"reject\",\"width\":\"everywhere\",\"rule\":\"{rule}\",{what}}}\n")
        };
        let one = r#""before":"a","after":"b""#;
        let text = [line("typos/x", one), line("typos/gone", one), line("typos/x", r#""rule_digest":"another""#)].concat();
        let rules = RuleSet::new(vec![Rule::new(PassName::TYPOS, "typos/x", Find::BuiltIn(String::new()))]);
        let decisions = Decisions::parse(&text).expect("the lines are good");
        assert_eq!(decisions.without_rule(&rules), [(2, "typos/gone"), (3, "typos/x")]);
    }

    /// The lines of decisions *here* that find their place in a document.
    fn located(decisions: &Decisions, document: &Document<'_>) -> Vec<usize> {
        decisions.bind(document, &RuleSet::default()).located().collect()
    }

    #[test]
    fn a_decision_of_the_first_version_finds_its_place_in_an_altered_source_only_if_that_is_unique() {
        let line = r#"{"schema_version":1,"decision":"reject","width":"here","rule":"typos/x","before":"teh","after":"the","source":"a.txt","digest":"old","span":[5,8],"context":["in ","teh"," end"]}"#;
        let decisions = Decisions::parse(&format!("{line}\n")).expect("the line is good");
        let document = |name: &'static str, text: &'static str, digest: &'static str| Document {
            start: 2,
            origin: DocumentOrigin { source_digest: Some(digest), ..DocumentOrigin::default() },
            ..Document::new(name, text)
        };
        let span = |document: &Document<'_>| match DocumentKey::of(document).locate(&decisions.lines[0].1) {
            Located::At(_, span) => Some(span.range()),
            _ => None,
        };
        assert_eq!(span(&document("a.txt", "in teh end", "old")), Some(3..6), "spans counted from the start of the source");
        assert_eq!(span(&document("b.txt", "in teh end", "old")), Some(3..6), "the digest of the source is enough");
        assert_eq!(span(&document("a.txt", "So in teh end", "new")), Some(6..9));
        assert_eq!(span(&document("a.txt", "in teh end, in teh end", "new")), None, "two places: it is open which is meant");
        assert_eq!(decisions.bind(&document("a.txt", "in the end", "new"), &RuleSet::default()).stale(&[]), [1]);
        assert_eq!(decisions.bind(&document("b.txt", "in teh end", "new"), &RuleSet::default()).stale(&[]), [] as [usize; 0]);
    }

    fn numbered<'a>(name: &'a str, number: Option<usize>, text: &'a str, siblings: &'a [String]) -> Document<'a> {
        let origin = DocumentOrigin { number, siblings, ..DocumentOrigin::default() };
        Document { origin, ..Document::new(name, text) }
    }

    #[test]
    fn a_decision_here_holds_for_its_text_wherever_that_is_found() {
        let text = "in teh end";
        let digest = blake3::hash(text.as_bytes()).to_hex();
        let siblings = [digest.to_string()];
        let line = format!(
            r#"{{"schema_version":2,"decision":"reject","scope":"here","rule":"typos/x","before":"teh","after":"the","source":"a.txt","document":2,"digest":"{digest}","span":[3,6],"context":["in ","teh"," end"]}}"#
        );
        let decisions = Decisions::parse(&format!("{line}\n")).expect("the line is good");

        for (name, number) in [("a.txt", Some(2)), ("a.txt", Some(3)), ("b.txt", None)] {
            assert_eq!(located(&decisions, &numbered(name, number, text, &[])), [1], "{name} {number:?}");
        }
        let altered = "So in teh end";
        assert_eq!(located(&decisions, &numbered("a.txt", Some(2), altered, &[])), [1], "the document that is named");
        assert_eq!(located(&decisions, &numbered("a.txt", Some(3), altered, &[])), [] as [usize; 0], "another one");
        assert_eq!(located(&decisions, &numbered("a.txt", None, altered, &[])), [] as [usize; 0], "a source that is one document");
        assert_eq!(located(&decisions, &numbered("b.txt", Some(2), altered, &[])), [] as [usize; 0], "another source");
        assert_eq!(
            located(&decisions, &numbered("a.txt", Some(2), altered, &siblings)),
            [] as [usize; 0],
            "its text is in another document of the source"
        );
        let lost = numbered("a.txt", Some(2), "the teh is elsewhere", &[]);
        let bound = decisions.bind(&lost, &RuleSet::default());
        assert_eq!(bound.stale(&[]), [1]);
        assert!(bound.lost_rejection(&proposed(&Part::Body, "the")), "such a change needs review");
        assert!(!bound.lost_rejection(&proposed(&Part::Body, "ten")), "another one does not");
        assert!(!bound.lost_rejection(&proposed(&Part::Field("title".into()), "the")), "nor one in another text");
    }

    fn proposed<'a>(part: &'a Part, after: &'a str) -> ProposedChange<'a> {
        ProposedChange { part, rule: "typos/x", place: ChangePlace::at(Span::new(4, 7)), before: "teh", after, zone: None }
    }

    #[test]
    fn a_decision_about_a_source_that_is_one_document_is_not_about_one_of_many() {
        let digest = blake3::hash(b"in teh end").to_hex();
        let line = format!(
            r#"{{"schema_version":2,"decision":"reject","scope":"here","rule":"typos/x","before":"teh","after":"the","source":"a.txt","digest":"{digest}","span":[3,6],"context":["in ","teh"," end"]}}"#
        );
        let decisions = Decisions::parse(&format!("{line}\n")).expect("the line is good");
        let at = |document: &Document<'_>| match DocumentKey::of(document).locate(&decisions.lines[0].1) {
            Located::At(part, span) => Some((part, span.range())),
            _ => None,
        };
        assert_eq!(at(&numbered("a.txt", None, "So in teh end", &[])), Some((Part::Body, 6..9)));
        assert_eq!(at(&numbered("a.txt", None, "in teh end, in teh end", &[])), None, "two places: it is open which is meant");
        assert_eq!(at(&numbered("a.txt", Some(1), "in teh end", &[])), Some((Part::Body, 3..6)), "its very text");
        assert_eq!(at(&numbered("a.txt", Some(1), "So in teh end", &[])), None);
        // The same words as a title are another text.
        let fields = [crate::document::DocumentField { name: "title".into(), text: "in teh end", start: 0 }];
        assert_eq!(at(&Document { fields: &fields, ..Document::new("b.txt", "So in teh end") }), None);
    }

    #[test]
    fn a_rejection_of_the_first_version_that_is_lost_may_have_been_about_any_text() {
        let line = r#"{"schema_version":1,"decision":"reject","width":"here","rule":"typos/x","before":"teh","after":"the","source":"a.txt","digest":"old","span":[5,8],"context":["in ","teh"," end"]}"#;
        let decisions = Decisions::parse(&format!("{line}\n")).expect("the line is good");
        let bound = decisions.bind(&Document::new("a.txt", "the teh is elsewhere"), &RuleSet::default());
        for part in [Part::Body, Part::Field("title".into())] {
            assert!(bound.lost_rejection(&proposed(&part, "the")) && !bound.lost_rejection(&proposed(&part, "ten")), "{part}");
        }
    }

    #[test]
    fn of_two_who_decide_the_same_here_neither_is_stale_once_one_is_used() {
        let digest = blake3::hash(b"in teh end").to_hex();
        let line = |who: &str| {
            format!(
                "{{\"schema_version\":2,\"decision\":\"accept\",\"scope\":\"here\",\"rule\":\"typos/x\",\"before\":\"teh\",\"after\":\"the\",\"source\":\"a.txt\",\"digest\":\"{digest}\",\"span\":[3,6],\"who\":\"{who}\"}}\n"
            )
        };
        let decisions = Decisions::parse(&[line("Ann"), line("Bob")].concat()).expect("the lines are good");
        let bound = decisions.bind(&Document::new("a.txt", "in teh end"), &RuleSet::default());
        assert_eq!((bound.stale(&[]), bound.stale(&[2])), (vec![1, 2], vec![]));
        // One of the two with version 0.1.
        let of_0_1 = |who: &str| {
            line(who).replace("\"schema_version\":2", "\"schema_version\":1").replace("\"scope\"", "\"width\"").replace(&*digest, "d")
        };
        for lines in [[of_0_1("Ann"), of_0_1("Bob")], [of_0_1("Ann"), line("Bob")]] {
            let decisions = Decisions::parse(&lines.concat()).expect("the lines are good");
            let origin = DocumentOrigin { source_digest: Some("d"), ..DocumentOrigin::default() };
            let bound = decisions.bind(&Document { origin, ..Document::new("a.txt", "in teh end") }, &RuleSet::default());
            assert_eq!((bound.stale(&[]), bound.stale(&[2])), (vec![1, 2], vec![]), "{lines:?}");
        }
    }

    fn told(verdict: &str, who: &str, more: &str) -> String {
        format!(
            "{{\"schema_version\":1,\"decision\":\"{verdict}\",\"width\":\"everywhere\",\"rule\":\"typos/x\",\"before\":\"a\",\"after\":\"b\",\"who\":\"{who}\"{more}}}\n"
        )
    }

    fn counting(text: &str) -> Vec<usize> {
        Decisions::parse(text).expect("the lines are good").iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn what_is_taken_back_does_not_count_in_any_order() {
        let first = told("accept", "Ann", "");
        let back = told("withdraw", "Ann", &format!(",\"instead_of\":[\"{}\"]", LineId::of(&first)));
        let again = told("accept", "Ann", &format!(",\"instead_of\":[\"{}\"]", LineId::of(&back)));
        assert_eq!(counting(&first), [1]);
        assert_eq!(counting(&[&*first, &back].concat()), [] as [usize; 0]);
        assert_eq!(counting(&[&*back, &first].concat()), [] as [usize; 0], "a merge may turn them");
        assert_eq!(counting(&[&*first, &back, &again].concat()), [3]);
        assert_eq!(counting(&[&*again, &back, &first].concat()), [1]);
    }

    #[test]
    fn what_nobody_accepted_can_be_left_out() {
        let unnamed = |verdict: &str| told(verdict, "", "").replace(",\"who\":\"\"", "");
        let text = [unnamed("accept"), told("accept", "Ann", ""), unnamed("reject").replace("\"a\"", "\"c\""), told("accept", " ", "")];
        let mut decisions = Decisions::parse(&text.concat()).expect("the lines are good");
        assert_eq!(decisions.drop_unnamed(), [1, 4]);
        assert_eq!(decisions.with_ids().map(|(_, decision)| decision.who.as_deref()).collect::<Vec<_>>(), [Some("Ann"), None]);
        assert_eq!(decisions.iter().map(|(line, _)| line).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn of_one_person_the_later_line_counts_and_of_two_the_stricter() {
        let (yes, no, other) = (told("accept", "Ann", ""), told("reject", "Ann", ""), told("reject", "Bob", ""));
        assert_eq!(counting(&[&*yes, &no].concat()), [2]);
        assert_eq!(counting(&[&*no, &yes, &no.replace('}', ",\"note\":\"so\"}")].concat()), [3]);
        let both = Decisions::parse(&[&*yes, &other].concat()).expect("the lines are good");
        assert_eq!((both.len(), both.contradictions()), (2, vec![(1, 2)]));
        let verdict = |text: &str| {
            let decisions = Decisions::parse(text).expect("the lines are good");
            prevailing(decisions.iter()).map(|found| (found.decision.decision, found.is_disputed))
        };
        assert_eq!(verdict(&[&*yes, &other].concat()), Some((Verdict::Reject, true)));
        assert_eq!(verdict(&[&*other, &yes].concat()), Some((Verdict::Reject, true)));
        assert_eq!(verdict(&[&*yes, &told("accept", "Bob", "")].concat()), Some((Verdict::Accept, false)));
        let another = told("replace", "Bob", ",\"with\":\"c\"");
        assert_eq!(verdict(&[&*another, &yes].concat()).map(|found| found.1), Some(true), "nobody's will is done");
    }
}
