//! One meeting: moved, cancelled, held after all, or added.

use super::desk::Desk;
use super::obstacles::{self, Obstacle};
use super::plan::areas_of;
use super::typed::{day, time, venue};
use super::{missing, open_class_of};
use crate::actions::error::Noun;
use crate::actions::import::clean_line;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::{Class, ClassState};
use crate::domain::id::{ClassId, MeetingId};
use crate::domain::meeting::{MAX_MEETINGS, Meeting, MeetingState, Slot};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

/// The longest reason, in characters.
const MAX_REASON_CHARS: usize = 300;

/// When and where, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedMeeting {
    pub day: String,
    pub from: String,
    pub to: String,
    pub venue: String,
    pub reason: String,
}

impl TypedMeeting {
    fn slot(&self) -> Result<Slot, ActionError> {
        let slot = Slot { day: day(&self.day, "day")?, from: time(&self.from, "from")?, to: time(&self.to, "to")? };
        let wrong = "Giờ kết thúc phải sau giờ bắt đầu, trong cùng một ngày.";
        if slot.from < slot.to { Ok(slot) } else { Err(ActionError::invalid("to", "plan-times", wrong)) }
    }

    fn reason(&self) -> Option<String> {
        let reason: String = clean_line(&self.reason).chars().take(MAX_REASON_CHARS).collect();
        Some(reason).filter(|reason| !reason.is_empty())
    }
}

/// What came of a change: warnings, or what the change was refused for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    pub done: bool,
    pub obstacles: Vec<Obstacle>,
}

/// What a change of one meeting goes by.
struct Matter {
    catalogue: std::sync::Arc<Catalogue>,
    actor: Actor,
    class: ClassId,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Matter {
    fn of(context: &Context, actor: &Actor, class: ClassId) -> Self {
        Self { catalogue: context.catalogue(), actor: actor.clone(), class, today: context.today(), now: context.now() }
    }

    fn class(&self, tx: &dyn ReadTx) -> Result<Class, ActionError> {
        open_class_of(tx, &self.catalogue, &self.actor, self.class)
    }

    fn meeting(&self, tx: &dyn ReadTx, id: MeetingId) -> Result<Meeting, ActionError> {
        let meeting = store::meetings::get(tx, self.class, id)?.ok_or_else(|| missing(Noun::Meeting, id))?;
        let over = "Buổi này đã có điểm danh nên không dời hay hủy được nữa.";
        let history = meeting.attended || meeting.state == MeetingState::Held;
        if history { Err(ActionError::invalid("meeting", "meeting-over", over)) } else { Ok(meeting) }
    }

    /// Puts a meeting where nothing refuses it.
    fn put(&self, tx: &mut WriteTx<'_>, class: &Class, mut meeting: Meeting) -> Result<Outcome, ActionError> {
        let obstacles = {
            let mut desk = Desk::new(tx, &self.catalogue, self.today);
            meeting.areas = areas_of(&mut desk, class, meeting.venue)?;
            obstacles::of_meeting(&mut desk, &self.actor, &meeting, &BTreeSet::new())?
        };
        if obstacles.iter().any(Obstacle::is_refused) {
            return Ok(Outcome { done: false, obstacles });
        }
        store::meetings::put(tx, &meeting)?;
        self.record(tx, class, meeting.id);
        Ok(Outcome { done: true, obstacles })
    }

