//! Where outputs may not go.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::error::{OutputPlace, RefusedOutput};
use crate::disk::IoFault;
use crate::disk::walk::Listing;

/// Refuses an output folder that is an input, lies in one or holds one, by whatever links, and one that is a
/// file. Changes nothing.
///
/// # Errors
/// When the folder is refused.
pub fn refuse_place(folder: &Path, listing: &Listing) -> Result<(), RefusedOutput> {
    let output = canonical(folder).map_err(|error| IoFault::new("use", folder, error))?;
    if fs::metadata(&output).is_ok_and(|metadata| !metadata.is_dir()) {
        return Err(RefusedOutput::NotAFolder(folder.to_path_buf()));
    }
    let above: Vec<_> = output.ancestors().map(identity).collect();
    let refused = |input: &Path, place| Err(RefusedOutput::Place { output: folder.to_path_buf(), input: input.to_path_buf(), place });
    for (named, input) in &listing.inputs {
        let input_identity = identity(input);
        let covers = |above: &Option<_>| above.is_some() && *above == input_identity;
        if output == *input || above.first().is_some_and(covers) {
            return refused(named, OutputPlace::Equal);
        }
        if output.starts_with(input) || above.iter().any(covers) {
            return refused(named, OutputPlace::Inside);
        }
        if input.starts_with(&output) {
            return refused(named, OutputPlace::Around);
        }
    }
    // The same folder may be mounted twice: then only its identity tells.
    let folders: BTreeSet<&Path> = listing.inputs.iter().flat_map(|(_, input)| input.ancestors().skip(1)).collect();
    match folders.into_iter().find(|folder| above[0].is_some() && identity(folder) == above[0]) {
        Some(input) => refused(input, OutputPlace::Around),
        None => Ok(()),
    }
}

/// The canonical form of a folder that may not exist yet.
fn canonical(folder: &Path) -> io::Result<PathBuf> {
    let mut missing = folder;
    let mut found = canonical_or_here(folder);
    while found.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        let Some(above) = missing.parent() else { break };
        missing = above;
        found = canonical_or_here(above);
    }
    let rest = folder.strip_prefix(missing).unwrap_or(Path::new(""));
    if rest.components().any(|part| part == Component::ParentDir) {
        return Err(io::Error::new(io::ErrorKind::NotFound, "a part of it before .. does not exist"));
    }
    // Joined to nothing a path would get a slash at its end.
    if rest.as_os_str().is_empty() { found } else { found.map(|found| found.join(rest)) }
}

fn canonical_or_here(path: &Path) -> io::Result<PathBuf> {
    if path.as_os_str().is_empty() { Path::new(".").canonicalize() } else { path.canonicalize() }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Paths are compared all the same.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}
