//! Checking a file before anything names it: its kind by its content, its length by its kind, and whether it is infected.

use crate::actions::{ActionError, Context};
use crate::antivirus::Verdict;
use crate::blobs::{BlobError, Stored};
use crate::domain::file::File;
use crate::domain::id::{FileId, MaterialId};
use crate::domain::upload::{is_media, is_named_as_media};
use crate::extract;
use std::fs;
use std::io::{Seek, SeekFrom};

/// Why a file is not taken: a stable code, and words for whoever brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::actions) struct Refusal {
    pub(in crate::actions) code: &'static str,
    pub(in crate::actions) message: String,
}

impl From<Refusal> for ActionError {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid { field: "file", code: refusal.code, reason: refusal.message }
    }
}

/// The refusal of a file that has more bytes than its kind may have.
pub(in crate::actions) fn too_large(limit_bytes: u64) -> Refusal {
    let message =
        format!("Tệp lớn hơn giới hạn {} MB. Hãy chia nhỏ tệp hoặc giảm cỡ ảnh bên trong.", limit_bytes >> 20);
    Refusal { code: "file-too-large", message }
}

/// The most bytes that a file of this name may have; its content has the last word.
pub(in crate::actions) fn limit_for(context: &Context, name: &str) -> u64 {
    let bounds = &context.bounds;
    if is_named_as_media(name) { bounds.uploads.media_bytes.max(bounds.file_bytes) } else { bounds.file_bytes }
}

/// Checks a file and has it stored by `keep`, which is told the most bytes; blocks. The outer error is the machine's,
/// the inner one the file's own. The file belongs to no material yet.
pub(in crate::actions) fn check(
    context: &Context,
    content: &mut fs::File,
    name: &str,
    keep: impl FnOnce(&mut fs::File, u64) -> Result<Stored, BlobError>,
) -> Result<Result<File, Refusal>, ActionError> {
    let (size_bytes, most) = (content.metadata()?.len(), limit_for(context, name));
    if size_bytes > most {
        return Ok(Err(too_large(most)));
    }
    let media_type = match extract::media_type_of(content, name) {
        Ok(media_type) => media_type,
        Err(error) => return Ok(Err(Refusal { code: error.code(), message: error.message_vi() })),
    };
    let bounds = &context.bounds;
    let limit = if is_media(&media_type) { bounds.uploads.media_bytes } else { bounds.file_bytes };
    if size_bytes > limit {
        return Ok(Err(too_large(limit)));
    }
    if let Err(refusal) = scan(context, content)? {
        return Ok(Err(refusal));
    }
    match keep(content, limit) {
        Ok(stored) => Ok(Ok(File {
            id: FileId(context.clock.fresh_id()),
            material: MaterialId(uuid::Uuid::nil()),
            version: 0,
            name: name.to_owned(),
            media_type,
            size_bytes: stored.size_bytes,
            blob: stored.hash,
        })),
        Err(BlobError::TooLarge { limit_bytes }) => Ok(Err(too_large(limit_bytes))),
        Err(error) => Err(error.into()),
    }
}

/// Asks the scanner, where there is one, and leaves the file at its beginning.
fn scan(context: &Context, content: &mut fs::File) -> Result<Result<(), Refusal>, ActionError> {
    let Some(scanner) = &context.antivirus else { return Ok(Ok(())) };
    let verdict = scanner.scan(content);
    content.seek(SeekFrom::Start(0))?;
    let refuse = |code, message: String| Ok(Err(Refusal { code, message }));
    match verdict {
        Verdict::Clean => Ok(Ok(())),
        Verdict::Infected(found) => {
            tracing::warn!(found, "an infected file was refused");
            let message = "Phần mềm diệt vi-rút báo tệp bị nhiễm mã độc, nên tệp không được nhận. Hãy quét máy của bạn rồi dùng một bản sạch.";
            refuse("file-infected", message.to_owned())
        }
        Verdict::Unknown(cause) if scanner.is_required() => {
            tracing::error!(cause, "the virus scanner gave no verdict; a file was refused");
            let message = "Chưa kiểm tra được vi-rút nên tạm thời chưa nhận tệp. Hãy thử lại sau; nếu vẫn không được, hãy báo cho quản trị viên.";
            refuse("antivirus-unavailable", message.to_owned())
        }
        Verdict::Unknown(cause) => {
            tracing::warn!(cause, "the virus scanner gave no verdict; a file was let through");
            Ok(Ok(()))
        }
    }
}
