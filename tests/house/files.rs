//! The project's own files, as the checks of the house read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The project's root.
pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder (or the one file) with one of the endings, by its path from the root; build output is
/// passed over.
pub(super) fn below(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let place = root().join(folder);
    if place.is_file() {
        found.push((folder.to_owned(), fs::read_to_string(&place).expect("UTF-8")));
    } else {
        collect(&place, endings, &mut found);
    }
    found.sort();
    assert!(!found.is_empty(), "no files below {folder}");
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder of the project").map_while(Result::ok) {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "target" || name.starts_with(".git") && name != ".gitignore" {
            continue;
        }
        if path.is_dir() {
            collect(&path, endings, found);
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let relative = path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
            found.push((relative, fs::read_to_string(&path).expect("UTF-8")));
        }
    }
}
