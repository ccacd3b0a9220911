use std::fs;
use std::os::unix::fs::symlink;

use emendo_core::input::ProblemKind;
use emendo_corpus::disk::read;

use crate::disk::{Disk, make_fifo};

#[test]
fn a_link_put_in_a_files_place_is_not_followed() {
    let disk = Disk::new(&[("a.txt", "text"), ("sub/b.txt", "text")]);
    disk.put("secret/b.txt", "secret");
    let listing = disk.walk();
    fs::remove_file(disk.path("in/a.txt")).expect("removed");
    symlink("../secret/b.txt", disk.path("in/a.txt")).expect("a link");
    fs::remove_dir_all(disk.path("in/sub")).expect("removed");
    symlink("../secret", disk.path("in/sub")).expect("a link");
    for entry in &listing.entries {
        read(&listing, entry).expect_err("not followed");
    }
}

#[test]
fn a_pipe_put_in_a_files_place_does_not_hang() {
    let disk = Disk::new(&[("a.txt", "text")]);
    let listing = disk.walk();
    fs::remove_file(disk.path("in/a.txt")).expect("removed");
    make_fifo(&disk.path("in/a.txt"));
    let error = read(&listing, &listing.entries[0]).expect_err("no file");
    assert_eq!(error.kind(), ProblemKind::NotAFile);
}

#[test]
fn another_folder_in_the_roots_place_is_noticed() {
    let disk = Disk::new(&[("a.txt", "text")]);
    let listing = disk.walk();
    fs::rename(disk.input(), disk.path("moved")).expect("moved");
    disk.put("in/a.txt", "other");
    let error = read(&listing, &listing.entries[0]).expect_err("another folder");
    assert_eq!(error.kind(), ProblemKind::Changed);
}

#[test]
fn a_problem_of_the_listing_stays_one() {
    let disk = Disk::new(&[]);
    symlink("gone", disk.path("in/a")).expect("a link");
    let listing = disk.walk();
    let error = read(&listing, &listing.entries[0]).expect_err("a link");
    assert_eq!(error.kind(), ProblemKind::Link);
}
