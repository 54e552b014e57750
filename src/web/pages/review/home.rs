//! The first page of staff: what waits for them.

use super::{Frame, LineView, done, html};
#[cfg(test)]
use super::{rendered, sample_line};
use crate::actions::complaints;
use crate::actions::review::lists::{self, Pile};
use crate::actions::schedule::requests::{self, Counts};
use crate::domain::material::State;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::pages::view::date;
use crate::web::session::{Answer, Duty, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State as Extract;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "review/home.html", config = "src/web/askama.toml")]
struct HomePage {
    frame: Frame,
    notice: Option<&'static str>,
    name: String,
    /// Writes or decides somewhere.
    works: bool,
    /// May bring files.
    writes: bool,
    /// Complaints that wait for an answer: how many, and the first day by which one is due.
    complaints: Option<(usize, String)>,
    /// What waits elsewhere: where, what, and how much.
    waits: Vec<(String, &'static str, usize)>,
    piles: Vec<PileView>,
}

/// Some of what waits.
struct PileView {
    heading: &'static str,
    lines: Vec<LineView>,
    total: usize,
    all: String,
}

fn pile(heading: &'static str, pile: &Pile, wanted: (&'static str, &'static str)) -> Option<PileView> {
    (pile.total > 0).then(|| PileView {
        heading,
        lines: pile.lines.iter().map(LineView::of).collect(),
        total: pile.total,
        all: links::staff_materials(&[wanted]),
    })
}

/// Requests for speakers that wait.
fn requests_waiting(counts: &Counts) -> Vec<(String, &'static str, usize)> {
    let all = [
        ("", "Lời mời báo cáo viên chờ trả lời", counts.to_answer),
        ("gui", "Lời mời chưa có báo cáo viên, cần hỏi lại", counts.came_back),
        ("tinh", "Lời mời quá hạn trong cả tỉnh", counts.unanswered.unwrap_or(0)),
    ];
    let waits = all.into_iter().filter(|(.., count)| *count > 0);
    waits.map(|(side, label, count)| (links::requests(&[("phia", side)]), label, count)).collect()
}

pub(in crate::web) async fn show(Extract(state): Extract<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let actor = &staff.signed_in.actor;
    let waits = lists::waiting(&state.context, actor).await?;
    let in_state = |state: State| ("trang-thai", state.code());
    let piles = [
        pile("Bị trả lại, cần sửa", &waits.returned, in_state(State::Draft)),
        pile("Bị rút khỏi thư viện", &waits.withdrawn, in_state(State::Withdrawn)),
        pile("Có ý kiến mới", &waits.commented, ("trang-thai", "")),
        pile("Ý kiến chưa xem về học liệu đã công bố", &waits.unnoted, ("y-kien", "1")),
        pile("Chờ bạn duyệt", &waits.to_review, in_state(State::InReview)),
        pile("Bản nháp của bạn", &waits.drafts, in_state(State::Draft)),
        pile("Cần xem lại", &waits.stale, ("xem-lai", "1")),
        pile("Đã gửi, đang chờ duyệt", &waits.sent, in_state(State::InReview)),
        pile("Hẹn ngày công bố", &waits.scheduled, in_state(State::Scheduled)),
        pile("Bản nháp của người khác trong cơ quan", &waits.others, in_state(State::Draft)),
    ];
    let requests = requests::counts(&state.context, actor).await?;
    let complaints = complaints::waiting(&state.context, actor).await?;
    let page = HomePage {
        complaints: complaints.map(|(count, due_on)| (count, date(due_on))),
        waits: requests_waiting(&requests),
        notice: done(parameters.first("da")),
        name: staff.signed_in.account.name.clone(),
        works: waits.works,
        writes: staff.reader.has(Duty::Write),
        piles: piles.into_iter().flatten().collect(),
        frame: Frame::new("Việc của tôi").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let full = PileView { heading: "Bản nháp", lines: vec![sample_line()], total: 9, all: "/".to_owned() };
    let page = |works, piles| HomePage {
        frame: Frame::new("Việc của tôi"),
        notice: done(Some("discard")),
        name: "<thử>".to_owned(),
        works,
        writes: works,
        complaints: works.then(|| (2, "1/7/2026".to_owned())),
        waits: vec![("/".to_owned(), "<thử>", 2)],
        piles,
    };
    rendered(&[page(true, vec![full]), page(true, Vec::new()), page(false, Vec::new())])
}
