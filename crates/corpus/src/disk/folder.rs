//! An output folder, reached through its handle only.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use blake3::{Hash, Hasher};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::IoFault;
use super::plan::OWN;
use super::read::{Stamp, open, read_up_to};

/// A folder with the outputs of a run. Names are relative to it, with `/` between their parts.
#[derive(Debug)]
pub struct OutputFolder {
    pub(super) dir: Dir,
    path: PathBuf,
    /// Folders within it whose handles are at hand, by name.
    opened: HashMap<String, Dir>,
}

/// So many handles are held at most: systems grant a process some hundreds.
const MAX_OPENED: usize = 64;

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExistingEntry {
    Nothing,
    File(Stamp),
    Folder,
    /// A link, a device, a FIFO.
    Other,
}

impl OutputFolder {
    /// Opens an output folder to read.
    ///
    /// # Errors
    /// When it does not exist or cannot be read.
    pub fn open(path: &Path) -> Result<Self, IoFault> {
        let dir = Dir::open_ambient_dir(path, ambient_authority()).map_err(|error| IoFault::new("open", path, error))?;
        Ok(Self { dir, path: path.to_path_buf(), opened: HashMap::new() })
    }

    /// The same folder, with handles of the folders in which these files lie: from one of them the way to a file is
    /// shorter, and each of them is gone to only once.
    pub(super) fn with_opened<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<Self, IoFault> {
        let mut opened = HashMap::new();
        for folder in names.map(parent).filter(|folder| !folder.is_empty()) {
            if opened.len() < MAX_OPENED && !opened.contains_key(folder) {
                let dir = self.dir.open_dir(folder).map_err(|error| self.fault("open", folder, error))?;
                opened.insert(folder.to_owned(), dir);
            }
        }
        let dir = self.dir.try_clone().map_err(|error| self.fault("open", "", error))?;
        Ok(Self { dir, path: self.path.clone(), opened })
    }

