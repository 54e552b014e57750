//! From a request to an answer.

mod plan;

use crate::error::Error;
use crate::facet::{self, FacetCount};
use crate::schema::Fields;
use crate::score::{self, Found, Search};
use crate::snippet::{self, Marker};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument};

pub(crate) use plan::{Plan, Rarity, Term, as_f32, as_weight};

/// A filter: the document must bear one of the values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A facet field.
    pub field: String,
    /// Alternatives; unknown values match nothing.
    pub any_of: Vec<String>,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first; newest first when there is no query.
    #[default]
    Relevance,
    /// Latest date first, those without a date last.
    DateDesc,
    /// Earliest date first, those without a date last.
    DateAsc,
}

/// A search.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The words as typed; empty for everything that passes the filters.
    pub query: String,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// The order of hits.
    pub sort: Sort,
    /// How many hits; none only counts.
    pub limit: usize,
    /// How many hits to pass over.
    pub offset: usize,
    /// Facet fields whose values are counted.
    pub facets: Vec<String>,
    /// How many passages each hit shows.
    pub passages_per_hit: usize,
    /// Time after which the answer is given as far as it has come.
    pub deadline: Option<Duration>,
}

impl Request {
    /// A search for words, with ten hits of up to three passages.
    pub fn new(query: &str) -> Self {
        Self { query: query.to_owned(), limit: 10, passages_per_hit: 3, ..Self::default() }
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Documents that match.
    pub total: usize,
    /// The wanted part of them.
    pub hits: Vec<Hit>,
    /// Values among all matches by field, most frequent first.
    pub facets: BTreeMap<String, Vec<FacetCount>>,
    /// What the query was read as, where that differs from what was typed.
    pub read_as: Option<String>,
    /// The deadline came first: the answer is partial.
    pub timed_out: bool,
}

/// A found document.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The document's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its title as escaped HTML with `<mark>`.
    pub title_html: String,
    /// How well it answers; comparable within one answer.
    pub score: f32,
    /// Its best passages, best first.
    pub passages: Vec<HitPassage>,
}

/// A passage of a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitPassage {
    /// The page it stands on, from 1.
    pub page: u32,
    /// Its name within the document.
    pub page_id: String,
    /// Its heading.
    pub heading: Option<String>,
    /// The part that answers as escaped HTML with `<mark>`.
    pub html: String,
    /// The same part as plain text.
    pub text: String,
}

/// Answers a request.
pub(crate) fn search(searcher: &Searcher, fields: &Fields, request: &Request) -> Result<Answer, Error> {
    let plan = Plan::of(&request.query, searcher, fields)?;
    answer(searcher, fields, request, &plan, None)
}

/// Answers a request with a plan made elsewhere; `without` leaves one document out.
pub(crate) fn answer(
    searcher: &Searcher,
    fields: &Fields,
    request: &Request,
    plan: &Plan,
    without: Option<&str>,
) -> Result<Answer, Error> {
    let deadline = request.deadline.map(|budget| Instant::now() + budget);
    let search = Search { searcher, fields, plan, request, deadline };
    let found: Found = score::run(&search)?;
    let marker = Marker::new(plan);
    let shown = found.best.iter().skip(request.offset).take(request.limit);
    let mut hits = Vec::with_capacity(request.limit.min(found.best.len()));
    for group in shown {
        let hit = hit(&search, &marker, group)?;
        if without != Some(hit.id.as_str()) {
            hits.push(hit);
        }
    }
    let facets = facet::named(&search, found.counts)?;
    Ok(Answer { total: found.total, hits, facets, read_as: None, timed_out: found.timed_out })
}

fn hit(search: &Search<'_>, marker: &Marker, group: &score::Group) -> Result<Hit, Error> {
    let fields = search.fields;
    let mut passages = Vec::new();
    let (mut id, mut title) = (String::new(), String::new());
    for (index, (doc, _)) in group.passages.iter().enumerate() {
        if index > 0 && index >= search.request.passages_per_hit {
            break;
        }
        let row: TantivyDocument = search.searcher.doc(DocAddress::new(group.segment, *doc))?;
        let text_of = |field| row.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        if index == 0 {
            id = text_of(fields.id);
            title = text_of(fields.title);
        }
        let page = row.get_first(fields.page).and_then(|value| value.as_u64()).unwrap_or(1);
        let part = snippet::best_part(&text_of(fields.text), marker);
        let heading = Some(text_of(fields.heading)).filter(|heading| !heading.is_empty());
        if index < search.request.passages_per_hit {
            passages.push(HitPassage {
                page: u32::try_from(page).unwrap_or(u32::MAX),
                page_id: text_of(fields.page_id),
                heading,
                html: part.html,
                text: part.text,
            });
        }
    }
    let title_html = snippet::marked(&title, marker);
    Ok(Hit { id, title, title_html, score: group.score, passages })
}
