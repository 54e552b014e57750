//! Browsing by topic and by kind.

#[cfg(test)]
use super::rendered;
#[cfg(test)]
use super::view::sample_card;
use super::view::{CardView, Link, cards};
use super::{Frame, Page, html};
use crate::actions::search::{self, Facet, SearchRequest, Sort};
use crate::actions::topics::{self, TopicNode};
use crate::web::error::Problem;
use crate::web::links;
use crate::web::session::{Answer, Reader};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

#[derive(Template)]
#[template(path = "topics.html", config = "src/web/askama.toml")]
struct TopicsPage {
    frame: Frame,
    title: &'static str,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "topic.html", config = "src/web/askama.toml")]
struct TopicPage {
    frame: Frame,
    parent: Option<Link>,
    group: Group,
    items: Vec<CardView>,
    all: String,
}

struct Group {
    url: String,
    label: String,
    description: Option<String>,
    count: usize,
    children: Vec<Group>,
}

fn group(node: &TopicNode) -> Group {
    Group {
        url: links::topic(node.topic.id.as_str()),
        label: node.topic.label.clone(),
        description: node.topic.description.clone(),
        count: node.count,
        children: node.children.iter().map(group).collect(),
    }
}

pub(in crate::web) async fn list(State(state): State<AppState>, reader: Reader) -> Page {
    let tree = topics::tree(&state.context).await?;
    let frame = Frame::new("Chủ đề").for_reader(reader);
    html(&TopicsPage { frame, title: "Chủ đề", groups: tree.iter().map(group).collect() })
}

pub(in crate::web) async fn show(State(state): State<AppState>, Path(id): Path<String>, reader: Reader) -> Answer {
    if let Some(now) = topics::moved_to(&state.context, &id) {
        return Ok(Redirect::temporary(&links::topic(now.as_str())).into_response());
    }
    let tree = topics::tree(&state.context).await?;
    let (parent, node) = find(&tree, &id).ok_or_else(|| Problem::of("topic-missing"))?;
    let request = newest_with(Facet::Topic, &id);
    let found = search::search(&state.context, request).await?;
    let items: Vec<_> = found.items.into_iter().map(|item| item.card).collect();
    let page = TopicPage {
        frame: Frame::new(&node.topic.label).for_reader(reader),
        parent: parent.map(|parent| Link::to(links::topic(parent.topic.id.as_str()), &parent.topic.label)),
        group: group(node),
        items: cards(&items),
        all: links::filtered(Facet::Topic, &id),
    };
    Ok(html(&page)?.into_response())
}

/// The topic with an id, and the one above it.
fn find<'a>(tree: &'a [TopicNode], id: &str) -> Option<(Option<&'a TopicNode>, &'a TopicNode)> {
    for top in tree {
        if top.topic.id.as_str() == id {
            return Some((None, top));
        }
        if let Some(child) = top.children.iter().find(|child| child.topic.id.as_str() == id) {
            return Some((Some(top), child));
        }
    }
    None
}

/// The newest materials with a facet value.
pub(super) fn newest_with(facet: Facet, value: &str) -> SearchRequest {
    SearchRequest { filters: vec![(facet, value.to_owned())], sort: Sort::Newest, ..SearchRequest::default() }
}

pub(in crate::web) async fn kinds(State(state): State<AppState>, reader: Reader) -> Page {
    let found = search::search(&state.context, SearchRequest::default()).await?;
    let kinds = found.facets.into_iter().filter(|group| group.facet == Facet::Kind).flat_map(|group| group.values);
    let groups = kinds.map(|value| Group {
        url: links::filtered(Facet::Kind, &value.id),
        label: value.label,
        description: None,
        count: value.count,
        children: Vec::new(),
    });
    let frame = Frame::new("Loại tài liệu").for_reader(reader);
    html(&TopicsPage { frame, title: "Loại tài liệu", groups: groups.collect() })
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let leaf =
        || Group { url: "/".to_owned(), label: "<thử>".to_owned(), description: None, count: 0, children: vec![] };
    let top = || Group { description: Some("Mô tả".to_owned()), children: vec![leaf()], ..leaf() };
    let mut all =
        rendered(&[TopicsPage { frame: Frame::new("Chủ đề"), title: "Chủ đề", groups: vec![top()] }]);
    let page = |items| TopicPage {
        frame: Frame::new("Lúa"),
        parent: Some(Link::bare("Nông")),
        group: top(),
        items,
        all: "/tim".to_owned(),
    };
    all.extend(rendered(&[page(vec![sample_card()]), page(Vec::new())]));
    all
}
