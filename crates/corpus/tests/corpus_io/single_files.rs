use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;

use emendo_corpus::disk::write_whole;

use crate::disk::{Disk, tree};

#[test]
fn a_file_is_replaced_whole_also_through_a_link() {
    let disk = Disk::new(&[]);
    disk.put("old", "old");
    symlink("old", disk.path("link")).expect("a link");
    write_whole(&disk.path("new"), b"new").expect("written");
    write_whole(&disk.path("link"), b"newer").expect("written");
    disk.put("plain", "");
    assert_eq!((disk.text("new"), disk.text("old")), ("new".into(), "newer".into()));
    assert!(fs::symlink_metadata(disk.path("link")).expect("metadata").is_symlink());
    assert_eq!(disk.mode("new"), disk.mode("plain"));
    assert_eq!(tree(&disk.path("")).len(), 5, "nothing else is left");
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    write_whole(Path::new("/dev/null"), b"text").expect("written");
    assert!(fs::metadata("/dev/null").expect("metadata").file_type().is_char_device());
}

#[test]
fn a_full_disk_is_named() {
    let error = write_whole(Path::new("/dev/full"), b"text").expect_err("full").to_string();
    assert!(error.contains("/dev/full") && error.contains("the disk is full; make room"), "{error}");
}

#[test]
fn a_folder_or_a_file_in_no_folder_is_an_error() {
    let disk = Disk::new(&[]);
    assert!(write_whole(&disk.path("no/folder"), b"").is_err());
    assert!(write_whole(&disk.input(), b"").is_err());
}
