//! The result page. Its whole state is in its address.

use super::help::{HelpView, Way};
#[cfg(test)]
use super::rendered;
#[cfg(test)]
use super::view::sample_card;
use super::view::{CardView, Link};
use super::{Frame, Page, feeds, html};
use crate::actions::search::{
    self, Facet, FacetGroup, FoundClasses, Interpretation, Offer, ReadFilter, SearchItem, SearchRequest, SearchResults,
    Sort,
};
use crate::actions::{ActionError, explain, usage};
use crate::domain::page::cue;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::AppState;
use crate::web::visit::Caller;
use askama::Template;
use axum::extract::State;

/// What is told to whoever follows an address that names no place among the results.
const NO_SUCH_PART: &str = "Địa chỉ không chỉ đúng trang kết quả nào nên đây là trang đầu; bấm “Trang sau” để xem tiếp, \
     hoặc thu hẹp kết quả.";
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
    /// Another way to read the words.
    second_reading: Option<Link>,
    /// Exactly what was typed is searched.
    exact: bool,
    /// The same search with the opposite wish.
    other_reading: String,
    hints: Vec<String>,
    chips: Vec<Choice>,
    /// Filters read out of the words, with the addresses that take them off.
    readings: Vec<Link>,
    /// Materials for everywhere are among the results of a search narrowed to a place.
    with_everywhere: bool,
    /// Filters that could be read out of the words.
    offers: Vec<Way>,
    classes: Option<ClassesView>,
    help: Option<HelpView>,
    groups: Vec<Group>,
    sorts: Vec<SortLink>,
    items: Vec<Item>,
    /// Those that bear only a part of the query.
    partial: Vec<Item>,
    /// The number of the first item shown.
    first: usize,
    /// The same search from its first result on.
    beginning: String,
    previous: Option<String>,
    next: Option<String>,
}

/// Classes that answer as well.
struct ClassesView {
    /// The query asks for one: they stand before the materials.
    asked: bool,
    lines: Vec<(Link, String)>,
    /// What was read out of the words, with the addresses that take it off.
    readings: Vec<Link>,
    /// That nothing is at the time that was asked for.
    missed: Option<String>,
    more: Option<Link>,
}

struct Choice {
    url: String,
    label: String,
    count: usize,
    selected: bool,
    /// It is a part of the value above it.
    below: bool,
}

struct Group {
    name: &'static str,
    open: bool,
    values: Vec<Choice>,
    /// Leads to all values, where some are left out.
    more: Option<Link>,
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
    /// Why it is found, for staff.
    why: Option<String>,
}

struct Passage {
    html: String,
    url: String,
    label: String,
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    parameters: Parameters,
    reader: Reader,
    caller: Caller,
) -> Page {
    let asked = search::current(&state.context, parameters.page_search());
    let (request, results) = found(&state, asked).await?;
    usage::searched(&state.context, caller.search(&request.query), &request, &results);
    let title = if request.query.is_empty() {
        "Tất cả học liệu".to_owned()
    } else {
        format!("Tìm: {}", request.query)
    };
    let read_as = results.interpretation.read_as.as_deref();
    let classes = search::classes(&state.context, &request, read_as).await?;
    let whole = Facet::ALL.into_iter().find(|facet| parameters.first("mo") == Some(links::facet_parameter(*facet)));
    let help = search::help(&state.context, &request, &results).await?;
    let filters = results.interpretation.filters.iter().map(|(_, value)| value.label.clone());
    let feed = feeds::title(&request.query, &filters.collect::<Vec<_>>());
    let explains = reader.signed_in.as_ref().is_some_and(|signed_in| explain::may_explain(&signed_in.actor));
    let frame = Frame::new(&title).for_reader(reader).fed_by(feed, links::feed(&first_part(&request)));
    let read_areas = results.interpretation.readings.iter().any(|filter| filter.facet == Facet::Area);
    let ids: Vec<_> = results.items.iter().map(|item| item.card.id).collect();
    let mut shown = page(&request, results, whole, frame);
    if explains {
        for (item, id) in shown.items.iter_mut().zip(ids).filter(|_| !request.query.is_empty()) {
            item.why = Some(links::why(&request.query, id));
        }
    }
    shown.help = help.map(|help| HelpView::of(&help, &request));
    shown.classes = classes_view(&request, &classes, read_areas);
    html(&shown)
}

