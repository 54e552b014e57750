//! What comes of the names that were read in a query.
//!
//! A filter helps when people say where, or from whom, and hides good answers when the name is what they ask about. So:
//!
//! 1. A name that is said to be a place ("ở", "xã" …) narrows the search for the other words. A plain one narrows it
//!    unless a title among the first results for the words as typed bears the name: "nước mắm Cửa Tùng" asks for that
//!    fish sauce, "trồng lúa Gio Linh" for rice. A weak one narrows only when the words as typed find nothing.
//! 2. Narrowing by area keeps the materials that are about no area in particular: they are for everywhere. It takes away
//!    only what is about other places.
//! 3. When nothing but one name is left, what bears exactly this name is shown, and the page of the place or the
//!    organisation is offered; when nothing does, or there are several names, what the place or the organisation itself
//!    has is shown, or, of a place that has nothing of its own, what is for everywhere.
//! 4. A filter that would leave nothing is not applied. Where a filter is not applied it is offered, if it finds something.
//! 5. What the reader chose stays: no area is read beside a chosen area, no organisation beside a chosen one.
//! 6. The words of a name that is not weak are no other words: the index takes them as the catalogue writes them.

use super::names::Names;
use super::reading::{self, Reading, Strength};
use super::words::bears;
use super::{Facet, Offer, ReadFilter, SearchRequest};
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::EVERYWHERE;
use crate::search::{Answer, Query, SearchError, SearchIndex, Sort};
use std::time::{Duration, Instant};

/// So many results for the words as typed are looked at for titles that bear a name.
const TITLES_SEEN: usize = 10;
/// A filter of more alternatives than this is not offered: its address would be too long.
const MAX_OFFERED_VALUES: usize = 12;

/// An answer with what was read.
pub(super) struct Narrowed {
    pub(super) answer: Answer,
    pub(super) readings: Vec<ReadFilter>,
    pub(super) offers: Vec<Offer>,
    /// What was searched in the end.
    pub(super) searched: Query,
}

/// Answers a search, narrowed by the names in its words where that helps; blocks.
pub(super) fn answer(context: &Context, request: &SearchRequest, query: Query) -> Result<Narrowed, ActionError> {
    let (catalogue, names) = (context.catalogue(), context.names());
    Ok(narrowed(&context.search, &read(&names, &catalogue, request), request, query)?)
}

/// What can be read in a query beside what the reader chose.
pub(super) fn read(names: &Names, catalogue: &Catalogue, request: &SearchRequest) -> Vec<Reading> {
    if request.exact {
        return Vec::new();
    }
    let chosen = request.filters.iter().map(|(facet, _)| *facet);
    let unread: Vec<Facet> = request.unread.iter().copied().chain(chosen).collect();
    reading::read(names, catalogue, &request.query, &unread)
}

fn narrowed(
    index: &SearchIndex,
    readings: &[Reading],
    request: &SearchRequest,
    query: Query,
) -> Result<Narrowed, SearchError> {
    let asker = Asker { index, query, readings, started: Instant::now() };
    let Decided { applied, searched, answer } = asker.decide()?;
    let left = readings.iter().filter(|reading| !applied.contains(reading));
    let offers = left.filter_map(|reading| asker.offer(reading, request).transpose()).collect::<Result<_, _>>()?;
    let everywhere = searched.filters.contains(&(Facet::Area, EVERYWHERE.to_owned()));
    let readings = applied.iter().map(|reading| asker.filter(reading, everywhere && reading.facet == Facet::Area));
    Ok(Narrowed { answer, readings: readings.collect(), offers, searched })
}

/// What is shown in the end.
struct Decided<'a> {
    applied: Vec<&'a Reading>,
    searched: Query,
    answer: Answer,
}

/// Asks the index, all times together within the budget of one search.
struct Asker<'a> {
    index: &'a SearchIndex,
    /// The search with its words as typed.
    query: Query,
    readings: &'a [Reading],
    started: Instant,
}

