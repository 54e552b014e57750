//! One-time codes: choosing a password, and making the first administrator.

#[cfg(test)]
use super::rendered;
use super::sign_in::enter_with;
use super::{Answer, Frame, Refusal, go, html};
use crate::actions::accounts::links as codes;
use crate::actions::accounts::sign_in::enter;
use crate::domain::account::link::typed_code;
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::links;
use crate::web::session::{From, Reader};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "accounts/code.html", config = "src/web/askama.toml")]
struct CodePage {
    frame: Frame,
    refusal: Refusal,
}

#[derive(Template)]
#[template(path = "accounts/password.html", config = "src/web/askama.toml")]
struct PasswordPage {
    frame: Frame,
    refusal: Refusal,
    action: String,
    name: String,
    login: String,
}

#[derive(Template)]
#[template(path = "accounts/first.html", config = "src/web/askama.toml")]
struct FirstPage {
    frame: Frame,
    refusal: Refusal,
    code: String,
    login: String,
    name: String,
}

fn code_page(reader: Reader, refusal: Refusal) -> CodePage {
    CodePage { frame: Frame::new("Nhập mã dùng một lần").for_reader(reader), refusal }
}

pub(in crate::web) async fn ask(reader: Reader) -> Answer {
    Ok(html(&code_page(reader, Refusal::default()))?.into_response())
}

/// Leads from the typed code to its own page.
pub(in crate::web) async fn typed(reader: Reader, form: Form) -> Answer {
    if let Some(code) = typed_code(form.value("ma")) {
        return Ok(go(&links::one_time_code(&code)));
    }
    let refusal = Refusal::of(Problem::of("link-invalid"))?;
    refusal.clone().answer(&code_page(reader, refusal))
}

/// Shows whose password may be chosen; looking uses nothing up, so that a preview of the link does no harm.
pub(in crate::web) async fn open(
    State(state): State<AppState>,
    Path(code): Path<String>,
    reader: Reader,
    From(origin): From,
) -> Answer {
    form(&state, &code, reader, origin.address, Refusal::default()).await
}

async fn form(state: &AppState, code: &str, reader: Reader, address: std::net::IpAddr, refusal: Refusal) -> Answer {
    let account = match codes::open(&state.context, code, address).await {
        Ok(account) => account,
        Err(error) => {
            let refusal = Refusal::of(error)?;
            return refusal.clone().answer(&code_page(reader, refusal));
        }
    };
    let page = PasswordPage {
        frame: Frame::new("Đặt mật khẩu").for_reader(reader),
        refusal: refusal.clone(),
        action: links::one_time_code(&typed_code(code).unwrap_or_default()),
        name: account.name,
        login: account.login.map(|login| login.to_string()).unwrap_or_default(),
    };
    refusal.answer(&page)
}

pub(in crate::web) async fn redeem(
    State(state): State<AppState>,
    Path(code): Path<String>,
    reader: Reader,
    From(origin): From,
    typed: Form,
) -> Answer {
    let password = typed.value("mat-khau-moi").to_owned();
    match codes::redeem(&state.context, &code, password, origin.address).await {
        Ok(account) => Ok(enter_with(&state, &enter(&state.context, account, origin).await?, links::STAFF)),
        Err(error) => form(&state, &code, reader, origin.address, Refusal::of(error)?).await,
    }
}

fn first_page(reader: Reader, refusal: Refusal, form: Option<&Form>) -> FirstPage {
    let typed = |name: &str| form.map(|form| form.value(name).to_owned()).unwrap_or_default();
    FirstPage {
        frame: Frame::new("Quản trị viên đầu tiên").for_reader(reader),
        refusal,
        code: typed("ma"),
        login: typed("ten"),
        name: typed("ho-ten"),
    }
}

pub(in crate::web) async fn ask_first(State(state): State<AppState>, reader: Reader) -> Answer {
    if !codes::is_first_missing(&state.context).await? {
        return Ok(go(&links::sign_in(links::PROFILE)));
    }
    Ok(html(&first_page(reader, Refusal::default(), None))?.into_response())
}

pub(in crate::web) async fn make_first(
    State(state): State<AppState>,
    reader: Reader,
    From(origin): From,
    form: Form,
) -> Answer {
    let first = codes::First {
        code: form.value("ma").to_owned(),
        login: form.value("ten").to_owned(),
        name: form.value("ho-ten").to_owned(),
        password: form.value("mat-khau-moi").to_owned(),
    };
    match codes::make_first(&state.context, first, origin.address).await {
        Ok(account) => Ok(enter_with(&state, &enter(&state.context, account, origin).await?, links::STAFF)),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&first_page(reader, refusal, Some(&form)))
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let refusal = || Refusal(Some(Problem::of("link-invalid")));
    let password = PasswordPage {
        frame: Frame::new("Đặt mật khẩu"),
        refusal: refusal(),
        action: "/mo-tai-khoan/x".to_owned(),
        name: "<thử>".to_owned(),
        login: "lan".to_owned(),
    };
    let mut all = rendered(&[code_page(Reader::default(), refusal())]);
    all.extend(rendered(&[password]));
    all.extend(rendered(&[first_page(Reader::default(), refusal(), None)]));
    all
}
