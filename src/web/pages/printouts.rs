//! The whole text of a material on one page, to be printed.

use super::facts::{Banner, Place, banners, facts, remarks, warnings};
use super::materials::{citation, parse};
#[cfg(test)]
use super::rendered;
#[cfg(test)]
use super::view::sample_card;
use super::view::{CardView, Fact};
#[cfg(test)]
use super::view::{Link, fact};
use super::{Frame, Page, blocks, html};
use crate::actions::materials::{self, MaterialView, Stretch};
use crate::actions::versions::Which;
use crate::domain::material::SAMPLE_NOTICE;
use crate::domain::page::{Block, Page as TextPage};
use crate::web::assets;
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "printout.html", config = "src/web/askama.toml")]
struct PrintoutPage {
    frame: Frame,
    /// Opens the browser's own printing.
    script: &'static str,
    back: String,
    card: CardView,
    banners: Vec<Banner>,
    sample_notice: &'static str,
    facts: Vec<Fact>,
    citation: String,
    /// Where very long texts are parted: the first and the last page shown, of how many.
    part: Option<(u32, u32, u32)>,
    contents: Vec<(u32, String)>,
    pages: Vec<Sheet>,
    previous: Option<String>,
    next: Option<String>,
}

/// One page of the text.
struct Sheet {
    number: u32,
    count: u32,
    language: String,
    /// What the file calls the page, where its text does not say so.
    heading: Option<String>,
    remarks: Vec<&'static str>,
    warnings: Vec<String>,
    html: String,
    /// The picture of a page without text.
    scan: Option<String>,
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    base: Base,
    reader: Reader,
) -> Page {
    let id = parse(&id)?;
    let from = match parameters.first("tu") {
        Some(text) => text.parse().map_err(|_error| Problem::of("material-page-missing"))?,
        None => 1,
    };
    let view = materials::material(&state.context, id).await?;
    let stretch = materials::stretch(&state.context, id, Which::Public, from).await?;
    let mut page = printout(&base, &view, &stretch);
    page.frame = page.frame.for_reader(reader);
    html(&page)
}

fn printout(base: &Base, view: &MaterialView, stretch: &Stretch) -> PrintoutPage {
    let (card, count) = (&view.card, view.card.page_count);
    let shown = stretch.pages.first().zip(stretch.pages.last()).map(|(first, last)| (first.number, last.number));
    let is_part = stretch.next.is_some() || shown.is_some_and(|(first, _)| first > 1);
    let is_shown = |page: u32| shown.is_some_and(|(first, last)| (first..=last).contains(&page));
    let address = base.absolute(&links::material(card.id, &card.title));
    PrintoutPage {
        frame: Frame::new(&format!("Bản in: {}", card.title)).at(address.clone()),
        script: &assets::PRINT_URL,
        back: links::material(card.id, &card.title),
        banners: banners(view, Place::Public),
        sample_notice: SAMPLE_NOTICE,
        facts: facts(view),
        citation: citation(view, &address),
        part: shown.filter(|_| is_part).map(|(first, last)| (first, last, count)),
        contents: view.contents.iter().filter(|(page, _)| is_shown(*page)).cloned().collect(),
        pages: stretch.pages.iter().map(|page| sheet(view, page)).collect(),
        previous: stretch.previous.map(|from| links::printout(card.id, from)),
        next: stretch.next.map(|from| links::printout(card.id, from)),
        card: CardView::of(card),
    }
}

fn sheet(view: &MaterialView, page: &TextPage) -> Sheet {
    let usual = view.card.languages.first().map_or("vi", |language| language.as_str());
    let is_told = |name: &str| page.blocks.iter().any(|b| matches!(b, Block::Heading { text, .. } if text == name));
    let picture = || links::page_image(view.card.id, view.version, page.number);
    Sheet {
        number: page.number,
        count: view.card.page_count,
        language: page.language.as_ref().map_or(usual, |language| language.as_str()).to_owned(),
        heading: page.heading.clone().filter(|name| !is_told(name)),
        remarks: remarks(page),
        warnings: warnings(page),
        html: blocks::html(&page.blocks, |_moment| links::material_page(view.card.id, &view.card.title, page.number)),
        scan: (page.scan.is_some() && page.blocks.is_empty()).then(picture),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let sheet = |scan: Option<&str>| Sheet {
        number: 2,
        count: 3,
        language: "vi".to_owned(),
        heading: Some("<thử>".to_owned()),
        remarks: vec!["Nhắc"],
        warnings: vec!["<thử>".to_owned()],
        html: scan.map_or_else(|| "<p>Chữ</p>".to_owned(), |_| String::new()),
        scan: scan.map(str::to_owned),
    };
    let page = |part: Option<(u32, u32, u32)>, pages| PrintoutPage {
        frame: Frame::new("Bản in").at("/x".to_owned()),
        script: "/in.js",
        back: "/".to_owned(),
        card: sample_card(),
        banners: vec![Banner { text: "<thử>".to_owned(), links: vec![Link::to("/".to_owned(), "<thử>")] }],
        sample_notice: SAMPLE_NOTICE,
        facts: fact("Cơ quan", vec![Link::bare("<thử>")]).into_iter().collect(),
        citation: "<thử>".to_owned(),
        contents: vec![(2, "<thử>".to_owned())],
        pages,
        previous: part.map(|_| "/".to_owned()),
        next: part.map(|_| "/".to_owned()),
        part,
    };
    rendered(&[page(Some((1, 2, 3)), vec![sheet(None), sheet(Some("/"))]), page(None, Vec::new())])
}
