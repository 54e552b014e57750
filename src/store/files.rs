//! Files of versions, and who uses which blob.

use super::key::{Key, uuid_at};
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, WriteTx, record, versions};
use crate::domain::file::File;
use crate::domain::id::{BlobHash, FileId, MaterialId};
use std::collections::BTreeSet;

/// A hash in a key: 64 digits and the closing zero byte.
const HASH_BYTES: usize = 64;

fn key(id: FileId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

fn place(file: &File) -> Vec<u8> {
    versions::key(file.material, file.version).uuid(file.id.0).into_bytes()
}

/// The file with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: FileId) -> Result<Option<File>, StoreError> {
    tx.get(Table::Files, &key(id))?.map(|bytes| record::decode(Table::Files, &bytes)).transpose()
}

/// Puts a file and notes its blob.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, file: &File) -> Result<(), StoreError> {
    let row = record::encode(Table::Files, file)?;
    tx.put(Table::Files, key(file.id), row);
    tx.put(Table::VersionFiles, place(file), Vec::new());
    use_blob(tx, &file.blob, &key(file.id));
    Ok(())
}

/// Takes a file's row away and releases its blob.
pub fn remove(tx: &mut WriteTx<'_>, file: &File) {
    tx.remove(Table::Files, key(file.id));
    tx.remove(Table::VersionFiles, place(file));
    release_blob(tx, &file.blob, &key(file.id));
}

/// The files of a version, in the order in which they were added.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, material: MaterialId, version: u32) -> Result<Vec<File>, StoreError> {
    let prefix = versions::key(material, version);
    let mut found = Vec::new();
    for (place, _) in tx.scan(Table::VersionFiles, &Scan::prefix(prefix.bytes()))? {
        if let Some(id) = uuid_at(&place, prefix.bytes().len()) {
            found.extend(get(tx, FileId(id))?);
        }
    }
    Ok(found)
}

fn usage(blob: &BlobHash, user: &[u8]) -> Vec<u8> {
    let mut key = Key::new().text(blob.as_str()).into_bytes();
    key.extend(user);
    key
}

pub(super) fn use_blob(tx: &mut WriteTx<'_>, blob: &BlobHash, user: &[u8]) {
    tx.put(Table::BlobUses, usage(blob, user), Vec::new());
}

pub(super) fn release_blob(tx: &mut WriteTx<'_>, blob: &BlobHash, user: &[u8]) {
    tx.remove(Table::BlobUses, usage(blob, user));
}

/// How many rows are read at once while adding up.
const TOTAL_STEP: usize = 2_000;

/// How many files there are, and their bytes together; a blob that two files share counts twice.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn total(tx: &dyn ReadTx) -> Result<(usize, u64), StoreError> {
    let (mut count, mut bytes, mut after) = (0, 0_u64, None);
    loop {
        let scan = after.map_or_else(Scan::all, |key| Scan::all().after(key)).limit(TOTAL_STEP);
        let rows = tx.scan(Table::Files, &scan)?;
        let Some((last, _)) = rows.last() else { return Ok((count, bytes)) };
        after = Some(last.clone());
        for (_, row) in &rows {
            let file: File = record::decode(Table::Files, row)?;
            count += 1;
            bytes = bytes.saturating_add(file.size_bytes);
        }
    }
}

/// Whether any file or version uses a blob.
///
/// # Errors
/// When the engine fails.
pub fn is_blob_in_use(tx: &dyn ReadTx, blob: &BlobHash) -> Result<bool, StoreError> {
    let uses = tx.scan(Table::BlobUses, &Scan::prefix(&usage(blob, &[])).limit(1))?;
    Ok(!uses.is_empty())
}

/// The files that have a blob's bytes.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_blob(tx: &dyn ReadTx, blob: &BlobHash) -> Result<Vec<File>, StoreError> {
    let prefix = usage(blob, &[]);
    let mut found = Vec::new();
    for (key, _) in tx.scan(Table::BlobUses, &Scan::prefix(&prefix))? {
        // Versions use blobs, too, under longer keys.
        let id = uuid_at(&key, prefix.len()).filter(|_| key.len() == prefix.len() + 16);
        if let Some(id) = id {
            found.extend(get(tx, FileId(id))?);
        }
    }
    Ok(found)
}

/// Every blob that a file or a version uses.
///
/// # Errors
/// When the engine fails.
pub fn blobs_in_use(tx: &dyn ReadTx) -> Result<BTreeSet<BlobHash>, StoreError> {
    let uses = tx.scan(Table::BlobUses, &Scan::all())?;
    let hashes = uses.iter().filter_map(|(key, _)| std::str::from_utf8(key.get(..HASH_BYTES)?).ok());
    Ok(hashes.filter_map(|text| BlobHash::parse(text).ok()).collect())
}
