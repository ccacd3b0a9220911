//! `emendo rules add`.

use super::typed_rule::new_rule;
use crate::args::{AddArgs, OutputFormat};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::outcome::ExitStatus;
use emendo_corpus::new_rules::{AddOptions, AddedRules, ExampleSource, add_rule};
use emendo_corpus::project::{Settings, SettingsOptions};
use emendo_corpus::report::{VisibleText, escape, escape_lines};
use emendo_corpus::shown;

/// Adds a rule to the project's, or shows what that would write.
pub fn run(args: &AddArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let options = SettingsOptions { rule_dirs: args.dirs.clone(), ..SettingsOptions::default() };
    let settings = Settings::resolve(&options, args.paths.first().map(|path| &**path))?;
    let wanted = new_rule(&args.new, args.why.as_deref(), args.policy)?;
    let examples = ExampleSource { paths: args.paths.clone(), no_quotes: args.no_quotes_from_corpus, threads: args.threads };
    let options = AddOptions { examples, dry_run: args.dry_run };
    let Some(added) = add_rule(&settings, wanted, &options, console)? else { return Ok(ExitStatus::Interrupted) };
    tell(&added, args.format, console)?;
    Ok(ExitStatus::Done)
}

/// Tells what was added.
pub fn tell(added: &AddedRules, format: OutputFormat, console: &mut Console) -> Result<(), CommandError> {
    match format {
        OutputFormat::Json => console.json(&json(added))?,
        OutputFormat::Human => console.out(human(added))?,
    }
    Ok(())
}

fn human(added: &AddedRules) -> VisibleText {
    let rules = match &added.ids[..] {
        [one] => escape(one),
        many => counted(many.len(), "rule"),
    };
    let file = added.file.display().to_string();
    let verb = if added.is_written { "added" } else { "would add" };
    let end = if added.is_written { "" } else { "Nothing was written.\n" };
    let replaced: VisibleText = added.replaced.iter().map(|id| shown!("  in place of {}\n", escape(id))).collect();
    shown!("{} {} to {}\n{}{}{}", verb, rules, escape(&file), replaced, escape_lines(&added.diff), end)
}

fn json(added: &AddedRules) -> String {
    let AddedRules { ids, file, replaced, diff, is_written } = added;
    let ids: Vec<_> = ids.iter().map(|id| &**id).collect();
    let file = file.display().to_string();
    format!("{}\n", serde_json::json!({ "rules": ids, "file": file, "in_place_of": replaced, "diff": diff, "written": is_written }))
}
