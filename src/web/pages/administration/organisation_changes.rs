//! What happens to an organisation: entered on a form, shown before it is done, then done.

use super::plan::{PlanPage, lines, people};
#[cfg(test)]
use super::rendered;
use super::{Answer, Choice, Frame, Refusal, choices, go};
use crate::actions::ActionError;
use crate::actions::administration::organisations::{self as managed, TypedChange, TypedHeir};
use crate::actions::administration::{Agreement, Plan};
use crate::domain::id::{AccountId, OrganisationId};
use crate::domain::organisation::OrganisationEventKind;
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::links;
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};

/// How many other bodies one form takes.
const OTHERS: usize = 5;
/// How many heirs a split has on one form.
const HEIRS: usize = 4;
/// What the name of a field begins with that says where one person goes.
const PLACE: &str = "noi-";

#[derive(Template)]
#[template(path = "administration/organisation_change.html", config = "src/web/askama.toml")]
struct ChangePage {
    frame: Frame,
    refusal: Refusal,
    title: String,
    about: &'static str,
    back: String,
    name: String,
    url: String,
    kind: OrganisationEventKind,
    others: Vec<Vec<Choice>>,
    heirs: Vec<HeirView>,
    functions: String,
    date: String,
    legal_basis: String,
}

struct HeirView {
    bodies: Vec<Choice>,
    name: String,
    short_name: String,
}

const fn about(kind: OrganisationEventKind) -> &'static str {
    match kind {
        OrganisationEventKind::Rename => {
            "Cơ quan vẫn là một, chỉ mang tên khác từ ngày ghi dưới đây. Tên cũ được giữ và vẫn tìm được."
        }
        OrganisationEventKind::Merge => {
            "Các cơ quan được hợp nhất kết thúc; một cơ quan kế tục. Tài khoản, đơn vị trực thuộc chuyển sang cơ quan kế tục."
        }
        OrganisationEventKind::Split => {
            "Cơ quan này kết thúc; nhiều cơ quan kế tục. Nếu cơ quan này vẫn hoạt động, hãy dùng “Chuyển chức năng”."
        }
        OrganisationEventKind::TransferFunction => {
            "Cả hai cơ quan vẫn hoạt động; chỉ một phần việc chuyển đi. Tài khoản không chuyển theo."
        }
        OrganisationEventKind::Abolish => {
            "Cơ quan kết thúc, không có cơ quan kế tục. Vai trò tại cơ quan hết theo; học liệu đã công bố vẫn còn."
        }
    }
}

fn kind(code: &str) -> Result<OrganisationEventKind, Problem> {
    let found = OrganisationEventKind::ALL.iter().copied().find(|kind| links::change_code(*kind) == code);
    found.ok_or_else(|| Problem::of("page-missing"))
}

fn typed(of: OrganisationId, kind: OrganisationEventKind, form: Option<&Form>) -> TypedChange {
    let value = |name: &str| form.map(|form| form.value(name).to_owned()).unwrap_or_default();
    let values = |name: &'static str| -> Vec<String> {
        form.map(|form| form.values(name).map(str::to_owned).collect()).unwrap_or_default()
    };
    let (ids, names, shorts) = (values("ke-tuc"), values("ten-moi"), values("ten-tat-moi"));
    let text = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
    let heir = |at| TypedHeir { id: text(&ids, at), name: text(&names, at), short_name: text(&shorts, at) };
    let n_heirs = ids.len().max(names.len()).min(HEIRS);
    TypedChange {
        kind,
        of,
        others: values("cung").into_iter().take(OTHERS).collect(),
        heirs: (0..n_heirs).map(heir).collect(),
        functions: value("chuc-nang"),
        date: value("ngay"),
        legal_basis: value("can-cu"),
    }
}

/// The fields of a change, to be sent along with agreement.
fn fields(typed: &TypedChange) -> Vec<(&'static str, String)> {
    let mut fields: Vec<_> = typed.others.iter().map(|id| ("cung", id.clone())).collect();
    for heir in &typed.heirs {
        fields.push(("ke-tuc", heir.id.clone()));
        fields.push(("ten-moi", heir.name.clone()));
        fields.push(("ten-tat-moi", heir.short_name.clone()));
    }
    fields.push(("chuc-nang", typed.functions.clone()));
    fields.push(("ngay", typed.date.clone()));
    fields.push(("can-cu", typed.legal_basis.clone()));
    fields
}

