//! Certificates by class and learner and by their code; the last number of each centre and year.

use crate::domain::certificate::Certificate;
use crate::domain::id::{ClassId, LearnerId, OrganisationId};
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(class: ClassId, learner: LearnerId) -> Vec<u8> {
    Key::new().uuid(class.0).uuid(learner.0).into_bytes()
}

fn code_key(code: &str) -> Vec<u8> {
    Key::new().text(code).into_bytes()
}

/// The certificate of a learner for a class.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, class: ClassId, learner: LearnerId) -> Result<Option<Certificate>, StoreError> {
    let found = tx.get(Table::Certificates, &key(class, learner))?;
    found.map(|bytes| record::decode(Table::Certificates, &bytes)).transpose()
}

/// Every certificate of a class, by number.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_class(tx: &dyn ReadTx, class: ClassId) -> Result<Vec<Certificate>, StoreError> {
    let rows = tx.scan(Table::Certificates, &Scan::prefix(Key::new().uuid(class.0).bytes()))?;
    let read = rows.iter().map(|(_, bytes)| record::decode(Table::Certificates, bytes));
    let mut all: Vec<Certificate> = read.collect::<Result<_, _>>()?;
    all.sort_by_key(|one| (one.year, one.number));
    Ok(all)
}

/// The certificate with a code.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn with_code(tx: &dyn ReadTx, code: &str) -> Result<Option<Certificate>, StoreError> {
    let found = tx.get(Table::CertificateCodes, &code_key(code))?;
    let place = found.as_deref().and_then(|bytes| Some((uuid_at(bytes, 0)?, uuid_at(bytes, 16)?)));
    place.map_or(Ok(None), |(class, learner)| get(tx, ClassId(class), LearnerId(learner)))
}

/// Puts a certificate.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, one: &Certificate) -> Result<(), StoreError> {
    let place = key(one.class, one.learner);
    tx.put(Table::CertificateCodes, code_key(&one.code), place.clone());
    let row = record::encode(Table::Certificates, one)?;
    tx.put(Table::Certificates, place, row);
    Ok(())
}

/// Takes the next number of a centre in a year; the first is 1.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn next_number(tx: &mut WriteTx<'_>, organisation: &OrganisationId, year: i32) -> Result<u32, StoreError> {
    let key = Key::new().text(organisation.as_str()).u32(u32::try_from(year).unwrap_or(0)).into_bytes();
    let last = tx.get(Table::CertificateNumbers, &key)?;
    let last: u32 =
        last.map_or(Ok(0), |bytes| record::decode::<Last>(Table::CertificateNumbers, &bytes).map(|row| row.last))?;
    let row = record::encode(Table::CertificateNumbers, &Last { last: last + 1 })?;
    tx.put(Table::CertificateNumbers, key, row);
    Ok(last + 1)
}

/// The last number that was given.
#[derive(serde::Serialize, serde::Deserialize)]
struct Last {
    last: u32,
}
