//! The first page: a search box, topics, what is new.

#[cfg(test)]
use super::rendered;
#[cfg(test)]
use super::view::sample_card;
use super::view::{CardView, cards};
use super::{Frame, Page, feeds, html};
use crate::actions::search::SearchRequest;
use crate::actions::{materials, topics};
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::State;

/// How many new materials the first page shows.
const NEWEST: usize = 6;

#[derive(Template)]
#[template(path = "home.html", config = "src/web/askama.toml")]
struct HomePage {
    frame: Frame,
    topics: Vec<Tile>,
    newest: Vec<CardView>,
}

struct Tile {
    url: String,
    label: String,
    count: usize,
}

pub(in crate::web) async fn show(State(state): State<AppState>, base: Base, reader: Reader) -> Page {
    let tree = topics::tree(&state.context).await?;
    let tile = |node: &topics::TopicNode| Tile {
        url: links::topic(node.topic.id.as_str()),
        label: node.topic.label.clone(),
        count: node.count,
    };
    let newest = materials::newest(&state.context, 0, NEWEST).await?;
    let frame = Frame::new("Tìm học liệu")
        .described("Thư viện học liệu mở của tỉnh Quảng Trị: tìm và đọc tài liệu học tập suốt đời.")
        .at(base.absolute("/"))
        .fed_by(feeds::title("", &[]), links::feed(&SearchRequest::default()))
        .for_reader(reader);
    html(&HomePage { frame, topics: tree.iter().map(tile).collect(), newest: cards(&newest.items) })
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let tile = Tile { url: "/chu-de/a".to_owned(), label: "<thử>".to_owned(), count: 3 };
    let page = |topics, newest| HomePage { frame: Frame::new("Trang đầu"), topics, newest };
    rendered(&[page(vec![tile], vec![sample_card()]), page(Vec::new(), Vec::new())])
}
