//! What there is to clean: every file below the paths that a person named, and why some are left out.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::read::{Identity, identity, open, unreadable};
use super::reason::IoReason;
use emendo_core::input::ProblemKind;

/// Everything found below the paths, in the byte order of the names.
#[derive(Debug, Default)]
pub struct Listing {
    /// Each input once; a folder that is skipped or cannot be read is one entry.
    pub entries: Vec<Entry>,
    /// The paths as named, each with its canonical form.
    pub(super) inputs: Vec<(PathBuf, PathBuf)>,
    roots: Vec<Root>,
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path below the named one, `/` between its parts; the file name if a file was named. Bytes that
    /// are not UTF-8 are percent-escaped, and then so is `%`.
    pub name: String,
    /// What it is.
    pub what: InputKind,
    root: usize,
    /// Where it stands below its root, if that is not its name.
    at: Option<PathBuf>,
}

/// What an input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A file to clean.
    File {
        /// Its size when it was listed.
        bytes: u64,
    },
    /// Left out, and no fault.
    Skipped {
        /// The reason.
        why: Skip,
    },
    /// Cannot be read.
    Problem {
        /// For programs.
        kind: ProblemKind,
        /// For people: why, and the way out.
        reason: String,
    },
}

/// Why an input is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skip {
    /// Its name starts with a dot.
    Hidden,
    /// A `.gitignore` or `.ignore` at or below the named folder says so. Ignore files above it, and those
    /// of a person's account, do not count: what is read depends on nothing outside the folder.
    Ignored,
    /// A link to a file that is read under its own name.
    LinkToSource,
}

impl Skip {
    /// The reason in records and for people, to complete the sentence "is …".
    pub fn name(self) -> &'static str {
        match self {
            Skip::Hidden => "hidden",
            Skip::Ignored => "ignored",
            Skip::LinkToSource => "a link to a file that is read under its own name",
        }
    }
}

/// A folder through whose handle entries are read.
#[derive(Debug)]
struct Root {
    path: PathBuf,
    /// So that a folder that was swapped for another is not read in its place.
    identity: Option<Identity>,
}

/// Why there is nothing to clean.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A path that does not exist.
    #[error("{0} does not exist: check the spelling.")]
    Missing(PathBuf),
    /// None of the paths can be read; the first of them, and why.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why, as a sentence.
        reason: String,
    },
    /// A path that another one covers, or that is named twice.
    #[error("{}", nested(.outer, .inner))]
    Nested {
        /// The covering path.
        outer: PathBuf,
        /// The covered one.
        inner: PathBuf,
    },
    /// Two files that would have the same name in the output.
    #[error("{first} and {second} would both be written as {name}: name the folder that holds both, or clean them into two folders.")]
    SameName {
        /// The name.
        name: String,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
}

fn nested(outer: &Path, inner: &Path) -> String {
    if outer == inner {
        return format!("{} is named twice: name it once.", outer.display());
    }
    format!("{} is already part of {}: name one of them only.", inner.display(), outer.display())
}

/// Lists what lies below `paths`, the same on every file system and in every locale.
///
/// A path that is itself a link is followed, because a person named it, and is read even if it is hidden or
/// ignored. No other link is followed.
///
/// # Errors
/// When a path does not exist, when none can be read, when one lies inside another, or when two files have
/// the same name.
pub fn walk(paths: &[PathBuf]) -> Result<Listing, WalkError> {
    let mut walk = Walk::default();
    for path in paths {
        walk.add(path)?;
    }
    walk.finish()
}

