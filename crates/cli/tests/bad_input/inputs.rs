//! Inputs that cannot be cleaned, each beside a good one: the good one is done all the same.

use std::ffi::OsStr;
use std::fs;
use std::io::{Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::disk::{CLEAN, Disk, GOOD};

/// How to make a bad input, by what it is called, and what is said of it.
type Bad = (&'static str, fn(&Disk), &'static [&'static str]);

const BAD: &[Bad] = &[
    ("a byte that is not UTF-8", |disk| drop(disk.put("in/bad.txt", b"caf\xe9 \x01\n")), &["bad.txt", "byte 3", "E9", "UTF-8"]),
    ("half a surrogate pair", |disk| drop(disk.put("in/bad.txt", b"\xff\xfea\0\x00\xd8")), &["bad.txt", "UTF-16", "byte 4"]),
    ("UTF-16 cut within a unit", |disk| drop(disk.put("in/bad.txt", b"\xff\xfea\0b")), &["bad.txt", "UTF-16"]),
    (
        "an envelope that is cut off",
        |disk| drop(disk.put("in/bad.txt", " F-N-S-T-A-R-T. 1 F-N-E-N-D.  T-E-X-T-S-T-A-R-T. cut off")),
        &["bad.txt", "T-E-X-T"],
    ),
    ("a link out of the folder", |disk| link(disk, "../outside.txt"), &["bad.txt", "out of the folder"]),
    ("a link to an absolute path", |disk| link(disk, "/etc/passwd"), &["bad.txt", "out of the folder"]),
    ("a link to nowhere", |disk| link(disk, "nowhere"), &["bad.txt", "nowhere"]),
    ("a link to itself", |disk| link(disk, "bad.txt"), &["bad.txt", "link"]),
    ("a link to its own folder", |disk| link(disk, "."), &["bad.txt", "link"]),
    ("a FIFO that nobody writes to", fifo, &["bad.txt", "pipe"]),
    (
        "a name that is not UTF-8",
        |disk| drop(disk.put(std::path::Path::new("in").join(OsStr::from_bytes(b"bad\xff.txt")), "x")),
        &["bad%FF.txt", "UTF-8", "ename"],
    ),
];

fn link(disk: &Disk, target: &str) {
    disk.put("outside.txt", "secret");
    symlink(target, disk.path("in/bad.txt")).expect("a link");
}

fn fifo(disk: &Disk) {
    assert!(Command::new("mkfifo").arg(disk.path("in/bad.txt")).status().expect("mkfifo starts").success());
}

#[test]
fn each_bad_input_is_named_with_its_reason_and_the_good_one_is_done() {
    for (what, make, said) in BAD {
        let disk = Disk::new();
        make(&disk);
        for args in [&["preview", "in", "--isolated"][..], &["clean", "--check", "in", "--isolated"], &["diff", "in", "--isolated"]] {
            disk.run(args).expect(3, said);
        }
        let ran = disk.run(CLEAN);
        ran.expect(3, said);
        ran.expect(3, &["  problems         1\n", "cleaned 1 of "]);
        assert!(!ran.told.contains("secret") && !ran.told.contains("os error"), "{what}: {}", ran.told);
        assert_eq!(disk.read("out/good.txt"), GOOD.1, "{what}");
        disk.run(&["verify", "out"]).expect(0, &["whole"]);
        disk.run(&[CLEAN, &["--allow-problems", "1"]].concat()).expect(0, &[]);
        disk.run(&[CLEAN, &["--allow-problems", "50%"]].concat()).expect(0, &[]);
        disk.run(&[CLEAN, &["--allow-problems", "49%"]].concat()).expect(3, &[]);
    }
}

#[test]
fn what_may_not_be_read_is_named_and_the_good_one_is_done() {
    let disk = Disk::new();
    let (file, folder) = (disk.put("in/locked.txt", "x"), disk.put("in/locked/x.txt", "x"));
    let folder = folder.parent().expect("it lies there");
    for locked in [file.as_path(), folder] {
        fs::set_permissions(locked, fs::Permissions::from_mode(0o000)).expect("it is ours");
    }
    let ran = disk.run_unprivileged(CLEAN);
    ran.expect(3, &["  problems         2\n", "locked.txt: ", "locked: ", "permission denied", "check its permissions"]);
    assert!(!ran.told.contains("problems\n  "), "{}", ran.told);
    assert_eq!(disk.read("out/good.txt"), GOOD.1);
    disk.run_unprivileged(&["verify", "out"]).expect(0, &[]);
    disk.run_unprivileged(&["clean", "in/locked.txt", "-o", "other"]).expect(2, &["locked.txt", "permission denied"]);
    disk.run_unprivileged(&["clean", "in/locked", "-o", "other"]).expect(2, &["locked", "permission denied"]);
    assert!(!disk.path("other").exists());
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("it is ours");
}

#[test]
fn what_is_no_text_is_skipped_and_counted() {
    let disk = Disk::new();
    disk.put("in/photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0");
    disk.put("in/.hidden", "x");
    disk.put("in/.gitignore", "ignored.txt\n");
    disk.put("in/ignored.txt", "x");
    symlink("good.txt", disk.path("in/same.txt")).expect("a link");
    disk.run(CLEAN)
        .expect(0, &["skipped          5", "hidden", "ignored", "a link to a file that is read under its own name", "1 not text"]);
    assert_eq!(disk.outputs("out").keys().filter(|name| name.contains("txt")).count(), 3);
}

/// Stops the thread that makes trouble, also where an assertion fails.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The lines of a file that grows; how many there are tells what they are.
fn grown(lines: usize) -> Vec<String> {
    (0..lines).map(|number| format!("line {number} of a file that grows and is cut\n")).collect()
}

#[test]
fn a_file_that_changes_while_it_is_read_is_a_problem_or_one_state_of_it() {
    const LINES: usize = 400;
    let disk = Disk::new();
    let path = disk.put("in/log.txt", "");
    let (stop, rounds) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let _stops = Stops(&stop);
        scope.spawn(|| {
            let mut file = fs::OpenOptions::new().write(true).open(&path).expect("it is there");
            while !stop.load(Ordering::SeqCst) {
                file.set_len(0).and_then(|()| file.rewind()).expect("it can be cut");
                for line in grown(LINES) {
                    file.write_all(line.as_bytes()).expect("it can grow");
                }
                rounds.fetch_add(1, Ordering::SeqCst);
            }
        });
        for _ in 0..12 {
            let ran = disk.run(CLEAN);
            if ran.code != Some(0) {
                ran.expect(3, &["log.txt: It changed or vanished while it was read: run again when nothing writes to it."]);
            }
            assert_eq!(disk.read("out/good.txt"), GOOD.1);
            disk.run(&["verify", "out"]).expect(0, &[]);
            if ran.code == Some(0) {
                let text = disk.read("out/log.txt");
                // A state is any beginning: a system may write part of a line and then the rest.
                assert!(grown(LINES).concat().starts_with(text.trim_end()), "it is one state of the file: {text}");
            }
        }
        assert!(rounds.load(Ordering::SeqCst) > 1, "the file changed meanwhile");
    });
    disk.run(CLEAN).expect(0, &[]);
}

#[test]
fn files_that_come_and_go_do_not_stop_a_run() {
    let disk = Disk::new();
    let (stop, rounds) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let _stops = Stops(&stop);
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                let files: Vec<_> = (0..20).map(|number| disk.put(format!("in/sub/{number}.txt"), "“x”\n")).collect();
                for file in files {
                    fs::remove_file(file).expect("it is there");
                }
                fs::remove_dir(disk.path("in/sub")).expect("it is empty");
                rounds.fetch_add(1, Ordering::SeqCst);
            }
        });
        for _ in 0..12 {
            let ran = disk.run(CLEAN);
            assert!(matches!(ran.code, Some(0 | 3)), "{}", ran.told);
            assert_eq!(ran.code == Some(3), ran.told.contains("vanished"), "{}", ran.told);
            assert_eq!(disk.read("out/good.txt"), GOOD.1);
            for (name, bytes) in disk.outputs("out").iter().filter(|(name, _)| name.starts_with("sub/")) {
                // A file is there before its text is.
                assert!(bytes.is_empty() || bytes == b"\"x\"\n" || name.contains(".diff"), "{name}: {bytes:?}");
            }
            disk.run(&["verify", "out"]).expect(0, &[]);
        }
        assert!(rounds.load(Ordering::SeqCst) > 1, "files came and went meanwhile");
    });
}

