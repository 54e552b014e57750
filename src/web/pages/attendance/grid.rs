//! Marks typed back from paper: one key a mark, meetings in columns. Without script each cell is a field like any other.

#[cfg(test)]
use super::rendered;
use super::{Frame, class_id, html, label};
use crate::actions::ActionError;
use crate::actions::schedule::MeetingCard;
use crate::actions::schedule::attendance::marks;
use crate::actions::schedule::attendance::roll::{self, Pupil, Roll};
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::domain::attendance::{MarkSource, Presence};
use crate::domain::class::CountMode;
use crate::domain::id::{ClassId, LearnerId, MeetingId};
use crate::domain::registration::RegistrationState;
use crate::web::assets;
#[cfg(test)]
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

/// So many meetings stand beside each other.
const COLUMNS: usize = 6;
/// So many learners stand below each other.
const ROWS: usize = 200;

#[derive(Template)]
#[template(path = "attendance/grid.html", config = "src/web/askama.toml")]
struct GridPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    url: String,
    back: String,
    title: String,
    phone: String,
    headcount: String,
    another: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    letters: Vec<(char, &'static str)>,
    /// Who was to be added, where that was refused.
    newcomer: TypedPerson,
    earlier: Option<String>,
    later: Option<String>,
    before: Option<String>,
    after: Option<String>,
    script: &'static str,
}

struct Column {
    id: String,
    label: String,
    day: String,
    time: String,
    came: String,
    sheet: String,
}

struct Row {
    learner: String,
    name: String,
    notes: String,
    /// The letters as they are shown, a dot for none: what differs when the form comes back was typed.
    shown: String,
    cells: Vec<String>,
}

/// Which part of the table is shown.
#[derive(Clone, Copy)]
struct Part {
    column: usize,
    row: usize,
}

impl Part {
    fn of(roll: &Roll, first: Option<&str>, row: Option<&str>) -> Self {
        let begun = roll.begun().count();
        let last = begun.saturating_sub(COLUMNS);
        let column = first.and_then(|text| text.parse().ok()).unwrap_or(last).min(begun.saturating_sub(1));
        Self { column, row: row.and_then(|text| text.parse().ok()).unwrap_or(0) }
    }

    fn address(self, class: ClassId) -> String {
        links::attendance_part(class, &self.column.to_string(), &self.row.to_string(), "")
    }
}

fn page(staff: Staff, roll: &Roll, part: Part, refusal: Refusal) -> GridPage {
    let id = roll.class.id;
    let begun: Vec<&MeetingCard> = roll.begun().collect();
    let columns: Vec<&MeetingCard> = begun.iter().skip(part.column).take(COLUMNS).copied().collect();
    let at = |column, row| Part { column, row }.address(id);
    let end = part.row + ROWS;
    GridPage {
        refusal,
        notice: None,
        url: part.address(id),
        back: links::staff_class(id),
        title: roll.class.teaching.title.clone(),
        phone: links::phone_attendance(id),
        headcount: links::headcount(id),
        another: another(id, begun.last().copied()),
        rows: roll.pupils.iter().skip(part.row).take(ROWS).map(|pupil| row(roll, pupil, &columns)).collect(),
        letters: Presence::ALL.iter().map(|one| (one.letter(), one.label())).collect(),
        newcomer: TypedPerson::default(),
        earlier: (part.column > 0).then(|| at(part.column.saturating_sub(COLUMNS), part.row)),
        later: (part.column + COLUMNS < begun.len()).then(|| at(part.column + COLUMNS, part.row)),
        before: (part.row > 0).then(|| at(part.column, part.row.saturating_sub(ROWS))),
        after: (end < roll.pupils.len()).then(|| at(part.column, end)),
        script: &assets::MARKS_URL,
        columns: columns.into_iter().map(|card| column(roll, card)).collect(),
        frame: Frame::new(&format!("Điểm danh: {}", roll.class.teaching.title)).for_reader(staff.reader),
    }
}

/// Where a second meeting of the day, or one that was not planned, is entered.
fn another(id: ClassId, last: Option<&MeetingCard>) -> String {
    let Some(card) = last else { return links::new_meeting(id) };
    let venue = card.venue.as_ref().map(|venue| venue.id.to_string()).unwrap_or_default();
    let (day, from) = (card.slot.day.to_string(), card.slot.to.format("%H:%M").to_string());
    let length = card.slot.to - card.slot.from;
    let (to, days) = card.slot.to.overflowing_add_signed(length);
    let to = if days == 0 { to.format("%H:%M").to_string() } else { "23:59".to_owned() };
    links::another_meeting(id, &[("ngay", &day), ("tu", &from), ("den", &to), ("dia-diem", &venue)])
}

fn column(roll: &Roll, card: &MeetingCard) -> Column {
    Column {
        id: card.id.to_string(),
        label: label(card),
        day: card.slot.day.format("%d/%m").to_string(),
        time: card.slot.from.format("%H:%M").to_string(),
        came: roll.came(card.id).map(|came| format!("{came} có mặt")).unwrap_or_default(),
        sheet: links::attendance_sheet(card.class, card.id),
    }
}

