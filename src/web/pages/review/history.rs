//! The versions of a material: each as readers would see it, two side by side, and which old ones stay readable.

use super::decide::{Changes, DecideView};
#[cfg(test)]
use super::rendered;
use super::{Frame, done, edit, html, moment};
#[cfg(test)]
use crate::actions::review::Difference;
use crate::actions::review::alike;
use crate::actions::review::history;
#[cfg(test)]
use crate::actions::review::history::SideBySide;
use crate::actions::review::{VersionLine, desk};
use crate::actions::versions::Which;
use crate::actions::{ActionError, audit};
use crate::domain::actor::Actor;
use crate::domain::id::MaterialId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::go;
use crate::web::pages::materials::{version_number, version_page};
use crate::web::session::{Answer, Staff};
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "review/versions.html", config = "src/web/askama.toml")]
struct VersionsPage {
    frame: Frame,
    notice: Option<&'static str>,
    back: String,
    title: String,
    versions: Vec<VersionView>,
    may_mark: bool,
    /// Where it is told who changed what, from what to what.
    trail: Option<String>,
}

struct VersionView {
    number: u32,
    url: String,
    lead: String,
    public: bool,
    old: bool,
    readable: bool,
    compare: Option<String>,
}

#[derive(Template)]
#[template(path = "review/compare.html", config = "src/web/askama.toml")]
struct ComparePage {
    frame: Frame,
    back: String,
    title: String,
    decide: Option<DecideView>,
    changes: Changes,
}

/// A version as readers would see it.
pub(in crate::web) async fn preview(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    parameters: Parameters,
    base: Base,
    staff: Staff,
) -> Answer {
    let (id, number) = (edit::parse(&id)?, version_number(&number)?);
    let actor = &staff.signed_in.actor;
    let mut page = version_page(&state, &base, (id, Which::staff(actor, number)), &parameters).await?;
    page.decide = decision(&state, actor, id, number).await?;
    page.frame = page.frame.for_reader(staff.reader);
    Ok(html(&page)?.into_response())
}

/// The decisions about a version that the reader may take.
async fn decision(
    state: &AppState,
    actor: &Actor,
    id: MaterialId,
    number: u32,
) -> Result<Option<DecideView>, ActionError> {
    let desk = desk(&state.context, actor, id).await?;
    Ok(DecideView::of(&desk).filter(|_| desk.version.number == number))
}

pub(in crate::web) async fn versions(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let id = edit::parse(&id)?;
    let desk = desk(&state.context, &staff.signed_in.actor, id).await?;
    let line = |line: &VersionLine| VersionView {
        number: line.number,
        url: links::staff_preview(id, line.number, 1),
        lead: match line.who.as_str() {
            "" => format!("tạo lúc {}", moment(line.created_at)),
            who => format!("{who} tạo lúc {}", moment(line.created_at)),
        },
        public: line.public,
        old: line.old,
        readable: line.stays_readable,
        compare: (line.number > 1).then(|| links::staff_comparison(id, line.number - 1, line.number)),
    };
    let actor = &staff.signed_in.actor;
    let may_read = audit::may_read_of_material(&state.context, actor, &desk.material.organisation);
    let page = VersionsPage {
        trail: may_read.then(|| links::audit(Some(("hoc-lieu", &id.to_string())), None)),
        notice: done(parameters.first("da")),
        back: links::staff_material(id),
        title: desk.name.clone(),
        versions: desk.versions.iter().map(line).collect(),
        may_mark: desk.may_keep_readable,
        frame: Frame::new("Các phiên bản").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

/// Lets readers see an old version, or no longer.
pub(in crate::web) async fn keep_readable(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = edit::parse(&id)?;
    let wanted = (version_number(&number)?, form.value("cho-doc") == "1");
    history::keep_readable(&state.context, &staff.signed_in.actor, id, wanted).await?;
    Ok(go(&links::done(&links::staff_versions(id), "doc-ban-cu")))
}

pub(in crate::web) async fn compare(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let id = edit::parse(&id)?;
    let number = |name: &str| parameters.first(name).and_then(|text| text.parse().ok());
    let pair = number("truoc").zip(number("sau")).ok_or_else(|| Problem::of("value-invalid"))?;
    let compared = history::compare(&state.context, &staff.signed_in.actor, id, pair).await?;
    let page = ComparePage {
        back: links::staff_material(id),
        title: compared.title.clone(),
        decide: decision(&state, &staff.signed_in.actor, id, compared.after).await?,
        changes: Changes::of(compared),
        frame: Frame::new("So sánh phiên bản").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

/// A material beside another that says nearly the same.
pub(in crate::web) async fn beside(
    State(state): State<AppState>,
    Path((id, other)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let (id, other) = (edit::parse(&id)?, edit::parse(&other)?);
    let (name, compared) = alike::beside(&state.context, &staff.signed_in.actor, id, other).await?;
    let page = ComparePage {
        back: links::staff_material(id),
        changes: Changes { sides: (name, compared.title.clone()), fields: None, text: compared.text },
        title: compared.title,
        decide: None,
        frame: Frame::new("Học liệu gần giống nhau").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let version = |old: bool| VersionView {
        number: 2,
        url: "/".to_owned(),
        lead: "<thử>".to_owned(),
        public: !old,
        old,
        readable: old,
        compare: Some("/".to_owned()),
    };
    let versions = VersionsPage {
        frame: Frame::new("Các phiên bản"),
        notice: None,
        back: "/".to_owned(),
        title: "<thử>".to_owned(),
        versions: vec![version(false), version(true)],
        may_mark: true,
        trail: Some("/".to_owned()),
    };
    let compare = |text, fields| ComparePage {
        frame: Frame::new("So sánh"),
        back: "/".to_owned(),
        title: "<thử>".to_owned(),
        decide: Some(super::decide::sample()),
        changes: Changes { sides: ("Bản 1".to_owned(), "Bản 2".to_owned()), fields, text },
    };
    let difference =
        Difference { field: "title", label: "Tiêu đề", before: "<thử>".to_owned(), after: String::new() };
    let mut all = rendered(&[versions]);
    all.extend(rendered(&[
        compare(SideBySide::of("Chung\n<thử> một hai ba", "Chung\n<thử> một hai bốn\nmới"), Some(vec![difference])),
        compare(SideBySide::default(), Some(Vec::new())),
        compare(SideBySide::of("một", "hai"), None),
    ]));
    all
}
