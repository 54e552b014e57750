//! Packed files (zip): guarded against bombs before any library sees them.

use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A packed file whose entries fit the limits.
pub(super) struct Archive<'a> {
    inner: ZipArchive<Cursor<&'a [u8]>>,
    limit_bytes: u64,
}

impl<'a> Archive<'a> {
    /// Opens a packed file and inflates every entry once into nothing, to learn what it really unpacks to.
    ///
    /// Sizes written in the file may lie, so they are not trusted; the count stops at the limit.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ExtractError> {
        let limit_bytes = limits.unpacked_bytes;
        let mut inner = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if inner.len() > limits.archive_entries {
            return Err(ExtractError::FileInflates { limit_bytes });
        }
        let mut left = limit_bytes;
        for index in 0..inner.len() {
            let entry = inner.by_index_raw(index).map_err(|error| damaged(&error))?;
            if entry.encrypted() {
                return Err(ExtractError::FileEncrypted);
            }
            if entry.size() > left {
                return Err(ExtractError::FileInflates { limit_bytes });
            }
            drop(entry);
            let entry = inner.by_index(index).map_err(|error| damaged(&error))?;
            let mut taken = entry.take(left.saturating_add(1));
            let size = std::io::copy(&mut taken, &mut std::io::sink()).map_err(|error| damaged(&error))?;
            left = left.checked_sub(size).ok_or(ExtractError::FileInflates { limit_bytes })?;
        }
        Ok(Self { inner, limit_bytes })
    }

    /// The bytes of one entry; `None` when there is no such entry.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ExtractError> {
        let Ok(entry) = self.inner.by_name(name) else { return Ok(None) };
        let mut bytes = Vec::new();
        entry.take(self.limit_bytes).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        Ok(Some(bytes))
    }
}

fn damaged(error: &dyn std::fmt::Display) -> ExtractError {
    ExtractError::FileDamaged(format!("zip: {error}"))
}

/// The text of the first entry when it has this name and is stored unpacked, as EPUB and `OpenDocument` ask for.
pub(super) fn first_entry_text(bytes: &[u8], name: &[u8]) -> Option<String> {
    let length = |at: usize| Some(usize::from(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])));
    let (name_length, extra_length) = (length(26)?, length(28)?);
    if bytes.get(30..30 + name_length)? != name {
        return None;
    }
    let start = 30 + name_length + extra_length;
    let stored = bytes.get(start..(start + 100).min(bytes.len()))?;
    let text: Vec<u8> = stored.iter().copied().take_while(u8::is_ascii_graphic).collect();
    // The next entry's signature "PK" may follow at once.
    String::from_utf8(text).ok().map(|text| text.trim_end_matches("PK").to_owned())
}
