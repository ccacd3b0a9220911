//! `emendo rules show`.

use std::fmt::Write as _;

use super::rule_json::{ranges, rule_json};
use crate::args::{OutputFormat, ShowArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::outcome::ExitStatus;
use emendo_core::edit::{RuleNumber, Zone};
use emendo_core::rules::{Find, NameKind, Policies, Policy, Rule, Scope};
use emendo_corpus::project::Settings;
use emendo_corpus::report::{escape, visible_pair};

/// Shows one rule.
pub fn run(args: &ShowArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let settings = Settings::resolve(&args.rules.options(), None)?;
    let rules = &settings.knowledge.rules;
    let policies = Policies::new(rules, &settings.knowledge.chain, &settings.caps);
    let Some((number, rule)) = rules.iter().find(|(_, rule)| *rule.id == *args.id) else {
        let near = rules
            .iter()
            .filter(|(_, rule)| rule.id.to_lowercase().contains(&args.id.to_lowercase()))
            .take(5)
            .map(|(_, rule)| escape(&rule.id))
            .collect::<Vec<_>>();
        let hint =
            if near.is_empty() { "emendo rules list names them all.".to_owned() } else { format!("Did you mean {}?", near.join(", ")) };
        return Err(CommandError::refused(format!("There is no rule {}. {hint}", escape(&args.id))));
    };
    match args.format {
        OutputFormat::Json => console.json(&format!("{}\n", rule_json(number, rule, &policies)))?,
        OutputFormat::Human => console.out(&page(number, rule, &policies))?,
    }
    Ok(ExitStatus::Done)
}

fn page(number: RuleNumber, rule: &Rule, policies: &Policies) -> String {
    let mut text = format!("{}\n  {}\n\n", escape(&rule.id), escape(&rule.why));
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<9} {value}");
    };
    let (finds, becomes) = match &rule.find {
        Find::Pattern { find, becomes } => (format!("the pattern {}", escape(find.as_str())), quoted(becomes)),
        Find::Characters { chars, becomes, keep_in } => {
            let kept = if keep_in.is_empty() { String::new() } else { format!(", but not in: {}", keep_in.join(", ")) };
            (format!("{}{kept}", ranges(chars).join(", ")), quoted(becomes))
        }
        Find::Words { wrong, right, case } => {
            (format!("the word {}", quoted(wrong)), format!("{}, case {}", quoted(right), format!("{case:?}").to_lowercase()))
        }
        Find::Name { variant, canonical, not_same, kind } => {
            let not_same = if not_same.is_empty() { String::new() } else { format!("; never part of: {}", escape(&not_same.join(", "))) };
            let of = if *kind == NameKind::Person { "the person's name" } else { "the name" };
            (format!("{of} {}{not_same}", quoted(variant)), quoted(canonical))
        }
        Find::Mark { mark, becomes } => (format!("each mark that is read as {}", escape(mark)), quoted(becomes)),
        Find::BuiltIn(name) => (format!("the behaviour {} that the pass knows", escape(name)), "see the examples".to_owned()),
    };
    line("finds", &finds);
    line("becomes", &becomes);
    if let Some(style) = rule.style {
        line("style", style.name());
    }
    for (name, scope) in [("only", &rule.only), ("not", &rule.not)] {
        if !scope.is_empty() {
            line(name, &scoped(scope));
        }
    }
    line("policy", &policies.of(number, None).to_string());
    for zone in Zone::ALL.into_iter().filter(|zone| !zone.is_protected()) {
        let special: Policy = policies.of(number, Some(zone));
        if special != policies.of(number, None) {
            line("", &format!("{special} in a {zone}"));
        }
    }
    for example in &rule.examples {
        let (before, after) = visible_pair(&example.before, &example.after);
        line("example", &format!("{before}  →  {after}"));
    }
    for keep in &rule.keeps {
        line("keeps", &escape(keep));
    }
    line("written", &format!("{}:{}", escape(&rule.origin.file), rule.origin.line));
    line("digest", &rule.digest());
    text
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { format!("\"{}\"", escape(text)) }
}

/// The languages and files that a rule names.
fn scoped(scope: &Scope) -> String {
    let lang = (!scope.lang.is_empty()).then(|| format!("lang {}", escape(&scope.lang.join(", "))));
    let files = scope.files.as_ref().map(|globs| format!("files {}", escape(&globs.patterns.join(", "))));
    lang.into_iter().chain(files).collect::<Vec<_>>().join("; ")
}
