//! The texts that were corrected, before and after.

use std::path::Path;

use super::LearnOptions;
use crate::adopt::{self, TextVersions};
use crate::batch;
use crate::disk::{self, InputKind, Listing};
use crate::new_rules::NewRuleError;
use crate::output::is_output;
use emendo_core::input::{Decoded, decode};

/// A text before and after.
pub struct Pair {
    /// Its name for people.
    pub name: String,
    /// As it was.
    pub old: String,
    /// As somebody corrected it.
    pub new: String,
}

/// The texts, and what could not be compared.
#[derive(Default)]
pub struct Pairs {
    /// The texts.
    pub all: Vec<Pair>,
    /// What has no other side, or is no text: a sentence for each.
    pub left_out: Vec<String>,
}

impl Pairs {
    /// Reads two files, two folders, or the texts of an output folder that somebody edited.
    pub fn read(options: &LearnOptions) -> Result<Self, NewRuleError> {
        for path in std::iter::once(&options.old).chain(&options.new).filter(|path| path.symlink_metadata().is_err()) {
            // Says that there is no such path.
            batch::listing(std::slice::from_ref(path))?;
        }
        let Some(new) = &options.new else { return edited(options) };
        match (options.old.is_dir(), new.is_dir()) {
            (true, true) => folders(&options.old, new),
            (false, false) => {
                let read = |path: &Path| {
                    let listing = batch::listing(&[path.to_owned()])?;
                    let name = listing.entries.first().map(|entry| entry.name.clone()).unwrap_or_default();
                    text(&listing, &name).map_err(NewRuleError::Text)
                };
                let pair = Pair { name: options.old.display().to_string(), old: read(&options.old)?, new: read(new)? };
                Ok(Self { all: vec![pair], left_out: Vec::new() })
            }
            _ => Err(NewRuleError::FileAndFolder),
        }
    }
}

fn edited(options: &LearnOptions) -> Result<Pairs, NewRuleError> {
    if !is_output(&options.old) {
        return Err(NewRuleError::NoOutput(options.old.clone()));
    }
    let (texts, left_out) = adopt::edited_texts(&options.old, &options.from)?;
    let pair = |TextVersions { path, before, now }| Pair { name: options.old.join(path).display().to_string(), old: before, new: now };
    Ok(Pairs { all: texts.into_iter().map(pair).collect(), left_out })
}

fn folders(old: &Path, new: &Path) -> Result<Pairs, NewRuleError> {
    let listing = |path: &Path| batch::listing(&[path.to_owned()]);
    let (old_files, new_files) = (listing(old)?, listing(new)?);
    let mut pairs = Pairs::default();
    let names = |listing: &Listing| -> Vec<String> {
        let files = listing.entries.iter().filter(|entry| matches!(entry.what, InputKind::File { .. }));
        files.map(|entry| entry.name.clone()).collect()
    };
    let (old_names, new_names) = (names(&old_files), names(&new_files));
    let lone = |names: &[String], others: &[String], folder: &Path| -> Vec<String> {
        let lone = names.iter().filter(|name| others.binary_search(name).is_err());
        lone.map(|name| format!("{} has no other side.", folder.join(name).display())).collect()
    };
    pairs.left_out.extend(lone(&old_names, &new_names, old));
    pairs.left_out.extend(lone(&new_names, &old_names, new));
    for name in old_names.iter().filter(|name| new_names.binary_search(name).is_ok()) {
        match (text(&old_files, name), text(&new_files, name)) {
            (Ok(old_text), Ok(new_text)) => {
                pairs.all.push(Pair { name: old.join(name).display().to_string(), old: old_text, new: new_text });
            }
            (Err(why), _) | (_, Err(why)) => pairs.left_out.push(why),
        }
    }
    Ok(pairs)
}

fn text(listing: &Listing, name: &str) -> Result<String, String> {
    let entry = listing.entries.iter().find(|entry| entry.name == name && matches!(entry.what, InputKind::File { .. }));
    let entry = entry.ok_or_else(|| format!("{name} is not there."))?;
    let bytes = disk::read(listing, entry).map_err(|why| format!("{name}: {why}"))?;
    match decode(&bytes, None) {
        Decoded::Text(text) => Ok(text.text.into_owned()),
        Decoded::NotText { why } => Err(format!("{name} is no text. {why}")),
        Decoded::Problem { reason, .. } => Err(format!("{name}: {reason}")),
    }
}
