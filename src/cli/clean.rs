//! `emendo clean`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::mpsc;

use rayon::ThreadPool;
use rayon::prelude::*;

use super::args::{Check, CleanArgs, Format};
use super::batch::{self, Ended, Input, What};
use super::console::Console;
use super::counted;
use super::failure::Failure;
use super::outcome::Outcome;
use super::reporter::Reporter;
use super::settings::Settings;
use super::stdin;
use crate::corpus::{self, Listing, NewFile, Plan, Run, WriteError};
use crate::report::{Manifest, OutputFile, RulesUsed, RunHead, SourceEntry, Summary, digest, escape, output_files};
use crate::rules::PassName;

/// Cleans files and folders, or one document on standard input.
pub fn run(args: &CleanArgs, console: &mut Console) -> Result<Outcome, Failure> {
    if stdin::is_meant(&args.paths)? {
        return stdin::clean(args, console);
    }
    if args.record.is_some() {
        return Err(Failure::refused("--record goes with -, one document on standard input: a folder's records go to DIR/record."));
    }
    let settings = Settings::resolve(&args.rules, args.paths.first().map(|path| &**path))?;
    match (&args.output, args.check) {
        (_, Some(check)) => self::check(args, check, &settings, console),
        (Some(output), None) => write(args, output, &settings, console),
        (None, None) => {
            Err(Failure::refused("Say where the cleaned texts go: -o DIR. To write nothing, use emendo preview, emendo diff, or --check."))
        }
    }
}

fn check(args: &CleanArgs, check: Check, settings: &Settings, console: &mut Console) -> Result<Outcome, Failure> {
    let cleaner = settings.cleaner()?;
    let listing = batch::listing(&args.paths)?;
    let mut reporter = Reporter::new(&cleaner);
    let mut summary = Summary::default();
    let ended = batch::run(&listing, &cleaner, &batch::threads(args.threads)?, console, |inputs| {
        for input in &inputs {
            reporter.count(input, &mut summary);
        }
        Ok(())
    })?;
    let applied = summary.total(|counts| counts.applied);
    let waiting = summary.total(|counts| counts.waiting);
    let found = applied > 0 || check == Check::Waiting && waiting > 0;
    match args.format {
        Format::Json => console.json(&json(&summary))?,
        Format::Human => {
            let verdict = match (applied, waiting) {
                (0, 0) => "Nothing would change.",
                (0, _) => "Nothing would change; changes would wait.",
                _ => "Texts would change.",
            };
            let files = counted(summary.sources, "file");
            console.out(&format!("checked {files}; {}\n{}{verdict}\n", settings.rules_line(), summary.render()))?;
        }
    }
    Ok(outcome(args, &summary, ended, found))
}

fn write(args: &CleanArgs, folder: &Path, settings: &Settings, console: &mut Console) -> Result<Outcome, Failure> {
    let cleaner = settings.cleaner()?;
    let listing = batch::listing(&args.paths)?;
    let plan = Plan::new(listing.files().map(|entry| entry.name.as_str())).map_err(|clashes| {
        let clashes: Vec<_> = clashes.iter().map(|clash| escape(&clash.to_string()).into_owned()).collect();
        Failure::refused(clashes.join("\n"))
    })?;
    batch::catch_interrupts();
    let stopped = |error: WriteError| Failure::refused(escape(&error.to_string()));
    let run = Run::begin(folder, &listing, &plan).map_err(|refused| Failure::refused(escape(&refused.to_string())))?;
    let pool = batch::threads(args.threads)?;
    let mut writer =
        Writer { reporter: Reporter::new(&cleaner), summary: Summary::default(), manifest: Manifest::new(&head(settings)?), run };
    // While one group is written the next one is cleaned, by the same threads.
    let (ended, writer) = std::thread::scope(|scope| {
        let (send, groups) = mpsc::sync_channel::<Vec<Input>>(0);
        let pool = &pool;
        let writing = scope.spawn(move || groups.into_iter().try_for_each(|group| writer.write(pool, &group)).map(|()| writer));
        // Where the writer has stopped, it says why below.
        let stopped_early = |_| Failure::refused("The outputs cannot be written.");
        let ended = batch::run(&listing, &cleaner, pool, console, |inputs| send.send(inputs).map_err(stopped_early));
        drop(send);
        let written = writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.map_err(stopped).and_then(|writer| Ok((ended?, writer)))
    })?;
    if ended == Ended::Interrupted {
        console.err("Interrupted. What was written is whole; the same command goes on from here.\n");
        return Ok(Outcome::Interrupted);
    }
    let summary = writer.finish().map_err(stopped)?;
    match args.format {
        Format::Json => console.json(&json(&summary))?,
        Format::Human => console.out(&told(&summary, &listing, folder, settings))?,
    }
    Ok(outcome(args, &summary, ended, false))
}

impl OutputFile<'_> {
    fn as_new(&self) -> NewFile<'_> {
        NewFile { name: &self.path, bytes: &self.bytes, digest: self.digest }
    }
}

