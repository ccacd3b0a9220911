//! One writer at a time.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::sync::Arc;

use cap_std::fs::{Metadata, OpenOptions};

use super::error::RefusedOutput;
use crate::disk::folder::{ExistingEntry, OutputFolder};
use crate::disk::read::identity;

const LOCK: &str = ".emendo.lock";

/// Holds the output folder. The system lets go of it when the process ends, however it ends: a lock file
/// that stays behind locks nothing.
#[derive(Debug)]
pub(super) struct Lock {
    folder: Arc<OutputFolder>,
    _file: File,
}

impl Lock {
    pub(super) fn take(folder: &Arc<OutputFolder>) -> Result<Self, RefusedOutput> {
        let fault = |error| folder.fault("lock", LOCK, error);
        loop {
            if matches!(folder.look(LOCK).map_err(fault)?, ExistingEntry::Folder | ExistingEntry::Other) {
                return Err(RefusedOutput::foreign(folder, vec![LOCK.to_owned()]));
            }
            let file = folder.dir.open_with(LOCK, OpenOptions::new().read(true).write(true).create(true)).map_err(fault)?;
            let metadata = file.metadata().map_err(fault)?;
            let mut file = file.into_std();
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(busy(folder, file, &metadata)),
                Err(TryLockError::Error(error)) => return Err(fault(error).into()),
            }
            // The run before may have removed the file between opening and locking: a lock on a file
            // without a name keeps nobody out.
            let there = folder.dir.symlink_metadata(LOCK);
            if there.is_ok_and(|there| identity(&there) == identity(&metadata)) {
                sign(&mut file).map_err(fault)?;
                return Ok(Self { folder: Arc::clone(folder), _file: file });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is still held. If this fails an empty formality stays behind.
        let _ = self.folder.dir.remove_file(LOCK);
    }
}

/// Who holds it, for whoever finds it held.
fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

fn busy(folder: &OutputFolder, file: File, metadata: &Metadata) -> RefusedOutput {
    let mut text = String::new();
    let process = file.take(32).read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
    let since = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
    RefusedOutput::Busy { folder: folder.path(""), process, since }
}
