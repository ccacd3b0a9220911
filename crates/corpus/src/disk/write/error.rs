//! Why nothing was written, or not all, and what was.

use std::path::PathBuf;
use std::time::SystemTime;

use crate::disk::folder::OutputFolder;
use crate::disk::{IoFault, OutputNameError};

/// So many names of a list are told.
const TOLD: usize = 20;

/// Why a run did not begin. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RefusedOutput {
    /// The output folder is an input, lies in one or holds one.
    #[error("The output folder {output} {} the input {input}: use a folder beside it.", .place.verb())]
    Place {
        /// The output folder as named.
        output: PathBuf,
        /// The input.
        input: PathBuf,
        /// How they lie.
        place: OutputPlace,
    },
    /// The output folder is a file.
    #[error("The output {0} is not a folder: give another name.")]
    NotAFolder(PathBuf),
    /// A folder of the outputs is a link, or no folder.
    #[error("{0} is a link or a device where a folder is needed: remove it, or use another output folder.")]
    Link(PathBuf),
    /// Another run writes there.
    #[error("Another run writes to {folder}{}: wait for it to end, or use another output folder.", in_brackets(*.process))]
    Busy {
        /// The output folder.
        folder: PathBuf,
        /// The other run's process, if it says so.
        process: Option<u32>,
        /// When it began.
        since: Option<SystemTime>,
    },
    /// Outputs were edited since they were written.
    #[error(
        "In {folder} files were edited since emendo wrote them, and nothing was overwritten: {}; keep what was edited in texts with emendo adopt, move the files elsewhere, or use another output folder.",
        listed(.names)
    )]
    Edited {
        /// The output folder.
        folder: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// Files that no run wrote have names that this run may need.
    #[error(
        "In {folder} files that emendo did not write have names that it needs, and nothing was overwritten: {}; move them elsewhere, or use another output folder.",
        listed(.names)
    )]
    Foreign {
        /// The output folder.
        folder: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// The manifest is damaged, or not written by emendo.
    #[error(
        "{0} was edited, is damaged or was not written by emendo, so that nothing in its folder can be told from other files: put it back, or use another output folder."
    )]
    Manifest(PathBuf),
    /// The system refused.
    #[error(transparent)]
    Io(#[from] IoFault),
}

/// How an output folder lies to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputPlace {
    /// It is the input.
    Equal,
    /// It lies in the input.
    Inside,
    /// It holds the input.
    Around,
}

impl OutputPlace {
    fn verb(self) -> &'static str {
        match self {
            Self::Equal => "is",
            Self::Inside => "lies in",
            Self::Around => "holds",
        }
    }
}

impl RefusedOutput {
    pub(super) fn edited(folder: &OutputFolder, names: Vec<String>) -> Self {
        Self::Edited { folder: folder.path(""), names }
    }

    pub(super) fn foreign(folder: &OutputFolder, names: Vec<String>) -> Self {
        Self::Foreign { folder: folder.path(""), names }
    }
}

fn in_brackets(process: Option<u32>) -> String {
    process.map(|process| format!(" (process {process})")).unwrap_or_default()
}

fn listed(names: &[String]) -> String {
    let first = names[..names.len().min(TOLD)].join(", ");
    match names.len().saturating_sub(TOLD) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Why a group was not written, or not all of it. What has its name is whole.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The system refused. Other groups may be written.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// A sync or the journal failed: the run cannot promise anything any more.
    #[error("{0} The run ends here: check the disk and run again.")]
    Final(#[source] IoFault),
    /// An earlier error was final.
    #[error("Nothing more is written after a failed sync: check the disk and run again.")]
    AfterFailure,
    /// The file was edited since emendo wrote it.
    #[error("{0} was edited during the run and not overwritten: move it elsewhere and run again.")]
    Edited(PathBuf),
    /// Something that emendo did not write stands there.
    #[error("{0} was not written by emendo and not overwritten: move it elsewhere and run again.")]
    Foreign(PathBuf),
    /// The name is too long or reserved.
    #[error(transparent)]
    Name(#[from] OutputNameError),
    /// This run has written a file of this name, but for case and composition.
    #[error("{name} and {other} are outputs of two sources: rename one, or clean them into two folders.")]
    Taken {
        /// The name.
        name: String,
        /// As it was written.
        other: String,
    },
    /// The manifest and what was written differ in this file: a fault of emendo itself.
    #[error("The manifest and the files differ in {0}, which is a fault of emendo: please report it.")]
    OtherManifest(String),
}

impl WriteError {
    /// Whether the run is over: nothing more can be written and it cannot be finished.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Final(_) | Self::AfterFailure)
    }
}

/// What a finished run leaves, and what became of the outputs of earlier runs that it did not write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Removed, because their source or document is gone.
    pub removed: Vec<String>,
    /// Left, because somebody edited them during the run.
    pub kept: Vec<String>,
    /// The SHA-256 of `SHA256SUMS`, as 64 hexadecimal digits: what the run wrote, in one number.
    pub seal: String,
}
