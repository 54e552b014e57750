//! Words of the province that mean the same.

use crate::domain::id::SynonymId;
use crate::domain::synonym::Synonym;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: SynonymId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// The entry with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: SynonymId) -> Result<Option<Synonym>, StoreError> {
    tx.get(Table::Synonyms, &key(id))?.map(|bytes| record::decode(Table::Synonyms, &bytes)).transpose()
}

/// All entries, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Synonym>, StoreError> {
    let rows = tx.scan(Table::Synonyms, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Synonyms, bytes)).collect()
}

/// Puts an entry.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, synonym: &Synonym) -> Result<(), StoreError> {
    let row = record::encode(Table::Synonyms, synonym)?;
    tx.put(Table::Synonyms, key(synonym.id), row);
    Ok(())
}

/// Takes an entry away.
pub fn remove(tx: &mut WriteTx<'_>, id: SynonymId) {
    tx.remove(Table::Synonyms, key(id));
}
