//! One account as its managers see it, and what they do with it.

#[cfg(test)]
use super::rendered;
use super::{Answer, Choice, Frame, Refusal, SecretPage, done, go, html, list, qr};
use crate::actions::ActionError;
use crate::actions::accounts::links::{Code, issue};
use crate::actions::accounts::manage::{self, AccountView, Hold, Person};
use crate::actions::accounts::{personal_data, roles, second_factor};
use crate::domain::account::Account;
use crate::domain::account::link::printed_code;
use crate::domain::account::login::{Email, LoginName};
use crate::domain::id::{AccountId, OrganisationId};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::moment;
use crate::web::session::{Reader, Staff};
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "accounts/account.html", config = "src/web/askama.toml")]
struct AccountPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    url: String,
    audit: String,
    name: String,
    login: String,
    email: String,
    phone: String,
    grants: Vec<GrantLine>,
    facts: Vec<String>,
    active: bool,
    has_second_factor: bool,
    hold: Hold,
    organisations: Vec<Choice>,
    roles: Vec<Choice>,
}

struct GrantLine {
    organisation: String,
    words: String,
    takeable: bool,
}

fn parse(id: &str) -> Result<AccountId, Problem> {
    AccountId::parse(id).map_err(|_error| Problem::of("account-missing"))
}

/// What is worth knowing of an account beside its roles.
fn facts(view: &AccountView) -> Vec<String> {
    let mut facts = vec![format!("Tạo lúc {}.", moment(view.account.created_at))];
    if !view.has_password {
        facts.push("Chủ tài khoản chưa đặt mật khẩu.".to_owned());
    }
    facts.extend(view.link_until.map(|until| format!("Có một mã dùng một lần chưa dùng, đến {}.", moment(until))));
    let second = if view.has_second_factor {
        "Đăng nhập hai bước đang bật."
    } else {
        "Chưa bật đăng nhập hai bước."
    };
    facts.push(second.to_owned());
    facts.extend(view.last_seen_at.map(|at| format!("Dùng gần nhất khoảng {}.", moment(at))));
    if view.n_tokens > 0 {
        facts.push(format!("Có {} mã truy cập cho chương trình.", view.n_tokens));
    }
    facts
}

async fn page(state: &AppState, staff: Staff, id: AccountId, refusal: Refusal) -> Result<AccountPage, Problem> {
    let view = manage::show(&state.context, &staff.signed_in.actor, id).await?;
    let (organisations, roles) = list::choices(state, &staff, "", "");
    let words = super::profile::grants(state, &view.account);
    let line = |((grant, takeable), words): (&(crate::domain::account::Grant, bool), String)| GrantLine {
        organisation: grant.organisation.to_string(),
        words,
        takeable: *takeable,
    };
    let account = &view.account;
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    Ok(AccountPage {
        refusal,
        notice: None,
        url: links::account(id),
        audit: links::audit(Some(("tai-khoan", &id.to_string())), None),
        name: account.name.clone(),
        login: text(account.login.as_ref().map(LoginName::as_str)),
        email: text(account.email.as_ref().map(Email::as_str)),
        phone: text(account.phone.as_deref()),
        grants: view.grants.iter().zip(words).map(line).collect(),
        facts: facts(&view),
        active: account.is_active(),
        has_second_factor: view.has_second_factor,
        hold: view.hold,
        organisations,
        roles,
        frame: Frame::new(&account.name).for_reader(staff.reader),
    })
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

/// Goes back to the account with what was done, or shows it with what is wrong.
async fn settle(state: &AppState, staff: Staff, id: AccountId, result: Result<(), ActionError>, what: &str) -> Answer {
    match result {
        Ok(()) => Ok(go(&links::done(&links::account(id), what))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(state, staff, id, refusal).await?)
        }
    }
}

pub(in crate::web) async fn update(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, typed) = (parse(&id)?, |name: &str| form.value(name).to_owned());
    let person = Person { name: typed("ho-ten"), email: typed("thu"), phone: typed("dien-thoai") };
    let result = manage::update(&state.context, &staff.signed_in.actor, id, person).await;
    settle(&state, staff, id, result, "thong-tin").await
}

