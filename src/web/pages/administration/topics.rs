//! Topics as the administrator sees them.

#[cfg(test)]
use super::rendered;
use super::{Answer, Choice, Entry, Frame, Refusal, choices, done, entries, go, html, refused};
use crate::actions::ActionError;
use crate::actions::administration::topics::{self as managed, ManagedTopic};
use crate::actions::topics::TopicNode;
use crate::domain::id::TopicId;
use crate::domain::topic::Topic;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::{Fact, Link, fact};
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "administration/topics.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    notice: Option<&'static str>,
    text: String,
    groups: Vec<(Line, Vec<Line>)>,
}

struct Line {
    link: Link,
    count: usize,
    former: String,
}

#[derive(Template)]
#[template(path = "administration/topic_new.html", config = "src/web/askama.toml")]
struct NewPage {
    frame: Frame,
    refusal: Refusal,
    label: String,
    description: String,
    places: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "administration/topic.html", config = "src/web/askama.toml")]
struct TopicPage {
    frame: Frame,
    refusal: Refusal,
    refused: Option<&'static str>,
    notice: Option<&'static str>,
    url: String,
    name: String,
    facts: Vec<Fact>,
    label: String,
    description: String,
    /// Topics below it; it moves and merges only without any.
    children: Vec<Link>,
    places: Vec<Choice>,
    heirs: Vec<Choice>,
    entries: Vec<Entry>,
}

fn parse(id: &str) -> Result<TopicId, Problem> {
    TopicId::parse(id).map_err(|_error| Problem::of("topic-missing"))
}

