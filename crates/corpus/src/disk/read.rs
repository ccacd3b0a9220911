//! One input, whole or not at all.

use std::io::{self, Read};

use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use super::reason::IoReason;
use super::walk::{Entry, InputKind, Listing};
use emendo_core::input::ProblemKind;

/// The bytes of a file, as one state of it.
///
/// It is opened below the folder that was named, so that no link leads out of it. There is no memory map: a
/// file that is cut while it is mapped ends the process.
///
/// # Errors
/// When it cannot be read, is no file (any more), or changed while it was read.
pub fn read(listing: &Listing, entry: &Entry) -> Result<Vec<u8>, ReadError> {
    if let InputKind::Problem { kind, reason } = &entry.what {
        return Err(ReadError::Listed { kind: *kind, reason: reason.clone() });
    }
    read_meanwhile(listing, entry, || ())
}

/// `meanwhile` runs between the first look at the file and the reading: tests change the file there.
fn read_meanwhile(listing: &Listing, entry: &Entry, meanwhile: impl FnOnce()) -> Result<Vec<u8>, ReadError> {
    let (dir, at) = listing.locate(entry)?;
    if !dir.symlink_metadata(at)?.is_file() {
        return Err(ReadError::NotAFile);
    }
    let mut file = open(&dir, at)?;
    let before = file.metadata()?;
    if !before.is_file() {
        return Err(ReadError::NotAFile);
    }
    meanwhile();
    let bytes = read_up_to(&mut file, before.len())?;
    let (after, there) = (file.metadata()?, dir.symlink_metadata(at)?);
    let stamp = Stamp::of(&before);
    if bytes.len() as u64 != before.len() || Stamp::of(&after) != stamp || Stamp::of(&there) != stamp {
        return Err(ReadError::Changed);
    }
    Ok(bytes)
}

/// Why an input was not read, and the way out.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The listing says that it cannot be read.
    #[error("{reason}")]
    Listed {
        /// For programs.
        kind: ProblemKind,
        /// For people: why, and the way out.
        reason: String,
    },
    /// It is a folder, a link or a device now.
    #[error("It is not a file any more: copy its content to a file.")]
    NotAFile,
    /// It changed or vanished while it was read.
    #[error("It changed or vanished while it was read: run again when nothing writes to it.")]
    Changed,
    /// The system refused.
    #[error("{}", unreadable(.0))]
    Io(#[source] io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        // It was listed a moment ago.
        if error.kind() == io::ErrorKind::NotFound { Self::Changed } else { Self::Io(error) }
    }
}

impl ReadError {
    /// What kind of problem it is, for programs.
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Listed { kind, .. } => *kind,
            Self::NotAFile => ProblemKind::NotAFile,
            Self::Changed => ProblemKind::Changed,
            Self::Io(_) => ProblemKind::Unreadable,
        }
    }
}

/// Why something cannot be read, as a sentence with the way out.
pub(super) fn unreadable(error: &io::Error) -> String {
    let IoReason { what, way_out } = IoReason::of(error);
    let way_out = if way_out.is_empty() { "check the disk" } else { way_out };
    format!("It cannot be read ({what}): {way_out}.")
}

/// Opens a file to read, and does not wait for a writer if it has become a FIFO.
pub(super) fn open(dir: &Dir, at: impl AsRef<std::path::Path>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::custom_flags(&mut options, NONBLOCK);
    dir.open_with(at, &options)
}

/// `O_NONBLOCK` as the systems' `fcntl.h` defines it; 0 where it is not known.
#[cfg(unix)]
const NONBLOCK: i32 = if cfg!(all(
    any(target_os = "linux", target_os = "android"),
    not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc64"))
)) {
    0o4000
} else if cfg!(any(target_vendor = "apple", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd", target_os = "dragonfly")) {
    0x4
} else {
    0
};

/// Reads `length` bytes, and one more if there is one: a file that grows without end is not followed.
pub(super) fn read_up_to(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let room = usize::try_from(length).ok().and_then(|length| length.checked_add(1));
    let reserved = room.map(|room| bytes.try_reserve_exact(room));
    if !matches!(reserved, Some(Ok(()))) {
        return Err(io::Error::new(io::ErrorKind::OutOfMemory, "the file is larger than the memory"));
    }
    file.take(length.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<std::time::SystemTime>,
    changed: (i64, i64),
    pub(super) identity: Option<Identity>,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        Self { length: metadata.len(), modified, changed: status_changed(metadata), identity: identity(metadata) }
    }
}

/// Which file it is: device and inode.
pub(super) type Identity = (u64, u64);

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "there is none to be had elsewhere")]
pub(super) fn identity(metadata: &Metadata) -> Option<Identity> {
    use cap_std::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(_: &Metadata) -> Option<Identity> {
    None
}

/// A program can set the time of modification back, but not this one.
#[cfg(unix)]
fn status_changed(metadata: &Metadata) -> (i64, i64) {
    use cap_std::fs::MetadataExt;
    (metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn status_changed(_: &Metadata) -> (i64, i64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::disk::walk;

    /// What reading a file of ten bytes says when `change` happens to it meanwhile.
    fn kind_after(change: impl FnOnce(&Path)) -> Result<Vec<u8>, ProblemKind> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "0123456789").expect("a file");
        let listing = walk(&[folder.path().to_path_buf()]).expect("a listing");
        read_meanwhile(&listing, &listing.entries[0], || change(&path)).map_err(|error| error.kind())
    }

    #[test]
    fn a_file_that_rests_is_read() {
        assert_eq!(kind_after(|_| ()), Ok(b"0123456789".to_vec()));
    }

    #[test]
    fn a_file_that_grows_is_noticed() {
        use std::io::Write as _;
        let grow = |path: &Path| fs::OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(b"x")).expect("grows");
        assert_eq!(kind_after(grow), Err(ProblemKind::Changed));
    }

    #[test]
    fn a_file_that_shrinks_is_noticed() {
        let shrink = |path: &Path| fs::OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(3)).expect("shrinks");
        assert_eq!(kind_after(shrink), Err(ProblemKind::Changed));
    }

    #[test]
    fn a_file_that_vanishes_is_noticed() {
        assert_eq!(kind_after(|path| fs::remove_file(path).expect("removed")), Err(ProblemKind::Changed));
    }

    #[test]
    fn another_file_in_its_place_is_noticed() {
        let swap = |path: &Path| {
            fs::remove_file(path).expect("removed");
            fs::write(path, "9876543210").expect("written");
        };
        assert_eq!(kind_after(swap), Err(ProblemKind::Changed));
    }

    #[cfg(unix)]
    #[test]
    fn same_size_and_same_time_of_modification_are_noticed() {
        let rewrite = |path: &Path| {
            let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).expect("a time");
            fs::write(path, "9876543210").expect("written");
            let times = fs::FileTimes::new().set_modified(modified);
            fs::File::options().write(true).open(path).and_then(|file| file.set_times(times)).expect("set back");
        };
        assert_eq!(kind_after(rewrite), Err(ProblemKind::Changed));
    }
}
