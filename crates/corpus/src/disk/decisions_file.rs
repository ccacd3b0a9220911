//! The file of decisions: only ever added to, whole lines at a time, by several readers at once.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;

use super::IoFault;
use super::whole::sync_folder;

/// A file of decisions, as far as it was read.
#[derive(Debug)]
pub struct DecisionsFile {
    path: PathBuf,
    /// So many of its bytes are known.
    known: u64,
}

impl DecisionsFile {
    /// Reads the file; one that is not there is empty, and is made with the first line.
    ///
    /// # Errors
    /// When it cannot be read, or is not UTF-8.
    pub fn open(path: &Path) -> Result<(Self, String), IoFault> {
        let mut file = Self { path: path.to_owned(), known: 0 };
        let text = match File::open(path) {
            Ok(_) => super::read_text(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && folder(path).is_dir() => String::new(),
            Err(error) => return Err(file.fault("read", error)),
        };
        file.known = text.len() as u64 - torn_tail(text.as_bytes());
        Ok((file, text))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds whole lines; when it returns they are on the disk. Gives what others added since the file was last looked at.
    ///
    /// A last line that a crash has torn goes: nobody was ever told that it was there.
    ///
    /// # Errors
    /// When it cannot be written, or was made shorter meanwhile; then it is as it was.
    pub fn append(&mut self, lines: &str) -> Result<String, IoFault> {
        self.try_append(lines).map_err(|error| self.fault("write", error))
    }

    /// What others added since the file was last looked at.
    ///
    /// # Errors
    /// When it cannot be read, or was made shorter meanwhile.
    pub fn news(&mut self) -> Result<String, IoFault> {
        let news = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.known == 0 => Ok(String::new()),
            Err(error) => Err(error),
            Ok(mut file) => self.read_news(&mut file),
        };
        let mut news = news.map_err(|error| self.fault("read", error))?;
        // Somebody may be writing it.
        news.truncate(news.rfind('\n').map_or(0, |end| end + 1));
        self.known += news.len() as u64;
        Ok(news)
    }

    fn try_append(&mut self, lines: &str) -> io::Result<String> {
        let is_new = match self.path.metadata() {
            Ok(metadata) if metadata.is_file() => false,
            Ok(_) => return Err(io::Error::other("it is no file; name a file with --decisions")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(error),
        };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&self.path)?;
        match file.lock() {
            // Some network file systems have none; a line is written by one call all the same.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            locked => locked?,
        }
        let mut news = self.read_news(&mut file)?;
        let torn = torn_tail(news.as_bytes());
        let length = self.known + news.len() as u64 - torn;
        if torn > 0 {
            file.set_len(length)?;
            news.truncate(news.len() - usize::try_from(torn).expect("a part of a text in memory"));
        }
        let ends = length == 0 || last_byte(&mut file, length)? == b'\n';
        let added = [if ends { "" } else { "\n" }, lines].concat();
        if let Err(error) = file.write_all(added.as_bytes()).and_then(|()| file.sync_all()) {
            file.set_len(length)?;
            return Err(error);
        }
        if is_new {
            sync_folder(folder(&self.path))?;
        }
        self.known = length + added.len() as u64;
        Ok(news)
    }

    fn read_news(&self, file: &mut File) -> io::Result<String> {
        if file.metadata()?.len() < self.known {
            return Err(io::Error::other("it was made shorter by something else; start again to read it anew"));
        }
        file.seek(SeekFrom::Start(self.known))?;
        let mut news = Vec::new();
        file.read_to_end(&mut news)?;
        String::from_utf8(news).map_err(|_| io::Error::other("what was added to it meanwhile is not UTF-8"))
    }

    fn fault(&self, doing: &'static str, error: io::Error) -> IoFault {
        IoFault::new(doing, &self.path, error)
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// How many bytes at the end are a line that was cut off while it was written.
fn torn_tail(text: &[u8]) -> u64 {
    let tail = &text[memchr::memrchr(b'\n', text).map_or(0, |end| end + 1)..];
    let is_whole = tail.trim_ascii().is_empty() || serde_json::from_slice::<IgnoredAny>(tail).is_ok();
    if is_whole { 0 } else { tail.len() as u64 }
}

fn last_byte(file: &mut File, length: u64) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> String {
        std::fs::read_to_string(path).expect("it is there")
    }

    #[test]
    fn lines_are_added_whole_whatever_the_end_of_the_file() {
        let disk = tempfile::tempdir().expect("a folder");
        let path = disk.path().join("decisions.jsonl");
        for (before, after) in [
            ("", "{\"a\":1}\n"),
            ("{\"b\":2}\n", "{\"b\":2}\n{\"a\":1}\n"),
            ("{\"b\":2}", "{\"b\":2}\n{\"a\":1}\n"),
            ("{\"b\":2}\n{\"c\"", "{\"b\":2}\n{\"a\":1}\n"),
            ("{\"c\"", "{\"a\":1}\n"),
        ] {
            std::fs::write(&path, before).expect("written");
            let (mut file, text) = DecisionsFile::open(&path).expect("read");
            assert_eq!(text, before);
            assert_eq!(file.append("{\"a\":1}\n").expect("written"), "");
            assert_eq!(read(&path), after, "{before:?}");
            assert_eq!(file.append("{\"a\":2}\n").expect("written"), "");
            assert_eq!(read(&path), format!("{after}{{\"a\":2}}\n"));
        }
    }

    #[test]
    fn it_is_made_with_the_first_line() {
        let disk = tempfile::tempdir().expect("a folder");
        let path = disk.path().join("decisions.jsonl");
        let (mut file, text) = DecisionsFile::open(&path).expect("nothing is read");
        assert_eq!((text.as_str(), file.news().expect("nothing is read").as_str(), path.exists()), ("", "", false));
        file.append("{}\n").expect("written");
        assert_eq!(read(&path), "{}\n");
    }

    #[test]
    fn what_others_add_is_told_once() {
        let disk = tempfile::tempdir().expect("a folder");
        let path = disk.path().join("decisions.jsonl");
        let (mut one, _) = DecisionsFile::open(&path).expect("read");
        let (mut other, _) = DecisionsFile::open(&path).expect("read");
        assert_eq!(one.append("{\"a\":1}\n").expect("written"), "");
        assert_eq!(other.append("{\"b\":2}\n").expect("written"), "{\"a\":1}\n");
        assert_eq!(one.news().expect("read"), "{\"b\":2}\n");
        assert_eq!(one.news().expect("read"), "");
        assert_eq!(one.append("{\"c\":3}\n").expect("written"), "");
        std::fs::write(&path, "").expect("written");
        assert!(one.append("{\"d\":4}\n").expect_err("it is shorter").to_string().contains("made shorter"));
        assert_eq!(read(&path), "");
    }

    #[test]
    fn readers_at_once_lose_no_line() {
        let disk = tempfile::tempdir().expect("a folder");
        let path = disk.path().join("decisions.jsonl");
        std::thread::scope(|scope| {
            for reader in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    let (mut file, _) = DecisionsFile::open(path).expect("read");
                    for line in 0..20 {
                        file.append(&format!("{{\"reader\":{reader},\"line\":{line}}}\n")).expect("written");
                    }
                });
            }
        });
        let text = read(&path);
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), 80);
        assert!(lines.iter().all(|line| serde_json::from_str::<IgnoredAny>(line).is_ok()));
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let disk = tempfile::tempdir().expect("a folder");
        assert!(DecisionsFile::open(disk.path()).is_err());
    }
}
