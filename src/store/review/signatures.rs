//! Signatures of texts, and under which keys nearly the same ones are found.

use crate::domain::id::MaterialId;
use crate::domain::text::likeness::Signature;
use crate::store::key::{Key, u32_at, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record, versions};
use serde::{Deserialize, Serialize};

/// A signature's row.
#[derive(Serialize, Deserialize)]
struct Row {
    signature: Signature,
}

/// The identifier and the number in a key.
const KEY_BYTES: usize = 8;
const ID_BYTES: usize = 16;

fn places(material: MaterialId, version: u32, signature: &Signature) -> Vec<Vec<u8>> {
    let place = |key: u64| Key::new().u64(key).uuid(material.0).u32(version).into_bytes();
    signature.keys().into_iter().map(place).collect()
}

/// The signature of a version's text, where one was made.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, material: MaterialId, version: u32) -> Result<Option<Signature>, StoreError> {
    let found = tx.get(Table::Signatures, versions::key(material, version).bytes())?;
    let row: Option<Row> = found.map(|bytes| record::decode(Table::Signatures, &bytes)).transpose()?;
    Ok(row.map(|row| row.signature))
}

/// Puts a version's signature in the place of the one that it had.
///
/// # Errors
/// When the engine fails.
pub fn put(tx: &mut WriteTx<'_>, material: MaterialId, version: u32, signature: &Signature) -> Result<(), StoreError> {
    remove(tx, material, version)?;
    for place in places(material, version, signature) {
        tx.put(Table::SignatureKeys, place, Vec::new());
    }
    let row = record::encode(Table::Signatures, &Row { signature: signature.clone() })?;
    tx.put(Table::Signatures, versions::key(material, version).into_bytes(), row);
    Ok(())
}

/// Takes a version's signature away.
///
/// # Errors
/// When the engine fails.
pub(in crate::store) fn remove(tx: &mut WriteTx<'_>, material: MaterialId, version: u32) -> Result<(), StoreError> {
    if let Some(signature) = get(tx, material, version)? {
        for place in places(material, version, &signature) {
            tx.remove(Table::SignatureKeys, place);
        }
        tx.remove(Table::Signatures, versions::key(material, version).into_bytes());
    }
    Ok(())
}

/// The versions that share a key with a signature, the same ones among them; of each key `limit` at most.
///
/// # Errors
/// When the engine fails.
pub fn candidates(tx: &dyn ReadTx, signature: &Signature, limit: usize) -> Result<Vec<(MaterialId, u32)>, StoreError> {
    let mut found = Vec::new();
    for key in signature.keys() {
        let scan = Scan::prefix(Key::new().u64(key).bytes()).limit(limit);
        let rows = tx.scan(Table::SignatureKeys, &scan)?;
        let places = rows
            .iter()
            .filter_map(|(key, _)| Some((MaterialId(uuid_at(key, KEY_BYTES)?), u32_at(key, KEY_BYTES + ID_BYTES)?)));
        found.extend(places);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
