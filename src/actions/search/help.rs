//! What to try when nothing or little was found: fewer words, fewer filters, a broader topic, browsing.

use super::reading::{Reading, without};
use super::words::words;
use super::{Facet, SearchRequest, SearchResults, facets, narrow};
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::EVERYWHERE;
use crate::domain::id::TopicId;
use crate::domain::topic::Topic;
use crate::search::{Counts, Query, SearchError, SearchIndex, Sort};
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Up to so many results are little.
const LITTLE: usize = 2;
/// Words are left out of queries of up to so many; a longer one is a text.
const MAX_WORDS: usize = 8;
/// So many ways are offered at most of each sort.
const WAYS: usize = 3;
/// So many topics are offered for browsing.
const TOPICS: usize = 6;

/// Ways on from a search that found nothing or little; each finds more than it did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Help {
    pub fewer_words: Vec<FewerWords>,
    pub wider: Vec<Wider>,
    /// Topics to browse, those that share a word with the query first.
    pub topics: Vec<(Topic, usize)>,
}

/// The same search with some words left out, and with the filters taken off where they leave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FewerWords {
    pub dropped: Vec<String>,
    pub count: usize,
    pub request: SearchRequest,
}

/// The same search with a filter taken off, or with a broader one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wider {
    pub change: Change,
    pub count: usize,
    pub request: SearchRequest,
}

/// How a search is widened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This value no longer narrows.
    Without { facet: Facet, id: String, label: String },
    /// No filter narrows any more.
    WithoutAll,
    /// The topic above takes the topic's place.
    Broader { topic: Topic },
}

/// Looks for ways on from a search, within half the time of one; none when it found enough.
///
/// # Errors
/// When the index fails.
pub async fn help(
    context: &Context,
    request: &SearchRequest,
    results: &SearchResults,
) -> Result<Option<Help>, ActionError> {
    let is_browsing = request.query.is_empty() && request.filters.is_empty();
    if results.total > LITTLE || results.timed_out || request.cursor.is_some() || is_browsing {
        return Ok(None);
    }
    let counts = context.counts().await?;
    let readings = narrow::read(&context.names(), &context.catalogue(), request);
    let in_force = &results.interpretation.readings;
    let (applied, left): (Vec<_>, Vec<_>) =
        readings.into_iter().partition(|reading| in_force.iter().any(|filter| filter.facet == reading.facet));
    let everywhere = in_force.iter().filter(|filter| filter.with_everywhere);
    let everywhere = everywhere.map(|_| (Facet::Area, EVERYWHERE.to_owned()));
    let guide = Guide {
        index: context.search.clone(),
        catalogue: context.catalogue(),
        request: request.clone(),
        read_filters: applied.iter().flat_map(Reading::filters).chain(everywhere).collect(),
        read_words: applied.into_iter().flat_map(|reading| reading.cut).collect(),
        names: left.into_iter().flat_map(|reading| reading.cut).collect(),
        total: results.total,
        until: Instant::now() + context.bounds.search_budget / 2,
    };
    let help = tokio::task::spawn_blocking(move || {
        Ok::<_, SearchError>(Help {
            wider: guide.wider()?,
            fewer_words: guide.fewer_words()?,
            topics: guide.topics(&counts),
        })
    });
    Ok(Some(help.await??))
}

struct Guide {
    index: SearchIndex,
    catalogue: Arc<Catalogue>,
    request: SearchRequest,
    /// Filters that were read out of the words, and the words that they were read from.
    read_filters: Vec<(Facet, String)>,
    read_words: Vec<Range<usize>>,
    /// Other names in the query: their words belong together.
    names: Vec<Range<usize>>,
    total: usize,
    until: Instant,
}

impl Guide {
    /// How much is found with other filters and without some parts of the query; nothing once the time is up.
    fn count(&self, filters: &[(Facet, String)], left_out: &[Range<usize>]) -> Result<usize, SearchError> {
        let left_out = [left_out, &self.read_words].concat();
        self.count_text(without(&self.request.query, &left_out), filters)
    }

    fn count_text(&self, text: String, filters: &[(Facet, String)]) -> Result<usize, SearchError> {
        let budget = self.until.saturating_duration_since(Instant::now());
        if budget < Duration::from_millis(2) {
            return Ok(0);
        }
        let query = Query {
            text,
            filters: filters.iter().chain(&self.read_filters).cloned().collect(),
            sort: Sort::Relevance,
            limit: 0,
            offset: 0,
            facets: Vec::new(),
            budget,
            exact: self.request.exact,
            names: Vec::new(),
        };
        Ok(self.index.search(query)?.total)
    }

    /// Filters off, one by one and all, and topics exchanged for those above them.
    fn wider(&self) -> Result<Vec<Wider>, SearchError> {
        let filters = &self.request.filters;
        let mut ways = Vec::new();
        for filter in filters.iter().take(WAYS) {
            let others: Vec<_> = filters.iter().filter(|other| *other != filter).cloned().collect();
            let (facet, id) = filter;
            if let Some(topic) = self.topic_above(filter).filter(|topic| !filters.contains(&above(topic))) {
                let broader = [others.clone(), vec![above(&topic)]].concat();
                self.try_wider(Change::Broader { topic }, broader, &mut ways)?;
            }
            let label = facets::label(&self.catalogue, *facet, id);
            self.try_wider(Change::Without { facet: *facet, id: id.clone(), label }, others, &mut ways)?;
        }
        if filters.len() > 1 {
            self.try_wider(Change::WithoutAll, Vec::new(), &mut ways)?;
        }
        Ok(ways)
    }

