//! Speakers by id, and what opens their calendars.

use crate::domain::account::credentials::SecretHash;
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

/// What is kept of the secret that opens a speaker's calendar; none where nobody may look.
///
/// # Errors
/// When the engine fails.
pub fn calendar_secret(tx: &dyn ReadTx, id: SpeakerId) -> Result<Option<SecretHash>, StoreError> {
    let row = tx.get(Table::SpeakerCalendars, &key(id))?;
    Ok(row.map(|bytes| SecretHash(String::from_utf8_lossy(&bytes).into_owned())))
}

/// Has another secret open a speaker's calendar, or none.
pub fn put_calendar_secret(tx: &mut WriteTx<'_>, id: SpeakerId, secret: Option<&SecretHash>) {
    match secret {
        Some(secret) => tx.put(Table::SpeakerCalendars, key(id), secret.0.clone().into_bytes()),
        None => tx.remove(Table::SpeakerCalendars, key(id)),
    }
}
