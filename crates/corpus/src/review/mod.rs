//! Reviewing a corpus: what every face of a review works on, the session, the file its decisions go to, and what it takes to clean again.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::batch::{self, BatchError, InputContent, RunEnd, RunObserver};
use crate::clock;
use crate::disk::{self, DecisionsFile, Entry, IoFault, Listing};
use crate::project::{ProjectError, Settings, SettingsOptions};
use crate::report::Private;
use emendo_core::cleaner::{CleanedSource, Cleaner};
use emendo_core::edit::Fate;
use emendo_core::prose::Vocabulary;
use emendo_core::review::decision::{BadLine, HAND, HAND_WHY, Verdict};
use emendo_core::review::session::{DecisionTarget, Reader, ReviewedDocument, Session, Step};

/// Why a review cannot be held, or go on.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The project or its settings are wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The inputs cannot be found, or no threads be started.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// An output folder was named in place of the sources.
    #[error("This is the output folder of a run. Review what went into it: decisions are about the sources, and the next run obeys them.")]
    OutputFolder,
    /// The decisions would be cleaned with the texts.
    #[error("The decisions file {} would lie in {}, which is to be cleaned. Name the folder of the texts alone, or another file with --decisions.", file.display(), input.display())]
    DecisionsInside {
        /// The decisions file.
        file: PathBuf,
        /// The input that it would lie in.
        input: PathBuf,
    },
    /// What others added to the decisions file cannot be read.
    #[error("{}: what was added to it meanwhile cannot be read: {}", file.display(), reasons(bad))]
    News {
        /// The decisions file.
        file: PathBuf,
        /// The lines.
        bad: Vec<BadLine>,
    },
}

fn reasons(bad: &[BadLine]) -> String {
    bad.iter().map(|bad| bad.error.to_string()).collect::<Vec<_>>().join(" ")
}

/// What every face of a review works on.
pub struct ReviewWorkspace {
    /// What there is to decide, and what was decided.
    pub session: Session,
    /// What the run was told.
    pub settings: Settings,
    /// Lines of the decisions file that are about these sources and found no change.
    pub stale: Vec<usize>,
    /// How many inputs, or parts of them, could not be cleaned.
    pub problems: usize,
    /// Of each source, what the characters U+EF80 to U+EFFF in it are.
    pub private: Vec<Private>,
    file: DecisionsFile,
    cleaner: Cleaner,
    vocabulary: Vocabulary,
    listing: Arc<Listing>,
    pool: ThreadPool,
    who: Option<String>,
    note: Option<String>,
    /// The sources that were decided about since they were cleaned last.
    touched: BTreeSet<usize>,
}

/// Who reviews what, and with what.
#[derive(Clone, Debug, Default)]
pub struct ReviewOptions {
    /// Files and folders to review.
    pub paths: Vec<PathBuf>,
    /// Which rules and decisions.
    pub settings: SettingsOptions,
    /// Who decides, if somebody says so.
    pub who: Option<String>,
    /// The note for all decisions.
    pub note: Option<String>,
    /// How many threads; else one for each core.
    pub threads: Option<NonZeroUsize>,
}

