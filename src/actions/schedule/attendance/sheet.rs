//! The sheet of a meeting: who may come, with a wide field to sign in, and lines for who comes besides.

use super::class_of_names;
use super::roll::{self, Roll};
use crate::actions::error::Noun;
use crate::actions::schedule::missing;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::day::date_vi;
use crate::domain::id::{ClassId, MeetingId};
use crate::domain::meeting::weekday_name;
use crate::domain::registration::RegistrationState;
use crate::press::{self, Form};
use chrono::Datelike;
use serde::Serialize;

/// Lines for those who come without having registered.
const BLANK: usize = 8;

/// Whether sheets can be had as PDF.
pub const IS_PRINTED: bool = press::IS_BUILT;

/// What stands on a sheet.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    pub title: String,
    pub centre: String,
    pub facts: Vec<(&'static str, String)>,
    pub notes: Vec<String>,
    pub rows: Vec<Line>,
    pub blank: usize,
}

/// Someone on a sheet.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub name: String,
    pub birth: String,
    pub village: String,
}

/// Says what stands on the sheet of a meeting, also of one that is still to come.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for a class that names nobody.
pub async fn compose(
    context: &Context,
    actor: &Actor,
    (class, meeting): (ClassId, MeetingId),
) -> Result<Sheet, ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    context.store.read("attendance.sheet", move |tx| class_of_names(tx, &catalogue, &by, class)).await?;
    sheet(&roll::read(context, actor, class).await?, meeting)
}

/// Prints a sheet.
///
/// # Errors
/// `Unavailable` when the program was built without the press.
pub async fn print(context: &Context, sheet: Sheet) -> Result<Vec<u8>, ActionError> {
    let _turn = context.drawing.acquire().await.map_err(ActionError::internal)?;
    Ok(tokio::task::spawn_blocking(move || press::print(Form::Sheet, &sheet)).await??)
}

fn sheet(roll: &Roll, meeting: MeetingId) -> Result<Sheet, ActionError> {
    let card = roll.meetings.iter().find(|card| card.id == meeting);
    let card = card.ok_or_else(|| missing(Noun::Meeting, meeting))?;
    let place = card.venue.as_ref().map(|venue| [venue.name.as_str(), &venue.address, &venue.area].join(", "));
    let weekday = weekday_name(card.slot.day.weekday().number_from_monday());
    let (from, to) = (card.slot.from.format("%H:%M"), card.slot.to.format("%H:%M"));
    let number = roll.meetings.iter().position(|one| one.id == meeting).map_or(0, |place| place + 1);
    let facts = [
        (
            "Buổi",
            format!("{number}/{} – {weekday}, ngày {}, {from} – {to}", roll.meetings.len(), date_vi(card.slot.day)),
        ),
        ("Địa điểm", place.unwrap_or_default().replace(", ,", ",")),
        ("Người dạy", card.speakers.join("; ")),
    ];
    let comes = |state| !matches!(state, RegistrationState::Cancelled | RegistrationState::Requested);
    let named = roll.pupils.iter().filter(|pupil| comes(pupil.state));
    let rows = named.filter_map(|pupil| {
        let name = pupil.name.clone()?;
        Some(Line { name, birth: pupil.birth_year.to_string(), village: pupil.village.clone() })
    });
    Ok(Sheet {
        title: roll.class.teaching.title.clone(),
        centre: roll.centre.name.clone(),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        notes: roll.class.sample.then(|| "Lớp mẫu để xem thử, không có thật.".to_owned()).into_iter().collect(),
        rows: rows.collect(),
        blank: BLANK,
    })
}
