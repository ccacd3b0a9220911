//! `emendo rules stats`: what readers made of each rule.

use std::collections::BTreeMap;

use crate::args::{OutputFormat, StatsArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::interrupt;
use crate::outcome::ExitStatus;
use crate::person::person;
use crate::rules_line::rules_line;
use emendo_core::review::session::{Earned, Tally};
use emendo_core::rules::{Policies, Policy};
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::review::{ReviewOptions, ReviewWorkspace};
use emendo_corpus::{showln, shown};

/// A rule, and what readers made of it.
struct Row<'d> {
    rule: &'d str,
    policy: Policy,
    tally: Tally,
    earned: Option<Earned>,
}

/// Tells how often each rule was accepted and rejected, and which should ask or may apply.
pub fn run(args: &StatsArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let (paths, settings) = (args.paths.clone(), args.rules.options());
    let options = ReviewOptions { paths, settings, who: person(), threads: args.threads, ..ReviewOptions::default() };
    interrupt::catch_interrupts();
    let Some(desk) = ReviewWorkspace::open(options, console)? else { return Ok(ExitStatus::Interrupted) };
    let tallies = desk.session.tallies();
    let knowledge = &desk.settings.knowledge;
    let policies = Policies::new(&knowledge.rules, &knowledge.chain, &desk.settings.caps);
    let proposing = knowledge.rules.iter().filter(|(_, rule)| tallies.contains_key(&rule.id));
    let policy_of: BTreeMap<&str, Policy> = proposing.map(|(number, rule)| (&*rule.id, policies.of(number, None))).collect();
    let mut rows: Vec<Row<'_>> = tallies
        .iter()
        .map(|(rule, tally)| {
            // What people corrected by hand has no rule, and no policy.
            let policy = policy_of.get(&**rule).copied().unwrap_or(Policy::Ask);
            Row { rule, policy, tally: *tally, earned: tally.earned(policy == Policy::Apply) }
        })
        .filter(|row| args.all || row.tally.decided().read > 0 || row.tally.disputed > 0)
        .collect();
    // What readers objected to most comes first.
    rows.sort_by(|a, b| b.tally.decided().wrong.cmp(&a.tally.decided().wrong).then_with(|| a.rule.cmp(b.rule)));
    match args.format {
        OutputFormat::Json => rows.iter().try_for_each(|row| console.json(&json(row)))?,
        OutputFormat::Human => console.out(told(&rows, &desk))?,
    }
    Ok(ExitStatus::Done)
}

fn json(row: &Row<'_>) -> String {
    let Row { rule, policy, tally, earned } = row;
    let line = serde_json::json!({
        "rule": rule, "policy": policy.to_string(), "decided": tally.decided().read, "wrong": tally.decided().wrong,
        "accepted": tally.accepted, "replaced": tally.replaced, "rejected": tally.rejected, "disputed": tally.disputed,
        "open": tally.open, "applied": tally.applied, "earned": earned,
    });
    format!("{line}\n")
}

fn told(rows: &[Row<'_>], desk: &ReviewWorkspace) -> VisibleText {
    if rows.is_empty() {
        return "Nothing is decided yet: emendo review. --all lists all rules that propose something.\n".into();
    }
    let width = rows.iter().map(|row| escape(row.rule).chars().count()).max().unwrap_or(0);
    let mut text = shown!("{}\n\n", rules_line(&desk.settings));
    showln!(text, "  {:<width$}  policy  accepted  replaced  rejected  undecided", "rule", width = width);
    for Row { rule, policy, tally, .. } in rows {
        showln!(
            text,
            "  {:<width$}  {:<6}  {:>8}  {:>8}  {:>8}  {:>9}",
            escape(rule),
            shown!("{}", policy),
            tally.accepted,
            tally.replaced,
            tally.rejected,
            tally.open + tally.applied + tally.disputed,
            width = width
        );
    }
    for Row { rule, tally, earned, .. } in rows {
        let decided = tally.decided();
        match earned {
            Some(Earned::Ask) => {
                let places = counted(usize::try_from(decided.read).unwrap_or(usize::MAX), "place");
                showln!(text, "\n{} should ask: readers wanted something else in {} of {}.", escape(rule), decided.wrong, places);
            }
            Some(Earned::Apply) => showln!(text, "\n{} may apply: {}, if what was decided is like the rest.", escape(rule), decided),
            None => {}
        }
    }
    text
}
