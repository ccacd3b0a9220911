//! `emendo init`.

use std::path::Path;

use super::args::InitArgs;
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use emendo_corpus::disk;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::{showln, shown};

/// The files of a new project. What makes a folder one comes last, so that a project is there whole or not at all.
const FILES: [(&str, &str); 6] = [
    ("rules/typos/house.toml", include_str!("init/typos.toml")),
    ("rules/typos/house.tsv", include_str!("init/typos.tsv")),
    ("rules/names/house.toml", include_str!("init/names.toml")),
    ("rules/names/house.tsv", include_str!("init/names.tsv")),
    ("rules/boilerplate/house.toml", include_str!("init/boilerplate.toml")),
    ("emendo.toml", include_str!("init/emendo.toml")),
];

/// Makes a project. Overwrites nothing.
pub fn run(args: &InitArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let standing = disk::standing(&args.dir, FILES.iter().map(|(name, _)| name));
    if let Some(first) = standing.first() {
        let first = first.display().to_string();
        return Err(CommandError::refused(shown!("{} is there already, and nothing is overwritten. Name another folder.", escape(&first))));
    }
    for (name, text) in FILES {
        disk::write_new(&args.dir, name, text.as_bytes()).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
    }
    console.out(told(&args.dir))?;
    Ok(ExitStatus::Done)
}

fn told(dir: &Path) -> VisibleText {
    let mut text = VisibleText::from("made\n");
    for (name, _) in FILES {
        let path = dir.join(name).display().to_string();
        showln!(text, "  {}", escape(path.strip_prefix("./").unwrap_or(&path)));
    }
    text.push("next\n  emendo rules try --typo ambulence=ambulance PATH   what a rule would change\n");
    text.push("  emendo rules add --typo ambulence=ambulance PATH   add it to rules/typos/house.tsv\n");
    text.push("  emendo preview PATH                               what all rules together would do\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::{RuleDir, load, parse_project};
    use emendo_corpus::check;

    fn errors(files: Vec<(String, String)>) -> (usize, String) {
        let files = files.into_iter().filter_map(|(name, text)| Some((name.strip_prefix("rules/")?.to_owned(), text))).collect();
        let knowledge = load(true, &[RuleDir { name: "rules".into(), files, ..RuleDir::default() }]);
        let (rules, errors) = knowledge.map_or_else(
            |errors| (0, errors),
            |knowledge| (knowledge.rules.iter().filter(|(_, rule)| !rule.origin.shipped).count(), check::rules(&knowledge)),
        );
        (rules, errors.iter().map(|error| error.render(false)).collect())
    }

    #[test]
    fn a_new_project_loads_and_is_proven() {
        let files = FILES.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(errors(files.into()), (0, String::new()));
        assert!(parse_project("emendo.toml", FILES[5].1).is_ok());
    }

    /// A comment that reads `#: …` is an example: without the sign it is what it shows.
    #[test]
    fn every_example_in_a_comment_is_one_that_works() {
        let uncommented =
            |text: &str| text.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n").collect::<String>();
        let files = FILES.map(|(name, text)| (name.to_owned(), uncommented(text)));
        let project =
            parse_project("emendo.toml", &files[5].1).map_err(|errors| errors.iter().map(|e| e.render(false)).collect::<String>());
        assert!(project.is_ok_and(|project| project.profile.is_some() && project.rules.is_some()));
        assert_eq!(errors(files.into()), (4, String::new()));
    }
}
