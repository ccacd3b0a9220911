//! Why nothing was written, or not all, and what was.

use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::disk::IoFault;
use crate::disk::folder::OutputFolder;

/// So many names of a list are told.
const TOLD: usize = 20;

/// Why a run did not begin. Nothing was changed.
#[derive(Debug)]
pub enum RefusedOutput {
    /// The output folder is an input, lies in one or holds one.
    Place {
        /// The output folder as named.
        output: PathBuf,
        /// The input.
        input: PathBuf,
        /// How they lie.
        place: OutputPlace,
    },
    /// The output folder is a file.
    NotAFolder(PathBuf),
    /// A folder of the outputs is a link, or no folder.
    Link(PathBuf),
    /// Another run writes there.
    Busy {
        /// The output folder.
        folder: PathBuf,
        /// The other run's process, if it says so.
        process: Option<u32>,
        /// When it began.
        since: Option<SystemTime>,
    },
    /// Outputs were edited since they were written.
    Edited {
        /// The output folder.
        folder: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// Files that no run wrote have names that this run may need.
    Foreign {
        /// The output folder.
        folder: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// The manifest is damaged, or not written by emendo.
    Manifest(PathBuf),
    /// The system refused.
    Io(IoFault),
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

impl RefusedOutput {
    pub(super) fn edited(folder: &OutputFolder, names: Vec<String>) -> Self {
        Self::Edited { folder: folder.path(""), names }
    }

    pub(super) fn foreign(folder: &OutputFolder, names: Vec<String>) -> Self {
        Self::Foreign { folder: folder.path(""), names }
    }
}

impl fmt::Display for RefusedOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place { output, input, place } => {
                let how = match place {
                    OutputPlace::Equal => "is",
                    OutputPlace::Inside => "lies in",
                    OutputPlace::Around => "holds",
                };
                write!(f, "The output folder {} {how} the input {}: use a folder beside it.", output.display(), input.display())
            }
            Self::NotAFolder(path) => write!(f, "The output {} is not a folder: give another name.", path.display()),
            Self::Link(path) => {
                write!(f, "{} is a link or a device where a folder is needed: remove it, or use another output folder.", path.display())
            }
            Self::Busy { folder, process, .. } => {
                write!(f, "Another run writes to {}", folder.display())?;
                if let Some(process) = process {
                    write!(f, " (process {process})")?;
                }
                f.write_str(": wait for it to end, or use another output folder.")
            }
            Self::Edited { folder, names } => {
                write!(f, "In {} files were edited since emendo wrote them, and nothing was overwritten: ", folder.display())?;
                tell(f, names)?;
                f.write_str("; keep what was edited in texts with emendo adopt, move the files elsewhere, or use another output folder.")
            }
            Self::Foreign { folder, names } => {
                write!(
                    f,
                    "In {} files that emendo did not write have names that it needs, and nothing was overwritten: ",
                    folder.display()
                )?;
                tell(f, names)?;
                f.write_str("; move them elsewhere, or use another output folder.")
            }
            Self::Manifest(path) => write!(
                f,
                "{} was edited, is damaged or was not written by emendo, so that nothing in its folder can be told from other files: put it back, or use another output folder.",
                path.display()
            ),
            Self::Io(fault) => fault.fmt(f),
        }
    }
}

fn tell(f: &mut fmt::Formatter<'_>, names: &[String]) -> fmt::Result {
    f.write_str(&names[..names.len().min(TOLD)].join(", "))?;
    match names.len().saturating_sub(TOLD) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

impl std::error::Error for RefusedOutput {}

/// Why a group was not written, or not all of it. What has its name is whole.
#[derive(Debug)]
pub enum WriteError {
    /// The system refused. Other groups may be written.
    Io(IoFault),
    /// A sync or the journal failed: the run cannot promise anything any more.
    Final(IoFault),
    /// An earlier error was final.
    AfterFailure,
    /// The file was edited since emendo wrote it.
    Edited(PathBuf),
    /// Something that emendo did not write stands there.
    Foreign(PathBuf),
    /// The name is too long or reserved: why, as a sentence.
    Name(String),
    /// This run has written a file of this name, but for case and composition.
    Taken {
        /// The name.
        name: String,
        /// As it was written.
        other: String,
    },
    /// The manifest and what was written differ in this file: a fault of emendo itself.
    OtherManifest(String),
}

impl WriteError {
    /// Whether the run is over: nothing more can be written and it cannot be finished.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Final(_) | Self::AfterFailure)
    }
}

impl From<IoFault> for WriteError {
    fn from(fault: IoFault) -> Self {
        Self::Io(fault)
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(fault) => fault.fmt(f),
            Self::Final(fault) => write!(f, "{fault} The run ends here: check the disk and run again."),
            Self::AfterFailure => f.write_str("Nothing more is written after a failed sync: check the disk and run again."),
            Self::Edited(path) => {
                write!(f, "{} was edited during the run and not overwritten: move it elsewhere and run again.", path.display())
            }
            Self::Foreign(path) => {
                write!(f, "{} was not written by emendo and not overwritten: move it elsewhere and run again.", path.display())
            }
            Self::Name(reason) => f.write_str(reason),
            Self::Taken { name, other } => {
                write!(f, "{name} and {other} are outputs of two sources: rename one, or clean them into two folders.")
            }
            Self::OtherManifest(name) => {
                write!(f, "The manifest and the files differ in {name}, which is a fault of emendo: please report it.")
            }
        }
    }
}

impl std::error::Error for WriteError {}

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
