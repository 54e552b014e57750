//! What happens to an area: entered on a form, shown before it is done, then done.

use super::plan::{PlanPage, lines};
#[cfg(test)]
use super::rendered;
use super::{Answer, Choice, Frame, Refusal, choices, go};
use crate::actions::ActionError;
use crate::actions::administration::Plan;
use crate::actions::administration::areas::{self as managed, AreaChange, TypedChange};
use crate::domain::id::AreaId;
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::links;
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};

/// How many other areas one form takes.
const OTHERS: usize = 6;

#[derive(Template)]
#[template(path = "administration/area_change.html", config = "src/web/askama.toml")]
struct ChangePage {
    frame: Frame,
    refusal: Refusal,
    title: String,
    back: String,
    name: String,
    url: String,
    merges: bool,
    others: Vec<Vec<Choice>>,
    heirs: Vec<Choice>,
    full_name: String,
    date: String,
    legal_basis: String,
}

pub(super) const fn label(kind: AreaChange) -> &'static str {
    match kind {
        AreaChange::Rename => "Đổi tên",
        AreaChange::Merge => "Sáp nhập",
    }
}

fn kind(code: &str) -> Result<AreaChange, Problem> {
    let all = [AreaChange::Rename, AreaChange::Merge];
    all.into_iter().find(|kind| links::area_change_code(*kind) == code).ok_or_else(|| Problem::of("page-missing"))
}

fn typed(of: AreaId, kind: AreaChange, form: Option<&Form>) -> TypedChange {
    let value = |name: &str| form.map(|form| form.value(name).to_owned()).unwrap_or_default();
    let others = form.map(|form| form.values("cung").take(OTHERS).map(str::to_owned).collect());
    TypedChange {
        kind,
        of,
        others: others.unwrap_or_default(),
        heir: value("ke-tuc"),
        full_name: value("ten-moi"),
        date: value("ngay"),
        legal_basis: value("can-cu"),
    }
}

fn fields(typed: &TypedChange) -> Vec<(&'static str, String)> {
    let others = typed.others.iter().map(|id| ("cung", id.clone()));
    let rest = [
        ("ke-tuc", typed.heir.clone()),
        ("ten-moi", typed.full_name.clone()),
        ("ngay", typed.date.clone()),
        ("can-cu", typed.legal_basis.clone()),
    ];
    others.chain(rest).collect()
}

async fn form_page(state: &AppState, staff: Staff, typed: &TypedChange, refusal: Refusal) -> Answer {
    let view = managed::show(&state.context, &staff.signed_in.actor, &typed.of).await?;
    let area = &view.line.area;
    let beside = managed::choices(&state.context, Some(area.level));
    let others: Vec<_> = beside.iter().filter(|(id, _)| *id != area.id).cloned().collect();
    let merges = typed.kind == AreaChange::Merge;
    let other = |at: usize| choices(others.clone(), typed.others.get(at).map_or("", String::as_str));
    let title = format!("{}: {}", label(typed.kind), area.full_name);
    let page = ChangePage {
        frame: Frame::new(&title).for_reader(staff.reader),
        title,
        back: links::managed_area(area.id.as_str()),
        name: area.full_name.clone(),
        url: links::area_change(&area.id, typed.kind),
        merges,
        others: (0..if merges { OTHERS } else { 0 }).map(other).collect(),
        heirs: choices(beside, &typed.heir),
        full_name: typed.full_name.clone(),
        date: typed.date.clone(),
        legal_basis: typed.legal_basis.clone(),
        refusal: refusal.clone(),
    };
    refusal.answer(&page)
}

fn plan_page(state: &AppState, staff: Staff, typed: &TypedChange, (plan, refusal): (&Plan, Refusal)) -> Answer {
    let catalogue = state.context.catalogue();
    let name = catalogue.area(&typed.of).map_or("", |area| area.full_name.as_str());
    let title = format!("Xem trước: {}, {name}", label(typed.kind));
    let page = PlanPage {
        frame: Frame::new(&title).for_reader(staff.reader),
        title,
        url: links::area_change(&typed.of, typed.kind),
        ground: format!("Từ {}, căn cứ {}.", typed.date, typed.legal_basis),
        lines: lines(plan, &catalogue),
        people: Vec::new(),
        fields: fields(typed),
        mark: plan.mark.clone(),
        refusal: refusal.clone(),
    };
    refusal.answer(&page)
}

pub(in crate::web) async fn ask(
    State(state): State<AppState>,
    Path((id, code)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let typed = typed(super::areas::parse(&id)?, kind(&code)?, None);
    form_page(&state, staff, &typed, Refusal::default()).await
}

pub(in crate::web) async fn enter(
    State(state): State<AppState>,
    Path((id, code)): Path<(String, String)>,
    staff: Staff,
    form: Form,
) -> Answer {
    let typed = typed(super::areas::parse(&id)?, kind(&code)?, Some(&form));
    if !form.value("sua").is_empty() {
        return form_page(&state, staff, &typed, Refusal::default()).await;
    }
    let plan = match managed::preview_change(&state.context, &staff.signed_in.actor, &typed).await {
        Ok(plan) => plan,
        Err(error) => return form_page(&state, staff, &typed, Refusal::of(error)?).await,
    };
    let mark = form.value("xac-nhan");
    if mark.is_empty() {
        return plan_page(&state, staff, &typed, (&plan, Refusal::default()));
    }
    match managed::change(&state.context, &staff.signed_in.actor, &typed, mark).await {
        Ok(()) => Ok(go(&links::done(&links::managed_area(typed.of.as_str()), &code))),
        Err(error @ ActionError::Invalid { code: "plan-changed", .. }) => {
            plan_page(&state, staff, &typed, (&plan, Refusal::of(error)?))
        }
        Err(error) => form_page(&state, staff, &typed, Refusal::of(error)?).await,
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use super::{sample_choices, sample_refusal};
    let page = |merges| ChangePage {
        frame: Frame::new("Thay đổi"),
        refusal: sample_refusal(),
        title: "<thử>".to_owned(),
        back: "/".to_owned(),
        name: "<thử>".to_owned(),
        url: "/".to_owned(),
        merges,
        others: vec![sample_choices()],
        heirs: sample_choices(),
        full_name: "<thử>".to_owned(),
        date: String::new(),
        legal_basis: "<thử>".to_owned(),
    };
    rendered(&[page(true), page(false)])
}
