//! One's own account: who one is, the password, the second step, sessions, tokens, one's data.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, Refusal, done, go, html};
use crate::actions::accounts::manage::{self, Person};
use crate::actions::accounts::second_factor::{self, Standing};
use crate::actions::accounts::{passwords, personal_data, sessions, tokens};
use crate::domain::account::Account;
use crate::domain::account::login::{Email, LoginName};
use crate::domain::account::session::Session;
use crate::domain::account::token::{ApiToken, DEFAULT_DAYS, MAX_DAYS, Scope};
use crate::domain::id::SessionId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::moment;
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "accounts/profile.html", config = "src/web/askama.toml")]
struct ProfilePage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    name: String,
    login: String,
    email: String,
    phone: String,
    grants: Vec<String>,
    second_factor: Standing,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    scopes: &'static [Scope],
    default_days: u32,
    max_days: u32,
}

struct SessionLine {
    id: String,
    device: String,
    since: String,
    seen: String,
    current: bool,
}

struct TokenLine {
    id: String,
    label: String,
    scopes: String,
    until: String,
    used: String,
}

fn session_line(session: &Session, current: SessionId) -> SessionLine {
    SessionLine {
        id: session.id.to_string(),
        device: session.device.clone(),
        since: moment(session.created_at),
        seen: moment(session.last_seen_at),
        current: session.id == current,
    }
}

fn token_line(token: &ApiToken) -> TokenLine {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.label()).collect();
    TokenLine {
        id: token.id.to_string(),
        label: token.label.clone(),
        scopes: scopes.join("; "),
        until: moment(token.expires_at),
        used: token.last_used_at.map_or_else(|| "chưa dùng".to_owned(), |at| format!("dùng gần nhất {}", moment(at))),
    }
}

/// An account's roles in words.
pub(super) fn grants(state: &AppState, account: &Account) -> Vec<String> {
    let (catalogue, today) = (state.context.catalogue(), state.context.today());
    let name = |grant: &crate::domain::account::Grant| {
        let organisation = catalogue.organisation(&grant.organisation);
        let name = organisation.map_or(grant.organisation.as_str(), |organisation| organisation.name_on(today));
        format!("{}, {name}", grant.role.label())
    };
    account.grants.iter().map(name).collect()
}

async fn page(state: &AppState, staff: Staff, refusal: Refusal) -> Result<ProfilePage, Problem> {
    let (actor, account) = (&staff.signed_in.actor, &staff.signed_in.account);
    let current = staff.signed_in.session.id;
    let open = sessions::list(&state.context, actor).await?;
    let valid = tokens::list(&state.context, actor).await?;
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    Ok(ProfilePage {
        refusal,
        notice: None,
        name: account.name.clone(),
        login: text(account.login.as_ref().map(LoginName::as_str)),
        email: text(account.email.as_ref().map(Email::as_str)),
        phone: text(account.phone.as_deref()),
        grants: grants(state, account),
        second_factor: second_factor::standing(&state.context, actor).await?,
        sessions: open.iter().map(|session| session_line(session, current)).collect(),
        tokens: valid.iter().map(token_line).collect(),
        scopes: Scope::ALL,
        default_days: DEFAULT_DAYS,
        max_days: MAX_DAYS,
        frame: Frame::new("Tài khoản của tôi").for_reader(staff.reader),
    })
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let mut page = page(&state, staff, Refusal::default()).await?;
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

/// Goes back to the account with what was done, or shows it with what is wrong.
pub(super) async fn settle(
    state: &AppState,
    staff: Staff,
    result: Result<(), impl Into<Problem>>,
    what: &str,
) -> Answer {
    match result {
        Ok(()) => Ok(go(&links::done(links::PROFILE, what))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(state, staff, refusal).await?)
        }
    }
}

pub(in crate::web) async fn update(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let typed = |name: &str| form.value(name).to_owned();
    let person = Person { name: typed("ho-ten"), email: typed("thu"), phone: typed("dien-thoai") };
    let result = manage::update(&state.context, &staff.signed_in.actor, staff.signed_in.account.id, person).await;
    settle(&state, staff, result, "thong-tin").await
}

pub(in crate::web) async fn change_password(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let (current, new) = (form.value("mat-khau").to_owned(), form.value("mat-khau-moi").to_owned());
    let session = staff.signed_in.session.id;
    let result = passwords::change(&state.context, &staff.signed_in.actor, session, current, new).await;
    settle(&state, staff, result, "mat-khau").await
}

pub(in crate::web) async fn end_session(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = SessionId::parse(&id).map_err(|_error| Problem::of("session-missing"))?;
    let result = sessions::end_one(&state.context, &staff.signed_in.actor, id).await;
    settle(&state, staff, result, "phien").await
}

pub(in crate::web) async fn end_other_sessions(State(state): State<AppState>, staff: Staff) -> Answer {
    let signed_in = &staff.signed_in;
    let result = sessions::end_others(&state.context, &signed_in.actor, signed_in.session.id).await;
    settle(&state, staff, result.map(drop), "phien").await
}

/// Everything that is kept of the person, as a file.
pub(in crate::web) async fn personal_data(State(state): State<AppState>, staff: Staff) -> Answer {
    let data = personal_data::export(&state.context, &staff.signed_in.actor, staff.signed_in.account.id).await?;
    Ok(as_file(&data)?)
}

/// A person's data as a file to keep.
pub(super) fn as_file(data: &personal_data::PersonalData) -> Result<Response, Problem> {
    let text = serde_json::to_string_pretty(data).map_err(|error| Problem::internal(&error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"du-lieu-ca-nhan.json\""),
    ];
    Ok((headers, text).into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |in_use| ProfilePage {
        frame: Frame::new("Tài khoản của tôi"),
        refusal: Refusal(Some(Problem::of("password-wrong"))),
        notice: done(Some("phien")),
        name: "<thử>".to_owned(),
        login: "lan".to_owned(),
        email: String::new(),
        phone: String::new(),
        grants: vec!["Người soạn, Sở <thử>".to_owned()],
        second_factor: Standing { in_use, recovery_left: 3 },
        sessions: vec![SessionLine {
            id: "1".to_owned(),
            device: "Chrome".to_owned(),
            since: String::new(),
            seen: String::new(),
            current: !in_use,
        }],
        tokens: vec![TokenLine {
            id: "1".to_owned(),
            label: "<thử>".to_owned(),
            scopes: String::new(),
            until: String::new(),
            used: String::new(),
        }],
        scopes: Scope::ALL,
        default_days: 90,
        max_days: 366,
    };
    rendered(&[page(true), page(false)])
}
