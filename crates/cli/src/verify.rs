//! `emendo verify`.

use super::args::{OutputFormat, VerifyArgs};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use crate::counted;
use emendo_corpus::disk;
use emendo_corpus::output::Output;
use emendo_corpus::report::{Proof, ProofFault, VisibleText, escape, verify};
use emendo_corpus::showln;

/// Proves that an output folder is whole.
pub fn run(args: &VerifyArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let output = Output::open(&args.dir)?;
    let names: Vec<_> = output.names()?.into_iter().filter(|name| name != disk::MANIFEST).collect();
    let manifest = output.get(disk::MANIFEST).unwrap_or_default();
    let mut proof = verify(&manifest, |path| output.get(path), &names);
    if let Some(wanted) = &args.seal {
        proof.faults.extend(other_seal(wanted, proof.seal.as_deref()));
    }
    match args.format {
        OutputFormat::Json => console.json(&json(&proof))?,
        OutputFormat::Human => console.out(told(&proof))?,
    }
    Ok(if proof.faults.is_empty() { ExitStatus::Done } else { ExitStatus::Found })
}

/// What is wrong if the folder has another seal than it must have. That it has none is told with the other faults.
fn other_seal(wanted: &str, found: Option<&str>) -> Option<ProofFault> {
    let found = found.filter(|found| *found != wanted)?;
    let reason = format!("The seal of this folder is {found}, not {wanted}: this is another run's output, or was altered since.");
    Some(ProofFault { path: disk::SUMS.to_owned(), reason })
}

fn json(proof: &Proof) -> String {
    let faults: Vec<_> = proof.faults.iter().map(|fault| serde_json::json!({ "path": fault.path, "reason": fault.reason })).collect();
    let Proof { sources, bytes, documents, problems, files, hunks, .. } = proof;
    let report = serde_json::json!({
        "sources": sources, "bytes": bytes, "documents": documents, "problems": problems, "files": files, "hunks": hunks, "seal": proof.seal, "faults": faults, "unknown": proof.unknown,
    });
    format!("{report}\n")
}

fn told(proof: &Proof) -> VisibleText {
    let mut text = VisibleText::default();
    for fault in &proof.faults {
        showln!(text, "{}: {}", escape(&fault.path), escape(&fault.reason));
    }
    let Proof { sources, bytes, documents, problems, files, hunks, .. } = proof;
    if proof.faults.is_empty() {
        showln!(text, "whole: {} as they were written", counted(*files, "file"));
        showln!(text, "       {} rebuilt from the outputs alone, {} bytes, each with its digest", counted(*sources, "source"), bytes);
        showln!(
            text,
            "       {} and {}; {}, each with the changes that made it",
            counted(*documents, "document"),
            counted(*problems, "problem"),
            counted(*hunks, "difference")
        );
        if let Some(seal) = &proof.seal {
            showln!(text, "       seal {}", escape(seal));
        }
    } else {
        showln!(
            text,
            "NOT whole: {}. emendo clean writes the folder anew; move edited texts away first.",
            counted(proof.faults.len(), "fault")
        );
    }
    for name in &proof.unknown {
        showln!(text, "note: {} is none of the run's files", escape(name));
    }
    text
}
