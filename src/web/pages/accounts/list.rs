//! The accounts that one looks after, and making a new one.

#[cfg(test)]
use super::rendered;
use super::{Answer, Choice, Frame, Refusal, done, html, manage};
use crate::actions::ActionError;
use crate::actions::accounts::manage::{self as accounts, NewAccount, PAGE, Wanted};
use crate::actions::accounts::roles;
use crate::domain::account::{Account, Grant};
use crate::domain::id::OrganisationId;
use crate::domain::permission::Role;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::session::Staff;
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "accounts/list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    notice: Option<&'static str>,
    text: String,
    organisations: Vec<Choice>,
    roles: Vec<Choice>,
    disabled: bool,
    total: usize,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

struct Line {
    url: String,
    name: String,
    login: String,
    grants: Vec<String>,
}

#[derive(Template)]
#[template(path = "accounts/new.html", config = "src/web/askama.toml")]
struct NewPage {
    frame: Frame,
    refusal: Refusal,
    login: String,
    name: String,
    email: String,
    phone: String,
    organisations: Vec<Choice>,
    roles: Vec<Choice>,
}

/// The organisations and roles that one may give, with those that are chosen.
pub(super) fn choices(state: &AppState, staff: &Staff, organisation: &str, role: &str) -> (Vec<Choice>, Vec<Choice>) {
    let may = roles::choices(&state.context, &staff.signed_in.actor);
    let organisation = |(id, name): (OrganisationId, String)| Choice {
        selected: id.as_str() == organisation,
        value: id.to_string(),
        label: name,
    };
    let role = |one: Role| Choice {
        selected: one.code() == role,
        value: one.code().to_owned(),
        label: one.label().to_owned(),
    };
    (may.organisations.into_iter().map(organisation).collect(), may.roles.into_iter().map(role).collect())
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let given = |name: &str| parameters.first(name).unwrap_or_default();
    let wanted = Wanted {
        text: given("ten").to_owned(),
        organisation: OrganisationId::parse(given("co-quan")).ok(),
        role: Role::from_code(given("vai-tro")),
        disabled: given("khoa") == "1",
        offset: given("tu").parse().unwrap_or(0),
    };
    let found = accounts::list(&state.context, &staff.signed_in.actor, wanted.clone()).await?;
    let (organisations, roles) = choices(&state, &staff, given("co-quan"), given("vai-tro"));
    let part = |offset: usize| {
        let offset = offset.to_string();
        let mut all: Vec<(&str, &str)> =
            ["ten", "co-quan", "vai-tro", "khoa"].map(|name| (name, given(name))).into_iter().collect();
        all.retain(|(_, value)| !value.is_empty());
        all.push(("tu", &offset));
        links::accounts(&all)
    };
    let page = ListPage {
        notice: done(parameters.first("da")),
        text: wanted.text,
        organisations,
        roles,
        disabled: wanted.disabled,
        total: found.total,
        lines: found.items.iter().map(|account| line(&state, account)).collect(),
        previous: (wanted.offset > 0).then(|| part(wanted.offset.saturating_sub(PAGE))),
        next: found.next.map(part),
        frame: Frame::new("Tài khoản").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

fn line(state: &AppState, account: &Account) -> Line {
    Line {
        url: links::account(account.id),
        name: account.name.clone(),
        login: account.login.as_ref().map(ToString::to_string).unwrap_or_default(),
        grants: super::profile::grants(state, account),
    }
}

fn new_page(state: &AppState, staff: Staff, refusal: Refusal, form: Option<&Form>) -> NewPage {
    let typed = |name: &str| form.map(|form| form.value(name).to_owned()).unwrap_or_default();
    let (organisations, roles) = choices(state, &staff, &typed("co-quan"), &typed("vai-tro"));
    NewPage {
        frame: Frame::new("Tạo tài khoản").for_reader(staff.reader),
        refusal,
        login: typed("ten"),
        name: typed("ho-ten"),
        email: typed("thu"),
        phone: typed("dien-thoai"),
        organisations,
        roles,
    }
}

pub(in crate::web) async fn ask(State(state): State<AppState>, staff: Staff) -> Answer {
    accounts::begin_create(&state.context, &staff.signed_in.actor)?;
    Ok(html(&new_page(&state, staff, Refusal::default(), None))?.into_response())
}

/// The role and the organisation that a form names.
pub(super) fn grant(form: &Form) -> Result<Grant, ActionError> {
    let organisation = OrganisationId::parse(form.value("co-quan"));
    let organisation = organisation
        .map_err(|_error| ActionError::invalid("organisation", "organisation-unknown", "Hãy chọn cơ quan."))?;
    let role = Role::from_code(form.value("vai-tro"));
    let role = role.ok_or_else(|| ActionError::invalid("role", "role-unknown", "Hãy chọn vai trò."))?;
    Ok(Grant { organisation, role })
}

async fn create(state: &AppState, staff: &Staff, form: &Form) -> Result<Made, ActionError> {
    let typed = |name: &str| form.value(name).to_owned();
    let new = NewAccount {
        login: typed("ten"),
        name: typed("ho-ten"),
        email: typed("thu"),
        phone: typed("dien-thoai"),
        grant: grant(form)?,
    };
    accounts::create(&state.context, &staff.signed_in.actor, new).await
}

type Made = (crate::domain::id::AccountId, crate::actions::accounts::links::Code);

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, base: Base, form: Form) -> Answer {
    match create(&state, &staff, &form).await {
        Ok((id, code)) => {
            let made = accounts::show(&state.context, &staff.signed_in.actor, id).await?;
            manage::link_page(&base, staff.reader, &made.account, &code)
        }
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&new_page(&state, staff, refusal, Some(&form)))
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use crate::web::error::Problem;
    let choice = || vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true }];
    let list = |lines| ListPage {
        frame: Frame::new("Tài khoản"),
        notice: None,
        text: "<thử>".to_owned(),
        organisations: choice(),
        roles: choice(),
        disabled: true,
        total: 1,
        lines,
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
    };
    let line = Line { url: "/".to_owned(), name: "<thử>".to_owned(), login: "lan".to_owned(), grants: Vec::new() };
    let new = NewPage {
        frame: Frame::new("Tạo tài khoản"),
        refusal: Refusal(Some(Problem::of("value-invalid"))),
        login: "<thử>".to_owned(),
        name: String::new(),
        email: String::new(),
        phone: String::new(),
        organisations: choice(),
        roles: choice(),
    };
    let mut all = rendered(&[list(vec![line]), list(Vec::new())]);
    all.extend(rendered(&[new]));
    all
}
