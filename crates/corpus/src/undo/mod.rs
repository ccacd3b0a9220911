//! Taking changes back: by rule or document with rejections, by person or time by withdrawing decisions.

mod effect;
mod request;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use jiff::Timestamp;
use rayon::ThreadPool;

pub use self::effect::{CleanedNow, DocumentNow, TakenBack, UndoEffect, UndoExample, UndoOverlap};
pub use self::request::UndoRequest;
use crate::batch::{self, BatchError, Input, InputContent, RunEnd, RunObserver};
use crate::disk::{self, DecisionsFile, IoFault, Listing};
use crate::project::{ProjectError, Settings, SettingsOptions};
use crate::review::{ReviewError, refuse_inside};
use crate::selection::{ChangeSelection, SelectionError, no_such_rule};
use emendo_core::cleaner::Cleaner;
use emendo_core::prose::Vocabulary;
use emendo_core::review::decision::{Decision, HAND, Verdict};
use emendo_core::review::session::Reader;
use emendo_core::rules::nearest;

/// Why nothing can be taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// The project or its settings are wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The inputs cannot be found, or no threads be started.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// The decisions file would be cleaned with the texts.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// There is no such rule or source.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// An output folder was named in place of the sources.
    #[error("This is the output folder of a run. Name what went into it: decisions are about the sources, and the next run obeys them.")]
    OutputFolder,
    /// Nobody of that name decided anything.
    #[error("No decision that counts is by {name}. {hint}")]
    NoPerson {
        /// The name as it was typed.
        name: String,
        /// Who did.
        hint: String,
    },
}

/// What is to be taken back, and by whom.
#[derive(Clone, Debug, Default)]
pub struct UndoOptions {
    /// Files and folders that were cleaned.
    pub paths: Vec<PathBuf>,
    /// Only changes of these rules: ids, what ids begin with and `*`, passes or tables.
    pub rules: Vec<String>,
    /// Only changes in these sources: names or patterns.
    pub docs: Vec<String>,
    /// Withdraw decisions that were made since then.
    pub since: Option<Timestamp>,
    /// Withdraw the decisions of this person.
    pub by: Option<String>,
    /// Which rules and decisions.
    pub settings: SettingsOptions,
    /// Who takes it back, when, and the note.
    pub reader: Reader,
    /// How many threads; else one for each core.
    pub threads: Option<NonZeroUsize>,
}

/// What taking back would do; nothing is saved yet.
pub struct UndoPlan {
    /// What it would do.
    pub effect: UndoEffect,
    /// So many inputs could not be read and were not looked at.
    pub unread: usize,
    settings: Settings,
    file: DecisionsFile,
    reader: Reader,
}

impl UndoPlan {
    /// Cleans with the decisions as they are and as they would be, and compares. Nothing if the observer stopped that.
    ///
    /// # Errors
    /// When the settings are wrong, or a rule, a source or a person is not known.
    pub fn new(options: &UndoOptions, observer: &mut dyn RunObserver) -> Result<Option<Self>, UndoError> {
        if options.paths.iter().any(|path| path.join(disk::MANIFEST).is_file()) {
            return Err(UndoError::OutputFolder);
        }
        let listing = batch::listing(&options.paths)?;
        let (settings, file) = Settings::for_decisions(&options.settings, options.paths.first().map(|path| &**path))?;
        refuse_inside(&file, &options.paths)?;
        let mut cleaner = settings.cleaner()?;
        let selection = selection(options, &settings, &listing)?;
        let pool = batch::threads(options.threads)?;
        let stop = observer.stop();
        let vocabulary = pool.install(|| batch::survey(&listing, &cleaner, stop));
        let all = AllSources { listing: &listing, vocabulary: &vocabulary, pool: &pool };
        let (mut seen, mut unread) = (Vec::new(), 0);
        let before = all.clean(&cleaner, observer, |input| match &input.what {
            InputContent::Read { report, .. } => seen.extend(CleanedNow::of(report)),
            InputContent::Unread { .. } => unread += 1,
            InputContent::Skipped { .. } => {}
        });
        if before == RunEnd::Interrupted {
            return Ok(None);
        }
        let wanted = UndoRequest::new(options, &selection, (&settings.decisions, cleaner.chain().rules()), &seen, &options.reader);
        let mut effect = UndoEffect::new(wanted);
        let lines = effect.wanted.lines();
        if !lines.is_empty() {
            cleaner.set_decisions(settings.decisions_with(&file, &lines)?);
            let mut seen = seen.iter().peekable();
            let after = all.clean(&cleaner, observer, |input| {
                if let InputContent::Read { report, .. } = &input.what
                    && let Some(before) = seen.next_if(|before| before.name == report.name)
                {
                    effect.compare(before, report);
                }
            });
            if after == RunEnd::Interrupted {
                return Ok(None);
            }
        }
        Ok(Some(Self { effect, unread, settings, file, reader: options.reader.clone() }))
    }

