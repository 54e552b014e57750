//! Signing in, in one step or two, and signing out.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, Refusal, done, go, html};
use crate::actions::accounts::external::is_offered;
use crate::actions::accounts::sessions;
use crate::actions::accounts::sign_in::{SignIn, second_step, sign_in};
use crate::domain::account::session::Stage;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::session::{From, Reader, with_cookie, without_cookie};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "accounts/sign_in.html", config = "src/web/askama.toml")]
struct SignInPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    login: String,
    back: String,
    /// Where to sign in at another's identity provider, if there is one.
    external: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/second_step.html", config = "src/web/askama.toml")]
struct SecondStepPage {
    frame: Frame,
    refusal: Refusal,
    back: String,
}

/// Where to go after signing in.
pub(super) fn back(text: &str) -> &str {
    let page = links::local(text).filter(|path| !path.starts_with("/dang-"));
    page.unwrap_or(links::STAFF)
}

fn sign_in_page(state: &AppState, reader: Reader, refusal: Refusal, (login, to): (&str, &str)) -> SignInPage {
    let external = is_offered(&state.context).then(|| links::identity_start(back(to)));
    page(external, reader, refusal, (login, to))
}

fn page(external: Option<String>, reader: Reader, refusal: Refusal, (login, to): (&str, &str)) -> SignInPage {
    SignInPage {
        external,
        frame: Frame::new("Đăng nhập").for_reader(reader),
        refusal,
        notice: None,
        login: login.to_owned(),
        back: back(to).to_owned(),
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, reader: Reader) -> Answer {
    let to = parameters.first("ve").unwrap_or_default().to_owned();
    if reader.signed_in.is_some() {
        return Ok(go(back(&to)));
    }
    let mut page = sign_in_page(&state, reader, Refusal::default(), ("", &to));
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn enter(
    State(state): State<AppState>,
    reader: Reader,
    From(origin): From,
    form: Form,
) -> Answer {
    let (login, to) = (form.value("ten"), form.value("ve"));
    match sign_in(&state.context, login, form.value("mat-khau").to_owned(), origin).await {
        Ok(entered) => Ok(enter_with(&state, &entered, to)),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&sign_in_page(&state, reader, refusal, (login, to)))
        }
    }
}

/// Goes on with a sign-in that went well.
pub(super) fn enter_with(state: &AppState, entered: &SignIn, to: &str) -> Response {
    let next = match entered.stage {
        Stage::Complete => back(to).to_owned(),
        Stage::SecondStep => links::second_step(back(to)),
    };
    with_cookie(state, &entered.cookie, go(&next))
}

/// Shows the page for signing in with what went wrong elsewhere.
pub(super) fn refuse(state: &AppState, reader: Reader, problem: Problem, to: &str) -> Answer {
    let refusal = Refusal(Some(problem));
    refusal.clone().answer(&sign_in_page(state, reader, refusal, ("", to)))
}

fn second_step_page(reader: Reader, refusal: Refusal, to: &str) -> SecondStepPage {
    SecondStepPage { frame: Frame::new("Bước hai").for_reader(reader), refusal, back: back(to).to_owned() }
}

pub(in crate::web) async fn show_second(
    State(state): State<AppState>,
    parameters: Parameters,
    reader: Reader,
    From(origin): From,
) -> Answer {
    let to = parameters.first("ve").unwrap_or_default();
    let waits = match &origin.cookie {
        Some(cookie) => sessions::waits_for_second_step(&state.context, cookie).await?,
        None => false,
    };
    if !waits {
        return Ok(go(&links::sign_in(back(to))));
    }
    Ok(html(&second_step_page(reader, Refusal::default(), to))?.into_response())
}

pub(in crate::web) async fn enter_second(
    State(state): State<AppState>,
    reader: Reader,
    From(origin): From,
    form: Form,
) -> Answer {
    let to = form.value("ve");
    match second_step(&state.context, form.value("ma"), origin).await {
        Ok(cookie) => Ok(with_cookie(&state, &cookie, go(back(to)))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&second_step_page(reader, refusal, to))
        }
    }
}

pub(in crate::web) async fn leave(State(state): State<AppState>, From(origin): From) -> Answer {
    if let Some(cookie) = &origin.cookie {
        sessions::sign_out(&state.context, cookie).await?;
    }
    // Rolls that a phone keeps for attendance name learners: they leave it together with who may see them.
    let clear = [(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"storage\""))];
    Ok(without_cookie(&state, (clear, go(&links::done("/dang-nhap", "dang-xuat")))))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let refusal = || Refusal(Some(Problem::of("sign-in-failed")));
    let mut all = rendered(&[
        page(None, Reader::default(), Refusal::default(), ("", "/")),
        page(Some("/x".to_owned()), Reader::default(), refusal(), ("<thử>", "//evil")),
    ]);
    all.extend(rendered(&[second_step_page(Reader::default(), refusal(), "/")]));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_back_to_a_page_of_this_service_and_never_out_again() {
        assert_eq!(back("/quan-ly/tai-khoan?ten=a"), "/quan-ly/tai-khoan?ten=a");
        for elsewhere in ["//evil.example", "https://evil.example/", "/\\evil.example", "/dang-xuat", "/dang-nhap", ""]
        {
            assert_eq!(back(elsewhere), links::STAFF, "{elsewhere}");
        }
    }
}
