//! Venues, and what takes them that is no class.

use super::desk::Desk;
use super::typed::{day, time};
use super::{centre, centres, may_schedule, may_schedule_any, missing, number};
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::import::clean_line;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::area::AreaLevel;
use crate::domain::id::{AreaId, OrganisationId, VenueBlockId, VenueId};
use crate::domain::venue::{MAX_BLOCK_DAYS, Venue, VenueBlock, VenueKind};
use crate::search::fold;
use crate::store::meetings::Calendar;
use crate::store::{self, ReadTx, WriteTx};
use chrono::{NaiveDateTime, TimeDelta};
use std::collections::BTreeSet;

/// The longest line, in characters.
const MAX_LINE_CHARS: usize = 200;
/// How far ahead the page of a venue looks, in days.
const AHEAD_DAYS: i64 = 92;

/// A venue as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedVenue {
    pub organisation: String,
    pub area: String,
    pub name: String,
    pub kind: String,
    pub address: String,
    pub capacity: String,
    pub equipment: String,
    pub keeper: String,
    pub shared: bool,
    /// Latitude and longitude, as maps give them: `16.8163, 107.1003`.
    pub place: String,
    pub retired: bool,
}

impl TypedVenue {
    /// The form as it looks when someone begins to write on.
    pub fn of(venue: &Venue) -> Self {
        let place = venue.latitude.zip(venue.longitude);
        Self {
            organisation: venue.organisation.to_string(),
            area: venue.area.to_string(),
            name: venue.name.clone(),
            kind: venue.kind.code().to_owned(),
            address: venue.address.clone(),
            capacity: venue.capacity.map(|people| people.to_string()).unwrap_or_default(),
            equipment: venue.equipment.clone(),
            keeper: venue.keeper.clone(),
            shared: venue.shared,
            place: place.map(|(latitude, longitude)| format!("{latitude}, {longitude}")).unwrap_or_default(),
            retired: venue.retired,
        }
    }
}

/// Reads a place as maps give it; it must lie in or near Vietnam.
fn place(text: &str) -> Result<Option<(f64, f64)>, ActionError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let read = text.split_once([',', ';']).and_then(|(latitude, longitude)| {
        Some((latitude.trim().parse::<f64>().ok()?, longitude.trim().parse::<f64>().ok()?))
    });
    let near =
        |(latitude, longitude): &(f64, f64)| (8.0..24.0).contains(latitude) && (102.0..118.0).contains(longitude);
    let wrong = "Tọa độ không đọc được. Hãy chép hai số từ bản đồ, như 16.8163, 107.1003, hoặc để trống.";
    read.filter(near).map(Some).ok_or_else(|| ActionError::invalid("place", "venue-place", wrong))
}

/// A venue in a list.
#[derive(Debug, Clone)]
pub struct VenueLine {
    pub venue: Venue,
    pub organisation: Named<OrganisationId>,
    pub area: String,
    pub may_change: bool,
}

fn line(desk: &Desk<'_>, actor: &Actor, venue: Venue) -> VenueLine {
    VenueLine {
        organisation: named_organisation(desk.catalogue, &venue.organisation, desk.today),
        area: desk.catalogue.area(&venue.area).map(|area| area.full_name.clone()).unwrap_or_default(),
        may_change: may_schedule(desk.catalogue, actor, &venue.organisation),
        venue,
    }
}

/// The venues that someone may plan meetings at, in the areas of their bodies first; with a text, those whose name,
/// address or area bears it.
///
/// # Errors
/// `Forbidden` to whoever plans no classes.
pub async fn list(context: &Context, actor: &Actor, text: &str) -> Result<Vec<VenueLine>, ActionError> {
    let own = centres(context, actor);
    if own.is_empty() {
        return Err(ActionError::Forbidden);
    }
    let (catalogue, today, by, wanted) = (context.catalogue(), context.today(), actor.clone(), fold(text.trim()));
    let read = move |tx: &dyn ReadTx| {
        let desk = Desk::new(tx, &catalogue, today);
        let near: BTreeSet<AreaId> =
            own.iter().filter_map(|one| catalogue.organisation(&one.id)?.area.clone()).collect();
        let all = store::venues::all(tx)?.into_iter().map(|venue| line(&desk, &by, venue));
        let bears = |one: &VenueLine| {
            [&one.venue.name, &one.venue.address, &one.area, &one.organisation.name]
                .iter()
                .any(|text| fold(text).contains(&wanted))
        };
        let mut all: Vec<VenueLine> = all.filter(bears).collect();
        all.sort_by_cached_key(|one| {
            let far = !near.contains(&one.venue.area);
            (one.venue.retired, far, fold(&one.area), fold(&one.venue.name))
        });
        Ok::<_, ActionError>(all)
    };
    context.store.read("venue.list", read).await
}

