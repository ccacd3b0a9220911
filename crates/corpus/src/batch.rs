//! Reads and cleans many sources, on all cores, in order.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::disk::{self, Entry, InputKind, Listing, WalkError};
use emendo_core::cleaner::{CleanedSource, Cleaner, Content};
use emendo_core::input::ProblemKind;
use emendo_core::prose::Vocabulary;

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

/// What a long run tells its caller, and by what the caller stops it.
pub trait RunObserver {
    /// So many of the inputs are done. Called before each group of them.
    fn progress(&mut self, _done: usize, _of: usize) {}

    /// All inputs are done.
    fn progress_done(&mut self) {}

    /// Set by the caller when the run is to stop: it then ends between two groups. Nothing means that nobody stops it.
    fn stop(&self) -> Option<&'static AtomicBool> {
        None
    }
}

/// Tells nothing and stops nothing.
pub struct NoObserver;

impl RunObserver for NoObserver {}

/// Why a run over many sources cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// An input cannot be found, or covers another one.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// The system gives no threads.
    #[error("The threads cannot be started: {0}. Ask for fewer with --threads.")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Everything below the paths.
///
/// # Errors
/// When a path is not there, or covers another one.
pub fn listing(paths: &[PathBuf]) -> Result<Listing, BatchError> {
    Ok(disk::walk(paths)?)
}

/// So many threads, or one for each core.
///
/// # Errors
/// When the system gives no threads.
pub fn threads(wanted: Option<NonZeroUsize>) -> Result<ThreadPool, BatchError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(wanted.map_or(0, NonZeroUsize::get)).build();
    pool.map_err(BatchError::Threads)
}

/// Reads and cleans all inputs and hands them on in groups, in the order of the listing. Where the rules have to know
/// something of all texts before one is cleaned, everything is read once more before that.
///
/// # Errors
/// Those of `each`.
pub fn run<'l, E>(
    listing: &'l Listing,
    cleaner: &Cleaner,
    pool: &ThreadPool,
    observer: &mut dyn RunObserver,
    each: impl FnMut(Vec<Input<'l>>) -> Result<(), E>,
) -> Result<RunEnd, E> {
    let stop = observer.stop();
    run_among(listing, cleaner, &pool.install(|| survey(listing, cleaner, stop)), pool, observer, each)
}

/// The same, where it is known what has to be known of all texts.
///
/// # Errors
/// Those of `each`.
pub fn run_among<'l, E>(
    listing: &'l Listing,
    cleaner: &Cleaner,
    vocabulary: &Vocabulary,
    pool: &ThreadPool,
    observer: &mut dyn RunObserver,
    mut each: impl FnMut(Vec<Input<'l>>) -> Result<(), E>,
) -> Result<RunEnd, E> {
    let mut rest = listing.entries.as_slice();
    while !rest.is_empty() {
        if is_stopped(observer.stop()) {
            return Ok(RunEnd::Interrupted);
        }
        observer.progress(listing.entries.len() - rest.len(), listing.entries.len());
        let (group, more) = rest.split_at(group_length(rest));
        rest = more;
        each(pool.install(|| group.par_iter().map(|entry| input(listing, entry, cleaner, vocabulary)).collect()))?;
    }
    observer.progress_done();
    Ok(if is_stopped(observer.stop()) { RunEnd::Interrupted } else { RunEnd::Wholly })
}

/// What has to be known of all texts before one is cleaned. What cannot be read is told when it is its turn.
pub fn survey(listing: &Listing, cleaner: &Cleaner, stop: Option<&AtomicBool>) -> Vocabulary {
    if !cleaner.chain().surveys() {
        return Vocabulary::default();
    }
    let files = listing.entries.par_iter().filter(|entry| matches!(entry.what, InputKind::File { .. }) && !is_stopped(stop));
    let counted = files.filter_map(|entry| Some(cleaner.survey(&entry.name, &disk::read(listing, entry).ok()?)));
    counted.reduce(Vocabulary::default, |mut all, one| {
        all.add(one);
        all
    })
}

fn is_stopped(stop: Option<&AtomicBool>) -> bool {
    stop.is_some_and(|stop| stop.load(Ordering::SeqCst))
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
