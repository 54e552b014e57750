//! Finding materials.

pub mod advice;
mod classes;
mod facets;
mod help;
mod latest;
mod moments;
mod names;
mod narrow;
mod reading;
mod words;

use crate::actions::materials::{Card, cards_blocking};
use crate::actions::{ActionError, Context};
use crate::domain::id::{MaterialId, TopicId};
use crate::search::{self as index, Answer, Hit, Query};
use std::collections::HashMap;

pub use crate::domain::facet::Facet;
pub use crate::search::fold as plain_letters;
pub(crate) use classes::Classes;
pub use classes::{FoundClasses, When, classes, refresh as refresh_classes};
pub use facets::{in_reading_order, label};
pub use help::{Change, FewerWords, Help, Wider, help};
pub use latest::{LatestMaterials, latest};
pub use names::Names;

/// The order of results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Relevance,
    Newest,
    Oldest,
}

/// A search as a caller states it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// The words; empty lists everything that passes the filters, newest first.
    pub query: String,
    /// The words were longer than what is used of them, and `query` is what was kept.
    pub cut: bool,
    /// Values of one facet are alternatives, different facets must all hold. Unknown values match nothing.
    pub filters: Vec<(Facet, String)>,
    /// Facets whose names in the query stay words: `Area`, `Organisation`.
    pub unread: Vec<Facet>,
    /// Words of time in the query stay words.
    pub any_time: bool,
    pub sort: Sort,
    /// 1 to 50; 0 stands for 10.
    pub limit: usize,
    /// Where to go on: the `next` of an earlier answer.
    pub cursor: Option<String>,
    /// Searches exactly what was typed: nothing is read into it.
    pub exact: bool,
}

/// A search's answer.
#[derive(Debug, Clone, Default)]
pub struct SearchResults {
    /// How many materials match.
    pub total: usize,
    pub items: Vec<SearchItem>,
    pub facets: Vec<FacetGroup>,
    /// Where the next items begin (0-based position of the first item shown).
    pub offset: usize,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub interpretation: Interpretation,
    /// The time budget ended before all was seen; the answer is partial.
    pub timed_out: bool,
    /// A filter names a value that the library does not know.
    pub unknown_filter: bool,
}

/// One found material.
#[derive(Debug, Clone)]
pub struct SearchItem {
    pub card: Card,
    /// The title as HTML with `<mark>`, escaped.
    pub title_html: String,
    /// It bears only a part of the query and fills up a short answer; not counted in the total.
    pub partial: bool,
    pub score: f32,
    pub passages: Vec<FoundPassage>,
}

/// A passage that answers.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPassage {
    /// The page's number from 1.
    pub page: u32,
    pub page_id: String,
    /// The heading or label of the page.
    pub label: Option<String>,
    /// The moment of a recording at which it is spoken.
    pub start_ms: Option<u64>,
    /// Escaped HTML with `<mark>` around what matched.
    pub html: String,
    pub text: String,
}

/// The values of one facet among the matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetGroup {
    pub facet: Facet,
    /// Most frequent first; selected ones always present.
    pub values: Vec<FacetValue>,
}

/// One value and how many matching materials bear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    pub id: String,
    pub label: String,
    pub count: usize,
    pub selected: bool,
    /// It is a part of another value, as a subtopic is of its topic.
    pub below: bool,
}

/// How the query was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interpretation {
    pub typed: String,
    /// What it was read as, when that differs from what was typed.
    pub read_as: Option<String>,
    /// What a short query without marks may have been meant as nearly as well, as a search of its own.
    pub other_reading: Option<SearchRequest>,
    /// The chosen filters with their labels.
    pub filters: Vec<(Facet, FacetValue)>,
    /// The filters that were read out of the words.
    pub readings: Vec<ReadFilter>,
    /// Filters that could be read out of the words and are not in force.
    pub offers: Vec<Offer>,
    /// Advice in Vietnamese, such as that the query was cut.
    pub hints: Vec<String>,
}