impl Listing {
    /// The files to clean.
    pub fn files(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| matches!(entry.what, InputKind::File { .. }))
    }

    /// Where an entry stands, for messages.
    pub fn path(&self, entry: &Entry) -> PathBuf {
        self.roots[entry.root].path.join(entry.at())
    }

    /// Whether a path is one of the inputs or lies inside one, whether it exists or not.
    pub fn holds(&self, path: &Path) -> bool {
        let canonical = path.canonicalize().or_else(|_| {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Ok::<_, io::Error>(parent.canonicalize()?.join(path.file_name().unwrap_or_default()))
        });
        canonical.is_ok_and(|path| self.inputs.iter().any(|(_, input)| path.starts_with(input)))
    }

    /// The handle of an entry's folder, and the place below it.
    pub(super) fn locate<'e>(&self, entry: &'e Entry) -> io::Result<(Dir, &'e Path)> {
        let root = &self.roots[entry.root];
        let dir = Dir::open_ambient_dir(&root.path, ambient_authority())?;
        if identity(&dir.dir_metadata()?) != root.identity {
            return Err(io::Error::new(io::ErrorKind::NotFound, "another folder has taken its place"));
        }
        Ok((dir, entry.at()))
    }
}

impl Entry {
    fn at(&self) -> &Path {
        self.at.as_deref().unwrap_or(Path::new(&self.name))
    }
}

#[derive(Default)]
struct Walk {
    listing: Listing,
    /// Canonical path → number: a thousand named files of one folder share one root.
    known_roots: HashMap<PathBuf, usize>,
    readable: usize,
}

impl Walk {
    fn add(&mut self, path: &Path) -> Result<(), WalkError> {
        let canonical = match path.canonicalize() {
            Ok(canonical) => canonical,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(WalkError::Missing(path.to_path_buf()));
            }
            Err(error) => {
                self.refuse(path, path, ProblemKind::Unreadable, unreadable(&error));
                return Ok(());
            }
        };
        self.listing.inputs.push((path.to_path_buf(), canonical.clone()));
        match canonical.metadata() {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path, canonical),
            Ok(metadata) if metadata.is_file() => self.add_file(path, &canonical, metadata.len()),
            Ok(_) => self.refuse(path, &canonical, ProblemKind::NotAFile, NOT_A_FILE.to_owned()),
            Err(error) => self.refuse(path, &canonical, ProblemKind::Unreadable, unreadable(&error)),
        }
        Ok(())
    }

    fn add_folder(&mut self, named: &Path, canonical: PathBuf) {
        let opened = Dir::open_ambient_dir(&canonical, ambient_authority()).and_then(|dir| match names(&dir) {
            (top, None) => Ok((dir, top)),
            // A part of what was named is no result: whatever is missing would count as gone.
            (_, Some(error)) => Err(error),
        });
        let (dir, top) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.refuse(named, &canonical, ProblemKind::Unreadable, unreadable(&error)),
        };
        let root = self.root(canonical, &dir);
        self.readable += 1;
        let mut below = Below { root, entries: Vec::new(), links: Vec::new() };
        below.walk(&dir, top);
        self.listing.entries.append(&mut below.finish(&self.listing.roots[root].path));
    }

    fn add_file(&mut self, named: &Path, canonical: &Path, bytes: u64) {
        let (Some(folder), Some(file)) = (canonical.parent(), canonical.file_name()) else { return };
        let opened = Dir::open_ambient_dir(folder, ambient_authority()).and_then(|dir| open(&dir, file).map(|_| dir));
        let dir = match opened {
            Ok(dir) => dir,
            Err(error) => return self.refuse(named, canonical, ProblemKind::Unreadable, unreadable(&error)),
        };
        let root = self.root(folder.to_path_buf(), &dir);
        self.readable += 1;
        let name = named.file_name().unwrap_or(file);
        let what = if name.to_str().is_some() { InputKind::File { bytes } } else { problem(ProblemKind::Unreadable, NOT_UTF8) };
        self.listing.entries.push(entry(root, Path::new(name), Some(PathBuf::from(file)), what));
    }

    /// A named path that exists and cannot be read.
    fn refuse(&mut self, named: &Path, path: &Path, kind: ProblemKind, reason: String) {
        let root = self.listing.roots.len();
        self.listing.roots.push(Root { path: path.parent().unwrap_or(path).to_path_buf(), identity: None });
        let name = named.file_name().unwrap_or(named.as_os_str());
        self.listing.entries.push(entry(root, Path::new(name), None, InputKind::Problem { kind, reason }));
    }

    fn root(&mut self, path: PathBuf, dir: &Dir) -> usize {
        if let Some(&root) = self.known_roots.get(&path) {
            return root;
        }
        let root = self.listing.roots.len();
        let identity = dir.dir_metadata().ok().and_then(|metadata| identity(&metadata));
        self.listing.roots.push(Root { path: path.clone(), identity });
        self.known_roots.insert(path, root);
        root
    }

    fn finish(self) -> Result<Listing, WalkError> {
        let mut listing = self.listing;
        refuse_nested(&listing.inputs)?;
        if self.readable == 0
            && let Some((path, reason)) = listing.entries.iter().find_map(|entry| match &entry.what {
                InputKind::Problem { reason, .. } => Some((listing.path(entry), reason.clone())),
                _ => None,
            })
        {
            return Err(WalkError::Unreadable { path, reason });
        }
        listing.entries.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| listing.roots[a.root].path.cmp(&listing.roots[b.root].path)));
        refuse_same_names(&listing)?;
        Ok(listing)
    }
}

