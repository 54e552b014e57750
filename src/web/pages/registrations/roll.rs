//! Who learns in a class, for staff of its centre: written down, approved, told, cancelled.

use super::own::{SlipPage, slip_page};
#[cfg(test)]
use super::rendered;
use super::{Frame, Pick, consents, html, sexes, typed_person};
use crate::actions::schedule::people::Entry;
use crate::actions::schedule::registration::own::Registered;
use crate::actions::schedule::registration::staff::{self, Roll, Written};
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::domain::id::{ClassId, RegistrationId};
use crate::domain::registration::{RegistrationAct, RegistrationState, WrittenBy, takes_names};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::pages::view::{Link, moment};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "registrations/roll.html", config = "src/web/askama.toml")]
struct RollPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<String>,
    /// The slip of whoever was just written down.
    slip: Option<String>,
    class: Link,
    facts: Vec<String>,
    action: String,
    /// Where many are written down at once.
    many: String,
    takes_names: bool,
    typed: TypedPerson,
    sexes: Vec<Pick>,
    consents: Vec<Pick>,
    /// Asked for once the class is full.
    offers_over: bool,
    /// Asked for once someone of that name is there.
    offers_other: bool,
    groups: Vec<Group>,
}

/// Those who stand alike.
struct Group {
    title: &'static str,
    help: &'static str,
    /// Shown at once.
    open: bool,
    lines: Vec<Line>,
}

struct Line {
    name: String,
    about: Vec<String>,
    /// Digits to call; none where staff go there.
    phone: Option<String>,
    state: String,
    action: String,
    slip: String,
    file: String,
    acts: Vec<(&'static str, &'static str)>,
}

pub(super) fn parse(id: &str) -> Result<ClassId, Problem> {
    ClassId::parse(id).map_err(|_error| Problem::of("class-missing"))
}

fn parse_registration(id: &str) -> Result<RegistrationId, Problem> {
    RegistrationId::parse(id).map_err(|_error| Problem::of("registration-missing"))
}

async fn page(state: &AppState, staff: Staff, id: ClassId) -> Result<(RollPage, Roll), Problem> {
    let roll = staff::roll(&state.context, &staff.signed_in.actor, id).await?;
    let title = &roll.class.teaching.title;
    let page = RollPage {
        frame: Frame::new(&format!("Học viên: {title}")).for_reader(staff.reader),
        refusal: Refusal::default(),
        notice: None,
        slip: None,
        class: Link::to(links::staff_class(id), title),
        facts: facts(&roll),
        action: links::roll(id),
        many: links::many_learners(id),
        takes_names: takes_names(&roll.class),
        typed: TypedPerson::default(),
        sexes: sexes(""),
        consents: consents(""),
        offers_over: false,
        offers_other: false,
        groups: groups(&roll),
    };
    Ok((page, roll))
}

fn facts(roll: &Roll) -> Vec<String> {
    let tally = &roll.tally;
    let seats = match roll.class.capacity {
        None => format!("{} người có chỗ (không giới hạn)", tally.confirmed),
        Some(most) if tally.taken() > most => {
            format!("{}/{most} chỗ, quá {} người", tally.taken(), tally.taken() - most)
        }
        Some(most) => format!("{}/{most} chỗ", tally.taken()),
    };
    let counts = [(tally.offered, "được mời"), (tally.waiting, "chờ chỗ"), (tally.requested, "chờ duyệt")];
    let counted = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    std::iter::once(seats).chain(counted).collect()
}

fn groups(roll: &Roll) -> Vec<Group> {
    let of = |title, help, open, wanted: &dyn Fn(&Entry) -> bool| {
        let lines = roll.entries.iter().filter(|entry| wanted(entry)).map(line).collect();
        Group { title, help, open, lines }
    };
    let is = |state: RegistrationState| move |entry: &Entry| entry.registration.state == state;
    let all = [
        of(
            "Cần báo",
            "Gọi điện, ai không có điện thoại thì gặp trực tiếp; xong bấm “Đã báo”.",
            true,
            &|entry| entry.registration.news,
        ),
        of("Chờ duyệt", "", true, &is(RegistrationState::Requested)),
        of("Có chỗ", "", true, &is(RegistrationState::Confirmed)),
        of(
            "Được mời vào chỗ trống",
            "Không nhận đúng hạn thì chỗ dành cho người sau.",
            true,
            &is(RegistrationState::Offered),
        ),
        of("Chờ chỗ", "Theo thứ tự.", true, &is(RegistrationState::Waiting)),
        of("Đã thôi", "", false, &is(RegistrationState::Cancelled)),
    ];
    all.into_iter().filter(|group| !group.lines.is_empty()).collect()
}