impl ReviewWorkspace {
    /// Cleans everything, in memory, and lays it out. Nothing if the observer stopped that.
    ///
    /// # Errors
    /// When the settings are wrong, or decisions have no place.
    pub fn open(options: ReviewOptions, observer: &mut dyn RunObserver) -> Result<Option<Self>, ReviewError> {
        let ReviewOptions { paths, settings: rules, who, note, threads } = options;
        let first = paths.first().map(|path| &**path);
        if paths.iter().any(|path| path.join(disk::MANIFEST).is_file()) {
            return Err(ReviewError::OutputFolder);
        }
        // Before the project is looked for: above a path that is not there is none.
        let listing = Arc::new(batch::listing(&paths)?);
        let (settings, file) = Settings::for_decisions(&rules, first)?;
        let cleaner = settings.cleaner()?;
        refuse_inside(&file, &paths)?;
        let who = who.filter(|who| !who.trim().is_empty());
        let pool = batch::threads(threads)?;
        let stop = observer.stop();
        let vocabulary = pool.install(|| batch::survey(&listing, &cleaner, stop));
        let mut session = Session::new(&settings.decisions, who.as_deref());
        let (mut stale, mut used, mut problems, mut private) = (Vec::new(), BTreeSet::<usize>::new(), 0, Vec::new());
        let ended = batch::run_among(&listing, &cleaner, &vocabulary, &pool, observer, |inputs| {
            for input in &inputs {
                let InputContent::Read { report, .. } = &input.what else {
                    problems += usize::from(matches!(input.what, InputContent::Unread { .. }));
                    continue;
                };
                problems += report.problems().count();
                let Some(text) = report.text() else { continue };
                stale.extend(&text.stale);
                used.extend(&text.used);
                report.each_document(|document, cleaned| {
                    private.push(Private::of(Some(text.encoding)));
                    session.add(document, &text.text, &cleaned.cleaned.changes);
                });
            }
            Ok::<_, ReviewError>(())
        })?;
        if ended == RunEnd::Interrupted {
            return Ok(None);
        }
        session.begin(cleaner.chain().rules());
        stale.sort_unstable();
        stale.dedup();
        stale.retain(|line| !used.contains(line));
        let touched = BTreeSet::new();
        Ok(Some(Self { session, settings, stale, problems, private, file, cleaner, vocabulary, listing, pool, who, note, touched }))
    }

    /// Where decisions go.
    pub fn file(&self) -> String {
        self.file.path().display().to_string()
    }

    /// Who decides.
    pub fn who(&self) -> Option<&str> {
        self.who.as_deref()
    }

    /// Why a rule does what it does.
    pub fn why(&self, rule: &str) -> &str {
        if rule == HAND {
            return HAND_WHY;
        }
        self.cleaner.chain().rules().by_id(rule).map_or("", |rule| &rule.why)
    }

    /// Decides. When it returns, the decision is on the disk.
    ///
    /// # Errors
    /// When the decision cannot be saved; then nothing is decided.
    pub fn decide(
        &mut self,
        target: &DecisionTarget,
        verdict: Verdict,
        with: Option<&str>,
        note: Option<String>,
    ) -> Result<(), ReviewError> {
        let reader = self.reader(note);
        self.save(self.session.deciding(target, verdict, with, &reader))
    }

    /// Takes the last step back. Whether there was one; when it returns, that is on the disk.
    ///
    /// # Errors
    /// When the step back cannot be saved.
    pub fn undo(&mut self) -> Result<Option<Step>, ReviewError> {
        let step = self.session.undoing(&self.reader(None));
        step.map(|step| self.save(step.clone()).map(|()| step)).transpose()
    }

    /// Does again what was undone last. Whether there was something; when it returns, that is on the disk.
    ///
    /// # Errors
    /// When the step cannot be saved.
    pub fn redo(&mut self) -> Result<Option<Step>, ReviewError> {
        let step = self.session.redoing(&self.reader(None));
        step.map(|step| self.save(step.clone()).map(|()| step)).transpose()
    }

    /// Saves a step, and only then takes it.
    ///
    /// # Errors
    /// When the step cannot be saved; then it is not taken.
    pub fn save(&mut self, step: Step) -> Result<(), ReviewError> {
        let news = self.file.append(&step.lines())?;
        self.take_in(&news)?;
        self.touched.extend(self.session.concerned(&step));
        self.session.take(step);
        Ok(())
    }

    /// Takes in what others have decided meanwhile. Whether there was anything.
    ///
    /// # Errors
    /// When the decisions file cannot be read.
    pub fn look_for_news(&mut self) -> Result<bool, ReviewError> {
        let news = self.file.news()?;
        self.take_in(&news)?;
        Ok(!news.is_empty())
    }

    fn take_in(&mut self, news: &str) -> Result<(), ReviewError> {
        let file = self.file.path().to_owned();
        self.session.take_in(news).map_err(|bad| ReviewError::News { file, bad })
    }

    /// Who decides, now.
    pub fn reader(&self, note: Option<String>) -> Reader {
        Reader { who: self.who.clone(), when: Some(clock::now_in_milliseconds()), note: note.or_else(|| self.note.clone()) }
    }

