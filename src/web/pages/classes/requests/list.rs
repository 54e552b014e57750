//! Lists of requests: received, sent, unanswered in the province.

use super::RequestLine;
#[cfg(test)]
use super::sample_line;
use crate::actions::schedule::requests::{self, Counts, PAGE, Pile};
use crate::domain::request::RequestState;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::pages::accounts::Choice;
#[cfg(test)]
use crate::web::pages::rendered;
use crate::web::pages::review::form::coded;
use crate::web::pages::{Frame, html};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/requests.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    notice: Option<&'static str>,
    /// Where the lists are, what they are called, and whether it is this one.
    piles: Vec<(String, String, bool)>,
    pile: &'static str,
    states: Vec<Choice>,
    about: &'static str,
    total: usize,
    lines: Vec<RequestLine>,
    previous: Option<String>,
    next: Option<String>,
}

/// The lists: in addresses, in words, and what they hold.
const PILES: [(Pile, &str, &str, &str); 3] = [
    (Pile::Received, "", "Gửi đến chúng tôi", "Trung tâm mời đơn vị của bạn cử người. Trả lời trước hạn."),
    (Pile::Sent, "gui", "Chúng tôi gửi đi", "Lời mời mà đơn vị của bạn đã gửi, và trả lời của từng nơi."),
    (
        Pile::Unanswered,
        "tinh",
        "Cả tỉnh: quá hạn",
        "Lời mời quá hạn mà chưa ai trả lời, của mọi trung tâm. Hãy nhắc nơi được mời, hoặc tìm người thay.",
    ),
];

fn pile_of(code: &str) -> (Pile, &'static str, &'static str) {
    let known = PILES.iter().find(|(_, own, ..)| *own == code).or_else(|| PILES.first());
    known.map_or((Pile::Received, "", ""), |(pile, code, _, about)| (*pile, code, about))
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let given = |name: &str| parameters.first(name).unwrap_or_default();
    let actor = &staff.signed_in.actor;
    let (pile, code, about) = pile_of(given("phia"));
    let (wanted, offset) = (RequestState::from_code(given("trang-thai")), given("tu").parse().unwrap_or(0));
    let counts = requests::counts(&state.context, actor).await?;
    let found = requests::list(&state.context, actor, (pile, wanted, offset)).await?;
    let part = |offset: usize| {
        let offset = offset.to_string();
        let all = [("phia", code), ("trang-thai", given("trang-thai")), ("tu", offset.as_str())];
        links::requests(&all.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    };
    let page = ListPage {
        notice: super::super::done(parameters.first("da")),
        piles: piles(&counts, pile),
        pile: code,
        states: coded(RequestState::ALL, |one| (one.code(), one.label()), &[given("trang-thai")]),
        about,
        total: found.total,
        lines: found.items.iter().map(RequestLine::of).collect(),
        previous: (offset > 0).then(|| part(offset.saturating_sub(PAGE))),
        next: found.next.map(part),
        frame: Frame::new("Lời mời báo cáo viên").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

fn piles(counts: &Counts, current: Pile) -> Vec<(String, String, bool)> {
    let waiting = |pile: Pile| match pile {
        Pile::Received => Some(counts.to_answer),
        Pile::Sent => Some(counts.came_back),
        Pile::Unanswered => counts.unanswered,
    };
    let line = |(pile, code, label, _): &(Pile, &str, &str, &str)| {
        let count = waiting(*pile)?;
        let parameters = [("phia", *code)];
        let url = links::requests(if code.is_empty() { &[] } else { &parameters });
        let label = if count > 0 { format!("{label} ({count})") } else { (*label).to_owned() };
        Some((url, label, *pile == current))
    };
    PILES.iter().filter_map(line).collect()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |lines: Vec<RequestLine>| ListPage {
        frame: Frame::new("Lời mời"),
        notice: Some("Đã gửi."),
        piles: vec![("/".to_owned(), "<thử>".to_owned(), true)],
        pile: "gui",
        states: vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true }],
        about: "Lời mời",
        total: lines.len(),
        lines,
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
    };
    rendered(&[page(vec![sample_line()]), page(Vec::new())])
}
