//! All materials that one may look after, in any state.

use super::{Frame, LineView, html};
#[cfg(test)]
use super::{rendered, sample_line};
use crate::actions::review::lists::{self, PAGE, Wanted};
use crate::domain::id::OrganisationId;
use crate::domain::material::State;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::pages::accounts::Choice;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State as Extract;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "review/list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    text: String,
    organisations: Vec<Choice>,
    states: Vec<Choice>,
    stale: bool,
    unnoted: bool,
    total: usize,
    cut: bool,
    lines: Vec<LineView>,
    previous: Option<String>,
    next: Option<String>,
}

pub(in crate::web) async fn show(Extract(state): Extract<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let given = |name: &str| parameters.first(name).unwrap_or_default();
    let wanted = Wanted {
        text: given("ten").to_owned(),
        organisation: OrganisationId::parse(given("co-quan")).ok(),
        state: State::from_code(given("trang-thai")),
        stale: given("xem-lai") == "1",
        unnoted: given("y-kien") == "1",
        offset: given("tu").parse().unwrap_or(0),
    };
    let actor = &staff.signed_in.actor;
    let found = lists::list(&state.context, actor, wanted.clone()).await?;
    let part = |offset: usize| {
        let offset = offset.to_string();
        let mut all = ["ten", "co-quan", "trang-thai", "xem-lai", "y-kien"].map(|name| (name, given(name))).to_vec();
        all.retain(|(_, value)| !value.is_empty());
        all.push(("tu", &offset));
        links::staff_materials(&all)
    };
    let organisation = |(id, name): (OrganisationId, String)| Choice {
        selected: id.as_str() == given("co-quan"),
        value: id.to_string(),
        label: name,
    };
    let one = |state: &State| Choice {
        selected: state.code() == given("trang-thai"),
        value: state.code().to_owned(),
        label: state.label().to_owned(),
    };
    let page = ListPage {
        text: wanted.text,
        organisations: lists::organisations(&state.context, actor).into_iter().map(organisation).collect(),
        states: State::ALL.iter().map(one).collect(),
        stale: wanted.stale,
        unnoted: wanted.unnoted,
        total: found.total,
        cut: found.cut,
        lines: found.lines.iter().map(LineView::of).collect(),
        previous: (wanted.offset > 0).then(|| part(wanted.offset.saturating_sub(PAGE))),
        next: found.next.map(part),
        frame: Frame::new("Học liệu của cơ quan").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true }];
    let page = |lines| ListPage {
        frame: Frame::new("Học liệu của cơ quan"),
        text: "<thử>".to_owned(),
        organisations: choice(),
        states: choice(),
        stale: true,
        unnoted: true,
        total: 1,
        cut: true,
        lines,
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
    };
    rendered(&[page(vec![sample_line()]), page(Vec::new())])
}
