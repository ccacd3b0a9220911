//! What an import tells: a sentence for each kind of verdict, or a line of JSON for each row.

use crate::args::ImportArgs;
use crate::counted;
use emendo_corpus::new_rules::import::{ImportOutcome, Judged, RowVerdict};
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::{showln, shown};

/// So many rows of a kind are shown.
const SHOWN: usize = 5;

/// What was done.
pub struct ImportReport<'a> {
    /// What was asked for.
    pub args: &'a ImportArgs,
    /// What became of it.
    pub outcome: &'a ImportOutcome,
}

/// How the rows of a verdict are counted.
struct Kind {
    is: fn(&RowVerdict) -> bool,
    heading: &'static str,
    /// For one row, and for any other number.
    counted: [&'static str; 2],
}

const KINDS: [Kind; 6] = [
    Kind { is: |verdict| *verdict == RowVerdict::Added, heading: "added", counted: ["added"; 2] },
    Kind { is: |verdict| matches!(verdict, RowVerdict::There(_)), heading: "there already", counted: ["already there"; 2] },
    Kind { is: |verdict| matches!(verdict, RowVerdict::Never(_)), heading: "never occur", counted: ["never occurs", "never occur"] },
    Kind {
        is: |verdict| matches!(verdict, RowVerdict::RealWord(_)),
        heading: "real words, made to ask",
        counted: ["is a real word (made: ask)", "are real words (made: ask)"],
    },
    Kind {
        is: |verdict| *verdict == RowVerdict::Choice,
        heading: "several corrections, made to ask",
        counted: ["has several corrections (made: ask)", "have several corrections (made: ask)"],
    },
    Kind { is: |verdict| matches!(verdict, RowVerdict::Refused(_)), heading: "refused", counted: ["refused"; 2] },
];

impl ImportReport<'_> {
    fn of(&self, kind: &Kind) -> impl Iterator<Item = &Judged> {
        let is = kind.is;
        self.outcome.rows.iter().filter(move |row| is(&row.verdict))
    }

    /// How many rows there are of a kind; lines that are no rows count as refused.
    fn count(&self, kind: &Kind) -> usize {
        let torn = if kind.heading == "refused" { self.outcome.table.torn.len() } else { 0 };
        self.of(kind).count() + torn
    }

    fn read(&self) -> usize {
        self.outcome.rows.len() + self.outcome.table.torn.len()
    }

    /// For people.
    pub fn human(&self) -> VisibleText {
        let args = self.args;
        let (table, file) = (args.table.display().to_string(), self.outcome.file.display().to_string());
        let verb = if args.dry_run { "would import" } else { "imported" };
        let mut text = shown!("{} {} as {} into {}\n", verb, escape(&table), escape(&self.outcome.table.form.name()), escape(&file));
        if !self.outcome.table.unread.is_empty() {
            let names: Vec<_> = self.outcome.table.unread.iter().map(|name| escape(name)).collect();
            showln!(text, "  columns that were not read: {}", VisibleText::join(names, ", "));
        }
        for kind in &KINDS {
            self.tell(kind, &mut text);
        }
        showln!(text, "\n{}", self.end());
        if args.dry_run {
            text.push("Nothing was written.\n");
        }
        text
    }

    /// The first rows of a kind that somebody may want to look at.
    fn tell(&self, kind: &Kind, text: &mut VisibleText) {
        let count = self.count(kind);
        if count == 0 || kind.heading == "added" && !self.args.dry_run {
            return;
        }
        showln!(text, "\n{}", kind.heading);
        let torn = self.outcome.table.torn.iter().filter(|_| kind.heading == "refused");
        let mut lines: Vec<(usize, VisibleText)> =
            torn.map(|torn| (torn.line, shown!("{}  {}", short(&torn.text), escape(&torn.why)))).collect();
        lines.extend(self.of(kind).map(|row| (row.listed.line, shown(row))));
        lines.sort_by_key(|(line, _)| *line);
        for (line, row) in lines.iter().take(SHOWN) {
            showln!(text, "  {}: {}", line, row);
        }
        if count > SHOWN {
            showln!(text, "  and {} more", count - SHOWN);
        }
    }

    /// "300 read: 262 added, …".
    fn end(&self) -> VisibleText {
        let kinds = KINDS.iter().map(|kind| (self.count(kind), kind)).filter(|(count, kind)| *count > 0 || kind.heading == "added");
        let counts: Vec<_> = kinds
            .map(|(count, kind)| {
                let left = if kind.heading == "never occur" && self.args.only_occurring { " (left out)" } else { "" };
                shown!("{} {}{}", count, kind.counted[usize::from(count != 1)], left)
            })
            .collect();
        let place = self.outcome.problems.as_ref().map(|path| shown!(" → {}", escape(&path.display().to_string()))).unwrap_or_default();
        shown!("{} read: {}{}", self.read(), VisibleText::join(counts, ", "), place)
    }

    /// For programs: a line for each row, and one at the end.
    pub fn json(&self) -> String {
        let mut text = String::new();
        for torn in &self.outcome.table.torn {
            let line = serde_json::json!({ "type": "row", "line": torn.line, "text": torn.text, "verdict": "refused", "says": torn.why });
            text.extend([line.to_string(), "\n".into()]);
        }
        for Judged { listed, verdict, seen } in &self.outcome.rows {
            let says = if let RowVerdict::There(says) | RowVerdict::Refused(says) | RowVerdict::RealWord(says) = verdict {
                Some(says)
            } else {
                None
            };
            let line = serde_json::json!({
                "type": "row", "line": listed.line, "wrong": listed.wrong, "right": listed.rights, "verdict": verdict.name(), "says": says,
                "added": verdict.is_rule(), "seen": seen.map(|[wrong, _]| wrong), "right_seen": seen.map(|[_, right]| right),
            });
            text.extend([line.to_string(), "\n".into()]);
        }
        let counts: serde_json::Map<String, serde_json::Value> =
            KINDS.iter().map(|kind| (kind.heading.replace([' ', ','], "_").replace("__", "_"), self.count(kind).into())).collect();
        let end = serde_json::json!({
            "type": "end", "read": self.read(), "counts": counts, "file": self.outcome.file.display().to_string(),
            "problems": self.outcome.problems.as_ref().map(|path| path.display().to_string()), "unread_columns": self.outcome.table.unread, "written": !self.args.dry_run,
        });
        text.extend([end.to_string(), "\n".into()]);
        text
    }
}

/// A row in a line.
fn shown(row: &Judged) -> VisibleText {
    let rights: Vec<_> = row.listed.rights.iter().map(|right| escape(right)).collect();
    let pair = shown!("{} → {}", escape(&row.listed.wrong), VisibleText::join(rights, ", "));
    match &row.verdict {
        RowVerdict::There(says) | RowVerdict::RealWord(says) | RowVerdict::Refused(says) => shown!("{}  {}", pair, escape(says)),
        RowVerdict::Added if row.seen.is_some() => {
            shown!("{}  {}", pair, counted(usize::try_from(row.seen.unwrap_or_default()[0]).unwrap_or(usize::MAX), "place"))
        }
        _ => pair,
    }
}

/// The beginning of a line that is no row.
fn short(text: &str) -> VisibleText {
    const LONGEST: usize = 60;
    let start: String = text.chars().take(LONGEST).collect();
    let end = if start.len() < text.len() { "…" } else { "" };
    shown!("{}{}", escape(&start), end)
}
