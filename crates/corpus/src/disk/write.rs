//! One run's outputs: whole or not at all, and nothing overwritten that a person wrote.
//!
//! The order of the steps is the promise. A file gets its name only when its bytes are on the disk and the
//! journal names its digest; so whatever stands under a final name after a kill is whole, and the next run
//! knows it as ours. The manifest comes last, when all that it names is there; just before it `SHA256SUMS`, which
//! names the manifest too.

mod error;
mod lock;
mod output_place;

pub use error::{Finished, OutputPlace, RefusedOutput, WriteError};
pub use output_place::refuse_place;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use blake3::Hash;
use cap_std::fs::OpenOptions;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::IoFault;
use super::folder::{ExistingEntry, OutputFolder, Temporary, is_temporary, parent};
use super::plan::{MANIFEST, OutputNameError, Plan, SUMS, fold, folders_of, name_fault};
use super::read::Stamp;
use super::records::{OutputState, Records, is_plain, outputs, push_output, unseal};
use super::sums::{self, Sum};
use super::walk::Listing;
use lock::Lock;

const JOURNAL: &str = ".emendo-run.jsonl";
const OLD_MANIFEST: &str = ".emendo-manifest.old";
/// So many files are written at once. The time goes into waiting for the disk, which puts syncs that come
/// together into one: so these are more threads than cores, and the threads that clean are not held up.
const DISK_THREADS: usize = 16;

/// A file to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// Relative to the output folder, with `/`.
    pub name: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
    /// The digest of the bytes, by which later runs know the file as ours.
    pub digest: Hash,
}

impl<'a> NewFile<'a> {
    /// A file whose digest is not known yet.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self { name, bytes, digest: blake3::hash(bytes) }
    }
}

/// A run that writes into one output folder; there is only one at a time.
///
/// Dropped before it is finished it leaves its journal, and the next run takes over from there.
#[derive(Debug)]
pub struct Run {
    folder: Arc<OutputFolder>,
    journal: fs::File,
    records: Records,
    written: BTreeMap<String, (Hash, Sum)>,
    /// Folded name → name of what is written: no two files of a run may differ in case only.
    taken: HashMap<String, String>,
    /// Folders that are known to be there.
    made: HashSet<String>,
    /// Folders in which names changed since they were synced.
    unsynced: BTreeSet<String>,
    next_temporary: AtomicU64,
    /// The threads that write.
    disk: ThreadPool,
    /// After a failed sync nobody knows what is on the disk, and a second one may lie.
    failed: bool,
    _lock: Lock,
}

impl Run {
    /// Takes the output folder, and makes it if there is none.
    ///
    /// # Errors
    /// When the folder may not be written to; nothing is changed then. When a file that a run wrote was
    /// edited since, or one that no run wrote has a name that this run may need; both stay as they are.
    pub fn begin(folder: &Path, listing: &Listing, plan: &Plan) -> Result<Self, RefusedOutput> {
        Self::begin_knowing(folder, listing, plan, &BTreeMap::new())
    }

    /// The same where files that a person edited are `known` by name, with the digests that they must have: what was edited
    /// in them is kept elsewhere, and they may be overwritten.
    ///
    /// # Errors
    /// As for [`Run::begin`]; also when such a file was edited again.
    pub fn begin_knowing(folder: &Path, listing: &Listing, plan: &Plan, known: &BTreeMap<String, Hash>) -> Result<Self, RefusedOutput> {
        refuse_place(folder, listing)?;
        let folder = Arc::new(make_folder(folder)?);
        let lock = Lock::take(&folder)?;
        let disk = ThreadPoolBuilder::new().num_threads(DISK_THREADS).build();
        let disk = disk.map_err(|error| folder.fault("start the threads that write to", "", io::Error::other(error)))?;
        let mut records = read_records(&folder)?;
        refuse_links(&folder, &records, plan)?;
        refuse_edited(&folder, &mut records, known)?;
        refuse_foreign(&folder, &records, plan)?;
        remove_temporaries(&folder, &records)?;
        records.folders.extend(plan.folders().map(str::to_owned));
        // A kill may come when all that lay in a folder is removed and the folder is not.
        records.folders.extend(records.outputs.keys().flat_map(|name| folders_of(name)).map(str::to_owned));
        let next_temporary = AtomicU64::new(0);
        let journal = start_journal(&folder, &records, &next_temporary)?;
        retire_manifest(&folder, &records)?;
        clear_the_way(&folder, &records, plan)?;
        Ok(Self {
            folder,
            journal,
            records,
            written: BTreeMap::new(),
            taken: HashMap::new(),
            made: HashSet::new(),
            unsynced: BTreeSet::new(),
            next_temporary,
            disk,
            failed: false,
            _lock: lock,
        })
    }

