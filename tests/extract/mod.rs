//! Reading text out of files, friendly and hostile, by the real program as a child.

mod formats;
mod hostile;
mod limits;
mod old;
mod plain;
mod recognition;
mod scans;

use crate::support::program::PROGRAM;
use hoclieu::domain::page::{Block, Page};
use hoclieu::extract::{ExtractError, Extracted, Extractor, Limits};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file of `tests/fixtures/files/`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/files").join(name)
}

fn extractor(limits: Limits) -> Extractor {
    Extractor::with_program(PROGRAM, limits)
}

/// Reads a fixture with the usual limits.
async fn read(name: &str) -> Result<Extracted, ExtractError> {
    let file = File::open(fixture(name)).unwrap();
    let size = file.metadata().unwrap().len();
    extractor(Limits::default()).extract(file, size, name).await
}

/// Reads bytes that were never in a file of that name.
async fn read_bytes(bytes: &[u8], name: &str, limits: Limits) -> Result<Extracted, ExtractError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    extractor(limits).extract(file, u64::try_from(bytes.len()).unwrap(), name).await
}

/// The code that reading these bytes ends with.
async fn code(bytes: &[u8], name: &str) -> &'static str {
    read_bytes(bytes, name, Limits::default()).await.map_or_else(|error| error.code(), |_| "read")
}

fn text(extracted: &Extracted) -> String {
    extracted.pages.iter().map(Page::text).collect::<Vec<_>>().join("\n")
}

/// Headings with their levels, as `2 Nhận biết`.
fn headings(extracted: &Extracted) -> Vec<String> {
    let blocks = extracted.pages.iter().flat_map(|page| &page.blocks);
    blocks
        .filter_map(|block| match block {
            Block::Heading { level, text } => Some(format!("{level} {text}")),
            _ => None,
        })
        .collect()
}

/// The first table: whether it has a header, and its rows with cells parted by `|`.
#[track_caller]
fn table(extracted: &Extracted) -> (bool, Vec<String>) {
    let mut blocks = extracted.pages.iter().flat_map(|page| &page.blocks);
    let found = blocks.find_map(|block| match block {
        Block::Table { header, rows } => Some((*header, rows.iter().map(|row| row.join("|")).collect())),
        _ => None,
    });
    found.expect("a table")
}

/// The items of all lists.
fn items(extracted: &Extracted) -> Vec<&str> {
    let blocks = extracted.pages.iter().flat_map(|page| &page.blocks);
    blocks
        .filter_map(|block| match block {
            Block::ListItem { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}
