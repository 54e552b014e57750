//! Attendance, for staff: typed back from paper, counted, printed, and kept by a phone that is offline.

pub(in crate::web) mod certificates;
pub(in crate::web) mod grid;
pub(in crate::web) mod headcount;
pub(in crate::web) mod phone;
pub(in crate::web) mod sheet;

#[cfg(test)]
use super::rendered;
use super::{Frame, html};
use crate::actions::schedule::MeetingCard;
use crate::domain::id::{ClassId, MeetingId};
use crate::web::error::Problem;

fn class_id(id: &str) -> Result<ClassId, Problem> {
    ClassId::parse(id).map_err(|_error| Problem::of("class-missing"))
}

fn meeting_id(id: &str) -> Result<MeetingId, Problem> {
    MeetingId::parse(id).map_err(|_error| Problem::of("meeting-missing"))
}

/// A meeting by its day and hour: two of one day are told apart.
fn label(card: &MeetingCard) -> String {
    format!("{}, {}", card.slot.day.format("%d/%m/%Y"), card.slot.from.format("%H:%M"))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    [certificates::samples(), grid::samples(), headcount::samples(), sheet::samples(), phone::samples()].concat()
}
