//! `emendo adopt`.

mod edited;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use blake3::Hash;
use clap::Parser;

use self::edited::{AdoptFault, EditedOutputs, EditedText, Editing};
use super::args::{AdoptArgs, Cli, Command, OutputFormat, RuleArgs};
use super::batch;
use super::clock;
use super::command_error::CommandError;
use super::console::Console;
use super::counted;
use super::outcome::ExitStatus;
use super::output::Output;
use super::person::person;
use super::review::refuse_inside;
use super::settings::Settings;
use emendo_core::edit::{Change, ChangePlace, Fate, Hunk, Part, PlaceRef, Span};
use emendo_core::input::DocumentLayout;
use emendo_core::review::Decisions;
use emendo_core::review::decision::{Decision, HAND};
use emendo_core::review::hand::{self, HandCorrection};
use emendo_core::review::session::Reader;
use emendo_corpus::disk::{self, Listing};
use emendo_corpus::report::{ExcerptStyle, LineColumns, Private, escape, excerpts, render};

/// Makes decisions of what a person edited in cleaned texts.
pub fn run(args: &AdoptArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let output = open(&args.dir)?;
    let Last { paths, rules } = last_run(args, &output)?;
    let (settings, mut file) = Settings::for_decisions(&rules, paths.first().map(|path| &**path))?;
    refuse_inside(&file, &paths)?;
    let listing = batch::listing(&paths)?;
    let who = args.by.clone().or_else(person).filter(|who| !who.trim().is_empty());
    if who.is_none() && settings.wants_names() {
        return Err(CommandError::refused(format!(
            "The profile {} takes corrections in somebody's name only: say whose they are with --by NAME.",
            escape(&settings.profile)
        )));
    }
    let reader = Reader { who, when: Some(clock::now_in_milliseconds()), note: args.note.clone() };
    let found = Editing { output: &output, listing: &listing, decisions: &settings.decisions, reader: &reader }.find()?;
    let new: Vec<(&EditedText, &HandCorrection, &Decision)> = found.new_decisions().collect();
    if !args.dry_run && !new.is_empty() {
        let lines: String = new.iter().map(|(_, _, decision)| decision.line()).collect();
        file.append(&lines).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
    }
    match args.format {
        OutputFormat::Json => tell_json(args, &found, console)?,
        OutputFormat::Human => {
            tell(args, &found, console)?;
            console.out(&end(args, &found, &file.path().display().to_string()))?;
        }
    }
    Ok(if found.faults.is_empty() { ExitStatus::Done } else { ExitStatus::Problems })
}

/// Of the outputs that were edited, those that hold nothing that is not decided: name and digest.
pub fn known(folder: &Path, listing: &Listing, decisions: &Decisions) -> BTreeMap<String, Hash> {
    let reader = Reader::default();
    let found = Output::open(folder).and_then(|output| Editing { output: &output, listing, decisions, reader: &reader }.find());
    let texts = found.map(|found| found.texts).unwrap_or_default();
    let is_known =
        |text: &EditedText| text.corrections.iter().all(|correction| matches!(correction.outcome, hand::CorrectionOutcome::Known));
    texts.into_iter().filter(is_known).map(|text| (text.path, text.digest)).collect()
}

/// A text of an output folder that a person has edited.
pub struct Edited {
    /// Its name there.
    pub path: String,
    /// As the run left it.
    pub before: String,
    /// As it is now.
    pub now: String,
}