fn row(roll: &Roll, pupil: &Pupil, columns: &[&MeetingCard]) -> Row {
    let letter = |card: &&MeetingCard| roll.presence(card.id, pupil.learner).map(Presence::letter);
    let letters: Vec<Option<char>> = columns.iter().map(letter).collect();
    let state = (pupil.state != RegistrationState::Confirmed).then(|| pupil.state.label().to_lowercase());
    let parts = [Some(pupil.birth_year.to_string()), Some(pupil.village.clone()), state];
    Row {
        learner: pupil.learner.to_string(),
        name: pupil.name.clone().unwrap_or_else(|| "(đã xóa thông tin)".to_owned()),
        notes: parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        shown: letters.iter().map(|letter| letter.unwrap_or('.')).collect(),
        cells: letters.into_iter().map(|letter| letter.map(String::from).unwrap_or_default()).collect(),
    }
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let id = class_id(&id)?;
    let roll = roll::read(&state.context, &staff.signed_in.actor, id).await?;
    if roll.class.count == CountMode::Totals {
        return Ok(go(&links::headcount(id)));
    }
    let part = Part::of(&roll, parameters.first("buoi"), parameters.first("tu"));
    let mut page = page(staff, &roll, part, Refusal::default());
    page.notice = match parameters.first("da") {
        Some("diem-danh") => Some("Đã lưu điểm danh."),
        Some("them") => Some("Đã thêm người đến và điểm danh có mặt."),
        _ => None,
    };
    Ok(html(&page)?.into_response())
}

/// Keeps what was typed into the table, or takes in someone who came without having registered.
pub(in crate::web) async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = class_id(&id)?;
    let is_walk_in = form.value("viec") == "them";
    let actor = &staff.signed_in.actor;
    let part = |name: &str| parameters.first(name).unwrap_or_default();
    let kept = if is_walk_in {
        let meeting = super::meeting_id(form.value("buoi-den"))?;
        marks::welcome(&state.context, actor, (id, meeting), person(&form)).await
    } else {
        match typed(&form) {
            Ok(typed) => marks::type_in(&state.context, actor, id, typed).await,
            Err(error) => Err(error),
        }
    };
    let Err(error) = kept else {
        let done = if is_walk_in { "them" } else { "diem-danh" };
        return Ok(go(&links::attendance_part(id, part("buoi"), part("tu"), done)));
    };
    let refusal = Refusal::of(error)?;
    let roll = roll::read(&state.context, actor, id).await?;
    let shown = Part::of(&roll, parameters.first("buoi"), parameters.first("tu"));
    let mut page = page(staff, &roll, shown, refusal.clone());
    page.newcomer = person(&form);
    keep_typed(&mut page, &form);
    refusal.answer(&page)
}

/// What was typed stays where it was typed.
fn keep_typed(page: &mut GridPage, form: &Form) {
    for (row, cells) in page.rows.iter_mut().enumerate() {
        for (column, cell) in cells.cells.iter_mut().enumerate() {
            let name = format!("o-{row}-{column}");
            if form.has(&name) {
                form.value(&name).trim().clone_into(cell);
            }
        }
    }
}

type Typed = (MarkSource, Vec<(MeetingId, LearnerId, Option<Presence>)>);

/// Reads the table: what differs from what was shown.
fn typed(form: &Form) -> Result<Typed, ActionError> {
    let unknown = |letter: char| ActionError::Invalid {
        field: "marks",
        code: "mark-unknown",
        reason: format!("“{letter}” không phải là chữ điểm danh. Dùng x, m, p, v, hoặc để trống."),
    };
    let stale =
        |_error| ActionError::invalid("marks", "request-malformed", "Bảng không đọc được. Hãy mở lại trang và gõ lại.");
    let meetings = form.values("buoi").map(MeetingId::parse).collect::<Result<Vec<_>, _>>().map_err(stale)?;
    let learners = form.values("hoc-vien").map(LearnerId::parse).collect::<Result<Vec<_>, _>>().map_err(stale)?;
    let shown: Vec<Vec<char>> = form.values("da-co").map(|letters| letters.chars().collect()).collect();
    let source = if form.value("phieu") == "1" { MarkSource::Sheet } else { MarkSource::Grid };
    let mut marks = Vec::new();
    for (row, learner) in learners.iter().enumerate() {
        for (column, meeting) in meetings.iter().enumerate() {
            let before = shown.get(row).and_then(|letters| letters.get(column)).copied().filter(|one| *one != '.');
            let rest = form.value(&format!("cot-{column}")).chars().next();
            let typed = form.value(&format!("o-{row}-{column}")).trim().to_lowercase();
            let typed = typed.chars().next().or(rest);
            if typed != before {
                let presence = typed.map(|letter| Presence::of_letter(letter).ok_or_else(|| unknown(letter)));
                marks.push((*meeting, *learner, presence.transpose()?));
            }
        }
    }
    Ok((source, marks))
}

/// Reads who came without having registered.
fn person(form: &Form) -> TypedPerson {
    let one = |name: &str| form.value(name).to_owned();
    TypedPerson {
        name: one("ten"),
        birth_year: one("nam-sinh"),
        village: one("thon"),
        phone: one("dien-thoai"),
        guardian: one("giam-ho"),
        ..TypedPerson::default()
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let text = || "<thử>".to_owned();
    let page = |columns: Vec<Column>| GridPage {
        frame: Frame::new("Điểm danh"),
        refusal: Refusal::of(Problem::of("value-invalid")).unwrap_or_default(),
        notice: Some("Đã lưu."),
        url: "/".to_owned(),
        back: "/".to_owned(),
        title: text(),
        phone: "/".to_owned(),
        headcount: "/".to_owned(),
        another: "/".to_owned(),
        rows: columns
            .iter()
            .map(|_| Row { learner: text(), name: text(), notes: text(), shown: ".".to_owned(), cells: vec![text()] })
            .collect(),
        columns,
        letters: vec![('x', "Có mặt")],
        newcomer: TypedPerson { name: text(), ..TypedPerson::default() },
        earlier: Some("/".to_owned()),
        later: Some("/".to_owned()),
        before: Some("/".to_owned()),
        after: Some("/".to_owned()),
        script: "/x.js",
    };
    let column = Column { id: text(), label: text(), day: text(), time: text(), came: text(), sheet: "/".to_owned() };
    rendered(&[page(vec![column]), page(Vec::new())])
}
