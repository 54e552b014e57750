//! Archives of a backup: a plain tar whose last entry lists all others with their hashes.
//!
//! Written and read as a stream, so that neither side holds more than a piece in memory. What is cut short lacks the
//! list, what was changed does not fit it.

mod read;
mod write;

pub use read::read;
pub use write::Writer;

use serde::{Deserialize, Serialize};
use std::io::{self, Read};

/// The last entry: one JSON line for each entry before it.
pub const MANIFEST: &str = "manifest.jsonl";

/// One entry of an archive, as its list names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub size_bytes: u64,
    /// BLAKE3 of the content, hexadecimal.
    pub blake3: String,
}

/// Says why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It ends before its list, or within an entry.
    #[error("the archive is cut short")]
    Truncated,
    /// Its entries are not those of its list, or it is no such archive at all.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// A reader that hashes and counts what passes, and remembers its own failure.
struct Hashing<'a> {
    content: &'a mut dyn Read,
    hasher: blake3::Hasher,
    length: u64,
    failed: Option<io::Error>,
}

impl<'a> Hashing<'a> {
    fn new(content: &'a mut dyn Read) -> Self {
        Self { content, hasher: blake3::Hasher::new(), length: 0, failed: None }
    }

    fn hash(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}

impl Read for Hashing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.content.read(buffer) {
            Ok(count) => {
                self.hasher.update(buffer.get(..count).unwrap_or_default());
                self.length += u64::try_from(count).unwrap_or(u64::MAX);
                Ok(count)
            }
            Err(error) => {
                self.failed = Some(io::Error::new(error.kind(), error.to_string()));
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), 0);
        writer.add("mot.txt", b"lua").unwrap();
        writer.add_stream("hai/ba.bin", 300_000, &mut io::repeat(7).take(300_000)).unwrap();
        writer.finish().unwrap().0
    }

    fn entries(bytes: &[u8]) -> Result<Vec<(String, usize)>, ArchiveError> {
        let mut found = Vec::new();
        read(bytes, |name, _size, content| {
            let mut all = Vec::new();
            content.read_to_end(&mut all)?;
            found.push((name.to_owned(), all.len()));
            Ok::<_, ArchiveError>(())
        })?;
        Ok(found)
    }

    #[test]
    fn what_was_put_in_comes_out_and_an_unread_rest_does_no_harm() {
        assert_eq!(entries(&archive()).unwrap(), [("mot.txt".to_owned(), 3), ("hai/ba.bin".to_owned(), 300_000)]);
        assert!(read(archive().as_slice(), |_, _, _| Ok::<_, ArchiveError>(())).is_ok());
    }

    #[test]
    fn an_archive_cut_anywhere_is_refused() {
        let whole = archive();
        // The closing blocks of zeros carry nothing.
        let end = whole.iter().rposition(|byte| *byte != 0).unwrap();
        for length in (0..end).step_by(997) {
            assert!(entries(&whole[..length]).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn an_archive_changed_anywhere_that_matters_is_refused() {
        let whole = archive();
        for place in [0, 3, 512, 514, 1536 + 10, 1536 + 299_000] {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            assert!(entries(&changed).is_err(), "changed at {place}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_and_links_are_refused() {
        for name in ["../ra-ngoai", "/etc/passwd", "a/../../b", ""] {
            let mut writer = Writer::new(Vec::new(), 0);
            assert!(writer.add(name, b"x").is_err(), "{name}");
        }
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        tar.append_link(&mut header, "lien-ket", "/etc/passwd").unwrap();
        assert!(matches!(entries(&tar.into_inner().unwrap()), Err(ArchiveError::Damaged(_))));
    }
}
