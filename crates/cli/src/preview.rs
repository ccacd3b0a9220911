//! `emendo preview`.

use std::collections::BTreeMap;
use std::time::Instant;

use super::args::{OutputFormat, PreviewArgs};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use super::stdin;
use crate::counted;
use crate::rules_line::rules_line;
use emendo_core::cleaner::CleanedSource;
use emendo_core::edit::Fate;
use emendo_corpus::batch::{self, InputContent, RunEnd};
use emendo_corpus::project::Settings;
use emendo_corpus::report::{Excerpt, ExcerptStyle, LineColumns, Private, Summary, excerpts, render};
use emendo_corpus::report::{Reporter, VisibleText};
use emendo_corpus::{showln, shown};

/// So many contexts are shown for each rule.
const CONTEXTS: usize = 2;
/// So many rules are shown with contexts.
const RULES: usize = 40;

/// Shows what a run would do.
pub fn run(args: &PreviewArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let start = Instant::now();
    let piped = stdin::is_meant(&args.paths)?;
    let settings = Settings::resolve(&args.rules.options(), args.paths.first().filter(|_| !piped).map(|path| &**path))?;
    let cleaner = settings.cleaner()?;
    let reporter = Reporter::new(&cleaner);
    let mut preview = Preview { summary: Summary::default(), contexts: BTreeMap::new() };
    let ended = if piped {
        let bytes = stdin::read()?;
        let source = cleaner.clean_source(stdin::NAME, &bytes);
        if stdin::is_no_text(&source, console) {
            return Ok(ExitStatus::Problems);
        }
        reporter.report(&source, &bytes).iter().for_each(|report| preview.summary.add(report));
        preview.add(&source);
        RunEnd::Wholly
    } else {
        let listing = batch::listing(&args.paths)?;
        batch::run(&listing, &cleaner, &batch::threads(args.threads)?, console, |inputs| {
            for input in inputs {
                reporter.count(&input, &mut preview.summary);
                if let InputContent::Read { report, .. } = &input.what {
                    preview.add(report);
                }
            }
            Ok::<_, CommandError>(())
        })?
    };
    match args.format {
        OutputFormat::Json => console.json(&preview.summary.json())?,
        OutputFormat::Human => console.out(preview.render(&settings, start))?,
    }
    Ok(match ended {
        RunEnd::Interrupted => ExitStatus::Interrupted,
        RunEnd::Wholly if preview.summary.problems.is_empty() => ExitStatus::Done,
        RunEnd::Wholly => ExitStatus::Problems,
    })
}

/// What would happen.
struct Preview {
    summary: Summary,
    contexts: BTreeMap<String, Vec<(String, Private, Excerpt)>>,
}

impl Preview {
    fn add(&mut self, report: &CleanedSource) {
        let Some(text) = report.text() else { return };
        for document in report.documents() {
            let wanted = document.cleaned.changes.iter().filter(|change| matches!(change.fate, Fate::Applied | Fate::Pending));
            if wanted.clone().all(|change| self.contexts.get(&*change.rule).is_some_and(|seen| seen.len() >= CONTEXTS)) {
                continue;
            }
            let all = excerpts(
                &text.text,
                &LineColumns::new(text.text.as_bytes()),
                &document.layout,
                &document.cleaned.hunks,
                &document.cleaned.changes,
            );
            for excerpt in all {
                // An excerpt stands under the first of its rules that still lacks a context.
                let rules: Vec<_> = excerpt.reasons.iter().map(|reason| reason.rule.to_string()).collect();
                let lacking = rules.into_iter().find(|rule| self.contexts.get(rule).is_none_or(|seen| seen.len() < CONTEXTS));
                if let Some(rule) = lacking {
                    self.contexts.entry(rule).or_default().push((report.name.clone(), Private::of(Some(text.encoding)), excerpt));
                }
            }
        }
    }

    fn render(&self, settings: &Settings, start: Instant) -> VisibleText {
        let summary = &self.summary;
        let mut text = shown!("would clean {}; {}\n{}", counted(summary.sources, "file"), rules_line(settings), summary.render());
        for (name, private, excerpt) in self.contexts.values().take(RULES).flatten() {
            text.push("\n");
            text.push(render(name, std::slice::from_ref(excerpt), ExcerptStyle { colour: true, ids: false, private: *private }));
        }
        if self.contexts.len() > RULES {
            showln!(text, "\nand {} rules more; emendo diff shows all changes", self.contexts.len() - RULES);
        }
        let seconds = start.elapsed().as_secs_f64();
        showln!(
            text,
            "\nNothing was written. Reading and cleaning took {:.1} s for {}; a run also writes about {} of texts, and diffs and records of what changes.",
            seconds,
            size(summary.bytes),
            size(summary.bytes)
        );
        text
    }
}

fn size(bytes: usize) -> VisibleText {
    #[expect(clippy::cast_precision_loss, reason = "a size for people has three digits")]
    let bytes = bytes as f64;
    match bytes {
        ..1e3 => shown!("{} B", bytes),
        ..1e6 => shown!("{:.1} kB", bytes / 1e3),
        ..1e9 => shown!("{:.1} MB", bytes / 1e6),
        _ => shown!("{:.1} GB", bytes / 1e9),
    }
}