fn refuse_nested(inputs: &[(PathBuf, PathBuf)]) -> Result<(), WalkError> {
    let mut sorted: Vec<_> = inputs.iter().collect();
    // Compared part by part, a folder comes directly before what lies in it.
    sorted.sort_by(|a, b| a.1.cmp(&b.1));
    match sorted.windows(2).find(|pair| pair[1].1.starts_with(&pair[0].1)) {
        Some(pair) => Err(WalkError::Nested { outer: pair[0].0.clone(), inner: pair[1].0.clone() }),
        None => Ok(()),
    }
}

/// Skipped entries may share a name: nothing is written for them.
fn refuse_same_names(listing: &Listing) -> Result<(), WalkError> {
    let mut before: Option<&Entry> = None;
    for entry in listing.entries.iter().filter(|entry| !matches!(entry.what, InputKind::Skipped { .. })) {
        if let Some(before) = before
            && before.name == entry.name
            && before.root != entry.root
        {
            let (first, second) = (listing.path(before), listing.path(entry));
            return Err(WalkError::SameName { name: entry.name.clone(), first, second });
        }
        before = Some(entry);
    }
    Ok(())
}

/// Folders to enter, each with the ignore files above it.
type Todo = Vec<(PathBuf, Option<Rc<Ignores>>)>;

/// The walk below one root, by folder handles and without recursion: a tree may be deeper than the stack
/// and wider than the number of files that may be open.
struct Below {
    root: usize,
    entries: Vec<Entry>,
    links: Vec<PathBuf>,
}

impl Below {
    fn walk(&mut self, root: &Dir, top: Vec<OsString>) {
        let mut todo = Vec::new();
        self.folder(root, Path::new(""), top, None, &mut todo);
        while let Some((at, ignores)) = todo.pop() {
            match root.open_dir(&at) {
                Ok(dir) => {
                    let (names, fault) = names(&dir);
                    if let Some(error) = fault {
                        self.push(&at, listed_but_refused(&error));
                    }
                    self.folder(&dir, &at, names, ignores, &mut todo);
                }
                Err(error) => self.push(&at, listed_but_refused(&error)),
            }
        }
    }

    fn folder(&mut self, dir: &Dir, at: &Path, names: Vec<OsString>, above: Option<Rc<Ignores>>, todo: &mut Todo) {
        let ignores = self.ignores(dir, at, above, &names);
        for name in names {
            self.item(dir, &name, at.join(&name), ignores.as_ref(), todo);
        }
    }

