//! Areas as the administrator sees them.

use super::grounds::GroundView;
#[cfg(test)]
use super::rendered;
use super::{Answer, Choice, Entry, Frame, Refusal, choices, done, entries, go, html, refused};
use crate::actions::administration::areas::{self as managed, AreaChange, NewArea, TypedDetails};
use crate::actions::administration::grounds;
use crate::actions::areas::AreaView;
use crate::domain::area::{Area, AreaLevel};
use crate::domain::id::AreaId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::{Fact, Link, date, fact};
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "administration/areas.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    notice: Option<&'static str>,
    text: String,
    lines: Vec<(Link, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "administration/area_new.html", config = "src/web/askama.toml")]
struct NewPage {
    frame: Frame,
    refusal: Refusal,
    new: NewArea,
    form: DetailsView,
}

struct DetailsView {
    levels: Vec<Choice>,
    parents: Vec<Choice>,
    code: String,
}

#[derive(Template)]
#[template(path = "administration/area.html", config = "src/web/askama.toml")]
struct AreaPage {
    frame: Frame,
    refusal: Refusal,
    refused: Option<&'static str>,
    notice: Option<&'static str>,
    url: String,
    name: String,
    facts: Vec<Fact>,
    changes: Vec<Link>,
    form: Option<DetailsView>,
    grounds: Vec<GroundView>,
    entries: Vec<Entry>,
}

pub(super) fn parse(id: &str) -> Result<AreaId, Problem> {
    AreaId::parse(id).map_err(|_error| Problem::of("area-missing"))
}

