//! The output folder of an earlier run, as `diff`, `why`, `verify` and `restore` see it.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, IoFault, OutputFolder};
use crate::report::{Recorded, recorded, restore, sources};
use emendo_core::input::Encoding;
use emendo_core::input::{Decoded, decode};
use emendo_core::review::Decisions;

/// What is wrong with an output folder.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// It is none.
    #[error("{} is no output folder of emendo: it holds no manifest.jsonl. A run that was interrupted writes none; run it again.", .0.display())]
    NoOutput(PathBuf),
    /// A file in it is not as a run wrote it.
    #[error("{} does not say what emendo wrote: {why}. See emendo verify {}.", folder.join(name).display(), folder.display())]
    Broken {
        /// The folder.
        folder: PathBuf,
        /// The file in it.
        name: String,
        /// What is wrong, without a full stop.
        why: String,
    },
}

/// An output folder.
pub struct Output {
    folder: OutputFolder,
    path: PathBuf,
}

impl Output {
    /// Opens an output folder.
    ///
    /// # Errors
    /// When it is no output folder, or cannot be read.
    pub fn open(path: &Path) -> Result<Self, OutputError> {
        let folder = OutputFolder::open(path)?;
        match folder.read(disk::MANIFEST) {
            Err(fault) if fault.error.kind() != io::ErrorKind::NotFound => return Err(fault.into()),
            _ => {}
        }
        if !is_output(path) {
            return Err(OutputError::NoOutput(path.to_owned()));
        }
        Ok(Self { folder, path: path.to_owned() })
    }

    /// The bytes of a file, if it can be read.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.folder.read(name).ok()
    }

    /// The manifest's text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn manifest(&self) -> Result<String, OutputError> {
        self.text(disk::MANIFEST)
    }

    /// All files of the folder.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>, OutputError> {
        Ok(self.folder.names()?)
    }

    /// The names of the sources, in order.
    ///
    /// # Errors
    /// When the manifest is not as a run wrote it.
    pub fn sources(&self) -> Result<Vec<String>, OutputError> {
        sources(&self.manifest()?).map_err(|why| self.broken(disk::MANIFEST, &why.to_string()))
    }

    /// What the run recorded of a source.
    ///
    /// # Errors
    /// When the record is not as a run wrote it.
    pub fn recorded(&self, source: &str) -> Result<Recorded, OutputError> {
        let name = disk::record_name(source);
        recorded(&self.text(&name)?).map_err(|why| self.broken(&name, &why.to_string()))
    }

    /// The decisions that the run obeyed, if there were any.
    ///
    /// # Errors
    /// When they are not as a run wrote them.
    pub fn decisions(&self) -> Result<Option<Decisions>, OutputError> {
        let Some(bytes) = self.get(disk::DECISIONS) else { return Ok(None) };
        let bad = |why: &str| self.broken(disk::DECISIONS, why);
        let text = String::from_utf8(bytes).map_err(|_| bad("it is not UTF-8"))?;
        Decisions::parse(&text).map(Some).map_err(|lines| bad(&lines.first().map(ToString::to_string).unwrap_or_default()))
    }

    /// The bytes of a source, rebuilt.
    ///
    /// # Errors
    /// When the source cannot be rebuilt.
    pub fn source(&self, source: &str) -> Result<Vec<u8>, OutputError> {
        let name = disk::record_name(source);
        restore(self.text(&name)?.as_bytes(), |path| self.get(path)).map_err(|why| self.broken(&name, &why.to_string()))
    }

    /// The decoded text of a source, rebuilt; nothing if it is none.
    ///
    /// # Errors
    /// When the source cannot be rebuilt.
    pub fn decoded(&self, source: &str) -> Result<Option<String>, OutputError> {
        // With what the run found out the bytes are read as it read them.
        let encoding = self.recorded(source)?.encoding.as_deref().and_then(Encoding::of_label);
        Ok(match decode(&self.source(source)?, encoding) {
            Decoded::Text(text) => Some(text.text.into_owned()),
            _ => None,
        })
    }

    /// A file that must be text.
    ///
    /// # Errors
    /// When it cannot be read, or is not UTF-8.
    pub fn text(&self, name: &str) -> Result<String, OutputError> {
        let bytes = self.folder.read(name)?;
        String::from_utf8(bytes).map_err(|_| self.broken(name, "it is not UTF-8"))
    }

    fn broken(&self, name: &str, why: &str) -> OutputError {
        let why = why.trim_end_matches('.').to_owned();
        OutputError::Broken { folder: self.path.clone(), name: name.to_owned(), why }
    }
}

/// Whether a run wrote its output here.
pub fn is_output(path: &Path) -> bool {
    path.join(disk::MANIFEST).is_file()
}

/// The output folder that a path lies in, and the path's name there, with `/`.
pub fn containing(path: &Path) -> Option<(PathBuf, String)> {
    let folder = path
        .ancestors()
        .skip(1)
        .map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .find(|folder| is_output(folder))?;
    let name = path.strip_prefix(folder).unwrap_or(path);
    Some((folder.to_owned(), name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")))
}
