//! What the program remembers of itself.

use super::key::Key;
use super::tables::Table;
use super::{ReadTx, StoreError, WriteTx};

/// Under this name lies the schema's version.
pub(super) const SCHEMA: &str = "schema";

/// The text kept under a name.
///
/// # Errors
/// When the engine fails.
pub fn get(tx: &dyn ReadTx, name: &str) -> Result<Option<String>, StoreError> {
    let bytes = tx.get(Table::Meta, Key::new().text(name).bytes())?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Keeps a text under a name.
pub fn put(tx: &mut WriteTx<'_>, name: &str, text: &str) {
    tx.put(Table::Meta, Key::new().text(name).into_bytes(), text.as_bytes().to_vec());
}

/// The version of the schema that the store has.
///
/// # Errors
/// When the engine fails.
pub fn schema_version(tx: &dyn ReadTx) -> Result<u32, StoreError> {
    Ok(get(tx, SCHEMA)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}