/// Classes for the page; where the materials are narrowed to a place already, that is not told of twice.
fn classes_view(request: &SearchRequest, found: &FoundClasses, narrowed: bool) -> Option<ClassesView> {
    if found.items.is_empty() {
        return None;
    }
    let when = found.when.as_ref().map(|when| {
        let without = SearchRequest { any_time: true, ..first_part(request) };
        Link::to(links::search(&without), &format!("Thời gian: {}, đọc từ “{}”", when.label(), when.typed))
    });
    let area = found.area.as_ref().filter(|_| !narrowed).map(|filter| reading(request, filter));
    let mut parameters = Vec::new();
    let place = found.area.as_ref().and_then(|area| area.values.first()).map(String::as_str);
    parameters.extend(place.map(|area| ("dia-ban", area)));
    let first = found.when.as_ref().and_then(|when| when.days).map(|(from, _)| from.to_string());
    parameters.extend(first.as_deref().map(|day| ("tu", day)));
    let left = found.total.saturating_sub(found.items.len());
    let more = format!("Còn {left} lớp nữa: xem trang lớp học");
    Some(ClassesView {
        asked: found.asked,
        lines: found.items.iter().map(crate::web::pages::classes::next_line).collect(),
        readings: area.into_iter().chain(when).collect(),
        missed: found.missed.as_ref().map(|when| format!("Không có lớp nào vào {}. Những lớp gần nhất:", when.label())),
        more: (left > 0).then(|| Link::to(links::classes(&parameters), &more)),
    })
}

/// Answers a search; an address that names no place among the results leads to the first of them.
async fn found(state: &AppState, request: SearchRequest) -> Result<(SearchRequest, SearchResults), ActionError> {
    match search::search(&state.context, request.clone()).await {
        Err(ActionError::Invalid { field: "cursor", .. }) => {
            let request = first_part(&request);
            let mut results = search::search(&state.context, request.clone()).await?;
            results.interpretation.hints.insert(0, NO_SUCH_PART.to_owned());
            Ok((request, results))
        }
        other => Ok((request, other?)),
    }
}

fn first_part(request: &SearchRequest) -> SearchRequest {
    SearchRequest { cursor: None, ..request.clone() }
}

/// The page of a search; of one facet (`whole`) it may show every value.
fn page(request: &SearchRequest, results: SearchResults, whole: Option<Facet>, frame: Frame) -> SearchPage {
    let at = |cursor: Option<String>| {
        cursor.map(|cursor| links::search(&SearchRequest { cursor: Some(cursor), ..request.clone() }))
    };
    let kept = request.filters.iter().map(|(facet, value)| (links::facet_parameter(*facet), value.clone()));
    let sort = links::sort_parameter(request.sort).map(|sort| ("xep", sort.to_owned()));
    let SearchResults { interpretation: read, .. } = &results;
    SearchPage {
        frame,
        query: request.query.clone(),
        // New words are read afresh, so the wish for exactly these is not kept.
        kept: kept.chain(sort).collect(),
        total: results.total,
        chips: read.filters.iter().map(|(facet, value)| choice(request, read, (*facet, value))).collect(),
        readings: read.readings.iter().map(|filter| reading(request, filter)).collect(),
        with_everywhere: read.readings.iter().any(|filter| filter.with_everywhere),
        offers: read.offers.iter().map(offer).collect(),
        classes: None,
        help: None,
        read_as: read.read_as.clone(),
        second_reading: read.other_reading.as_ref().map(|other| Link::to(links::search(other), &other.query)),
        exact: request.exact && !request.query.is_empty(),
        other_reading: links::search(&SearchRequest { exact: !request.exact, ..first_part(request) }),
        hints: read.hints.clone(),
        groups: results.facets.iter().filter_map(|group| shown_group(request, read, group, whole)).collect(),
        sorts: sorts(request),
        items: results.items.iter().filter(|item| !item.partial).map(item).collect(),
        partial: results.items.iter().filter(|item| item.partial).map(item).collect(),
        first: results.offset + 1,
        beginning: links::search(&first_part(request)),
        previous: at(results.previous.clone()),
        next: at(results.next.clone()),
    }
}

/// A value with the address that chooses it, or takes it off again. A value chosen where one was read out of the words
/// takes the place of those words.
fn choice(request: &SearchRequest, read: &Interpretation, (facet, value): (Facet, &search::FacetValue)) -> Choice {
    let mut changed = first_part(request);
    if let Some(filter) = read.readings.iter().find(|filter| filter.facet == facet) {
        changed.query.clone_from(&filter.rest);
    }
    if value.selected {
        changed.filters.retain(|filter| *filter != (facet, value.id.clone()));
    } else {
        changed.filters.push((facet, value.id.clone()));
    }
    Choice {
        url: links::search(&changed),
        label: value.label.clone(),
        count: value.count,
        selected: value.selected,
        below: value.below,
    }
}

/// A filter that was read, with the address under which its words are words.
fn reading(request: &SearchRequest, filter: &ReadFilter) -> Link {
    let mut changed = first_part(request);
    changed.unread.push(filter.facet);
    let label = format!("{}: {}, đọc từ “{}”", facet_name(filter.facet), filter.label, filter.typed);
    Link::to(links::search(&changed), &label)
}