fn line(node: &TopicNode) -> Line {
    let topic = &node.topic;
    Line {
        link: Link::to(links::managed_topic(topic.id.as_str()), &topic.label),
        count: node.count,
        former: topic.former_labels.join("; "),
    }
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let found = managed::list(&state.context, &staff.signed_in.actor, &text).await?;
    let page = ListPage {
        notice: done(&parameters),
        text,
        groups: found.iter().map(|group| (line(group), group.children.iter().map(line).collect())).collect(),
        frame: Frame::new("Quản lý chủ đề").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

/// The first level, to choose a place from.
fn places(state: &AppState, chosen: &str, own: Option<&TopicId>) -> Vec<Choice> {
    let catalogue = state.context.catalogue();
    let all = catalogue.topics_below(None).into_iter().filter(|topic| Some(&topic.id) != own);
    choices(all.map(|topic| (topic.id.clone(), topic.label.clone())).collect(), chosen)
}

/// Every topic but one, to choose a heir from.
fn heirs(state: &AppState, own: &TopicId) -> Vec<Choice> {
    let catalogue = state.context.catalogue();
    let mut all = Vec::new();
    for group in catalogue.topics_below(None) {
        all.push((group.id.clone(), group.label.clone()));
        let below = catalogue.topics_below(Some(&group.id)).into_iter();
        all.extend(below.map(|topic| (topic.id.clone(), format!("{}: {}", group.label, topic.label))));
    }
    all.retain(|(id, _)| id != own);
    choices(all, "")
}

fn new_page(state: &AppState, staff: Staff, refusal: Refusal, form: Option<&Form>) -> NewPage {
    let typed = |name: &str| form.map(|form| form.value(name).to_owned()).unwrap_or_default();
    NewPage {
        frame: Frame::new("Thêm chủ đề").for_reader(staff.reader),
        refusal,
        label: typed("ten"),
        description: typed("mo-ta"),
        places: places(state, &typed("thuoc"), None),
    }
}

pub(in crate::web) async fn ask(State(state): State<AppState>, staff: Staff) -> Answer {
    managed::list(&state.context, &staff.signed_in.actor, "").await?;
    Ok(html(&new_page(&state, staff, Refusal::default(), None))?.into_response())
}

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let words = (form.value("ten"), form.value("mo-ta"));
    match managed::add(&state.context, &staff.signed_in.actor, form.value("thuoc"), words).await {
        Ok(id) => Ok(go(&links::done(&links::managed_topic(id.as_str()), "them"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&new_page(&state, staff, refusal, Some(&form)))
        }
    }
}

fn facts(found: &ManagedTopic) -> Vec<Fact> {
    let topic = &found.node.topic;
    let parent = |parent: &Topic| Link::to(links::managed_topic(parent.id.as_str()), &parent.label);
    let all = [
        fact("Mã", vec![Link::bare(topic.id.as_str())]),
        fact("Thuộc", found.parent.iter().map(parent).collect()),
        fact("Học liệu", vec![Link::to(links::topic(topic.id.as_str()), &format!("{} học liệu", found.node.count))]),
        fact("Tên cũ, vẫn tìm được", topic.former_labels.iter().map(Link::bare).collect()),
        fact("Mã cũ dẫn tới đây", found.former_ids.iter().map(|id| Link::bare(id.as_str())).collect()),
    ];
    all.into_iter().flatten().collect()
}

async fn page(state: &AppState, staff: Staff, id: &TopicId, form: Option<&Form>) -> Result<TopicPage, Problem> {
    let found = managed::show(&state.context, &staff.signed_in.actor, id).await?;
    let topic = &found.node.topic;
    let typed = |name: &str, now: &str| form.map_or(now, |form| form.value(name)).to_owned();
    let child = |node: &TopicNode| Link::to(links::managed_topic(node.topic.id.as_str()), &node.topic.label);
    Ok(TopicPage {
        refusal: Refusal::default(),
        refused: None,
        notice: None,
        url: links::managed_topic(topic.id.as_str()),
        name: topic.label.clone(),
        facts: facts(&found),
        label: typed("ten", &topic.label),
        description: typed("mo-ta", topic.description.as_deref().unwrap_or_default()),
        children: found.node.children.iter().map(child).collect(),
        places: places(state, "", Some(&topic.id)),
        heirs: heirs(state, &topic.id),
        entries: entries(state, &staff, topic.id.as_str()).await?,
        frame: Frame::new(&topic.label).for_reader(staff.reader),
    })
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = page(&state, staff, &parse(&id)?, None).await?;
    (page.notice, page.refused) = (done(&parameters), refused(&parameters));
    Ok(html(&page)?.into_response())
}

/// Goes to the topic with what was done, or shows it with what is wrong.
async fn settle(
    (state, staff, id): (&AppState, Staff, TopicId),
    result: Result<TopicId, ActionError>,
    what: &str,
    form: Option<&Form>,
) -> Answer {
    match result {
        Ok(now) => Ok(go(&links::done(&links::managed_topic(now.as_str()), what))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let page = TopicPage { refusal, ..page(state, staff, &id, form).await? };
            page.refusal.answer(&page)
        }
    }
}

pub(in crate::web) async fn update(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let words = (form.value("ten"), form.value("mo-ta"));
    let result = managed::relabel(&state.context, &staff.signed_in.actor, &id, words).await.map(|()| id.clone());
    settle((&state, staff, id), result, "sua", Some(&form)).await
}

pub(in crate::web) async fn shift(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let result = managed::move_below(&state.context, &staff.signed_in.actor, &id, form.value("thuoc")).await;
    settle((&state, staff, id), result, "chuyen", None).await
}

pub(in crate::web) async fn merge(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let result = managed::merge_into(&state.context, &staff.signed_in.actor, &id, form.value("vao")).await;
    settle((&state, staff, id), result, "gop", None).await
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use super::{sample_choices, sample_refusal};
    let line = || Line { link: Link::to("/".to_owned(), "<thử>"), count: 1, former: "<thử>".to_owned() };
    let list = |groups| ListPage { frame: Frame::new("Chủ đề"), notice: None, text: "<thử>".to_owned(), groups };
    let new = NewPage {
        frame: Frame::new("Thêm"),
        refusal: sample_refusal(),
        label: "<thử>".to_owned(),
        description: "<thử>".to_owned(),
        places: sample_choices(),
    };
    let page = |children: Vec<Link>| TopicPage {
        frame: Frame::new("Lúa"),
        refusal: Refusal::default(),
        refused: Some("không hủy được"),
        notice: Some("xong"),
        url: "/".to_owned(),
        name: "<thử>".to_owned(),
        facts: fact("Mã", vec![Link::bare("<thử>")]).into_iter().collect(),
        label: "<thử>".to_owned(),
        description: "<thử>".to_owned(),
        children,
        places: sample_choices(),
        heirs: sample_choices(),
        entries: vec![Entry { url: "/".to_owned(), words: "<thử>".to_owned() }],
    };
    let mut all = rendered(&[list(vec![(line(), vec![line()])]), list(Vec::new())]);
    all.extend(rendered(&[new]));
    all.extend(rendered(&[page(Vec::new()), page(vec![Link::to("/".to_owned(), "<thử>")])]));
    all
}
