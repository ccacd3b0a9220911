//! What `emendo suggest` shows.

use std::fmt::Write as _;

use crate::counted;
use crate::rules_line::rules_line;
use emendo_corpus::project::Settings;
use emendo_corpus::report::{ExcerptPiece, ExcerptStyle, escape, render_pieces, visible_pair};
use emendo_corpus::suggest::QuotedPlace;
use emendo_corpus::suggest::proposal::{Fix, Proposal};
use emendo_corpus::suggest::statistics::CorpusStatistics;

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
    pub fn human(&self) -> String {
        let mut text = format!("{} read; {}\n", count(self.mine.documents, "document"), rules_line(self.settings));
        for (proposal, contexts) in self.shown.iter().zip(self.contexts) {
            text.push('\n');
            head(&mut text, proposal);
            for context in contexts {
                text.push_str(&line(context, proposal.asks));
            }
        }
        if self.shown.is_empty() {
            text.push_str("\nNothing is proposed.\n");
        } else {
            text.push_str("\nemendo suggest PATH --accept ID adds one to the project's rules, --reject ID never shows it again.\n");
        }
        if self.rest > 0 {
            let _ = writeln!(text, "{} more: --limit N shows them.", self.rest);
        }
        if self.mine.forgot {
            text.push_str("The corpus has more different words than are remembered: some that stand in it once were left out.\n");
        }
        if self.problems > 0 {
            let _ = writeln!(text, "{} could not be read: emendo preview tells why.", counted(self.problems, "input"));
        }
        text
    }

    /// For programs, a line for each.
    pub fn json(&self) -> Vec<String> {
        self.shown.iter().zip(self.contexts).map(|(proposal, contexts)| json(proposal, contexts)).collect()
    }
}

fn count(number: u64, thing: &str) -> String {
    counted(usize::try_from(number).unwrap_or(usize::MAX), thing)
}

fn head(text: &mut String, proposal: &Proposal) {
    let (before, after) = proposal.fix.pair();
    let rule = match &proposal.fix {
        Fix::Advice { seen, .. } => escape(seen).into_owned(),
        Fix::Pattern { becomes, find, .. } if becomes.is_empty() => format!("{} → nothing", escape(&shortened(find))),
        _ => {
            let (before, after) = visible_pair(before, after);
            format!("{before} → {after}")
        }
    };
    let _ = writeln!(text, "{}  {}  {rule}", proposal.id(), proposal.kind.name());
    let mut facts = vec![format!("{} in {}", times(proposal.count), count(proposal.documents, "document"))];
    if let Some(right) = proposal.right_count {
        facts.push(format!("beside {right}×, {}", ratio(right, proposal.count)));
    }
    if let Some(shared) = proposal.shared {
        facts.push(format!("{} of {} neighbours shared", shared.shared, shared.of));
    }
    facts.push(format!("{:.0} % sure", proposal.confidence * 100.0));
    if !matches!(proposal.fix, Fix::Advice { .. }) {
        facts.push(if proposal.asks { "would ask" } else { "would apply" }.to_owned());
    }
    let _ = writeln!(text, "  {}", facts.join("; "));
    if proposal.shared.is_none() {
        let _ = writeln!(text, "  {}", escape(&proposal.why));
    }
    if let Fix::Advice { write, .. } = &proposal.fix {
        let _ = writeln!(text, "  write {}", escape(write));
    }
}

/// The beginning of a long pattern.
fn shortened(find: &str) -> String {
    match find.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &find[..end]),
        None => find.to_owned(),
    }
}

fn times(count: u64) -> String {
    format!("{count}×")
}

/// How many times as often, in whole numbers.
fn ratio(right: u64, wrong: u64) -> String {
    format!("{} times as often", right / wrong.max(1))
}

fn line(context: &QuotedPlace, asks: bool) -> String {
    let look = ExcerptStyle { colour: true, ids: false, private: context.private };
    let shown = |text: &str| context.private.name(&escape(text)).into_owned();
    let (left, right) = (shown(&context.left), shown(&context.right));
    let middle = match &context.after {
        Some(after) => {
            let (before, after) = (context.before.clone(), after.clone());
            render_pieces(&[if asks { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } }], look)
        }
        None => shown(&context.before),
    };
    format!("    {}  {left}{middle}{}\n", escape(&context.source), right.trim_end())
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