fn offer(offer: &Offer) -> Way {
    let filter = &offer.filter;
    let kind = if filter.facet == Facet::Area { "về địa bàn" } else { "của" };
    let lead = format!("“{}” có thể chỉ {}. ", filter.typed, filter.label);
    let url = match (&offer.page, filter.facet) {
        (Some(id), Facet::Area) => links::area(id),
        (Some(id), _) => links::organisation(id),
        (None, _) => links::search(&offer.request),
    };
    let label = if offer.request.query.is_empty() {
        format!("Xem học liệu {kind} {}", filter.label)
    } else {
        format!("Chỉ tìm “{}” trong học liệu {kind} {}", offer.request.query, filter.label)
    };
    Way { lead, url, label, count: offer.count }
}

fn shown_group(
    request: &SearchRequest,
    read: &Interpretation,
    group: &FacetGroup,
    whole: Option<Facet>,
) -> Option<Group> {
    let is_whole = whole == Some(group.facet);
    let shown = if is_whole { usize::MAX } else { VALUES_SHOWN };
    let values = search::in_reading_order(group.facet, group.values.iter().take(shown).cloned().collect());
    let values: Vec<Choice> = values.iter().map(|value| choice(request, read, (group.facet, value))).collect();
    // What most readers narrow by stands open.
    let open = is_whole || group.facet == Facet::Topic || values.iter().any(|value| value.selected);
    let left_out = group.values.len() > values.len();
    let more = left_out.then(|| {
        Link::to(links::search_with_all_values(request, group.facet), &format!("Xem cả {}", group.values.len()))
    });
    (!values.is_empty()).then_some(Group { name: facet_name(group.facet), open, values, more })
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
    let address = |passage: &search::FoundPassage| match passage.start_ms {
        Some(start_ms) => links::material_moment(card.id, &card.title, passage.page, start_ms),
        None => links::material_page(card.id, &card.title, passage.page),
    };
    let label = |passage: &search::FoundPassage| match passage.start_ms {
        Some(start_ms) => format!("phút {}", cue::label(start_ms)),
        None => format!("trang {}", passage.page),
    };
    let passage = |passage: &search::FoundPassage| Passage {
        html: passage.html.clone(),
        url: address(passage),
        label: label(passage),
    };
    let first = found.passages.first();
    Item {
        url: first.map_or_else(|| links::material(card.id, &card.title), address),
        title_html: found.title_html.clone(),
        // The best passage answers; a second one only lengthens the page on a weak line.
        passages: first.filter(|passage| !passage.text.is_empty()).map(passage).into_iter().collect(),
        card: CardView::of(card),
        why: None,
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let value = |selected| search::FacetValue {
        id: "a".to_owned(),
        label: "<thử>".to_owned(),
        count: 1,
        selected,
        below: selected,
    };
    let group = FacetGroup { facet: Facet::Topic, values: vec![value(true), value(false)] };
    let mut results =
        SearchResults { total: 1, facets: vec![group], next: Some("10".to_owned()), ..SearchResults::default() };
    results.interpretation.filters = vec![(Facet::Topic, value(true))];
    results.interpretation.read_as = Some("lúa".to_owned());
    results.interpretation.other_reading =
        Some(SearchRequest { query: "<lừa>".to_owned(), ..SearchRequest::default() });
    results.interpretation.hints = vec!["Gợi ý".to_owned()];
    let request = SearchRequest { query: "<thử>".to_owned(), ..SearchRequest::default() };
    let filter = ReadFilter {
        facet: Facet::Area,
        values: vec!["qt.a".to_owned()],
        label: "<thử>".to_owned(),
        typed: "<thử>".to_owned(),
        rest: "lúa".to_owned(),
        with_everywhere: true,
    };
    results.interpretation.offers =
        vec![Offer { filter: filter.clone(), count: 2, request: request.clone(), page: None }];
    results.interpretation.readings = vec![filter];
    let mut full = page(&request, results, None, Frame::new("Tìm"));
    let way =
        Way { lead: "Bớt “<thử>”: ".to_owned(), url: "/".to_owned(), label: "<thử>".to_owned(), count: 3 };
    full.classes = Some(ClassesView {
        asked: true,
        lines: vec![(Link::to("/".to_owned(), "<thử>"), "19:00".to_owned())],
        readings: vec![Link::to("/".to_owned(), "<thử>")],
        missed: Some("<thử>".to_owned()),
        more: Some(Link::to("/".to_owned(), "<thử>")),
    });
    full.help = Some(HelpView { ways: vec![way], topics: vec![Link::to("/".to_owned(), "<thử>")] });
    let item = || Item {
        card: sample_card(),
        url: "/".to_owned(),
        title_html: "Lúa".to_owned(),
        passages: vec![Passage {
            html: "<mark>lúa</mark>".to_owned(),
            url: "/".to_owned(),
            label: "trang 1".to_owned(),
        }],
        why: Some("/".to_owned()),
    };
    (full.items, full.partial) = (vec![item()], vec![item()]);
    rendered(&[full, page(&SearchRequest::default(), SearchResults::default(), None, Frame::new("Tìm"))])
}
