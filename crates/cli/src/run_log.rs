//! `runs.jsonl`: when who ran what. The one file that knows the clock, and so outside of all digests.

use std::path::Path;

use super::clock;
use super::person::person;
use emendo_corpus::disk::{self, IoFault};

/// Adds a run to the log of its output folder.
pub fn add(folder: &Path, by: Option<&str>, seal: Option<&str>) -> Result<(), IoFault> {
    let args: Vec<_> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let line = serde_json::json!({
        "type": "run", "time": clock::now(), "by": by.map_or_else(person, |by| Some(by.to_owned())), "args": args,
        "emendo": env!("CARGO_PKG_VERSION"), "seal": seal,
    });
    disk::append_run(folder, &format!("{line}\n"))
}
