//! A material's own page, its text page by page, and the list of what is new.

use super::facts::{Banner, Place, banners, extraction_notes, facts, remarks, warnings};
#[cfg(test)]
use super::files::Track;
use super::files::{FileView, Player, file_view, players};
#[cfg(test)]
use super::rendered;
use super::review::decide::DecideView;
#[cfg(test)]
use super::view::sample_card;
use super::view::{CardView, Fact, Link, cards, fact};
use super::{Frame, Page, blocks, classes, feeds, html};
use crate::actions::ActionError;
use crate::actions::error::Noun;
use crate::actions::extraction::pages::may_correct;
use crate::actions::materials::{self, MaterialView};
use crate::actions::search::SearchRequest;
use crate::actions::versions::Which;
use crate::actions::{audit, usage};
use crate::domain::id::MaterialId;
#[cfg(test)]
use crate::domain::material::Extraction;
use crate::domain::material::SAMPLE_NOTICE;
use crate::domain::page::{Page as TextPage, cue};
use crate::interop::schema_org::{self, Resource};
use crate::web::assets;
use crate::web::error::{PageError, Problem};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::{Duty, Reader};
use crate::web::state::{AppState, Base};
use crate::web::visit::Caller;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Redirect;

/// How many like materials are named.
const RELATED: usize = 4;
/// How many materials one page of the list of what is new shows.
const NEWEST: usize = 20;

#[derive(Template)]
#[template(path = "material.html", config = "src/web/askama.toml")]
pub(super) struct MaterialPage {
    pub(super) frame: Frame,
    /// For search engines; absent on versions that are not to be found.
    json_ld: Option<String>,
    /// What is to be known before anything else.
    banners: Vec<Banner>,
    listen: &'static str,
    /// Jumps to moments of a recording.
    script: &'static str,
    players: Vec<Player>,
    links: Vec<Link>,
    card: CardView,
    notes: Vec<String>,
    facts: Vec<Fact>,
    files: Vec<FileView>,
    contents: Vec<Entry>,
    page: Option<PageView>,
    /// There is text to be read aloud.
    can_be_heard: bool,
    citation: String,
    sample_notice: &'static str,
    /// All of the text on one page, to be printed.
    printout: Option<String>,
    /// Where anyone says what is not right about it.
    complain: String,
    related: Vec<CardView>,
    /// Classes to come that use it, and where this reader may make one.
    classes: Vec<(Link, String)>,
    make_class: Option<String>,
    /// What the reader may decide about a version that is not public yet.
    pub(super) decide: Option<DecideView>,
}

struct Entry {
    url: String,
    heading: String,
    page: u32,
    current: bool,
}

struct PageView {
    number: u32,
    count: u32,
    language: String,
    remarks: Vec<&'static str>,
    warnings: Vec<String>,
    /// The picture of a scanned page.
    scan: Option<String>,
    html: String,
    previous: Option<String>,
    next: Option<String>,
    /// Where this reader may put the text right.
    correct: Option<String>,
}