fn line(entry: &Entry) -> Line {
    let one = &entry.registration;
    let person = entry.person.as_ref();
    let mut about = vec![format!("sinh {}", entry.learner.birth_year)];
    about.extend(Some(entry.learner.village.clone()).filter(|village| !village.is_empty()));
    about.extend(person.and_then(|person| person.guardian.as_ref()).map(|name| format!("giám hộ: {name}")));
    about.extend(one.walk_in.then(|| "đến tại lớp".to_owned()));
    about.extend((one.by == WrittenBy::Staff && !one.walk_in).then(|| "cán bộ ghi".to_owned()));
    about.push(moment(one.created_at));
    about.extend((entry.alike > 0).then(|| format!("có thể trùng với {} hồ sơ", entry.alike)));
    let mut state = one.ended.map_or(one.state.label(), crate::domain::registration::Ending::label).to_owned();
    if let Some(until) = one.offered_until {
        state = format!("{state}, giữ đến {}", moment(until));
    }
    let acts = RegistrationAct::ALL.iter().filter(|act| one.allows(**act));
    Line {
        name: person.map_or_else(|| "(đã xóa tên)".to_owned(), |person| person.name.clone()),
        about,
        phone: person.and_then(|person| person.phone.clone()),
        state,
        action: links::registration(one.class, one.id),
        slip: links::slip(one.class, one.id),
        file: links::learner(one.learner),
        acts: acts.map(|act| (act.code(), act.label())).collect(),
    }
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let (mut page, roll) = page(&state, staff, parse(&id)?).await?;
    let written = parameters.first("ghi").and_then(|id| RegistrationId::parse(id).ok());
    let entry = roll.entries.iter().find(|entry| Some(entry.registration.id) == written);
    page.notice = entry.map(|entry| {
        let name = entry.person.as_ref().map_or("", |person| person.name.as_str());
        format!("Đã ghi {name}: {}.", entry.registration.state.label().to_lowercase())
    });
    if let Some(count) = parameters.first("nhieu").and_then(|count| count.parse::<usize>().ok()) {
        page.notice = Some(format!("Đã ghi {count} người vào lớp."));
    }
    page.slip = entry.map(|entry| links::slip(entry.registration.class, entry.registration.id));
    Ok(html(&page)?.into_response())
}

/// Writes someone down who stands there.
pub(in crate::web) async fn write(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let person = typed_person(&form);
    let written = Written {
        person: person.clone(),
        consent: form.value("dong-y").to_owned(),
        walk_in: false,
        over: form.value("qua-cho") == "1",
        other: form.value("nguoi-khac") == "1",
    };
    match staff::write_down(&state.context, &staff.signed_in.actor, id, written).await {
        Ok(down) => Ok(go(&format!("{}?ghi={}", links::roll(id), down.registration.id))),
        Err(error) => {
            let problem = Problem::from(error);
            let code = problem.code();
            let refusal = Refusal::of(problem)?;
            let (roll, _) = page(&state, staff, id).await?;
            let page = RollPage {
                refusal: refusal.clone(),
                sexes: sexes(&person.sex),
                consents: consents(form.value("dong-y")),
                offers_over: code == "class-full",
                offers_other: code == "already-registered",
                typed: person,
                ..roll
            };
            refusal.answer(&page)
        }
    }
}

/// Does something with a registration.
pub(in crate::web) async fn act(
    State(state): State<AppState>,
    Path((class, id)): Path<(String, String)>,
    staff: Staff,
    form: Form,
) -> Answer {
    let ids = (parse(&class)?, parse_registration(&id)?);
    let act = RegistrationAct::from_code(form.value("viec"));
    let act = act.ok_or_else(|| Problem::of("registration-act-impossible"))?;
    match staff::act(&state.context, &staff.signed_in.actor, ids, act).await {
        Ok(()) => Ok(go(&links::roll(ids.0))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let (roll, _) = page(&state, staff, ids.0).await?;
            refusal.clone().answer(&RollPage { refusal, ..roll })
        }
    }
}

/// The slip of a registration, to be printed.
pub(in crate::web) async fn slip(
    State(state): State<AppState>,
    Path((class, id)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let (class, id) = (parse(&class)?, parse_registration(&id)?);
    let slip = staff::slip(&state.context, &staff.signed_in.actor, class, id).await?;
    let registered = Registered { code: slip.code, registration: slip.registration, before: 0 };
    let page = SlipPage {
        frame: Frame::new("Phiếu đăng ký học").for_reader(staff.reader),
        back: Link::to(links::roll(class), "Về danh sách học viên"),
        ..slip_page(&state, &slip.card, &registered, &slip.name)
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let text = || "<thử>".to_owned();
    let line = |phone| Line {
        name: text(),
        about: vec![text()],
        phone,
        state: "Có chỗ".to_owned(),
        action: "/".to_owned(),
        slip: "/".to_owned(),
        file: "/".to_owned(),
        acts: vec![("cancel", "Hủy đăng ký")],
    };
    let group = |open| Group {
        title: "Có chỗ",
        help: "Theo thứ tự.",
        open,
        lines: vec![line(Some("0905123456".to_owned())), line(None)],
    };
    let page = |groups, takes_names| RollPage {
        frame: Frame::new("Học viên"),
        refusal: Refusal::of(Problem::of("class-full")).unwrap_or_default(),
        notice: Some(text()),
        slip: Some("/".to_owned()),
        class: Link::to("/".to_owned(), "<thử>"),
        facts: vec![text()],
        action: "/".to_owned(),
        many: "/".to_owned(),
        takes_names,
        typed: TypedPerson { name: text(), ..TypedPerson::default() },
        sexes: sexes("male"),
        consents: consents("paper"),
        offers_over: takes_names,
        offers_other: takes_names,
        groups,
    };
    rendered(&[page(vec![group(true), group(false)], true), page(Vec::new(), false)])
}