/// The texts of an output folder that a person has edited, adopted or not; and what else is not as the run wrote it, a sentence for each.
pub fn edited_texts(folder: &Path, from: &[PathBuf]) -> Result<(Vec<Edited>, Vec<String>), CommandError> {
    let dir = folder.to_owned();
    let args = AdoptArgs { dir, from: from.to_vec(), decisions: None, by: None, note: None, dry_run: true, format: OutputFormat::Human };
    let output = open(folder)?;
    let Last { paths, rules } = last_run(&args, &output)?;
    let settings = Settings::resolve(&rules, paths.first().map(|path| &**path))?;
    let listing = batch::listing(&paths)?;
    let reader = Reader::default();
    let found = Editing { output: &output, listing: &listing, decisions: &settings.decisions, reader: &reader }.find()?;
    let now = |path: &str| output.get(path).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let texts = found.texts.into_iter().map(|text| Edited { now: now(&text.path), path: text.path, before: text.before });
    let faults = found.faults.iter().filter(|fault| fault.place.is_none());
    let told = faults.map(|fault| format!("{}: {}", escape(&folder.join(&fault.path).display().to_string()), fault.reason));
    Ok((texts.collect(), told.collect()))
}

fn open(folder: &Path) -> Result<Output, CommandError> {
    if folder.is_dir() && !folder.join(disk::MANIFEST).exists() {
        let folder = folder.display().to_string();
        return Err(CommandError::refused(format!(
            "{} holds no manifest.jsonl, so that nothing tells what was edited: it is no output folder, or its last run was interrupted. Then move the edited texts away, run emendo clean again, and put them back.",
            escape(&folder)
        )));
    }
    Output::open(folder)
}

/// What was cleaned, and with which rules and decisions.
struct Last {
    paths: Vec<PathBuf>,
    rules: RuleArgs,
}

/// As the options say, else as the log of runs tells of the last one.
fn last_run(args: &AdoptArgs, output: &Output) -> Result<Last, CommandError> {
    let log = output.get(disk::RUN_LOG).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let clean = log.lines().rev().find_map(|line| {
        let run: serde_json::Value = serde_json::from_str(line).ok()?;
        let typed = run["args"].as_array()?.iter().filter_map(|arg| arg.as_str());
        match Cli::try_parse_from(std::iter::once("emendo").chain(typed)).ok()?.command {
            Command::Clean(clean) => Some(clean),
            _ => None,
        }
    });
    let (logged, mut rules) = clean.map(|clean| (clean.paths, clean.rules)).unwrap_or_default();
    let paths = if args.from.is_empty() { logged } else { args.from.clone() };
    if paths.is_empty() {
        let folder = args.dir.display().to_string();
        return Err(CommandError::refused(format!("No run is in the log of {}: say with --from what was cleaned.", escape(&folder))));
    }
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        let missing = missing.display().to_string();
        let way_out =
            if args.from.is_empty() { "Go where emendo clean was run, or say with --from what was cleaned." } else { "Correct --from." };
        return Err(CommandError::refused(format!("{} is not there. {way_out}", escape(&missing))));
    }
    if args.decisions.is_some() {
        rules.decisions.clone_from(&args.decisions);
    }
    if rules.isolated && rules.decisions.is_none() {
        return Err(CommandError::refused(
            "The last run was --isolated and knew no decisions. Name a file with --decisions FILE, for emendo clean too, or clean without --isolated.",
        ));
    }
    Ok(Last { paths, rules })
}

impl EditedOutputs {
    fn new_decisions(&self) -> impl Iterator<Item = (&EditedText, &HandCorrection, &Decision)> {
        self.texts.iter().flat_map(|text| {
            text.corrections.iter().filter_map(move |correction| match &correction.outcome {
                hand::CorrectionOutcome::New(decision) => Some((text, correction, &**decision)),
                _ => None,
            })
        })
    }
}

fn tell(args: &AdoptArgs, found: &EditedOutputs, console: &mut Console) -> Result<(), CommandError> {
    for text in &found.texts {
        let name = args.dir.join(&text.path).display().to_string();
        let new: Vec<&HandCorrection> =
            text.corrections.iter().filter(|correction| matches!(correction.outcome, hand::CorrectionOutcome::New(_))).collect();
        console.out(&shown(&name, &text.before, &new))?;
    }
    for AdoptFault { path, place, reason } in &found.faults {
        let name = args.dir.join(path).display().to_string();
        let place = place.map(|(line, column)| format!("{line}:{column}:")).unwrap_or_default();
        console.err(&format!("{}:{place} {reason}\n", escape(&name)));
    }
    Ok(())
}

