//! Given pages as rows, and what their text tells.

use crate::domain::language::Language;
use crate::domain::page::Page;
use crate::extract;
use crate::store::pages::{Body, PageRow};

/// The row of a given page, and how many bytes of text it has.
pub(super) fn page_row(mut page: Page) -> (PageRow, usize) {
    let text = page.text();
    let blocks = std::mem::take(&mut page.blocks);
    let mut row = PageRow::of(&page, &text, Body::Inline(blocks));
    row.language = row.language.or_else(|| extract::language_of(&text));
    (row, text.len())
}

/// The languages of given pages, each once; undetermined when none is sure.
pub(super) fn languages(rows: &[PageRow]) -> Vec<Language> {
    let mut found: Vec<Language> = Vec::new();
    for language in rows.iter().filter_map(|row| row.language.as_ref()) {
        if !found.contains(language) {
            found.push(language.clone());
        }
    }
    if found.is_empty() { vec![Language::undetermined()] } else { found }
}
