//! Letters about requests: to the one asked, to those who ask, and about what lapsed to the body that guides the centres.

use crate::actions::cards::named_organisation;
use crate::actions::letters::{deliver, staff};
use crate::actions::schedule::desk::Desk;
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::catalogue::Catalogue;
use crate::domain::day::date_vi;
use crate::domain::id::{AccountId, JobId, OrganisationId, RequestId};
use crate::domain::job::{Job, Work};
use crate::domain::letter::{RequestFacts, RequestNews, request_words};
use crate::domain::permission::Verb;
use crate::domain::request::{RequestState, SpeakerRequest};
use crate::mail::Letter;
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// So many dates are told of in a letter.
const MAX_DATES: usize = 5;

/// Promises the letters that the present state of a request gives reason for, under ids made beforehand.
pub(super) fn promise(
    tx: &mut WriteTx<'_>,
    catalogue: &Catalogue,
    request: &SpeakerRequest,
    (ids, by, at): (&[JobId], Option<AccountId>, DateTime<Utc>),
) -> Result<(), ActionError> {
    let (news, readers) = match request.state {
        RequestState::Asked => (RequestNews::Asked, &request.asked),
        RequestState::Withdrawn => (RequestNews::Withdrawn, &request.asked),
        RequestState::Accepted | RequestState::Substituted => (RequestNews::Granted, &request.organisation),
        RequestState::Declined => (RequestNews::Declined, &request.organisation),
        RequestState::Lapsed => return Ok(()),
    };
    let readers = staff(tx, catalogue, readers, Verb::Schedule)?.into_iter().filter(|reader| Some(*reader) != by);
    write(tx, request.id, readers.map(|to| (to, news)), (ids, at))
}

/// Promises the letters about a request that nobody answered.
pub(super) fn promise_lapsed(
    tx: &mut WriteTx<'_>,
    catalogue: &Catalogue,
    (request, guide): (&SpeakerRequest, Option<&OrganisationId>),
    (ids, at): (&[JobId], DateTime<Utc>),
) -> Result<(), ActionError> {
    let own = staff(tx, catalogue, &request.organisation, Verb::Schedule)?;
    let guides = guide.map(|guide| staff(tx, catalogue, guide, Verb::Schedule)).transpose()?.unwrap_or_default();
    let told: BTreeSet<AccountId> = own.iter().copied().collect();
    let others = guides.into_iter().filter(|reader| !told.contains(reader)).map(|to| (to, RequestNews::Raised));
    let all = own.iter().map(|to| (*to, RequestNews::Lapsed)).chain(others);
    write(tx, request.id, all, (ids, at))
}

fn write(
    tx: &mut WriteTx<'_>,
    request: RequestId,
    readers: impl Iterator<Item = (AccountId, RequestNews)>,
    (ids, at): (&[JobId], DateTime<Utc>),
) -> Result<(), ActionError> {
    for ((to, news), id) in readers.zip(ids) {
        store::jobs::promise(tx, &Job::new(*id, Work::RequestLetter { request, news, to }, at))?;
    }
    Ok(())
}

/// Writes a promised letter and hands it to the mail server; nothing is sent where there is none, or no address any
/// more.
///
/// # Errors
/// When the mail server does not take it for now.
pub async fn send(
    context: &Context,
    id: JobId,
    (request, news, to): (RequestId, RequestNews, AccountId),
) -> Result<(), ActionError> {
    let Some(post) = context.post.clone() else { return Ok(()) };
    let (catalogue, today) = (context.catalogue(), context.today());
    let address = format!("{}{}", post.base, (post.request)(request));
    let read = move |tx: &dyn ReadTx| {
        let Some(reader) = store::accounts::get(tx, to)?.filter(Account::is_active) else { return Ok(None) };
        let Some(email) = reader.email.as_ref() else { return Ok(None) };
        let Some(request) = store::requests::get(tx, request)? else { return Ok(None) };
        let mut desk = Desk::new(tx, &catalogue, today);
        let speaker = match request.named {
            Some(speaker) => desk.speaker_line(speaker)?,
            None => None,
        };
        let name = |id: &OrganisationId| named_organisation(&catalogue, id, today).name;
        let said = request.answers.last().map(|answer| answer.reason.as_str());
        let (subject, text) = request_words(&RequestFacts {
            news,
            reader: &reader.name,
            subject: &request.subject,
            centre: &name(&request.organisation),
            asked: &name(&request.asked),
            speaker: speaker.as_deref().unwrap_or_default(),
            dates: &dates(&request),
            reply_by: &date_vi(request.reply_by),
            remark: said.unwrap_or(&request.message),
            address: &address,
        });
        let (to_name, to) = (reader.name.clone(), email.to_string());
        Ok::<_, ActionError>(Some(Letter { id: id.to_string(), to_name, to, subject, text }))
    };
    match context.store.read("letter.write", read).await? {
        Some(letter) => deliver(&post, &letter, id).await,
        None => Ok(()),
    }
}

fn dates(request: &SpeakerRequest) -> String {
    let wishes = request.wishes.iter().take(MAX_DATES);
    let told = wishes.map(|wish| {
        let slot = wish.slot;
        format!("{}–{} ngày {}", slot.from.format("%H:%M"), slot.to.format("%H:%M"), date_vi(slot.day))
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let more = request.wishes.len().saturating_sub(MAX_DATES);
    if more > 0 { format!("{told} và {more} buổi nữa") } else { told }
}