    fn record(&self, tx: &mut WriteTx<'_>, class: &Class, meeting: MeetingId) {
        let fields: &[&str] = &["meetings"];
        tx.record_at(&class.organisation, store::log::subject::CLASS, self.class.to_string(), fields);
        tx.record_at(&class.organisation, "meeting", meeting.to_string(), &["state"]);
    }
}

/// Moves a meeting to another time or place.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for what was typed or a meeting that is history.
pub async fn shift(
    context: &Context,
    actor: &Actor,
    (class, id): (ClassId, MeetingId),
    typed: TypedMeeting,
) -> Result<Outcome, ActionError> {
    let matter = Matter::of(context, actor, class);
    let write = move |tx: &mut WriteTx<'_>| {
        let class = matter.class(tx)?;
        let mut meeting = matter.meeting(tx, id)?;
        let (slot, venue) = (typed.slot()?, venue(tx, &typed.venue)?);
        if (slot, venue) == (meeting.slot, meeting.venue) && meeting.stands() {
            let same = "Ngày, giờ và địa điểm vẫn như cũ.";
            return Err(ActionError::invalid("day", "meeting-same", same));
        }
        meeting.shift(slot, venue, (typed.reason(), matter.now));
        if class.state == ClassState::Draft {
            // Nobody was told of it yet: to readers it is planned so.
            meeting.state = MeetingState::Planned;
        }
        matter.put(tx, &class, meeting)
    };
    Ok(context.store.write("meeting.move", context.stamp_by(actor), write).await?.value)
}

/// Cancels a meeting; the others stay as they are.
///
/// # Errors
/// As [`shift`]; `Invalid` without a reason.
pub async fn cancel(
    context: &Context,
    actor: &Actor,
    (class, id): (ClassId, MeetingId),
    typed: TypedMeeting,
) -> Result<(), ActionError> {
    let matter = Matter::of(context, actor, class);
    let write = move |tx: &mut WriteTx<'_>| {
        let class = matter.class(tx)?;
        let mut meeting = matter.meeting(tx, id)?;
        let reason = typed.reason().ok_or_else(|| {
            ActionError::invalid("reason", "reason-missing", "Hãy ghi lý do hủy để bà con biết vì sao.")
        })?;
        if !meeting.stands() {
            return Err(ActionError::invalid("meeting", "meeting-same", "Buổi này đã hủy rồi."));
        }
        meeting.cancel(Some(reason), matter.now);
        store::meetings::put(tx, &meeting)?;
        matter.record(tx, &class, id);
        Ok::<_, ActionError>(())
    };
    context.store.write("meeting.cancel", context.stamp_by(actor), write).await?;
    Ok(())
}

/// Has a cancelled meeting take place after all, where its room is still free.
///
/// # Errors
/// As [`shift`].
pub async fn revive(
    context: &Context,
    actor: &Actor,
    (class, id): (ClassId, MeetingId),
) -> Result<Outcome, ActionError> {
    let matter = Matter::of(context, actor, class);
    let write = move |tx: &mut WriteTx<'_>| {
        let class = matter.class(tx)?;
        let mut meeting = matter.meeting(tx, id)?;
        if meeting.stands() {
            return Err(ActionError::invalid("meeting", "meeting-same", "Buổi này không bị hủy."));
        }
        meeting.revive(matter.now);
        matter.put(tx, &class, meeting)
    };
    Ok(context.store.write("meeting.revive", context.stamp_by(actor), write).await?.value)
}

/// Adds a meeting by hand, such as one to make up for another; the class's speakers teach.
///
/// # Errors
/// As [`shift`]; `Invalid` when there are as many as may be.
pub async fn add(
    context: &Context,
    actor: &Actor,
    class: ClassId,
    typed: TypedMeeting,
) -> Result<Outcome, ActionError> {
    let (matter, id) = (Matter::of(context, actor, class), MeetingId(context.clock.fresh_id()));
    let write = move |tx: &mut WriteTx<'_>| {
        let class = matter.class(tx)?;
        if store::meetings::of_class(tx, class.id)?.len() >= MAX_MEETINGS {
            return Err(crate::domain::meeting::RecipeError::TooMany.into());
        }
        let meeting = Meeting {
            id,
            class: class.id,
            slot: typed.slot()?,
            venue: venue(tx, &typed.venue)?,
            areas: Vec::new(),
            organisers: class.organisers().cloned().collect(),
            speakers: class.plan.as_ref().map(|plan| plan.speakers.clone()).unwrap_or_default(),
            state: MeetingState::Planned,
            recipe_day: None,
            moved_from: None,
            reason: typed.reason(),
            sequence: 0,
            changed_at: matter.now,
            attended: false,
        };
        matter.put(tx, &class, meeting)
    };
    Ok(context.store.write("meeting.add", context.stamp_by(actor), write).await?.value)
}
