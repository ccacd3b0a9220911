//! How `emendo diff` tells what was selected, in each of its formats.

use super::select::SelectedChanges;
use crate::args::{DiffArgs, DiffFormat};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use emendo_core::edit::Fate;
use emendo_core::input::Article;
use emendo_core::review::decision::{Decision, Verdict};
use emendo_corpus::report::{
    ChangeGroup, Excerpt, ExcerptPiece, ExcerptStyle, Groups, HtmlPage, LineColumns, Private, escape_lines, excerpts, part_diff, render,
    waiting_diff, whole_diff,
};

/// What changes are shown of.
pub struct ShownSource<'a> {
    /// Its name.
    pub name: &'a str,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub digest: &'a str,
    /// All of its decoded text.
    pub text: &'a str,
    /// Its lines.
    pub places: LineColumns<'a>,
    /// What its characters U+EF80 to U+EFFF are.
    pub private: Private,
}

/// An article and what is shown of it.
pub struct ShownDocument<'a> {
    /// The name of its cleaned text.
    pub text_name: &'a str,
    /// Where its parts are.
    pub article: &'a Article,
    /// What was asked for.
    pub selected: SelectedChanges,
}

/// Tells one article after the other.
pub struct Teller<'a> {
    args: &'a DiffArgs,
    shown: usize,
    waiting: usize,
    /// How many changes a unified diff could not tell.
    untold: usize,
    groups: Groups,
    page: HtmlPage,
}

impl<'a> Teller<'a> {
    /// Nothing is told yet.
    pub fn new(args: &'a DiffArgs) -> Self {
        Self { args, shown: 0, waiting: 0, untold: 0, groups: Groups::default(), page: HtmlPage::default() }
    }

    /// What comes before all articles.
    pub fn start(&self, console: &mut Console) -> Result<(), CommandError> {
        match self.args.format {
            DiffFormat::Html => Ok(console.out(&HtmlPage::start(if self.args.waiting { "Changes that wait" } else { "Changes" }))?),
            _ => Ok(()),
        }
    }

    /// An article.
    pub fn article(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>, console: &mut Console) -> Result<(), CommandError> {
        self.waiting += shown.selected.waiting;
        match self.args.format {
            _ if self.args.group => self.group(source, shown),
            DiffFormat::Human => {
                let excerpts = self.excerpts(source, shown);
                console.out(&render(source.name, &excerpts, ExcerptStyle { private: source.private, ..self.look() }))?;
            }
            DiffFormat::Html => {
                let excerpts = self.excerpts(source, shown);
                console.out(&self.page.excerpts(source.name, &excerpts, source.private, self.args.waiting))?;
            }
            DiffFormat::Json => self.json(source, shown, console)?,
            DiffFormat::Unified => {
                let diff = self.unified(source, shown);
                if Console::out_is_terminal() {
                    console.out(&source.private.name(&escape_lines(&diff)))?;
                } else {
                    Console::raw(diff.as_bytes())?;
                }
            }
        }
        Ok(())
    }

    /// What comes behind all articles.
    pub fn end(mut self, console: &mut Console) -> Result<(), CommandError> {
        let groups = std::mem::take(&mut self.groups).sorted();
        self.shown += groups.len();
        for group in &groups {
            match self.args.format {
                DiffFormat::Json => console.json(&format!("{}\n", json(group)))?,
                DiffFormat::Html => console.out(&HtmlPage::group(group, self.args.waiting))?,
                DiffFormat::Human | DiffFormat::Unified => console.out(&group.render(self.look()))?,
            }
        }
        match self.args.format {
            DiffFormat::Human => console.out(&self.note())?,
            DiffFormat::Html => console.out(&HtmlPage::end(&self.note()))?,
            DiffFormat::Unified if self.untold > 0 => {
                console.err(&format!(
                    "{} left out: they go on from what other changes made, or claim the same text.\n",
                    counted(self.untold, "change")
                ));
            }
            DiffFormat::Unified | DiffFormat::Json => {}
        }
        Ok(())
    }

    fn look(&self) -> ExcerptStyle {
        ExcerptStyle { colour: true, ids: self.args.waiting, private: Private::default() }
    }

    /// With `--waiting` only the questions are shown; without, only what was done.
    fn excerpts(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>) -> Vec<Excerpt> {
        let SelectedChanges { hunks, changes, .. } = &shown.selected;
        let mut all = excerpts(source.text, &source.places, shown.article, hunks, changes);
        if self.args.waiting {
            all.retain(|excerpt| excerpt.pieces.iter().any(|piece| matches!(piece, ExcerptPiece::Asked { .. })));
        }
        self.shown += all.len();
        all
    }

    fn group(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>) {
        let SelectedChanges { hunks, changes, .. } = &shown.selected;
        let text = (source.text, &source.places);
        self.groups.add(source.name, source.private, text, shown.article, (hunks, changes), self.args.waiting);
    }

    fn unified(&mut self, source: &ShownSource<'_>, shown: &ShownDocument<'_>) -> String {
        let SelectedChanges { hunks, changes, is_all, .. } = &shown.selected;
        let ShownDocument { text_name, article, .. } = shown;
        if self.args.waiting {
            let (diff, untold) = waiting_diff(text_name, source.text, article, changes);
            self.untold += untold;
            return diff;
        }
        let is_filtered = !self.args.rule.is_empty() || !self.args.zone.is_empty();
        if is_filtered && (hunks.is_empty() || !is_all) {
            part_diff(text_name, source.text, article, hunks)
        } else {
            whole_diff(text_name, source.text, article, hunks)
        }
    }

    fn json(&self, source: &ShownSource<'_>, shown: &ShownDocument<'_>, console: &mut Console) -> Result<(), CommandError> {
        let SelectedChanges { hunks, changes, .. } = &shown.selected;
        let name = source.name;
        for hunk in hunks.iter().filter(|_| !self.args.waiting) {
            let line = serde_json::json!({ "source": name, "part": hunk.part.to_string(), "span": [hunk.source.start, hunk.source.end], "before": hunk.before, "after": hunk.after, "changes": &hunk.changes[..] });
            console.json(&format!("{line}\n"))?;
        }
        for change in changes.iter().filter(|change| change.fate == Fate::Waiting) {
            let line = serde_json::json!({ "source": name, "part": change.part.to_string(), "span": [change.span.start, change.span.end], "before": change.before, "after": change.after, "rule": &*change.rule, "waiting": change.id, "decide": Decision::here(Verdict::Accept, name, source.digest, change).in_text(source.text) });
            console.json(&format!("{line}\n"))?;
        }
        Ok(())
    }

    /// What is left to say.
    fn note(&self) -> String {
        match (self.args.waiting, self.shown, self.waiting) {
            (true, 0, _) => "Nothing waits.\n".to_owned(),
            (true, _, waiting) => {
                let wait = if waiting == 1 { "waits" } else { "wait" };
                format!("{} {wait}. Decide with emendo review.\n", counted(waiting, "change"))
            }
            (false, 0, 0) => "No changes.\n".to_owned(),
            (false, _, 0) => String::new(),
            (false, _, 1) => "1 more waits for a decision: emendo diff --waiting shows it.\n".to_owned(),
            (false, _, waiting) => format!("{waiting} more wait for a decision: emendo diff --waiting shows them.\n"),
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
    serde_json::json!({ "rule": &*group.rule, "before": group.before, "after": group.after, "waits": group.waits, "count": group.count, "places": places.collect::<Vec<_>>() })
}
