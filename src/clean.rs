//! The one verb.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::edit::{Change, ChangeId, Draft, Edit, Fate, Hunk, InDraft, Part, Span, Zone};
use crate::input::{Article, FieldType, Problem, ProblemKind};
use crate::input::{Encoding, stray_byte};
use crate::passes::{Extent, Overrun, Pass, View};
use crate::prose::language::Languages;
use crate::prose::{Columns, LineColumn, Marked, Syntax, Vocabulary, Zones};
use crate::review::Bound;
use crate::review::decision::{HAND, Verdict};
use crate::rules::{Caps, ChainPlan, PassName, Policies, Policy, RuleSet, is_language_tag};

/// What an article became, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// The cleaned body, borrowed if nothing was applied; nothing for an article without text.
    pub text: Option<Cow<'a, str>>,
    /// The fields whose text differs from the source.
    pub fields: Vec<CleanedField>,
    /// Every proposal and what became of it, in the order of parts, passes and places.
    pub changes: Vec<Change>,
    /// Every difference between source and cleaned article, in the order of the source.
    pub hunks: Vec<Hunk>,
}

impl Cleaned<'_> {
    /// What is to be said of stray bytes that are left, if there are any: for people, with the way out.
    pub fn undecided_bytes(&self, encoding: Encoding) -> Option<String> {
        let Encoding::Mixed(looks_like) = encoding else { return None };
        let texts = self.fields.iter().map(|field| field.text.as_str()).chain(self.text.as_deref());
        let left: Vec<u8> = texts.flat_map(str::chars).filter_map(stray_byte).collect();
        let first = left.first()?;
        let bytes = if left.len() == 1 { "1 byte is".to_owned() } else { format!("{} bytes are", left.len()) };
        // Where the bytes mean nothing in the encoding, or the pass is off, nothing was asked.
        let asked = self
            .changes
            .iter()
            .any(|change| change.pass == PassName::Mojibake.name() && change.before.contains(|c| stray_byte(c).is_some()));
        let accept =
            if asked { format!("Accept what mojibake/stray-bytes asks (as {}), or save", looks_like.name()) } else { "Save".to_owned() };
        Some(format!(
            "{bytes} not UTF-8, the first of them {first:02X}, and left as U+EF{first:02X}. {accept} the file as UTF-8, and run again."
        ))
    }
}

/// A field that the chain changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanedField {
    /// Its name.
    pub name: Arc<str>,
    /// Its text now.
    pub text: String,
}

/// The decoded source that an article is a slice of.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The name of the source, for rules with a scope.
    pub name: &'a str,
    /// All of the decoded text.
    pub text: &'a str,
    /// How its bodies are marked up.
    pub syntax: Syntax,
    /// The language, as a tag such as `en`; unknown if nothing.
    pub lang: Option<&'a str>,
    /// Whether that is what most of it is in, not what somebody declared: paragraphs that are surely in another
    /// language than English are left to the passes that know nothing of words.
    pub detect: bool,
    /// What the bytes look like that are not of the text's encoding, if there are such.
    pub stray: Option<&'static encoding_rs::Encoding>,
    /// How often the words that [`Chain::survey`] counts stand in all texts of the run; unknown if nothing.
    pub vocabulary: Option<&'a Vocabulary>,
}

impl<'a> Document<'a> {
    /// A text of which nothing else is known.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, syntax: Syntax::Plain, lang: None, detect: false, stray: None, vocabulary: None }
    }
}

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
                passes.push(crate::passes::build(pass.name, &of_pass, rules.style()));
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

