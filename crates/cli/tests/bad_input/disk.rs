//! A folder with an input, and the program run in it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The command that most tests are about.
pub const CLEAN: &[&str] = &["clean", "in", "--isolated", "-o", "out"];

/// What stands in the good file, and what it becomes.
pub const GOOD: (&str, &str) = ("It said Isrfael\u{2019}s “gap”.\n", "It said Israel's \"gap\".\n");

/// A folder with `in`, which holds one good file, and room for `out`.
pub struct Disk(TempDir);

/// What a run of the program came to.
pub struct Ran {
    pub code: Option<i32>,
    /// Standard output, then standard error.
    pub told: String,
}

impl Disk {
    pub fn new() -> Self {
        let disk = Self::empty();
        disk.put("in/good.txt", GOOD.0);
        disk
    }

    pub fn empty() -> Self {
        let disk = Self(tempfile::tempdir().expect("a folder"));
        // So that another user can go through it.
        fs::set_permissions(disk.0.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");
        disk
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn put(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
        fs::write(&path, bytes).expect("it can be written");
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, about to be run here.
    pub fn emendo<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emendo"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program. Whatever it says, a terminal must not obey or hide any of it.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Ran {
        ran(&self.emendo(args).output().expect("the program starts"))
    }

    /// Runs the program as somebody whom permissions stop, which they do not stop the administrator.
    pub fn run_unprivileged<S: AsRef<OsStr>>(&self, args: &[S]) -> Ran {
        let mut command = self.emendo(args);
        if fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
            command.uid(65534).gid(65534);
        }
        ran(&command.output().expect("the program starts"))
    }

    /// Every file below a folder, hidden ones too, by name. Names that are not UTF-8 are shown lossily.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(folder);
        let mut files = BTreeMap::new();
        if !folder.exists() {
            return files;
        }
        for entry in ignore::WalkBuilder::new(&folder).standard_filters(false).build() {
            let path = entry.expect("the folder can be read").into_path();
            if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
                let name = path.strip_prefix(&folder).expect("it lies there").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("it can be read"));
            }
        }
        files
    }

    /// The outputs below a folder, without what emendo keeps for itself, and the log, which knows the time.
    pub fn outputs(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        self.tree(folder).into_iter().filter(|(name, _)| !name.contains(".emendo") && name != "runs.jsonl").collect()
    }
}

impl Ran {
    /// What was told, line by line.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.told.lines()
    }

    /// Asserts the exit status and that the output holds all of these.
    #[track_caller]
    pub fn expect(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.told);
        for part in said {
            assert!(self.told.contains(part), "{part:?} in {}", self.told);
        }
    }
}

/// What a run came to, which must be inert text.
#[track_caller]
pub fn ran(output: &Output) -> Ran {
    let bytes = [output.stdout.as_slice(), &output.stderr].concat();
    let told = String::from_utf8(bytes).expect("what is told is UTF-8");
    let raw = told.chars().find(|c| (c.is_control() && *c != '\n') || is_hidden(*c));
    assert_eq!(raw, None, "{told:?}");
    Ran { code: output.status.code(), told }
}

/// Format characters that turn, join or hide what stands around them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}