    /// A document as it is cleaned with what is decided now; nothing if it is gone or was altered.
    ///
    /// # Errors
    /// When the decisions file cannot be read.
    pub fn document(&mut self, number: usize) -> Result<Option<CleanedSource>, ReviewError> {
        self.cleaner.set_decisions(self.settings.decisions_with(&self.file, "")?);
        let ReviewedDocument { source, source_digest, .. } = &self.session.documents()[number];
        let cleaned = self.entry(source).and_then(|entry| clean(&self.listing, entry, &self.cleaner, &self.vocabulary));
        Ok(cleaned.filter(|cleaned| Some(&cleaned.digest) == source_digest.as_ref()))
    }

    /// How many changes ask now that did not exist before: what was accepted has made other passes see something new.
    ///
    /// # Errors
    /// When the decisions file cannot be read.
    pub fn new_questions(&mut self) -> Result<usize, ReviewError> {
        let touched = std::mem::take(&mut self.touched);
        if touched.is_empty() {
            return Ok(0);
        }
        self.cleaner.set_decisions(self.settings.decisions_with(&self.file, "")?);
        let documents = self.session.documents();
        let key = |number: usize| (&*documents[number].source, documents[number].number);
        let of_touched = self.session.items().iter().filter(|item| touched.contains(&item.document));
        let known: BTreeSet<_> = of_touched.flat_map(|item| item.steps.iter().map(|step| (key(item.document), step.id()))).collect();
        let wanted: BTreeSet<_> = touched.iter().map(|number| key(*number)).collect();
        let asked = |source: &&str| -> usize {
            let cleaned = self.entry(source).and_then(|entry| clean(&self.listing, entry, &self.cleaner, &self.vocabulary));
            let mut count = 0;
            if let Some(cleaned) = cleaned {
                cleaned.each_document(|document, cleaned| {
                    let key = (*source, document.origin.number);
                    let pending = cleaned.cleaned.placed().filter(|change| change.fate == Fate::Pending && wanted.contains(&key));
                    count += pending.filter(|change| !known.contains(&(key, change.id()))).count();
                });
            }
            count
        };
        let sources: BTreeSet<&str> = wanted.iter().map(|(source, _)| *source).collect();
        let sources: Vec<&str> = sources.into_iter().collect();
        Ok(self.pool.install(|| sources.par_iter().map(asked).sum()))
    }

    /// In how many documents it was not looked for new questions since something was decided about them.
    pub fn touched(&self) -> usize {
        self.touched.len()
    }

    /// Whether a document still has the bytes that the review is about.
    pub fn is_as_read(&self, number: usize) -> bool {
        let ReviewedDocument { source, source_digest, .. } = &self.session.documents()[number];
        let bytes = self.entry(source).and_then(|entry| disk::read(&self.listing, entry).ok());
        bytes.is_some_and(|bytes| Some(blake3::hash(&bytes).to_hex().as_str()) == source_digest.as_deref())
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        // In byte order, as it is handed on.
        let at = self.listing.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok();
        at.map(|at| &self.listing.entries[at]).or_else(|| self.listing.entries.iter().find(|entry| entry.name == name))
    }
}

fn clean(listing: &Listing, entry: &Entry, cleaner: &Cleaner, vocabulary: &Vocabulary) -> Option<CleanedSource> {
    let bytes = disk::read(listing, entry).ok()?;
    Some(cleaner.clean_source_among(&entry.name, &bytes, vocabulary))
}

/// Refuses a decisions file that would be cleaned with the texts.
///
/// # Errors
/// When it would.
pub fn refuse_inside(file: &DecisionsFile, inputs: &[PathBuf]) -> Result<(), ReviewError> {
    match inputs.iter().find(|input| lies_in(file.path(), input)) {
        Some(input) => Err(ReviewError::DecisionsInside { file: file.path().to_owned(), input: input.clone() }),
        None => Ok(()),
    }
}

/// Whether a file lies, or would lie, in a folder.
fn lies_in(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), folder.canonicalize()) {
        (Ok(parent), Ok(folder)) => folder.is_dir() && parent.starts_with(folder),
        _ => false,
    }
}