/// A venue with what takes it in the time to come.
#[derive(Debug, Clone)]
pub struct VenueView {
    pub line: VenueLine,
    pub blocks: Vec<VenueBlock>,
    pub meetings: Vec<super::MeetingCard>,
}

/// Shows a venue to those who plan classes.
///
/// # Errors
/// `NotFound`; `Forbidden` to whoever plans no classes.
pub async fn show(context: &Context, actor: &Actor, id: VenueId) -> Result<VenueView, ActionError> {
    if !may_schedule_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let (catalogue, today, by) = (context.catalogue(), context.today(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let venue = store::venues::get(tx, id)?.ok_or_else(|| missing(Noun::Venue, id))?;
        let range = (today, today + TimeDelta::days(AHEAD_DAYS));
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut meetings = Vec::new();
        for entry in store::meetings::between(tx, Calendar::Venue(id), range)? {
            let (class, meeting) =
                (desk.class(entry.class)?.cloned(), store::meetings::get(tx, entry.class, entry.meeting)?);
            let Some((mut class, meeting)) = class.zip(meeting).filter(|(_, meeting)| meeting.stands()) else {
                continue;
            };
            if !class.is_public() && !super::may_see(&catalogue, &by, &class) {
                "Lớp của đơn vị khác".clone_into(&mut class.teaching.title);
            }
            meetings.push(desk.card(&class, &meeting)?);
        }
        meetings.sort_by_key(|meeting| meeting.slot);
        Ok::<_, ActionError>(VenueView {
            blocks: store::venues::blocks(tx, id, range)?,
            line: line(&desk, &by, venue),
            meetings,
        })
    };
    context.store.read("venue.show", read).await
}

/// Enters a venue, or what is changed of one.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for what was typed.
pub async fn write(
    context: &Context,
    actor: &Actor,
    id: Option<VenueId>,
    typed: TypedVenue,
) -> Result<VenueId, ActionError> {
    let (catalogue, by, today) = (context.catalogue(), actor.clone(), context.today());
    let fresh = VenueId(context.clock.fresh_id());
    let short = |text: &str| clean_line(text).chars().take(MAX_LINE_CHARS).collect::<String>();
    let write = move |tx: &mut WriteTx<'_>| {
        if let Some(id) = id {
            let before = store::venues::get(tx, id)?.ok_or_else(|| missing(Noun::Venue, id))?;
            if !may_schedule(&catalogue, &by, &before.organisation) {
                return Err(ActionError::Forbidden);
            }
        }
        let name = short(&typed.name);
        if name.is_empty() {
            return Err(ActionError::invalid("name", "venue-name", "Hãy ghi tên địa điểm."));
        }
        let wrong_area = || ActionError::invalid("area", "venue-area", "Hãy chọn xã, phường nơi có địa điểm.");
        let area = AreaId::parse(&typed.area).ok().and_then(|id| catalogue.area(&id));
        let area =
            area.filter(|area| area.level >= AreaLevel::Commune && area.exists_on(today)).ok_or_else(wrong_area)?;
        let place = place(&typed.place)?;
        let venue = Venue {
            id: id.unwrap_or(fresh),
            organisation: centre(&catalogue, &by, &typed.organisation)?,
            area: area.id.clone(),
            name,
            kind: VenueKind::from_code(&typed.kind)
                .ok_or_else(|| ActionError::invalid("kind", "venue-kind", "Hãy chọn loại địa điểm."))?,
            address: short(&typed.address),
            capacity: number(&typed.capacity, 100_000, "capacity")?,
            equipment: short(&typed.equipment),
            keeper: short(&typed.keeper),
            shared: typed.shared,
            latitude: place.map(|place| place.0),
            longitude: place.map(|place| place.1),
            retired: typed.retired,
        };
        store::venues::put(tx, &venue)?;
        tx.record_at(&venue.organisation, "venue", venue.id.to_string(), &["name"]);
        Ok::<_, ActionError>(venue.id)
    };
    Ok(context.store.write("venue.write", context.stamp_by(actor), write).await?.value)
}