/// What a run writes, and what it says of it.
struct Writer<'c> {
    reporter: Reporter<'c>,
    summary: Summary,
    manifest: Manifest,
    run: Run,
}

impl Writer<'_> {
    /// Takes a group of inputs into the account and writes what comes out of them.
    fn write(&mut self, pool: &ThreadPool, inputs: &[Input<'_>]) -> Result<(), WriteError> {
        let reports: Vec<_> = inputs.iter().filter_map(|input| self.reporter.count(input, &mut self.summary)).collect();
        let files = |report| {
            let files = output_files(report);
            (SourceEntry::new(report, &files), files)
        };
        let (entries, files): (Vec<_>, Vec<_>) = pool.install(|| reports.par_iter().map(files).unzip());
        for entry in entries {
            self.manifest.add(entry);
        }
        for input in inputs {
            let name = &input.entry.name;
            match (&input.what, input.not_text()) {
                (What::Skipped { why }, _) => self.manifest.add(SourceEntry::skipped(name, why)),
                (What::Unread { kind, reason }, _) => self.manifest.add(SourceEntry::unreadable(name, *kind, reason)),
                (What::Read { .. }, Some(why)) => self.manifest.add(SourceEntry::skipped(name, why)),
                (What::Read { .. }, None) => {}
            }
        }
        let files: Vec<_> = files.iter().flatten().map(OutputFile::as_new).collect();
        self.run.write_group(&files)
    }

    /// Writes what tells of all inputs.
    fn finish(mut self) -> Result<Summary, WriteError> {
        let (table, manifest) = self.manifest.finish(corpus::ARTICLES);
        self.run.write_group(&[NewFile::new(corpus::ARTICLES, table.as_bytes())])?;
        self.run.finish(&manifest)?;
        Ok(self.summary)
    }
}

/// A summary for programs.
pub fn json(summary: &Summary) -> String {
    let mut text = serde_json::to_string_pretty(summary).expect("a summary is plain data");
    text.push('\n');
    text
}

fn told(summary: &Summary, listing: &Listing, folder: &Path, settings: &Settings) -> String {
    let folder = folder.display().to_string();
    let shown = escape(&folder);
    let typed = if folder.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) { shown.clone() } else { quoted(&shown).into() };
    let mut text = format!(
        "cleaned {} of {} into {shown}; {}\n{}",
        summary.sources,
        counted(listing.files().count(), "file"),
        settings.rules_line(),
        summary.render()
    );
    text.push_str("next\n");
    let mut next = |command: &str, what: &str| {
        let _ = writeln!(text, "  {command:<42} {what}");
    };
    if summary.total(|counts| counts.applied) > 0 {
        next(&format!("emendo diff {typed}"), "read what was changed");
    }
    if summary.total(|counts| counts.waiting) > 0 {
        next(&format!("emendo diff --waiting {typed}"), "read what waits for a decision");
    }
    if summary.problems.iter().any(|problem| problem.kind.has_bytes()) {
        next(&format!("ls {typed}/problems"), "what could not be cleaned, byte for byte");
    }
    next(&format!("emendo verify {typed}"), "prove that nothing was lost");
    text
}

/// As a shell takes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// How the run ended, as far as problems and findings tell.
fn outcome(args: &CleanArgs, summary: &Summary, ended: Ended, found: bool) -> Outcome {
    let problems = summary.problems.len();
    let inputs = summary.article_count() + problems;
    let allowed = args.allow_problems.is_some_and(|allowance| allowance.holds(problems, inputs));
    match ended {
        Ended::Interrupted => Outcome::Interrupted,
        Ended::Wholly if problems > 0 && !allowed => Outcome::Problems,
        Ended::Wholly if found => Outcome::Found,
        Ended::Wholly => Outcome::Done,
    }
}

/// What the run was made with, for the manifest.
fn head(settings: &Settings) -> Result<RunHead, Failure> {
    // The last part of a path only: where a folder lies is no part of what the run does.
    let name = |place: &str| Path::new(place).file_name().map_or_else(|| place.to_owned(), |name| name.to_string_lossy().into_owned());
    let used =
        settings.knowledge.used.iter().map(|used| format!("{} {} ({})", name(&used.place), used.digest, counted(used.rules, "rule")));
    let policy: serde_json::Map<_, _> =
        PassName::ALL.iter().map(|pass| (pass.name().to_owned(), settings.caps.of(*pass).to_string().into())).collect();
    let mut more = serde_json::Map::new();
    more.insert("policy".to_owned(), policy.into());
    more.insert("lang".to_owned(), settings.lang.clone().into());
    if let Some(file) = &settings.decisions_file {
        let text = corpus::read_text(file).map_err(|fault| Failure::refused(escape(&fault.to_string())))?;
        more.insert("decisions".to_owned(), serde_json::json!({ "lines": settings.decisions.len(), "digest": digest(text.as_bytes()) }));
    }
    let rules = RulesUsed { digest: settings.knowledge.digest.clone(), used: used.collect() };
    Ok(RunHead { rules, profile: settings.profile.clone(), settings: more })
}
