//! How many were at a meeting, typed by staff.

use super::{class_to_mark, meeting_to_mark, settle};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::attendance::{AttendanceTotal, Headcount, MAX_PEOPLE, Presence};
use crate::domain::class::{Class, CountMode};
use crate::domain::id::{ClassId, MeetingId};
use crate::store::{self, ReadTx, WriteTx};

/// A headcount as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedHeadcount {
    pub people: String,
    pub women: String,
    pub ethnic_minority: String,
    pub disabled: String,
    pub young: String,
    pub grown: String,
    pub old: String,
}

impl TypedHeadcount {
    /// What was counted, to be typed anew.
    pub fn of(counted: &Headcount) -> Self {
        let text = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
        Self {
            people: text(counted.people),
            women: text(counted.women),
            ethnic_minority: text(counted.ethnic_minority),
            disabled: text(counted.disabled),
            young: text(counted.young),
            grown: text(counted.grown),
            old: text(counted.old),
        }
    }

    fn read(&self) -> Result<Headcount, ActionError> {
        Ok(Headcount {
            people: number(&self.people)?,
            women: number(&self.women)?,
            ethnic_minority: number(&self.ethnic_minority)?,
            disabled: number(&self.disabled)?,
            young: number(&self.young)?,
            grown: number(&self.grown)?,
            old: number(&self.old)?,
        })
    }
}

/// A number that may be none or zero.
fn number(text: &str) -> Result<Option<u32>, ActionError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let reason = || format!("“{text}” không phải là số từ 0 đến {MAX_PEOPLE}.");
    let read = text.parse().ok().filter(|number| *number <= MAX_PEOPLE);
    read.map(Some).ok_or_else(|| ActionError::Invalid { field: "people", code: "number-invalid", reason: reason() })
}

/// Keeps the headcount of a meeting; one without any number takes back what was counted.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for numbers that contradict each other and meetings that are not to be
/// counted.
pub async fn count(
    context: &Context,
    actor: &Actor,
    (class, meeting): (ClassId, MeetingId),
    typed: TypedHeadcount,
) -> Result<(), ActionError> {
    let (catalogue, by, today, now) = (context.catalogue(), actor.clone(), context.today(), context.now());
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_to_mark(tx, &catalogue, &by, class)?;
        meeting_to_mark(tx, class.id, meeting, today)?;
        let counted = checked(tx, &class, meeting, typed.read()?)?;
        let total = AttendanceTotal { class: class.id, meeting, counted, at: now, by: by.account() };
        store::attendance::put_total(tx, &total)?;
        settle(tx, &class, meeting, now)
    };
    context.store.write("attendance.count", context.stamp_by(actor), write).await?;
    Ok(())
}

/// A headcount that is possible. Of a class that knows names, marks say how many came, how many women and how old.
fn checked(tx: &dyn ReadTx, class: &Class, meeting: MeetingId, counted: Headcount) -> Result<Headcount, ActionError> {
    let refused = |reason: &str| Err(ActionError::invalid("people", "headcount-impossible", reason));
    if class.count == CountMode::Totals {
        let parts = Headcount { people: None, ..counted.clone() };
        return match counted.people {
            None if parts.is_empty() => Ok(counted),
            None => refused("Hãy ghi tổng số người đến."),
            Some(people) if counted.is_possible(people) => Ok(counted),
            Some(_) => refused(
                "Số nữ, số người dân tộc thiểu số, số người khuyết tật hay cộng các lứa tuổi không thể nhiều hơn tổng số.",
            ),
        };
    }
    let came = store::attendance::of_meeting(tx, class.id, meeting)?;
    let came = came.iter().filter(|one| one.presence().is_some_and(Presence::came)).count();
    let parts =
        Headcount { ethnic_minority: counted.ethnic_minority, disabled: counted.disabled, ..Headcount::default() };
    if parts.is_possible(u32::try_from(came).unwrap_or(MAX_PEOPLE)) {
        Ok(parts)
    } else {
        refused("Số người dân tộc thiểu số hay khuyết tật không thể nhiều hơn số người có mặt đã điểm danh.")
    }
}
