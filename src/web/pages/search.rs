//! The result page. Its whole state is in its address.

#[cfg(test)]
use super::rendered;
use super::view::CardView;
#[cfg(test)]
use super::view::sample_card;
use super::{Frame, Page, html};
use crate::actions::search::{self, Facet, FacetGroup, SearchItem, SearchRequest, SearchResults, Sort};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;

/// How many values of a facet are offered.
const VALUES_SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "search.html", config = "src/web/askama.toml")]
struct SearchPage {
    frame: Frame,
    query: String,
    /// The filters and the order, to be kept when other words are searched.
    kept: Vec<(&'static str, String)>,
    total: usize,
    read_as: Option<String>,
    hints: Vec<String>,
    chips: Vec<Choice>,
    groups: Vec<Group>,
    sorts: Vec<SortLink>,
    items: Vec<Item>,
    /// The number of the first item shown.
    first: usize,
    unfiltered: String,
    previous: Option<String>,
    next: Option<String>,
}

struct Choice {
    url: String,
    label: String,
    count: usize,
    selected: bool,
}

struct Group {
    name: &'static str,
    open: bool,
    values: Vec<Choice>,
}

struct SortLink {
    url: String,
    label: &'static str,
    current: bool,
}

struct Item {
    card: CardView,
    url: String,
    title_html: String,
    passages: Vec<Passage>,
}

struct Passage {
    html: String,
    url: String,
    label: String,
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, reader: Reader) -> Page {
    let request = parameters.page_search();
    let results = search::search(&state.context, request.clone()).await?;
    let title = if request.query.is_empty() {
        "Tất cả học liệu".to_owned()
    } else {
        format!("Tìm: {}", request.query)
    };
    html(&page(&request, results, Frame::new(&title).for_reader(reader)))
}

fn page(request: &SearchRequest, results: SearchResults, frame: Frame) -> SearchPage {
    let at = |cursor: Option<String>| {
        cursor.map(|cursor| links::search(&SearchRequest { cursor: Some(cursor), ..request.clone() }))
    };
    let kept = request.filters.iter().map(|(facet, value)| (links::facet_parameter(*facet), value.clone()));
    let sort = links::sort_parameter(request.sort).map(|sort| ("xep", sort.to_owned()));
    let filters = &results.interpretation.filters;
    SearchPage {
        frame,
        query: request.query.clone(),
        kept: kept.chain(sort).collect(),
        total: results.total,
        chips: filters.iter().map(|(facet, value)| choice(request, *facet, value)).collect(),
        read_as: results.interpretation.read_as.clone(),
        hints: results.interpretation.hints.clone(),
        groups: results.facets.iter().filter_map(|group| shown_group(request, group)).collect(),
        sorts: sorts(request),
        items: results.items.iter().map(item).collect(),
        first: results.offset + 1,
        unfiltered: links::search(&SearchRequest { filters: Vec::new(), cursor: None, ..request.clone() }),
        previous: at(results.previous.clone()),
        next: at(results.next.clone()),
    }
}

/// A value with the address that chooses it, or takes it off again.
fn choice(request: &SearchRequest, facet: Facet, value: &search::FacetValue) -> Choice {
    let mut changed = SearchRequest { cursor: None, ..request.clone() };
    if value.selected {
        changed.filters.retain(|filter| *filter != (facet, value.id.clone()));
    } else {
        changed.filters.push((facet, value.id.clone()));
    }
    Choice { url: links::search(&changed), label: value.label.clone(), count: value.count, selected: value.selected }
}

fn shown_group(request: &SearchRequest, group: &FacetGroup) -> Option<Group> {
    let values: Vec<Choice> =
        group.values.iter().take(VALUES_SHOWN).map(|value| choice(request, group.facet, value)).collect();
    let open = values.iter().any(|value| value.selected);
    (!values.is_empty()).then_some(Group { name: facet_name(group.facet), open, values })
}

const fn facet_name(facet: Facet) -> &'static str {
    match facet {
        Facet::Topic => "Chủ đề",
        Facet::Organisation => "Cơ quan",
        Facet::Area => "Địa bàn",
        Facet::Kind => "Loại tài liệu",
        Facet::Language => "Ngôn ngữ",
        Facet::Level => "Trình độ",
        Facet::Audience => "Đối tượng",
        Facet::Year => "Năm",
    }
}

fn sorts(request: &SearchRequest) -> Vec<SortLink> {
    let all = [(Sort::Relevance, "phù hợp nhất"), (Sort::Newest, "mới nhất"), (Sort::Oldest, "cũ nhất")];
    let link = |(sort, label)| SortLink {
        url: links::search(&SearchRequest { sort, cursor: None, ..request.clone() }),
        label,
        current: sort == request.sort,
    };
    all.into_iter().map(link).collect()
}

fn item(found: &SearchItem) -> Item {
    let card = &found.card;
    let address = |page: u32| links::material_page(card.id, &card.title, page);
    let passage = |passage: &search::FoundPassage| Passage {
        html: passage.html.clone(),
        url: address(passage.page),
        label: format!("trang {}", passage.page),
    };
    let first = found.passages.first();
    Item {
        url: first.map_or_else(|| links::material(card.id, &card.title), |passage| address(passage.page)),
        title_html: found.title_html.clone(),
        // The best passage answers; a second one only lengthens the page on a weak line.
        passages: first.filter(|passage| !passage.text.is_empty()).map(passage).into_iter().collect(),
        card: CardView::of(card),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let value = |selected| search::FacetValue { id: "a".to_owned(), label: "<thử>".to_owned(), count: 1, selected };
    let group = FacetGroup { facet: Facet::Topic, values: vec![value(true), value(false)] };
    let mut results =
        SearchResults { total: 1, facets: vec![group], next: Some("10".to_owned()), ..SearchResults::default() };
    results.interpretation.filters = vec![(Facet::Topic, value(true))];
    results.interpretation.read_as = Some("lúa".to_owned());
    results.interpretation.hints = vec!["Gợi ý".to_owned()];
    let request = SearchRequest { query: "<thử>".to_owned(), ..SearchRequest::default() };
    let mut full = page(&request, results, Frame::new("Tìm"));
    let passages =
        vec![Passage { html: "<mark>lúa</mark>".to_owned(), url: "/".to_owned(), label: "trang 1".to_owned() }];
    full.items = vec![Item { card: sample_card(), url: "/".to_owned(), title_html: "Lúa".to_owned(), passages }];
    rendered(&[full, page(&SearchRequest::default(), SearchResults::default(), Frame::new("Tìm"))])
}
