//! Classes beside the materials of a search: coming ones on the subject, in the place and at the time that the words name.
//!
//! Never a draft, a hidden class or one that counts totals: what can be found is what everyone may see.

mod feed;
mod when;

pub use feed::refresh;
pub use when::When;

pub(crate) use feed::Classes;

use super::reading::Strength;
use super::words::{Word, words};
use super::{Facet, ReadFilter, SearchRequest, narrow, reading};
use crate::actions::schedule::MeetingCard;
use crate::actions::schedule::calendar;
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, ClassId, MeetingId};
use crate::domain::meeting::Slot;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// The most classes that are shown.
const SHOWN: usize = 5;
/// The most where nobody asked for a class.
const SHOWN_ASIDE: usize = 3;
/// So much of the subject a class must bear where one is asked for …
const ASKED: f32 = 0.45;
/// … and where none is.
const ASIDE: f32 = 0.62;
/// A class that bears less than this part of what the best one bears is not shown beside it.
const BESIDE_BEST: f32 = 0.6;

/// Classes that answer a search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundClasses {
    /// The query asks for a class.
    pub asked: bool,
    /// How many there are.
    pub total: usize,
    /// The next fitting meeting of each, best first.
    pub items: Vec<MeetingCard>,
    /// The time that was read out of the words.
    pub when: Option<When>,
    /// The time that was read, where nothing is then: what is shown is at other times.
    pub missed: Option<When>,
    /// The place that was read out of the words.
    pub area: Option<ReadFilter>,
}

/// Which of place and time, as far as they were read, a class must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Both,
    /// Nothing is at that time: what is at others is told of.
    Place,
    /// The name of a place was none.
    Time,
}

impl Kept {
    /// In the order in which they are tried.
    const ALL: [Self; 3] = [Self::Both, Self::Place, Self::Time];
}

/// Where and when meetings are wanted.
struct Sieve {
    areas: Option<BTreeSet<AreaId>>,
    when: Option<When>,
    now: DateTime<Utc>,
}

impl Sieve {
    fn takes(&self, (slot, _, areas): &(Slot, MeetingId, Vec<AreaId>)) -> bool {
        !slot.is_over(self.now)
            && self.when.as_ref().is_none_or(|when| when.takes(slot))
            && self.areas.as_ref().is_none_or(|wanted| areas.iter().any(|area| wanted.contains(area)))
    }
}

/// Finds classes for a search; nothing where there are no words. `read_as` is what the words were read as.
///
/// # Errors
/// When the store fails.
pub async fn classes(
    context: &Context,
    request: &SearchRequest,
    read_as: Option<&str>,
) -> Result<FoundClasses, ActionError> {
    if request.query.trim().is_empty() || request.cursor.is_some() {
        return Ok(FoundClasses::default());
    }
    let queries: Vec<String> =
        [Some(request.query.as_str()), read_as].into_iter().flatten().map(str::to_owned).collect();
    let (seeking, request) = (context.clone(), request.clone());
    let seek = move || {
        let ways = queries.iter().flat_map(|query| Kept::ALL.map(|kept| (query, kept)));
        let mut found = ways.filter_map(|(query, kept)| seek(&seeking, &request, (query, kept)));
        found.next().unwrap_or_default()
    };
    let (found, wanted) = tokio::task::spawn_blocking(seek).await?;
    Ok(FoundClasses { items: calendar::named(context, wanted).await?, ..found })
}

/// What was read, and which meetings answer, best first; none where nothing does.
fn seek(
    context: &Context,
    request: &SearchRequest,
    (query, kept): (&str, Kept),
) -> Option<(FoundClasses, Vec<(ClassId, MeetingId)>)> {
    let (catalogue, names, today) = (context.catalogue(), context.names(), context.today());
    let said = when::read(query, today, request.any_time);
    let typed = SearchRequest { query: query.to_owned(), ..request.clone() };
    let read = narrow::read(&names, &catalogue, &typed);
    let area = read.iter().find(|reading| reading.facet == Facet::Area);
    // A name that is said to be a place is one, whatever comes of it.
    let said_area = area.is_some_and(|area| area.strength == Strength::Said);
    let (when, missed, area) = match kept {
        Kept::Both => (said.when, None, area),
        Kept::Place if said.when.is_some() && said.wants_class => (None, said.when, area),
        Kept::Time if area.is_some() && !said_area => (said.when, None, None),
        Kept::Place | Kept::Time => return None,
    };
    let chosen = request.filters.iter().filter(|(facet, _)| *facet == Facet::Area).map(|(_, id)| id);
    let values: Vec<&String> = area.iter().flat_map(|area| &area.values).chain(chosen).collect();
    let areas = (!values.is_empty()).then(|| around(&catalogue, &values, today));
    let cuts: Vec<_> = said.cut.iter().cloned().chain(area.iter().flat_map(|area| area.cut.iter().cloned())).collect();
    let subject = words(&reading::without(query, &cuts));
    let sieve = Sieve { areas, when: when.clone(), now: context.now() };
    let mut fitting = fitting(context, &sieve, &subject, said.wants_class);
    let total = fitting.len();
    fitting.truncate(if said.wants_class { SHOWN } else { SHOWN_ASIDE });
    let area = area.map(|area| ReadFilter {
        facet: area.facet,
        values: area.values.clone(),
        label: area.label.clone(),
        typed: area.typed.clone(),
        rest: reading::rest(query, &[area]),
        with_everywhere: false,
    });
    let found = FoundClasses { asked: said.wants_class, total, items: Vec::new(), when, missed, area };
    (total > 0).then_some((found, fitting))
}

/// The areas under which meetings in some areas are found.
fn around(catalogue: &Catalogue, ids: &[&String], today: chrono::NaiveDate) -> BTreeSet<AreaId> {
    let ids = ids.iter().filter_map(|id| AreaId::parse(id).ok());
    ids.flat_map(|id| calendar::areas(catalogue, Some(&id), today)).collect()
}

/// The next fitting meeting of each class that answers, best first; without a subject in order of time.
fn fitting(context: &Context, sieve: &Sieve, subject: &[Word], asked: bool) -> Vec<(ClassId, MeetingId)> {
    let shelf = context.classes.current();
    let scores = shelf.matches(subject);
    let least = if asked { ASKED } else { ASIDE };
    let mut found = Vec::new();
    for (at, entry) in shelf.entries.iter().enumerate() {
        let score = scores.get(&at).copied().unwrap_or_default();
        let answers = if subject.is_empty() { asked } else { score >= least };
        let next = entry.meetings.iter().find(|meeting| sieve.takes(meeting));
        found.extend(next.filter(|_| answers).map(|(slot, meeting, _)| (score, *slot, entry.class, *meeting)));
    }
    let best = found.iter().map(|(score, ..)| *score).fold(0.0, f32::max);
    found.retain(|(score, ..)| *score >= best * BESIDE_BEST);
    found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2)));
    found.into_iter().map(|(_, _, class, meeting)| (class, meeting)).collect()
}
