//! `emendo rules add`.

use super::candidate_rules::CandidateRules;
use super::new_rule::{NewRule, NewRuleContent};
use super::rule_folder::RuleFolder;
use crate::args::{AddArgs, OutputFormat, RuleArgs};
use crate::batch::RunEnd;
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::outcome::ExitStatus;
use crate::settings::Settings;
use emendo_core::rules::{Find, Knowledge, Rule};
use emendo_corpus::report::{escape, escape_lines};

/// Adds a rule to the project's, or shows what that would write.
pub fn run(args: &AddArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let rules = RuleArgs { dirs: args.dirs.clone(), ..RuleArgs::default() };
    let settings = Settings::resolve(&rules, args.paths.first().map(|path| &**path))?;
    run_in(&settings, args, console)
}

/// The same in a project that is settled.
pub fn run_in(settings: &Settings, args: &AddArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let mut wanted = NewRule::new(&args.new, args.why.as_deref(), args.policy)?;
    wanted.free_id(&settings.knowledge, &args.new);
    let mut book = RuleFolder::open(settings, wanted)?;
    refuse_known(&settings.knowledge, &book.wanted)?;
    let ended = book.settle(args, settings, console)?;
    if ended == RunEnd::Interrupted {
        return Ok(ExitStatus::Interrupted);
    }
    let (fresh, files) = book.proven(settings)?;
    if !args.dry_run {
        book.write(&files)?;
    }
    let gone = settings.knowledge.rules.iter().filter(|(_, rule)| fresh.knowledge.rules.by_id(&rule.id).is_none());
    let replaced = gone.map(|(_, rule)| rule.id.to_string()).collect();
    let added = Added { book: &book, fresh: &fresh, files: &files, replaced, is_dry: args.dry_run };
    match args.format {
        OutputFormat::Json => console.json(&added.json())?,
        OutputFormat::Human => console.out(&added.human())?,
    }
    Ok(ExitStatus::Done)
}

/// Refuses a rule about what another one is about.
fn refuse_known(knowledge: &Knowledge, wanted: &NewRule) -> Result<(), CommandError> {
    let rules = || knowledge.rules.iter().map(|(_, rule)| rule).filter(|rule| rule.pass == wanted.pass);
    let is_open = |rule: &&Rule| rule.only.files.is_none() && rule.not.is_empty();
    let known = match &wanted.new {
        NewRuleContent::Rows(rows) => rows.iter().find_map(|row| {
            rules().filter(is_open).find(|rule| match &rule.find {
                // A project may well have its own mind about what is shipped.
                Find::Words { wrong, right, .. } => {
                    *wrong == row.key && (!rule.origin.shipped || row.policy.is_none() && matches!(&row.forms[..], [form] if form == right))
                }
                Find::Name { variant, canonical, .. } => {
                    row.forms.iter().any(|form| form == variant) && (!rule.origin.shipped || row.policy.is_none() && *canonical == row.key)
                }
                _ => false,
            })
        }),
        NewRuleContent::Pattern(pattern) => {
            rules().filter(is_open).find(|rule| matches!(&rule.find, Find::Pattern { find, .. } if find.as_str() == pattern.find))
        }
        NewRuleContent::File { .. } => None,
    };
    known.map_or(Ok(()), |rule| Err(CommandError::refused(already(rule))))
}

fn already(rule: &Rule) -> String {
    let does = match &rule.find {
        Find::Words { wrong: before, right: after, .. } | Find::Name { variant: before, canonical: after, .. } => {
            format!("makes {} of {}", escape(after), escape(before))
        }
        _ => "finds the same".to_owned(),
    };
    let (id, file, line) = (escape(&rule.id), escape(&rule.origin.file), rule.origin.line);
    let way_out =
        if rule.origin.shipped { "It comes with emendo; --policy gives it another policy." } else { "Correct that rule instead." };
    format!("The rule {id} already {does} ({file}:{line}). {way_out}")
}

/// What was added.
struct Added<'a> {
    book: &'a RuleFolder<'a>,
    fresh: &'a CandidateRules,
    files: &'a [(String, String)],
    /// The shipped rules whose place it takes.
    replaced: Vec<String>,
    is_dry: bool,
}

impl Added<'_> {
    fn diff(&self) -> String {
        self.book.diff(self.files)
    }

    fn human(&self) -> String {
        let rules = match &self.fresh.ids[..] {
            [one] => escape(one).into_owned(),
            many => counted(many.len(), "rule"),
        };
        let file = self.book.folder.join(self.book.wanted.path()).display().to_string();
        let verb = if self.is_dry { "would add" } else { "added" };
        let end = if self.is_dry { "Nothing was written.\n" } else { "" };
        let replaced: String = self.replaced.iter().flat_map(|id| ["  in place of ".into(), escape(id), "\n".into()]).collect();
        format!("{verb} {rules} to {}\n{replaced}{}{end}", escape(&file), escape_lines(&self.diff()))
    }

    fn json(&self) -> String {
        let file = self.book.folder.join(self.book.wanted.path()).display().to_string();
        let ids: Vec<_> = self.fresh.ids.iter().map(|id| &**id).collect();
        format!(
            "{}\n",
            serde_json::json!({ "rules": ids, "file": file, "in_place_of": self.replaced, "diff": self.diff(), "written": !self.is_dry })
        )
    }
}