/// Runs the chain over the text fields and the body of an article. Has no state, does no I/O.
///
/// # Errors
/// A pass that leaves its contract or a rule that goes over its budget makes the article a problem.
pub fn clean<'a>(document: &Document<'a>, article: &Article, chain: &Chain, decisions: &Bound<'_>) -> Result<Cleaned<'a>, Problem> {
    let mut cleaned = Cleaned::default();
    // What an article says of itself counts before what was said of all.
    let of_article = article.fields.iter().find(|field| &*field.name == "lang").map(|field| document.text[field.value.range()].trim());
    let of_article = of_article.filter(|tag| is_language_tag(tag));
    let document = &Document { lang: of_article.or(document.lang), detect: document.detect && of_article.is_none(), ..*document };
    let mut run = Run { document, article, chain, decisions, changes: &mut cleaned.changes };
    for field in article.fields.iter().filter(|field| field.kind == FieldType::Text) {
        let part = Part::Field(field.name.clone());
        let draft = run.part(&part, Draft::new(&document.text[field.value.range()], field.value.start))?;
        cleaned.hunks.extend(Hunk::of(&draft, &part, |change| run.changes[change as usize].id));
        if draft.text() != draft.source() {
            cleaned.fields.push(CleanedField { name: field.name.clone(), text: draft.into_text().into_owned() });
        }
    }
    if let Some(body) = article.body {
        let draft = run.part(&Part::Body, Draft::new(&document.text[body.range()], body.start))?;
        cleaned.hunks.extend(Hunk::of(&draft, &Part::Body, |change| run.changes[change as usize].id));
        cleaned.text = Some(draft.into_text());
    }
    Ok(cleaned)
}

/// One run of the chain over one article.
struct Run<'r, 'a> {
    document: &'r Document<'a>,
    article: &'r Article,
    chain: &'r Chain,
    decisions: &'r Bound<'r>,
    changes: &'r mut Vec<Change>,
}

/// A hashtag that was decoded wrongly is nobody's hashtag.
fn is_protected(zone: Zone, pass: &str) -> bool {
    zone.is_protected() && (zone, pass) != (Zone::Hashtag, PassName::Mojibake.name())
}

/// A proposal on its way to its fate.
struct Candidate {
    at: Span<InDraft>,
    reach: Span<InDraft>,
    policy: Policy,
    /// The number of its change.
    change: usize,
}