/// Something that takes a venue, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedBlock {
    pub what: String,
    pub first_day: String,
    pub from: String,
    /// The first day where it is left out.
    pub last_day: String,
    pub to: String,
}

impl TypedBlock {
    fn times(&self) -> Result<(NaiveDateTime, NaiveDateTime), ActionError> {
        let first = day(&self.first_day, "first_day")?;
        let last = if self.last_day.trim().is_empty() { first } else { day(&self.last_day, "last_day")? };
        let (starts_at, ends_at) = (first.and_time(time(&self.from, "from")?), last.and_time(time(&self.to, "to")?));
        let wrong = "Lúc xong phải sau lúc bắt đầu, không quá 60 ngày.";
        if starts_at < ends_at && ends_at - starts_at <= TimeDelta::days(MAX_BLOCK_DAYS) {
            Ok((starts_at, ends_at))
        } else {
            Err(ActionError::invalid("to", "block-times", wrong))
        }
    }
}

/// Has something take a venue; answers how many meetings are there at that time already.
///
/// # Errors
/// `Forbidden` but to those who look after the venue; `NotFound`; `Invalid` for what was typed.
pub async fn block(context: &Context, actor: &Actor, venue: VenueId, typed: TypedBlock) -> Result<usize, ActionError> {
    let (catalogue, by, id) = (context.catalogue(), actor.clone(), VenueBlockId(context.clock.fresh_id()));
    let write = move |tx: &mut WriteTx<'_>| {
        let organisation = held(tx, &catalogue, &by, venue)?;
        let what: String = clean_line(&typed.what).chars().take(MAX_LINE_CHARS).collect();
        if what.is_empty() {
            return Err(ActionError::invalid("what", "block-what", "Hãy ghi việc gì, như đám cưới, họp thôn."));
        }
        let (starts_at, ends_at) = typed.times()?;
        let block = VenueBlock { id, venue, starts_at, ends_at, what };
        let mut met = 0;
        for entry in store::meetings::between(tx, Calendar::Venue(venue), (starts_at.date(), ends_at.date()))? {
            let meeting = store::meetings::get(tx, entry.class, entry.meeting)?;
            met += usize::from(meeting.is_some_and(|meeting| meeting.stands() && block.overlaps(&meeting.slot)));
        }
        store::venues::put_block(tx, &block)?;
        tx.record_at(&organisation, "venue", venue.to_string(), &["blocks"]);
        Ok::<_, ActionError>(met)
    };
    Ok(context.store.write("venue.block", context.stamp_by(actor), write).await?.value)
}

/// Gives a venue free again.
///
/// # Errors
/// As [`block`].
pub async fn unblock(
    context: &Context,
    actor: &Actor,
    (venue, id): (VenueId, VenueBlockId),
) -> Result<(), ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let organisation = held(tx, &catalogue, &by, venue)?;
        let block = store::venues::block(tx, venue, id)?.ok_or_else(|| missing(Noun::Venue, id))?;
        store::venues::remove_block(tx, &block);
        tx.record_at(&organisation, "venue", venue.to_string(), &["blocks"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("venue.unblock", context.stamp_by(actor), write).await?;
    Ok(())
}

/// The body that looks after a venue, where the actor plans for it.
fn held(
    tx: &dyn ReadTx,
    catalogue: &crate::domain::catalogue::Catalogue,
    actor: &Actor,
    id: VenueId,
) -> Result<OrganisationId, ActionError> {
    let venue = store::venues::get(tx, id)?.ok_or_else(|| missing(Noun::Venue, id))?;
    let theirs = may_schedule(catalogue, actor, &venue.organisation);
    if theirs { Ok(venue.organisation) } else { Err(ActionError::Forbidden) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_two_numbers_near_vietnam() {
        assert_eq!(place("16.8163, 107.1003").unwrap(), Some((16.8163, 107.1003)));
        assert_eq!(place("  ").unwrap(), None);
        for wrong in ["16.8", "107.1, 16.8", "a, b", "NaN, 107.1"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
