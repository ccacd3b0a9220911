//! `emendo diff`.

use std::path::Path;

use super::args::{DiffArgs, Format};
use super::batch::{self, What};
use super::console::Console;
use super::counted;
use super::failure::Failure;
use super::outcome::Outcome;
use super::output::{Output, containing, is_output};
use super::settings::Settings;
use super::stdin;
use crate::input::Article;
use crate::report::{Look, Piece, Places, Private, escape, excerpts, render};
use crate::review::decision::{Decision, Verdict};
use crate::source::CleanedSource;
use crate::text::{Change, Fate, Hunk};

/// Shows changes, of a run to come or of a recorded one.
pub fn run(args: &DiffArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let mut view = View { args, console, shown: 0, waiting: 0 };
    let recorded = args.paths.iter().filter(|path| is_output(path) || containing(path).is_some()).count();
    let problems = if recorded == args.paths.len() {
        args.paths.iter().try_for_each(|path| view.recorded(path))?;
        false
    } else if recorded > 0 {
        return Err(Failure::refused(
            "Some of the paths lie in the output folder of a run and others do not: ask for them one after the other.",
        ));
    } else {
        view.fresh()?
    };
    view.end()?;
    Ok(if problems { Outcome::Problems } else { Outcome::Done })
}

struct View<'a> {
    args: &'a DiffArgs,
    console: &'a mut Console,
    shown: usize,
    waiting: usize,
}

/// What changes are shown of.
struct Source<'a> {
    name: &'a str,
    /// BLAKE3 of its bytes, in hexadecimal.
    digest: &'a str,
    /// All of its decoded text.
    text: &'a str,
    /// What its characters U+EF80 to U+EFFF are.
    private: Private,
}

