//! `emendo restore`.

use super::args::{OutputFormat, RestoreArgs};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use crate::counted;
use emendo_corpus::disk;
use emendo_corpus::output::Output;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::shown;

/// Gives the sources back. One that cannot be rebuilt does not keep the others back.
pub fn run(args: &RestoreArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let output = Output::open(&args.dir)?;
    let sources = output.sources()?;
    if let Some(unknown) = args.names.iter().find(|name| !sources.contains(name)) {
        return Err(CommandError::refused(shown!("{} is no source of {}.", escape(unknown), escape(&args.dir.display().to_string()))));
    }
    let wanted: Vec<_> = sources.iter().filter(|name| args.names.is_empty() || args.names.contains(name)).collect();
    if let [first, more @ ..] = disk::standing(&args.output, wanted.iter()).as_slice() {
        let first = first.display().to_string();
        let stand = if more.is_empty() { VisibleText::from("stands") } else { shown!("and {} more stand", more.len()) };
        let message = shown!("{} {} there already, and nothing is overwritten: restore into another folder.", escape(&first), stand);
        return Err(CommandError::refused(message));
    }
    let (mut restored, mut bytes, mut faults) = (0, 0, Vec::new());
    for name in &wanted {
        match output.source(name).map_err(CommandError::from) {
            Ok(source) => {
                disk::write_new(&args.output, name, &source).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
                restored += 1;
                bytes += source.len();
            }
            Err(CommandError::Refused(reason)) => {
                console.err(shown!("error: {}\n", reason));
                faults.push(serde_json::json!({ "source": name, "reason": reason }));
            }
            Err(failure) => return Err(failure),
        }
    }
    let folder = args.output.display().to_string();
    let of = if restored == wanted.len() { VisibleText::default() } else { shown!("{} of ", restored) };
    match args.format {
        OutputFormat::Json => {
            let report = serde_json::json!({ "sources": restored, "bytes": bytes, "folder": folder, "faults": faults });
            console.json(&format!("{report}\n"))?;
        }
        OutputFormat::Human => console.out(shown!(
            "restored {}{}, {} bytes, into {}; each has the digest that the run recorded\n",
            of,
            counted(wanted.len(), "source"),
            bytes,
            escape(&folder)
        ))?,
    }
    Ok(if restored == wanted.len() { ExitStatus::Done } else { ExitStatus::Problems })
}
