//! `emendo clean`.

use std::path::Path;

use super::args::{Check, CleanArgs, OutputFormat};
use super::command_error::CommandError;
use super::console::Console;
use super::interrupt;
use super::outcome::ExitStatus;
use super::person::person;
use super::rules_line::rules_line;
use super::stdin;
use crate::counted;
use emendo_corpus::batch::{self, RunEnd};
use emendo_corpus::disk::Listing;
use emendo_corpus::project::Settings;
use emendo_corpus::report::{Summary, VisibleText, escape};
use emendo_corpus::run::{clean_folder, count_changes};
use emendo_corpus::run_log::{LoggedRun, RunInputs, log_run};
use emendo_corpus::{showln, shown};

/// Cleans files and folders, or one document on standard input.
pub fn run(args: &CleanArgs, typed: &[String], console: &mut Console) -> Result<ExitStatus, CommandError> {
    if stdin::is_meant(&args.paths)? {
        return stdin::clean(args, console);
    }
    if args.record.is_some() {
        return Err(CommandError::refused("--record goes with -, one document on standard input: a folder's records go to DIR/record."));
    }
    let settings = Settings::resolve(&args.rules.options(), args.paths.first().map(|path| &**path))?;
    match (&args.output, args.check) {
        (_, Some(check)) => self::check(args, check, &settings, console),
        (Some(output), None) => write(args, typed, (output, &settings), console),
        (None, None) => Err(CommandError::refused(
            "Say where the cleaned texts go: -o DIR. To write nothing, use emendo preview, emendo diff, or --check.",
        )),
    }
}

fn check(args: &CleanArgs, check: Check, settings: &Settings, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let (summary, ended) = count_changes(&batch::listing(&args.paths)?, settings, args.threads, console)?;
    let applied = summary.total(|counts| counts.applied);
    let pending = summary.total(|counts| counts.pending);
    let found = applied > 0 || check == Check::Pending && pending > 0;
    match args.format {
        OutputFormat::Json => console.json(&summary.json())?,
        OutputFormat::Human => {
            let verdict = match (applied, pending) {
                (0, 0) => "Nothing would change.",
                (0, _) => "Nothing would change; changes would wait.",
                _ => "Texts would change.",
            };
            let files = counted(summary.sources, "file");
            console.out(shown!("checked {}; {}\n{}{}\n", files, rules_line(settings), summary.render(), verdict))?;
        }
    }
    Ok(outcome(args, &summary, ended, found))
}

fn write(
    args: &CleanArgs,
    typed: &[String],
    (folder, settings): (&Path, &Settings),
    console: &mut Console,
) -> Result<ExitStatus, CommandError> {
    let listing = batch::listing(&args.paths)?;
    interrupt::catch_interrupts();
    let Some(summary) = clean_folder(&listing, folder, settings, args.threads, console)? else {
        console.err("Interrupted. What was written is whole; the same command goes on from here.\n");
        return Ok(ExitStatus::Interrupted);
    };
    if !args.no_run_log {
        let inputs = RunInputs { paths: args.paths.clone(), settings: args.rules.options() };
        let by = args.by.clone().or_else(person);
        let run = LoggedRun { inputs: &inputs, by: by.as_deref(), args: typed, seal: summary.seal.as_deref() };
        if let Err(fault) = log_run(folder, &run) {
            console.err(shown!("note: {}\n", escape(&fault.to_string())));
        }
    }
    match args.format {
        OutputFormat::Json => console.json(&summary.json())?,
        OutputFormat::Human => console.out(told(args, &summary, &listing, folder, settings))?,
    }
    Ok(outcome(args, &summary, RunEnd::Wholly, false))
}

fn told(args: &CleanArgs, summary: &Summary, listing: &Listing, folder: &Path, settings: &Settings) -> VisibleText {
    let (shown, typed) = (escape(&folder.display().to_string()), as_typed(folder));
    let mut text = shown!(
        "cleaned {} of {} into {}; {}\n{}",
        summary.sources,
        counted(listing.files().count(), "file"),
        shown,
        rules_line(settings),
        summary.render()
    );
    text.push("next\n");
    let mut next = |command: VisibleText, what: &'static str| {
        showln!(text, "  {:<42} {}", command, what);
    };
    if summary.total(|counts| counts.applied) > 0 {
        next(shown!("emendo diff {}", typed), "read what was changed");
    }
    if summary.total(|counts| counts.pending) > 0 {
        next(shown!("emendo diff --pending {}", typed), "read what needs review");
        let more = (args.paths.len() > 3).then(|| VisibleText::from("…"));
        let inputs: Vec<_> = args.paths.iter().take(3).map(|path| as_typed(path)).chain(more).collect();
        next(shown!("emendo review {}", VisibleText::join(inputs, " ")), "decide");
    }
    if summary.problems.iter().any(|problem| problem.kind.has_bytes()) {
        next(shown!("ls {}/problems", typed), "what could not be cleaned, byte for byte");
    }
    next(shown!("emendo verify {}", typed), "prove that nothing was lost");
    text
}

/// A path as it is shown, and as a shell takes it.
fn as_typed(path: &Path) -> VisibleText {
    let path = path.display().to_string();
    let is_plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if is_plain { escape(&path) } else { shown!("'{}'", escape(&path).replaced("'", r"'\''")) }
}

/// How the run ended, as far as problems and findings tell.
fn outcome(args: &CleanArgs, summary: &Summary, ended: RunEnd, found: bool) -> ExitStatus {
    let problems = summary.problems.len();
    let inputs = summary.document_count() + problems;
    let allowed = args.allow_problems.is_some_and(|allowance| allowance.holds(problems, inputs));
    match ended {
        RunEnd::Interrupted => ExitStatus::Interrupted,
        RunEnd::Wholly if problems > 0 && !allowed => ExitStatus::Problems,
        RunEnd::Wholly if found => ExitStatus::Found,
        RunEnd::Wholly => ExitStatus::Done,
    }
}
