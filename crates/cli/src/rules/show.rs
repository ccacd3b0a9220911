//! `emendo rules show`.

use super::rule_json::{ranges, rule_json};
use crate::args::{OutputFormat, ShowArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::outcome::ExitStatus;
use emendo_core::edit::{RuleNumber, Zone};
use emendo_core::rules::{Find, NameKind, Policies, Policy, Rule, Scope};
use emendo_corpus::project::Settings;
use emendo_corpus::report::{VisibleText, escape, visible_pair};
use emendo_corpus::{showln, shown};

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
        let hint = if near.is_empty() {
            "emendo rules list names them all.".into()
        } else {
            shown!("Did you mean {}?", VisibleText::join(near, ", "))
        };
        return Err(CommandError::refused(shown!("There is no rule {}. {}", escape(&args.id), hint)));
    };
    match args.format {
        OutputFormat::Json => console.json(&format!("{}\n", rule_json(number, rule, &policies)))?,
        OutputFormat::Human => console.out(page(number, rule, &policies))?,
    }
    Ok(ExitStatus::Done)
}

fn page(number: RuleNumber, rule: &Rule, policies: &Policies) -> VisibleText {
    let mut text = shown!("{}\n  {}\n\n", escape(&rule.id), escape(&rule.why));
    let mut line = |name: &'static str, value: VisibleText| {
        showln!(text, "  {:<9} {}", name, value);
    };
    let (finds, becomes) = match &rule.find {
        Find::Pattern { find, becomes } => (shown!("the pattern {}", escape(find.as_str())), quoted(becomes)),
        Find::Characters { chars, becomes, keep_in } => {
            let kept = if keep_in.is_empty() { VisibleText::default() } else { shown!(", but not in: {}", escape(&keep_in.join(", "))) };
            (shown!("{}{}", escape(&ranges(chars).join(", ")), kept), quoted(becomes))
        }
        Find::Words { wrong, right, case } => {
            (shown!("the word {}", quoted(wrong)), shown!("{}, case {}", quoted(right), escape(&format!("{case:?}").to_lowercase())))
        }
        Find::Name { variant, canonical, not_same, kind } => {
            let not_same =
                if not_same.is_empty() { VisibleText::default() } else { shown!("; never part of: {}", escape(&not_same.join(", "))) };
            let of = if *kind == NameKind::Person { "the person's name" } else { "the name" };
            (shown!("{} {}{}", of, quoted(variant), not_same), quoted(canonical))
        }
        Find::Mark { mark, becomes } => (shown!("each mark that is read as {}", escape(mark)), quoted(becomes)),
        Find::BuiltIn(name) => (shown!("the behaviour {} that the pass knows", escape(name)), "see the examples".into()),
    };
    line("finds", finds);
    line("becomes", becomes);
    if let Some(style) = rule.style {
        line("style", style.name().into());
    }
    for (name, scope) in [("only", &rule.only), ("not", &rule.not)] {
        if !scope.is_empty() {
            line(name, scoped(scope));
        }
    }
    line("policy", shown!("{}", policies.of(number, None)));
    for zone in Zone::ALL.into_iter().filter(|zone| !zone.is_protected()) {
        let special: Policy = policies.of(number, Some(zone));
        if special != policies.of(number, None) {
            line("", shown!("{} in a {}", special, zone));
        }
    }
    for example in &rule.examples {
        let (before, after) = visible_pair(&example.before, &example.after);
        line("example", shown!("{}  →  {}", before, after));
    }
    for keep in &rule.keeps {
        line("keeps", escape(keep));
    }
    line("written", shown!("{}:{}", escape(&rule.origin.file), rule.origin.line));
    line("digest", escape(&rule.digest()));
    text
}

fn quoted(text: &str) -> VisibleText {
    if text.is_empty() { "nothing".into() } else { shown!("\"{}\"", escape(text)) }
}

/// The languages and files that a rule names.
fn scoped(scope: &Scope) -> VisibleText {
    let lang = (!scope.lang.is_empty()).then(|| shown!("lang {}", escape(&scope.lang.join(", "))));
    let files = scope.files.as_ref().map(|globs| shown!("files {}", escape(&globs.patterns.join(", "))));
    VisibleText::join(lang.into_iter().chain(files), "; ")
}