#[test]
fn on_standard_input_too() {
    let disk = Disk::new();
    let piped = |args: &[&str], bytes: &[u8]| {
        let mut child = disk.emendo(args).stdin(std::process::Stdio::piped()).spawn().expect("the program starts");
        child.stdin.take().expect("it is piped").write_all(bytes).expect("it is read");
        crate::disk::ran(&child.wait_with_output().expect("it ends"))
    };
    for args in [&["clean", "-"][..], &["clean", "-", "--check"], &["clean", "-", "--format", "json"], &["preview", "-"], &["diff", "-"]] {
        let args = [args, &["--isolated"]].concat();
        piped(&args, b"caf\xe9 \x01\n").expect(3, &["stdin", "byte 3"]);
        piped(&args, b"\x89PNG\0\0").expect(3, &["no text", "NUL"]);
        let not_alone = [&args[..], &["in"]].concat();
        piped(&not_alone, b"").expect(2, &["- stands for the only document"]);
    }
}

#[test]
fn other_encodings_are_read_and_given_back() {
    let disk = Disk::empty();
    disk.put("in/latin.txt", b"Le proc\xe8s s\x92ouvre \xe0 Strasbourg, dit Isrfael.\n");
    disk.put("in/old/mac.txt", b"caf\x8e\n");
    disk.put("in/utf16.txt", b"\xff\xfeI\0s\0r\0f\0a\0e\0l\0\n\0");
    disk.put("emendo.toml", "encodings = { \"old/**\" = \"macintosh\" }\n");
    disk.run(&["clean", "in", "-o", "out"]).expect(0, &["not UTF-8        3  1 macintosh, 1 utf-16le, 1 windows-1252 (detected)"]);
    assert_eq!(disk.read("out/latin.txt"), "Le procès s'ouvre à Strasbourg, dit Israel.\n");
    assert_eq!(disk.read("out/old/mac.txt"), "café\n");
    assert_eq!(disk.read("out/utf16.txt"), "Israel\n");
    disk.run(&["verify", "out"]).expect(0, &["whole"]);
    disk.run(&["restore", "out", "-o", "back"]).expect(0, &[]);
    for name in ["latin.txt", "old/mac.txt", "utf16.txt"] {
        assert_eq!(
            fs::read(disk.path(format!("back/{name}"))).expect("it is there"),
            fs::read(disk.path(format!("in/{name}"))).expect("it is there")
        );
    }
    disk.run(&["diff", "out"]).expect(0, &["[-Isrfael-]{+Israel+}"]);
    disk.run(&["clean", "in", "-o", "other", "--encoding", "old/**=klingon"]).expect(2, &["klingon", "windows-1252"]);
}

