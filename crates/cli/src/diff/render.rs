//! How `emendo diff` tells what was selected, in each of its formats.

use crate::args::{DiffArgs, DiffFormat};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use emendo_core::document::PartText;
use emendo_core::edit::{Change, Fate, InSource, Span};
use emendo_core::input::DocumentLayout;
use emendo_core::review::decision::{Decision, Verdict};
use emendo_corpus::report::{
    ChangeGroup, Excerpt, ExcerptPiece, ExcerptStyle, Groups, HtmlPage, LineColumns, Private, VisibleText, escape_lines, excerpts_of,
    part_diff, pending_diff, render, whole_diff,
};
use emendo_corpus::selection::SelectedChanges;
use emendo_corpus::shown;

/// What changes are shown of.
pub struct ShownSource<'a> {
    /// Its name.
    pub name: &'a str,
    /// All of its decoded text.
    pub text: &'a str,
    /// Its lines.
    pub places: LineColumns<'a>,
    /// What its characters U+EF80 to U+EFFF are.
    pub private: Private,
}

/// A document and what is shown of it.
pub struct ShownDocument<'a> {
    /// The name of its cleaned text.
    pub text_name: &'a str,
    /// Its number among the slices of its source; `None` if it is all of its source.
    pub number: Option<usize>,
    /// Where its parts are.
    pub document: &'a DocumentLayout,
    /// What was asked for.
    pub selected: SelectedChanges,
}

/// Shows one document after the other.
pub struct Teller<'a> {
    args: &'a DiffArgs,
    shown: usize,
    pending: usize,
    /// How many changes a unified diff could not tell.
    untold: usize,
    groups: Groups,
    page: HtmlPage,
}

impl<'a> Teller<'a> {
    /// Nothing is told yet.
    pub fn new(args: &'a DiffArgs) -> Self {
        Self { args, shown: 0, pending: 0, untold: 0, groups: Groups::default(), page: HtmlPage::default() }
    }

    /// What comes before all documents.
    pub fn start(&self, console: &mut Console) -> Result<(), CommandError> {
        match self.args.format {
            DiffFormat::Html => {
                Ok(console.html(&HtmlPage::start(if self.args.pending { "Changes that need review" } else { "Changes" }))?)
            }
            _ => Ok(()),
        }
    }

    /// A document.
    pub fn document(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>, console: &mut Console) -> Result<(), CommandError> {
        self.pending += shown.selected.pending;
        match self.args.format {
            _ if self.args.group => self.group(source, shown),
            DiffFormat::Human => {
                let excerpts = self.excerpts(source, shown);
                console.out(render(source.name, &excerpts, ExcerptStyle { private: source.private, ..self.look() }))?;
            }
            DiffFormat::Html => {
                let excerpts = self.excerpts(source, shown);
                console.html(&self.page.excerpts(source.name, &excerpts, source.private, self.args.pending))?;
            }
            DiffFormat::Json => self.json(source, shown, console)?,
            DiffFormat::Unified => {
                let diff = self.unified(source, shown);
                if Console::out_is_terminal() {
                    console.out(source.private.name(escape_lines(&diff)))?;
                } else {
                    Console::raw(diff.as_bytes())?;
                }
            }
        }
        Ok(())
    }

    /// What comes behind all documents.
    pub fn end(mut self, console: &mut Console) -> Result<(), CommandError> {
        let groups = std::mem::take(&mut self.groups).sorted();
        self.shown += groups.len();
        for group in &groups {
            match self.args.format {
                DiffFormat::Json => console.json(&format!("{}\n", json(group)))?,
                DiffFormat::Html => console.html(&HtmlPage::group(group, self.args.pending))?,
                DiffFormat::Human | DiffFormat::Unified => console.out(group.render(self.look()))?,
            }
        }
        match self.args.format {
            DiffFormat::Human => console.out(self.note())?,
            DiffFormat::Html => console.html(&HtmlPage::end(&self.note()))?,
            DiffFormat::Unified if self.untold > 0 => {
                console.err(shown!(
                    "{} left out: they go on from what other changes made, or claim the same text.\n",
                    counted(self.untold, "change")
                ));
            }
            DiffFormat::Unified | DiffFormat::Json => {}
        }
        Ok(())
    }

    fn look(&self) -> ExcerptStyle {
        ExcerptStyle { colour: true, ids: self.args.pending, private: Private::default() }
    }

