//! Generations of the index on disk: built beside, named by a pointer file, swapped by renaming it.

use super::{SearchError, options};
use hoclieu_index::Library;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file that names the generation in use.
const POINTER: &str = "current";

/// The generation that the pointer names, opened; `None` when there is none or it was made by another schema.
pub(super) fn open_current(folder: &Path, writer_memory_bytes: usize) -> Result<Option<Library>, SearchError> {
    let Ok(name) = fs::read_to_string(folder.join(POINTER)) else { return Ok(None) };
    let path = folder.join(name.trim());
    if !is_generation_name(name.trim()) || !path.is_dir() {
        return Ok(None);
    }
    match Library::open(&path, options(writer_memory_bytes)) {
        Ok(library) => Ok(Some(library)),
        Err(hoclieu_index::Error::FingerprintMismatch { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A new, empty generation beside the others; not yet pointed to.
pub(super) fn create(folder: &Path, writer_memory_bytes: usize) -> Result<(PathBuf, Library), SearchError> {
    fs::create_dir_all(folder)?;
    let highest = numbers(folder)?.into_iter().max().unwrap_or(0);
    let path = folder.join(format!("g{:06}", highest + 1));
    fs::create_dir(&path)?;
    let library = Library::open(&path, options(writer_memory_bytes))?;
    Ok((path, library))
}

/// Points to `generation` and removes the others.
pub(super) fn publish(folder: &Path, generation: &Path) -> Result<(), SearchError> {
    let name = generation.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let fresh = folder.join("current.new");
    let mut file = fs::File::create(&fresh)?;
    file.write_all(name.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, folder.join(POINTER))?;
    fs::File::open(folder)?.sync_all()?;
    remove_others(folder, name)
}

/// Removes every generation but the one named `keep`: half-built ones of a process that was killed among them.
pub(super) fn remove_others(folder: &Path, keep: &str) -> Result<(), SearchError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| is_generation_name(name) && name != keep) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn numbers(folder: &Path) -> Result<Vec<u32>, SearchError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        found.extend(
            name.to_str().and_then(|name| name.strip_prefix('g')).and_then(|digits| digits.parse::<u32>().ok()),
        );
    }
    Ok(found)
}

fn is_generation_name(name: &str) -> bool {
    name.strip_prefix('g').is_some_and(|digits| digits.len() == 6 && digits.chars().all(|c| c.is_ascii_digit()))
}