async fn form_page(state: &AppState, staff: Staff, typed: &TypedChange, refusal: Refusal) -> Answer {
    let found = managed::show(&state.context, &staff.signed_in.actor, &typed.of).await?;
    let name = found.view.line.organisation.latest_name().to_owned();
    let mut bodies = managed::choices(&state.context);
    if typed.kind != OrganisationEventKind::Merge {
        bodies.retain(|(id, _)| *id != typed.of);
    }
    let others = |at: usize| {
        let others = bodies.iter().filter(|(id, _)| *id != typed.of).cloned().collect();
        choices(others, typed.others.get(at).map_or("", String::as_str))
    };
    let heir = |at: usize| {
        let typed = typed.heirs.get(at).cloned().unwrap_or_default();
        HeirView { bodies: choices(bodies.clone(), &typed.id), name: typed.name, short_name: typed.short_name }
    };
    let (n_others, n_heirs) = match typed.kind {
        OrganisationEventKind::Rename | OrganisationEventKind::TransferFunction => (0, 1),
        OrganisationEventKind::Merge => (OTHERS, 1),
        OrganisationEventKind::Split => (0, HEIRS),
        OrganisationEventKind::Abolish => (0, 0),
    };
    let title = format!("{}: {name}", typed.kind.label());
    let page = ChangePage {
        frame: Frame::new(&title).for_reader(staff.reader),
        title,
        about: about(typed.kind),
        back: links::managed_organisation(typed.of.as_str()),
        name,
        url: links::organisation_change(&typed.of, typed.kind),
        kind: typed.kind,
        others: (0..n_others).map(others).collect(),
        heirs: (0..n_heirs).map(heir).collect(),
        functions: typed.functions.clone(),
        date: typed.date.clone(),
        legal_basis: typed.legal_basis.clone(),
        refusal: refusal.clone(),
    };
    refusal.answer(&page)
}

fn plan_page(state: &AppState, staff: Staff, typed: &TypedChange, (plan, refusal): (&Plan, Refusal)) -> Answer {
    let catalogue = state.context.catalogue();
    let name = catalogue.organisation(&typed.of).map_or("", |organisation| organisation.latest_name());
    let title = format!("Xem trước: {}, {name}", typed.kind.label());
    let page = PlanPage {
        frame: Frame::new(&title).for_reader(staff.reader),
        title,
        url: links::organisation_change(&typed.of, typed.kind),
        ground: format!("Từ {}, căn cứ {}.", day(&typed.date), typed.legal_basis),
        lines: lines(plan, &catalogue),
        people: people(plan, &catalogue),
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
    let typed = typed(super::organisations::parse(&id)?, kind(&code)?, None);
    form_page(&state, staff, &typed, Refusal::default()).await
}

/// A day as people write it; what is none stays as it was typed.
fn day(typed: &str) -> String {
    typed.parse().map_or_else(|_| typed.to_owned(), crate::web::pages::view::date)
}

/// The body that one sees after a change: the one that begins with it, where there is one.
fn after(plan: &Plan, of: &OrganisationId) -> OrganisationId {
    let begun = plan.changes.organisations.iter().find(|row| row.before.is_none());
    begun.map_or_else(|| of.clone(), |row| row.after.id.clone())
}

/// Where each person of an ended body goes, as chosen beside the plan.
fn chosen(form: &Form, plan: &Plan) -> std::collections::BTreeMap<AccountId, OrganisationId> {
    let place = |account: AccountId| {
        let id = OrganisationId::parse(form.value(&format!("{PLACE}{account}"))).ok()?;
        Some((account, id))
    };
    plan.people.iter().filter_map(|person| place(person.account)).collect()
}

pub(in crate::web) async fn enter(
    State(state): State<AppState>,
    Path((id, code)): Path<(String, String)>,
    staff: Staff,
    form: Form,
) -> Answer {
    let typed = typed(super::organisations::parse(&id)?, kind(&code)?, Some(&form));
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
    let agreement = Agreement { mark: Some(mark.to_owned()), chosen: chosen(&form, &plan) };
    match managed::change(&state.context, &staff.signed_in.actor, &typed, agreement).await {
        Ok(()) => Ok(go(&links::done(&links::managed_organisation(after(&plan, &typed.of).as_str()), &code))),
        Err(error @ ActionError::Invalid { code: "plan-changed", .. }) => {
            plan_page(&state, staff, &typed, (&plan, Refusal::of(error)?))
        }
        Err(error) => form_page(&state, staff, &typed, Refusal::of(error)?).await,
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use super::{sample_choices, sample_refusal};
    let heir = || HeirView { bodies: sample_choices(), name: "<thử>".to_owned(), short_name: String::new() };
    let page = |kind: &OrganisationEventKind| ChangePage {
        frame: Frame::new("Thay đổi"),
        refusal: sample_refusal(),
        title: "<thử>".to_owned(),
        about: about(*kind),
        back: "/".to_owned(),
        name: "<thử>".to_owned(),
        url: "/".to_owned(),
        kind: *kind,
        others: vec![sample_choices()],
        heirs: vec![heir(), heir()],
        functions: "<thử>".to_owned(),
        date: "2026-11-24".to_owned(),
        legal_basis: "<thử>".to_owned(),
    };
    rendered(&OrganisationEventKind::ALL.iter().map(page).collect::<Vec<_>>())
}
