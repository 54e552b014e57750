//! Pictures of pages as readers are shown them: drawn once, kept as blobs.

use crate::domain::id::{BlobHash, MaterialId};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, files, record, versions};
use serde::{Deserialize, Serialize};

/// What came of drawing a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageImageRow {
    /// Absent where the page cannot be drawn: nobody then waits for another attempt.
    pub image: Option<PageImage>,
}

/// A picture that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageImage {
    pub blob: BlobHash,
    pub size_bytes: u64,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

fn key(material: MaterialId, version: u32, page: u32) -> Vec<u8> {
    versions::key(material, version).u32(page).into_bytes()
}

/// What came of drawing a page; nothing where nobody has asked for it.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, material: MaterialId, version: u32, page: u32) -> Result<Option<PageImageRow>, StoreError> {
    let found = tx.get(Table::PageImages, &key(material, version, page))?;
    found.map(|bytes| record::decode(Table::PageImages, &bytes)).transpose()
}

/// Puts what came of drawing a page, in the place of what was there, and notes its blob.
///
/// # Errors
/// When the engine fails or the row cannot be written.
pub fn put(
    tx: &mut WriteTx<'_>,
    material: MaterialId,
    version: u32,
    page: u32,
    row: &PageImageRow,
) -> Result<(), StoreError> {
    let key = key(material, version, page);
    if let Some(old) = get(tx, material, version, page)?.and_then(|old| old.image) {
        files::release_blob(tx, &old.blob, &key);
    }
    if let Some(image) = &row.image {
        files::use_blob(tx, &image.blob, &key);
    }
    let value = record::encode(Table::PageImages, row)?;
    tx.put(Table::PageImages, key, value);
    Ok(())
}

/// Takes the pictures of a version away and releases their blobs.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn remove_all(tx: &mut WriteTx<'_>, material: MaterialId, version: u32) -> Result<(), StoreError> {
    for (key, bytes) in tx.scan(Table::PageImages, &Scan::prefix(versions::key(material, version).bytes()))? {
        let row: PageImageRow = record::decode(Table::PageImages, &bytes)?;
        if let Some(image) = row.image {
            files::release_blob(tx, &image.blob, &key);
        }
        tx.remove(Table::PageImages, key);
    }
    Ok(())
}
