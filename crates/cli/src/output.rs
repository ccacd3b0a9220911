//! The output folder of an earlier run, as `diff`, `why`, `verify` and `restore` see it.

use std::io;
use std::path::{Path, PathBuf};

use super::command_error::CommandError;
use emendo_core::input::Encoding;
use emendo_core::input::{Decoded, decode};
use emendo_core::review::Decisions;
use emendo_corpus::disk::{self, OutputFolder};
use emendo_corpus::report::{Recorded, escape, recorded, restore, sources};

/// An output folder.
pub struct Output {
    folder: OutputFolder,
    path: PathBuf,
}

impl Output {
    /// Opens an output folder.
    pub fn open(path: &Path) -> Result<Self, CommandError> {
        let folder = OutputFolder::open(path).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
        match folder.read(disk::MANIFEST) {
            Err(fault) if fault.error.kind() != io::ErrorKind::NotFound => return Err(CommandError::refused(escape(&fault.to_string()))),
            _ => {}
        }
        if !is_output(path) {
            let path = path.display().to_string();
            return Err(CommandError::refused(format!(
                "{} is no output folder of emendo: it holds no manifest.jsonl. A run that was interrupted writes none; run it again.",
                escape(&path)
            )));
        }
        Ok(Self { folder, path: path.to_owned() })
    }

    /// The bytes of a file, if it can be read.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.folder.read(name).ok()
    }

    /// The manifest's text.
    pub fn manifest(&self) -> Result<String, CommandError> {
        self.text(disk::MANIFEST)
    }

    /// All files of the folder.
    pub fn names(&self) -> Result<Vec<String>, CommandError> {
        self.folder.names().map_err(|fault| CommandError::refused(escape(&fault.to_string())))
    }

    /// The names of the sources, in order.
    pub fn sources(&self) -> Result<Vec<String>, CommandError> {
        sources(&self.manifest()?).map_err(|why| self.broken(disk::MANIFEST, &why.to_string()))
    }

    /// What the run recorded of a source.
    pub fn recorded(&self, source: &str) -> Result<Recorded, CommandError> {
        let name = disk::record_name(source);
        recorded(&self.text(&name)?).map_err(|why| self.broken(&name, &why.to_string()))
    }

    /// The decisions that the run obeyed, if there were any.
    pub fn decisions(&self) -> Result<Option<Decisions>, CommandError> {
        let Some(bytes) = self.get(disk::DECISIONS) else { return Ok(None) };
        let bad = |why: &str| self.broken(disk::DECISIONS, why);
        let text = String::from_utf8(bytes).map_err(|_| bad("it is not UTF-8"))?;
        Decisions::parse(&text).map(Some).map_err(|lines| bad(&lines.first().map(ToString::to_string).unwrap_or_default()))
    }

    /// The bytes of a source, rebuilt.
    pub fn source(&self, source: &str) -> Result<Vec<u8>, CommandError> {
        let name = disk::record_name(source);
        restore(self.text(&name)?.as_bytes(), |path| self.get(path)).map_err(|why| self.broken(&name, &why.to_string()))
    }

    /// The decoded text of a source, rebuilt; nothing if it is none.
    pub fn decoded(&self, source: &str) -> Result<Option<String>, CommandError> {
        // With what the run found out the bytes are read as it read them.
        let encoding = self.recorded(source)?.encoding.as_deref().and_then(Encoding::of_label);
        Ok(match decode(&self.source(source)?, encoding) {
            Decoded::Text(text) => Some(text.text.into_owned()),
            _ => None,
        })
    }

    /// A file that must be text.
    pub fn text(&self, name: &str) -> Result<String, CommandError> {
        let bytes = self.folder.read(name).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
        String::from_utf8(bytes).map_err(|_| self.broken(name, "it is not UTF-8"))
    }

    fn broken(&self, name: &str, why: &str) -> CommandError {
        let (path, folder) = (self.path.join(name).display().to_string(), self.path.display().to_string());
        CommandError::refused(format!(
            "{} does not say what emendo wrote: {}. See emendo verify {}.",
            escape(&path),
            escape(why.trim_end_matches('.')),
            escape(&folder)
        ))
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
