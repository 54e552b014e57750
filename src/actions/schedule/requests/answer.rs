//! Answers: a person is named and stands on the meetings at once, or nobody comes; what nobody answers lapses.

use super::ask::reply_by;
use super::{letters, may_answer, seen};
use crate::actions::import::clean_line;
use crate::actions::letters::fresh_ids;
use crate::actions::schedule::may_schedule;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{RequestId, SpeakerId};
use crate::domain::request::{Answer, RequestAct, SpeakerRequest};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, NaiveDate, Utc};

/// The longest reason, in characters.
const MAX_REASON_CHARS: usize = 500;

/// What is said to a request, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedAnswer {
    /// Who comes.
    pub speaker: String,
    pub reason: String,
    /// The last day for an answer, where it is asked again.
    pub reply_by: String,
}

/// Names a person or another one, declines, takes the request back, or asks again.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` when the act is impossible, lacks a reason or a person.
pub async fn act(
    context: &Context,
    actor: &Actor,
    id: RequestId,
    (act, typed): (RequestAct, TypedAnswer),
) -> Result<(), ActionError> {
    let (catalogue, now, by, today) = (context.catalogue(), context.now(), actor.clone(), context.today());
    let (mail, watching) = (fresh_ids(context), context.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let mut request = seen(tx, (&watching, &catalogue), &by, id)?;
        allowed(&catalogue, &by, &request, act)?;
        let answer = Answer {
            act,
            at: now,
            by: by.account(),
            speaker: if act == RequestAct::Name { Some(speaker(tx, &catalogue, &request, &typed)?) } else { None },
            reason: reason(act, &typed.reason)?,
        };
        if act == RequestAct::Renew {
            is_ahead(&request, today)?;
            request.reply_by = reply_by(&typed.reply_by, today, coming(&request, today))?;
        }
        let before = request.named;
        if !request.answer(answer) {
            let reason = "Lời mời đang ở trạng thái khác. Hãy mở lại trang của lời mời.";
            return Err(ActionError::invalid("act", "request-act-impossible", reason));
        }
        stand(tx, &request, (before, request.named), now)?;
        store::requests::put(tx, &request)?;
        tx.record_at(&request.organisation, "request", id.to_string(), &["state"]);
        letters::promise(tx, &catalogue, &request, (&mail, by.account(), now))?;
        Ok::<_, ActionError>(())
    };
    context.store.write(name(act), context.stamp_by(actor), write).await?;
    Ok(())
}

const fn name(act: RequestAct) -> &'static str {
    match act {
        RequestAct::Name => "request.name",
        RequestAct::Decline => "request.decline",
        RequestAct::Withdraw => "request.withdraw",
        RequestAct::Renew => "request.renew",
        RequestAct::Lapse => "request.lapse",
    }
}

fn allowed(catalogue: &Catalogue, by: &Actor, request: &SpeakerRequest, act: RequestAct) -> Result<(), ActionError> {
    let allowed = match act {
        RequestAct::Name | RequestAct::Decline => may_answer(catalogue, by, request),
        RequestAct::Withdraw | RequestAct::Renew => may_schedule(catalogue, by, &request.organisation),
        RequestAct::Lapse => false,
    };
    if allowed { Ok(()) } else { Err(ActionError::Forbidden) }
}

fn reason(act: RequestAct, text: &str) -> Result<String, ActionError> {
    let reason: String = clean_line(text).chars().take(MAX_REASON_CHARS).collect();
    if act == RequestAct::Decline && reason.is_empty() {
        let wanted = "Hãy ghi lý do để nơi mời biết vì sao.";
        return Err(ActionError::invalid("reason", "reason-missing", wanted));
    }
    Ok(reason)
}