/// Corrections word by word, in the text as the run left it.
fn shown(name: &str, before: &str, corrections: &[&HandCorrection]) -> String {
    let all = Span::new(0, before.len());
    let article = DocumentLayout { slice: all, format: None, fields: Vec::new(), body: Some(all) };
    let (mut hunks, mut changes) = (Vec::new(), Vec::new());
    for correction in corrections {
        let (span, cleaned) = (Span::new(correction.at.start, correction.at.end), Span::new(correction.at.start, correction.at.end));
        let place = PlaceRef { change: u32::try_from(changes.len()).expect("few corrections"), place: 0 };
        let (part, before, after) = (Part::Body, correction.before.as_str().into(), correction.after.as_str().into());
        hunks.push(Hunk { part: part.clone(), original: span, cleaned, before, after, changes: [place].into_iter().collect() });
        let (before, after) = (correction.before.as_str().into(), correction.after.as_str().into());
        let (rule, fate) = (HAND.into(), Fate::Applied);
        let (replaced_with, decision, zone) = (None, None, None);
        let places = [ChangePlace::at(span)].into_iter().collect();
        changes.push(Change { part, pass: HAND, rule, before, after, replaced_with, decision, zone, fate, places });
    }
    let excerpts = excerpts(before, &LineColumns::new(before.as_bytes()), &article, &hunks, &changes);
    render(name, &excerpts, ExcerptStyle { colour: true, ids: false, private: Private::default() })
}

/// What is left to say.
fn end(args: &AdoptArgs, found: &EditedOutputs, file: &str) -> String {
    let (count, texts) = (found.new_decisions().count(), found.texts.iter().filter(|text| text.has_new()).count());
    let known =
        found.texts.iter().flat_map(|text| &text.corrections).filter(|one| matches!(one.outcome, hand::CorrectionOutcome::Known)).count();
    let mut told = String::new();
    if known > 0 {
        told = format!("{} decided already\n", counted(known, "correction"));
    }
    let of = format!("{} in {}", counted(count, "correction"), counted(texts, "text"));
    told + &match (count, args.dry_run) {
        (0, _) if known == 0 && found.faults.is_empty() => "No text was edited.\n".to_owned(),
        (0, _) => "Nothing was saved.\n".to_owned(),
        (_, true) => format!("{of}. Nothing was saved: --dry-run.\n"),
        (_, false) => format!("{of} saved in {}; emendo clean makes them again on every run\n", escape(file)),
    }
}

impl EditedText {
    fn has_new(&self) -> bool {
        self.corrections.iter().any(|correction| matches!(correction.outcome, hand::CorrectionOutcome::New(_)))
    }
}

fn tell_json(args: &AdoptArgs, found: &EditedOutputs, console: &mut Console) -> Result<(), CommandError> {
    for text in &found.texts {
        let places = LineColumns::new(text.before.as_bytes());
        for correction in &text.corrections {
            let (line, column) = places.of(correction.at.start);
            let decision = if let hand::CorrectionOutcome::New(decision) = &correction.outcome { Some(decision) } else { None };
            let told = serde_json::json!({
                "type": "correction", "text": text.path, "source": text.source, "article": text.article, "line": line, "column": column,
                "before": correction.before, "after": correction.after,
                "known": matches!(correction.outcome, hand::CorrectionOutcome::Known),
                "decision": decision, "saved": decision.is_some() && !args.dry_run,
            });
            console.json(&format!("{told}\n"))?;
        }
    }
    for AdoptFault { path, place, reason } in &found.faults {
        let (line, column) = place.unzip();
        let told = serde_json::json!({ "type": "fault", "path": path, "line": line, "column": column, "reason": reason });
        console.json(&format!("{told}\n"))?;
    }
    Ok(())
}