/// A filter that was read out of the words of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFilter {
    /// `Area` or `Organisation`.
    pub facet: Facet,
    /// Alternatives.
    pub values: Vec<String>,
    /// What was read, for people.
    pub label: String,
    /// The words from which it was read, as typed.
    pub typed: String,
    /// The query without them.
    pub rest: String,
    /// Materials that are for everywhere are shown, too.
    pub with_everywhere: bool,
}

/// Another search, with how much it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub filter: ReadFilter,
    pub count: usize,
    pub request: SearchRequest,
    /// The area or organisation itself, when its name is all that was typed.
    pub page: Option<String>,
}

/// The most characters of a query that are used.
pub const MAX_QUERY_CHARS: usize = 1_000;
/// The most results on one page.
pub const MAX_LIMIT: usize = 50;
/// How deep paging goes; whoever needs more narrows the search.
pub const MAX_OFFSET: usize = 10_000;
/// The most filters of one search.
pub const MAX_FILTERS: usize = 40;

/// Finds published materials.
///
/// # Errors
/// `Invalid` for a bad cursor or too many filters; `Unavailable` while the first index is built.
pub async fn search(context: &Context, request: SearchRequest) -> Result<SearchResults, ActionError> {
    let offset = offset(request.cursor.as_deref())?;
    if request.filters.len() > MAX_FILTERS {
        let reason = format!("Chỉ lọc được theo nhiều nhất {MAX_FILTERS} giá trị cùng lúc.");
        return Err(ActionError::Invalid { field: "filters", code: "filters-too-many", reason });
    }
    let limit = if request.limit == 0 { 10 } else { request.limit.min(MAX_LIMIT) };
    let (query, is_cut) = usable_text(&request.query);
    let request = SearchRequest { query, cut: is_cut || request.cut, ..request };
    let mut hints = Vec::new();
    if request.cut {
        hints.push(format!("Câu tìm quá dài: chỉ {MAX_QUERY_CHARS} ký tự đầu được dùng."));
    }
    let query = Query {
        text: request.query.clone(),
        filters: request.filters.clone(),
        sort: match request.sort {
            Sort::Relevance => index::Sort::Relevance,
            Sort::Newest => index::Sort::DateDesc,
            Sort::Oldest => index::Sort::DateAsc,
        },
        limit,
        offset,
        facets: Facet::ALL.to_vec(),
        budget: context.bounds.search_budget,
        exact: request.exact,
        names: Vec::new(),
    };
    let Found { answer, readings, offers, hits, items } = found(context, request.clone(), query).await?;
    if answer.without_quotes {
        hints.push(
            "Không có học liệu nào chứa đúng cụm từ trong ngoặc kép; đây là kết quả tìm theo từng từ.".to_owned(),
        );
    }
    let advice = advice::of(context, &request, answer.timed_out).await?;
    hints.extend(advice.lines);
    let facets = facets::groups(&context.catalogue(), &request.filters, &answer);
    let shown = offset + hits;
    let more = shown < answer.total && shown <= MAX_OFFSET && hits > 0;
    Ok(SearchResults {
        total: answer.total,
        interpretation: Interpretation {
            other_reading: answer.other_reading.map(|query| SearchRequest { query, cursor: None, ..request.clone() }),
            typed: request.query,
            read_as: answer.read_as,
            filters: facets::selected(&facets),
            readings,
            offers,
            hints,
        },
        facets,
        offset,
        next: more.then(|| shown.to_string()),
        previous: (offset > 0).then(|| offset.saturating_sub(limit).to_string()),
        timed_out: answer.timed_out,
        unknown_filter: advice.unknown_filter,
        items,
    })
}

/// What the index answers, with what lists show of it.
struct Found {
    /// Without its hits.
    answer: Answer,
    readings: Vec<ReadFilter>,
    offers: Vec<Offer>,
    /// How many hits the answer has.
    hits: usize,
    items: Vec<SearchItem>,
}

