//! What a person edited in cleaned texts becomes decisions, so that the next run makes the same corrections.

mod edited;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use blake3::Hash;

pub use self::edited::{AdoptFault, EditedOutputs, EditedText, Editing};
use crate::batch::{self, BatchError};
use crate::disk::{self, DecisionsFile, IoFault, Listing};
use crate::output::{Output, OutputError};
use crate::project::{ProjectError, Settings, SettingsOptions};
use crate::review::{ReviewError, refuse_inside};
use crate::run_log::{RunInputs, last_run};
use emendo_core::review::Decisions;
use emendo_core::review::decision::Decision;
use emendo_core::review::hand::{CorrectionOutcome, HandCorrection};
use emendo_core::review::session::Reader;

/// Why nothing can be adopted.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// The project or its settings are wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The inputs cannot be found, or no threads be started.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// The output folder cannot be read.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The decisions file would be cleaned with the texts.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// Nothing tells what was edited.
    #[error("{} holds no manifest.jsonl, so that nothing tells what was edited: it is no output folder, or its last run was interrupted. Then move the edited texts away, run emendo clean again, and put them back.", .0.display())]
    NoManifest(PathBuf),
    /// The manifest itself was edited.
    #[error("The manifest was edited or is damaged, so that nothing tells what else was: put it back.")]
    Manifest,
    /// Nothing tells what was cleaned.
    #[error("No run is in the log of {}: say with --from what was cleaned.", .0.display())]
    NoRun(PathBuf),
    /// What was cleaned is not there.
    #[error("{} is not there. {way_out}", path.display())]
    Missing {
        /// What was cleaned.
        path: PathBuf,
        /// What to do.
        way_out: &'static str,
    },
    /// The last run knew no decisions.
    #[error(
        "The last run was --isolated and knew no decisions. Name a file with --decisions FILE, for emendo clean too, or clean without --isolated."
    )]
    Isolated,
    /// The profile takes corrections in somebody's name only.
    #[error("The profile {0} takes corrections in somebody's name only: say whose they are with --by NAME.")]
    NoName(String),
}

/// What is adopted, and by whom.
#[derive(Clone, Debug, Default)]
pub struct AdoptOptions {
    /// The output folder in which texts were edited.
    pub folder: PathBuf,
    /// What was cleaned into it; else what the log of runs says.
    pub from: Vec<PathBuf>,
    /// The file of decisions; else that of the last run.
    pub decisions: Option<PathBuf>,
    /// Who adopts it, when, and the note.
    pub reader: Reader,
}

/// What was edited, and where it can be saved; nothing is saved yet.
pub struct Adoption {
    /// What was edited.
    pub found: EditedOutputs,
    file: DecisionsFile,
}

impl Adoption {
    /// Compares the texts of an output folder with what the run left.
    ///
    /// # Errors
    /// When nothing tells what was edited or what was cleaned, or the settings are wrong.
    pub fn find(options: &AdoptOptions) -> Result<Self, AdoptError> {
        let output = open(&options.folder)?;
        let RunInputs { paths, settings } = inputs(options, &output)?;
        let (settings, file) = Settings::for_decisions(&settings, paths.first().map(|path| &**path))?;
        refuse_inside(&file, &paths)?;
        let listing = batch::listing(&paths)?;
        if options.reader.who.is_none() && settings.wants_names() {
            return Err(AdoptError::NoName(settings.profile));
        }
        let editing = Editing { output: &output, listing: &listing, decisions: &settings.decisions, reader: &options.reader };
        Ok(Self { found: editing.find()?, file })
    }

    /// Where decisions go.
    pub fn file(&self) -> &Path {
        self.file.path()
    }

    /// Saves the new decisions.
    ///
    /// # Errors
    /// When they cannot be saved; then none of them is.
    pub fn save(&mut self) -> Result<(), AdoptError> {
        let lines: String = self.found.new_decisions().map(|(_, _, decision)| decision.line()).collect();
        if !lines.is_empty() {
            self.file.append(&lines)?;
        }
        Ok(())
    }
}