/// Reads who comes: someone of the roster of the one asked, or the person who was wished for.
fn speaker(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    request: &SpeakerRequest,
    typed: &TypedAnswer,
) -> Result<SpeakerId, ActionError> {
    let invalid = || ActionError::invalid("speaker", "request-speaker", "Hãy chọn người trong danh sách báo cáo viên.");
    let id = SpeakerId::parse(&typed.speaker).map_err(|_error| invalid())?;
    let known = store::speakers::get(tx, id)?.filter(|one| !one.retired).ok_or_else(invalid)?;
    let theirs = super::candidates::is_of(catalogue, &known, request);
    if theirs { Ok(id) } else { Err(invalid()) }
}

/// Refuses to ask again for what is over.
fn is_ahead(request: &SpeakerRequest, today: NaiveDate) -> Result<(), ActionError> {
    if request.last_day().is_some_and(|last| last >= today) {
        return Ok(());
    }
    let reason = "Các ngày cần báo cáo viên đã qua. Hãy gửi lời mời mới.";
    Err(ActionError::invalid("reply_by", "request-over", reason))
}

/// The dates of a request that are not past; they are in order of time.
fn coming(request: &SpeakerRequest, today: NaiveDate) -> &[crate::domain::request::Wish] {
    let past = request.wishes.partition_point(|wish| wish.slot.day < today);
    request.wishes.get(past..).unwrap_or_default()
}

/// Has whoever was named stand on the meetings, and whoever comes no more stand there no longer.
fn stand(
    tx: &mut WriteTx<'_>,
    request: &SpeakerRequest,
    (before, after): (Option<SpeakerId>, Option<SpeakerId>),
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let Some(class) = request.class.filter(|_| before != after) else { return Ok(()) };
    let planned = store::classes::get(tx, class)?.and_then(|class| class.plan).map(|plan| plan.speakers);
    let planned = planned.unwrap_or_default();
    let mut stood = false;
    for id in request.wishes.iter().filter_map(|wish| wish.meeting) {
        let row = store::meetings::get(tx, class, id)?;
        let Some(mut meeting) = row.filter(|meeting| meeting.stands() && meeting.is_plannable(now)) else { continue };
        stood = true;
        let speakers = meeting.speakers.clone();
        // Whom the centre itself planned with stays.
        meeting.speakers.retain(|one| Some(*one) != before || planned.contains(one));
        meeting.speakers.extend(after.filter(|after| !speakers.contains(after)));
        if meeting.speakers != speakers {
            meeting.touch(now);
            store::meetings::put(tx, &meeting)?;
            tx.record_at(&request.organisation, "meeting", id.to_string(), &["speakers"]);
        }
    }
    if after.is_some() && !stood {
        let reason = "Các buổi này đã qua hoặc đã hủy nên không cử người được nữa.";
        return Err(ActionError::invalid("meetings", "request-over", reason));
    }
    Ok(())
}

/// Lets what nobody answered in time lapse: it comes back to those who asked and goes up to the province; blocks. Doing it
/// twice on a day is the same as doing it once. Answers how many there were.
///
/// # Errors
/// When the store fails.
pub fn lapse_blocking(context: &Context, today: NaiveDate) -> Result<usize, ActionError> {
    let overdue = |tx: &dyn ReadTx| Ok::<_, ActionError>(store::requests::due_before(tx, today)?);
    let overdue = context.store.read_blocking("request.overdue", overdue)?;
    for request in &overdue {
        let (id, now, catalogue) = (request.id, context.now(), context.catalogue());
        let (mail, guide) = (fresh_ids(context), context.guide.clone());
        let lapse = move |tx: &mut WriteTx<'_>| {
            let found = store::requests::get(tx, id)?.filter(|request| request.is_overdue(today));
            let Some(mut request) = found else { return Ok(()) };
            request.answer(Answer { act: RequestAct::Lapse, at: now, by: None, speaker: None, reason: String::new() });
            store::requests::put(tx, &request)?;
            tx.record_at(&request.organisation, "request", id.to_string(), &["state"]);
            letters::promise_lapsed(tx, &catalogue, (&request, guide.as_ref()), (&mail, now))
        };
        context.store.write_blocking(name(RequestAct::Lapse), context.stamp(), lapse)?;
    }
    Ok(overdue.len())
}
