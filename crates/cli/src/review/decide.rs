//! Deciding by plain commands.

use crate::args::{Checked, OutputFormat, ReviewArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use emendo_core::review::decision::{Decision, DecisionScope, Verdict};
use emendo_core::review::sampling::CheckedSample;
use emendo_core::review::session::{DecisionTarget, Filter, Named, Order};
use emendo_corpus::report::{Private, VisibleText, escape, pair_shown};
use emendo_corpus::review::ReviewWorkspace;
use emendo_corpus::shown;

/// What an id is the id of.
pub fn named(desk: &ReviewWorkspace, id: &str) -> Result<Named, CommandError> {
    desk.session.find(id.trim()).ok_or_else(|| {
        CommandError::refused(shown!(
            "There is no group and no change {}. emendo review --list names the groups, --show ID their changes.",
            escape(id)
        ))
    })
}

/// What an id makes a decision be about.
pub fn targets(desk: &ReviewWorkspace, id: &str, document: Option<&str>) -> Result<Vec<DecisionTarget>, CommandError> {
    if id.contains('/') {
        let rule = desk.session.rule(id.trim()).ok_or_else(|| {
            CommandError::refused(shown!("The rule {} proposes nothing here. emendo review --list names those that do.", escape(id)))
        })?;
        return match document {
            None => Ok(vec![DecisionTarget::Rule(rule)]),
            Some(_) => Err(CommandError::refused("A whole rule is decided for all documents: leave out --doc, or name groups.")),
        };
    }
    match (named(desk, id)?, document) {
        (Named::Item(item), _) => Ok(vec![DecisionTarget::Here(item)]),
        (Named::Group(group), None) => Ok(vec![DecisionTarget::Everywhere(group)]),
        (Named::Group(group), Some(name)) => {
            let filter = Filter { document: Some(name.to_owned()), decided: true, ..Filter::default() };
            let selected = desk.session.select(&filter, Order::Rule);
            let items = selected.into_iter().find(|(number, _)| *number == group).map(|(_, items)| items).unwrap_or_default();
            let mut sources: Vec<usize> = items.iter().map(|item| desk.session.items()[*item].document).collect();
            sources.dedup();
            if sources.is_empty() {
                return Err(CommandError::refused(shown!("{} has no place in a document called {}.", escape(id), escape(name))));
            }
            Ok(sources.into_iter().map(|source| DecisionTarget::Document(group, source)).collect())
        }
    }
}

/// Accepts, rejects and replaces.
pub fn decide(desk: &mut ReviewWorkspace, args: &ReviewArgs, console: &mut Console) -> Result<(), CommandError> {
    let note = note(args.note.as_deref(), args.checked, args.seed);
    let wanted = [
        (Verdict::Accept, &args.accept, None),
        (Verdict::Reject, &args.reject, None),
        (Verdict::Replace, &args.replace, args.with.as_deref()),
    ];
    // Everything is looked up before the first is saved.
    let mut decisions = Vec::new();
    for (verdict, ids, with) in wanted {
        for id in ids {
            decisions.extend(targets(desk, id, args.doc.as_deref())?.into_iter().map(|target| (target, verdict, with, id.clone())));
        }
    }
    for (target, verdict, with, id) in &decisions {
        tell(desk, args, target, (*verdict, *with, id), console)?;
        if !args.dry_run {
            desk.decide(target, *verdict, *with, note.clone())?;
        }
    }
    end(desk, args, Some(decisions.len()), console)
}

/// What is kept in the note: the reader's words, and what the sample says.
pub fn note(words: Option<&str>, checked: Option<Checked>, seed: u64) -> Option<String> {
    let sample = checked.map(|Checked { right, drawn }| {
        let sample = CheckedSample { read: drawn.get(), wrong: drawn.get() - right };
        format!("{sample}; drawn at random, seed {seed}")
    });
    let parts: Vec<String> = words.map(str::to_owned).into_iter().chain(sample).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Says what a decision would do.
fn tell(
    desk: &ReviewWorkspace,
    args: &ReviewArgs,
    target: &DecisionTarget,
    (verdict, with, id): (Verdict, Option<&str>, &str),
    console: &mut Console,
) -> Result<(), CommandError> {
    let reach = desk.session.effect(target);
    if args.format == OutputFormat::Json {
        let line = serde_json::json!({
            "type": "decision", "id": id, "decision": verdict, "with": with, "places": reach.places, "narrower": reach.narrower,
            "lasting": reach.is_lasting, "elsewhere": reach.elsewhere, "saved": !args.dry_run,
        });
        return Ok(console.json(&format!("{line}\n"))?);
    }
    let what = what(desk, target, with);
    Ok(console.out(shown!("{} {}: {}\n", verdict.name(), what, reach))?)
}

/// What a decision is about, in a line.
pub fn what(desk: &ReviewWorkspace, target: &DecisionTarget, with: Option<&str>) -> VisibleText {
    let session = &desk.session;
    let arrow = |before: &str, after: &str| {
        let [before, after] = pair_shown(before, with.unwrap_or(after), Private::default());
        shown!("“{}” → “{}”", before, after)
    };
    let of_group = |group: usize| {
        let group = &session.groups()[group];
        let zone = group.zone.map(|zone| shown!(", in the zone {}", zone)).unwrap_or_default();
        let change = group.makes.as_ref().map(|makes| shown!(" {}", arrow(&makes.0, &makes.1))).unwrap_or_default();
        shown!("{}{}{}", escape(&group.rule), change, zone)
    };
    match target {
        DecisionTarget::Rule(rule) => shown!("all that {} does", escape(rule)),
        DecisionTarget::Everywhere(group) => of_group(*group),
        DecisionTarget::Document(group, source) => shown!("{} in {}", of_group(*group), escape(&session.documents()[*source].source)),
        DecisionTarget::Here(item) => {
            let item = &session.items()[*item];
            let place = shown!("{}:{}", escape(&session.documents()[item.document].source), item.place);
            shown!("{} {} at {}", escape(&item.change().rule), arrow(&item.change().before, &item.change().after), place)
        }
    }
}

/// What taking a decision back comes to, in a line.
pub fn told_back(decision: &Decision) -> VisibleText {
    let (verb, of) = match decision.decision {
        Verdict::Withdraw => ("take back what was decided on", VisibleText::default()),
        _ => ("go back to", shown!("{} of ", decision.decision.name())),
    };
    let where_to = match decision.scope {
        DecisionScope::Everywhere | DecisionScope::Rule => VisibleText::default(),
        DecisionScope::Document | DecisionScope::Here => shown!(" in {}", escape(decision.source.as_deref().unwrap_or_default())),
    };
    let change = decision.before.as_deref().zip(decision.after.as_deref()).map(|(before, after)| {
        let [before, after] = pair_shown(before, after, Private::default());
        shown!(" “{}” → “{}”", before, after)
    });
    shown!("{} {}{}{}{}", verb, of, escape(&decision.rule), change.unwrap_or_default(), where_to)
}

/// Takes the last decision back.
pub fn undo(desk: &mut ReviewWorkspace, args: &ReviewArgs, console: &mut Console) -> Result<(), CommandError> {
    let Some(step) = desk.session.undoing(&desk.reader(None)) else {
        let who = desk.who().unwrap_or("nobody in particular");
        return Err(CommandError::refused(shown!("No decision of {} stands in {}.", escape(who), escape(&desk.file()))));
    };
    for decision in step.decisions() {
        if args.format == OutputFormat::Human {
            console.out(shown!("{}\n", told_back(decision)))?;
        } else {
            let mut line = serde_json::to_value(decision).expect("all keys are texts");
            line["saved"] = (!args.dry_run).into();
            console.json(&format!("{line}\n"))?;
        }
    }
    if !args.dry_run {
        desk.save(step)?;
    }
    end(desk, args, None, console)
}

/// What is left to say once so many decisions are made, or one is taken back.
pub fn end(desk: &mut ReviewWorkspace, args: &ReviewArgs, decided: Option<usize>, console: &mut Console) -> Result<(), CommandError> {
    if args.format == OutputFormat::Json {
        return Ok(());
    }
    if args.dry_run {
        return Ok(console.out("Nothing was saved: --dry-run.\n")?);
    }
    let file = desk.file();
    console.out(match decided {
        Some(count) => {
            shown!("{} saved in {}; emendo review --undo takes the last one back\n", counted(count, "decision"), escape(&file))
        }
        None => shown!("Saved in {}.\n", escape(&file)),
    })?;
    let new = desk.new_questions()?;
    if new > 0 {
        console.out(new_questions(new))?;
    }
    Ok(())
}

/// Says that what was accepted has brought up something new.
pub fn new_questions(new: usize) -> VisibleText {
    let (ask, depend) = if new == 1 { ("asks", "depends") } else { ("ask", "depend") };
    shown!("{} {}, which {} on what was accepted: emendo review shows them\n", counted(new, "new change"), ask, depend)
}
