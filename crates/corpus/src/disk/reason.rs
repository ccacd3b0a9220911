//! The errors of the system, in the words of this program.

use std::borrow::Cow;
use std::fmt;
use std::io;

/// What the system refused, in words that are the same on every system, and the way out.
pub struct IoReason {
    /// Why, to stand after a colon.
    pub what: Cow<'static, str>,
    /// What to do about it; empty if nothing can be said.
    pub way_out: &'static str,
}

impl IoReason {
    /// The reason of an error.
    pub fn of(error: &io::Error) -> Self {
        // What carries a text of its own was found by emendo, which knows more than the system.
        let known = if error.get_ref().is_some() { None } else { known_reason(error.kind()) };
        if let Some((what, way_out)) = known {
            return Self { what: what.into(), way_out };
        }
        let text = error.to_string();
        let text = text.split_once(" (os error").map_or(text.as_str(), |(text, _)| text);
        Self { what: text.to_owned().into(), way_out: "" }
    }
}

impl fmt::Display for IoReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if self.way_out.is_empty() { Ok(()) } else { write!(f, "; {}", self.way_out) }
    }
}

fn known_reason(kind: io::ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        io::ErrorKind::NotFound => ("there is no such file or folder", "check the spelling"),
        io::ErrorKind::PermissionDenied => ("permission denied", "check its permissions"),
        io::ErrorKind::AlreadyExists => ("something stands there already", "move it away, or give another name"),
        io::ErrorKind::NotADirectory => ("a part of the path is not a folder", "check the spelling"),
        io::ErrorKind::IsADirectory => ("it is a folder", "give the name of a file"),
        io::ErrorKind::StorageFull => ("the disk is full", "make room and run again"),
        io::ErrorKind::QuotaExceeded => ("the quota of the disk is used up", "make room and run again"),
        io::ErrorKind::FileTooLarge => {
            ("the file is too large for the disk or for a limit of the system", "raise the limit, or use another disk")
        }
        io::ErrorKind::ReadOnlyFilesystem => ("the disk can only be read", "use another one"),
        io::ErrorKind::InvalidFilename => ("the name is too long", "use a shorter one"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_without_the_numbers_of_the_system() {
        let reason = IoReason::of(&io::Error::from_raw_os_error(5));
        assert!(!reason.what.contains("os error") && !reason.what.is_empty(), "{}", reason.what);
    }

    #[test]
    fn what_emendo_found_itself_is_told_as_it_said_it() {
        let error = io::Error::new(io::ErrorKind::NotFound, "a part of it before .. does not exist");
        assert_eq!(IoReason::of(&error).what, "a part of it before .. does not exist");
    }
}
