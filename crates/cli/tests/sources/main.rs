//! Laws that the sources of the workspace keep: read, not run.

mod names;
mod visible;

use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files of the packages and what is in them, sorted, each by its path in the workspace.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |file: PathBuf| {
        let path = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        (path, fs::read_to_string(&file).expect("a source file can be read"))
    };
    source_files(&root).into_iter().map(read).collect()
}

/// All Rust files of the packages, sorted.
fn source_files(root: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("a source folder can be read");
        entries.map(|entry| entry.expect("an entry can be read").path()).collect()
    };
    let (mut files, mut folders) = (Vec::new(), vec![root.join("src")]);
    folders.extend(entries(&root.join("crates")).iter().map(|package| package.join("src")));
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
