//! `emendo clean`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, SyncSender};

use rayon::ThreadPool;
use rayon::prelude::*;

use super::adopt;
use super::args::{Check, CleanArgs, OutputFormat};
use super::batch::{self, Input, InputContent, RunEnd};
use super::command_error::CommandError;
use super::console::Console;
use super::counted;
use super::interrupt;
use super::outcome::ExitStatus;
use super::reporter::Reporter;
use super::run_log;
use super::settings::Settings;
use super::stdin;
use emendo_core::rules::{PassName, Style};
use emendo_corpus::disk::{self, Listing, NewFile, Plan, RefusedOutput, Run, WriteError};
use emendo_corpus::report::{Manifest, OutputFile, OutputKind, RulesUsed, RunHead, SourceEntry, Summary, digest, escape, output_files};

/// Cleans files and folders, or one document on standard input.
pub fn run(args: &CleanArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    if stdin::is_meant(&args.paths)? {
        return stdin::clean(args, console);
    }
    if args.record.is_some() {
        return Err(CommandError::refused("--record goes with -, one document on standard input: a folder's records go to DIR/record."));
    }
    let settings = Settings::resolve(&args.rules, args.paths.first().map(|path| &**path))?;
    match (&args.output, args.check) {
        (_, Some(check)) => self::check(args, check, &settings, console),
        (Some(output), None) => write(args, output, &settings, console),
        (None, None) => Err(CommandError::refused(
            "Say where the cleaned texts go: -o DIR. To write nothing, use emendo preview, emendo diff, or --check.",
        )),
    }
}

fn check(args: &CleanArgs, check: Check, settings: &Settings, console: &mut Console) -> Result<ExitStatus, CommandError> {
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
    let waiting = summary.total(|counts| counts.pending);
    let found = applied > 0 || check == Check::Pending && waiting > 0;
    match args.format {
        OutputFormat::Json => console.json(&json(&summary))?,
        OutputFormat::Human => {
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

fn write(args: &CleanArgs, folder: &Path, settings: &Settings, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let cleaner = settings.cleaner()?;
    let listing = batch::listing(&args.paths)?;
    let plan = Plan::new(listing.files().map(|entry| entry.name.as_str())).map_err(|clashes| {
        let clashes: Vec<_> = clashes.iter().map(|clash| escape(&clash.to_string()).into_owned()).collect();
        CommandError::refused(clashes.join("\n"))
    })?;
    interrupt::catch_interrupts();
    let stopped = |error: WriteError| CommandError::refused(escape(&error.to_string()));
    let run = begin(folder, &listing, &plan, settings).map_err(|refused| CommandError::refused(escape(&refused.to_string())))?;
    let pool = batch::threads(args.threads)?;
    let account = Account { reporter: Reporter::new(&cleaner), summary: Summary::default(), manifest: Manifest::new(&head(settings)) };
    // While one group is written, diffs and records of the next one are made and a third one is cleaned, both by the same threads.
    let (ended, account, run) = std::thread::scope(|scope| {
        let (send_inputs, inputs) = mpsc::sync_channel::<Vec<Input>>(0);
        let (send_files, files) = mpsc::sync_channel::<Vec<OutputFile>>(0);
        let pool = &pool;
        let telling = scope.spawn(move || tell(account, pool, &inputs, &send_files));
        let writing = scope.spawn(move || write_groups(run, &files));
        // Where one stage has ended early the one before it ends too, and the last of them says why below.
        let stopped_early = |_| CommandError::refused("The outputs cannot be written.");
        let ended = batch::run(&listing, &cleaner, pool, console, |inputs| send_inputs.send(inputs).map_err(stopped_early));
        drop(send_inputs);
        let account = telling.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let written = writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.map_err(stopped).and_then(|run| Ok((ended?, account, run)))
    })?;
    if ended == RunEnd::Interrupted {
        console.err("Interrupted. What was written is whole; the same command goes on from here.\n");
        return Ok(ExitStatus::Interrupted);
    }
    let summary = account.finish(run, settings.decisions_text()).map_err(stopped)?;
    if !args.no_run_log
        && let Err(fault) = run_log::add(folder, args.by.as_deref(), summary.seal.as_deref())
    {
        console.err(&format!("note: {}\n", escape(&fault.to_string())));
    }
    match args.format {
        OutputFormat::Json => console.json(&json(&summary))?,
        OutputFormat::Human => console.out(&told(args, &summary, &listing, folder, settings))?,
    }
    Ok(outcome(args, &summary, ended, false))
}

/// Begins a run. What was edited in outputs is no hindrance if decisions keep all of it.
fn begin(folder: &Path, listing: &Listing, plan: &Plan, settings: &Settings) -> Result<Run, RefusedOutput> {
    let (path, mut names) = match Run::begin(folder, listing, plan) {
        Err(RefusedOutput::Edited { folder, names }) => (folder, names),
        begun => return begun,
    };
    let known = adopt::known(folder, listing, &settings.decisions);
    names.retain(|name| !known.contains_key(name));
    if names.is_empty() { Run::begin_knowing(folder, listing, plan, &known) } else { Err(RefusedOutput::Edited { folder: path, names }) }
}

/// Takes groups of inputs into the account and hands on what comes out of them, as long as somebody takes it.
fn tell<'c>(
    mut account: Account<'c>,
    pool: &ThreadPool,
    groups: &Receiver<Vec<Input>>,
    files: &SyncSender<Vec<OutputFile<'static>>>,
) -> Account<'c> {
    for group in groups {
        if files.send(account.take(pool, &group)).is_err() {
            break;
        }
    }
    account
}

fn write_groups(mut run: Run, groups: &Receiver<Vec<OutputFile>>) -> Result<Run, WriteError> {
    for group in groups {
        let files: Vec<_> = group.iter().map(OutputFile::as_new).collect();
        run.write_group(&files)?;
    }
    Ok(run)
}

/// What a run says of all its inputs.
struct Account<'c> {
    reporter: Reporter<'c>,
    summary: Summary,
    manifest: Manifest,
}