/// Leads an address without a title to the one with it.
pub(in crate::web) async fn show_plain(
    State(state): State<AppState>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Redirect, PageError> {
    let id = parse(&id)?;
    let view = materials::material(&state.context, id).await?;
    let asked = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(Redirect::permanent(&format!("{}{asked}", links::material(id, &view.card.title))))
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path((id, _title)): Path<(String, String)>,
    parameters: Parameters,
    base: Base,
    (reader, caller): (Reader, Caller),
) -> Page {
    let id = parse(&id)?;
    let view = materials::material(&state.context, id).await?;
    let page = asked_page(&state, id, Which::Public, &parameters).await?;
    usage::viewed(&state.context, caller.page(&links::material_root(id)), id);
    let related = materials::related(&state.context, id, RELATED).await?;
    let mut shown = material_page(&base, &view, page.as_ref(), Place::Public);
    let from_ms = parameters.first("t").and_then(cue::parse);
    shown.players = players(&view, from_ms);
    shown.related = cards(&related);
    shown.classes = classes::coming(&state, id).await?;
    shown.make_class = reader.has(Duty::Schedule).then(|| links::class_from_material(id));
    let by = reader.signed_in.as_ref().map(|signed_in| &signed_in.actor);
    if let (Some(by), Some(page)) = (by, &mut shown.page) {
        let may = may_correct(&state.context, by, id).await?;
        page.correct = may.then(|| links::page_at_work(id, page.number));
    }
    if by.is_some_and(|by| audit::may_read_of_material(&state.context, by, &view.card.organisation.id)) {
        let trail = Link::to(links::audit(Some(("hoc-lieu", &id.to_string())), None), "nhật ký");
        shown.facts.extend(fact("Dành cho cán bộ", vec![trail]));
    }
    shown.frame = shown.frame.for_reader(reader);
    html(&shown)
}

/// The page of the text that an address asks for: the first, where it does not say; none where there is no text.
async fn asked_page(
    state: &AppState,
    id: MaterialId,
    which: Which,
    parameters: &Parameters,
) -> Result<Option<TextPage>, Problem> {
    let number = match parameters.first("trang") {
        Some(text) => text.parse().map_err(|_error| Problem::of("material-page-missing"))?,
        None => 1,
    };
    match materials::page_of(&state.context, id, which, number).await {
        Ok(page) => Ok(Some(page)),
        Err(ActionError::NotFound { noun: Noun::Page, .. }) if number == 1 => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Shows an old version that readers may still see.
pub(in crate::web) async fn show_old(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    parameters: Parameters,
    base: Base,
    reader: Reader,
) -> Page {
    let shown = version_page(&state, &base, (parse(&id)?, Which::Old(version_number(&number)?)), &parameters).await?;
    html(&MaterialPage { frame: shown.frame.clone().for_reader(reader), ..shown })
}

/// The number of a version in an address.
pub(super) fn version_number(text: &str) -> Result<u32, Problem> {
    text.parse().map_err(|_error| Problem::of("material-missing"))
}

/// The beginning of a version's text as readers would see it; none where it has no text.
pub(super) async fn first_page(
    state: &AppState,
    (id, which): (MaterialId, Which),
) -> Result<Option<(String, u32)>, Problem> {
    let view = materials::view(&state.context, id, which.clone()).await?;
    match materials::page_of(&state.context, id, which, 1).await {
        Ok(page) => Ok(Some((page_view(&view, &page, Place::Staff(view.version)).html, view.card.page_count))),
        Err(ActionError::NotFound { noun: Noun::Page, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A page of a version that is not the public one.
pub(super) async fn version_page(
    state: &AppState,
    base: &Base,
    (id, which): (MaterialId, Which),
    parameters: &Parameters,
) -> Result<MaterialPage, Problem> {
    let view = materials::view(&state.context, id, which.clone()).await?;
    let place = match which {
        Which::Public => Place::Public,
        Which::Old(number) => Place::Old(number),
        Which::Staff(..) => Place::Staff(view.version),
    };
    let page = asked_page(state, id, which, parameters).await?;
    Ok(material_page(base, &view, page.as_ref(), place))
}

pub(super) fn parse(id: &str) -> Result<MaterialId, ActionError> {
    let missing = |_error| ActionError::NotFound { noun: Noun::Material, id: id.to_owned() };
    MaterialId::parse(id).map_err(missing)
}

fn material_page(base: &Base, view: &MaterialView, page: Option<&TextPage>, place: Place) -> MaterialPage {
    let card = &view.card;
    let address = base.absolute(&links::material(card.id, &card.title));
    let number = page.map_or(1, |page| page.number);
    let entry = |(page, heading): &(u32, String)| Entry {
        url: place.page(view, *page),
        heading: heading.clone(),
        page: *page,
        current: *page == number,
    };
    let json_ld = || schema_org::learning_resource(&resource(base, view, &address));
    MaterialPage {
        frame: Frame::new(&card.title).described(&card.summary).at(address.clone()),
        json_ld: (place == Place::Public).then(json_ld),
        banners: banners(view, place),
        listen: &assets::LISTEN_URL,
        script: &assets::MEDIA_URL,
        players: players(view, None),
        links: view.description.links.iter().map(|link| Link::to(link.as_str().to_owned(), link.site())).collect(),
        card: CardView::of(card),
        notes: extraction_notes(&view.extraction),
        facts: facts(view),
        files: view.files.iter().map(file_view).collect(),
        contents: view.contents.iter().map(entry).collect(),
        page: page.map(|page| page_view(view, page, place)),
        can_be_heard: page.is_some_and(|page| !page.blocks.is_empty()),
        citation: citation(view, &address),
        sample_notice: SAMPLE_NOTICE,
        printout: (place == Place::Public && page.is_some()).then(|| links::printout(card.id, 1)),
        complain: links::complain(card.id, page.filter(|_| card.page_count > 1).map(|page| page.number)),
        related: Vec::new(),
        classes: Vec::new(),
        make_class: None,
        decide: None,
    }
}

fn page_view(view: &MaterialView, page: &TextPage, place: Place) -> PageView {
    let count = view.card.page_count;
    let address = |number: u32| place.page(view, number);
    let usual = view.card.languages.first().map_or("vi", |language| language.as_str());
    PageView {
        number: page.number,
        count,
        language: page.language.as_ref().map_or(usual, |language| language.as_str()).to_owned(),
        remarks: remarks(page),
        warnings: warnings(page),
        scan: page.scan.is_some().then(|| links::page_image(view.card.id, view.version, page.number)),
        html: blocks::html(&page.blocks, |at_ms| match place {
            Place::Public => links::material_moment(view.card.id, &view.card.title, page.number, at_ms),
            _ => address(page.number),
        }),
        previous: (page.number > 1).then(|| address(page.number - 1)),
        next: (page.number < count).then(|| address(page.number + 1)),
        correct: None,
    }
}

pub(super) fn citation(view: &MaterialView, address: &str) -> String {
    let card = &view.card;
    let year = view.description.issued_on.map(|day| format!(" ({})", day.format("%Y"))).unwrap_or_default();
    let field = if card.sample {
        format!(" (tài liệu mẫu trong lĩnh vực của {})", card.organisation.name)
    } else {
        String::new()
    };
    format!("{}{year}. {}{field}. Học liệu Quảng Trị. {address}", card.author(), card.title)
}

fn resource(base: &Base, view: &MaterialView, address: &str) -> Resource {
    let card = &view.card;
    let licence = view.description.licence.code();
    Resource {
        address: address.to_owned(),
        name: card.title.clone(),
        description: card.summary.clone(),
        publisher: card.author().to_owned(),
        topics: card.topics.iter().map(|topic| topic.name.clone()).collect(),
        languages: card.languages.iter().map(ToString::to_string).collect(),
        date_published: view.description.issued_on.map(|day| day.to_string()),
        expires: view.description.valid_to.map(|day| day.to_string()),
        status: card.standing.is_past().then(|| card.standing.code().to_owned()),
        licence: licence.starts_with("CC-").then(|| licence.to_owned()),
        level: view.description.level.map(|level| level.label().to_owned()),
        audiences: view.description.audiences.iter().map(|a| a.label().to_owned()).collect(),
        files: view.files.iter().map(|f| (base.absolute(&links::file(f)), f.media_type.clone())).collect(),
    }
}

#[derive(Template)]
#[template(path = "materials.html", config = "src/web/askama.toml")]
struct NewestPage {
    frame: Frame,
    items: Vec<CardView>,
    previous: Option<String>,
    next: Option<String>,
}

pub(in crate::web) async fn newest(State(state): State<AppState>, parameters: Parameters, reader: Reader) -> Page {
    let offset: usize = parameters.first("sau").and_then(|text| text.parse().ok()).unwrap_or(0);
    let found = materials::newest(&state.context, offset, NEWEST).await?;
    let at = |cursor: Option<String>| cursor.map(|cursor| format!("/hoc-lieu?sau={cursor}"));
    let everything = SearchRequest::default();
    html(&NewestPage {
        frame: Frame::new("Học liệu mới").for_reader(reader).fed_by(feeds::title("", &[]), links::feed(&everything)),
        items: cards(&found.items),
        previous: at((offset > 0).then(|| offset.saturating_sub(NEWEST).to_string())),
        next: at(found.next),
    })
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = PageView {
        number: 2,
        count: 3,
        language: "vi".to_owned(),
        remarks: vec!["Nhắc"],
        warnings: vec!["<thử>".to_owned()],
        scan: Some("/".to_owned()),
        html: "<p>Chữ</p>".to_owned(),
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
        correct: Some("/".to_owned()),
    };
    let file = FileView { url: "/".to_owned(), kind: "PDF", size: crate::domain::file::size_vi(2_500_000) };
    let player = |is_film| Player {
        url: "/#t=8".to_owned(),
        name: "<thử>".to_owned(),
        is_film,
        tracks: vec![Track { url: "/".to_owned(), language: "vi".to_owned(), label: "<thử>".to_owned() }],
    };
    let material = MaterialPage {
        frame: Frame::new("Lúa").described("Mô tả").at("/x".to_owned()),
        json_ld: Some("{}".to_owned()),
        banners: vec![Banner { text: "<thử>".to_owned(), links: vec![Link::to("/".to_owned(), "<thử>")] }],
        listen: "/nghe.js",
        script: "/phat.js",
        players: vec![player(true), player(false)],
        links: vec![Link::to("https://vidu.vn/x?a&b".to_owned(), "vidu.vn")],
        card: sample_card(),
        notes: extraction_notes(&Extraction::OcrUnderWay { done: 1, of: 3 }),
        facts: fact("Cơ quan", vec![Link::bare("<thử>")]).into_iter().collect(),
        files: vec![file],
        contents: vec![Entry { url: "/".to_owned(), heading: "<thử>".to_owned(), page: 1, current: true }],
        page: Some(page),
        can_be_heard: true,
        citation: "<thử>".to_owned(),
        sample_notice: SAMPLE_NOTICE,
        printout: Some("/".to_owned()),
        complain: "/".to_owned(),
        related: vec![sample_card()],
        classes: vec![(Link::to("/".to_owned(), "<thử>"), "<thử>".to_owned())],
        make_class: Some("/".to_owned()),
        decide: Some(super::review::decide::sample()),
    };
    let newest = NewestPage { frame: Frame::new("Mới"), items: vec![sample_card()], previous: None, next: None };
    let mut all = rendered(&[material]);
    all.extend(rendered(&[newest]));
    all
}
