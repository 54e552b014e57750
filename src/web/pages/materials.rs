//! A material's own page, its text page by page, and the list of what is new.

#[cfg(test)]
use super::rendered;
#[cfg(test)]
use super::view::sample_card;
use super::view::{CardView, Fact, Link, cards, date, fact};
use super::{Frame, Page, blocks, feeds, html};
use crate::actions::ActionError;
use crate::actions::error::Noun;
use crate::actions::materials::{self, MaterialView};
use crate::actions::search::{Facet, SearchRequest};
use crate::actions::usage;
use crate::domain::file::File;
use crate::domain::id::MaterialId;
use crate::domain::material::Extraction;
use crate::domain::page::{Origin, Page as TextPage};
use crate::interop::schema_org::{self, Resource};
use crate::interop::sitemap;
use crate::web::assets;
use crate::web::error::{PageError, Problem};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::{AppState, Base};
use crate::web::visit::Caller;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};

/// How many like materials are named.
const RELATED: usize = 4;
/// How many materials one page of the list of what is new shows.
const NEWEST: usize = 20;

#[derive(Template)]
#[template(path = "material.html", config = "src/web/askama.toml")]
struct MaterialPage {
    frame: Frame,
    json_ld: String,
    listen: &'static str,
    card: CardView,
    notes: Vec<&'static str>,
    facts: Vec<Fact>,
    files: Vec<FileView>,
    contents: Vec<Entry>,
    page: Option<PageView>,
    citation: String,
    /// Where anyone says what is not right about it.
    complain: String,
    related: Vec<CardView>,
}

struct FileView {
    url: String,
    name: String,
    kind: &'static str,
    size: String,
    audio: bool,
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
    recognised: bool,
    html: String,
    previous: Option<String>,
    next: Option<String>,
}

/// Leads an address without a title to the one with it.
pub(in crate::web) async fn show_plain(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    let id = parse(&id)?;
    let view = materials::material(&state.context, id).await?;
    Ok(Redirect::permanent(&links::material(id, &view.card.title)))
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
    let number = match parameters.first("trang") {
        Some(text) => text.parse().map_err(|_error| Problem::of("material-page-missing"))?,
        None => 1,
    };
    let page = match materials::page(&state.context, id, number).await {
        Ok(page) => Some(page),
        Err(ActionError::NotFound { .. }) if number == 1 => None,
        Err(error) => return Err(error.into()),
    };
    usage::viewed(&state.context, caller.page(&links::material_root(id)), id);
    let related = materials::related(&state.context, id, RELATED).await?;
    let mut shown = material_page(&base, &view, page.as_ref(), number);
    shown.related = cards(&related);
    shown.frame = shown.frame.for_reader(reader);
    html(&shown)
}

fn parse(id: &str) -> Result<MaterialId, ActionError> {
    let missing = |_error| ActionError::NotFound { noun: Noun::Material, id: id.to_owned() };
    MaterialId::parse(id).map_err(missing)
}

fn material_page(base: &Base, view: &MaterialView, page: Option<&TextPage>, number: u32) -> MaterialPage {
    let card = &view.card;
    let address = base.absolute(&links::material(card.id, &card.title));
    let entry = |(page, heading): &(u32, String)| Entry {
        url: links::material_page(card.id, &card.title, *page),
        heading: heading.clone(),
        page: *page,
        current: *page == number,
    };
    MaterialPage {
        frame: Frame::new(&card.title).described(&card.summary).at(address.clone()),
        json_ld: schema_org::learning_resource(&resource(base, view, &address)),
        listen: &assets::LISTEN_URL,
        card: CardView::of(card),
        notes: notes(&view.extraction),
        facts: facts(view),
        files: view.files.iter().map(file_view).collect(),
        contents: view.contents.iter().map(entry).collect(),
        page: page.map(|page| page_view(view, page)),
        citation: citation(view, &address),
        complain: links::complain(card.id),
        related: Vec::new(),
    }
}

fn notes(extraction: &Extraction) -> Vec<&'static str> {
    match extraction {
        Extraction::Pending => vec!["Nội dung đang được đọc từ tệp; hãy mở lại trang này sau ít phút."],
        Extraction::NeedsOcr => {
            vec!["Tệp là bản chụp (ảnh), chưa có chữ để tìm và đọc tại đây. Hãy tải tệp để xem."]
        }
        Extraction::Failed { .. } => vec!["Không đọc được chữ trong tệp. Hãy tải tệp để xem."],
        Extraction::Given | Extraction::Done => Vec::new(),
    }
}

fn page_view(view: &MaterialView, page: &TextPage) -> PageView {
    let count = view.card.page_count;
    let address = |number: u32| links::material_page(view.card.id, &view.card.title, number);
    let usual = view.card.languages.first().map_or("vi", |language| language.as_str());
    PageView {
        number: page.number,
        count,
        language: page.language.as_ref().map_or(usual, |language| language.as_str()).to_owned(),
        recognised: page.origin == Origin::Ocr,
        html: blocks::html(&page.blocks),
        previous: (page.number > 1).then(|| address(page.number - 1)),
        next: (page.number < count).then(|| address(page.number + 1)),
    }
}

