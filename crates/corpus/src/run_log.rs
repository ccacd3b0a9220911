//! `runs.jsonl`: when who ran what. The one file that knows the clock, and so outside of all digests.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock;
use crate::disk::{self, IoFault};
use crate::project::SettingsOptions;

/// What a run was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunInputs {
    /// Files and folders, relative to the folder that it ran in.
    pub paths: Vec<PathBuf>,
    /// The settings.
    pub settings: SettingsOptions,
}

/// A run, for the log of its output folder.
pub struct LoggedRun<'a> {
    /// What it was given.
    pub inputs: &'a RunInputs,
    /// Who ran it.
    pub by: Option<&'a str>,
    /// The command as it was typed, for people.
    pub args: &'a [String],
    /// The seal of what came out.
    pub seal: Option<&'a str>,
}

/// A line of the log, as far as it is read.
#[derive(Deserialize)]
struct LogLine {
    inputs: Option<RunInputs>,
}

/// Adds a run to the log of its output folder.
///
/// # Errors
/// When the log is not one of ours, or cannot be written.
pub fn log_run(folder: &Path, run: &LoggedRun<'_>) -> Result<(), IoFault> {
    let LoggedRun { inputs, by, args, seal } = run;
    let line = serde_json::json!({
        "type": "run", "time": clock::now(), "by": by, "args": args, "inputs": inputs, "emendo": env!("CARGO_PKG_VERSION"), "seal": seal,
    });
    disk::append_run(folder, &format!("{line}\n"))
}

/// What the last run of a log was given; nothing if no line says it.
pub fn last_run(log: &str) -> Option<RunInputs> {
    log.lines().rev().find_map(|line| serde_json::from_str::<LogLine>(line).ok()?.inputs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_says_what_was_cleaned_counts() {
        let settings = SettingsOptions { profile: Some("train".into()), isolated: true, ..SettingsOptions::default() };
        let inputs = RunInputs { paths: vec!["seeds".into()], settings };
        let line = |inputs: &RunInputs| serde_json::json!({ "type": "run", "inputs": inputs }).to_string();
        let log = format!("{}\n{}\n{{\"type\":\"run\",\"args\":[\"clean\"]}}\n{{\"ty", line(&RunInputs::default()), line(&inputs));
        assert_eq!(last_run(&log), Some(inputs));
        assert_eq!(last_run("{\"type\":\"run\",\"args\":[]}\n"), None);
    }
}