impl View<'_> {
    /// What a run would change. Tells whether there were problems.
    fn fresh(&mut self) -> Result<bool, Failure> {
        let piped = stdin::is_meant(&self.args.paths)?;
        let settings = Settings::resolve(&self.args.rules, self.args.paths.first().filter(|_| !piped).map(|path| &**path))?;
        let cleaner = settings.cleaner()?;
        if piped {
            let report = cleaner.clean(stdin::NAME, &stdin::read()?);
            return Ok(stdin::is_no_text(&report, self.console) || self.report(&report)?);
        }
        let listing = batch::listing(&self.args.paths)?;
        let mut problems = false;
        // Progress goes to nobody: the screen is the reader's.
        let mut silent = Console::new(super::args::Color::Never);
        batch::run(&listing, &cleaner, &batch::threads(None)?, &mut silent, |inputs| {
            for input in inputs {
                match input.what {
                    What::Read { report, .. } => problems |= self.report(&report)?,
                    What::Unread { reason, .. } => {
                        problems = true;
                        self.console.err(&format!("{}: {}\n", escape(&input.entry.name), escape(&reason)));
                    }
                    What::Skipped { .. } => {}
                }
            }
            Ok(())
        })?;
        Ok(problems)
    }

    /// The problems and changes of a source. Tells whether there were problems.
    fn report(&mut self, report: &CleanedSource) -> Result<bool, Failure> {
        for problem in report.problems() {
            self.console.err(&format!("{}: {}\n", escape(&report.name), escape(&problem.reason)));
        }
        let mut problems = report.problems().next().is_some();
        let Some(text) = report.text() else { return Ok(problems) };
        for reason in report.articles().filter_map(|article| article.cleaned.undecided_bytes(text.encoding)) {
            self.console.err(&format!("{}: {}\n", escape(&report.name), escape(&reason)));
            problems = true;
        }
        let places = Places::new(text.text.as_bytes());
        let source = Source { name: &report.name, digest: &report.digest, text: &text.text, private: Private::of(Some(text.encoding)) };
        report
            .articles()
            .try_for_each(|article| self.article(&source, &places, &article.article, &article.cleaned.hunks, &article.cleaned.changes))?;
        Ok(problems)
    }

    /// What a run recorded: of all sources of an output folder, or of one text in it.
    fn recorded(&mut self, path: &Path) -> Result<(), Failure> {
        let (folder, name) = if is_output(path) {
            (path.to_owned(), None)
        } else {
            containing(path).map(|(folder, name)| (folder, Some(name))).expect("the caller looked")
        };
        let output = Output::open(&folder)?;
        let mut found = false;
        for source in output.sources()? {
            let recorded = output.recorded(&source)?;
            let wanted = |text: Option<&str>| name.as_deref().is_none_or(|name| text == Some(name) || source == name);
            if !recorded.articles.iter().any(|article| wanted(article.text.as_deref())) {
                continue;
            }
            found = true;
            let Some(text) = output.decoded(&source)? else { continue };
            let places = Places::new(text.as_bytes());
            let of =
                Source { name: &source, digest: &recorded.digest, text: &text, private: Private::of_name(recorded.encoding.as_deref()) };
            for article in recorded.articles.iter().filter(|article| wanted(article.text.as_deref())) {
                self.article(&of, &places, &article.article, &article.hunks, &article.changes)?;
            }
        }
        match name {
            Some(name) if !found => {
                Err(Failure::refused(format!("{} is no cleaned text of {}.", escape(&name), escape(&folder.display().to_string()))))
            }
            _ => Ok(()),
        }
    }

    fn article(
        &mut self,
        source: &Source<'_>,
        places: &Places<'_>,
        article: &Article,
        hunks: &[Hunk],
        changes: &[Change],
    ) -> Result<(), Failure> {
        let waiting = changes.iter().filter(|change| change.fate == Fate::Waiting).count();
        self.waiting += waiting;
        let changes: Vec<_> = changes.iter().filter(|change| self.args.waiting || change.fate != Fate::Waiting).cloned().collect();
        let Source { name, digest, text, .. } = *source;
        let all = excerpts(text, places, article, hunks, &changes);
        // With --waiting only the questions are shown; without, only what was done.
        let shown: Vec<_> = all
            .into_iter()
            .filter(|excerpt| !self.args.waiting || excerpt.pieces.iter().any(|piece| matches!(piece, Piece::Asked { .. })))
            .collect();
        self.shown += shown.len();
        match self.args.format {
            Format::Human => {
                self.console.out(&render(name, &shown, Look { colour: true, ids: self.args.waiting, private: source.private }))?;
            }
            Format::Json => {
                for hunk in hunks.iter().filter(|_| !self.args.waiting) {
                    let line = serde_json::json!({ "source": name, "part": hunk.part.to_string(), "span": [hunk.source.start, hunk.source.end], "before": hunk.before, "after": hunk.after, "changes": &hunk.changes[..] });
                    self.console.json(&format!("{line}\n"))?;
                }
                for change in changes.iter().filter(|change| change.fate == Fate::Waiting) {
                    let line = serde_json::json!({ "source": name, "part": change.part.to_string(), "span": [change.span.start, change.span.end], "before": change.before, "after": change.after, "rule": &*change.rule, "waiting": change.id, "decide": Decision::here(Verdict::Accept, name, digest, change) });
                    self.console.json(&format!("{line}\n"))?;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        if self.args.format == Format::Json {
            return Ok(());
        }
        let waiting = self.waiting;
        let text = match (self.args.waiting, self.shown, waiting) {
            (true, 0, _) => "Nothing waits.\n".to_owned(),
            (true, ..) => {
                let wait = if waiting == 1 { "waits" } else { "wait" };
                format!("{} {wait}. Decide with lines in the decisions file; see the README.\n", counted(waiting, "change"))
            }
            (false, 0, 0) => "No changes.\n".to_owned(),
            (false, _, 0) => String::new(),
            (false, _, 1) => "1 more waits for a decision: emendo diff --waiting shows it.\n".to_owned(),
            (false, ..) => format!("{waiting} more wait for a decision: emendo diff --waiting shows them.\n"),
        };
        Ok(self.console.out(&text)?)
    }
}
