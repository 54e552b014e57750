//! Classes as everyone sees them: by place, topic and day, in a list or a calendar, and one by one.

use super::desk::Desk;
use super::{MeetingCard, missing};
use crate::actions::cards::{named_materials, named_organisation};
use crate::actions::error::Noun;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::id::{AreaId, ClassId, MaterialId, MeetingId, OrganisationId, TopicId};
use crate::store::meetings::{Calendar, Entry};
use crate::store::{self, ReadTx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The most classes in one part of the list.
pub const MAX_LIST: usize = 100;
/// The most meetings that a calendar shows.
pub const MAX_MEETINGS: usize = 600;
/// How far ahead is looked where nobody says, in days.
pub const AHEAD_DAYS: i64 = 92;
/// The longest time that can be asked for, in days.
const MAX_DAYS: i64 = 400;

/// Which classes are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// In this area, what it became or what is in it; the whole province where it is left out.
    pub area: Option<AreaId>,
    pub centre: Option<OrganisationId>,
    pub topic: Option<TopicId>,
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
    pub limit: usize,
    pub offset: usize,
}

/// A class that everyone may see.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassCard {
    pub class: Class,
    pub centre: Named<OrganisationId>,
    pub co_organisers: Vec<Named<OrganisationId>>,
    pub topics: Vec<Named<TopicId>>,
    pub materials: Vec<Named<MaterialId>>,
    /// Every meeting, in order of time.
    pub meetings: Vec<MeetingCard>,
    /// None without a limit.
    pub seats_left: Option<u32>,
}

/// A part of the list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    pub items: Vec<ClassCard>,
    pub next: Option<usize>,
}

impl Filter {
    /// The days that are asked for.
    fn range(&self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let from = self.from.unwrap_or(today);
        let to = self.to.unwrap_or(from + TimeDelta::days(AHEAD_DAYS));
        (from, to.min(from + TimeDelta::days(MAX_DAYS)))
    }

    /// The calendars that are looked through.
    fn entries(&self, tx: &dyn ReadTx, catalogue: &Catalogue, today: NaiveDate) -> Result<Vec<Entry>, ActionError> {
        let range = self.range(today);
        let mut found = BTreeSet::new();
        match (&self.area, &self.centre) {
            (None, Some(centre)) => found.extend(store::meetings::between(tx, Calendar::Organisation(centre), range)?),
            (area, _) => {
                for area in areas(catalogue, area.as_ref(), today) {
                    found.extend(store::meetings::between(tx, Calendar::Area(&area), range)?);
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    fn shows(&self, catalogue: &Catalogue, class: &Class) -> bool {
        let below = |id: &TopicId, wanted: &TopicId| id == wanted || id.parent().as_ref() == Some(wanted);
        let about = |wanted: &TopicId| {
            let wanted = catalogue.topic_id(wanted);
            class.teaching.topics.iter().any(|id| below(&catalogue.topic_id(id), &wanted))
        };
        class.is_public()
            && self.topic.as_ref().is_none_or(about)
            && self.centre.as_ref().is_none_or(|centre| class.organisers().any(|one| one == centre))
    }
}

/// The areas under which meetings in an area are found: what it is today, and what that was made of.
pub(in crate::actions) fn areas(catalogue: &Catalogue, area: Option<&AreaId>, today: NaiveDate) -> BTreeSet<AreaId> {
    let province = || catalogue.areas().find(|area| area.level == AreaLevel::Province && area.exists_on(today));
    let Some(area) = area.or_else(|| province().map(|area| &area.id)) else { return BTreeSet::new() };
    let mut open: Vec<AreaId> = catalogue.areas_today(area).into_iter().chain([area.clone()]).collect();
    let mut found = BTreeSet::new();
    while let Some(next) = open.pop() {
        if found.insert(next.clone()) {
            open.extend(catalogue.area_predecessors(&next).iter().map(|area| area.id.clone()));
        }
    }
    found
}

/// Lists classes by the day of their first meeting in the time that is asked for.
///
/// # Errors
/// When the store fails.
pub async fn list(context: &Context, filter: Filter) -> Result<Listed, ActionError> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut seen = BTreeSet::new();
        let (mut items, mut passed) = (Vec::new(), 0);
        let limit = filter.limit.clamp(1, MAX_LIST);
        for entry in filter.entries(tx, &catalogue, today)? {
            if !seen.insert(entry.class) {
                continue;
            }
            let Some(class) = desk.class(entry.class)?.filter(|class| filter.shows(&catalogue, class)).cloned() else {
                continue;
            };
            if items.len() == limit {
                return Ok(Listed { items, next: Some(passed) });
            }
            passed += 1;
            if passed > filter.offset {
                items.push(card(&mut desk, class)?);
            }
        }
        Ok::<_, ActionError>(Listed { items, next: None })
    };
    context.store.read("class.calendar", read).await
}

/// The meetings of a time, in order; cancelled ones among them.
///
/// # Errors
/// When the store fails.
pub async fn meetings(context: &Context, filter: Filter) -> Result<Vec<MeetingCard>, ActionError> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut found = Vec::new();
        for entry in filter.entries(tx, &catalogue, today)? {
            let class = desk.class(entry.class)?.filter(|class| filter.shows(&catalogue, class)).cloned();
            let Some(class) = class else { continue };
            if let Some(meeting) = store::meetings::get(tx, entry.class, entry.meeting)? {
                found.push(desk.card(&class, &meeting)?);
            }
            if found.len() == MAX_MEETINGS {
                break;
            }
        }
        found.sort_by_key(|meeting| (meeting.slot, meeting.id));
        Ok::<_, ActionError>(found)
    };
    context.store.read("meeting.calendar", read).await
}

