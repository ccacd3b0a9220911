//! Cleaning many sources: into an output folder, or only to count what would change.
//!
//! ```text
//! Listing ─ batch::run ─► groups of inputs ─ Account::take ─► output files ─ disk::Run ─► folder
//! ```

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, SyncSender};

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::adopt;
use crate::batch::{self, BatchError, Input, InputContent, RunEnd, RunObserver};
use crate::counted;
use crate::disk::{self, Clash, Listing, NewFile, Plan, RefusedOutput, Run, WriteError};
use crate::project::{ProjectError, Settings};
use crate::report::{Manifest, OutputFile, OutputKind, Reporter, RulesUsed, RunHead, SourceEntry, Summary, digest, output_files};
use emendo_core::rules::{PassName, Style};

/// Why sources cannot be cleaned.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The project or its settings are wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The inputs cannot be found, or no threads be started.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// Two inputs would be written to the same output: see [`crate::CorpusError::lines`].
    #[error("Two inputs have the same output.")]
    Clashes(Vec<Clash>),
    /// The output folder was refused.
    #[error(transparent)]
    Refused(#[from] RefusedOutput),
    /// An output cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Cleans all sources in memory, and counts what would change.
///
/// # Errors
/// When the cleaner cannot be made.
pub fn count_changes(
    listing: &Listing,
    settings: &Settings,
    threads: Option<NonZeroUsize>,
    observer: &mut dyn RunObserver,
) -> Result<(Summary, RunEnd), RunError> {
    let cleaner = settings.cleaner()?;
    let reporter = Reporter::new(&cleaner);
    let mut summary = Summary::default();
    let ended = batch::run(listing, &cleaner, &batch::threads(threads)?, observer, |inputs| {
        for input in &inputs {
            reporter.count(input, &mut summary);
        }
        Ok::<_, RunError>(())
    })?;
    Ok((summary, ended))
}

/// Cleans all sources into an output folder: texts, diffs, records, problems, and what tells of all inputs. Nothing if the observer
/// stopped that: then what was written is whole, and the same call goes on from there.
///
/// # Errors
/// When two sources have the same output, the folder is refused, or an output cannot be written.
pub fn clean_folder(
    listing: &Listing,
    folder: &Path,
    settings: &Settings,
    threads: Option<NonZeroUsize>,
    observer: &mut dyn RunObserver,
) -> Result<Option<Summary>, RunError> {
    let cleaner = settings.cleaner()?;
    let plan = Plan::new(listing.files().map(|entry| entry.name.as_str())).map_err(RunError::Clashes)?;
    let run = begin(folder, listing, &plan, settings)?;
    let pool = batch::threads(threads)?;
    let account = Account { reporter: Reporter::new(&cleaner), summary: Summary::default(), manifest: Manifest::new(&head(settings)) };
    // While one group is written, diffs and records of the next one are made and a third one is cleaned, both by the same threads.
    let (ended, account, run) = std::thread::scope(|scope| {
        let (send_inputs, inputs) = mpsc::sync_channel::<Vec<Input>>(0);
        let (send_files, files) = mpsc::sync_channel::<Vec<OutputFile>>(0);
        let pool = &pool;
        let telling = scope.spawn(move || tell(account, pool, &inputs, &send_files));
        let writing = scope.spawn(move || write_groups(run, &files));
        // Where one stage has ended early the one before it ends too, and the last of them says why below.
        let ended = batch::run(listing, &cleaner, pool, observer, |inputs| send_inputs.send(inputs).map_err(|_| StoppedEarly));
        drop(send_inputs);
        let account = telling.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let written = writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.map(|run| (ended, account, run))
    })?;
    match ended {
        Ok(RunEnd::Wholly) => Ok(Some(account.finish(run, settings.decisions_text())?)),
        Ok(RunEnd::Interrupted) | Err(StoppedEarly) => Ok(None),
    }
}

/// The stage that takes the groups has ended, and says itself why.
struct StoppedEarly;

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
