//! The texts of an output folder that a person has edited, and what was changed in each.

use std::collections::BTreeMap;

use blake3::Hash;

use super::AdoptError;
use crate::disk::{self, Listing};
use crate::output::Output;
use crate::report::{LineColumns, ListedFile, Recorded, listed_files};
use emendo_core::input::Encoding;
use emendo_core::input::{Decoded, decode};
use emendo_core::review::Decisions;
use emendo_core::review::hand::{CorrectionOutcome, HandCorrection, RecordedDocumentText, corrections, recorded_text};
use emendo_core::review::session::Reader;

/// A text that a person has edited.
pub struct EditedText {
    /// Its name in the output folder.
    pub path: String,
    /// The digest of its bytes as they are now.
    pub digest: Hash,
    /// The name of its source.
    pub source: String,
    /// The number of its document.
    pub document: usize,
    /// As the run left it.
    pub before: String,
    /// What the person changed.
    pub corrections: Vec<HandCorrection>,
}

/// Something that cannot be adopted.
pub struct AdoptFault {
    /// The file in the output folder.
    pub path: String,
    /// Line and column in it, counted from 1, if it is about a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong, and the way out.
    pub reason: String,
}

/// What was found in an output folder.
#[derive(Default)]
pub struct EditedOutputs {
    /// The texts that were edited and can be read, in the order of their sources.
    pub texts: Vec<EditedText>,
    /// What else is not as the run wrote it.
    pub faults: Vec<AdoptFault>,
}

/// What it takes to tell what was edited.
pub struct Editing<'a> {
    /// The folder.
    pub output: &'a Output,
    /// What was cleaned into it.
    pub listing: &'a Listing,
    /// What is decided.
    pub decisions: &'a Decisions,
    /// Who adopts it.
    pub reader: &'a Reader,
}

