//! Electronic books: each chapter begins a page.

use crate::extract::archive::Archive;
use crate::extract::content::{Content, Draft};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::read::html;
use rbook::Epub;
use std::io::Cursor;

/// Reads an EPUB.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    Archive::open(bytes, limits)?;
    let book = Epub::options()
        .strict(false)
        .read(Cursor::new(bytes.to_vec()))
        .map_err(|error| ExtractError::FileDamaged(error.to_string()))?;
    let mut drafts = Vec::new();
    for chapter in book.reader() {
        let chapter = chapter.map_err(|error| ExtractError::FileDamaged(error.to_string()))?;
        let (_, blocks) = html::read_whole(chapter.content());
        drafts.push(Draft::of(blocks));
    }
    let title = book.metadata().title().map(|title| title.value().to_owned());
    Ok(Content::sections(title, drafts))
}
