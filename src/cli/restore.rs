//! `emendo restore`.

use super::args::RestoreArgs;
use super::console::Console;
use super::failure::Failure;
use super::outcome::Outcome;
use super::output::Output;
use crate::corpus;
use crate::report::escape;

/// Gives the sources back.
pub fn run(args: &RestoreArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let output = Output::open(&args.dir)?;
    let sources = output.sources()?;
    if let Some(unknown) = args.names.iter().find(|name| !sources.contains(name)) {
        return Err(Failure::refused(format!("{} is no source of {}.", escape(unknown), escape(&args.dir.display().to_string()))));
    }
    let wanted: Vec<_> = sources.iter().filter(|name| args.names.is_empty() || args.names.contains(name)).collect();
    let mut bytes = 0;
    for name in &wanted {
        let source = output.source(name)?;
        bytes += source.len();
        corpus::write_new(&args.output, name, &source).map_err(|fault| Failure::refused(escape(&fault.to_string())))?;
    }
    let folder = args.output.display().to_string();
    console.out(&format!(
        "restored {} sources, {bytes} bytes, into {}; each has the digest that the run recorded\n",
        wanted.len(),
        escape(&folder)
    ))?;
    Ok(Outcome::Done)
}
