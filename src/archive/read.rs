//! Reading an archive, entry by entry, against its own list.

use super::write::is_plain;
use super::{ArchiveError, Entry, Hashing, MANIFEST};
use std::io::{self, Read};
use tar::Archive;

/// The longest list: enough for millions of entries.
const MAX_MANIFEST_BYTES: u64 = 1 << 30;

/// Hands every entry to `take` (its name, its size, its content), and answers the hash of the list once all of them are
/// known to be what the list says. What was taken before is not to be relied on until then.
///
/// # Errors
/// `Truncated` or `Damaged`; or what `take` answers.
pub fn read<E: From<ArchiveError>>(
    archive: impl Read,
    mut take: impl FnMut(&str, u64, &mut dyn Read) -> Result<(), E>,
) -> Result<String, E> {
    let mut archive = Archive::new(archive);
    let mut found: Vec<Entry> = Vec::new();
    let entries = archive.entries().map_err(broken)?;
    for entry in entries {
        let mut entry = entry.map_err(broken)?;
        let name = name_of(&entry)?;
        let size_bytes = entry.size();
        if name == MANIFEST {
            let hash = check(&mut entry, size_bytes, &found)?;
            return Ok(hash);
        }
        let mut hashing = Hashing::new(&mut entry);
        let taken = take(&name, size_bytes, &mut hashing);
        // A content that broke off is the archive's fault, whatever its taker made of it.
        if let Some(error) = hashing.failed.take() {
            return Err(broken(error).into());
        }
        taken?;
        io::copy(&mut hashing, &mut io::sink()).map_err(broken)?;
        let (length, blake3) = (hashing.length, hashing.hash());
        if length != size_bytes {
            return Err(ArchiveError::Truncated.into());
        }
        found.push(Entry { name, size_bytes, blake3 });
    }
    Err(ArchiveError::Truncated.into())
}

fn name_of(entry: &tar::Entry<'_, impl Read>) -> Result<String, ArchiveError> {
    let name = entry.path().map_err(broken)?.to_string_lossy().into_owned();
    if entry.header().entry_type().is_file() && is_plain(&name) {
        Ok(name)
    } else {
        Err(ArchiveError::Damaged(format!("entry `{name}` is no plain file")))
    }
}

/// Compares the list with what was found; answers its hash.
fn check(list: &mut dyn Read, size_bytes: u64, found: &[Entry]) -> Result<String, ArchiveError> {
    let mut text = Vec::new();
    list.take(MAX_MANIFEST_BYTES).read_to_end(&mut text).map_err(broken)?;
    if u64::try_from(text.len()).ok() != Some(size_bytes) {
        return Err(ArchiveError::Truncated);
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let listed: Result<Vec<Entry>, _> = lines.map(serde_json::from_slice).collect();
    let listed = listed.map_err(|error| ArchiveError::Damaged(format!("the list: {error}")))?;
    if let Some((_, entry)) = listed.iter().zip(found).find(|(listed, found)| listed != found) {
        return Err(ArchiveError::Damaged(format!("`{}` is not what the list says", entry.name)));
    }
    if listed.len() != found.len() {
        return Err(ArchiveError::Damaged("entries are missing or too many".to_owned()));
    }
    Ok(blake3::hash(&text).to_hex().to_string())
}

/// What a failure of the tar reader means: it tells a cut file as an unexpected end or as a header of nonsense.
fn broken(error: io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ArchiveError::Truncated,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            ArchiveError::Damaged(error.to_string())
        }
        _ => ArchiveError::Io(error),
    }
}
