//! The only part that touches the disk: finds the inputs, reads them, writes what comes out.
//!
//! ```text
//! paths ─ walk ─► Listing ─ read ─► bytes of one source
//! names of sources ─ Plan::new ─► Plan ─ Run::begin ─► Run ─ write_group … ─ finish ─► output folder
//! ```
//!
//! Inputs are never written to and no link is followed out of a folder that a person named. After a kill or
//! an error at any system call each output is absent, old or whole, and the next run takes it from there.

mod decisions_file;
mod folder;
mod plan;
mod read;
mod reason;
mod records;
mod run_log;
mod settings_files;
mod sums;
mod walk;
mod whole;
mod write;

pub use decisions_file::DecisionsFile;
pub use folder::OutputFolder;
pub use plan::{
    Clash, DECISIONS, DOCUMENTS, MANIFEST, OutputNameError, Plan, RULES, RUN_LOG, SUMS, diff_name, name_fault, problem_name, record_name,
    text_name,
};
pub use read::{ReadError, read};
pub use reason::IoReason;
pub use records::{digest, unseal};
pub use run_log::append_run;
pub use settings_files::{find_upwards, read_text, read_tree};
pub use walk::{Entry, InputKind, Listing, Skip, WalkError, walk};
pub use whole::{standing, write_new, write_whole};
pub use write::{Finished, NewFile, OutputPlace, RefusedOutput, Run, WriteError, refuse_place};

use std::io;
use std::path::{Path, PathBuf};

/// What the system refused, and where.
#[derive(Debug, thiserror::Error)]
#[error("Cannot {doing} {path}: {}.", IoReason::of(.error))]
pub struct IoFault {
    /// What was tried, to complete the sentence "cannot …".
    pub doing: &'static str,
    /// On which file or folder.
    pub path: PathBuf,
    /// The system's reason.
    #[source]
    pub error: io::Error,
}

impl IoFault {
    fn new(doing: &'static str, path: impl AsRef<Path>, error: io::Error) -> Self {
        Self { doing, path: path.as_ref().to_path_buf(), error }
    }
}
