//! A class on paper and over the loudspeaker: its poster as a page and as PDF, and what is read aloud.

use super::one::parse;
#[cfg(test)]
use super::rendered;
use super::{Frame, Page, html};
use crate::actions::schedule::announcement::{self, Announcement};
#[cfg(test)]
use crate::actions::schedule::poster::Times;
use crate::actions::schedule::poster::{self, IS_PRINTED, Paper, Poster};
use crate::domain::id::ClassId;
use crate::web::error::{PageError, Problem};
use crate::web::links;
use crate::web::pages::accounts::qr;
use crate::web::pages::view::Link;
use crate::web::session::Reader;
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

/// The papers that there are posters for, with what they are for.
const PAPERS: [(Paper, &str); 2] = [(Paper::A4, "Áp phích A4 (PDF)"), (Paper::A5, "Tờ rơi A5 (PDF)")];

#[derive(Template)]
#[template(path = "classes/poster.html", config = "src/web/askama.toml")]
struct PosterPage {
    frame: Frame,
    back: String,
    poster: Poster,
    qr: Option<String>,
    files: Vec<Link>,
}

#[derive(Template)]
#[template(path = "classes/announcement.html", config = "src/web/askama.toml")]
struct AnnouncementPage {
    frame: Frame,
    back: String,
    announcement: Announcement,
}

/// What of a class can be printed or read aloud.
pub(super) fn links_of(id: ClassId) -> Vec<Link> {
    let mut all = files(id);
    all.push(Link::to(links::poster(id), "In áp phích từ trình duyệt"));
    all.push(Link::to(links::announcement(id), "Bài đọc trên loa truyền thanh"));
    all
}

fn files(id: ClassId) -> Vec<Link> {
    let papers = PAPERS.into_iter().filter(|_| IS_PRINTED);
    papers.map(|(paper, label)| Link::to(links::poster_pdf(id, paper.code()), label)).collect()
}

async fn compose(state: &AppState, base: &Base, id: ClassId) -> Result<Poster, Problem> {
    Ok(poster::compose(&state.context, id, base.absolute(&links::class(id))).await?)
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    base: Base,
    reader: Reader,
) -> Page {
    let id = parse(&id)?;
    let poster = compose(&state, &base, id).await?;
    html(&PosterPage {
        frame: Frame::new(&format!("Áp phích: {}", poster.title)).for_reader(reader),
        back: links::class(id),
        qr: qr(&poster.address),
        files: files(id),
        poster,
    })
}

/// The poster as PDF; where the program was built without a press, the page that a browser prints.
pub(in crate::web) async fn pdf(
    State(state): State<AppState>,
    Path((id, name)): Path<(String, String)>,
    base: Base,
) -> Result<Response, PageError> {
    let id = parse(&id)?;
    let paper = PAPERS.into_iter().map(|(paper, _)| paper).find(|paper| name == format!("{}.pdf", paper.code()));
    let paper = paper.ok_or_else(|| Problem::of("page-missing"))?;
    if !IS_PRINTED {
        return Ok(Redirect::to(&links::poster(id)).into_response());
    }
    let poster = compose(&state, &base, id).await?;
    let bytes = poster::print(&state.context, poster, paper).await?;
    Ok(super::pdf_file(bytes, &format!("ap-phich-{}.pdf", paper.code())))
}

pub(in crate::web) async fn announce(State(state): State<AppState>, Path(id): Path<String>, reader: Reader) -> Page {
    let id = parse(&id)?;
    let announcement = announcement::compose(&state.context, id).await?;
    html(&AnnouncementPage {
        frame: Frame::new(&format!("Bài đọc trên loa: {}", announcement.title)).for_reader(reader),
        back: links::class(id),
        announcement,
    })
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let text = || "<thử>".to_owned();
    let page = |qr| PosterPage {
        frame: Frame::new("Áp phích"),
        back: "/".to_owned(),
        poster: Poster {
            title: text(),
            kind: "Chuyên đề",
            centre: text(),
            partners: vec![text()],
            banners: vec![text()],
            times: vec![Times { label: text(), time: text(), days: text(), dates: text(), place: text() }],
            summary: text(),
            facts: vec![("Dành cho", text())],
            address: text(),
        },
        qr,
        files: files(ClassId(uuid::Uuid::nil())),
    };
    let read = AnnouncementPage {
        frame: Frame::new("Loa"),
        back: "/".to_owned(),
        announcement: Announcement { title: text(), sample: true, paragraphs: vec![text()] },
    };
    let mut all = rendered(&[page(None), page(qr("https://vidu.vn"))]);
    all.extend(rendered(&[read]));
    all
}