    fn item(&mut self, dir: &Dir, name: &OsStr, at: PathBuf, ignores: Option<&Rc<Ignores>>, todo: &mut Todo) {
        if name.as_encoded_bytes().starts_with(b".") {
            return self.push(&at, InputKind::Skipped { why: Skip::Hidden });
        }
        let metadata = match dir.symlink_metadata(name) {
            Ok(metadata) => metadata,
            Err(error) => return self.push(&at, listed_but_refused(&error)),
        };
        if ignores.is_some_and(|ignores| ignores.hold(&at, metadata.is_dir())) {
            self.push(&at, InputKind::Skipped { why: Skip::Ignored });
        } else if name.to_str().is_none() {
            self.push(&at, problem(ProblemKind::Unreadable, if metadata.is_dir() { FOLDER_NOT_UTF8 } else { NOT_UTF8 }));
        } else if metadata.is_dir() {
            todo.push((at, ignores.cloned()));
        } else if metadata.is_symlink() {
            self.links.push(at);
        } else if metadata.is_file() {
            self.push(&at, InputKind::File { bytes: metadata.len() });
        } else {
            self.push(&at, problem(ProblemKind::NotAFile, NOT_A_FILE));
        }
    }

    fn push(&mut self, at: &Path, what: InputKind) {
        self.entries.push(entry(self.root, at, None, what));
    }

    /// The ignore files of a folder, and those above it. One that cannot be read is a problem: what it
    /// would have ignored is read.
    fn ignores(&mut self, dir: &Dir, at: &Path, above: Option<Rc<Ignores>>, names: &[OsString]) -> Option<Rc<Ignores>> {
        let mut here = Vec::new();
        // The first that has something to say about a path decides.
        for name in [".ignore", ".gitignore"] {
            if names.iter().all(|other| other != name) {
                continue;
            }
            match read_ignores(dir, name) {
                Ok(Some(ignores)) => here.push(ignores),
                Ok(None) => {}
                Err(error) => self.push(&at.join(name), listed_but_refused(&error)),
            }
        }
        if here.is_empty() { above } else { Some(Rc::new(Ignores { at: at.to_path_buf(), here, above })) }
    }

    /// Links can only be told apart when it is known what is read.
    fn finish(mut self, root: &Path) -> Vec<Entry> {
        self.entries.sort_by(|a, b| a.name.cmp(&b.name));
        let links: Vec<_> = self.links.iter().map(|at| entry(self.root, at, None, self.link(root, at))).collect();
        self.entries.extend(links);
        self.entries
    }

    fn link(&self, root: &Path, at: &Path) -> InputKind {
        let target = match root.join(at).canonicalize() {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return problem(ProblemKind::Link, "The link leads nowhere: remove it, or put its target back.");
            }
            Err(error) => {
                return problem(ProblemKind::Link, &format!("The link cannot be followed ({}): remove it.", IoReason::of(&error).what));
            }
        };
        let Ok(inside) = target.strip_prefix(root) else {
            return problem(ProblemKind::Link, "The link leads out of the folder: name its target as an input of its own.");
        };
        if target.is_dir() {
            return problem(
                ProblemKind::Link,
                "The link leads to a folder of the same input, which is read under its own name: remove it.",
            );
        }
        let is_read = inside.to_str().is_some_and(|inside| {
            let found = self.entries.binary_search_by(|entry| entry.name.as_str().cmp(inside));
            found.is_ok_and(|found| matches!(self.entries[found].what, InputKind::File { .. }))
        });
        if is_read {
            return InputKind::Skipped { why: Skip::LinkToSource };
        }
        problem(ProblemKind::Link, "The link leads to something that is not read: name its target as an input of its own.")
    }
}

/// What the ignore files from a folder up to the root say.
struct Ignores {
    at: PathBuf,
    here: Vec<Gitignore>,
    above: Option<Rc<Ignores>>,
}

