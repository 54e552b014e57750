//! Requests for speakers by id, by those who ask and are asked, by class, by state, by the day of the answer.

use super::{day_of, days, number};
use crate::domain::id::{ClassId, OrganisationId, RequestId, SpeakerId};
use crate::domain::request::{RequestState, SpeakerRequest};
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};
use chrono::NaiveDate;

/// How an organisation stands to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Asks,
    IsAsked,
}

impl Side {
    const fn code(self) -> u32 {
        match self {
            Self::Asks => 0,
            Self::IsAsked => 1,
        }
    }
}

fn key(id: RequestId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// Under what else a request is found.
fn indexed(request: &SpeakerRequest) -> Vec<(Table, Vec<u8>)> {
    let id = request.id.0;
    let side = |organisation: &OrganisationId, side: Side| {
        let key = Key::new().text(organisation.as_str()).u32(side.code()).uuid(id);
        (Table::OrganisationRequests, key.into_bytes())
    };
    let mut all = vec![side(&request.organisation, Side::Asks), side(&request.asked, Side::IsAsked)];
    all.push((Table::RequestStates, Key::new().text(request.state.code()).uuid(id).into_bytes()));
    all.extend(request.class.map(|class| (Table::ClassRequests, Key::new().uuid(class.0).uuid(id).into_bytes())));
    if request.state == RequestState::Asked {
        all.push((Table::RequestDays, Key::new().u32(number(request.reply_by)).uuid(id).into_bytes()));
    }
    if let Some(speaker) = request.named {
        let free = request.wishes.iter().filter(|wish| wish.meeting.is_none());
        all.extend(free.map(|wish| {
            let key = Key::new().uuid(speaker.0).u32(number(wish.slot.day)).uuid(id);
            (Table::SpeakerRequestDays, key.into_bytes())
        }));
    }
    all
}

/// The request with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: RequestId) -> Result<Option<SpeakerRequest>, StoreError> {
    let found = tx.get(Table::SpeakerRequests, &key(id))?;
    found.map(|bytes| record::decode(Table::SpeakerRequests, &bytes)).transpose()
}

/// Puts a request.
///
/// # Errors
/// When the engine fails or the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, request: &SpeakerRequest) -> Result<(), StoreError> {
    if let Some(before) = get(tx, request.id)? {
        for (table, key) in indexed(&before) {
            tx.remove(table, key);
        }
    }
    for (table, key) in indexed(request) {
        tx.put(table, key, Vec::new());
    }
    let row = record::encode(Table::SpeakerRequests, request)?;
    tx.put(Table::SpeakerRequests, key(request.id), row);
    Ok(())
}

fn found(tx: &dyn ReadTx, table: Table, (scan, place): (&Scan, usize)) -> Result<Vec<SpeakerRequest>, StoreError> {
    let mut all = Vec::new();
    for (key, _) in tx.scan(table, scan)? {
        if let Some(id) = uuid_at(&key, place) {
            all.extend(get(tx, RequestId(id))?);
        }
    }
    Ok(all)
}

fn under(tx: &dyn ReadTx, table: Table, prefix: &Key) -> Result<Vec<SpeakerRequest>, StoreError> {
    found(tx, table, (&Scan::prefix(prefix.bytes()), prefix.bytes().len()))
}

/// What an organisation asks for, or is asked, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_organisation(
    tx: &dyn ReadTx,
    organisation: &OrganisationId,
    side: Side,
) -> Result<Vec<SpeakerRequest>, StoreError> {
    under(tx, Table::OrganisationRequests, &Key::new().text(organisation.as_str()).u32(side.code()))
}

/// What is asked for a class, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_class(tx: &dyn ReadTx, class: ClassId) -> Result<Vec<SpeakerRequest>, StoreError> {
    under(tx, Table::ClassRequests, &Key::new().uuid(class.0))
}

/// Every request in a state, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn in_state(tx: &dyn ReadTx, state: RequestState) -> Result<Vec<SpeakerRequest>, StoreError> {
    under(tx, Table::RequestStates, &Key::new().text(state.code()))
}

/// The requests whose day for an answer lies before another and that wait for one still.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn due_before(tx: &dyn ReadTx, day: NaiveDate) -> Result<Vec<SpeakerRequest>, StoreError> {
    let Some(last) = day.pred_opt() else { return Ok(Vec::new()) };
    found(tx, Table::RequestDays, (&days(&Key::new(), day_of(0), last), 4))
}

/// The requests that promise a speaker on days of a range that are no meetings yet.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn promised(
    tx: &dyn ReadTx,
    speaker: SpeakerId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<SpeakerRequest>, StoreError> {
    let prefix = Key::new().uuid(speaker.0);
    let place = prefix.bytes().len() + 4;
    let mut all = found(tx, Table::SpeakerRequestDays, (&days(&prefix, from, to), place))?;
    all.sort_by_key(|request| request.id);
    all.dedup_by_key(|request| request.id);
    Ok(all)
}