impl<'a> Asker<'a> {
    fn ask(&self, query: Query) -> Result<Answer, SearchError> {
        let left = self.query.budget.saturating_sub(self.started.elapsed());
        self.index.search(Query { budget: left.max(Duration::from_millis(20)), ..query })
    }

    fn filter(&self, reading: &Reading, with_everywhere: bool) -> ReadFilter {
        ReadFilter {
            facet: reading.facet,
            values: reading.values.clone(),
            label: reading.label.clone(),
            typed: reading.typed.clone(),
            rest: self.rest(&[reading]),
            with_everywhere,
        }
    }

    /// The words that remain without some readings.
    fn rest(&self, readings: &[&Reading]) -> String {
        reading::rest(&self.query.text, readings)
    }

    fn decide(&self) -> Result<Decided<'a>, SearchError> {
        let bare = !self.readings.is_empty() && self.rest(&self.all()).is_empty();
        if bare && let Some(decided) = self.by_exact_name()? {
            return Ok(decided);
        }
        let first = if bare { None } else { self.first_as_typed()? };
        let wanted = if bare { self.all() } else { self.wanted(first.as_ref()) };
        let mut decided = match self.narrowest(&wanted)? {
            Some(found) => found,
            None => Decided { applied: Vec::new(), searched: self.typed(), answer: self.as_typed(first)? },
        };
        let Decided { applied, searched, answer } = &mut decided;
        let is_respelled = applied.is_empty() && searched.text != self.query.text;
        answer.read_as = answer.read_as.take().or_else(|| is_respelled.then(|| searched.text.clone()));
        // It says nothing of the names.
        answer.other_reading = answer.other_reading.take().filter(|_| self.readings.is_empty());
        Ok(decided)
    }

    fn all(&self) -> Vec<&'a Reading> {
        self.readings.iter().collect()
    }

    /// What bears exactly the one name that was typed; none when nothing does.
    fn by_exact_name(&self) -> Result<Option<Decided<'a>>, SearchError> {
        let [Reading { names, .. }] = self.readings else { return Ok(None) };
        let [name] = names.as_slice() else { return Ok(None) };
        if name.words.len() < 2 {
            return Ok(None);
        }
        let read_as = name.respelled().map(str::to_owned);
        let phrase = format!("\"{}\"", read_as.as_deref().unwrap_or(&name.typed));
        let searched = Query { text: phrase, ..self.query.clone() };
        let mut answer = self.ask(searched.clone())?;
        if answer.total == 0 || answer.without_quotes {
            return Ok(None);
        }
        answer.read_as = read_as;
        Ok(Some(Decided { applied: Vec::new(), searched, answer }))
    }

    /// The search for all words as typed.
    fn typed(&self) -> Query {
        self.with_names(self.query.text.clone(), &[])
    }

    /// The search for a part of the words, with the names in it as the catalogue writes them; those of some readings are
    /// not in it.
    fn with_names(&self, text: String, without: &[&Reading]) -> Query {
        let is_sure = |reading: &&Reading| reading.strength < Strength::Weak && !without.contains(reading);
        let spoken = self.readings.iter().filter(is_sure).flat_map(|reading| &reading.names);
        let mut places: Vec<_> = spoken
            .filter(|name| name.is_known())
            .filter_map(|name| text.find(&name.typed).map(|start| (start, name)))
            .collect();
        places.sort_by_key(|(start, _)| *start);
        let (mut written, mut names, mut at) = (String::new(), Vec::new(), 0);
        for (start, name) in places {
            let Some(between) = text.get(at..start) else { continue };
            written.push_str(between);
            let begin = written.len();
            written.push_str(name.respelled().unwrap_or(&name.typed));
            names.push(begin..written.len());
            at = start + name.typed.len();
        }
        written.push_str(text.get(at..).unwrap_or_default());
        Query { text: written, names, ..self.query.clone() }
    }

    /// The first results for the words as typed, where a decision hangs on them.
    fn first_as_typed(&self) -> Result<Option<Answer>, SearchError> {
        let is_sure = |reading: &Reading| reading.strength == Strength::Said && !self.rest(&[reading]).is_empty();
        if self.readings.iter().all(is_sure) {
            return Ok(None);
        }
        let limit = self.query.limit.max(TITLES_SEEN);
        self.ask(Query { sort: Sort::Relevance, offset: 0, limit, ..self.typed() }).map(Some)
    }

    /// The answer for the words as typed; the first results are not asked for twice.
    fn as_typed(&self, first: Option<Answer>) -> Result<Answer, SearchError> {
        match first {
            Some(mut first) if self.query.offset == 0 && self.query.sort == Sort::Relevance => {
                first.hits.truncate(self.query.limit);
                Ok(first)
            }
            _ => self.ask(self.typed()),
        }
    }

    /// The readings that should narrow the search.
    fn wanted(&self, first: Option<&Answer>) -> Vec<&'a Reading> {
        let nothing = first.is_some_and(|first| first.total == 0);
        let hits = first.iter().flat_map(|first| &first.hits).filter(|hit| !hit.partial);
        let titles: Vec<&str> = hits.map(|hit| hit.title.as_str()).collect();
        let is_subject = |reading: &Reading| {
            let seen = titles.iter().take(TITLES_SEEN);
            seen.filter(|title| reading.names.iter().any(|name| bears(title, &name.words))).count() > 0
        };
        let is_wanted = |reading: &&Reading| match reading.strength {
            _ if nothing => true,
            Strength::Said => true,
            Strength::Plain => !is_subject(reading),
            Strength::Weak => false,
        };
        self.readings.iter().filter(is_wanted).collect()
    }

    /// Narrows by as many of the readings as leave something: all, else the first that does.
    fn narrowest(&self, wanted: &[&'a Reading]) -> Result<Option<Decided<'a>>, SearchError> {
        let alone = wanted.iter().map(|one| vec![*one]).filter(|_| wanted.len() > 1);
        let sets = [wanted.to_vec()].into_iter().filter(|all| !all.is_empty()).chain(alone);
        for set in sets {
            for everywhere in [!self.rest(&set).is_empty(), true] {
                let searched = self.narrow(&set, everywhere);
                let answer = self.ask(searched.clone())?;
                if answer.total > 0 {
                    return Ok(Some(Decided { applied: set, searched, answer }));
                }
            }
        }
        Ok(None)
    }

    /// The search for the other words, narrowed by some readings; `everywhere` keeps what is for everywhere beside what is
    /// about an area.
    fn narrow(&self, set: &[&Reading], everywhere: bool) -> Query {
        let mut query = self.with_names(self.rest(set), set);
        for reading in set {
            query.filters.extend(reading.filters());
            if everywhere && reading.facet == Facet::Area {
                query.filters.push((Facet::Area, EVERYWHERE.to_owned()));
            }
        }
        query
    }

    /// What a filter that is not in force would find: with the other words, else all that bears it.
    fn offer(&self, reading: &Reading, request: &SearchRequest) -> Result<Option<Offer>, SearchError> {
        if reading.values.len() > MAX_OFFERED_VALUES || self.started.elapsed() > self.query.budget / 2 {
            return Ok(None);
        }
        let filters: Vec<_> = self.query.filters.iter().cloned().chain(reading.filters()).collect();
        let rest = self.rest(&[reading]);
        let is_bare = rest.is_empty();
        let texts = if is_bare { vec![rest] } else { vec![rest, String::new()] };
        for text in texts {
            let query =
                Query { text: text.clone(), filters: filters.clone(), limit: 0, offset: 0, ..self.query.clone() };
            let count = self.ask(Query { facets: Vec::new(), ..query })?.total;
            if count > 0 || is_bare {
                let request = SearchRequest { query: text, filters, cursor: None, ..request.clone() };
                let page = is_bare.then(|| reading.page.clone());
                return Ok(Some(Offer { filter: self.filter(reading, false), count, request, page }));
            }
        }
        Ok(None)
    }
}