fn line(found: &crate::actions::areas::AreaLine) -> (Link, Vec<String>) {
    let area = &found.area;
    let names = |areas: &[Area]| areas.iter().map(|area| area.full_name.as_str()).collect::<Vec<_>>().join(", ");
    let mut notes = vec![area.level.label().to_owned()];
    if let Some(day) = area.valid_to {
        let today = names(&found.successors);
        let today = if today.is_empty() { String::new() } else { format!(" Nay là: {today}") };
        notes = vec![format!("Đến hết {}.{today}", date(day))];
    }
    if !found.former.is_empty() {
        notes.push(format!("Gồm các đơn vị cũ: {}", names(&found.former)));
    }
    if !area.former_names.is_empty() {
        let former: Vec<_> = area.former_names.iter().rev().map(|former| former.full_name.as_str()).collect();
        notes.push(format!("Tên cũ: {}", former.join("; ")));
    }
    (Link::to(links::managed_area(area.id.as_str()), &area.full_name), notes)
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let found = managed::list(&state.context, &staff.signed_in.actor, &text).await?;
    let page = ListPage {
        notice: done(&parameters),
        text,
        lines: found.iter().map(line).collect(),
        frame: Frame::new("Quản lý địa bàn").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

fn details_view(state: &AppState, typed: &TypedDetails) -> DetailsView {
    let levels = AreaLevel::ALL.iter().filter(|level| **level != AreaLevel::District);
    let levels = levels.map(|level| (level.code(), level.label().to_owned())).collect();
    let parents = [AreaLevel::Province, AreaLevel::Commune].map(|level| managed::choices(&state.context, Some(level)));
    DetailsView {
        levels: choices(levels, &typed.level),
        parents: choices(parents.concat(), &typed.parent),
        code: typed.code.clone(),
    }
}

fn typed_details(form: &Form) -> TypedDetails {
    let typed = |name: &str| form.value(name).to_owned();
    TypedDetails { level: typed("cap"), code: typed("ma"), parent: typed("thuoc") }
}

fn new_page(state: &AppState, staff: Staff, refusal: Refusal, new: NewArea) -> NewPage {
    NewPage {
        frame: Frame::new("Thêm địa bàn").for_reader(staff.reader),
        refusal,
        form: details_view(state, &new.details),
        new,
    }
}

pub(in crate::web) async fn ask(State(state): State<AppState>, staff: Staff) -> Answer {
    managed::list(&state.context, &staff.signed_in.actor, "").await?;
    Ok(html(&new_page(&state, staff, Refusal::default(), NewArea::default()))?.into_response())
}

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let typed = |name: &str| form.value(name).to_owned();
    let new = NewArea {
        full_name: typed("ten"),
        details: typed_details(&form),
        date: typed("ngay"),
        legal_basis: typed("can-cu"),
    };
    match managed::add(&state.context, &staff.signed_in.actor, new.clone()).await {
        Ok(id) => Ok(go(&links::done(&links::managed_area(id.as_str()), "them"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&new_page(&state, staff, refusal, new))
        }
    }
}

fn facts(view: &AreaView) -> Vec<Fact> {
    let area = &view.line.area;
    let named = |areas: &[Area]| -> Vec<Link> {
        areas.iter().map(|area| Link::to(links::managed_area(area.id.as_str()), &area.full_name)).collect()
    };
    let former = area.former_names.iter().rev().map(|former| {
        let until = former.to.map(|day| format!(" (đến {})", date(day))).unwrap_or_default();
        Link::bare(format!("{}{until}", former.full_name))
    });
    let code = (!area.code.is_empty()).then(|| Link::bare(format!("{} ({})", area.code, area.code_system)));
    let all = [
        fact("Mã trong thư viện", vec![Link::bare(area.id.as_str())]),
        fact("Mã đơn vị hành chính", code.into_iter().collect()),
        fact("Cấp", vec![Link::bare(area.level.label())]),
        fact("Từ ngày", area.valid_from.iter().map(|day| Link::bare(date(*day))).collect()),
        fact("Đến hết ngày", area.valid_to.iter().map(|day| Link::bare(date(*day))).collect()),
        fact("Nay là", named(&view.line.successors)),
        fact("Gồm các đơn vị cũ", named(&view.line.former)),
        fact("Tên cũ", former.collect()),
        fact("Thuộc", named(view.parent.as_slice())),
        fact("Căn cứ", area.legal_basis.iter().map(Link::bare).collect()),
        fact("Xem thêm", vec![Link::to(links::area(area.id.as_str()), "trang công khai")]),
    ];
    all.into_iter().flatten().collect()
}

fn typed_of(area: &Area) -> TypedDetails {
    TypedDetails {
        level: area.level.code().to_owned(),
        code: area.code.clone(),
        parent: area.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

async fn page(state: &AppState, staff: Staff, id: &AreaId, typed: Option<TypedDetails>) -> Result<AreaPage, Problem> {
    let view = managed::show(&state.context, &staff.signed_in.actor, id).await?;
    let area = &view.line.area;
    let in_being = area.valid_to.is_none();
    let changes = [AreaChange::Rename, AreaChange::Merge].into_iter().filter(|_| in_being);
    let change = |kind| Link::to(links::area_change(id, kind), super::area_changes::label(kind));
    Ok(AreaPage {
        refusal: Refusal::default(),
        refused: None,
        notice: None,
        url: links::managed_area(id.as_str()),
        name: area.full_name.clone(),
        facts: facts(&view),
        changes: changes.map(change).collect(),
        form: in_being.then(|| details_view(state, &typed.unwrap_or_else(|| typed_of(area)))),
        grounds: grounds::of_area(&state.context, id).iter().map(GroundView::of).collect(),
        entries: entries(state, &staff, id.as_str()).await?,
        frame: Frame::new(&area.full_name).for_reader(staff.reader),
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

pub(in crate::web) async fn update(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, typed) = (parse(&id)?, typed_details(&form));
    match managed::update(&state.context, &staff.signed_in.actor, &id, &typed).await {
        Ok(()) => Ok(go(&links::done(&links::managed_area(id.as_str()), "sua"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let page = AreaPage { refusal, ..page(&state, staff, &id, Some(typed)).await? };
            page.refusal.answer(&page)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use super::{sample_choices, sample_refusal};
    let details = || DetailsView { levels: sample_choices(), parents: sample_choices(), code: "<thử>".to_owned() };
    let line = (Link::to("/".to_owned(), "<thử>"), vec!["<thử>".to_owned()]);
    let list = |lines| ListPage { frame: Frame::new("Địa bàn"), notice: None, text: "<thử>".to_owned(), lines };
    let new = NewPage {
        frame: Frame::new("Thêm"),
        refusal: sample_refusal(),
        new: NewArea { full_name: "<thử>".to_owned(), ..NewArea::default() },
        form: details(),
    };
    let page = |in_being: bool| AreaPage {
        frame: Frame::new("Xã"),
        refusal: Refusal::default(),
        refused: Some("không hủy được"),
        notice: Some("xong"),
        url: "/".to_owned(),
        name: "<thử>".to_owned(),
        facts: fact("Cấp", vec![Link::bare("<thử>")]).into_iter().collect(),
        changes: if in_being { vec![Link::to("/".to_owned(), "Đổi tên")] } else { Vec::new() },
        form: in_being.then(details),
        grounds: super::grounds::sample(),
        entries: vec![Entry { url: "/".to_owned(), words: "<thử>".to_owned() }],
    };
    let mut all = rendered(&[list(vec![line]), list(Vec::new())]);
    all.extend(rendered(&[new]));
    all.extend(rendered(&[page(true), page(false)]));
    all
}
