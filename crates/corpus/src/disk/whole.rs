//! A single file that a person named, written whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::IoFault;

/// Writes a file whole: who looks sees the old bytes or the new ones, and the new ones last.
///
/// A link is followed, because a person named it. A device or FIFO is written to as it is.
///
/// # Errors
/// When it cannot be written; then the old file stands as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), IoFault> {
    let written = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => path.canonicalize().and_then(|path| replace(&path, bytes)),
        Ok(_) => OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => replace(path, bytes),
        Err(error) => Err(error),
    };
    written.map_err(|error| IoFault::new("write", path, error))
}

/// Those of the files below a folder that stand there already.
pub fn standing(folder: &Path, names: impl Iterator<Item = impl AsRef<str>>) -> Vec<PathBuf> {
    names.map(|name| folder.join(name.as_ref())).filter(|path| path.symlink_metadata().is_ok()).collect()
}

/// Writes a file below a folder, which is made if missing; `name` has `/` between its parts.
///
/// # Errors
/// When something stands there already, a link is in the way, or it cannot be written.
pub fn write_new(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), IoFault> {
    let path = folder.join(name);
    let fault = |error| IoFault::new("write", &path, error);
    fs::create_dir_all(folder).map_err(fault)?;
    // Beneath the handle: neither `..` in a name nor a link in the folder leads out of it.
    let dir = Dir::open_ambient_dir(folder, ambient_authority()).map_err(fault)?;
    if let Some(parent) = Path::new(name).parent() {
        dir.create_dir_all(parent).map_err(fault)?;
    }
    let mut file = dir.open_with(name, cap_std::fs::OpenOptions::new().write(true).create_new(true)).map_err(fault)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        drop(dir.remove_file(name));
    }
    written.map_err(fault)
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".emendo-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The kind only: its text names the temporary file.
    let mut temporary = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    sync_folder(folder)
}

#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
