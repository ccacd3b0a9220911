//! The log of runs: the only file that grows.

use std::io::{self, Write};
use std::path::Path;

use cap_std::fs::OpenOptions;

use super::IoFault;
use super::folder::{ExistingEntry, OutputFolder};
use super::plan::RUN_LOG;

/// How each line begins: a file that begins otherwise is somebody else's.
const START: &[u8] = b"{\"";

/// Appends a line to the log of the runs into this folder.
///
/// # Errors
/// When the log is not one of ours, or cannot be written.
pub fn append_run(folder: &Path, line: &str) -> Result<(), IoFault> {
    let folder = OutputFolder::open(folder)?;
    let fault = |error| folder.fault("write", RUN_LOG, error);
    let foreign = || fault(io::Error::other("it is not the log of runs that emendo writes; move it elsewhere"));
    let before = match folder.look(RUN_LOG).map_err(fault)? {
        ExistingEntry::Nothing => Vec::new(),
        ExistingEntry::File(_) => folder.read(RUN_LOG)?,
        ExistingEntry::Folder | ExistingEntry::Other => return Err(foreign()),
    };
    if !before.is_empty() && !before.starts_with(START) {
        return Err(foreign());
    }
    // A line that was torn by a crash must not spoil this one.
    let torn = if before.last().is_none_or(|last| *last == b'\n') { "" } else { "\n" };
    let mut log = folder.dir.open_with(RUN_LOG, OpenOptions::new().append(true).create(true)).map_err(fault)?;
    log.write_all(format!("{torn}{line}").as_bytes()).and_then(|()| log.sync_all()).map_err(fault)?;
    folder.sync_folder("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_and_no_file_of_others_is_touched() {
        let disk = tempfile::tempdir().expect("a folder");
        let path = disk.path().join(RUN_LOG);
        let text = || std::fs::read_to_string(&path).expect("it is there");
        append_run(disk.path(), "{\"a\":1}\n").expect("written");
        append_run(disk.path(), "{\"b\":2}\n").expect("written");
        assert_eq!(text(), "{\"a\":1}\n{\"b\":2}\n");
        std::fs::write(&path, "{\"a\"").expect("written");
        append_run(disk.path(), "{\"b\":2}\n").expect("written");
        assert_eq!(text(), "{\"a\"\n{\"b\":2}\n");
        std::fs::write(&path, "ran 5 km\n").expect("written");
        assert!(append_run(disk.path(), "{\"b\":2}\n").is_err());
        assert_eq!(text(), "ran 5 km\n");
    }
}
