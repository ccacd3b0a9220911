//! `emendo statement`.

use super::args::StatementArgs;
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use super::why;
use emendo_corpus::disk;
use emendo_corpus::output::{Output, containing};
use emendo_corpus::report::{Recorded, RecordedDocument, Statement, escape, kept_rules, seal};
use emendo_corpus::shown;

/// Makes a page about one text or source.
pub fn run(args: &StatementArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let shown = args.text.display().to_string();
    let (folder, name) = containing(&args.text).ok_or_else(|| {
        CommandError::refused(shown!("{} does not lie in the output folder of a run: there is no manifest.jsonl above it.", escape(&shown)))
    })?;
    let output = Output::open(&folder)?;
    let (recorded, documents) = find(&output, &name)?
        .ok_or_else(|| CommandError::refused(shown!("{} is no cleaned text and no record of a source.", escape(&shown))))?;
    let decoded = output.decoded(&recorded.source)?.unwrap_or_default();
    let manifest = output.manifest()?;
    let head: serde_json::Value = serde_json::from_str(manifest.lines().next().unwrap_or_default()).unwrap_or_default();
    let rules = output.get(disk::RULES).map(|bytes| kept_rules(&String::from_utf8_lossy(&bytes))).transpose();
    let rules = rules
        .map_err(|why| CommandError::refused(shown!("{} cannot be read: {}. See emendo verify.", disk::RULES, escape(&why.to_string()))))?;
    let decisions = output.decisions()?;
    let log = output.get(disk::RUN_LOG).unwrap_or_default();
    let runs: Vec<_> = String::from_utf8_lossy(&log).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let seal = output.get(disk::SUMS).map(|sums| seal(&sums));
    let page = Statement {
        recorded: &recorded,
        documents: &documents,
        decoded: &decoded,
        head: &head,
        rules: &rules.unwrap_or_default(),
        decisions: decisions.as_ref(),
        runs: &runs,
        seal: seal.as_deref(),
    };
    let page = page.html();
    match &args.output {
        Some(file) => disk::write_whole(file, page.as_bytes()).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?,
        None => console.html(&page)?,
    }
    Ok(ExitStatus::Done)
}

/// The record of a source and all its documents, or the one with this text.
fn find(output: &Output, name: &str) -> Result<Option<(Recorded, Vec<RecordedDocument>)>, CommandError> {
    for source in output.sources()? {
        if disk::record_name(&source) == name {
            let mut recorded = output.recorded(&source)?;
            let documents = std::mem::take(&mut recorded.documents);
            return Ok(Some((recorded, documents)));
        }
    }
    Ok(why::find(output, name)?.map(|(recorded, document)| (recorded, vec![document])))
}