fn facts(view: &MaterialView) -> Vec<Fact> {
    let (card, told) = (&view.card, &view.description);
    let organisation = Link::to(links::organisation(card.organisation.id.as_str()), &card.organisation.name);
    let successors = view.successors.iter().map(|o| Link::to(links::organisation(o.id.as_str()), &o.name));
    let topics = card.topics.iter().map(|topic| Link::to(links::topic(topic.id.as_str()), &topic.name));
    let areas = view.areas.iter().map(|area| Link::to(links::area(area.id.as_str()), &area.name));
    let languages = card.languages.iter().map(|l| Link::to(links::filtered(Facet::Language, l.as_str()), l.name_vi()));
    let audiences = told.audiences.iter().map(|a| Link::to(links::filtered(Facet::Audience, a.code()), a.label()));
    let levels = told.level.iter().map(|l| Link::to(links::filtered(Facet::Level, l.code()), l.label()));
    let days = told.issued_on.iter().map(|day| Link::bare(date(*day)));
    let until = told.valid_to.iter().map(|day| Link::bare(format!("đến hết {}", date(*day))));
    let all = [
        fact("Cơ quan", vec![organisation]),
        fact("Nay là", successors.collect()),
        fact("Ngày ban hành", days.collect()),
        fact("Số, ký hiệu", told.document_number.iter().map(Link::bare).collect()),
        fact("Hiệu lực", until.collect()),
        fact("Tác giả", told.authors.iter().map(Link::bare).collect()),
        fact("Chủ đề", topics.collect()),
        fact("Loại", vec![Link::to(links::filtered(Facet::Kind, card.kind.code()), card.kind.label())]),
        fact("Dành cho", audiences.collect()),
        fact("Trình độ", levels.collect()),
        fact("Địa bàn", areas.collect()),
        fact("Mùa vụ", told.season.iter().map(Link::bare).collect()),
        fact("Ngôn ngữ", languages.collect()),
        fact("Độ dài", Some(CardView::of(card).length).filter(|l| !l.is_empty()).into_iter().map(Link::bare).collect()),
        fact("Giấy phép", vec![Link::bare(told.licence.label())]),
        fact("Nguồn tham khảo", told.sources.iter().map(Link::bare).collect()),
    ];
    all.into_iter().flatten().collect()
}

fn file_view(file: &File) -> FileView {
    FileView {
        url: links::file(file),
        name: file.name.clone(),
        kind: kind_name(&file.media_type),
        size: size(file.size_bytes),
        audio: file.media_type.starts_with("audio/"),
    }
}

fn kind_name(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "PDF",
        "application/msword" => "Word",
        "application/epub+zip" => "sách EPUB",
        "text/html" => "trang web",
        "text/markdown" | "text/plain" => "văn bản",
        audio if audio.starts_with("audio/") => "âm thanh",
        office if office.contains("wordprocessing") => "Word",
        office if office.contains("presentation") => "bài trình chiếu",
        office if office.contains("spreadsheet") || office.contains("excel") => "bảng tính",
        office if office.contains("opendocument") => "văn bản ODT",
        _ => "tệp",
    }
}

/// A length in the unit that people use.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{},{} MB", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20),
    }
}

fn citation(view: &MaterialView, address: &str) -> String {
    let card = &view.card;
    let year = view.description.issued_on.map(|day| format!(" ({})", day.format("%Y"))).unwrap_or_default();
    format!("{}{year}. {}. Học liệu Quảng Trị. {address}", card.organisation.name, card.title)
}

fn resource(base: &Base, view: &MaterialView, address: &str) -> Resource {
    let card = &view.card;
    let licence = view.description.licence.code();
    Resource {
        address: address.to_owned(),
        name: card.title.clone(),
        description: card.summary.clone(),
        publisher: card.organisation.name.clone(),
        topics: card.topics.iter().map(|topic| topic.name.clone()).collect(),
        languages: card.languages.iter().map(ToString::to_string).collect(),
        date_published: view.description.issued_on.map(|day| day.to_string()),
        licence: licence.starts_with("CC-").then(|| licence.to_owned()),
        level: view.description.level.map(|level| level.label().to_owned()),
        audiences: view.description.audiences.iter().map(|a| a.label().to_owned()).collect(),
        files: view.files.iter().map(|f| (base.absolute(&links::file(f)), f.media_type.clone())).collect(),
    }
}

#[derive(Template)]
#[template(path = "newest.html", config = "src/web/askama.toml")]
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

/// Every public material's address, for search engines.
pub(in crate::web) async fn sitemap(State(state): State<AppState>, base: Base) -> Result<Response, PageError> {
    let mut entries = Vec::new();
    let mut cursor = None;
    loop {
        let part = materials::list(&state.context, cursor.as_deref(), materials::MAX_LIST).await?;
        entries.extend(part.items.iter().map(|card| base.absolute(&links::material(card.id, &card.title))));
        cursor = part.next;
        if cursor.is_none() || entries.len() >= sitemap::MAX_ENTRIES {
            break;
        }
    }
    Ok(([(header::CONTENT_TYPE, "application/xml")], sitemap::sitemap(&entries)).into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = PageView {
        number: 2,
        count: 3,
        language: "vi".to_owned(),
        recognised: true,
        html: "<p>Chữ</p>".to_owned(),
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
    };
    let file =
        FileView { url: "/".to_owned(), name: "<thử>".to_owned(), kind: "PDF", size: size(2_500_000), audio: true };
    let material = MaterialPage {
        frame: Frame::new("Lúa").described("Mô tả").at("/x".to_owned()),
        json_ld: "{}".to_owned(),
        listen: "/nghe.js",
        card: sample_card(),
        notes: notes(&Extraction::NeedsOcr),
        facts: fact("Cơ quan", vec![Link::bare("<thử>")]).into_iter().collect(),
        files: vec![file],
        contents: vec![Entry { url: "/".to_owned(), heading: "<thử>".to_owned(), page: 1, current: true }],
        page: Some(page),
        citation: "<thử>".to_owned(),
        complain: "/".to_owned(),
        related: vec![sample_card()],
    };
    let newest = NewestPage { frame: Frame::new("Mới"), items: vec![sample_card()], previous: None, next: None };
    let mut all = rendered(&[material]);
    all.extend(rendered(&[newest]));
    all
}