    fn topic_above(&self, (facet, id): &(Facet, String)) -> Option<Topic> {
        let topic = TopicId::parse(id).ok().filter(|_| *facet == Facet::Topic)?;
        self.catalogue.topic(&topic.parent()?).cloned()
    }

    fn try_wider(
        &self,
        change: Change,
        filters: Vec<(Facet, String)>,
        ways: &mut Vec<Wider>,
    ) -> Result<(), SearchError> {
        let count = self.count(&filters, &[])?;
        if count > self.total {
            let request = SearchRequest { filters, ..self.request.clone() };
            ways.push(Wider { change, count, request });
        }
        Ok(())
    }

    /// The words that can be left out; those of a name, and those written without a space, such as a document's number,
    /// only together.
    fn units(&self) -> Vec<Range<usize>> {
        let query = &self.request.query;
        let is_within = |part: &Range<usize>, whole: &Range<usize>| whole.start <= part.start && part.end <= whole.end;
        let mut typed: Vec<Range<usize>> = Vec::new();
        for place in words(query).into_iter().map(|word| word.place) {
            let is_joined = |last: &&mut Range<usize>| {
                query.get(last.end..place.start).is_some_and(|between| !between.contains(char::is_whitespace))
            };
            match typed.last_mut().filter(is_joined) {
                Some(last) => last.end = place.end,
                None => typed.push(place),
            }
        }
        let taken = |place: &Range<usize>| self.names.iter().chain(&self.read_words).any(|name| is_within(place, name));
        let mut units: Vec<_> =
            typed.into_iter().filter(|place| !taken(place)).chain(self.names.iter().cloned()).collect();
        units.sort_by_key(|place| place.start);
        units
    }

    fn text(&self, place: &Range<usize>) -> String {
        self.request.query.get(place.clone()).unwrap_or_default().to_owned()
    }

    /// Leaves out the words that nothing in the library bears; else each word in turn; else each pair of neighbours.
    fn fewer_words(&self) -> Result<Vec<FewerWords>, SearchError> {
        let units = self.units();
        if !(2..=MAX_WORDS).contains(&units.len()) {
            return Ok(Vec::new());
        }
        let mut unknown = Vec::new();
        for unit in &units {
            if self.count_text(self.text(unit), &[])? == 0 {
                unknown.push(unit.clone());
            }
        }
        let (mut ways, filters) = (Vec::new(), self.request.filters.as_slice());
        if (1..units.len()).contains(&unknown.len()) {
            self.try_fewer(&unknown, filters, &mut ways)?;
            if ways.is_empty() && !filters.is_empty() {
                self.try_fewer(&unknown, &[], &mut ways)?;
            }
        }
        for length in 1..=2 {
            if !ways.is_empty() {
                break;
            }
            // Beside a find a name alone is worth leaving out: single syllables are halves of words.
            let is_worth = |dropped: &[Range<usize>]| self.total == 0 || dropped.iter().all(|d| self.names.contains(d));
            let shorter = units.windows(length).filter(|dropped| dropped.len() < units.len());
            for dropped in shorter.filter(|dropped| is_worth(dropped)) {
                self.try_fewer(dropped, filters, &mut ways)?;
            }
        }
        ways.sort_by_key(|way| Reverse(way.count));
        ways.truncate(WAYS);
        Ok(ways)
    }

    fn try_fewer(
        &self,
        dropped: &[Range<usize>],
        filters: &[(Facet, String)],
        ways: &mut Vec<FewerWords>,
    ) -> Result<(), SearchError> {
        let count = self.count(filters, dropped)?;
        if count > self.total {
            let (query, filters) = (without(&self.request.query, dropped), filters.to_vec());
            let request = SearchRequest { query, filters, ..self.request.clone() };
            ways.push(FewerWords { dropped: dropped.iter().map(|place| self.text(place)).collect(), count, request });
        }
        Ok(())
    }

    /// Topics that hold materials: those that share most words with the query, then the largest.
    fn topics(&self, counts: &Counts) -> Vec<(Topic, usize)> {
        let typed = words(&self.request.query);
        let of_topics = counts.get(Facet::Topic.code());
        let count = |topic: &Topic| of_topics.and_then(|all| all.get(topic.id.as_str())).copied().unwrap_or(0);
        let shared = |topic: &Topic| {
            let labels: Vec<_> =
                topic.former_labels.iter().chain([&topic.label]).flat_map(|label| words(label)).collect();
            let alike = || typed.iter().filter(|word| labels.iter().any(|own| word.may_be(own)));
            // One word without marks may be any word.
            if alike().count() == 1 && alike().all(|word| !word.has_marks) { 0 } else { alike().count() }
        };
        let groups = self.catalogue.topics_below(None);
        let below = groups.iter().flat_map(|group| self.catalogue.topics_below(Some(&group.id)));
        let below = below.filter(|topic| shared(topic) > 0);
        let mut all: Vec<(&Topic, usize)> = groups
            .iter()
            .copied()
            .chain(below)
            .map(|topic| (topic, count(topic)))
            .filter(|(_, count)| *count > 0)
            .collect();
        all.sort_by_key(|(topic, count)| (Reverse(shared(topic)), Reverse(*count), topic.order));
        all.into_iter().take(TOPICS).map(|(topic, count)| (topic.clone(), count)).collect()
    }
}

fn above(topic: &Topic) -> (Facet, String) {
    (Facet::Topic, topic.id.to_string())
}
