//! Topics.

use crate::domain::id::TopicId;
use crate::domain::topic::Topic;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

/// All topics, by id.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Topic>, StoreError> {
    let rows = tx.scan(Table::Topics, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Topics, bytes)).collect()
}

/// Puts a topic.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, topic: &Topic) -> Result<(), StoreError> {
    let row = record::encode(Table::Topics, topic)?;
    tx.put(Table::Topics, Key::new().text(topic.id.as_str()).into_bytes(), row);
    Ok(())
}

/// Takes a topic away.
pub fn remove(tx: &mut WriteTx<'_>, id: &TopicId) {
    tx.remove(Table::Topics, Key::new().text(id.as_str()).into_bytes());
}
