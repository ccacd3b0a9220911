//! Reads and cleans many sources, on all cores, in order.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use rayon::ThreadPool;
use rayon::prelude::*;

use super::command_error::CommandError;
use super::console::Console;
use super::interrupt::is_interrupted;
use emendo_core::cleaner::{CleanedSource, Cleaner, Content};
use emendo_core::input::ProblemKind;
use emendo_core::prose::Vocabulary;
use emendo_corpus::disk::{self, Entry, InputKind, Listing};
use emendo_corpus::report::escape;

/// So many sources are cleaned and written together at most, or so many bytes of them.
const GROUP_FILES: usize = 256;
const GROUP_BYTES: u64 = 8 << 20;

/// One input of a run.
pub struct Input<'l> {
    /// Its entry in the listing.
    pub entry: &'l Entry,
    /// What was found in it.
    pub what: InputContent,
}

impl Input<'_> {
    /// Why the input is no text, if it is none.
    pub fn not_text(&self) -> Option<&str> {
        match &self.what {
            InputContent::Read { report, .. } => match &report.content {
                Content::NotText(why) => Some(why),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What was found in an input.
pub enum InputContent {
    /// Bytes, cleaned.
    Read {
        /// The bytes.
        bytes: Vec<u8>,
        /// What became of them.
        report: Box<CleanedSource>,
    },
    /// Nothing could be read.
    Unread {
        /// What is wrong, for programs.
        kind: ProblemKind,
        /// What is wrong, and the way out.
        reason: String,
    },
    /// It is not meant.
    Skipped {
        /// Why.
        why: String,
    },
}

/// Whether a run went to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All inputs were handed on.
    Wholly,
    /// Somebody interrupted it.
    Interrupted,
}

/// Everything below the paths.
pub fn listing(paths: &[PathBuf]) -> Result<Listing, CommandError> {
    disk::walk(paths).map_err(|error| CommandError::refused(escape(&error.to_string())))
}

/// So many threads, or one for each core.
pub fn threads(wanted: Option<NonZeroUsize>) -> Result<ThreadPool, CommandError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(wanted.map_or(0, NonZeroUsize::get)).build();
    pool.map_err(|error| CommandError::refused(format!("The threads cannot be started: {error}. Ask for fewer with --threads.")))
}

/// Reads and cleans all inputs and hands them on in groups, in the order of the listing. Where the rules have to know
/// something of all texts before one is cleaned, everything is read once more before that.
pub fn run<'l>(
    listing: &'l Listing,
    cleaner: &Cleaner,
    pool: &ThreadPool,
    console: &mut Console,
    each: impl FnMut(Vec<Input<'l>>) -> Result<(), CommandError>,
) -> Result<RunEnd, CommandError> {
    run_among(listing, cleaner, &pool.install(|| survey(listing, cleaner)), pool, console, each)
}

/// The same, where it is known what has to be known of all texts.
pub fn run_among<'l>(
    listing: &'l Listing,
    cleaner: &Cleaner,
    vocabulary: &Vocabulary,
    pool: &ThreadPool,
    console: &mut Console,
    mut each: impl FnMut(Vec<Input<'l>>) -> Result<(), CommandError>,
) -> Result<RunEnd, CommandError> {
    let mut rest = listing.entries.as_slice();
    while !rest.is_empty() {
        if is_interrupted() {
            return Ok(RunEnd::Interrupted);
        }
        console.progress(listing.entries.len() - rest.len(), listing.entries.len());
        let (group, more) = rest.split_at(group_length(rest));
        rest = more;
        each(pool.install(|| group.par_iter().map(|entry| input(listing, entry, cleaner, vocabulary)).collect()))?;
    }
    console.progress_done();
    Ok(if is_interrupted() { RunEnd::Interrupted } else { RunEnd::Wholly })
}

/// What has to be known of all texts before one is cleaned. What cannot be read is told when it is its turn.
pub fn survey(listing: &Listing, cleaner: &Cleaner) -> Vocabulary {
    if !cleaner.chain().surveys() {
        return Vocabulary::default();
    }
    let files = listing.entries.par_iter().filter(|entry| matches!(entry.what, InputKind::File { .. }) && !is_interrupted());
    let counted = files.filter_map(|entry| Some(cleaner.survey(&entry.name, &disk::read(listing, entry).ok()?)));
    counted.reduce(Vocabulary::default, |mut all, one| {
        all.add(one);
        all
    })
}

fn group_length(entries: &[Entry]) -> usize {
    let mut bytes = 0;
    for (at, entry) in entries.iter().enumerate().take(GROUP_FILES) {
        if let InputKind::File { bytes: size } = entry.what {
            bytes += size;
        }
        if bytes >= GROUP_BYTES {
            return at + 1;
        }
    }
    entries.len().min(GROUP_FILES)
}

fn input<'l>(listing: &'l Listing, entry: &'l Entry, cleaner: &Cleaner, vocabulary: &Vocabulary) -> Input<'l> {
    let what = match &entry.what {
        InputKind::Skipped { why } => InputContent::Skipped { why: why.name().to_owned() },
        InputKind::Problem { kind, reason } => InputContent::Unread { kind: *kind, reason: reason.clone() },
        InputKind::File { .. } => match disk::read(listing, entry) {
            Ok(bytes) => InputContent::Read { report: Box::new(cleaner.clean_source_among(&entry.name, &bytes, vocabulary)), bytes },
            Err(error) => InputContent::Unread { kind: error.kind(), reason: error.to_string() },
        },
    };
    Input { entry, what }
}