    /// Writes files, each whole or not at all; a file that stands there with these bytes is left alone.
    ///
    /// Syncing is what takes time, and costs little more for many files than for one. An error costs this
    /// group only, unless [`WriteError::is_final`].
    ///
    /// # Errors
    /// When the disk refuses, a name is taken or too long, or a file was put in the way meanwhile.
    pub fn write_group(&mut self, files: &[NewFile<'_>]) -> Result<(), WriteError> {
        self.refuse_after_failure()?;
        self.make_way(files)?;
        let folder = self.folder.with_opened(files.iter().map(|file| file.name))?;
        let prepared = self.prepare(&folder, files)?;
        self.log(&prepared)?;
        self.unsynced.extend(prepared.iter().map(|file| parent(file.name).to_owned()));
        let done: Vec<_> = prepared.iter().map(|file| (file.name.to_owned(), (file.hash, file.sum))).collect();
        self.at_once(prepared, |file| file.land(&folder))?;
        self.sync_names()?;
        for (name, digests) in done {
            self.taken.insert(fold(&name), name.clone());
            self.written.insert(name, digests);
        }
        Ok(())
    }

    /// Writes the manifest, whose last line must seal it; then removes the outputs of earlier runs that this one did not write.
    ///
    /// # Errors
    /// When the manifest does not name exactly what was written, or the disk refuses. The next run recovers.
    pub fn finish(mut self, manifest: &[u8]) -> Result<Finished, WriteError> {
        self.refuse_after_failure()?;
        self.refuse_other_manifest(manifest)?;
        if self.look(MANIFEST)? != ExistingEntry::Nothing {
            return Err(WriteError::Foreign(self.folder.path(MANIFEST)));
        }
        let seal = self.write_sums(manifest)?;
        replace(&self.folder, MANIFEST, manifest, &self.next_temporary)?;
        let finished = Finished { seal, ..self.remove_stale()? };
        for name in [OLD_MANIFEST, JOURNAL] {
            remove(&self.folder, name)?;
        }
        self.folder.sync_folder("")?;
        Ok(finished)
    }

    /// Writes the sums of all files, and gives theirs: the seal.
    fn write_sums(&mut self, manifest: &[u8]) -> Result<String, WriteError> {
        let mut sums: BTreeMap<_, _> = self.written.iter().map(|(name, (_, sum))| (name.as_str(), *sum)).collect();
        sums.insert(MANIFEST, sums::sum(manifest));
        let text = sums::to_text(&sums);
        self.write_group(&[NewFile::new(SUMS, text.as_bytes())])?;
        Ok(sums::hex(&sums::sum(text.as_bytes())))
    }

    fn refuse_after_failure(&self) -> Result<(), WriteError> {
        if self.failed { Err(WriteError::AfterFailure) } else { Ok(()) }
    }

    fn look(&self, name: &str) -> Result<ExistingEntry, IoFault> {
        self.folder.look(name).map_err(|error| self.folder.fault("look at", name, error))
    }

    /// Refuses names that cannot be given, and makes the folders of the others.
    fn make_way(&mut self, files: &[NewFile<'_>]) -> Result<(), WriteError> {
        let mut names = HashMap::new();
        for NewFile { name, .. } in files {
            refuse_name(name)?;
            let key = fold(name);
            if let Some(other) = self.taken.get(&key).or_else(|| names.get(&key)) {
                return Err(WriteError::Taken { name: (*name).to_owned(), other: other.clone() });
            }
            names.insert(key, (*name).to_owned());
            self.make_folders(name)?;
        }
        Ok(())
    }

    /// Everything is on the disk after this, and nothing has its name.
    fn prepare<'f>(&mut self, folder: &'f OutputFolder, files: &[NewFile<'f>]) -> Result<Vec<Prepared<'f>>, WriteError> {
        let prepared = self.at_once(files, |file| self.prepare_file(folder, *file))?;
        // Written out as one, the files of a group take a third of the time; the promise is each file's own sync.
        self.fail_for_good(folder.write_back())?;
        let synced = self.at_once(&prepared, |file| file.sync(folder)).map(drop);
        self.fail_for_good(synced)?;
        Ok(prepared)
    }

    /// Does something with all items, several at a time. Of several errors the first in order is told.
    fn at_once<I: IntoParallelIterator + Send, R: Send, E: Send>(
        &self,
        items: I,
        each: impl Fn(I::Item) -> Result<R, E> + Send + Sync,
    ) -> Result<Vec<R>, E> {
        let all: Vec<_> = self.disk.install(|| items.into_par_iter().map(each).collect());
        all.into_iter().collect()
    }

    fn prepare_file<'f>(&self, folder: &'f OutputFolder, file: NewFile<'f>) -> Result<Prepared<'f>, WriteError> {
        let NewFile { name, bytes, digest: hash } = file;
        let sum = sums::sum(bytes);
        let seen = match folder.look(name).map_err(|error| folder.fault("look at", name, error))? {
            ExistingEntry::Nothing => None,
            ExistingEntry::File(stamp) => {
                let there = folder.digest(name).map_err(|error| folder.fault("read", name, error))?;
                if there == hash {
                    return Ok(Prepared { name, hash, sum, seen: Some(stamp), temporary: None });
                }
                match self.records.standing(name, there) {
                    OutputState::Ours => {}
                    OutputState::Edited => return Err(WriteError::Edited(folder.path(name))),
                    OutputState::Foreign => return Err(WriteError::Foreign(folder.path(name))),
                }
                Some(stamp)
            }
            ExistingEntry::Folder | ExistingEntry::Other => return Err(WriteError::Foreign(folder.path(name))),
        };
        let temporary = Temporary::write(folder, name, bytes, &self.next_temporary)?;
        Ok(Prepared { name, hash, sum, seen, temporary: Some(temporary) })
    }

    fn make_folders(&mut self, name: &str) -> Result<(), WriteError> {
        for folder in folders_of(name) {
            if self.made.contains(folder) {
                continue;
            }
            match self.look(folder)? {
                ExistingEntry::Folder => {}
                ExistingEntry::Nothing => {
                    self.folder.dir.create_dir(folder).map_err(|error| self.folder.fault("make", folder, error))?;
                    self.unsynced.insert(parent(folder).to_owned());
                }
                ExistingEntry::File(_) | ExistingEntry::Other => return Err(WriteError::Foreign(self.folder.path(folder))),
            }
            self.made.insert(folder.to_owned());
        }
        Ok(())
    }

    /// From here on the files are known as ours, whether they get their names or not.
    fn log(&mut self, prepared: &[Prepared<'_>]) -> Result<(), WriteError> {
        let mut lines = Vec::new();
        for file in prepared {
            push_output(&mut lines, file.name, file.hash);
            self.records.add(file.name, file.hash);
        }
        let logged = self.journal.write_all(&lines).and_then(|()| self.journal.sync_all());
        // A torn line would spoil the next one.
        self.fail_for_good(logged.map_err(|error| self.folder.fault("write", JOURNAL, error)))
    }

    fn sync_names(&mut self) -> Result<(), WriteError> {
        let folders = std::mem::take(&mut self.unsynced);
        self.fail_for_good(self.folder.sync_folders(&folders))
    }

    fn fail_for_good(&mut self, done: Result<(), IoFault>) -> Result<(), WriteError> {
        done.map_err(|fault| {
            self.failed = true;
            WriteError::Final(fault)
        })
    }

    /// What it does not name the next run would take for foreign.
    fn refuse_other_manifest(&self, manifest: &[u8]) -> Result<(), WriteError> {
        let lines = unseal(manifest).ok_or_else(|| WriteError::OtherManifest(MANIFEST.to_owned()))?;
        let named: BTreeMap<String, Hash> = outputs(lines).collect();
        let missing = self.written.iter().find(|(name, (hash, _))| named.get(*name) != Some(hash)).map(|(name, _)| name);
        let invented = named.iter().find(|(name, hash)| self.written.get(*name).map(|(hash, _)| hash) != Some(*hash)).map(|(name, _)| name);
        match missing.or(invented) {
            Some(name) => Err(WriteError::OtherManifest(name.clone())),
            None => Ok(()),
        }
    }

    fn remove_stale(&mut self) -> Result<Finished, WriteError> {
        let mut finished = Finished::default();
        let mut folders = std::mem::take(&mut self.records.folders);
        for name in self.records.outputs.keys().filter(|name| !self.written.contains_key(*name)) {
            let ExistingEntry::File(stamp) = self.look(name)? else { continue };
            if self.is_written_as(name, stamp)? {
                continue;
            }
            let hash = self.folder.digest(name).map_err(|error| self.folder.fault("read", name, error))?;
            if self.records.standing(name, hash) != OutputState::Ours {
                finished.kept.push(name.clone());
                continue;
            }
            remove(&self.folder, name)?;
            self.unsynced.insert(parent(name).to_owned());
            folders.extend(folders_of(name).map(str::to_owned));
            finished.removed.push(name.clone());
        }
        remove_empty(&self.folder, &folders, &mut self.unsynced)?;
        self.sync_names()?;
        Ok(finished)
    }

    /// Where case does not count, the old name of a file is also the new one.
    fn is_written_as(&self, name: &str, stamp: Stamp) -> Result<bool, WriteError> {
        let Some(other) = self.taken.get(&fold(name)) else { return Ok(false) };
        Ok(matches!(self.look(other)?, ExistingEntry::File(there) if there.identity == stamp.identity))
    }
}

/// A file whose bytes are written.
struct Prepared<'f> {
    name: &'f str,
    hash: Hash,
    sum: Sum,
    /// What stood there before.
    seen: Option<Stamp>,
    /// The new bytes; nothing if they stand there already.
    temporary: Option<Temporary<'f>>,
}

impl Prepared<'_> {
    /// Makes the bytes last. Also those that stand there already: a killed run may have left them, or a checkout,
    /// and exit 0 promises that they are on the disk.
    fn sync(&self, folder: &OutputFolder) -> Result<(), IoFault> {
        self.temporary.as_ref().map_or_else(|| folder.sync_file(self.name), Temporary::sync)
    }

    fn land(self, folder: &OutputFolder) -> Result<(), WriteError> {
        let there = folder.look(self.name).map_err(|error| folder.fault("look at", self.name, error))?;
        match (there, self.seen) {
            (ExistingEntry::Nothing, None) => {}
            (ExistingEntry::File(now), Some(before)) if now == before => {}
            (_, None) => return Err(WriteError::Foreign(folder.path(self.name))),
            (_, Some(_)) => return Err(WriteError::Edited(folder.path(self.name))),
        }
        Ok(self.temporary.map_or(Ok(()), Temporary::rename)?)
    }
}

fn refuse_name(name: &str) -> Result<(), WriteError> {
    if let Some(error) = name_fault(name) {
        return Err(error.into());
    }
    if !is_plain(name) || name == MANIFEST {
        return Err(OutputNameError::Reserved { name: name.to_owned() }.into());
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<OutputFolder, IoFault> {
    let missing = path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).count();
    fs::create_dir_all(path).map_err(|error| IoFault::new("make", path, error))?;
    for made in path.ancestors().take(missing) {
        let above = made.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        super::whole::sync_folder(above).map_err(|error| IoFault::new("sync", above, error))?;
    }
    OutputFolder::open(path)
}

/// What earlier runs wrote: by the manifest of a finished one, and by the journal of one that was killed.
fn read_records(folder: &OutputFolder) -> Result<Records, RefusedOutput> {
    let mut records = Records::default();
    if let Some(manifest) = read_own(folder, MANIFEST)? {
        let Some(lines) = unseal(&manifest) else { return Err(RefusedOutput::Manifest(folder.path(MANIFEST))) };
        records.add_lines(lines);
        add_sums(folder, &mut records, lines, &manifest)?;
    }
    if let Some(manifest) = read_own(folder, OLD_MANIFEST)? {
        records.add_lines(unseal(&manifest).unwrap_or_default());
    }
    if let Some(journal) = read_own(folder, JOURNAL)? {
        records.add_lines(&journal);
    }
    Ok(records)
}

/// No manifest can name the sums, which hold its own: they are known as ours by what they name.
fn add_sums(folder: &OutputFolder, records: &mut Records, lines: &[u8], manifest: &[u8]) -> Result<(), IoFault> {
    let ExistingEntry::File(_) = folder.look(SUMS).map_err(|error| folder.fault("look at", SUMS, error))? else { return Ok(()) };
    let outputs: Vec<_> = outputs(lines).collect();
    let mut names: BTreeMap<&str, Sum> = outputs.iter().map(|(name, _)| (name.as_str(), Sum::default())).collect();
    names.insert(MANIFEST, sums::sum(manifest));
    let text = folder.read(SUMS)?;
    if sums::is_of(&text, &names, MANIFEST) {
        records.add(SUMS, blake3::hash(&text));
    } else {
        // With no digest of ours they count as edited.
        records.outputs.entry(SUMS.to_owned()).or_default();
    }
    Ok(())
}

fn read_own(folder: &OutputFolder, name: &str) -> Result<Option<Vec<u8>>, RefusedOutput> {
    match folder.look(name).map_err(|error| folder.fault("look at", name, error))? {
        ExistingEntry::Nothing => Ok(None),
        ExistingEntry::File(_) => Ok(Some(folder.read(name)?)),
        ExistingEntry::Folder | ExistingEntry::Other => Err(RefusedOutput::foreign(folder, vec![name.to_owned()])),
    }
}

/// Below a link names may lead anywhere, or twice to the same file.
fn refuse_links(folder: &OutputFolder, records: &Records, plan: &Plan) -> Result<(), RefusedOutput> {
    let recorded = records.outputs.keys().flat_map(|name| folders_of(name));
    let folders: BTreeSet<&str> = plan.folders().chain(recorded).chain(records.folders.iter().map(String::as_str)).collect();
    for name in folders {
        if folder.look(name).map_err(|error| folder.fault("look at", name, error))? == ExistingEntry::Other {
            return Err(RefusedOutput::Link(folder.path(name)));
        }
    }
    Ok(())
}

/// Keeps the records of what is there.
fn refuse_edited(folder: &OutputFolder, records: &mut Records, known: &BTreeMap<String, Hash>) -> Result<(), RefusedOutput> {
    let recorded: Vec<_> = std::mem::take(&mut records.outputs).into_iter().collect();
    let found: Vec<_> = recorded.par_iter().map(|(name, _)| digest_there(folder, name)).collect();
    let mut edited = Vec::new();
    for ((name, digests), found) in recorded.into_iter().zip(found) {
        match found? {
            None => {}
            Some(hash) if digests.contains(&hash) || known.get(&name) == Some(&hash) => {
                records.outputs.insert(name, vec![hash]);
            }
            Some(_) => edited.push(name),
        }
    }
    if edited.is_empty() { Ok(()) } else { Err(RefusedOutput::edited(folder, edited)) }
}

/// The digest of a file; nothing for a folder or a link in its place, which are never overwritten.
fn digest_there(folder: &OutputFolder, name: &str) -> Result<Option<Hash>, IoFault> {
    match folder.look(name).map_err(|error| folder.fault("look at", name, error))? {
        ExistingEntry::File(_) => folder.digest(name).map(Some).map_err(|error| folder.fault("read", name, error)),
        ExistingEntry::Nothing | ExistingEntry::Folder | ExistingEntry::Other => Ok(None),
    }
}

/// Which texts there will be is known only when the documents are read; which there may be is known now.
fn refuse_foreign(folder: &OutputFolder, records: &Records, plan: &Plan) -> Result<(), RefusedOutput> {
    let is_ours = |name: &str| records.outputs.contains_key(name);
    let mut foreign = Vec::new();
    for place in plan.folders() {
        let there = folder.look(place).map_err(|error| folder.fault("look at", place, error))?;
        if matches!(there, ExistingEntry::File(_)) && !is_ours(place) {
            foreign.push(place.to_owned());
        }
    }
    for place in std::iter::once("").chain(plan.folders()) {
        for (name, is_folder) in folder.list(place)? {
            if !plan.may_write(&name) || is_ours(&name) {
                continue;
            }
            if !is_folder || !is_folder_of_ours(folder, records, &name)? {
                foreign.push(name);
            }
        }
    }
    foreign.sort();
    foreign.dedup();
    if foreign.is_empty() { Ok(()) } else { Err(RefusedOutput::foreign(folder, foreign)) }
}

/// Whether nothing is in a folder but what earlier runs wrote.
fn is_folder_of_ours(folder: &OutputFolder, records: &Records, name: &str) -> Result<bool, IoFault> {
    let below = folder.names_below(name)?;
    let made_by_us = !below.is_empty() || records.folders.contains(name);
    Ok(made_by_us && below.iter().all(|name| records.outputs.contains_key(name) || is_temporary(name)))
}

/// Those that a killed run left. Only here, because only now no other run can be writing.
fn remove_temporaries(folder: &OutputFolder, records: &Records) -> Result<(), IoFault> {
    for place in std::iter::once("").chain(records.folders.iter().map(String::as_str)) {
        for (name, is_folder) in folder.list(place)? {
            if !is_folder && is_temporary(&name) {
                remove(folder, &name)?;
            }
        }
    }
    Ok(())
}

/// The journal starts with all that is known: the old manifest may go at any time after it.
fn start_journal(folder: &OutputFolder, records: &Records, number: &AtomicU64) -> Result<fs::File, IoFault> {
    replace(folder, JOURNAL, &records.to_journal(), number)?;
    let opened = folder.dir.open_with(JOURNAL, OpenOptions::new().append(true));
    opened.map(cap_std::fs::File::into_std).map_err(|error| folder.fault("open", JOURNAL, error))
}

/// From here on there is no manifest until all that the new one names is there.
fn retire_manifest(folder: &OutputFolder, records: &Records) -> Result<(), IoFault> {
    // They name the manifest, and soon other files than those that are there.
    if records.outputs.contains_key(SUMS) {
        remove(folder, SUMS)?;
    }
    match folder.dir.rename(MANIFEST, &folder.dir, OLD_MANIFEST) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(folder.fault("rename", MANIFEST, error)),
        _ => folder.sync_folder(""),
    }
}

/// An old output where a folder is needed now, or below a name that is to be a file, cannot wait for the end.
fn clear_the_way(folder: &OutputFolder, records: &Records, plan: &Plan) -> Result<(), IoFault> {
    let is_in_the_way = |name: &str| plan.may_write(name) || folders_of(name).any(|folder| plan.may_write(folder));
    let mut unsynced = BTreeSet::new();
    for name in records.outputs.keys() {
        if plan.has_folder(name) || folders_of(name).any(is_in_the_way) {
            remove(folder, name)?;
            unsynced.insert(parent(name).to_owned());
        }
    }
    let folders = records.folders.iter().filter(|name| is_in_the_way(name)).cloned().collect();
    remove_empty(folder, &folders, &mut unsynced)?;
    folder.sync_folders(&unsynced)
}

/// Removes those of the folders that are empty, the deepest first.
fn remove_empty(folder: &OutputFolder, folders: &BTreeSet<String>, unsynced: &mut BTreeSet<String>) -> Result<(), IoFault> {
    for name in folders.iter().rev() {
        // Looked at first, because a system may refuse to remove a full folder for other reasons than that.
        if !folder.list(name)?.is_empty() {
            continue;
        }
        match folder.dir.remove_dir(name) {
            Ok(()) => {
                unsynced.insert(parent(name).to_owned());
            }
            Err(error)
                if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::DirectoryNotEmpty) => {}
            Err(error) => return Err(folder.fault("remove", name, error)),
        }
    }
    Ok(())
}

fn remove(folder: &OutputFolder, name: &str) -> Result<(), IoFault> {
    match folder.dir.remove_file(name) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(folder.fault("remove", name, error)),
        _ => Ok(()),
    }
}

/// Writes a file of our own whole, and makes it last.
fn replace(folder: &OutputFolder, name: &str, bytes: &[u8], number: &AtomicU64) -> Result<(), IoFault> {
    let temporary = Temporary::write(folder, name, bytes, number)?;
    temporary.sync()?;
    temporary.rename()?;
    folder.sync_folder("")
}
