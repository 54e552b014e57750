//! Organisations and what happened to them.

use crate::domain::id::OrganisationId;
use crate::domain::organisation::{Organisation, OrganisationEvent};
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

/// All of them, by id.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Organisation>, StoreError> {
    let rows = tx.scan(Table::Organisations, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Organisations, bytes)).collect()
}

/// Puts one.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, organisation: &Organisation) -> Result<(), StoreError> {
    let row = record::encode(Table::Organisations, organisation)?;
    tx.put(Table::Organisations, Key::new().text(organisation.id.as_str()).into_bytes(), row);
    Ok(())
}

/// Takes one away.
pub fn remove(tx: &mut WriteTx<'_>, id: &OrganisationId) {
    tx.remove(Table::Organisations, Key::new().text(id.as_str()).into_bytes());
}

/// What happened to them, in the order in which it was entered.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn events(tx: &dyn ReadTx) -> Result<Vec<OrganisationEvent>, StoreError> {
    let rows = tx.scan(Table::OrganisationEvents, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::OrganisationEvents, bytes)).collect()
}

/// Puts events in the place of those that were there.
///
/// # Errors
/// When the engine fails.
pub fn put_events(tx: &mut WriteTx<'_>, events: &[OrganisationEvent]) -> Result<(), StoreError> {
    for (key, _) in tx.scan(Table::OrganisationEvents, &Scan::all())? {
        tx.remove(Table::OrganisationEvents, key);
    }
    for (ordinal, event) in (0_u32..).zip(events) {
        let row = record::encode(Table::OrganisationEvents, event)?;
        tx.put(Table::OrganisationEvents, Key::new().u32(ordinal).into_bytes(), row);
    }
    Ok(())
}
