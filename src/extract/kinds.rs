//! What callers ask about kinds of files before and after an extraction.

use super::detect::{Format, detect};
use super::error::ExtractError;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Packed files name their parts in their first megabyte at the latest when they are documents.
const HEAD_BYTES: u64 = 1 << 20;

/// Tells the media type of a file by its content, and leaves it at its beginning.
///
/// # Errors
/// `FileEmpty` for one without bytes, `FileUnsupported` for what the library does not take, `FileEncrypted`.
pub fn media_type_of(file: &mut File, name: &str) -> Result<String, ExtractError> {
    let mut head = Vec::new();
    let damaged = |error: std::io::Error| ExtractError::FileDamaged(error.to_string());
    Read::by_ref(file).take(HEAD_BYTES).read_to_end(&mut head).map_err(damaged)?;
    file.seek(SeekFrom::Start(0)).map_err(damaged)?;
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(ExtractError::FileEmpty);
    }
    let found = detect(&head, name);
    match found.format {
        Format::Encrypted => Err(ExtractError::FileEncrypted),
        Format::Archive | Format::Program | Format::Unknown => {
            Err(ExtractError::FileUnsupported { media_type: found.media_type })
        }
        _ => Ok(found.media_type),
    }
}

/// Whether text can be looked for in files of a media type.
pub fn has_text(media_type: &str) -> bool {
    !media_type.starts_with("audio/") && !media_type.starts_with("video/")
}

impl ExtractError {
    /// Whether another attempt may go better: the machine failed, not the file.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::ExtractionUnavailable(_) | Self::OcrInterrupted(_) | Self::OcrUnavailable(_))
    }
}