pub(super) fn card(desk: &mut Desk<'_>, class: Class) -> Result<ClassCard, ActionError> {
    let (tx, catalogue, today) = (desk.tx, desk.catalogue, desk.today);
    let rows = store::meetings::of_class(tx, class.id)?;
    let topics = class.teaching.topics.iter().filter_map(|id| catalogue.topic(id));
    Ok(ClassCard {
        centre: named_organisation(catalogue, &class.organisation, today),
        co_organisers: class.co_organisers.iter().map(|id| named_organisation(catalogue, id, today)).collect(),
        topics: topics.map(|topic| Named { id: topic.id.clone(), name: topic.label.clone() }).collect(),
        materials: named_materials(tx, &class.teaching.materials)?,
        meetings: rows.iter().map(|meeting| desk.card(&class, meeting)).collect::<Result<_, _>>()?,
        seats_left: class.seats_left(store::registrations::tally(tx, class.id)?.taken()),
        class,
    })
}

/// Shows a class.
///
/// # Errors
/// `NotFound` when there is none that everyone may see.
pub async fn show(context: &Context, id: ClassId) -> Result<ClassCard, ActionError> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let class = store::classes::get(tx, id)?.filter(Class::is_public).ok_or_else(|| missing(Noun::Class, id))?;
        card(&mut Desk::new(tx, &catalogue, today), class)
    };
    context.store.read("class.read", read).await
}

/// The next meetings of the classes that use a material, one a class.
///
/// # Errors
/// When the store fails.
pub async fn coming(context: &Context, material: MaterialId, most: usize) -> Result<Vec<MeetingCard>, ActionError> {
    let (catalogue, today, now) = (context.catalogue(), context.today(), context.now());
    let read = move |tx: &dyn ReadTx| {
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut found = Vec::new();
        for id in store::classes::with_material(tx, material)? {
            let Some(class) = desk.class(id)?.filter(|class| class.is_public()).cloned() else { continue };
            if let Some(meeting) = next_of(tx, &class, now)? {
                found.push(desk.card(&class, &meeting)?);
            }
        }
        found.sort_by_key(|meeting: &MeetingCard| meeting.slot);
        found.truncate(most);
        Ok::<_, ActionError>(found)
    };
    context.store.read("class.coming", read).await
}

/// Some meetings of classes that everyone may see, in the same order.
///
/// # Errors
/// When the store fails.
pub(in crate::actions) async fn named(
    context: &Context,
    ids: Vec<(ClassId, MeetingId)>,
) -> Result<Vec<MeetingCard>, ActionError> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut found = Vec::new();
        for (class, meeting) in ids {
            let Some(class) = desk.class(class)?.filter(|class| class.is_public()).cloned() else { continue };
            if let Some(meeting) = store::meetings::get(tx, class.id, meeting)? {
                found.push(desk.card(&class, &meeting)?);
            }
        }
        Ok::<_, ActionError>(found)
    };
    context.store.read("meeting.named", read).await
}

/// The next meeting of a class that takes place.
fn next_of(
    tx: &dyn ReadTx,
    class: &Class,
    now: DateTime<Utc>,
) -> Result<Option<crate::domain::meeting::Meeting>, ActionError> {
    let all = store::meetings::of_class(tx, class.id)?;
    Ok(all.into_iter().find(|meeting| meeting.stands() && !meeting.slot.is_over(now)))
}
