//! From a request to an answer.

mod builder;
mod encoding;
mod lattice;
mod parse;
mod plan;
mod read;
mod second;
mod spellings;
mod statistics;
#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::facet::{self, FacetCount, Names};
use crate::lexicon::Synonyms;
use crate::rank::RELAXED;
use crate::schema::Fields;
use crate::score::{self, Curves, Explanation, Search};
use crate::snippet::{self, Marker};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument};

pub(crate) use plan::{Alternative, Kind, Phrase, Plan, Slot};

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
    /// Takes the words as typed: no old encoding is undone, no marks are put back, no slip is mended, no other wording is
    /// looked for.
    pub exact: bool,
    /// Parts of the query, in bytes, that are known to be names: their words are read as typed, as between quotes.
    pub names: Vec<Range<usize>>,
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
    /// The wanted part of them; on the first page of a short answer, among what bears less of the query.
    pub hits: Vec<Hit>,
    /// Values among all matches by field, most frequent first.
    pub facets: BTreeMap<String, Vec<FacetCount>>,
    /// What the query was read as, where that differs from what was typed.
    pub read_as: Option<String>,
    /// Other wordings that were looked for too: what stands in the query, and the other wording.
    pub wordings: Vec<(String, String)>,
    /// What a short query may have been meant as nearly as well.
    pub other_reading: Option<String>,
    /// What stood in quotes is nowhere in these words: it was searched word by word.
    pub without_quotes: bool,
    /// The deadline came first: the answer is partial.
    pub timed_out: bool,
}

/// A found document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hit {
    /// The document's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its title as escaped HTML with `<mark>`.
    pub title_html: String,
    /// It bears too little of the query to be a match, and fills up a short answer; not counted in the total.
    pub partial: bool,
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

/// An index as searches see it.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) curves: &'a Curves,
    pub(crate) names: &'a Names,
    pub(crate) synonyms: &'a Synonyms,
}

/// Answers a request.
pub(crate) fn search(view: View<'_>, request: &Request) -> Result<Answer, Error> {
    let deadline = request.deadline.map(|budget| Instant::now() + budget);
    let (mut plan, without_quotes, mut answer) = first_answer(view, request, deadline)?;
    if answer.total < request.limit && request.offset == 0 && plan.phrases.is_empty() && plan.has_words {
        // A short query means all of its words, and an order by date knows no better and worse.
        let matches_first = plan.required.is_some() || request.sort != Sort::Relevance;
        (plan.least, plan.required) = (plan.least * RELAXED, None);
        let wider = self::answer(view, &Request { facets: Vec::new(), ..request.clone() }, &plan, deadline)?;
        // A wider look that was cut short may have missed what is found already.
        if !wider.timed_out {
            fill_up(&mut answer.hits, wider.hits, request.limit);
            if matches_first {
                answer.hits.sort_by_key(|hit| hit.partial);
            }
        }
    }
    answer.read_as = plan.read_as(&request.query);
    answer.wordings = plan.other_wordings();
    answer.other_reading = plan.second_reading(&request.query);
    answer.without_quotes = without_quotes;
    Ok(answer)
}

/// Puts near matches beside the matches, which all stay, in the order of the wider look; a match that it ranks below what it
/// shows comes last.
fn fill_up(hits: &mut Vec<Hit>, wider: Vec<Hit>, limit: usize) {
    let mut matches = std::mem::take(hits);
    for mut hit in wider {
        let known = matches.iter().position(|one| one.id == hit.id);
        hit.partial = known.is_none();
        if let Some(known) = known {
            matches.remove(known);
        }
        hits.push(hit);
    }
    hits.append(&mut matches);
    while hits.len() > limit
        && let Some(last) = hits.iter().rposition(|hit| hit.partial)
    {
        hits.remove(last);
    }
}

/// The plan of a request and its answer; whether its quotes had to be given up, because nothing bears what stands in them.
fn first_answer(view: View<'_>, request: &Request, deadline: Option<Instant>) -> Result<(Plan, bool, Answer), Error> {
    let plan = Plan::of(request, true, view)?;
    let found = answer(view, request, &plan, deadline)?;
    if found.total > 0 || plan.phrases.is_empty() {
        return Ok((plan, false, found));
    }
    let plan = Plan::of(request, false, view)?;
    let found = answer(view, request, &plan, deadline)?;
    Ok((plan, true, found))
}

/// Why a document is found; none when it is not.
pub(crate) fn explain(view: View<'_>, request: &Request, id: &str) -> Result<Option<Explanation>, Error> {
    let count = Request { limit: 0, facets: Vec::new(), ..request.clone() };
    let (plan, ..) = first_answer(view, &count, None)?;
    // What is no match is explained too.
    let all = Plan { least: 0.0, required: None, ..plan.clone() };
    let request = Request { limit: usize::MAX, offset: 0, facets: Vec::new(), ..request.clone() };
    let search = Search {
        searcher: view.searcher,
        fields: view.fields,
        curves: view.curves,
        names: view.names,
        plan: &all,
        request: &request,
        deadline: None,
    };
    let wanted = crate::row::group_of(id);
    let found = score::run(&search)?;
    found.best.iter().find(|group| group.id == wanted).map(|group| score::explain(&search, &plan, group)).transpose()
}

/// Answers a request with a plan.
pub(crate) fn answer(
    view: View<'_>,
    request: &Request,
    plan: &Plan,
    deadline: Option<Instant>,
) -> Result<Answer, Error> {
    let search = Search {
        searcher: view.searcher,
        fields: view.fields,
        curves: view.curves,
        names: view.names,
        plan,
        request,
        deadline,
    };
    let found = score::run(&search)?;
    let marker = Marker::new(plan);
    let mut hits = Vec::with_capacity(request.limit.min(found.best.len()));
    for group in found.best.iter().skip(request.offset).take(request.limit) {
        hits.push(hit(&search, &marker, group)?);
    }
    let facets = facet::named(&search, found.counts)?;
    Ok(Answer { total: found.total, hits, facets, timed_out: found.timed_out, ..Answer::default() })
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
    Ok(Hit { id, title, title_html, partial: false, score: group.score, passages })
}

/// A count as a weight: beyond 16 million the last digits do not matter.
#[expect(clippy::cast_precision_loss, reason = "weights need seven digits at most")]
pub(crate) fn as_f32(count: u64) -> f32 {
    count as f32
}

/// A frequency or length as a weight.
#[expect(clippy::cast_precision_loss, reason = "weights need seven digits at most")]
pub(crate) fn as_weight(count: u32) -> f32 {
    count as f32
}