#[test]
fn bytes_of_another_encoding_wait_and_are_put_right_when_accepted() {
    let disk = Disk::empty();
    disk.put("in/mixed.txt", b"\xc3\xa9t\xc3\xa9 \xe2\x80\x94 yes\nl\x92\xe9t\xe9\n");
    let said = ["mixed.txt", "3 bytes are not UTF-8", "92", "mojibake/stray-bytes", "windows-1252"];
    for args in [&["preview", "in", "--isolated"][..], &["diff", "in", "--isolated"], CLEAN] {
        let said = if args[0] == "diff" { &said[1..2] } else { &said[..] };
        disk.run(args).expect(3, said);
    }
    assert_eq!(disk.read("out/mixed.txt"), "été — yes\nl\u{ef92}\u{efe9}t\u{efe9}\n");
    disk.run(&["verify", "out"]).expect(0, &["whole"]);
    let each = [("\u{ef92}\u{efe9}", "’é"), ("\u{efe9}", "é")].map(|(before, after)| {
        serde_json::json!({ "schema_version": 1, "decision": "accept", "width": "everywhere", "rule": "mojibake/stray-bytes", "before": before, "after": after }).to_string()
    });
    disk.put("decisions.jsonl", each.join("\n") + "\n");
    disk.run(&[CLEAN, &["--decisions", "decisions.jsonl"]].concat()).expect(0, &[]);
    assert_eq!(disk.read("out/mixed.txt"), "été — yes\nl'été\n");
    disk.run(&["verify", "out"]).expect(0, &["whole"]);
}

#[test]
fn bytes_are_called_bytes_in_every_view_and_characters_are_not() {
    let disk = Disk::empty();
    disk.put("in/mixed.txt", b"A day\x92s work \xe2\x80\x94 \xe2\x80\x9cdone\x92\xe2\x80\x9d.\n");
    disk.put("in/own.txt", "A day\u{ef92}s work — “done\u{ef92}”.\n");
    for args in [&["preview", "in"][..], &["diff", "in"], &["diff", "--waiting", "in"], &["clean", "in", "-o", "out"]] {
        disk.run(&[args, &["--isolated"]].concat())
            .expect(3, if args.contains(&"--waiting") || args[0] != "diff" { &["⟦byte 92⟧"] } else { &[] });
    }
    disk.run(&["diff", "out"]).expect(0, &["done⟦byte 92⟧", "done⟦U+EF92⟧"]);
    disk.run(&["why", "out/mixed.txt:1:6"]).expect(0, &["⟦byte 92⟧"]);
}
