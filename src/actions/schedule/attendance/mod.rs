//! Attendance: who was at the meetings of a class, from paper, from a table, from a phone that was offline.
//!
//! By name only in classes that know names; elsewhere, and of what no name may be tied to, by headcounts alone.

pub mod headcounts;
pub mod marks;
pub mod roll;
pub mod sheet;

use super::missing;
use super::registration::staff::class_to_enrol;
use crate::actions::ActionError;
use crate::actions::error::Noun;
use crate::domain::actor::Actor;
use crate::domain::attendance::Presence;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::{Class, ClassState, CountMode};
use crate::domain::id::{ClassId, MeetingId};
use crate::domain::meeting::Meeting;
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, NaiveDate, Utc};

/// The class, where the actor may take attendance in it.
fn class_to_mark(tx: &dyn ReadTx, catalogue: &Catalogue, actor: &Actor, id: ClassId) -> Result<Class, ActionError> {
    let class = class_to_enrol(tx, catalogue, actor, id)?;
    let off = "Lớp đã hủy nên không điểm danh được.";
    if class.state == ClassState::Cancelled { Err(ActionError::invalid("class", "class-over", off)) } else { Ok(class) }
}

/// The same, where names are known.
fn class_of_names(tx: &dyn ReadTx, catalogue: &Catalogue, actor: &Actor, id: ClassId) -> Result<Class, ActionError> {
    let class = class_to_mark(tx, catalogue, actor, id)?;
    let totals = "Lớp này chỉ đếm số người, không ghi tên. Hãy ghi số người của mỗi buổi.";
    if class.count == CountMode::Totals {
        return Err(ActionError::invalid("class", "class-totals", totals));
    }
    Ok(class)
}

/// A meeting at which somebody can have been: it stands, and its day has come.
fn meeting_to_mark(tx: &dyn ReadTx, class: ClassId, id: MeetingId, today: NaiveDate) -> Result<Meeting, ActionError> {
    let meeting = store::meetings::get(tx, class, id)?.ok_or_else(|| missing(Noun::Meeting, id))?;
    if !meeting.stands() {
        let off = "Buổi này đã hủy. Nếu vẫn học, hãy khôi phục buổi rồi điểm danh.";
        return Err(ActionError::invalid("meeting", "meeting-cancelled", off));
    }
    if meeting.slot.day > today {
        return Err(ActionError::invalid("meeting", "meeting-not-yet", "Buổi này chưa đến ngày học."));
    }
    Ok(meeting)
}

/// Has a meeting know whether somebody was marked or counted at it: then its row is history.
fn settle(tx: &mut WriteTx<'_>, class: &Class, id: MeetingId, now: DateTime<Utc>) -> Result<(), ActionError> {
    let Some(before) = store::meetings::get(tx, class.id, id)? else { return Ok(()) };
    let mut marks = store::attendance::of_meeting(tx, class.id, id)?.into_iter().filter_map(|one| one.presence());
    let counted = store::attendance::total(tx, class.id, id)?;
    let came = marks.clone().any(Presence::came)
        || counted.as_ref().is_some_and(|total| total.counted.people.is_some_and(|people| people > 0));
    let meeting = before.clone().attended_by(marks.next().is_some() || counted.is_some(), came, now);
    if meeting != before {
        store::meetings::put(tx, &meeting)?;
    }
    tx.record_at(&class.organisation, "meeting", id.to_string(), &["attendance"]);
    Ok(())
}