    /// The nearest handle from which a name can be reached, and the name from there.
    fn near<'n>(&self, name: &'n str) -> (&Dir, &'n str) {
        let opened = name.rsplit_once('/').and_then(|(folder, file)| Some((self.opened.get(folder)?, file)));
        opened.unwrap_or((&self.dir, name))
    }

    /// The bytes of an output.
    ///
    /// # Errors
    /// When there is none of this name, when it is no file, or when it cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, IoFault> {
        let fault = |error| self.fault("read", name, error);
        if !matches!(self.look(name).map_err(fault)?, ExistingEntry::File(_)) {
            return Err(fault(io::Error::new(io::ErrorKind::NotFound, "there is no such file")));
        }
        let mut file = open(&self.dir, name).map_err(fault)?;
        let length = file.metadata().map_err(fault)?.len();
        read_up_to(&mut file, length).map_err(fault)
    }

    /// The names of all that lies in the folder and is no folder, sorted; no link is followed.
    ///
    /// # Errors
    /// When a folder cannot be read or a name is not UTF-8.
    pub fn names(&self) -> Result<Vec<String>, IoFault> {
        let mut names = self.names_below("")?;
        names.sort();
        Ok(names)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn fault(&self, doing: &'static str, name: &str, error: io::Error) -> IoFault {
        IoFault::new(doing, self.path(name), error)
    }

    pub(super) fn look(&self, name: &str) -> io::Result<ExistingEntry> {
        let (dir, file) = self.near(name);
        match dir.symlink_metadata(file) {
            Ok(metadata) if metadata.is_file() => Ok(ExistingEntry::File(Stamp::of(&metadata))),
            Ok(metadata) if metadata.is_dir() => Ok(ExistingEntry::Folder),
            Ok(_) => Ok(ExistingEntry::Other),
            // A file where a folder is meant: below it there is nothing either.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(ExistingEntry::Nothing),
            Err(error) => Err(error),
        }
    }

    /// The digest of a file.
    pub(super) fn digest(&self, name: &str) -> io::Result<Hash> {
        let (dir, file) = self.near(name);
        let mut file = open(dir, file)?;
        let mut hasher = Hasher::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(hasher.finalize()),
                Ok(read) => hasher.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
        }
    }

    /// What lies directly in a folder; nothing if there is no such folder.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<(String, bool)>, IoFault> {
        let fault = |error| self.fault("list", folder, error);
        if !folder.is_empty() && self.look(folder).map_err(fault)? != ExistingEntry::Folder {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in self.open_folder(folder).and_then(|dir| dir.entries()).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let file = entry.file_name();
            // Names that are not UTF-8 are never ours, and never in our way.
            if let Some(file) = file.to_str() {
                names.push((join(folder, file), entry.file_type().map_err(fault)?.is_dir()));
            }
        }
        Ok(names)
    }

    pub(super) fn names_below(&self, folder: &str) -> Result<Vec<String>, IoFault> {
        let mut names = Vec::new();
        let mut todo = vec![folder.to_owned()];
        while let Some(folder) = todo.pop() {
            for (name, is_folder) in self.list(&folder)? {
                if is_folder { todo.push(name) } else { names.push(name) }
            }
        }
        Ok(names)
    }

    /// Has the system write all that waits for the disk, where it can be asked to: then what is synced one by
    /// one afterwards has little left to do.
    pub(super) fn write_back(&self) -> Result<(), IoFault> {
        #[cfg(target_os = "linux")]
        match self.dir.open(".").and_then(|folder| Ok(rustix::fs::syncfs(folder)?)) {
            // Sandboxes that do not know the call or do not allow it.
            Err(error) if !matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) => {
                return Err(self.fault("sync", "", error));
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes the bytes of a file last.
    pub(super) fn sync_file(&self, name: &str) -> Result<(), IoFault> {
        let (dir, file) = self.near(name);
        open(dir, file).and_then(|file| file.sync_all()).map_err(|error| self.fault("sync", name, error))
    }

    /// Makes the change of a folder's names last.
    pub(super) fn sync_folder(&self, folder: &str) -> Result<(), IoFault> {
        if cfg!(not(unix)) {
            return Ok(());
        }
        // Opened as a file, because a folder's handle is only good for paths below it and cannot be synced.
        let opened = self.dir.open(if folder.is_empty() { "." } else { folder });
        opened.and_then(|folder| folder.sync_all()).map_err(|error| self.fault("sync", folder, error))
    }

    /// All of these that are still there.
    pub(super) fn sync_folders(&self, folders: &BTreeSet<String>) -> Result<(), IoFault> {
        for folder in folders {
            if folder.is_empty() || self.look(folder).map_err(|error| self.fault("sync", folder, error))? == ExistingEntry::Folder {
                self.sync_folder(folder)?;
            }
        }
        Ok(())
    }

    fn open_folder(&self, folder: &str) -> io::Result<Dir> {
        if folder.is_empty() { self.dir.try_clone() } else { self.dir.open_dir(folder) }
    }
}

/// The folder that a name lies in; empty for the output folder itself.
pub(super) fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn join(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// A whole file that does not have its name yet. It is removed when it is dropped before it gets one.
#[derive(Debug)]
pub(super) struct Temporary<'f> {
    folder: &'f OutputFolder,
    /// The name that it will have.
    pub(super) name: String,
    placeholder: String,
    renamed: bool,
}

impl<'f> Temporary<'f> {
    /// Writes `bytes` into a new file in the folder of `name`, with the permissions that the umask leaves.
    /// `number` makes the name of the file; it is counted up where one is taken.
    pub(super) fn write(folder: &'f OutputFolder, name: &str, bytes: &[u8], number: &AtomicU64) -> Result<Self, IoFault> {
        let fault = |error| folder.fault("write", name, error);
        let (temporary, mut file) = loop {
            let temporary = join(parent(name), &temporary_name(number.fetch_add(1, Ordering::Relaxed)));
            let (dir, placeholder) = folder.near(&temporary);
            match dir.open_with(placeholder, OpenOptions::new().write(true).create_new(true)) {
                Ok(file) => break (temporary, file),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(fault(error)),
            }
        };
        // From here on whatever happens removes the file.
        let written = Self { folder, name: name.to_owned(), placeholder: temporary, renamed: false };
        file.write_all(bytes).map_err(fault)?;
        Ok(written)
    }

    /// Makes the bytes last.
    pub(super) fn sync(&self) -> Result<(), IoFault> {
        self.folder.sync_file(&self.placeholder).map_err(|IoFault { error, .. }| self.folder.fault("sync", &self.name, error))
    }

    /// Gives the file its name.
    pub(super) fn rename(mut self) -> Result<(), IoFault> {
        let ((dir, placeholder), (_, name)) = (self.folder.near(&self.placeholder), self.folder.near(&self.name));
        dir.rename(placeholder, dir, name).map_err(|error| self.folder.fault("rename a temporary file to", &self.name, error))?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.renamed {
            // If this fails the next run removes it.
            let (dir, placeholder) = self.folder.near(&self.placeholder);
            let _ = dir.remove_file(placeholder);
        }
    }
}

fn temporary_name(number: u64) -> String {
    format!("{OWN}-{number}.tmp")
}

/// Whether a run made this name for a temporary file.
pub(super) fn is_temporary(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let number = file.strip_prefix(OWN).and_then(|name| name.strip_prefix('-')).and_then(|name| name.strip_suffix(".tmp"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