    /// Where decisions go.
    pub fn file(&self) -> &std::path::Path {
        self.file.path()
    }

    /// Saves the decisions that take it back. Whether there were any.
    ///
    /// # Errors
    /// When they cannot be saved; then nothing is taken back.
    pub fn save(&mut self) -> Result<bool, UndoError> {
        let lines = self.effect.wanted.lines();
        if !lines.is_empty() {
            self.file.append(&lines)?;
        }
        Ok(!lines.is_empty())
    }

    /// Whether the last step that a review finds is this one: it knows no withdrawals, and takes what was decided at
    /// one time for one step.
    pub fn is_step_of_review(&self) -> bool {
        let is_other = |decision: &Decision| decision.who != self.reader.who || decision.when != self.reader.when;
        let is_step = |decision: &&Decision| decision.decision != Verdict::Withdraw && !is_other(decision);
        self.effect.wanted.added().iter().all(is_step) && self.settings.decisions.iter().all(|(_, decision)| is_other(decision))
    }
}

/// All sources, and what it takes to clean them again.
struct AllSources<'a> {
    listing: &'a Listing,
    vocabulary: &'a Vocabulary,
    pool: &'a ThreadPool,
}

impl AllSources<'_> {
    fn clean(&self, cleaner: &Cleaner, observer: &mut dyn RunObserver, mut each: impl FnMut(&Input<'_>)) -> RunEnd {
        let ended = batch::run_among(self.listing, cleaner, self.vocabulary, self.pool, observer, |inputs| {
            inputs.iter().for_each(&mut each);
            Ok::<_, Infallible>(())
        });
        let Ok(ended) = ended;
        ended
    }
}

/// Rules and documents as they were typed. One that nobody knows is refused, and so is a person who decided nothing.
fn selection(options: &UndoOptions, settings: &Settings, listing: &Listing) -> Result<ChangeSelection, UndoError> {
    let selection = ChangeSelection::of_names(&options.rules, &options.docs)?;
    let decided = settings.decisions.iter().map(|(_, decision)| &*decision.rule);
    let known: BTreeSet<&str> = settings.knowledge.rules.iter().map(|(_, rule)| &*rule.id).chain(decided).chain([HAND]).collect();
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(unknown) = selection.unknown_rules(&known).first() {
        return Err(no_such_rule(unknown, &known).into());
    }
    selection.check_sources(listing.entries.iter().map(|entry| &*entry.name))?;
    let people: BTreeSet<&str> = settings.decisions.iter().filter_map(|(_, decision)| decision.who.as_deref()).collect();
    match options.by.as_deref().filter(|who| !people.contains(who)) {
        Some(unknown) => Err(no_such_person(unknown, &people.into_iter().collect::<Vec<_>>())),
        None => Ok(selection),
    }
}

fn no_such_person(unknown: &str, people: &[&str]) -> UndoError {
    let hint = match (nearest(unknown, people), people) {
        (Some(near), _) => format!("Did you mean {near}?"),
        (None, []) => "No decision says whose it is.".to_owned(),
        (None, _) => format!("Decisions are by {}.", people.join(", ")),
    };
    UndoError::NoPerson { name: unknown.to_owned(), hint }
}
