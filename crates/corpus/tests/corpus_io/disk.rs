//! Folders to run in, and what is looked at afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use emendo_corpus::disk::{
    Entry, Finished, InputKind, Listing, NewFile, Plan, RefusedOutput, Run, diff_name, digest, read, record_name, walk,
};
use tempfile::TempDir;

/// A manifest with its last line, the digest of all that stands before it.
pub fn sealed(mut manifest: Vec<u8>) -> Vec<u8> {
    let line = format!("{{\"type\":\"end\",\"digest\":\"{}\"}}\n", digest(&manifest));
    manifest.extend(line.into_bytes());
    manifest
}

/// A folder with `in` and, after a run, `out`.
pub struct Disk(TempDir);

impl Disk {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let disk = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(disk.input()).expect("a folder");
        for (name, text) in files {
            disk.put(&format!("in/{name}"), text);
        }
        disk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn input(&self) -> PathBuf {
        self.path("in")
    }

    pub fn output(&self) -> PathBuf {
        self.path("out")
    }

    pub fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it has a name")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text")
    }

    pub fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).expect("metadata").mode()
    }

    pub fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), PermissionsExt::from_mode(mode)).expect("permissions");
    }

    pub fn walk(&self) -> Listing {
        walk(&[self.input()]).expect("a listing")
    }

    pub fn found(&self) -> Vec<(String, InputKind)> {
        self.walk().entries.into_iter().map(|entry| (entry.name, entry.what)).collect()
    }

    pub fn begin(&self) -> Result<Run, RefusedOutput> {
        begin(&self.walk(), &self.output())
    }

    pub fn clean(&self) -> Result<Finished, RefusedOutput> {
        clean(&self.walk(), &self.output())
    }

    pub fn refusal(&self) -> RefusedOutput {
        self.clean().expect_err("refused")
    }

    /// Runs an ignored test of this program that looks for its folder with [`child_folder`].
    pub fn run_child(&self, mut command: Command, test: &str) {
        let output = command.args(["--exact", test, "--ignored"]).env(FOLDER, self.path("")).output().expect("a child");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The same without the privileges that let root pass every permission.
    pub fn run_child_as_nobody(&self, test: &str) {
        let program = self.path("program");
        // By another process: what this one has open to write may be inherited by a child, and is then "busy".
        let copied = Command::new("cp").arg(std::env::current_exe().expect("this program")).arg(&program).status();
        assert!(copied.expect("cp").success());
        let mut command = Command::new(program);
        if fs::metadata(self.input()).expect("metadata").uid() == 0 {
            self.set_mode("", 0o755);
            command.uid(65534).gid(65534);
        }
        self.run_child(command, test);
    }
}

pub const FOLDER: &str = "EMENDO_TEST_FOLDER";

/// The folder that the parent gave.
pub fn child_folder() -> PathBuf {
    std::env::var_os(FOLDER).expect("only to be run by another test").into()
}

pub type Group = Vec<(String, Vec<u8>)>;

/// The files of a group, to be written.
pub fn new(group: &[(String, Vec<u8>)]) -> Vec<NewFile<'_>> {
    group.iter().map(|(name, bytes)| NewFile::new(name, bytes)).collect()
}

pub fn begin(listing: &Listing, output: &Path) -> Result<Run, RefusedOutput> {
    let plan = Plan::new(listing.files().map(|entry| entry.name.as_str())).expect("no clash");
    Run::begin(output, listing, &plan)
}

pub fn clean(listing: &Listing, output: &Path) -> Result<Finished, RefusedOutput> {
    let mut run = begin(listing, output)?;
    let mut manifest = Vec::new();
    for group in groups(listing) {
        run.write_group(&new(&group)).expect("written");
        add_lines(&mut manifest, &group);
    }
    Ok(run.finish(&sealed(manifest)).expect("finished"))
}

/// A text in capitals, its diff and its record, for each source.
pub fn groups(listing: &Listing) -> Vec<Group> {
    let group = |entry: &Entry| {
        let source = read(listing, entry).expect("a source");
        let name = &entry.name;
        let record = format!("{{\"source\":\"{}\"}}\n", digest(&source));
        vec![(name.clone(), source.to_ascii_uppercase()), (diff_name(name), source), (record_name(name), record.into_bytes())]
    };
    listing.files().map(group).collect()
}

pub fn add_lines(manifest: &mut Vec<u8>, group: &Group) {
    for (name, bytes) in group {
        let line = format!("{{\"type\":\"file\",\"path\":{name:?},\"digest\":\"{}\"}}\n", digest(bytes));
        manifest.extend(line.into_bytes());
    }
}

pub type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// Everything below a folder: the bytes of files, the targets of links.
pub fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("metadata");
        let name = path.strip_prefix(folder).expect("below").to_path_buf();
        if metadata.is_dir() {
            tree.extend(self::tree(&path).into_iter().map(|(below, bytes)| (name.join(below), bytes)));
            tree.insert(name, b"folder".to_vec());
        } else if metadata.is_symlink() {
            tree.insert(name, fs::read_link(&path).expect("a link").into_os_string().into_encoded_bytes());
        } else {
            tree.insert(name, fs::read(&path).expect("a file"));
        }
    }
    tree
}

pub type State = (PathBuf, SystemTime, (i64, i64), u32, u64);

/// What must not move in an input: times of modification and of status change, mode, inode; folders too.
pub fn state(path: &Path) -> Vec<State> {
    let metadata = fs::symlink_metadata(path).expect("metadata");
    let modified = metadata.modified().expect("a time");
    let mut states = vec![(path.to_path_buf(), modified, (metadata.ctime(), metadata.ctime_nsec()), metadata.mode(), metadata.ino())];
    if metadata.is_dir() {
        let mut below: Vec<_> = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        below.sort();
        states.extend(below.iter().flat_map(|path| state(path)));
    }
    states
}

/// The files that a run keeps for itself.
pub fn own_files(folder: &Path) -> Vec<PathBuf> {
    let is_own = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_bytes().starts_with(b".emendo"));
    tree(folder).into_keys().filter(is_own).collect()
}

pub fn make_fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}
