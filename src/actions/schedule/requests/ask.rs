//! Asking: what a class proposes, and what is sent.

use super::letters;
use crate::actions::error::Noun;
use crate::actions::import::clean_line;
use crate::actions::letters::fresh_ids;
use crate::actions::schedule::speakers::{self, SpeakerLine};
use crate::actions::schedule::typed::{day, time};
use crate::actions::schedule::{centre, centres, missing, open_class_of, organisers};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::id::{AreaId, ClassId, MeetingId, OrganisationId, RequestId, SpeakerId, TopicId};
use crate::domain::meeting::{Meeting, Slot};
use crate::domain::request::{MAX_WISHES, RequestState, SpeakerRequest, Wish};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The longest line, in characters.
const MAX_LINE_CHARS: usize = 200;
/// The longest message, in characters.
const MAX_MESSAGE_CHARS: usize = 1_000;
/// So many days are usual for an answer.
const USUAL_DAYS: i64 = 5;

/// When, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedSlot {
    pub day: String,
    pub from: String,
    pub to: String,
}

/// A request as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedRequest {
    /// Who asks; a class says it itself.
    pub organisation: String,
    pub class: String,
    pub meetings: Vec<String>,
    pub subject: String,
    /// An organisation's id, or a speaker's.
    pub whom: String,
    /// Dates that are no meetings yet; empty ones are passed over.
    pub slots: Vec<TypedSlot>,
    pub area: String,
    pub place: String,
    pub reply_by: String,
    pub message: String,
    pub contact: String,
}

/// What a request is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Nothing,
    /// All meetings to come, or one.
    Class(ClassId, Option<MeetingId>),
}

/// Proposes a request.
///
/// # Errors
/// `Forbidden` to whoever plans no classes; `NotFound` for a class that the actor may not change.
pub async fn propose(context: &Context, actor: &Actor, source: Source) -> Result<TypedRequest, ActionError> {
    let own = centres(context, actor);
    if own.is_empty() {
        return Err(ActionError::Forbidden);
    }
    let only = if let [one] = own.as_slice() { one.id.to_string() } else { String::new() };
    let (catalogue, today, now, by) = (context.catalogue(), context.today(), context.now(), actor.clone());
    let area = |id: &str| {
        let id = OrganisationId::parse(id).ok()?;
        catalogue.organisation(&id)?.area.as_ref().map(ToString::to_string)
    };
    let nothing = TypedRequest {
        area: area(&only).unwrap_or_default(),
        organisation: only,
        reply_by: usual_reply_by(today, None).to_string(),
        ..TypedRequest::default()
    };
    let catalogue = catalogue.clone();
    let read = move |tx: &dyn ReadTx| {
        let Source::Class(id, meeting) = source else { return Ok(nothing) };
        let class = open_class_of(tx, &catalogue, &by, id)?;
        let open = open_meetings(tx, id, now)?;
        let chosen = open.iter().filter(|one| meeting.is_none_or(|meeting| one.id == meeting));
        let first = chosen.clone().map(|one| one.slot.day).min();
        Ok::<_, ActionError>(TypedRequest {
            organisation: class.organisation.to_string(),
            class: id.to_string(),
            meetings: chosen.map(|one| one.id.to_string()).collect(),
            subject: class.teaching.title.clone(),
            reply_by: usual_reply_by(today, first).to_string(),
            contact: class.contact,
            ..TypedRequest::default()
        })
    };
    context.store.read("request.propose", read).await
}

/// The usual last day for an answer: in a few days, before the first date.
pub fn usual_reply_by(today: NaiveDate, first: Option<NaiveDate>) -> NaiveDate {
    let usual = today + TimeDelta::days(USUAL_DAYS);
    let eve = first.and_then(|day| day.pred_opt()).unwrap_or(usual);
    usual.min(eve).max(today)
}

/// The meetings of a class that may still get a speaker.
fn open_meetings(tx: &dyn ReadTx, class: ClassId, now: DateTime<Utc>) -> Result<Vec<Meeting>, ActionError> {
    let all = store::meetings::of_class(tx, class)?.into_iter();
    Ok(all.filter(|meeting| meeting.stands() && meeting.is_plannable(now)).collect())
}

/// Someone who can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// An organisation's id, or a speaker's.
    pub id: String,
    pub name: String,
    /// A person of the roster, else a body.
    pub is_person: bool,
    /// Has a field of the class, or someone who has.
    pub fits: bool,
}

