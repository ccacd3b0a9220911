//! `emendo rules check`.

mod fix_report;
mod report;

use report::Report;

use crate::args::{CheckArgs, OutputFormat};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::interrupt;
use crate::outcome::ExitStatus;
use emendo_core::rules::Diagnostic;
use emendo_corpus::batch::RunEnd;
use emendo_corpus::check;
use emendo_corpus::project::{ProjectError, Settings};
use emendo_corpus::report::{VisibleText, diagnostic_shown};
use emendo_corpus::{FiredRules, TidiedTables, shown};

/// Proves the rules, and tells what is doubtful.
pub fn run(args: &CheckArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let first = args.corpus.first().map(|path| &**path);
    let mended = args.fix.then(|| TidiedTables::of(&args.rules.options(), first)).transpose()?;
    if let Some(mended) = &mended {
        if !args.dry_run {
            mended.write()?;
        }
        if args.format == OutputFormat::Human {
            console.out(fix_report::human(mended, args.dry_run))?;
        }
    }
    // What would be written is looked at as if it were.
    let dirs = mended.as_ref().filter(|_| args.dry_run).map(TidiedTables::dirs);
    let proven = Settings::unproven(&args.rules.options(), first, dirs).and_then(|settings| {
        let breaches = check::rules(&settings.knowledge);
        if breaches.is_empty() { Ok(settings) } else { Err(ProjectError::Rules(breaches)) }
    });
    let settings = match proven {
        Err(ProjectError::Rules(errors)) => return refused(&errors, mended.as_ref(), args, console),
        proven => proven?,
    };
    let findings = check::warnings(&settings.knowledge);
    let fired = if args.corpus.is_empty() {
        None
    } else {
        interrupt::catch_interrupts();
        let (fired, ended) = FiredRules::count(&args.corpus, &settings, args.threads, console)?;
        if ended == RunEnd::Interrupted {
            return Ok(ExitStatus::Interrupted);
        }
        Some(fired)
    };
    let report = Report::new(&settings, findings, fired, mended.as_ref(), args);
    match args.format {
        OutputFormat::Json => console.json(&report.json())?,
        OutputFormat::Human => console.out(report.human())?,
    }
    Ok(report.outcome())
}

/// Tells the errors. What was mended is written all the same: it is nearer to what was meant.
fn refused(
    errors: &[Diagnostic],
    mended: Option<&TidiedTables>,
    args: &CheckArgs,
    console: &mut Console,
) -> Result<ExitStatus, CommandError> {
    if args.format == OutputFormat::Json {
        let mut report = serde_json::json!({ "errors": errors.len(), "faults": errors.iter().map(fault).collect::<Vec<_>>() });
        if let Some(mended) = mended {
            report["fix"] = fix_report::json(mended, args.dry_run);
        }
        console.json(&format!("{report}\n"))?;
    }
    if mended.is_none() {
        return Err(CommandError::Rules(errors.to_vec()));
    }
    let shown: Vec<_> = errors.iter().map(diagnostic_shown).collect();
    console.err(shown!(
        "{}\n\nerror: {} left in the rules.\n",
        VisibleText::join(shown, "\n\n").trimmed_end(),
        counted(errors.len(), "error")
    ));
    Ok(ExitStatus::Refused)
}

/// An error or warning about a rule file, for programs.
pub fn fault(error: &Diagnostic) -> serde_json::Value {
    let place = error.place.as_ref();
    serde_json::json!({
        "level": error.severity.name(),
        "file": &*error.file, "line": place.map(|place| place.line), "column": place.map(|place| place.column),
        "title": error.title, "label": error.label, "help": error.help,
    })
}
