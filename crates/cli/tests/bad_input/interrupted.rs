//! Runs that are stopped at any time.

use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::disk::{CLEAN, Disk};
use crate::outputs::wait_for;

const FILES: usize = 3000;

fn corpus() -> Disk {
    let disk = Disk::empty();
    for number in 0..FILES {
        disk.put(format!("in/{number:04}.txt"), format!("“{number}”  Isrfael\n"));
    }
    disk
}

/// Starts a run, and stops it with a signal when its journal has grown by so many bytes.
fn stopped(disk: &Disk, args: &[&str], signal: &str, after: u64) -> ExitStatus {
    let journal = disk.path("out/.emendo-run.jsonl");
    let look = || std::fs::metadata(&journal).ok().map(|metadata| (metadata.ino(), metadata.len()));
    let left_behind = look().map(|(inode, _)| inode);
    let mut child: Child = disk.emendo(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    wait_for("the journal of this run", || look().is_some_and(|(inode, _)| Some(inode) != left_behind));
    let start = look().map_or(0, |(_, length)| length);
    wait_for("progress", || look().is_some_and(|(_, length)| length >= start + after));
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill starts").success());
    child.wait().expect("it ends")
}

#[test]
fn an_interrupted_run_leaves_old_or_whole_files_and_the_next_one_ends_as_if_undisturbed() {
    let disk = corpus();
    // What stands in the folder already comes from a run with other settings.
    disk.run(&[CLEAN, &["--policy", "typos=off"]].concat()).expect(0, &[]);
    let old = disk.outputs("out");
    disk.run(&["clean", "in", "--isolated", "-o", "calm"]).expect(0, &[]);
    let calm = disk.outputs("calm");
    assert_eq!(old.len(), calm.len());
    // The journal of a whole run grows by more than a megabyte.
    for (signal, after) in [("-INT", 0), ("-KILL", 0), ("-KILL", 200_000), ("-TERM", 400_000), ("-KILL", 600_000), ("-INT", 700_000)] {
        let ended = stopped(&disk, CLEAN, signal, after);
        assert_eq!(ended.code(), if signal == "-KILL" { None } else { Some(130) }, "{signal} after {after} bytes");
        let now = disk.outputs("out");
        for (name, bytes) in &now {
            assert!(old.get(name) == Some(bytes) || calm.get(name) == Some(bytes), "{name} is old or whole");
        }
        assert!(now.len() >= calm.len() - 2, "nothing but manifest and sums is gone: {}", now.len());
        assert!(!now.contains_key("manifest.jsonl"), "nothing says that the run was done");
        disk.run(&["verify", "out"]).expect(2, &["out", "interrupted", "run it again"]);
    }
    disk.run(CLEAN).expect(0, &[]);
    assert_eq!(disk.outputs("out"), calm);
    disk.run(&["verify", "out"]).expect(0, &["3000 sources"]);
}

#[test]
fn an_interrupted_run_says_so() {
    let disk = corpus();
    let child = disk.emendo(CLEAN).spawn().expect("the program starts");
    wait_for("a text", || disk.path("out/0000.txt").exists());
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts").success());
    let ran = crate::disk::ran(&child.wait_with_output().expect("it ends"));
    ran.expect(130, &["Interrupted. What was written is whole; the same command goes on from here."]);
}