impl Editing<'_> {
    /// All that is not as the run wrote it.
    ///
    /// # Errors
    /// When manifest or record are not as the run wrote them.
    pub fn find(&self) -> Result<EditedOutputs, AdoptError> {
        let manifest = self.output.manifest()?;
        if disk::unseal(manifest.as_bytes()).is_none() {
            return Err(AdoptError::Manifest);
        }
        let mut found = EditedOutputs::default();
        let mut edited: BTreeMap<String, Vec<(ListedFile, Vec<u8>)>> = BTreeMap::new();
        let mut altered: BTreeMap<String, String> = BTreeMap::new();
        for file in listed_files(&manifest) {
            let bytes = self.output.get(&file.path);
            if bytes.as_ref().is_some_and(|bytes| blake3::hash(bytes).to_hex().as_str() == file.digest) {
                continue;
            }
            match (&*file.r#type, bytes, &file.source) {
                ("text", Some(bytes), Some(source)) => edited.entry(source.clone()).or_default().push((file, bytes)),
                ("text", ..) => found.fault(
                    &file.path,
                    "It was deleted, which is no correction: the next run writes it again. To leave it out, take its source away.",
                ),
                (kind, bytes, source) => {
                    if let ("record", Some(source)) = (kind, source) {
                        altered.insert(source.clone(), file.path.clone());
                    }
                    if bytes.is_some() {
                        found.fault(
                            &file.path,
                            "It was edited, but only texts can be corrected by hand: remove it, and the next run writes it again.",
                        );
                    }
                }
            }
        }
        for (source, files) in edited {
            if let Some(record) = altered.get(&source) {
                for (file, _) in files {
                    found.fault(&file.path, format!("Its record {record} is not as the run wrote it: put that back."));
                }
                continue;
            }
            self.source(&source, &files, &mut found)?;
        }
        Ok(found)
    }

    /// What was edited in the texts of a source.
    fn source(&self, name: &str, files: &[(ListedFile, Vec<u8>)], found: &mut EditedOutputs) -> Result<(), AdoptError> {
        let recorded = self.output.recorded(name)?;
        let text = match self.decoded(name, &recorded) {
            Ok(text) => text,
            Err(reason) => {
                for (file, _) in files {
                    found.fault(&file.path, &*reason);
                }
                return Ok(());
            }
        };
        for (file, bytes) in files {
            match self.text(&recorded, &text, file, bytes) {
                Ok(text) => {
                    found.faults.extend(faults(&text));
                    found.texts.push(text);
                }
                Err(fault) => found.faults.push(fault),
            }
        }
        Ok(())
    }

    /// The decoded source, if it is the one that was cleaned.
    fn decoded(&self, name: &str, recorded: &Recorded) -> Result<String, String> {
        let entry = self.listing.entries.iter().find(|entry| entry.name == name);
        let entry = entry.ok_or_else(|| format!("Its source {name} is not there: say with --from what was cleaned."))?;
        let bytes = disk::read(self.listing, entry).map_err(|why| format!("Its source {name}: {why}"))?;
        if blake3::hash(&bytes).to_hex().as_str() != recorded.digest {
            return Err(format!(
                "Its source {name} was altered since the run, so that nothing tells what was edited here: put the source back as it was, or clean into another folder and correct the text there."
            ));
        }
        match decode(&bytes, recorded.encoding.as_deref().and_then(Encoding::of_label)) {
            Decoded::Text(text) => Ok(text.text.into_owned()),
            _ => Err(format!("Its source {name} is not read as the run read it: clean it again into another folder.")),
        }
    }

    fn text(&self, recorded: &Recorded, source: &str, file: &ListedFile, bytes: &[u8]) -> Result<EditedText, AdoptFault> {
        let fault = |place, reason: &str| AdoptFault { path: file.path.clone(), place, reason: reason.to_owned() };
        let edited = std::str::from_utf8(bytes).map_err(|error| {
            let place = LineColumns::new(bytes).of(error.valid_up_to());
            fault(Some(place), "It is not UTF-8 any more: save it as UTF-8.")
        })?;
        let document = recorded.documents.iter().find(|document| Some(document.number) == file.document && document.layout.body.is_some());
        let unknown = || fault(None, "Its record does not fit to it: see emendo verify.");
        let document = document.ok_or_else(unknown)?;
        let left = RecordedDocumentText {
            source: &recorded.source,
            number: (recorded.slices > 1).then_some(document.number),
            digest: document.digest.as_deref().ok_or_else(unknown)?,
            text: document.layout.body.and_then(|body| source.get(body.range())).ok_or_else(unknown)?,
            hunks: &document.hunks,
            changes: &document.changes,
        };
        let before = recorded_text(&left).map_err(|_| unknown())?;
        if blake3::hash(before.as_bytes()).to_hex().as_str() != file.digest {
            return Err(unknown());
        }
        let corrections = corrections(&left, edited, self.decisions, self.reader).map_err(|_| unknown())?;
        let (path, source) = (file.path.clone(), recorded.source.clone());
        Ok(EditedText { path, digest: blake3::hash(bytes), source, document: document.number, before, corrections })
    }
}

/// The corrections of a text that cannot be adopted.
fn faults(text: &EditedText) -> Vec<AdoptFault> {
    let places = LineColumns::new(text.before.as_bytes());
    let reason = |outcome: &CorrectionOutcome| match outcome {
        CorrectionOutcome::New(_) | CorrectionOutcome::Known => None,
        CorrectionOutcome::Opposed(line) => Some(format!(
            "Somebody else wants something else here, on line {line} of the decisions file: agree, and take that back with emendo undo --by, or write it here too."
        )),
        CorrectionOutcome::Unanchored => Some("No place of the source stands for this: make the correction in the source.".to_owned()),
    };
    let fault = |correction: &HandCorrection| {
        let place = Some(places.of(correction.at.start));
        Some(AdoptFault { path: text.path.clone(), place, reason: reason(&correction.outcome)? })
    };
    text.corrections.iter().filter_map(fault).collect()
}

impl EditedOutputs {
    fn fault(&mut self, path: &str, reason: impl Into<String>) {
        self.faults.push(AdoptFault { path: path.to_owned(), place: None, reason: reason.into() });
    }
}
