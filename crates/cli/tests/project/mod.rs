//! A project with texts, and the program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A folder with `in`, an empty `emendo.toml` and, after a run, `out`.
pub struct Project(tempfile::TempDir);

impl Project {
    pub fn new<'t>(texts: impl IntoIterator<Item = (&'t str, &'t [u8])>) -> Self {
        let project = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in texts {
            project.put(&format!("in/{name}"), text);
        }
        project.put("emendo.toml", "");
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it has a name")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(fs::read(self.path(name)).unwrap_or_default()).expect("it is UTF-8")
    }

    /// Runs the program, which must end with this code. Gives what it told.
    #[track_caller]
    pub fn ends(&self, code: i32, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_emendo")).args(args).current_dir(self.0.path()).output().expect("the program starts");
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
        told
    }

    #[track_caller]
    pub fn run(&self, args: &[&str]) -> String {
        self.ends(0, args)
    }

    /// All files below a folder by name, but the log of runs, which knows the time, and what emendo keeps for itself.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(folder);
        let files = ignore::WalkBuilder::new(&folder).git_ignore(false).build().map(|entry| entry.expect("it can be read").into_path());
        let files = files.filter(|path| path.is_file() && !path.ends_with("runs.jsonl"));
        let name = |path: &PathBuf| path.strip_prefix(&folder).expect("it lies there").to_string_lossy().into_owned();
        files.map(|path| (name(&path), fs::read(&path).expect("it can be read"))).collect()
    }
}