impl Account<'_> {
    /// Takes a group of inputs into the account, and makes the files that come out of them.
    fn take(&mut self, pool: &ThreadPool, inputs: &[Input<'_>]) -> Vec<OutputFile<'static>> {
        let reports: Vec<_> = inputs.iter().filter_map(|input| self.reporter.count(input, &mut self.summary)).collect();
        let files = |report| {
            let files = output_files(report);
            let entry = SourceEntry::new(report, &files);
            (entry, files.into_iter().map(OutputFile::into_owned).collect::<Vec<_>>())
        };
        let (entries, files): (Vec<_>, Vec<_>) = pool.install(|| reports.par_iter().map(files).unzip());
        for entry in entries {
            self.manifest.add(entry);
        }
        for input in inputs {
            let name = &input.entry.name;
            match (&input.what, input.not_text()) {
                (InputContent::Skipped { why }, _) => self.manifest.add(SourceEntry::skipped(name, why)),
                (InputContent::Unread { kind, reason }, _) => self.manifest.add(SourceEntry::unreadable(name, *kind, reason)),
                (InputContent::Read { .. }, Some(why)) => self.manifest.add(SourceEntry::skipped(name, why)),
                (InputContent::Read { .. }, None) => {}
            }
        }
        files.into_iter().flatten().collect()
    }

    /// Writes what tells of all inputs.
    fn finish(mut self, mut run: Run, decisions: Option<&str>) -> Result<Summary, WriteError> {
        let rules = self.reporter.rules().to_jsonl(self.summary.rules.keys().map(String::as_str));
        let mut kept = vec![(OutputKind::Rules, disk::RULES, &*rules)];
        kept.extend(decisions.map(|text| (OutputKind::Decisions, disk::DECISIONS, text)));
        let (table, manifest) = self.manifest.finish(disk::DOCUMENTS, &kept);
        let mut files = vec![NewFile::new(disk::DOCUMENTS, table.as_bytes())];
        files.extend(kept.iter().map(|(_, path, text)| NewFile::new(path, text.as_bytes())));
        run.write_group(&files)?;
        self.summary.seal = Some(run.finish(&manifest)?.seal);
        Ok(self.summary)
    }
}

/// A summary for programs.
pub fn json(summary: &Summary) -> String {
    let mut text = serde_json::to_string_pretty(summary).expect("a summary is plain data");
    text.push('\n');
    text
}

fn told(args: &CleanArgs, summary: &Summary, listing: &Listing, folder: &Path, settings: &Settings) -> String {
    let (shown, typed) = (escape(&folder.display().to_string()).into_owned(), as_typed(folder));
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
    if summary.total(|counts| counts.pending) > 0 {
        next(&format!("emendo diff --pending {typed}"), "read what needs review");
        let more = (args.paths.len() > 3).then(|| "…".to_owned());
        let inputs: Vec<_> = args.paths.iter().take(3).map(|path| as_typed(path)).chain(more).collect();
        next(&format!("emendo review {}", inputs.join(" ")), "decide");
    }
    if summary.problems.iter().any(|problem| problem.kind.has_bytes()) {
        next(&format!("ls {typed}/problems"), "what could not be cleaned, byte for byte");
    }
    next(&format!("emendo verify {typed}"), "prove that nothing was lost");
    text
}

/// A path as it is shown, and as a shell takes it.
fn as_typed(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if is_plain { path } else { format!("'{}'", escape(&path).replace('\'', r"'\''")) }
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

/// What the run was made with, for the manifest.
fn head(settings: &Settings) -> RunHead {
    // The last part of a path only: where a folder lies is no part of what the run does.
    let name = |place: &str| Path::new(place).file_name().map_or_else(|| place.to_owned(), |name| name.to_string_lossy().into_owned());
    let used =
        settings.knowledge.used.iter().map(|used| format!("{} {} ({})", name(&used.place), used.digest, counted(used.rules, "rule")));
    let policy: serde_json::Map<_, _> = PassName::ALL
        .iter()
        .map(|pass| (pass.name().to_owned(), settings.knowledge.chain.most(*pass, &settings.caps).to_string().into()))
        .collect();
    let mut more = serde_json::Map::new();
    more.insert("policy".to_owned(), policy.into());
    more.insert("lang".to_owned(), settings.lang.as_deref().unwrap_or("detected").into());
    if settings.quotes != Style::default() {
        more.insert("quotes".to_owned(), settings.quotes.name().into());
    }
    let encodings: Vec<_> = settings.encodings.declared().map(|(pattern, name)| [pattern.to_owned(), name]).collect();
    if !encodings.is_empty() {
        more.insert("encodings".to_owned(), serde_json::json!(encodings));
    }
    let syntax: Vec<_> = settings.syntax.declared().map(|(pattern, name)| [pattern.to_owned(), name]).collect();
    if !syntax.is_empty() {
        more.insert("syntax".to_owned(), serde_json::json!(syntax));
    }
    if let Some(text) = settings.decisions_text() {
        more.insert("decisions".to_owned(), serde_json::json!({ "lines": settings.decisions.len(), "digest": digest(text.as_bytes()) }));
    }
    let rules = RulesUsed { digest: settings.knowledge.digest.clone(), used: used.collect() };
    RunHead { rules, profile: settings.profile.clone(), settings: more }
}