/// Asks the index and reads what it names in one turn on a thread that may block: each turn costs the searcher time.
async fn found(context: &Context, request: SearchRequest, query: Query) -> Result<Found, ActionError> {
    let reader = context.clone();
    let mut found = tokio::task::spawn_blocking(move || {
        let narrow::Narrowed { mut answer, readings, offers, .. } = narrow::answer(&reader, &request, query)?;
        let hits = std::mem::take(&mut answer.hits);
        Ok::<_, ActionError>(Found { hits: hits.len(), items: items(&reader, hits)?, answer, readings, offers })
    })
    .await??;
    moments::place(context, &mut found.items).await?;
    Ok(found)
}

/// The search with topics that were moved or merged exchanged for those that took their place.
pub fn current(context: &Context, mut request: SearchRequest) -> SearchRequest {
    let catalogue = context.catalogue();
    for (_, id) in request.filters.iter_mut().filter(|(facet, _)| *facet == Facet::Topic) {
        if let Some(topic) = TopicId::parse(id).ok().and_then(|id| catalogue.topic(&id)) {
            *id = topic.id.to_string();
        }
    }
    request
}

fn offset(cursor: Option<&str>) -> Result<usize, ActionError> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor.parse().ok().filter(|offset| *offset <= MAX_OFFSET).ok_or_else(|| ActionError::Invalid {
        field: "cursor",
        code: "cursor-invalid",
        reason: "Con trỏ trang không hợp lệ; hãy bắt đầu lại từ trang đầu.".to_owned(),
    })
}

/// The part of a query that is used, and whether there was more.
pub fn usable_text(typed: &str) -> (String, bool) {
    let text: String = typed.trim().chars().take(MAX_QUERY_CHARS).collect();
    let is_cut = text.len() < typed.trim().len();
    (text.trim_end().to_owned(), is_cut)
}

/// What lists show of the hits; blocks.
fn items(context: &Context, hits: Vec<Hit>) -> Result<Vec<SearchItem>, ActionError> {
    let ids: Vec<MaterialId> = hits.iter().filter_map(|hit| MaterialId::parse(&hit.id).ok()).collect();
    let cards = cards_blocking(context, &ids)?;
    let mut by_id: HashMap<String, Card> = cards.into_iter().map(|card| (card.id.to_string(), card)).collect();
    // A material withdrawn since the index last looked has no card and is left out.
    let shown = hits.into_iter().filter_map(|hit| by_id.remove(&hit.id).map(|card| item(card, hit)));
    Ok(behind_successors(shown.collect()))
}

/// Puts what was replaced behind what has come in its place, where both are shown; all else stays in order.
fn behind_successors(mut items: Vec<SearchItem>) -> Vec<SearchItem> {
    for at in (0..items.len()).rev() {
        let successors = items.get(at).map(|item| item.card.standing.replaced_by.clone()).unwrap_or_default();
        let behind = items.iter().skip(at + 1).rposition(|other| successors.contains(&other.card.id));
        if let Some(part) = behind.and_then(|behind| items.get_mut(at..=at + 1 + behind)) {
            part.rotate_left(1);
        }
    }
    items
}

fn item(card: Card, hit: Hit) -> SearchItem {
    let passages = hit.passages.into_iter().map(|passage| FoundPassage {
        page: passage.page,
        page_id: passage.page_id,
        label: passage.heading,
        start_ms: None,
        html: passage.html,
        text: passage.text,
    });
    SearchItem {
        card,
        title_html: hit.title_html,
        partial: hit.partial,
        score: hit.score,
        passages: passages.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_ten_kilobytes_is_cut_and_the_reader_is_told() {
        let (text, is_cut) = usable_text(&"lúa ".repeat(2_600));
        assert_eq!((text.chars().count(), is_cut), (MAX_QUERY_CHARS - 1, true));
        assert_eq!(usable_text(" lúa "), ("lúa".to_owned(), false));
    }

    #[test]
    fn cursors_beyond_the_depth_limit_or_no_number_are_refused() {
        assert_eq!(offset(Some("20")).unwrap(), 20);
        assert!(offset(Some("10001")).is_err());
        assert!(offset(Some("abc")).is_err());
    }
}
