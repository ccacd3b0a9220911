//! What `emendo suggest` shows.

use crate::counted;
use crate::rules_line::rules_line;
use emendo_corpus::project::Settings;
use emendo_corpus::report::{ExcerptPiece, ExcerptStyle, VisibleText, escape, render_pieces, visible_pair};
use emendo_corpus::suggest::QuotedPlace;
use emendo_corpus::suggest::proposal::{Fix, Proposal};
use emendo_corpus::suggest::statistics::CorpusStatistics;
use emendo_corpus::{showln, shown};

/// Proposals with their contexts.
pub struct SuggestReport<'t> {
    /// Those that are shown.
    pub shown: &'t [&'t Proposal],
    /// The contexts of each.
    pub contexts: &'t [Vec<QuotedPlace>],
    /// So many are not shown.
    pub rest: usize,
    /// What was read.
    pub mine: &'t CorpusStatistics,
    /// The rules it was cleaned with.
    pub settings: &'t Settings,
    /// So many inputs could not be read.
    pub problems: usize,
}

impl SuggestReport<'_> {
    /// For people.
    pub fn human(&self) -> VisibleText {
        let mut text = shown!("{} read; {}\n", count(self.mine.documents, "document"), rules_line(self.settings));
        for (proposal, contexts) in self.shown.iter().zip(self.contexts) {
            text.push("\n");
            head(&mut text, proposal);
            for context in contexts {
                text.push(line(context, proposal.asks));
            }
        }
        if self.shown.is_empty() {
            text.push("\nNothing is proposed.\n");
        } else {
            text.push("\nemendo suggest PATH --accept ID adds one to the project's rules, --reject ID never shows it again.\n");
        }
        if self.rest > 0 {
            showln!(text, "{} more: --limit N shows them.", self.rest);
        }
        if self.mine.forgot {
            text.push("The corpus has more different words than are remembered: some that stand in it once were left out.\n");
        }
        if self.problems > 0 {
            showln!(text, "{} could not be read: emendo preview tells why.", counted(self.problems, "input"));
        }
        text
    }

    /// For programs, a line for each.
    pub fn json(&self) -> Vec<String> {
        self.shown.iter().zip(self.contexts).map(|(proposal, contexts)| json(proposal, contexts)).collect()
    }
}

fn count(number: u64, thing: &'static str) -> VisibleText {
    counted(usize::try_from(number).unwrap_or(usize::MAX), thing)
}

fn head(text: &mut VisibleText, proposal: &Proposal) {
    let (before, after) = proposal.fix.pair();
    let rule = match &proposal.fix {
        Fix::Advice { seen, .. } => escape(seen),
        Fix::Pattern { becomes, find, .. } if becomes.is_empty() => shown!("{} → nothing", escape(&shortened(find))),
        _ => {
            let (before, after) = visible_pair(before, after);
            shown!("{} → {}", before, after)
        }
    };
    showln!(text, "{}  {}  {}", escape(&proposal.id()), proposal.kind.name(), rule);
    let mut facts = vec![shown!("{} in {}", times(proposal.count), count(proposal.documents, "document"))];
    if let Some(right) = proposal.right_count {
        facts.push(shown!("beside {}×, {}", right, ratio(right, proposal.count)));
    }
    if let Some(shared) = proposal.shared {
        facts.push(shown!("{} of {} neighbours shared", shared.shared, shared.of));
    }
    facts.push(shown!("{:.0} % sure", proposal.confidence * 100.0));
    if !matches!(proposal.fix, Fix::Advice { .. }) {
        facts.push(if proposal.asks { "would ask" } else { "would apply" }.into());
    }
    showln!(text, "  {}", VisibleText::join(facts, "; "));
    if proposal.shared.is_none() {
        showln!(text, "  {}", escape(&proposal.why));
    }
    if let Fix::Advice { write, .. } = &proposal.fix {
        showln!(text, "  write {}", escape(write));
    }
}

/// The beginning of a long pattern.
fn shortened(find: &str) -> String {
    match find.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &find[..end]),
        None => find.to_owned(),
    }
}

fn times(count: u64) -> VisibleText {
    shown!("{}×", count)
}

/// How many times as often, in whole numbers.
fn ratio(right: u64, wrong: u64) -> VisibleText {
    shown!("{} times as often", right / wrong.max(1))
}

fn line(context: &QuotedPlace, asks: bool) -> VisibleText {
    let look = ExcerptStyle { colour: true, ids: false, private: context.private };
    let shown = |text: &str| context.private.name(escape(text));
    let (left, right) = (shown(&context.left), shown(&context.right));
    let middle = match &context.after {
        Some(after) => {
            let (before, after) = (context.before.clone(), after.clone());
            render_pieces(&[if asks { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } }], look)
        }
        None => shown(&context.before),
    };
    shown!("    {}  {}{}{}\n", escape(&context.source), left, middle, right.trimmed_end())
}

fn json(proposal: &Proposal, contexts: &[QuotedPlace]) -> String {
    let rule = match &proposal.fix {
        Fix::Words { wrong, right, case } => serde_json::json!({ "pass": "typos", "wrong": wrong, "right": right, "case": case }),
        Fix::Name { variant, canonical } => serde_json::json!({ "pass": "names", "variant": variant, "canonical": canonical }),
        Fix::Pattern { pass, id, find, becomes, .. } => {
            serde_json::json!({ "pass": pass.name(), "id": id, "find": find, "becomes": becomes })
        }
        Fix::Advice { seen, write } => serde_json::json!({ "seen": seen, "write": write }),
    };
    let context = |context: &QuotedPlace| {
        serde_json::json!({
            "source": context.source, "left": context.left, "before": context.before, "after": context.after, "right": context.right,
        })
    };
    let policy = if matches!(proposal.fix, Fix::Advice { .. }) { None } else { Some(if proposal.asks { "ask" } else { "apply" }) };
    let line = serde_json::json!({
        "id": proposal.id(), "kind": proposal.kind.name(), "rule": rule, "policy": policy, "why": proposal.why,
        "count": proposal.count, "documents": proposal.documents, "right_count": proposal.right_count,
        "neighbours": proposal.shared.map(|shared| serde_json::json!({ "shared": shared.shared, "of": shared.of })),
        "confidence": (proposal.confidence * 1000.0).round() / 1000.0,
        "contexts": contexts.iter().map(context).collect::<Vec<_>>(),
    });
    format!("{line}\n")
}