impl<'a> Run<'_, 'a> {
    fn part(&mut self, part: &Part, mut draft: Draft<'a>) -> Result<Draft<'a>, Problem> {
        let extent = if *part == Part::Body { Extent::Whole } else { Extent::Fragment };
        let mut edits = Vec::new();
        // Once `spaces` was here, the runs of blanks that are left hold columns.
        let (mut laid_out, mut spaced) = (false, false);
        for pass in self.chain.passes() {
            laid_out |= spaced;
            spaced = pass.name() == PassName::Spaces;
            let Document { lang, stray, vocabulary, syntax, .. } = *self.document;
            // A title is no document.
            let markup = (*part == Part::Body && syntax != Syntax::Plain).then(|| Marked::new(draft.text(), syntax));
            let view = View { text: draft.text(), extent, markup: markup.as_ref(), lang, stray, vocabulary };
            pass.propose(&view, &mut edits).map_err(|overrun| self.overrun(&overrun, &draft))?;
            if edits.is_empty() {
                continue;
            }
            let candidates = self.candidates(pass, part, &view, &draft, &mut edits, laid_out)?;
            let mut winners = self.resolve(candidates);
            winners.sort_by_key(|winner| (winner.at, winner.reach));
            let number = |change: usize| u32::try_from(change).expect("an article has less than 2^32 changes");
            draft.apply(winners.iter().map(|winner| (winner.at, self.changes[winner.change].result(), number(winner.change))));
        }
        if *part == Part::Body {
            self.by_hand(&mut draft);
        }
        Ok(draft)
    }

    /// What people corrected in the cleaned text, where the chain still leaves what they corrected. It may touch anything:
    /// a person did it.
    fn by_hand(&mut self, draft: &mut Draft<'a>) {
        let body = Span::new(draft.base(), draft.base() + draft.source().len());
        let mut corrections = self.decisions.by_hand(body).peekable();
        if corrections.peek().is_none() {
            return;
        }
        draft.forget_equal_seams();
        let mut placed: Vec<(Span<InDraft>, usize)> = Vec::new();
        for (span, found) in corrections {
            let (Some(before), Some(after)) = (found.decision.before.as_deref(), found.decision.after.as_deref()) else { continue };
            let Some(at) = draft.place(span).filter(|at| draft.text()[at.range()] == *before && before != after) else { continue };
            let fate = match found.decision.decision {
                Verdict::Reject => Fate::Rejected,
                _ if found.is_disputed => Fate::Waiting,
                _ => Fate::Applied,
            };
            if fate != Fate::Rejected {
                placed.push((at, self.changes.len()));
            }
            self.changes.push(Change {
                id: ChangeId::new(HAND, span, before, after, 0),
                part: Part::Body,
                pass: HAND,
                rule: HAND.into(),
                span,
                before: before.into(),
                after: after.into(),
                occurrence: 0,
                replaced_with: found.decision.with.clone().filter(|_| fate == Fate::Applied),
                decision: Some(found.line),
                zone: None,
                fate,
            });
        }
        placed.sort_unstable();
        // Where two claim the same text nobody's will is done, until one of them is taken back.
        for (number, (at, change)) in placed.iter().enumerate() {
            for (_, other) in placed[number + 1..].iter().take_while(|(next, _)| next.start <= at.end).filter(|(next, _)| at.rivals(*next))
            {
                self.changes[*change].fate = Fate::Waiting;
                self.changes[*other].fate = Fate::Waiting;
            }
        }
        placed.retain(|(_, change)| self.changes[*change].fate == Fate::Applied);
        let number = |change: usize| u32::try_from(change).expect("an article has less than 2^32 changes");
        draft.apply(placed.iter().map(|(at, change)| (*at, self.changes[*change].result(), number(*change))));
    }

    /// What is left of the proposals of a pass: each something that changes the text, runs here and
    /// keeps the contract. Sorted as they compete: leftmost, longest, earliest rule. Their changes are added, without a fate yet.
    fn candidates(
        &mut self,
        pass: &dyn Pass,
        part: &Part,
        view: &View<'_>,
        draft: &Draft<'_>,
        edits: &mut Vec<Edit<'_>>,
        laid_out: bool,
    ) -> Result<Vec<Candidate>, Problem> {
        let text = view.text;
        edits.sort_by(|a, b| {
            let key = |edit: &Edit<'_>| (edit.reach.start, Reverse(edit.reach.end), edit.rule, edit.at);
            key(a).cmp(&key(b)).then_with(|| a.with.cmp(&b.with))
        });
        edits.dedup();
        let contract = pass.contract();
        let mut zones = Zones::new(text, view.markup);
        let mut languages = (self.document.detect && pass.name().is_about_language()).then(|| Languages::of(text));
        let mut columns = laid_out.then(|| Columns::new(text, view.markup));
        let mut candidates = Vec::with_capacity(edits.len());
        let mut seen: FxHashMap<ChangeId, u32> = FxHashMap::with_capacity_and_hasher(edits.len(), FxBuildHasher);
        self.changes.reserve(edits.len());
        for edit in edits.drain(..) {
            let rule = self.chain.rules.get(edit.rule);
            if text[edit.at.range()] == *edit.with || !rule.in_scope(self.document.name, self.document.lang) {
                continue;
            }
            if languages.as_mut().is_some_and(|languages| languages.is_foreign(edit.at.start)) {
                continue;
            }
            if !(contract.allows)(text, &edit) {
                return Err(self.breach(pass, &rule.id, contract.says, &edit, draft));
            }
            let zone = zones.of(&edit).or(matches!(part, Part::Field(_)).then_some(Zone::Field));
            let mut policy = self.chain.policies.of(edit.rule, zone);
            if edit.is_guess {
                policy = policy.min(Policy::Ask);
            }
            // A table would lose its columns, and `spaces` the reason for which it left them alone.
            let moves = text[edit.at.range()].chars().count() != edit.with.chars().count();
            if moves && columns.as_mut().is_some_and(|columns| columns.follow(edit.at.end)) {
                policy = policy.min(Policy::Ask);
            }
            if policy != Policy::Off {
                candidates.push(Candidate { at: edit.at, reach: edit.reach, policy, change: self.changes.len() });
                let mut change = self.change(pass, part, draft, edit, zone);
                let alike = seen.entry(change.id).or_default();
                if *alike > 0 {
                    change.occurrence = *alike;
                    change.id = ChangeId::new(&change.rule, change.span, &change.before, &change.after, *alike);
                }
                *alike += 1;
                self.changes.push(change);
            }
        }
        Ok(candidates)
    }

    fn change(&self, pass: &dyn Pass, part: &Part, draft: &Draft<'_>, edit: Edit<'_>, zone: Option<Zone>) -> Change {
        let rule = &self.chain.rules.get(edit.rule).id;
        let (span, before) = (draft.anchor(edit.at), &draft.text()[edit.at.range()]);
        Change {
            id: ChangeId::new(rule, span, before, &edit.with, 0),
            part: part.clone(),
            pass: pass.name().name(),
            rule: rule.clone(),
            span,
            before: before.into(),
            after: edit.with.into(),
            occurrence: 0,
            replaced_with: None,
            decision: None,
            zone,
            fate: Fate::Applied,
        }
    }

    /// Gives each candidate its fate. Returns those to apply.
    fn resolve(&mut self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        let mut last: Option<(Span<InDraft>, ChangeId)> = None;
        candidates.retain(|Candidate { reach, policy, change, .. }| {
            let change = &mut self.changes[*change];
            let decided = self.decisions.about(change);
            change.decision = decided.map(|found| found.line);
            let verdict = decided.map(|found| found.decision);
            change.fate = match (change.zone, verdict, last) {
                (Some(zone), ..) if is_protected(zone, change.pass) => Fate::Protected { zone },
                // First of all, or a rejected winner would still kill its rival.
                (_, Some(decision), _) if decision.decision == Verdict::Reject => Fate::Rejected,
                (_, _, Some((winner, by))) if winner.rivals(*reach) => Fate::Outranked { by },
                (_, None, _) if *policy < Policy::Apply => Fate::Waiting,
                // Until its readers agree.
                _ if decided.is_some_and(|found| found.is_disputed) => Fate::Waiting,
                _ => Fate::Applied,
            };
            if matches!(change.fate, Fate::Applied | Fate::Waiting) {
                last = Some((*reach, change.id));
            }
            let is_applied = change.fate == Fate::Applied;
            if is_applied {
                change.replaced_with = verdict.and_then(|decision| decision.with.clone());
            }
            is_applied
        });
        candidates
    }

    fn breach(&self, pass: &dyn Pass, rule: &str, says: &str, edit: &Edit<'_>, draft: &Draft<'_>) -> Problem {
        let at = draft.anchor(edit.at).start;
        let (before, after) = (&draft.text()[edit.at.range()], &edit.with);
        let name = pass.name();
        let reason = format!(
            "The rule {rule} would change {before:?} to {after:?} at {}, but the pass {name} may touch only {says}. Correct the rule, or move it to the pass whose work it does.",
            LineColumn::of(self.document.text, at)
        );
        Problem { slice: self.article.slice, kind: ProblemKind::Contract, reason, at }
    }

    fn overrun(&self, overrun: &Overrun, draft: &Draft<'_>) -> Problem {
        let at = draft.anchor(Span::point(overrun.at)).start;
        let reason = format!(
            "The rule {} went over its budget (matches times paragraph length) in the paragraph at {}. Make its pattern more specific, or switch the rule off.",
            self.chain.rules.get(overrun.rule).id,
            LineColumn::of(self.document.text, at)
        );
        Problem { slice: self.article.slice, kind: ProblemKind::Budget, reason, at }
    }
}
