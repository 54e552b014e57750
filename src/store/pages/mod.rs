//! Pages of versions: a row each, with the text in the row or the place of the text in a blob.

pub mod images;

use crate::domain::id::MaterialId;
use crate::domain::language::Language;
use crate::domain::page::{Block, Origin, Page, SURE, Scan as PageScan};
use crate::domain::text::decoding::Decodings;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record, versions};
use serde::{Deserialize, Serialize};

/// Where a page's content lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// In the row.
    Inline(Vec<Block>),
    /// In the blob that the version names: so many bytes of JSON from a place on.
    InBlob { offset: u64, len: u64 },
}

/// A page's row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageRow {
    pub number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    pub origin: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<PageScan>,
    #[serde(default, skip_serializing_if = "Decodings::is_empty")]
    pub decodings: Decodings,
    /// Words (syllables) parted by white space.
    pub word_count: u32,
    pub body: Body,
}

impl PageRow {
    /// The row of a page of some plain text, whose content lies in `body`.
    pub fn of(page: &Page, text: &str, body: Body) -> Self {
        let words = text.split_whitespace().count();
        Self {
            number: page.number,
            heading: page.heading.clone(),
            label: page.label.clone(),
            language: page.language.clone(),
            origin: page.origin,
            confidence: page.confidence,
            scan: page.scan.clone(),
            decodings: page.decodings.clone(),
            word_count: u32::try_from(words).unwrap_or(u32::MAX),
            body,
        }
    }

    /// Whether a person put the text right.
    pub fn is_corrected(&self) -> bool {
        self.origin == Origin::Corrected
    }

    /// Whether the text was recognised with too little certainty to be trusted unseen.
    pub fn is_unsure(&self) -> bool {
        self.origin == Origin::Ocr && self.confidence.is_some_and(|confidence| confidence < SURE)
    }

    /// The page that a row and its content make.
    pub fn into_page(self, blocks: Vec<Block>) -> Page {
        Page {
            number: self.number,
            heading: self.heading,
            label: self.label,
            blocks,
            language: self.language,
            origin: self.origin,
            confidence: self.confidence,
            scan: self.scan,
            decodings: self.decodings,
        }
    }
}

/// One page's row.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, material: MaterialId, version: u32, page: u32) -> Result<Option<PageRow>, StoreError> {
    let found = tx.get(Table::Pages, versions::key(material, version).u32(page).bytes())?;
    found.map(|bytes| record::decode(Table::Pages, &bytes)).transpose()
}

/// All rows of a version in order.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, material: MaterialId, version: u32) -> Result<Vec<PageRow>, StoreError> {
    let rows = tx.scan(Table::Pages, &Scan::prefix(versions::key(material, version).bytes()))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Pages, bytes)).collect()
}

/// The numbers and headings of those pages of a version that have a heading.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn headings(tx: &dyn ReadTx, material: MaterialId, version: u32) -> Result<Vec<(u32, String)>, StoreError> {
    #[derive(Deserialize)]
    struct Head {
        number: u32,
        heading: Option<String>,
    }
    let rows = tx.scan(Table::Pages, &Scan::prefix(versions::key(material, version).bytes()))?;
    let heads = rows.iter().map(|(_, bytes)| record::decode::<Head>(Table::Pages, bytes));
    let named = heads
        .filter_map(|head| head.map(|Head { number, heading }| heading.map(|heading| (number, heading))).transpose());
    named.collect()
}

/// The numbers of those pages of a version that are pictures, and how far each has been recognised.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn scans(tx: &dyn ReadTx, material: MaterialId, version: u32) -> Result<Vec<(u32, PageScan)>, StoreError> {
    #[derive(Deserialize)]
    struct Head {
        number: u32,
        scan: Option<PageScan>,
    }
    let rows = tx.scan(Table::Pages, &Scan::prefix(versions::key(material, version).bytes()))?;
    let heads = rows.iter().map(|(_, bytes)| record::decode::<Head>(Table::Pages, bytes));
    heads.filter_map(|head| head.map(|Head { number, scan }| scan.map(|scan| (number, scan))).transpose()).collect()
}

/// Puts one page in the place of the one with its number.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, material: MaterialId, version: u32, row: &PageRow) -> Result<(), StoreError> {
    let value = record::encode(Table::Pages, row)?;
    tx.put(Table::Pages, versions::key(material, version).u32(row.number).into_bytes(), value);
    Ok(())
}

/// What the text of pages was put right from.
pub fn decodings(rows: &[PageRow]) -> Decodings {
    rows.iter().flat_map(|row| row.decodings.iter()).collect()
}

/// Puts the pages of a version in the place of those that it had.
///
/// # Errors
/// When the engine fails.
pub fn put_all(tx: &mut WriteTx<'_>, material: MaterialId, version: u32, rows: &[PageRow]) -> Result<(), StoreError> {
    remove_all(tx, material, version)?;
    rows.iter().try_for_each(|row| put(tx, material, version, row))
}

/// Takes all pages of a version away.
///
/// # Errors
/// When the engine fails.
pub fn remove_all(tx: &mut WriteTx<'_>, material: MaterialId, version: u32) -> Result<(), StoreError> {
    for (key, _) in tx.scan(Table::Pages, &Scan::prefix(versions::key(material, version).bytes()))? {
        tx.remove(Table::Pages, key);
    }
    Ok(())
}