impl Ignores {
    fn hold(&self, path: &Path, is_folder: bool) -> bool {
        let below = path.strip_prefix(&self.at).unwrap_or(path);
        for ignores in &self.here {
            match ignores.matched(below, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        self.above.as_ref().is_some_and(|above| above.hold(path, is_folder))
    }
}

/// More than this is no list of patterns.
const MAX_IGNORE_BYTES: u64 = 1 << 20;

/// Nothing for a link, as in git: it may lead anywhere.
fn read_ignores(dir: &Dir, name: &str) -> io::Result<Option<Gitignore>> {
    if !dir.symlink_metadata(name)?.is_file() {
        return Ok(None);
    }
    let mut text = String::new();
    let read = dir.open(name)?.take(MAX_IGNORE_BYTES + 1).read_to_string(&mut text)?;
    if read as u64 > MAX_IGNORE_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "an ignore file of more than 1 MiB"));
    }
    // The root is a point because paths are given from the folder of the ignore file on.
    let mut builder = GitignoreBuilder::new(".");
    for line in text.lines() {
        // A pattern that does not parse ignores nothing, as in git.
        let _ = builder.add_line(None, line);
    }
    builder.build().map(Some).map_err(io::Error::other)
}

/// The names in a folder, and the error that ended the list early.
fn names(dir: &Dir) -> (Vec<OsString>, Option<io::Error>) {
    let mut names = Vec::new();
    let entries = match dir.entries() {
        Ok(entries) => entries,
        Err(error) => return (names, Some(error)),
    };
    for entry in entries {
        match entry {
            Ok(entry) => names.push(entry.file_name()),
            Err(error) => return (names, Some(error)),
        }
    }
    (names, None)
}

fn entry(root: usize, path: &Path, at: Option<PathBuf>, what: InputKind) -> Entry {
    let name = name_of(path);
    let at = at.or_else(|| Some(path.to_path_buf())).filter(|at| at.as_path().cmp(Path::new(&name)) != Ordering::Equal);
    Entry { name, what, root, at }
}

/// The name of a path, without loss.
fn name_of(path: &Path) -> String {
    let name = match path.to_str() {
        Some(name) => name.to_owned(),
        None => escape(path.as_os_str().as_encoded_bytes()),
    };
    if std::path::MAIN_SEPARATOR == '/' { name } else { name.replace(std::path::MAIN_SEPARATOR, "/") }
}

fn escape(bytes: &[u8]) -> String {
    let mut escaped = String::new();
    for chunk in bytes.utf8_chunks() {
        escaped.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            write!(escaped, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    escaped
}

const NOT_A_FILE: &str = "It is a device, a pipe or a socket, not a file: copy its content to a file.";
const NOT_UTF8: &str = "The file's name is not UTF-8: rename it.";
const FOLDER_NOT_UTF8: &str = "The folder's name is not UTF-8 and nothing in it was read: rename it.";
const VANISHED: &str = "It vanished while the folder was listed: run again when nothing writes there.";

/// What the system would not give, though it had just listed it: gone, if it says so, or unreadable.
fn listed_but_refused(error: &io::Error) -> InputKind {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => problem(ProblemKind::Changed, VANISHED),
        _ => problem(ProblemKind::Unreadable, &unreadable(error)),
    }
}

fn problem(kind: ProblemKind, reason: &str) -> InputKind {
    InputKind::Problem { kind, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_listed_and_is_gone_has_vanished() {
        for gone in [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory] {
            assert_eq!(listed_but_refused(&gone.into()), problem(ProblemKind::Changed, VANISHED));
        }
        let denied = listed_but_refused(&io::ErrorKind::PermissionDenied.into());
        assert!(matches!(denied, InputKind::Problem { kind: ProblemKind::Unreadable, .. }), "{denied:?}");
    }

    #[test]
    fn escaping_is_lossless() {
        assert_eq!(escape(b"a\xFF%/\xC3b"), "a%FF%25/%C3b");
    }
}