/// Everyone who can be asked: people and bodies, each by name.
///
/// # Errors
/// `Forbidden` to whoever plans no classes.
pub async fn choices(context: &Context, actor: &Actor, class: Option<ClassId>) -> Result<Vec<Choice>, ActionError> {
    let read = move |tx: &dyn ReadTx| {
        let class = class.map(|id| store::classes::get(tx, id)).transpose()?.flatten();
        Ok::<_, ActionError>(class.map(|class| class.teaching.topics).unwrap_or_default())
    };
    let topics = context.store.read("request.topics", read).await?;
    let roster = speakers::list(context, actor, &speakers::Wanted::default()).await?;
    let roster: Vec<_> = roster.into_iter().filter(|one| !one.speaker.retired).collect();
    let fits = |one: &SpeakerLine| one.speaker.topics.iter().any(|own| topics.iter().any(|topic| near(own, topic)));
    let sending: BTreeSet<OrganisationId> =
        roster.iter().filter(|one| fits(one)).map(|one| one.organisation.id.clone()).collect();
    let people = roster.iter().map(|one| Choice {
        id: one.speaker.id.to_string(),
        name: format!("{} ({})", one.speaker.name, one.from()),
        is_person: true,
        fits: fits(one),
    });
    let bodies = organisers(context).into_iter().map(|one| Choice {
        fits: sending.contains(&one.id),
        id: one.id.to_string(),
        name: one.name,
        is_person: false,
    });
    Ok(people.chain(bodies).collect())
}

/// Whether two topics are one, or one lies below the other.
pub(super) fn near(one: &TopicId, other: &TopicId) -> bool {
    one == other || one.parent().as_ref() == Some(other) || other.parent().as_ref() == Some(one)
}

/// Sends a request.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for what was typed and for a request that waits already.
pub async fn send(context: &Context, actor: &Actor, typed: TypedRequest) -> Result<RequestId, ActionError> {
    let (catalogue, now, by, today) = (context.catalogue(), context.now(), actor.clone(), context.today());
    let (id, mail) = (RequestId(context.clock.fresh_id()), fresh_ids(context));
    let write = move |tx: &mut WriteTx<'_>| {
        let (organisation, class) = asker(tx, &catalogue, &by, &typed)?;
        let whom = whom(tx, &catalogue, &typed.whom)?;
        let wishes = wishes(tx, class.as_ref(), &typed, now)?;
        let request = SpeakerRequest {
            id,
            reply_by: reply_by(&typed.reply_by, today, &wishes)?,
            organisation,
            asked: whom.asked,
            wanted: whom.wanted,
            personal: whom.personal,
            subject: subject(&typed.subject)?,
            class: class.map(|class| class.id),
            wishes,
            area: AreaId::parse(&typed.area).ok().filter(|id| catalogue.area(id).is_some()),
            place: line(&typed.place),
            message: typed.message.replace("\r\n", "\n").trim().chars().take(MAX_MESSAGE_CHARS).collect(),
            contact: line(&typed.contact),
            state: RequestState::Asked,
            named: None,
            asked_at: now,
            asked_by: by.account(),
            answers: Vec::new(),
        };
        if request.asked == request.organisation && !request.personal {
            let reason = "Báo cáo viên của chính đơn vị thì xếp thẳng vào lịch lớp, không cần gửi lời mời.";
            return Err(ActionError::invalid("whom", "request-self", reason));
        }
        is_new(tx, &request)?;
        store::requests::put(tx, &request)?;
        tx.record_at(&request.organisation, "request", id.to_string(), &["state"]);
        letters::promise(tx, &catalogue, &request, (&mail, by.account(), now))?;
        Ok::<_, ActionError>(id)
    };
    Ok(context.store.write("request.send", context.stamp_by(actor), write).await?.value)
}

fn line(text: &str) -> String {
    clean_line(text).chars().take(MAX_LINE_CHARS).collect()
}

fn subject(text: &str) -> Result<String, ActionError> {
    let subject = line(text);
    if subject.is_empty() {
        return Err(ActionError::invalid("subject", "request-subject", "Hãy ghi nội dung cần báo cáo viên."));
    }
    Ok(subject)
}

/// Who asks, and for which class.
fn asker(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    actor: &Actor,
    typed: &TypedRequest,
) -> Result<(OrganisationId, Option<Class>), ActionError> {
    if typed.class.is_empty() {
        return Ok((centre(catalogue, actor, &typed.organisation)?, None));
    }
    let id = ClassId::parse(&typed.class).map_err(|_error| missing(Noun::Class, &typed.class))?;
    let class = open_class_of(tx, catalogue, actor, id)?;
    Ok((class.organisation.clone(), Some(class)))
}

