//! `emendo verify`.

use std::fmt::Write as _;

use super::args::{Format, VerifyArgs};
use super::console::Console;
use super::failure::Failure;
use super::outcome::Outcome;
use super::output::Output;
use crate::corpus;
use crate::report::{Proof, escape, verify};

/// Proves that an output folder is whole.
pub fn run(args: &VerifyArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let output = Output::open(&args.dir)?;
    let names: Vec<_> = output.names()?.into_iter().filter(|name| name != corpus::MANIFEST).collect();
    let manifest = output.get(corpus::MANIFEST).unwrap_or_default();
    let proof = verify(&manifest, |path| output.get(path), &names);
    match args.format {
        Format::Json => console.out(&json(&proof))?,
        Format::Human => console.out(&told(&proof))?,
    }
    Ok(if proof.faults.is_empty() { Outcome::Done } else { Outcome::Found })
}

fn json(proof: &Proof) -> String {
    let faults: Vec<_> = proof.faults.iter().map(|fault| serde_json::json!({ "path": fault.path, "reason": fault.reason })).collect();
    let Proof { sources, bytes, articles, problems, files, hunks, .. } = proof;
    let report = serde_json::json!({
        "sources": sources, "bytes": bytes, "articles": articles, "problems": problems, "files": files, "hunks": hunks, "faults": faults, "unknown": proof.unknown,
    });
    format!("{report}\n")
}

fn told(proof: &Proof) -> String {
    let mut text = String::new();
    for fault in &proof.faults {
        let _ = writeln!(text, "{}: {}", escape(&fault.path), escape(&fault.reason));
    }
    let Proof { sources, bytes, articles, problems, files, hunks, .. } = proof;
    if proof.faults.is_empty() {
        let _ = writeln!(text, "whole: {files} files as they were written");
        let _ = writeln!(text, "       {sources} sources rebuilt from the outputs alone, {bytes} bytes, each with its digest");
        let _ =
            writeln!(text, "       {articles} articles and {problems} problems; {hunks} differences, each with the changes that made it");
    } else {
        let _ =
            writeln!(text, "NOT whole: {} faults. emendo clean writes the folder anew; move edited texts away first.", proof.faults.len());
    }
    for name in &proof.unknown {
        let _ = writeln!(text, "note: {} is none of the run's files", escape(name));
    }
    text
}
