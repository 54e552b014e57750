//! The classes of those who plan: a list, and one with its meetings and what can be done.

use super::requests::RequestLine;
use super::{Choice, Frame, MeetingView, Refusal, done, go, html, meeting_view};
#[cfg(test)]
use super::{rendered, sample_meeting, sample_refusal};
use crate::actions::schedule::classes::{self, Found, Item, PAGE, StaffClass, Wanted};
use crate::actions::schedule::{MeetingCard, centres, requests};
use crate::domain::class::{ClassAct, ClassState, CountMode};
use crate::domain::id::{ClassId, OrganisationId};
use crate::domain::meeting::MeetingState;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::review::form::coded;
use crate::web::pages::view::{Fact, Link, fact};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/staff_list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    centres: Vec<Choice>,
    states: Vec<Choice>,
    total: usize,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

struct Line {
    url: String,
    title: String,
    state: &'static str,
    notes: Vec<String>,
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let given = |name: &str| parameters.first(name).unwrap_or_default();
    let wanted = Wanted {
        centre: OrganisationId::parse(given("trung-tam")).ok(),
        state: ClassState::from_code(given("trang-thai")),
        offset: given("tu").parse().unwrap_or(0),
    };
    let offset = wanted.offset;
    let own = centres(&state.context, &staff.signed_in.actor);
    let Found { total, items, next } = classes::list(&state.context, &staff.signed_in.actor, wanted).await?;
    let part = |offset: usize| {
        let offset = offset.to_string();
        let all = [("trung-tam", given("trung-tam")), ("trang-thai", given("trang-thai")), ("tu", offset.as_str())];
        links::staff_classes(&all.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    };
    let page = ListPage {
        frame: Frame::new("Lớp học của đơn vị").for_reader(staff.reader),
        centres: super::named_choices(&own, &[given("trung-tam").to_owned()]),
        states: coded(ClassState::ALL, |one| (one.code(), one.label()), &[given("trang-thai")]),
        total,
        lines: items.iter().map(line).collect(),
        previous: (offset > 0).then(|| part(offset.saturating_sub(PAGE))),
        next: next.map(part),
    };
    Ok(html(&page)?.into_response())
}

fn line(item: &Item) -> Line {
    let next = item.next.map(|slot| format!("{}, {}", super::long_day(slot.day), super::time_line(&slot)));
    let mut notes = vec![item.centre.name.clone()];
    notes.push(if item.meetings == 0 { "chưa có lịch".to_owned() } else { format!("{} buổi", item.meetings) });
    notes.extend(next);
    notes.extend(item.class.is_joint().then(|| "lớp phối hợp".to_owned()));
    notes.extend(item.joint.then(|| "nơi khác đứng mở".to_owned()));
    notes.extend(item.class.sample.then(|| "lớp mẫu".to_owned()));
    Line {
        url: links::staff_class(item.class.id),
        title: item.class.teaching.title.clone(),
        state: item.class.state.label(),
        notes,
    }
}

#[derive(Template)]
#[template(path = "classes/staff_one.html", config = "src/web/askama.toml")]
struct OnePage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    url: String,
    title: String,
    state: &'static str,
    centre: String,
    notes: Vec<String>,
    links: Vec<(String, &'static str)>,
    facts: Vec<Fact>,
    meetings: Vec<MeetingView>,
    requests: Vec<RequestLine>,
    /// What can be done with one button, and what needs a reason.
    acts: Vec<(&'static str, &'static str)>,
    may_cancel: bool,
}

pub(super) fn parse(id: &str) -> Result<ClassId, Problem> {
    super::one::parse(id)
}

async fn page(state: &AppState, staff: Staff, id: ClassId, refusal: Refusal) -> Result<OnePage, Problem> {
    let shown = classes::show(&state.context, &staff.signed_in.actor, id).await?;
    let requests = requests::of_class(&state.context, &staff.signed_in.actor, id).await?;
    let (now, class) = (state.context.now(), &shown.class);
    let changing = shown.may_change && class.is_open();
    let view = |card: &MeetingCard| MeetingView {
        url: (changing && card.state != MeetingState::Held).then(|| links::staff_meeting(id, card.id)),
        ask: (changing && card.state != MeetingState::Cancelled && !card.slot.has_begun(now))
            .then(|| links::request_speaker(id, Some(card.id))),
        ..meeting_view(card, now)
    };
    let mut notes = Vec::new();
    notes.extend(class.reason.as_ref().map(|reason| format!("Lý do: {reason}")));
    if class.count == CountMode::Totals {
        notes.push("Lớp chỉ đếm số người: không ghi tên ai, không đăng công khai.".to_owned());
    }
    let takes_marks = shown.may_change && class.state != ClassState::Cancelled && !shown.meetings.is_empty();
    let named = class.count == CountMode::Names;
    let all_links = [
        (changing, links::describe_class(id), "Sửa mô tả"),
        (changing, links::plan_class(id), "Xếp lịch"),
        (changing && !shown.meetings.is_empty(), links::new_meeting(id), "Thêm một buổi"),
        (shown.may_enrol, links::roll(id), "Học viên"),
        (takes_marks && named, links::attendance(id), "Điểm danh"),
        (takes_marks && named, links::phone_attendance(id), "Điểm danh bằng điện thoại"),
        (takes_marks && named, links::certificates(id), "Giấy chứng nhận"),
        (takes_marks, links::headcount(id), "Số người mỗi buổi"),
        (changing && !shown.meetings.is_empty(), links::request_speaker(id, None), "Mời báo cáo viên"),
        (class.is_public(), links::class(id), "Xem như bà con"),
    ];
    let acts = class.acts().filter(|act| shown.may_change && *act != ClassAct::Cancel);
    Ok(OnePage {
        refusal,
        notice: None,
        url: links::staff_class(id),
        title: class.teaching.title.clone(),
        state: class.state.label(),
        centre: shown.centre.name.clone(),
        notes,
        links: all_links.into_iter().filter(|(shown, ..)| *shown).map(|(_, url, label)| (url, label)).collect(),
        facts: facts(&shown),
        meetings: shown.meetings.iter().map(view).collect(),
        requests: requests.iter().map(RequestLine::of).collect(),
        acts: acts.map(|act| (act.code(), act.label())).collect(),
        may_cancel: shown.may_change && class.after(ClassAct::Cancel).is_some(),
        frame: Frame::new(&class.teaching.title).for_reader(staff.reader),
    })
}

fn facts(shown: &StaffClass) -> Vec<Fact> {
    let class = &shown.class;
    let capacity = class.capacity.map_or_else(|| "không giới hạn".to_owned(), |seats| format!("{seats} người"));
    let all = [
        fact("Phối hợp tổ chức", shown.co_organisers.iter().map(|one| Link::bare(one.name.clone())).collect()),
        fact("Loại lớp", vec![Link::bare(class.teaching.class_type.label())]),
        fact("Chuyên đề", shown.course.iter().map(|one| Link::to(links::course(one.id), &one.name)).collect()),
        fact(
            "Học liệu",
            shown.materials.iter().map(|one| Link::to(links::material(one.id, &one.name), &one.name)).collect(),
        ),
        fact("Số chỗ", vec![Link::bare(capacity)]),
        fact("Đăng ký", vec![Link::bare(class.registration.label())]),
    ];
    all.into_iter().flatten().collect()
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = page(&state, staff, parse(&id)?, Refusal::default()).await?;
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

/// Publishes, ends, cancels or reopens a class.
pub(in crate::web) async fn act(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let act = ClassAct::from_code(form.value("viec")).ok_or_else(|| Problem::of("class-act-impossible"))?;
    match classes::act(&state.context, &staff.signed_in.actor, id, (act, form.value("ly-do"))).await {
        Ok(()) => Ok(go(&links::done(&links::staff_class(id), act.code()))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(&state, staff, id, refusal).await?)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    let list = |lines: Vec<Line>| ListPage {
        frame: Frame::new("Lớp"),
        centres: vec![choice()],
        states: vec![choice()],
        total: lines.len(),
        lines,
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
    };
    let line =
        || Line {
            url: "/".to_owned(), title: "<thử>".to_owned(), state: "Đã đăng", notes: vec!["<thử>".to_owned()]
        };
    let one = |meetings| OnePage {
        frame: Frame::new("Lớp"),
        refusal: sample_refusal(),
        notice: Some("Đã lưu."),
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        state: "Đang soạn",
        centre: "<thử>".to_owned(),
        notes: vec!["<thử>".to_owned()],
        links: vec![("/".to_owned(), "Sửa")],
        facts: fact("Loại", vec![Link::bare("<thử>")]).into_iter().collect(),
        meetings,
        requests: vec![super::requests::sample_line()],
        acts: vec![("publish", "Đăng lớp")],
        may_cancel: true,
    };
    let mut all = rendered(&[list(vec![line()]), list(Vec::new())]);
    all.extend(rendered(&[one(vec![sample_meeting()]), one(Vec::new())]));
    all
}
