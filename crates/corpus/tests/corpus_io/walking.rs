use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use emendo_core::input::ProblemKind;
use emendo_corpus::disk::{InputKind, Skip, WalkError, read, walk};

use crate::disk::{Disk, child_folder, make_fifo};

fn names(found: &[(String, InputKind)]) -> Vec<&str> {
    found.iter().map(|(name, _)| name.as_str()).collect()
}

fn kind_of(found: &[(String, InputKind)], name: &str) -> ProblemKind {
    match found.iter().find(|(other, _)| other == name) {
        Some((_, InputKind::Problem { kind, reason })) if reason.ends_with('.') => *kind,
        other => panic!("{name}: {other:?}"),
    }
}

fn skip_of(found: &[(String, InputKind)], name: &str) -> Skip {
    match found.iter().find(|(other, _)| other == name) {
        Some((_, InputKind::Skipped { why })) => *why,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn files_are_in_byte_order_of_their_names() {
    let disk = Disk::new(&[("b", ""), ("a/z", ""), ("a.txt", ""), ("a-b", ""), ("Z", ""), ("\u{e4}", ""), ("a/B/c", "abc")]);
    let found = disk.found();
    assert_eq!(names(&found), ["Z", "a-b", "a.txt", "a/B/c", "a/z", "b", "\u{e4}"]);
    assert_eq!(found[3].1, InputKind::File { bytes: 3 });
}

#[test]
fn hidden_and_ignored_are_listed_once_and_not_entered() {
    let disk = Disk::new(&[
        (".git/config", ""),
        (".gitignore", "*.log\n/build/\n"),
        ("build/a.txt", ""),
        ("a/build/a.txt", ""),
        ("a/x.log", ""),
        ("a/.gitignore", "!keep.log\n"),
        ("a/keep.log", ""),
        ("b/.ignore", "!x.log\n"),
        ("b/.gitignore", "x.log\n"),
        ("b/x.log", ""),
    ]);
    let found = disk.found();
    for (name, why) in [(".git", Skip::Hidden), (".gitignore", Skip::Hidden), ("build", Skip::Ignored), ("a/x.log", Skip::Ignored)] {
        assert_eq!(skip_of(&found, name), why);
    }
    let files: Vec<_> = disk.walk().files().map(|entry| entry.name.clone()).collect();
    assert_eq!(files, ["a/build/a.txt", "a/keep.log", "b/x.log"]);
    assert_eq!(found.len(), 10, "{:?}", names(&found));
}

#[test]
fn ignore_files_above_the_named_folder_do_not_count() {
    let disk = Disk::new(&[("a.txt", "")]);
    disk.put(".gitignore", "*.txt\n");
    assert_eq!(disk.walk().files().count(), 1);
}

#[test]
fn links_are_never_followed_and_never_lost() {
    let disk = Disk::new(&[("a.txt", ""), ("sub/b.txt", ""), (".hidden.txt", "")]);
    disk.put("outside.txt", "");
    let link = |target: &str, name: &str| symlink(target, disk.input().join(name)).expect("a link");
    link("../outside.txt", "out");
    link("..", "up");
    link("sub", "folder");
    link(".", "here");
    link("loop", "loop");
    link("gone.txt", "nowhere");
    link(".hidden.txt", "to-hidden");
    link("../a.txt", "sub/inside");
    link("/dev/null", "device");
    let found = disk.found();
    for name in ["out", "up", "folder", "here", "loop", "nowhere", "to-hidden", "device"] {
        assert_eq!(kind_of(&found, name), ProblemKind::Link, "{name}");
    }
    assert_eq!(skip_of(&found, "sub/inside"), Skip::LinkToSource);
    assert_eq!(disk.walk().files().count(), 2);
}

#[test]
fn pipes_and_sockets_are_listed_and_not_opened() {
    let disk = Disk::new(&[("a.txt", "")]);
    make_fifo(&disk.input().join("fifo"));
    let _socket = UnixListener::bind(disk.input().join("socket")).expect("a socket");
    let found = disk.found();
    assert_eq!(kind_of(&found, "fifo"), ProblemKind::NotAFile);
    assert_eq!(kind_of(&found, "socket"), ProblemKind::NotAFile);
}

#[test]
fn a_named_pipe_or_device_alone_is_nothing_to_clean() {
    let disk = Disk::new(&[("a.txt", "")]);
    make_fifo(&disk.path("fifo"));
    for path in [disk.path("fifo"), PathBuf::from("/dev/null")] {
        let error = walk(std::slice::from_ref(&path)).expect_err("unreadable");
        assert!(matches!(&error, WalkError::Unreadable { path: named, .. } if *named == path), "{error}");
        let listing = walk(&[path, disk.input()]).expect("the other can be read");
        assert_eq!((listing.entries.len(), listing.files().count()), (2, 1));
    }
}

#[test]
fn names_that_are_not_utf8_are_problems_without_loss() {
    let disk = Disk::new(&[("100%.txt", "")]);
    let odd = |name: &[u8]| disk.input().join(OsStr::from_bytes(name));
    fs::write(odd(b"caf\xE9%.txt"), "").expect("a file");
    fs::create_dir(odd(b"d\xFF")).expect("a folder");
    fs::write(odd(b"d\xFF/in.txt"), "").expect("a file");
    let found = disk.found();
    assert_eq!(names(&found), ["100%.txt", "caf%E9%25.txt", "d%FF"]);
    assert_eq!(kind_of(&found, "caf%E9%25.txt"), ProblemKind::Unreadable);
    assert_eq!(kind_of(&found, "d%FF"), ProblemKind::Unreadable);
    assert!(walk(&[odd(b"caf\xE9%.txt"), disk.path("in/100%.txt")]).is_ok_and(|listing| listing.files().count() == 1));
}

#[test]
fn a_missing_path_is_an_error() {
    let disk = Disk::new(&[("a.txt", "")]);
    for missing in ["in/b.txt", "in/a.txt/c", "nothing"] {
        let error = walk(&[disk.input(), disk.path(missing)]).expect_err("missing");
        assert!(matches!(error, WalkError::Missing(_)), "{error}");
    }
}

#[test]
fn a_path_inside_another_or_named_twice_is_an_error() {
    let disk = Disk::new(&[("a/b.txt", ""), ("a-b/c.txt", ""), ("ab.txt", "")]);
    symlink("in", disk.path("link")).expect("a link");
    for inner in ["in/a", "in/a/b.txt", "in", "link/ab.txt", "link"] {
        let error = walk(&[disk.path(inner), disk.input()]).expect_err("nested");
        assert!(matches!(error, WalkError::Nested { .. }), "{error}");
    }
    assert!(walk(&[disk.path("in/a"), disk.path("in/a-b"), disk.path("in/ab.txt")]).is_ok());
}

#[test]
fn two_files_of_one_name_are_an_error_that_names_both() {
    let disk = Disk::new(&[("x/a.txt", ""), ("y/a.txt", ""), ("x/.gitignore", ""), ("y/.gitignore", ""), ("y/b.txt", "")]);
    let folders = [disk.path("in/x"), disk.path("in/y")];
    let error = walk(&folders).expect_err("the same name").to_string();
    assert!(error.contains("in/x/a.txt") && error.contains("in/y/a.txt"), "{error}");
    fs::remove_file(disk.path("in/x/a.txt")).expect("removed");
    assert!(walk(&folders).is_ok(), "what is skipped may share a name");
}

#[test]
fn a_named_link_or_hidden_folder_is_read() {
    let disk = Disk::new(&[("a.txt", "text"), (".hidden/b.txt", "")]);
    symlink("in/a.txt", disk.path("named.txt")).expect("a link");
    let listing = walk(&[disk.path("named.txt"), disk.path("in/.hidden")]).expect("a listing");
    let names: Vec<_> = listing.files().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["b.txt", "named.txt"]);
    assert_eq!(read(&listing, &listing.entries[1]).expect("it can be read"), b"text");
}

#[test]
fn what_lies_beyond_the_longest_path_is_not_lost() {
    let disk = Disk::new(&[("a.txt", "")]);
    let part = "d".repeat(250);
    let mut folder = cap_std::fs::Dir::open_ambient_dir(disk.input(), cap_std::ambient_authority()).expect("a folder");
    for _ in 0..20 {
        folder.create_dir(&part).expect("a folder");
        folder = folder.open_dir(&part).expect("a folder");
    }
    folder.write("deep.txt", "deep").expect("a file");
    let listing = disk.walk();
    assert_eq!(listing.entries.len(), 2, "{listing:?}");
    let deep = &listing.entries[1];
    let read = read(&listing, deep);
    let is_whole = read.as_ref().is_ok_and(|bytes| bytes == b"deep");
    assert!(is_whole || read.as_ref().is_err_and(|error| error.kind() == ProblemKind::Unreadable), "{read:?}");
}

#[test]
fn what_may_not_be_read_is_a_problem() {
    let disk = Disk::new(&[("a.txt", ""), ("closed/b.txt", ""), ("closed.txt", "")]);
    disk.set_mode("in/closed", 0o000);
    disk.set_mode("in/closed.txt", 0o000);
    disk.run_child_as_nobody("walking::child_reads_without_permission");
    disk.set_mode("in/closed", 0o755);
}

#[test]
#[ignore = "run by what_may_not_be_read_is_a_problem, without privileges"]
fn child_reads_without_permission() {
    let folder = child_folder();
    let listing = walk(&[folder.join("in")]).expect("a listing");
    let [a, closed, closed_file] = &listing.entries[..] else { panic!("{listing:?}") };
    assert!(matches!((&a.what, &closed_file.what), (InputKind::File { .. }, InputKind::File { .. })));
    assert!(matches!(&closed.what, InputKind::Problem { kind: ProblemKind::Unreadable, reason } if reason.contains("permission denied")));
    let error = read(&listing, closed_file).expect_err("closed");
    assert!(error.kind() == ProblemKind::Unreadable && error.to_string().contains("permission denied"), "{error}");
    for path in ["in/closed", "in/closed.txt", "in/closed/b.txt"] {
        let error = walk(&[folder.join(path)]).expect_err("closed");
        assert!(matches!(error, WalkError::Unreadable { .. }), "{error}");
    }
}
