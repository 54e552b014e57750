//! Writing an archive.

use super::{ArchiveError, Entry, Hashing, MANIFEST};
use std::io::{self, Read, Write};
use std::path::{Component, Path};
use tar::{Builder, Header};

/// An archive under way.
pub struct Writer<W: Write> {
    tar: Builder<W>,
    at_seconds: u64,
    entries: Vec<Entry>,
}

/// Whether a name stays within the folder that an archive is unpacked to.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

impl<W: Write> Writer<W> {
    /// Begins an archive; every entry bears the given time, in seconds since 1970.
    pub fn new(out: W, at_seconds: u64) -> Self {
        Self { tar: Builder::new(out), at_seconds, entries: Vec::new() }
    }

    /// Adds an entry out of memory.
    ///
    /// # Errors
    /// When it cannot be written, or its name would lead elsewhere.
    pub fn add(&mut self, name: &str, mut content: &[u8]) -> Result<&Entry, ArchiveError> {
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        self.add_stream(name, size, &mut content)
    }

    /// Adds an entry of a known size.
    ///
    /// # Errors
    /// The same; and when the content is shorter or longer than it was said to be.
    pub fn add_stream(&mut self, name: &str, size_bytes: u64, content: &mut dyn Read) -> Result<&Entry, ArchiveError> {
        if !is_plain(name) {
            return Err(ArchiveError::Damaged(format!("entry `{name}` would lead elsewhere")));
        }
        let mut header = Header::new_gnu();
        header.set_size(size_bytes);
        header.set_mode(0o600);
        header.set_mtime(self.at_seconds);
        let mut hashing = Hashing::new(content);
        self.tar.append_data(&mut header, name, &mut hashing)?;
        if hashing.length != size_bytes {
            let kind = io::ErrorKind::UnexpectedEof;
            return Err(io::Error::new(kind, format!("{name} changed while it was read")).into());
        }
        let blake3 = hashing.hash();
        self.entries.push(Entry { name: name.to_owned(), size_bytes, blake3 });
        self.entries.last().ok_or(ArchiveError::Truncated)
    }

    /// Writes the list; answers what was written to and the list's hash, which stands for the whole archive.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<(W, String), ArchiveError> {
        let mut list = Vec::new();
        for entry in &self.entries {
            serde_json::to_writer(&mut list, entry).map_err(io::Error::other)?;
            list.push(b'\n');
        }
        let hash = self.add(MANIFEST, &list)?.blake3.clone();
        Ok((self.tar.into_inner()?, hash))
    }
}