    /// With `--pending` only the questions are shown; without, only what was done.
    fn excerpts(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>) -> Vec<Excerpt> {
        let SelectedChanges { hunks, changes, .. } = &shown.selected;
        let pending = changes.iter().filter(|change| self.args.pending && change.fate == Fate::Pending && change.before != change.result());
        let pending: Vec<_> = pending.flat_map(Change::placed).collect();
        let mut all = excerpts_of(source.text, &source.places, shown.document, (hunks, changes), &pending);
        if self.args.pending {
            all.retain(|excerpt| excerpt.pieces.iter().any(|piece| matches!(piece, ExcerptPiece::Asked { .. })));
        }
        self.shown += all.len();
        all
    }

    fn group(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>) {
        let SelectedChanges { hunks, changes, .. } = &shown.selected;
        let text = (source.text, &source.places);
        self.groups.add(source.name, source.private, text, shown.document, (hunks, changes), self.args.pending);
    }

    fn unified(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>) -> String {
        let SelectedChanges { hunks, changes, is_all, .. } = &shown.selected;
        let ShownDocument { text_name, document, .. } = shown;
        if self.args.pending {
            let (diff, untold) = pending_diff(text_name, source.text, document, changes);
            self.untold += untold;
            return diff;
        }
        let is_filtered = !self.args.rule.is_empty() || !self.args.zone.is_empty();
        if is_filtered && (hunks.is_empty() || !is_all) {
            part_diff(text_name, source.text, document, hunks)
        } else {
            whole_diff(text_name, source.text, document, hunks)
        }
    }

    fn json(&self, source: &ShownSource<'_>, shown: &ShownDocument<'_>, console: &mut Console) -> Result<(), CommandError> {
        let SelectedChanges { hunks, changes, .. } = &shown.selected;
        let name = source.name;
        for hunk in hunks.iter().filter(|_| !self.args.pending) {
            let at: Span<InSource> = hunk.original.shifted(shown.document.start_of(&hunk.part));
            let ids: Vec<_> = hunk.changes.iter().map(|place| place.of(changes).id()).collect();
            let line = serde_json::json!({ "source": name, "part": hunk.part.to_string(), "span": [at.start, at.end], "before": hunk.before, "after": hunk.after, "changes": ids });
            console.json(&format!("{line}\n"))?;
        }
        let pending = changes.iter().filter(|change| self.args.pending && change.fate == Fate::Pending);
        for change in pending.flat_map(Change::placed) {
            let place = shown.document.place_of(&change.part).expect("a change lies in a part of its document");
            let at: Span<InSource> = change.span().shifted(place.start);
            let text = PartText { part: change.part.clone(), text: &source.text[place.range()], start: place.start };
            let decide =
                Decision { source: Some(name.to_owned()), document: shown.number, ..Decision::here(Verdict::Accept, &text, change) };
            let line = serde_json::json!({ "source": name, "part": change.part.to_string(), "span": [at.start, at.end], "before": change.before, "after": change.after, "rule": &*change.rule, "pending": change.id(), "decide": decide });
            console.json(&format!("{line}\n"))?;
        }
        Ok(())
    }

    /// What is left to say.
    fn note(&self) -> VisibleText {
        match (self.args.pending, self.shown, self.pending) {
            (true, 0, _) => "Nothing needs review.\n".into(),
            (true, _, pending) => {
                let need = if pending == 1 { "needs" } else { "need" };
                shown!("{} {} review. Decide with emendo review.\n", counted(pending, "change"), need)
            }
            (false, 0, 0) => "No changes.\n".into(),
            (false, _, 0) => VisibleText::default(),
            (false, _, 1) => "1 more needs review: emendo diff --pending shows it.\n".into(),
            (false, _, pending) => shown!("{} more need review: emendo diff --pending shows them.\n", pending),
        }
    }
}

fn json(group: &ChangeGroup) -> serde_json::Value {
    let places = group.places.iter().map(|place| {
        let Excerpt { part, line, column, pieces, .. } = &place.excerpt;
        let pieces = pieces.iter().filter_map(|piece| match piece {
            ExcerptPiece::Cut => None,
            ExcerptPiece::Kept(text) => Some(serde_json::json!({ "kept": text })),
            ExcerptPiece::Replaced { before, after } | ExcerptPiece::Asked { before, after } => {
                Some(serde_json::json!({ "before": before, "after": after }))
            }
        });
        serde_json::json!({ "source": place.source, "part": part.to_string(), "span": place.span, "line": line, "column": column, "id": place.id, "context": pieces.collect::<Vec<_>>() })
    });
    serde_json::json!({ "rule": &*group.rule, "before": group.before, "after": group.after, "pending": group.is_pending, "count": group.count, "places": places.collect::<Vec<_>>() })
}
