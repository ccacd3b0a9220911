//! What earlier runs wrote: the only knowledge by which a file may be replaced or removed.

use std::collections::{BTreeMap, BTreeSet};

use blake3::Hash;
use serde::{Deserialize, Serialize};

use super::plan::OWN;

/// The digest of an output, as the manifest holds it: BLAKE3, 64 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The last line of a manifest: the digest of all lines before it.
///
/// A foreign `manifest.jsonl` has none and is never taken for one of ours.
#[derive(Deserialize)]
struct Seal {
    #[expect(dead_code, reason = "only that it is `end` counts")]
    r#type: SealType,
    digest: Hex,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum SealType {
    End,
}

/// The lines before the seal; nothing if the manifest was edited, cut or is not one of ours.
pub fn unseal(manifest: &[u8]) -> Option<&[u8]> {
    let lines = manifest.strip_suffix(b"\n")?;
    let start = memchr::memrchr(b'\n', lines).map_or(0, |end| end + 1);
    let seal: Seal = serde_json::from_slice(&lines[start..]).ok()?;
    let sealed = &manifest[..start];
    (blake3::hash(sealed) == seal.digest.0).then_some(sealed)
}

/// A digest in JSON.
struct Hex(Hash);

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_hex())
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Hash::from_hex(text).map(Hex).map_err(serde::de::Error::custom)
    }
}

/// A line of a manifest or journal that names an output. Other members are not looked at.
#[derive(Serialize, Deserialize)]
struct OutputLine {
    path: String,
    digest: Hex,
}

/// A line of a journal that names a folder in which a killed run may have left temporary files.
#[derive(Serialize, Deserialize)]
struct FolderLine {
    folder: String,
}

/// The outputs that the lines of a manifest name, in their order.
pub(super) fn outputs(lines: &[u8]) -> impl Iterator<Item = (String, Hash)> {
    lines
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<OutputLine>(line).ok())
        .map(|line| (line.path, line.digest.0))
}

/// Appends the line of an output to a journal.
pub(super) fn push_output(journal: &mut Vec<u8>, path: &str, digest: Hash) {
    push_line(journal, &OutputLine { path: path.to_owned(), digest: Hex(digest) });
}

fn push_line(lines: &mut Vec<u8>, line: &impl Serialize) {
    serde_json::to_writer(&mut *lines, line).expect("strings can be written as JSON");
    lines.push(b'\n');
}

/// How a file stands to what earlier runs wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputState {
    /// As a run wrote it.
    Ours,
    /// A run wrote a file of this name, and somebody changed it since.
    Edited,
    /// No run wrote a file of this name.
    Foreign,
}

/// The outputs of earlier runs and of this one.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// A name has several digests when a run was killed between two states.
    pub(super) outputs: BTreeMap<String, Vec<Hash>>,
    /// Folders in which temporary files may lie.
    pub(super) folders: BTreeSet<String>,
}

impl Records {
    /// Lines that do not parse are passed over: the last one may be torn, and a record too few only means
    /// that a file is not overwritten.
    pub(super) fn add_lines(&mut self, lines: &[u8]) {
        for (path, digest) in outputs(lines) {
            self.add(&path, digest);
        }
        let folders = lines.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice::<FolderLine>(line).ok());
        self.folders.extend(folders.map(|line| line.folder).filter(|folder| is_plain(folder)));
    }

    pub(super) fn add(&mut self, path: &str, digest: Hash) {
        if !is_plain(path) {
            return;
        }
        let digests = self.outputs.entry(path.to_owned()).or_default();
        if !digests.contains(&digest) {
            digests.push(digest);
        }
    }

    pub(super) fn standing(&self, path: &str, digest: Hash) -> OutputState {
        match self.outputs.get(path) {
            Some(digests) if digests.contains(&digest) => OutputState::Ours,
            Some(_) => OutputState::Edited,
            None => OutputState::Foreign,
        }
    }

    /// The start of a new journal.
    pub(super) fn to_journal(&self) -> Vec<u8> {
        let mut journal = Vec::new();
        for folder in &self.folders {
            push_line(&mut journal, &FolderLine { folder: folder.clone() });
        }
        for (path, digests) in &self.outputs {
            for digest in digests {
                push_output(&mut journal, path, *digest);
            }
        }
        journal
    }
}

/// Whether a name lies below the output folder and is none of those that a run keeps for itself.
pub(super) fn is_plain(name: &str) -> bool {
    name.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.starts_with(OWN) && !part.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the manifest of a run ends.
    fn seal(mut manifest: Vec<u8>) -> Vec<u8> {
        let line = format!("{{\"type\":\"end\",\"lines\":1,\"digest\":\"{}\"}}\n", digest(&manifest));
        manifest.extend(line.into_bytes());
        manifest
    }

    #[test]
    fn a_sealed_manifest_opens_again() {
        for lines in ["", "{\"type\":\"head\"}\n", "{}\n{}\n"] {
            assert_eq!(unseal(&seal(lines.into())), Some(lines.as_bytes()));
        }
    }

    #[test]
    fn a_manifest_that_was_edited_cut_or_written_by_others_does_not_open() {
        let sealed = seal(b"{\"a\":1}\n{\"b\":2}\n".to_vec());
        for length in 0..sealed.len() {
            assert_eq!(unseal(&sealed[..length]), None, "cut at {length}");
        }
        let mut edited = sealed.clone();
        edited[5] ^= 1;
        assert_eq!(unseal(&edited), None);
        assert_eq!(unseal(b"{\"audio\":\"a.wav\"}\n"), None);
    }

    #[test]
    fn a_torn_line_of_a_journal_is_passed_over() {
        let mut lines = Vec::new();
        push_output(&mut lines, "a", blake3::hash(b"a"));
        push_output(&mut lines, "b", blake3::hash(b"b"));
        let mut records = Records::default();
        records.add_lines(&lines[..lines.len() - 3]);
        assert_eq!(records.standing("a", blake3::hash(b"a")), OutputState::Ours);
        assert_eq!(records.standing("a", blake3::hash(b"b")), OutputState::Edited);
        assert_eq!(records.standing("b", blake3::hash(b"b")), OutputState::Foreign);
    }

    #[test]
    fn a_record_cannot_name_what_lies_outside() {
        let mut records = Records::default();
        for path in ["../a", "/etc/a", "a/../../b", "a//b", ".emendo.lock", ""] {
            records.add(path, blake3::hash(b""));
        }
        assert!(records.outputs.is_empty());
    }

    #[test]
    fn a_journal_holds_all_records() {
        let mut records = Records::default();
        records.add("a/\u{7f}\"b", blake3::hash(b"1"));
        records.add("a/\u{7f}\"b", blake3::hash(b"2"));
        records.folders.insert("record/a".into());
        let mut again = Records::default();
        again.add_lines(&records.to_journal());
        assert_eq!((again.outputs, again.folders), (records.outputs, records.folders));
    }
}
