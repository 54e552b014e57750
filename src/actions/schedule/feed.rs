//! Public meetings as calendars are fed with them: found by one index, the nearest first where there are too many.

use super::desk::Desk;
use super::{MeetingCard, calendar, missing};
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::day::beginning_of;
use crate::domain::id::{AreaId, ClassId, OrganisationId, SpeakerId, TopicId};
use crate::domain::meeting::Meeting;
use crate::domain::speaker::Speaker;
use crate::secrets::{Purpose, hash_of};
use crate::store::meetings::{Calendar, Entry};
use crate::store::{self, ReadTx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;

/// So long a meeting stays after its day, and a cancelled one after it was called off, in days.
pub const PAST_DAYS: i64 = 90;
/// How far ahead a feed looks, in days.
pub const AHEAD_DAYS: i64 = 400;
/// The most meetings of a feed.
pub const MAX_MEETINGS: usize = 4_000;

/// Whose meetings are wanted.
#[derive(Clone, PartialEq, Eq)]
pub enum Scope {
    Province,
    /// All of a class, however long ago.
    Class(ClassId),
    /// What a centre or an agency has, alone or together with others, and where its people teach.
    Organisation(OrganisationId),
    /// What is in an area, and in what it was made of or has become.
    Area(AreaId),
    /// What is about a topic or one below it.
    Topic(TopicId),
    /// What a speaker teaches, for whoever knows the secret.
    Speaker(SpeakerId, String),
}

/// What calendars are told.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The name of the class, area, topic or organisation.
    pub name: String,
    /// When it last came to say something else, as far as rows tell: a day that ends takes old meetings away.
    pub changed_at: DateTime<Utc>,
    /// In order of time.
    pub meetings: Vec<FeedMeeting>,
}

/// A meeting with what else its reader needs where no page is at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedMeeting {
    pub card: MeetingCard,
    pub changed_at: DateTime<Utc>,
    pub contact: String,
    pub topics: Vec<String>,
    /// Invented, to show how it looks.
    pub sample: bool,
}

impl Scope {
    fn name(&self, tx: &dyn ReadTx, catalogue: &Catalogue, today: NaiveDate) -> Result<String, ActionError> {
        Ok(match self {
            Self::Province => {
                let mut all = catalogue.areas();
                let province = all.find(|area| area.level == AreaLevel::Province && area.exists_on(today));
                province.map_or_else(String::new, |area| area.full_name.clone())
            }
            Self::Class(id) => {
                let class = store::classes::get(tx, *id)?.filter(is_told);
                class.ok_or_else(|| missing(Noun::Class, id))?.teaching.title
            }
            Self::Organisation(id) => {
                catalogue.organisation(id).ok_or_else(|| missing(Noun::Organisation, id))?;
                named_organisation(catalogue, id, today).name
            }
            Self::Area(id) => catalogue.area(id).ok_or_else(|| missing(Noun::Area, id))?.full_name.clone(),
            Self::Speaker(id, secret) => {
                let kept = store::speakers::calendar_secret(tx, *id)?;
                let opens = kept.is_some_and(|kept| kept == hash_of(Purpose::SpeakerCalendar, secret));
                let speaker = store::speakers::get(tx, *id)?.filter(|_| opens);
                speaker.ok_or_else(|| missing(Noun::Speaker, id))?.name
            }
            Self::Topic(id) => catalogue.topic(id).ok_or_else(|| missing(Noun::Topic, id))?.label.clone(),
        })
    }

    /// What may belong to the feed, in order of days.
    fn entries(&self, tx: &dyn ReadTx, catalogue: &Catalogue, today: NaiveDate) -> Result<Vec<Entry>, ActionError> {
        let range = (today - TimeDelta::days(PAST_DAYS), today + TimeDelta::days(AHEAD_DAYS));
        let mut found = BTreeSet::new();
        match self {
            Self::Province => found.extend(in_areas(tx, &calendar::areas(catalogue, None, today), range)?),
            Self::Area(id) => found.extend(in_areas(tx, &calendar::areas(catalogue, Some(id), today), range)?),
            Self::Organisation(id) => {
                found.extend(store::meetings::between(tx, Calendar::Organisation(id), range)?);
                let own = |speaker: &Speaker| speaker.belongs && speaker.organisation == *id;
                for speaker in store::speakers::all(tx)?.into_iter().filter(own) {
                    found.extend(store::meetings::between(tx, Calendar::Speaker(speaker.id), range)?);
                }
            }
            Self::Speaker(id, _) => found.extend(store::meetings::between(tx, Calendar::Speaker(*id), range)?),
            Self::Class(id) => found.extend(of_class(tx, *id)?),
            Self::Topic(id) => {
                for class in about(tx, catalogue, id)? {
                    let days = range.0..=range.1;
                    found.extend(of_class(tx, class)?.into_iter().filter(|entry| days.contains(&entry.day)));
                }
            }
        }
        Ok(found.into_iter().collect())
    }
}

