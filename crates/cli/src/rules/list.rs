//! `emendo rules list`.

use super::rule_json::rule_json;
use crate::args::{OutputFormat, RulesArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::outcome::ExitStatus;
use emendo_core::edit::{RuleNumber, Zone};
use emendo_core::rules::Policies;
use emendo_corpus::project::Settings;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::{showln, shown};

/// Lists the rules.
pub fn run(args: &RulesArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let settings = Settings::resolve(&args.rules.options(), None)?;
    let rules = &settings.knowledge.rules.in_style(settings.quotes);
    let policies = Policies::new(rules, &settings.knowledge.chain, &settings.caps);
    let (mut text, mut json) = (VisibleText::default(), String::new());
    for pass in &settings.knowledge.chain.passes {
        if args.format == OutputFormat::Human {
            showln!(text, "{}  {}", pass.name, escape(&pass.why));
        }
        let of_pass: Vec<_> = rules.iter().filter(|(_, rule)| rule.pass == pass.name).collect();
        let width = of_pass.iter().map(|(_, rule)| rule.id.chars().count()).max().unwrap_or(0);
        for (number, rule) in of_pass {
            match args.format {
                OutputFormat::Json => {
                    json.extend([rule_json(number, rule, &policies).to_string(), "\n".to_owned()]);
                }
                OutputFormat::Human => {
                    showln!(
                        text,
                        "  {:<14}  {:<width$}  {}",
                        policy(number, &policies),
                        escape(&rule.id),
                        escape(&rule.why),
                        width = width
                    );
                }
            }
        }
    }
    match args.format {
        OutputFormat::Json => console.json(&json)?,
        OutputFormat::Human => console.out(&text)?,
    }
    Ok(ExitStatus::Done)
}

/// The policy, and a star where single zones have another.
fn policy(number: RuleNumber, policies: &Policies) -> VisibleText {
    let usual = policies.of(number, None);
    let quoted = policies.of(number, Some(Zone::Quotation));
    if quoted == usual { shown!("{}", usual) } else { shown!("{}, \"{}\"", usual, quoted) }
}
