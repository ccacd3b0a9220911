//! `emendo rules import`.

mod form;
mod judge;
mod problems;
mod read;
mod render;
mod seen;

use rustc_hash::FxHashMap;

pub use self::judge::listed_word;
use self::judge::{Judge, Judged, RowVerdict, usual_word};
use self::problems::{Problems, RefusedRow};
use self::read::{ImportedTable, Listed};
use self::render::ImportReport;
use self::seen::Forms;
use super::blame::blame;
use super::candidate_rules::CandidateRules;
use super::corpus_examples::CorpusExamples;
use super::new_rule::{NewRule, NewRuleContent, has_tables, place};
use super::rule_folder::RuleFolder;
use crate::args::{ImportArgs, OutputFormat, RuleArgs};
use crate::batch::{self, InputContent, RunEnd};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::interrupt;
use crate::outcome::ExitStatus;
use crate::settings::Settings;
use emendo_core::rules::{Diagnostic, NewRow, PassName, Policy, TableState};
use emendo_corpus::check;
use emendo_corpus::disk;
use emendo_corpus::report::escape;

/// So many times rows are taken out that break a law before the rules are proven again without them.
const ROUNDS: usize = 10;

/// Adds the rows of a table to the project's rules, and tells of each what became of it.
pub fn run(args: &ImportArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let (pass, name) = place(&args.into)?;
    if !has_tables(pass) {
        return Err(CommandError::refused(format!("The pass {pass} has no tables: write --into typos/NAME or --into names/NAME.")));
    }
    let rules = RuleArgs { dirs: args.dirs.clone(), ..RuleArgs::default() };
    let settings = Settings::resolve(&rules, args.paths.first().map(|path| &**path))?;
    let table = read(args, pass)?;
    refuse_swapped(&table, pass, args)?;
    let mut judge = Judge::new(&settings.knowledge, pass, &name);
    let judged = |listed: &Listed| match judge.judge(listed) {
        // Somebody has said what it may do.
        RowVerdict::Choice if args.policy.or(listed.says.policy).is_some() => RowVerdict::Added,
        verdict => verdict,
    };
    let rows =
        table.rows.iter().map(judged).zip(&table.rows).map(|(verdict, listed)| Judged { verdict, listed: listed.clone(), seen: None });
    let book = RuleFolder::open(&settings, NewRule { pass, name, new: NewRuleContent::Rows(Vec::new()) })?;
    let mut import = Import { args, settings: &settings, book, rows: rows.collect() };
    let Some(files) = import.settle(console)? else { return Ok(ExitStatus::Interrupted) };
    let torn =
        table.torn.iter().map(|torn| RefusedRow { wrong: &torn.text, right: String::new(), line: torn.line, why: &torn.why, says: None });
    let mut refused: Vec<RefusedRow<'_>> = torn.chain(import.rows.iter().filter_map(refused)).collect();
    refused.sort_by_key(|refused| refused.line);
    let forbidden: Vec<_> = settings.rule_folders.iter().chain(&args.paths).map(|path| &**path).collect();
    let problems = (!refused.is_empty()).then(|| Problems::place(&args.table, args.problems.as_deref(), &forbidden)).transpose()?;
    problems.as_ref().map_or(Ok(()), Problems::refuse_foreign)?;
    if !args.dry_run {
        problems.as_ref().map_or(Ok(()), |problems| problems.write(&refused))?;
        import.book.write(&files)?;
    }
    let told = ImportReport { import: &import, table: &table, problems: problems.as_ref().map(|problems| &*problems.path) };
    match args.format {
        OutputFormat::Json => console.json(&told.json())?,
        OutputFormat::Human => console.out(&told.human())?,
    }
    Ok(if refused.is_empty() { ExitStatus::Done } else { ExitStatus::Problems })
}

fn read(args: &ImportArgs, pass: PassName) -> Result<ImportedTable, CommandError> {
    let text = disk::read_text(&args.table).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
    ImportedTable::read(&text, args.form, pass).map_err(|(line, why)| {
        let name = args.table.display().to_string();
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        CommandError::refused(format!("{}{line}: {}", escape(&name), escape(&why)))
    })
}

/// Where nobody named the columns, they may be the other way round.
fn refuse_swapped(table: &ImportedTable, pass: PassName, args: &ImportArgs) -> Result<(), CommandError> {
    const ENOUGH: usize = 4;
    let is_swapped = |row: &&Listed| listed_word(&row.wrong).is_some() && listed_word(&row.rights[0]).is_none();
    let swapped: Vec<&Listed> = table.rows.iter().filter(is_swapped).collect();
    match swapped.first() {
        Some(first)
            if pass == PassName::TYPOS && !table.has_header && swapped.len() >= ENOUGH && swapped.len() * 4 >= table.rows.len() * 3 =>
        {
            Err(CommandError::refused(format!(
                "{}:{}: `{}` is a word of English and `{}` is none, and so it is in {} of {} rows: are the columns the other way round? A first line that names them, wrong and right, settles it.",
                escape(&args.table.display().to_string()),
                first.line,
                escape(&first.wrong),
                escape(&first.rights[0]),
                swapped.len(),
                table.rows.len()
            )))
        }
        _ => Ok(()),
    }
}

