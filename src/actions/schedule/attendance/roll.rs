//! The roll of a class: who may come, and how everyone was at each meeting.

use super::class_to_mark;
use crate::actions::cards::named_organisation;
use crate::actions::materials::Named;
use crate::actions::schedule::desk::Desk;
use crate::actions::schedule::{MeetingCard, people};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::attendance::{Attendance, AttendanceTotal, Presence};
use crate::domain::class::{Class, CountMode};
use crate::domain::id::{ClassId, LearnerId, MeetingId, OrganisationId};
use crate::domain::meeting::Meeting;
use crate::domain::registration::RegistrationState;
use crate::search::fold;
use crate::store::{self, ReadTx, WriteTx};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Someone on the roll.
#[derive(Clone, PartialEq, Eq)]
pub struct Pupil {
    pub learner: LearnerId,
    /// None once it was forgotten who they are.
    pub name: Option<String>,
    pub birth_year: u16,
    pub village: String,
    pub state: RegistrationState,
}

/// Keeps people out of logs.
impl std::fmt::Debug for Pupil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pupil").field("learner", &self.learner).finish_non_exhaustive()
    }
}

/// The roll of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Roll {
    pub class: Class,
    pub centre: Named<OrganisationId>,
    /// Every meeting that takes place, in order of time.
    pub meetings: Vec<MeetingCard>,
    /// By given name; empty where nobody is named.
    pub pupils: Vec<Pupil>,
    pub marks: BTreeMap<(MeetingId, LearnerId), Presence>,
    pub totals: BTreeMap<MeetingId, AttendanceTotal>,
    pub today: NaiveDate,
}

impl Roll {
    /// The meetings whose day has come.
    pub fn begun(&self) -> impl Iterator<Item = &MeetingCard> {
        self.meetings.iter().filter(|one| one.slot.day <= self.today)
    }

    /// How someone was at a meeting.
    pub fn presence(&self, meeting: MeetingId, learner: LearnerId) -> Option<Presence> {
        self.marks.get(&(meeting, learner)).copied()
    }

    /// How many came to a meeting, as far as marks or a headcount tell.
    pub fn came(&self, meeting: MeetingId) -> Option<u32> {
        if self.class.count == CountMode::Totals {
            return self.totals.get(&meeting).and_then(|total| total.counted.people);
        }
        let marks = self.marks.range((meeting, LearnerId(uuid::Uuid::nil()))..);
        let marks: Vec<Presence> =
            marks.take_while(|((own, _), _)| *own == meeting).map(|(_, presence)| *presence).collect();
        let came = marks.iter().filter(|presence| presence.came()).count();
        (!marks.is_empty()).then(|| u32::try_from(came).unwrap_or(u32::MAX))
    }

    /// How many meetings someone came to.
    pub fn attended(&self, learner: LearnerId) -> usize {
        self.marks.iter().filter(|((_, own), presence)| *own == learner && presence.came()).count()
    }
}

/// Reads the roll of a class; that names were read is noted.
///
/// # Errors
/// `Forbidden`, `NotFound`, or when the keys of the vault are missing.
pub async fn read(context: &Context, actor: &Actor, id: ClassId) -> Result<Roll, ActionError> {
    let (catalogue, by, today) = (context.catalogue(), actor.clone(), context.today());
    let vault = context.vault.clone();
    let read = move |tx: &mut WriteTx<'_>| {
        let class = class_to_mark(tx, &catalogue, &by, id)?;
        let mut desk = Desk::new(tx, &catalogue, today);
        let standing = store::meetings::of_class(tx, id)?.into_iter().filter(Meeting::stands);
        let meetings = standing.map(|meeting| desk.card(&class, &meeting)).collect::<Result<Vec<_>, _>>()?;
        let marks = marks(tx, id)?;
        let named = class.count == CountMode::Names && store::registrations::tally(tx, id)?.next > 0;
        let pupils = if named { pupils(&people::of_class(tx, &*vault.keys()?, id)?, &marks) } else { Vec::new() };
        let totals = store::attendance::totals_of_class(tx, id)?;
        if !pupils.is_empty() {
            tx.record_at(&class.organisation, "class", id.to_string(), &["learners"]);
        }
        Ok::<_, ActionError>(Roll {
            centre: named_organisation(&catalogue, &class.organisation, today),
            class,
            meetings,
            pupils,
            marks,
            totals: totals.into_iter().map(|total| (total.meeting, total)).collect(),
            today,
        })
    };
    Ok(context.store.write("learners.read", context.stamp_by(actor), read).await?.value)
}

/// What counts of everyone at each meeting. What was marked of someone who turned out to be another is the other's.
fn marks(tx: &dyn ReadTx, class: ClassId) -> Result<BTreeMap<(MeetingId, LearnerId), Presence>, ActionError> {
    let mut found: BTreeMap<(MeetingId, LearnerId), Presence> = BTreeMap::new();
    let mut heirs: BTreeMap<LearnerId, LearnerId> = BTreeMap::new();
    for Attendance { meeting, learner, marks, .. } in store::attendance::of_class(tx, class)? {
        let Some(presence) = marks.last().and_then(|mark| mark.presence) else { continue };
        let heir = match heirs.get(&learner) {
            Some(heir) => *heir,
            None => *heirs.entry(learner).or_insert(heir(tx, learner)?),
        };
        let best = found.entry((meeting, heir)).or_insert(presence);
        if presence.came() && !best.came() {
            *best = presence;
        }
    }
    Ok(found)
}

/// Who a learner turned out to be.
pub(in crate::actions::schedule) fn heir(tx: &dyn ReadTx, learner: LearnerId) -> Result<LearnerId, ActionError> {
    let (mut at, mut seen) = (learner, BTreeSet::from([learner]));
    while let Some(next) = store::learners::get(tx, at)?.and_then(|row| row.merged_into) {
        if !seen.insert(next) {
            break;
        }
        at = next;
    }
    Ok(at)
}

fn pupils(entries: &[people::Entry], marks: &BTreeMap<(MeetingId, LearnerId), Presence>) -> Vec<Pupil> {
    let marked: BTreeSet<LearnerId> = marks.keys().map(|(_, learner)| *learner).collect();
    let mut all: BTreeMap<LearnerId, Pupil> = BTreeMap::new();
    for people::Entry { registration, learner, person, .. } in entries {
        let is_shown = registration.state.is_alive() || marked.contains(&learner.id);
        if !is_shown || learner.merged_into.is_some() {
            continue;
        }
        let pupil = Pupil {
            learner: learner.id,
            name: person.as_ref().map(|person| person.name.clone()),
            birth_year: learner.birth_year,
            village: learner.village.clone(),
            state: registration.state,
        };
        // Of two registrations the one that stands tells.
        if registration.state.is_alive() || !all.contains_key(&learner.id) {
            all.insert(learner.id, pupil);
        }
    }
    let mut pupils: Vec<Pupil> = all.into_values().collect();
    pupils.sort_by_cached_key(|one| (one.name.is_none(), by_given_name(one.name.as_deref().unwrap_or_default())));
    pupils
}

/// People are looked for by their given name, the last word.
fn by_given_name(name: &str) -> (String, String, String) {
    let given = name.split_whitespace().last().unwrap_or_default();
    (fold(given), fold(name), name.to_owned())
}
