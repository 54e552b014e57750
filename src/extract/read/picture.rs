//! Pictures as files: their pages wait for recognition.

use crate::domain::page::Scan;
use crate::extract::content::{Content, Draft};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::picture;

/// Reads a picture; one that cannot be decoded here is kept, and its page says so.
pub(super) fn read(bytes: &[u8], media_type: &str, limits: &Limits) -> Result<Content, ExtractError> {
    let count = picture::pages(bytes, media_type, limits.pages)?;
    let scan = match picture::check(bytes, media_type) {
        Ok(()) => Scan::Waiting,
        Err(error @ ExtractError::PictureUnsupported { .. }) => {
            Scan::Failed { code: error.code().to_owned(), message: error.message_vi() }
        }
        Err(error) => return Err(error),
    };
    let page = |_| Draft { scan: Some(scan.clone()), ..Draft::default() };
    Ok(Content::pages(None, (0..count).map(page).collect()))
}