pub(in crate::web) async fn give_role(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let result = match list::grant(&form) {
        Ok(grant) => roles::give(&state.context, &staff.signed_in.actor, id, grant).await,
        Err(error) => Err(error),
    };
    settle(&state, staff, id, result, "vai-tro").await
}

pub(in crate::web) async fn take_role(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let organisation =
        OrganisationId::parse(form.value("co-quan")).map_err(|_error| Problem::of("organisation-missing"))?;
    let result = roles::take(&state.context, &staff.signed_in.actor, id, organisation).await;
    settle(&state, staff, id, result, "vai-tro").await
}

pub(in crate::web) async fn set_state(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, active) = (parse(&id)?, form.value("hoat-dong") == "1");
    let result = manage::set_active(&state.context, &staff.signed_in.actor, id, active).await;
    settle(&state, staff, id, result, if active { "mo-khoa" } else { "khoa" }).await
}

pub(in crate::web) async fn take_second_factor(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
) -> Answer {
    let id = parse(&id)?;
    let result = second_factor::take_away(&state.context, &staff.signed_in.actor, id).await;
    settle(&state, staff, id, result, "tat-buoc-hai").await
}

pub(in crate::web) async fn erase(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    if form.value("dong-y").is_empty() {
        let reason = "Hãy đánh dấu ô xác nhận trước khi xóa.";
        let result = Err(ActionError::invalid("confirm", "erase-unconfirmed", reason));
        return settle(&state, staff, id, result, "").await;
    }
    match personal_data::erase(&state.context, &staff.signed_in.actor, id).await {
        Ok(()) => Ok(go(&links::done(links::ACCOUNTS, "xoa"))),
        Err(error) => settle(&state, staff, id, Err(error), "").await,
    }
}

pub(in crate::web) async fn personal_data_of(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
) -> Answer {
    let data = personal_data::export(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    Ok(super::profile::as_file(&data)?)
}

pub(in crate::web) async fn give_link(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    base: Base,
) -> Answer {
    let id = parse(&id)?;
    let view = manage::show(&state.context, &staff.signed_in.actor, id).await?;
    match issue(&state.context, &staff.signed_in.actor, id).await {
        Ok(code) => link_page(&base, staff.reader, &view.account, &code),
        Err(error) => settle(&state, staff, id, Err(error), "").await,
    }
}

/// The link on a page that can be printed and handed over.
pub(super) fn link_page(base: &Base, reader: Reader, account: &Account, code: &Code) -> Answer {
    let login = account.login.as_ref().map(|login| format!(" (tên đăng nhập: {login})")).unwrap_or_default();
    let address = base.absolute(&links::one_time_code(&code.code));
    let page = SecretPage {
        title: "Liên kết đặt mật khẩu",
        notes: vec![
            format!(
                "Dành cho {}{login}, dùng một lần, đến {}. Liên kết chỉ hiện lần này.",
                account.name,
                moment(code.expires_at)
            ),
            format!(
                "In trang này hoặc gửi liên kết cho chủ tài khoản. Không mở được liên kết thì vào trang Đăng nhập, chọn “nhập mã để đặt mật khẩu” và gõ mã {}.",
                printed_code(&code.code)
            ),
        ],
        qr: qr(&address),
        secrets: vec![address],
        back: links::account(account.id),
        ..SecretPage::default()
    };
    page.answer(reader)
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: false }];
    let page = |active| AccountPage {
        frame: Frame::new("Lan"),
        refusal: Refusal(Some(Problem::of("value-invalid"))),
        notice: None,
        url: "/quan-ly/tai-khoan/1".to_owned(),
        audit: "/quan-ly/nhat-ky".to_owned(),
        name: "<thử>".to_owned(),
        login: "lan".to_owned(),
        email: String::new(),
        phone: String::new(),
        grants: vec![GrantLine { organisation: "so".to_owned(), words: "<thử>".to_owned(), takeable: active }],
        facts: vec!["<thử>".to_owned()],
        active,
        has_second_factor: active,
        hold: if active { Hold::Whole } else { Hold::Own },
        organisations: choice(),
        roles: choice(),
    };
    rendered(&[page(true), page(false)])
}
