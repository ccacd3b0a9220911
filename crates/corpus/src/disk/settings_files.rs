//! Files that a run is told by: rules, `emendo.toml`, decisions.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::IoFault;

/// The text of a file that a person named.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, IoFault> {
    let bytes = fs::read(path).map_err(|error| IoFault::new("read", path, error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let (before, byte) = (String::from_utf8_lossy(&error.as_bytes()[..at]), error.as_bytes()[at]);
        let (line, column) = (before.split('\n').count(), before.chars().rev().take_while(|c| *c != '\n').count() + 1);
        let reason = format!("the byte {byte:02X} at {line}:{column} is not UTF-8; save the file as UTF-8");
        IoFault::new("read", path, io::Error::new(io::ErrorKind::InvalidData, reason))
    })
}

/// The nearest file of this name in the folder of `start`, or in one above it.
pub fn find_upwards(start: &Path, name: &str) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    let found = start.ancestors().map(|folder| folder.join(name)).find(|file| file.is_file())?;
    // As the person would write it: below the current folder, a relative path.
    let here = std::env::current_dir().ok()?;
    Some(found.strip_prefix(here).map(Path::to_owned).unwrap_or(found))
}

/// The files below a folder whose path there `wanted` accepts, each with that path, `/` between its
/// parts, in byte order.
///
/// # Errors
/// When the folder or a file in it cannot be read, or a file is not UTF-8.
pub fn read_tree(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, String)>, IoFault> {
    if !folder.is_dir() {
        return Err(IoFault::new("read", folder, io::Error::new(io::ErrorKind::NotFound, "there is no such folder")));
    }
    let mut files = Vec::new();
    for entry in ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_name(Ord::cmp).build() {
        let entry = entry.map_err(|error| {
            // The kind only: its text repeats the path.
            let error = error.into_io_error().map_or_else(|| io::Error::other("it is a loop of links"), |error| error.kind().into());
            IoFault::new("read", folder, error)
        })?;
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let name = path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        if !wanted(&name) || entry.path().is_dir() {
            continue;
        }
        if !entry.path().is_file() {
            let error = io::Error::other("it is no file, but a device, a pipe, or a link that leads nowhere");
            return Err(IoFault::new("read", entry.path(), error));
        }
        files.push((name, read_text(entry.path())?));
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_told_in_plain_words() {
        let told = read_tree(Path::new("no-such-folder"), |_| true).expect_err("it is missing").to_string();
        assert_eq!(told, "Cannot read no-such-folder: there is no such folder.");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_that_leads_nowhere_is_told() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        std::os::unix::fs::symlink("nowhere", folder.path().join("a.toml")).expect("a link can be made");
        let told = read_tree(folder.path(), |name| name == "a.toml").expect_err("it is none").to_string();
        assert!(told.ends_with("a.toml: it is no file, but a device, a pipe, or a link that leads nowhere."), "{told}");
        assert_eq!(read_tree(folder.path(), |_| false).expect("nothing is wanted"), Vec::new());
    }
}