struct Whom {
    asked: OrganisationId,
    wanted: Option<SpeakerId>,
    personal: bool,
}

fn whom(tx: &dyn ReadTx, catalogue: &Catalogue, text: &str) -> Result<Whom, ActionError> {
    let invalid = || ActionError::invalid("whom", "request-whom", "Hãy chọn cơ quan hoặc báo cáo viên muốn mời.");
    if let Ok(id) = SpeakerId::parse(text) {
        let speaker = store::speakers::get(tx, id)?.filter(|speaker| !speaker.retired).ok_or_else(invalid)?;
        return Ok(Whom { asked: speaker.organisation, wanted: Some(id), personal: !speaker.belongs });
    }
    let id = OrganisationId::parse(text).map_err(|_error| invalid())?;
    let known = catalogue.organisation(&id).filter(|one| one.ended_on.is_none()).ok_or_else(invalid)?;
    Ok(Whom { asked: known.id.clone(), wanted: None, personal: false })
}

/// The dates for which someone is wanted: the chosen meetings of the class, or the dates that were typed.
fn wishes(
    tx: &dyn ReadTx,
    class: Option<&Class>,
    typed: &TypedRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Wish>, ActionError> {
    let mut wishes = Vec::new();
    if let Some(class) = class {
        let chosen: BTreeSet<MeetingId> = typed.meetings.iter().filter_map(|id| MeetingId::parse(id).ok()).collect();
        let open = open_meetings(tx, class.id, now)?.into_iter().filter(|meeting| chosen.contains(&meeting.id));
        wishes.extend(open.map(|meeting| Wish { meeting: Some(meeting.id), slot: meeting.slot }));
    } else {
        for slot in typed.slots.iter().filter(|slot| !slot.day.trim().is_empty()) {
            wishes.push(Wish { meeting: None, slot: free_slot(slot, now)? });
        }
    }
    if wishes.is_empty() || wishes.len() > MAX_WISHES {
        let reason = format!("Hãy chọn ít nhất một ngày cần báo cáo viên, nhiều nhất {MAX_WISHES}.");
        return Err(ActionError::Invalid { field: "meetings", code: "request-dates", reason });
    }
    wishes.sort_by_key(|wish| wish.slot);
    Ok(wishes)
}

fn free_slot(typed: &TypedSlot, now: DateTime<Utc>) -> Result<Slot, ActionError> {
    let slot = Slot { day: day(&typed.day, "day")?, from: time(&typed.from, "from")?, to: time(&typed.to, "to")? };
    if slot.from >= slot.to {
        let reason = "Giờ kết thúc phải sau giờ bắt đầu, trong cùng một ngày.";
        return Err(ActionError::invalid("to", "plan-times", reason));
    }
    if slot.has_begun(now) {
        return Err(ActionError::invalid("day", "request-past", "Ngày giờ này đã qua. Hãy chọn ngày sắp tới."));
    }
    Ok(slot)
}

/// Reads the last day for an answer: not past, and not after the first date.
pub(super) fn reply_by(text: &str, today: NaiveDate, wishes: &[Wish]) -> Result<NaiveDate, ActionError> {
    let read = day(text, "reply_by")?;
    let first = wishes.iter().map(|wish| wish.slot.day).min();
    if read < today || first.is_some_and(|first| read > first) {
        let reason = "Hạn trả lời phải từ hôm nay đến trước buổi đầu tiên.";
        return Err(ActionError::invalid("reply_by", "request-reply-by", reason));
    }
    Ok(read)
}

/// Refuses what was asked of the same body for the same meetings and still waits.
fn is_new(tx: &dyn ReadTx, request: &SpeakerRequest) -> Result<(), ActionError> {
    let Some(class) = request.class else { return Ok(()) };
    let meetings = |one: &SpeakerRequest| one.wishes.iter().map(|wish| wish.meeting).collect::<BTreeSet<_>>();
    let same = |one: &SpeakerRequest| {
        one.is_open()
            && (&one.asked, one.wanted) == (&request.asked, request.wanted)
            && !meetings(one).is_disjoint(&meetings(request))
    };
    if store::requests::of_class(tx, class)?.iter().any(same) {
        let reason = "Đã gửi lời mời này và đang chờ trả lời. Hãy mở lời mời đã gửi để xem hoặc rút lại.";
        return Err(ActionError::invalid("whom", "request-waits", reason));
    }
    Ok(())
}
