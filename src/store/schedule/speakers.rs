//! Speakers by id.

use crate::domain::id::SpeakerId;
use crate::domain::speaker::Speaker;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: SpeakerId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// The speaker with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: SpeakerId) -> Result<Option<Speaker>, StoreError> {
    tx.get(Table::Speakers, &key(id))?.map(|bytes| record::decode(Table::Speakers, &bytes)).transpose()
}

/// All speakers, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Speaker>, StoreError> {
    let rows = tx.scan(Table::Speakers, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Speakers, bytes)).collect()
}

/// Puts a speaker.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, speaker: &Speaker) -> Result<(), StoreError> {
    let row = record::encode(Table::Speakers, speaker)?;
    tx.put(Table::Speakers, key(speaker.id), row);
    Ok(())
}
