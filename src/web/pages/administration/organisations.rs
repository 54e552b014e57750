//! Organisations as the administrator sees them.

use super::grounds::GroundView;
#[cfg(test)]
use super::rendered;
use super::{Answer, Choice, Entry, Frame, Refusal, choices, done, entries, go, html, refused};
use crate::actions::administration::areas as managed_areas;
use crate::actions::administration::grounds;
use crate::actions::administration::organisations::{
    self as managed, ManagedOrganisation, NewOrganisation, TypedDetails,
};
use crate::actions::materials::Named;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::{Organisation, OrganisationEventKind, OrganisationKind, OrganisationName};
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
#[template(path = "administration/organisations.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    notice: Option<&'static str>,
    text: String,
    lines: Vec<Line>,
}

struct Line {
    url: String,
    name: String,
    notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "administration/organisation_new.html", config = "src/web/askama.toml")]
struct NewPage {
    frame: Frame,
    refusal: Refusal,
    new: NewOrganisation,
    form: DetailsView,
}

/// The lists and values of the part of the form that tells what an organisation is.
struct DetailsView {
    kinds: Vec<Choice>,
    parents: Vec<Choice>,
    areas: Vec<Choice>,
    website: String,
    publishes_unreviewed: bool,
}

#[derive(Template)]
#[template(path = "administration/organisation.html", config = "src/web/askama.toml")]
struct OrganisationPage {
    frame: Frame,
    refusal: Refusal,
    refused: Option<&'static str>,
    notice: Option<&'static str>,
    url: String,
    name: String,
    facts: Vec<Fact>,
    names: Vec<String>,
    /// None once it has ended.
    changes: Vec<Link>,
    form: Option<DetailsView>,
    grounds: Vec<GroundView>,
    entries: Vec<Entry>,
}