fn refused(row: &Judged) -> Option<RefusedRow<'_>> {
    let RowVerdict::Refused(why) = &row.verdict else { return None };
    Some(RefusedRow {
        wrong: &row.listed.wrong,
        right: row.listed.rights.join(", "),
        line: row.listed.line,
        why,
        says: Some(&row.listed.says),
    })
}

/// Rows on their way into the rules.
struct Import<'a> {
    args: &'a ImportArgs,
    settings: &'a Settings,
    book: RuleFolder<'a>,
    rows: Vec<Judged>,
}

impl Import<'_> {
    /// Judges all rows to the end; the files that say what is new, proven. Nothing if it was interrupted.
    fn settle(&mut self, console: &mut Console) -> Result<Option<Vec<(String, String)>>, CommandError> {
        self.refuse_other_policies();
        let Some(fresh) = self.proven()? else { return Ok(Some(Vec::new())) };
        let is_english = self.settings.is_english() && fresh.rules().all(|(_, rule)| rule.only.holds_language(Some("en")));
        let mut cuttings = None;
        if !self.args.paths.is_empty() {
            let Some(cut) = self.look(&fresh, console)? else { return Ok(None) };
            cuttings = Some(cut).filter(|_| !self.args.no_quotes_from_corpus);
        }
        if is_english && self.book.wanted.pass == PassName::TYPOS {
            self.doubt();
        }
        if !self.say() {
            return Ok(Some(Vec::new()));
        }
        let Some(cuttings) = cuttings else {
            let (fresh, files) = self.book.fresh()?;
            RuleFolder::refuse_lost(self.settings, &fresh)?;
            return Ok(Some(files));
        };
        let text = self.book.text(&self.book.wanted.path()).unwrap_or_default();
        let (fresh, _) = self.book.fresh()?;
        fresh.settle_quotes(&mut self.book.wanted, &cuttings, &text);
        self.book.proven(self.settings).map(|(_, files)| Some(files))
    }

    /// What a row of the table says already holds for all variants of the name.
    fn refuse_other_policies(&mut self) {
        let (pass, path) = (self.book.wanted.pass, self.book.wanted.path());
        let standing = TableState::of(pass, &self.book.text(&path).unwrap_or_default(), None);
        let mut policies: FxHashMap<&str, Option<Policy>> = FxHashMap::default();
        for row in self.rows.iter_mut().filter(|row| pass == PassName::NAMES && row.verdict.is_rule()) {
            let policy = self.args.policy.or(row.listed.says.policy);
            let name = NewRow { key: row.listed.rights[0].clone(), ..NewRow::default() };
            let other = policies.entry(&row.listed.rights[0]).or_insert(if standing.joins(&name) { None } else { policy });
            if policy.is_some() && *other != policy {
                let why = format!("Other variants of `{}` have another policy, and a name has one row.", name.key);
                row.verdict = RowVerdict::Refused(why);
            }
        }
    }

    /// The rows that become rules, as rows of the project's table. Whether there are any.
    fn say(&mut self) -> bool {
        let pass = self.book.wanted.pass;
        let standing = TableState::of(pass, &self.book.text(&self.book.wanted.path()).unwrap_or_default(), None);
        let mut rows: Vec<NewRow> = Vec::new();
        let mut by_name: FxHashMap<&str, usize> = FxHashMap::default();
        for row in self.rows.iter().filter(|row| row.verdict.is_rule()) {
            let new = self.new_row(row, pass);
            if pass != PassName::NAMES {
                rows.push(new);
            } else if let Some(at) = by_name.get(row.right()) {
                rows[*at].forms.extend(new.forms);
                let known = &mut rows[*at].not_same;
                let more = new.not_same.into_iter().filter(|name| !known.contains(name)).collect::<Vec<_>>();
                known.extend(more);
            } else {
                by_name.insert(row.right(), rows.len());
                // What its row says of the name already holds.
                let joins = standing.joins(&new);
                rows.push(if joins { NewRow { why: None, example: None, keep: None, policy: None, ..new } } else { new });
            }
        }
        let has_some = !rows.is_empty();
        self.book.wanted.new = NewRuleContent::Rows(rows);
        has_some
    }

    fn new_row(&self, row: &Judged, pass: PassName) -> NewRow {
        let Listed { wrong, rights, says, doubt, .. } = &row.listed;
        let why = says.why.clone().or_else(|| self.args.why.clone());
        let policy = self.args.policy.or(says.policy);
        let word = if let RowVerdict::RealWord(why) = &row.verdict { Some(why.clone()) } else { None };
        let choice = (policy.is_none() && row.listed.is_choice()).then(|| choice(&rights[1..], doubt.as_deref()));
        let also = [choice, word].into_iter().flatten().reduce(|one, other| format!("{one} {other}"));
        let (why, policy) = match also {
            Some(also) => (Some(format!("{} {also}", why.as_deref().unwrap_or("A misspelling."))), policy.or(Some(Policy::Ask))),
            None => (why, policy),
        };
        let (key, forms, case) = if pass == PassName::NAMES {
            (rights[0].clone(), vec![wrong.clone()], None)
        } else {
            (wrong.clone(), vec![rights[0].clone()], says.case.clone())
        };
        let (not_same, example, keep) = (says.not_same.clone(), says.example.clone(), says.keep.clone());
        NewRow { key, forms, not_same, case, policy, why, example, keep }
    }

    /// All rules with those of the rows that break no law; nothing if no row is left.
    fn proven(&mut self) -> Result<Option<CandidateRules>, CommandError> {
        for _ in 0..ROUNDS {
            if !self.say() {
                return Ok(None);
            }
            let (fresh, breaches) = match self.book.fresh() {
                Ok((fresh, _)) => {
                    let breaches = check::rules(&fresh.knowledge);
                    (Some(fresh), breaches)
                }
                Err(CommandError::Rules(errors)) => (None, errors),
                Err(other) => return Err(other),
            };
            match fresh {
                Some(fresh) if breaches.is_empty() => return Ok(Some(fresh)),
                fresh => {
                    if !self.refuse(fresh.as_ref(), &breaches)? {
                        return Err(CommandError::Rules(breaches));
                    }
                }
            }
        }
        Err(CommandError::refused("The rows break laws in so many ways that none could be added. Import fewer at once."))
    }

    /// Takes out the rows that break laws; whether there were any.
    fn refuse(&mut self, fresh: Option<&CandidateRules>, breaches: &[Diagnostic]) -> Result<bool, CommandError> {
        let rules = self.rows.iter().enumerate().filter(|(_, row)| row.verdict.is_rule());
        let forms: FxHashMap<String, usize> = rules.map(|(number, row)| (row.listed.wrong.clone(), number)).collect();
        let faults = blame(&mut self.book, fresh, breaches, &forms)?;
        for (number, why) in &faults {
            self.rows[*number].verdict = RowVerdict::Refused(why.clone());
        }
        Ok(!faults.is_empty())
    }

    /// Reads the corpus once: counts all forms, and cuts examples. Nothing if it was interrupted.
    fn look(&mut self, fresh: &CandidateRules, console: &mut Console) -> Result<Option<CorpusExamples>, CommandError> {
        let forms = Forms::of(&self.rows);
        let mut seen = forms.none_seen();
        let mut cuttings = CorpusExamples::few(fresh.rules().filter_map(|(_, rule)| super::rule_folder::right(rule)));
        let cleaner = self.settings.cleaner_of(&fresh.knowledge)?;
        let listing = batch::listing(&self.args.paths)?;
        let pool = batch::threads(self.args.threads)?;
        interrupt::catch_interrupts();
        let ended = batch::run(&listing, &cleaner, &pool, console, |inputs| {
            pool.install(|| forms.count(&inputs, &mut seen));
            if !self.args.no_quotes_from_corpus {
                for input in &inputs {
                    if let InputContent::Read { report, .. } = &input.what {
                        cuttings.add(report, |change| fresh.is_new(&change.rule));
                    }
                }
            }
            Ok(())
        })?;
        if ended == RunEnd::Interrupted {
            return Ok(None);
        }
        let pass = self.book.wanted.pass;
        for (row, seen) in self.rows.iter_mut().zip(seen).filter(|(row, _)| row.verdict.is_rule()) {
            row.seen = Some(seen);
            let is_open = pass == PassName::TYPOS && self.args.policy.or(row.listed.says.policy).is_none();
            let usual = usual_word(&row.listed.wrong, row.right(), seen).filter(|_| is_open);
            row.verdict = match (&row.verdict, usual) {
                _ if seen[0] == 0 => RowVerdict::Never(!self.args.only_occurring),
                (RowVerdict::Added, Some(why)) => RowVerdict::RealWord(why),
                (verdict, _) => verdict.clone(),
            };
        }
        Ok(Some(cuttings))
    }

    /// Lets rows ask whose wrong form is a word of English.
    fn doubt(&mut self) {
        let policy = self.args.policy;
        let is_open = |row: &&mut Judged| {
            matches!(row.verdict, RowVerdict::Added | RowVerdict::Never(true)) && policy.or(row.listed.says.policy).is_none()
        };
        for row in self.rows.iter_mut().filter(is_open) {
            if let Some(why) = listed_word(&row.listed.wrong) {
                row.verdict = RowVerdict::RealWord(why);
            }
        }
    }
}

/// What else a form may be corrected to.
fn choice(others: &[String], doubt: Option<&str>) -> String {
    let mut says = String::new();
    if !others.is_empty() {
        says = format!("Or: {}.", others.join(", "));
    }
    match doubt {
        Some(doubt) => [says.as_str(), doubt].join(" ").trim().to_owned(),
        None => says,
    }
}