fn in_areas(
    tx: &dyn ReadTx,
    areas: &BTreeSet<AreaId>,
    range: (NaiveDate, NaiveDate),
) -> Result<Vec<Entry>, ActionError> {
    let mut found = Vec::new();
    for area in areas {
        found.extend(store::meetings::between(tx, Calendar::Area(area), range)?);
    }
    Ok(found)
}

fn of_class(tx: &dyn ReadTx, class: ClassId) -> Result<Vec<Entry>, ActionError> {
    let entry = |meeting: Meeting| Entry { day: meeting.slot.day, class, meeting: meeting.id };
    Ok(store::meetings::of_class(tx, class)?.into_iter().map(entry).collect())
}

/// The classes about a topic, those below it and those that have become it.
fn about(tx: &dyn ReadTx, catalogue: &Catalogue, topic: &TopicId) -> Result<BTreeSet<ClassId>, ActionError> {
    let wanted = catalogue.topic_id(topic);
    let mut found = BTreeSet::new();
    for row in catalogue.topic_rows() {
        let now = catalogue.topic_id(&row.id);
        if now == wanted || now.parent().as_ref() == Some(&wanted) {
            found.extend(store::classes::about(tx, &row.id)?);
        }
    }
    Ok(found)
}

/// Whether calendars were ever told of a class; who was learns of its end, too.
fn is_told(class: &Class) -> bool {
    class.is_public() && class.published_at.is_some()
}

/// Whether a meeting was called off so long ago that calendars need not be told any more.
fn is_forgotten(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    !meeting.stands() && meeting.changed_at < now - TimeDelta::days(PAST_DAYS)
}

/// The meetings that calendars are told of.
///
/// # Errors
/// `NotFound` when there is no such class that everyone may see, area, topic or organisation, or the secret is wrong.
pub async fn read(context: &Context, scope: Scope) -> Result<Feed, ActionError> {
    let (catalogue, today, now) = (context.catalogue(), context.today(), context.now());
    let read = move |tx: &dyn ReadTx| {
        let name = scope.name(tx, &catalogue, today)?;
        let entries = scope.entries(tx, &catalogue, today)?;
        let (past, coming) = entries.split_at(entries.partition_point(|entry| entry.day < today));
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut meetings = Vec::new();
        for entry in coming.iter().chain(past.iter().rev()) {
            if meetings.len() == MAX_MEETINGS {
                break;
            }
            meetings.extend(told(&mut desk, *entry, now)?);
        }
        meetings.sort_by_key(|one| (one.card.slot, one.card.id));
        let changes = meetings.iter().map(|one| one.changed_at);
        let changed_at = changes.chain([beginning_of(today)]).max().unwrap_or_default();
        Ok::<_, ActionError>(Feed { name, changed_at, meetings })
    };
    context.store.read("class.feed", read).await
}

/// A meeting, where calendars are told of it.
fn told(desk: &mut Desk<'_>, entry: Entry, now: DateTime<Utc>) -> Result<Option<FeedMeeting>, ActionError> {
    let Some(class) = desk.class(entry.class)?.filter(|class| is_told(class)).cloned() else { return Ok(None) };
    let row = store::meetings::get(desk.tx, entry.class, entry.meeting)?;
    let Some(meeting) = row.filter(|meeting| !is_forgotten(meeting, now)) else { return Ok(None) };
    let topics = class.teaching.topics.iter().filter_map(|id| desk.catalogue.topic(id));
    Ok(Some(FeedMeeting {
        changed_at: meeting.changed_at,
        topics: topics.map(|topic| topic.label.clone()).collect(),
        card: desk.card(&class, &meeting)?,
        contact: class.contact,
        sample: class.sample,
    }))
}
