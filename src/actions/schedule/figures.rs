//! Figures of classes by year: for each body of the actor, and for the province.

use super::desk::Desk;
use super::{centres, may_schedule_any};
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::class::Class;
use crate::domain::figures::{Figures, count};
use crate::domain::id::{ClassId, MeetingId, OrganisationId};
use crate::domain::meeting::Meeting;
use crate::store::meetings::Calendar;
use crate::store::{self, ReadTx};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// The figures of a year.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    pub year: i32,
    /// Every class once; none for whoever looks after single bodies.
    pub province: Option<Figures>,
    /// The bodies of the actor that have any class, by name.
    pub bodies: Vec<(Named<OrganisationId>, Figures)>,
}

/// Counts the classes that have meetings in a year; this year where none is given.
///
/// # Errors
/// `Forbidden` to whoever plans no classes.
pub async fn report(context: &Context, actor: &Actor, year: Option<i32>) -> Result<Report, ActionError> {
    if !may_schedule_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let year = year.filter(|year| (2000..=2200).contains(year)).unwrap_or_else(|| context.today().year());
    let (own, whole) = (centres(context, actor), super::requests::may_watch(context, actor));
    let all: Vec<OrganisationId> = context.catalogue().organisations().map(|one| one.id.clone()).collect();
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut held = Held::default();
        let mut bodies = Vec::new();
        for body in own {
            let classes = held.of(&mut desk, &body.id, year)?;
            let figures = count(held.named(&classes), Some(&body.id));
            bodies.extend((figures.classes > 0).then_some((body, figures)));
        }
        let mut province = None;
        if whole {
            let mut classes = BTreeSet::new();
            for body in &all {
                classes.extend(held.of(&mut desk, body, year)?);
            }
            province = Some(count(held.named(&classes), None));
        }
        Ok::<_, ActionError>(Report { year, province, bodies })
    };
    context.store.read("class.count", read).await
}

/// Classes with how many of their meetings stand, each read once.
#[derive(Default)]
struct Held {
    classes: BTreeMap<ClassId, (Class, usize)>,
    /// Which meetings were looked at.
    seen: BTreeSet<MeetingId>,
}

impl Held {
    /// The classes that a body has with meetings in a year.
    fn of(&mut self, desk: &mut Desk<'_>, body: &OrganisationId, year: i32) -> Result<BTreeSet<ClassId>, ActionError> {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let mut found = BTreeSet::new();
        for entry in store::meetings::between(desk.tx, Calendar::Organisation(body), (day(1, 1), day(12, 31)))? {
            found.insert(entry.class);
            if !self.seen.insert(entry.meeting) {
                continue;
            }
            let Some(class) = desk.class(entry.class)?.cloned() else { continue };
            let stands =
                store::meetings::get(desk.tx, entry.class, entry.meeting)?.is_some_and(|one| Meeting::stands(&one));
            self.classes.entry(entry.class).or_insert((class, 0)).1 += usize::from(stands);
        }
        Ok(found)
    }

    fn named<'a>(&'a self, ids: &'a BTreeSet<ClassId>) -> impl Iterator<Item = (&'a Class, usize)> {
        ids.iter().filter_map(|id| self.classes.get(id)).map(|(class, meetings)| (class, *meetings))
    }
}
