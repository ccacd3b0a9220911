//! Kills and errors at every system call, put in by strace:
//! `cargo test --test corpus_io -- --ignored --nocapture strace`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use emendo_corpus::disk::walk;

use crate::disk::{Disk, FOLDER, Tree, child_folder, clean, own_files, state, tree};

/// The calls by which a run changes the disk or learns about it.
const CALLS: [&str; 14] = [
    "openat",
    "openat2",
    "read",
    "write",
    "fsync",
    "renameat",
    "unlinkat",
    "mkdirat",
    "statx",
    "newfstatat",
    "flock",
    "ftruncate",
    "getdents64",
    "close",
];

const ERRORS: [(&str, &[&str]); 13] = [
    ("write", &["ENOSPC", "EIO", "EDQUOT"]),
    ("fsync", &["EIO", "ENOSPC"]),
    ("renameat", &["EIO", "ENOSPC"]),
    ("mkdirat", &["ENOSPC"]),
    ("unlinkat", &["EIO", "EROFS"]),
    ("openat2", &["EMFILE", "EIO"]),
    ("openat", &["EMFILE"]),
    ("getdents64", &["EIO"]),
    ("flock", &["ENOLCK"]),
    ("ftruncate", &["EIO"]),
    ("read", &["EIO", "EINTR"]),
    ("statx", &["EIO"]),
    ("newfstatat", &["EIO"]),
];

/// An old run, then a source changed, one gone, one new, one a folder, and a folder a source.
fn before() -> Disk {
    let disk = Disk::new(&[("a.txt", "one\n"), ("b/c", "two\n"), ("d", "three\n"), ("gone/e.txt", "four\n"), ("same.txt", "same\n")]);
    disk.clean().expect("done");
    for name in ["in/b", "in/gone"] {
        fs::remove_dir_all(disk.path(name)).expect("removed");
    }
    fs::remove_file(disk.path("in/d")).expect("removed");
    disk.put("in/a.txt", "new one\n");
    disk.put("in/added/f.txt", "five\n");
    disk.put("in/b", "six\n");
    disk.put("in/d/g", "seven\n");
    disk
}

struct Trees {
    old: Tree,
    new: Tree,
}

impl Trees {
    fn make() -> Self {
        let disk = before();
        let old = tree(&disk.output());
        disk.clean().expect("done");
        Self { old, new: tree(&disk.output()) }
    }

    /// Each file is old or new, a manifest names only what is there, inputs are as they were, and the next
    /// run ends as an undisturbed one.
    fn check(&self, disk: &Disk, label: &str) {
        let now = tree(&disk.output());
        let own = own_files(&disk.output());
        for (name, bytes) in now.iter().filter(|(name, _)| !own.contains(name)) {
            assert!([&self.old, &self.new].iter().any(|tree| tree.get(name) == Some(bytes)), "{label}: {} is torn", name.display());
        }
        let manifest = Path::new("manifest.jsonl");
        if let Some(there) = now.get(manifest) {
            let named = if Some(there) == self.new.get(manifest) { &self.new } else { &self.old };
            // The sums go first and come just before the manifest, which does not name them.
            let mut named = named.iter().filter(|(name, _)| !name.ends_with("SHA256SUMS"));
            assert!(named.all(|(name, bytes)| now.get(name) == Some(bytes)), "{label}: the manifest names what is not there");
        }
        if let Err(refused) = disk.clean() {
            panic!("{label}: {refused}");
        }
        self.expect_new(disk, &format!("{label}: the next run ends otherwise"));
    }
}

impl Trees {
    fn expect_new(&self, disk: &Disk, label: &str) {
        let now = tree(&disk.output());
        // A lock file that could not be removed locks nothing.
        let differ = |name: &&PathBuf| now.get(*name) != self.new.get(*name) && !name.ends_with(".emendo.lock");
        let names: BTreeSet<_> = now.keys().chain(self.new.keys()).filter(differ).collect();
        assert!(names.is_empty(), "{label}: {names:?}");
    }
}

enum Ended {
    /// Nothing was put in: there are fewer such calls.
    Undisturbed,
    Well,
    Badly,
}

/// A run with one fault put in. The calls of the test program itself count, too; they do no harm.
fn run_with(disk: &Disk, injection: &str) -> Ended {
    let log = disk.path("strace.log");
    let run = Command::new("strace")
        .args(["-f", "-qq", "-e", injection, "-o"])
        .arg(&log)
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "faults::child_cleans", "--ignored", "--test-threads=1", "-q"])
        .env(FOLDER, disk.path(""))
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("strace");
    let log = fs::read(&log).expect("a log");
    let was_put_in = [&b"(INJECTED)"[..], b"+++ killed by SIGKILL"].iter().any(|mark| memchr::memmem::find(&log, mark).is_some());
    match (was_put_in, run.status.success()) {
        (false, true) => Ended::Undisturbed,
        (_, true) => Ended::Well,
        (_, false) => Ended::Badly,
    }
}

/// Puts a fault into the first call, the second, and so on; returns how many there were.
fn count_down(trees: &Trees, call: &str, fault: &str) -> usize {
    for number in 1.. {
        let disk = before();
        let inputs = (tree(&disk.input()), state(&disk.input()));
        let label = format!("{call} {fault} {number}");
        match run_with(&disk, &format!("inject={call}:{fault}:when={number}")) {
            Ended::Undisturbed => return number - 1,
            Ended::Well => trees.expect_new(&disk, &format!("{label}: success without a result")),
            Ended::Badly => {}
        }
        assert_eq!((tree(&disk.input()), state(&disk.input())), inputs, "{label}: inputs are touched");
        trees.check(&disk, &label);
    }
    unreachable!("a run makes a finite number of calls")
}

#[test]
#[ignore = "needs strace and some minutes"]
#[expect(clippy::print_stderr, reason = "how much was tried is the result")]
fn strace_kills_at_every_call() {
    let trees = Trees::make();
    let mut kills = 0;
    for call in CALLS {
        let count = count_down(&trees, call, "signal=KILL");
        eprintln!("{count} kills at {call}");
        kills += count;
    }
    assert!(kills > 300, "{kills} kills");
}

#[test]
#[ignore = "needs strace and some minutes"]
#[expect(clippy::print_stderr, reason = "how much was tried is the result")]
fn strace_fails_every_call() {
    let trees = Trees::make();
    let mut errors = 0;
    for (call, names) in ERRORS {
        for name in names {
            let count = count_down(&trees, call, &format!("error={name}"));
            eprintln!("{count} times {name} at {call}");
            errors += count;
        }
    }
    assert!(errors > 300, "{errors} errors");
}

#[test]
#[ignore = "run by the tests that need strace"]
fn child_cleans() {
    let folder = child_folder();
    let listing = walk(&[folder.join("in")]).expect("a listing");
    // Otherwise it is not a run of the same sources.
    assert_eq!(listing.files().count(), listing.entries.len());
    clean(&listing, &folder.join("out")).expect("done");
}
