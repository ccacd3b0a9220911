//! From what was typed for a new rule to the rule.

use smol_str::SmolStr;

use crate::args::NewRuleArgs;
use crate::command_error::CommandError;
use emendo_core::rules::{Example, NewPattern, NewRow, PassName, Policy};
use emendo_corpus::new_rules::{NewRule, NewRuleContent, NewRuleError, RuleFilePlace};
use emendo_corpus::report::escape;
use emendo_corpus::shown;

/// The rule that was typed, with the sentence for reviewers and what it may do.
pub fn new_rule(args: &NewRuleArgs, why: Option<&str>, policy: Option<Policy>) -> Result<NewRule, CommandError> {
    let into = args.into.as_deref().map(RuleFilePlace::parse).transpose()?;
    let pass = agreed(args.pass, into.as_ref())?;
    let name = into.map(|into| into.name);
    if let Some(file) = &args.file {
        return Ok(NewRule::of_file(file, pass, name)?);
    }
    if let Some(find) = &args.find {
        let becomes = args.becomes.as_deref().unwrap_or_default();
        let mut new = NewRule::pattern(pass.ok_or(NewRuleError::NoPass)?, name, (find, becomes), args.id.as_deref());
        if let NewRuleContent::Pattern(pattern) = &mut new.new {
            dress_pattern(pattern, args, why, policy)?;
        }
        return Ok(new);
    }
    let (of_rows, rows) = match &args.name {
        Some(name) => (PassName::NAMES, vec![name_row(args, name)]),
        None => (PassName::TYPOS, args.typo.iter().map(|typo| typo_row(args, typo)).collect::<Result<_, _>>()?),
    };
    if pass.is_some_and(|other| other != of_rows) {
        return Err(CommandError::refused(shown!(
            "Such a rule belongs to the pass {of_rows}: write --into {of_rows}/NAME.",
            of_rows = of_rows
        )));
    }
    Ok(NewRule::rows(of_rows, name, dressed(args, rows, why, policy)?))
}

/// The pass of --pass and --into.
fn agreed(pass: Option<PassName>, into: Option<&RuleFilePlace>) -> Result<Option<PassName>, NewRuleError> {
    match (pass, into) {
        (Some(one), Some(into)) if one != into.pass => Err(NewRuleError::TwoPasses { one, other: into.pass }),
        (one, into) => Ok(one.or(into.map(|into| into.pass))),
    }
}

fn typo_row(args: &NewRuleArgs, typo: &str) -> Result<NewRow, CommandError> {
    let (wrong, right) =
        typo.split_once('=').filter(|(wrong, right)| !wrong.trim().is_empty() && !right.trim().is_empty()).ok_or_else(|| {
            CommandError::refused(shown!("Write --typo WRONG=RIGHT, such as --typo ambulence=ambulance, and not {}.", escape(typo)))
        })?;
    Ok(NewRow { key: wrong.trim().to_owned(), forms: vec![right.trim().to_owned()], case: args.case.clone(), ..NewRow::default() })
}

fn name_row(args: &NewRuleArgs, name: &str) -> NewRow {
    NewRow { key: name.to_owned(), forms: args.variant.clone(), not_same: args.not_same.clone(), ..NewRow::default() }
}

/// The rows with all that was said of them.
fn dressed(args: &NewRuleArgs, mut rows: Vec<NewRow>, why: Option<&str>, policy: Option<Policy>) -> Result<Vec<NewRow>, CommandError> {
    for row in &mut rows {
        row.why = why.map(str::to_owned);
        row.policy = policy;
    }
    if args.example.is_empty() && args.keep.is_empty() {
        return Ok(rows);
    }
    let ([row], [] | [_], [] | [_]) = (&mut rows[..], &args.example[..], &args.keep[..]) else {
        return Err(CommandError::refused("A row of a table takes one example and one text to keep. Add one row after the other."));
    };
    row.keep = args.keep.first().cloned();
    // What becomes of it the table works out.
    row.example = args.example.first().map(|example| example.split_once(" => ").map_or(&**example, |(before, _)| before).to_owned());
    Ok(rows)
}

/// All that was said of a pattern.
fn dress_pattern(pattern: &mut NewPattern, args: &NewRuleArgs, why: Option<&str>, policy: Option<Policy>) -> Result<(), CommandError> {
    let stated = args.example.iter().map(|example| match example.split_once(" => ") {
        Some((before, after)) if before == after => {
            Err(CommandError::refused("An example has to change something; what must stay is a --keep."))
        }
        Some((before, after)) => Ok(Example { before: before.into(), after: after.into() }),
        None => Ok(Example { before: example.into(), after: SmolStr::default() }),
    });
    let examples = stated.collect::<Result<Vec<_>, _>>()?;
    if !examples.is_empty() {
        pattern.examples = examples;
    }
    if let Some(why) = why {
        why.clone_into(&mut pattern.why);
    }
    pattern.policy = policy;
    pattern.keeps.clone_from(&args.keep);
    Ok(())
}