impl EditedOutputs {
    /// The corrections that nobody decided yet, each with the decision to save.
    pub fn new_decisions(&self) -> impl Iterator<Item = (&EditedText, &HandCorrection, &Decision)> {
        self.texts.iter().flat_map(|text| {
            text.corrections.iter().filter_map(move |correction| match &correction.outcome {
                CorrectionOutcome::New(decision) => Some((text, correction, &**decision)),
                _ => None,
            })
        })
    }
}

/// Of the outputs that were edited, those that hold nothing that is not decided: name and digest.
pub fn known(folder: &Path, listing: &Listing, decisions: &Decisions) -> BTreeMap<String, Hash> {
    let reader = Reader::default();
    let found = Output::open(folder)
        .map_err(AdoptError::from)
        .and_then(|output| Editing { output: &output, listing, decisions, reader: &reader }.find());
    let texts = found.map(|found| found.texts).unwrap_or_default();
    let is_known = |text: &EditedText| text.corrections.iter().all(|correction| matches!(correction.outcome, CorrectionOutcome::Known));
    texts.into_iter().filter(is_known).map(|text| (text.path, text.digest)).collect()
}

/// A text of an output folder that a person has edited.
pub struct TextVersions {
    /// Its name there.
    pub path: String,
    /// As the run left it.
    pub before: String,
    /// As it is now.
    pub now: String,
}

/// The texts of an output folder that a person has edited, adopted or not; and what else is not as the run wrote it, a sentence for each.
///
/// # Errors
/// As [`Adoption::find`].
pub fn edited_texts(folder: &Path, from: &[PathBuf]) -> Result<(Vec<TextVersions>, Vec<String>), AdoptError> {
    let options = AdoptOptions { folder: folder.to_owned(), from: from.to_vec(), ..AdoptOptions::default() };
    let output = open(folder)?;
    let RunInputs { paths, settings } = inputs(&options, &output)?;
    let settings = Settings::resolve(&settings, paths.first().map(|path| &**path))?;
    let listing = batch::listing(&paths)?;
    let editing = Editing { output: &output, listing: &listing, decisions: &settings.decisions, reader: &options.reader };
    let found = editing.find()?;
    let now = |path: &str| output.get(path).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let texts = found.texts.into_iter().map(|text| TextVersions { now: now(&text.path), path: text.path, before: text.before });
    let faults = found.faults.iter().filter(|fault| fault.place.is_none());
    let told = faults.map(|fault| format!("{}: {}", folder.join(&fault.path).display(), fault.reason));
    Ok((texts.collect(), told.collect()))
}

fn open(folder: &Path) -> Result<Output, AdoptError> {
    if folder.is_dir() && !folder.join(disk::MANIFEST).exists() {
        return Err(AdoptError::NoManifest(folder.to_owned()));
    }
    Ok(Output::open(folder)?)
}

/// What was cleaned, and with which settings: as the options say, else as the log of runs tells of the last one.
fn inputs(options: &AdoptOptions, output: &Output) -> Result<RunInputs, AdoptError> {
    let log = output.get(disk::RUN_LOG).unwrap_or_default();
    let logged = last_run(&String::from_utf8_lossy(&log)).unwrap_or_default();
    let paths = if options.from.is_empty() { logged.paths } else { options.from.clone() };
    if paths.is_empty() {
        return Err(AdoptError::NoRun(options.folder.clone()));
    }
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        let way_out =
            if options.from.is_empty() { "Go where emendo clean was run, or say with --from what was cleaned." } else { "Correct --from." };
        return Err(AdoptError::Missing { path: missing.clone(), way_out });
    }
    let decisions = options.decisions.clone().or(logged.settings.decisions.clone());
    if logged.settings.isolated && decisions.is_none() {
        return Err(AdoptError::Isolated);
    }
    Ok(RunInputs { paths, settings: SettingsOptions { decisions, ..logged.settings } })
}