fn line(found: &crate::actions::organisations::OrganisationLine) -> Line {
    let organisation = &found.organisation;
    let names = |list: &[Named<OrganisationId>]| list.iter().map(|o| o.name.clone()).collect::<Vec<_>>().join(", ");
    let mut notes = vec![organisation.kind.label().to_owned()];
    if let Some(day) = organisation.ended_on {
        let heirs = names(&found.successors);
        let heirs = if heirs.is_empty() { String::new() } else { format!(" Nay là: {heirs}") };
        notes = vec![format!("Đã kết thúc ngày {}.{heirs}", date(day))];
    }
    let former: Vec<_> = organisation.names.iter().rev().skip(1).map(|name| name.name.as_str()).collect();
    if !former.is_empty() {
        notes.push(format!("Tên cũ: {}", former.join("; ")));
    }
    if organisation.publishes_unreviewed {
        notes.push("Được công bố không qua duyệt.".to_owned());
    }
    Line {
        url: links::managed_organisation(organisation.id.as_str()),
        name: organisation.latest_name().to_owned(),
        notes,
    }
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let found = managed::list(&state.context, &staff.signed_in.actor, &text).await?;
    let page = ListPage {
        notice: done(&parameters),
        text,
        lines: found.iter().map(line).collect(),
        frame: Frame::new("Quản lý cơ quan").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

fn details_view(state: &AppState, typed: &TypedDetails) -> DetailsView {
    let kinds = OrganisationKind::ALL.iter().filter(|kind| **kind != OrganisationKind::System);
    DetailsView {
        kinds: choices(kinds.map(|kind| (kind.code(), kind.label().to_owned())).collect(), &typed.kind),
        parents: choices(managed::choices(&state.context), &typed.parent),
        areas: choices(managed_areas::choices(&state.context, None), &typed.area),
        website: typed.website.clone(),
        publishes_unreviewed: typed.publishes_unreviewed,
    }
}

fn typed_details(form: &Form) -> TypedDetails {
    let typed = |name: &str| form.value(name).to_owned();
    TypedDetails {
        kind: typed("loai"),
        parent: typed("cap-tren"),
        area: typed("dia-ban"),
        website: typed("trang-web"),
        publishes_unreviewed: !form.value("khong-duyet").is_empty(),
    }
}

fn new_page(state: &AppState, staff: Staff, refusal: Refusal, new: NewOrganisation) -> NewPage {
    NewPage {
        frame: Frame::new("Thêm cơ quan").for_reader(staff.reader),
        refusal,
        form: details_view(state, &new.details),
        new,
    }
}

pub(in crate::web) async fn ask(State(state): State<AppState>, staff: Staff) -> Answer {
    managed::list(&state.context, &staff.signed_in.actor, "").await?;
    Ok(html(&new_page(&state, staff, Refusal::default(), NewOrganisation::default()))?.into_response())
}

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let typed = |name: &str| form.value(name).to_owned();
    let new = NewOrganisation {
        name: typed("ten"),
        short_name: typed("ten-tat"),
        details: typed_details(&form),
        date: typed("ngay"),
        legal_basis: typed("can-cu"),
    };
    match managed::add(&state.context, &staff.signed_in.actor, new.clone()).await {
        Ok(id) => Ok(go(&links::done(&links::managed_organisation(id.as_str()), "them"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&new_page(&state, staff, refusal, new))
        }
    }
}

pub(super) fn parse(id: &str) -> Result<OrganisationId, Problem> {
    OrganisationId::parse(id).map_err(|_error| Problem::of("organisation-missing"))
}

/// A name with its days and its ground.
fn name_line(name: &OrganisationName) -> String {
    let short = name.short_name.as_ref().map(|short| format!(" ({short})")).unwrap_or_default();
    let days = match (name.from, name.to) {
        (Some(from), Some(to)) => format!(", từ {} đến {}", date(from), date(to)),
        (Some(from), None) => format!(", từ {}", date(from)),
        (None, Some(to)) => format!(", đến {}", date(to)),
        (None, None) => String::new(),
    };
    let basis = name.legal_basis.as_ref().map(|basis| format!(". Căn cứ: {basis}")).unwrap_or_default();
    format!("{}{short}{days}{basis}", name.name)
}

fn facts(found: &ManagedOrganisation) -> Vec<Fact> {
    let organisation = &found.view.line.organisation;
    let id = organisation.id.as_str();
    let named = |list: &[Named<OrganisationId>]| -> Vec<Link> {
        list.iter().map(|o| Link::to(links::managed_organisation(o.id.as_str()), &o.name)).collect()
    };
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| Link::bare(date(day))).into_iter().collect();
    let basis = found.view.events.iter().filter_map(|event| {
        let basis = event.legal_basis.as_deref()?;
        Some(Link::bare(format!("{}, {}: {basis}", event.kind.label(), date(event.date))))
    });
    let unreviewed = organisation.publishes_unreviewed.then(|| Link::bare("được phép"));
    let accounts = Link::to(links::accounts(&[("co-quan", id)]), &format!("{} tài khoản", found.n_accounts));
    let all = [
        fact("Mã", vec![Link::bare(id)]),
        fact("Loại", vec![Link::bare(organisation.kind.label())]),
        fact("Thành lập", day(organisation.created_on)),
        fact("Hoạt động đến", day(organisation.ended_on)),
        fact("Nay là", named(&found.view.line.successors)),
        fact("Tiếp nối", named(&found.view.line.predecessors)),
        fact("Cơ quan cấp trên", named(found.view.parent.as_slice())),
        fact("Đơn vị trực thuộc", named(&found.view.sub_units)),
        fact("Thay đổi", basis.collect()),
        fact("Công bố không qua duyệt", unreviewed.into_iter().collect()),
        fact("Người làm việc", vec![accounts]),
        fact(
            "Xem thêm",
            vec![
                Link::to(links::organisation(id), "trang công khai"),
                Link::to(links::audit(Some(("co-quan", id)), None), "nhật ký"),
            ],
        ),
    ];
    all.into_iter().flatten().collect()
}

fn typed_of(organisation: &Organisation) -> TypedDetails {
    let text = |id: Option<&str>| id.unwrap_or_default().to_owned();
    TypedDetails {
        kind: organisation.kind.code().to_owned(),
        parent: text(organisation.parent.as_ref().map(OrganisationId::as_str)),
        area: text(organisation.area.as_ref().map(crate::domain::id::AreaId::as_str)),
        website: text(organisation.website.as_deref()),
        publishes_unreviewed: organisation.publishes_unreviewed,
    }
}

async fn page(
    state: &AppState,
    staff: Staff,
    id: &OrganisationId,
    typed: Option<TypedDetails>,
) -> Result<OrganisationPage, Problem> {
    let found = managed::show(&state.context, &staff.signed_in.actor, id).await?;
    let organisation = &found.view.line.organisation;
    let in_being = organisation.ended_on.is_none();
    let change = |kind: &OrganisationEventKind| Link::to(links::organisation_change(id, *kind), kind.label());
    let changes = OrganisationEventKind::ALL.iter().map(change).filter(|_| in_being);
    Ok(OrganisationPage {
        refusal: Refusal::default(),
        refused: None,
        notice: None,
        url: links::managed_organisation(id.as_str()),
        name: organisation.latest_name().to_owned(),
        facts: facts(&found),
        names: organisation.names.iter().rev().map(name_line).collect(),
        changes: changes.collect(),
        form: in_being.then(|| details_view(state, &typed.unwrap_or_else(|| typed_of(organisation)))),
        grounds: grounds::of_organisation(&state.context, id).iter().map(GroundView::of).collect(),
        entries: entries(state, &staff, id.as_str()).await?,
        frame: Frame::new(organisation.latest_name()).for_reader(staff.reader),
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
        Ok(()) => Ok(go(&links::done(&links::managed_organisation(id.as_str()), "sua"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let page = OrganisationPage { refusal, ..page(&state, staff, &id, Some(typed)).await? };
            page.refusal.answer(&page)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use super::{sample_choices, sample_refusal};
    let details = || DetailsView {
        kinds: sample_choices(),
        parents: sample_choices(),
        areas: sample_choices(),
        website: "<thử>".to_owned(),
        publishes_unreviewed: true,
    };
    let line = Line { url: "/".to_owned(), name: "<thử>".to_owned(), notes: vec!["<thử>".to_owned()] };
    let list = |lines| ListPage { frame: Frame::new("Cơ quan"), notice: None, text: "<thử>".to_owned(), lines };
    let new = NewPage {
        frame: Frame::new("Thêm"),
        refusal: sample_refusal(),
        new: NewOrganisation { name: "<thử>".to_owned(), ..NewOrganisation::default() },
        form: details(),
    };
    let page = |in_being: bool| OrganisationPage {
        frame: Frame::new("Sở"),
        refusal: Refusal::default(),
        refused: Some("không hủy được"),
        notice: Some("xong"),
        url: "/".to_owned(),
        name: "<thử>".to_owned(),
        facts: fact("Loại", vec![Link::bare("<thử>")]).into_iter().collect(),
        names: vec!["<thử>".to_owned()],
        changes: if in_being { vec![Link::to("/".to_owned(), "Tách")] } else { Vec::new() },
        form: in_being.then(details),
        grounds: super::grounds::sample(),
        entries: vec![Entry { url: "/".to_owned(), words: "<thử>".to_owned() }],
    };
    let mut all = rendered(&[list(vec![line]), list(Vec::new())]);
    all.extend(rendered(&[new]));
    all.extend(rendered(&[page(true), page(false)]));
    all
}
