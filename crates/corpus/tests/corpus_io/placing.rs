use std::os::unix::fs::symlink;
use std::path::Path;

use emendo_corpus::disk::{Clash, Listing, OutputPlace, Plan, RefusedOutput, refuse_place, walk};

use crate::disk::{Disk, begin, state};

fn place(listing: &Listing, output: &Path) -> Option<OutputPlace> {
    match refuse_place(output, listing) {
        Ok(()) => None,
        Err(RefusedOutput::Place { place, .. }) => Some(place),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_output_in_or_around_an_input_is_refused_by_any_path() {
    let disk = Disk::new(&[("a/b.txt", ""), ("c.txt", "")]);
    symlink("in", disk.path("link")).expect("a link");
    symlink("in/a", disk.path("deep")).expect("a link");
    let before = state(&disk.input());
    let listing = disk.walk();
    for (output, expected) in [
        ("in", Some(OutputPlace::Equal)),
        ("link", Some(OutputPlace::Equal)),
        ("in/a/..", Some(OutputPlace::Equal)),
        ("in/a", Some(OutputPlace::Inside)),
        ("in/new/out", Some(OutputPlace::Inside)),
        ("link/new", Some(OutputPlace::Inside)),
        ("deep/new", Some(OutputPlace::Inside)),
        (".", Some(OutputPlace::Around)),
        ("", Some(OutputPlace::Around)),
        ("in-2", None),
        ("new/out", None),
    ] {
        assert_eq!(place(&listing, &disk.path(output)), expected, "{output}");
        if expected.is_some() {
            assert!(begin(&listing, &disk.path(output)).is_err());
        }
    }
    assert_eq!(state(&disk.input()), before);
}

#[test]
fn a_folder_that_holds_a_named_file_is_refused_and_one_beside_it_is_not() {
    let disk = Disk::new(&[("a.txt", "")]);
    let listing = walk(&[disk.path("in/a.txt")]).expect("a listing");
    assert_eq!(place(&listing, &disk.path("in")), Some(OutputPlace::Around));
    assert_eq!(place(&listing, &disk.path("in/out")), None);
}

#[test]
fn a_listing_knows_what_lies_in_it() {
    let disk = Disk::new(&[("a.txt", "")]);
    symlink("in", disk.path("link")).expect("a link");
    let file = walk(&[disk.path("in/a.txt")]).expect("a listing");
    assert!(file.holds(&disk.path("link/a.txt")) && !file.holds(&disk.path("in/b.txt")));
    let folder = disk.walk();
    for inside in ["in", "in/a.txt", "in/new.jsonl", "link/new.jsonl"] {
        assert!(folder.holds(&disk.path(inside)), "{inside}");
    }
    assert!(!folder.holds(&disk.path("new.jsonl")) && !folder.holds(&disk.path("in-2")));
}

#[test]
fn an_output_that_is_a_file_or_cannot_be_told_is_refused() {
    let disk = Disk::new(&[("a.txt", "")]);
    disk.put("file", "text");
    symlink("in/out", disk.path("dangling")).expect("a link");
    let before = state(&disk.input());
    let listing = disk.walk();
    assert!(matches!(refuse_place(&disk.path("file"), &listing), Err(RefusedOutput::NotAFolder(_))));
    assert!(matches!(refuse_place(&disk.path("file/out"), &listing), Err(RefusedOutput::Io(_))));
    assert!(matches!(refuse_place(&disk.path("new/../in/out"), &listing), Err(RefusedOutput::Io(_))));
    assert!(begin(&listing, &disk.path("dangling")).is_err());
    assert!(begin(&listing, &disk.path("dangling/below")).is_err());
    assert_eq!(state(&disk.input()), before);
    assert_eq!(disk.text("file"), "text");
}

#[test]
fn clashing_names_are_found_before_anything_is_written() {
    let disk = Disk::new(&[("a.txt", ""), ("a.0001.txt", "")]);
    let listing = disk.walk();
    let clashes = Plan::new(listing.files().map(|entry| entry.name.as_str())).expect_err("a clash");
    assert!(clashes.contains(&Clash::TwoSources { name: "a.0001.txt".into(), other: "a.txt".into() }), "{clashes:?}");
}
