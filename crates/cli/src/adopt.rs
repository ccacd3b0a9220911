//! `emendo adopt`.

use super::args::{AdoptArgs, OutputFormat};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use super::person::person;
use crate::counted;
use emendo_core::edit::{Change, ChangePlace, Fate, Hunk, Part, PlaceRef, Span};
use emendo_core::input::DocumentLayout;
use emendo_core::review::decision::HAND;
use emendo_core::review::hand::{CorrectionOutcome, HandCorrection};
use emendo_core::review::session::Reader;
use emendo_corpus::adopt::{AdoptFault, AdoptOptions, Adoption, EditedOutputs, EditedText};
use emendo_corpus::clock;
use emendo_corpus::report::{ExcerptStyle, LineColumns, Private, VisibleText, escape, excerpts, render};
use emendo_corpus::shown;

/// Makes decisions of what a person edited in cleaned texts.
pub fn run(args: &AdoptArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let who = args.by.clone().or_else(person).filter(|who| !who.trim().is_empty());
    let mut adoption = Adoption::find(&AdoptOptions {
        folder: args.dir.clone(),
        from: args.from.clone(),
        decisions: args.decisions.clone(),
        reader: Reader { who, when: Some(clock::now_in_milliseconds()), note: args.note.clone() },
    })?;
    if !args.dry_run {
        adoption.save()?;
    }
    let found = &adoption.found;
    match args.format {
        OutputFormat::Json => tell_json(args, found, console)?,
        OutputFormat::Human => {
            tell(args, found, console)?;
            console.out(end(args, found, &adoption.file().display().to_string()))?;
        }
    }
    Ok(if found.faults.is_empty() { ExitStatus::Done } else { ExitStatus::Problems })
}

fn tell(args: &AdoptArgs, found: &EditedOutputs, console: &mut Console) -> Result<(), CommandError> {
    for text in &found.texts {
        let name = args.dir.join(&text.path).display().to_string();
        let new: Vec<&HandCorrection> =
            text.corrections.iter().filter(|correction| matches!(correction.outcome, CorrectionOutcome::New(_))).collect();
        console.out(shown(&name, &text.before, &new))?;
    }
    for AdoptFault { path, place, reason } in &found.faults {
        let name = args.dir.join(path).display().to_string();
        let place = place.map(|(line, column)| shown!("{}:{}:", line, column)).unwrap_or_default();
        console.err(shown!("{}:{} {}\n", escape(&name), place, escape(reason)));
    }
    Ok(())
}

/// Corrections word by word, in the text as the run left it.
fn shown(name: &str, before: &str, corrections: &[&HandCorrection]) -> VisibleText {
    let all = Span::new(0, before.len());
    let document = DocumentLayout { slice: all, format: None, fields: Vec::new(), body: Some(all) };
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
    let excerpts = excerpts(before, &LineColumns::new(before.as_bytes()), &document, &hunks, &changes);
    render(name, &excerpts, ExcerptStyle { colour: true, ids: false, private: Private::default() })
}

/// What is left to say.
fn end(args: &AdoptArgs, found: &EditedOutputs, file: &str) -> VisibleText {
    let (count, texts) = (found.new_decisions().count(), found.texts.iter().filter(|text| has_new(text)).count());
    let known = found.texts.iter().flat_map(|text| &text.corrections).filter(|one| matches!(one.outcome, CorrectionOutcome::Known)).count();
    let mut told = VisibleText::default();
    if known > 0 {
        told = shown!("{} decided already\n", counted(known, "correction"));
    }
    let of = shown!("{} in {}", counted(count, "correction"), counted(texts, "text"));
    told + match (count, args.dry_run) {
        (0, _) if known == 0 && found.faults.is_empty() => "No text was edited.\n".into(),
        (0, _) => "Nothing was saved.\n".into(),
        (_, true) => shown!("{}. Nothing was saved: --dry-run.\n", of),
        (_, false) => shown!("{} saved in {}; emendo clean makes them again on every run\n", of, escape(file)),
    }
}

fn has_new(text: &EditedText) -> bool {
    text.corrections.iter().any(|correction| matches!(correction.outcome, CorrectionOutcome::New(_)))
}

fn tell_json(args: &AdoptArgs, found: &EditedOutputs, console: &mut Console) -> Result<(), CommandError> {
    for text in &found.texts {
        let places = LineColumns::new(text.before.as_bytes());
        for correction in &text.corrections {
            let (line, column) = places.of(correction.at.start);
            let decision = if let CorrectionOutcome::New(decision) = &correction.outcome { Some(decision) } else { None };
            let told = serde_json::json!({
                "type": "correction", "text": text.path, "source": text.source, "document": text.document, "line": line, "column": column,
                "before": correction.before, "after": correction.after,
                "known": matches!(correction.outcome, CorrectionOutcome::Known),
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
