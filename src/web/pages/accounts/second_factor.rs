//! Switching the second step on and off, and codes for paper.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, Refusal, SecretPage, go, qr};
use crate::actions::ActionError;
use crate::actions::accounts::second_factor;
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::links;
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;

/// Before it is switched on: what the telephone is told.
#[derive(Template)]
#[template(path = "accounts/second_factor_on.html", config = "src/web/askama.toml")]
struct OnPage {
    frame: Frame,
    refusal: Refusal,
    secret: String,
    qr: Option<String>,
}

/// While it is on.
#[derive(Template)]
#[template(path = "accounts/second_factor_off.html", config = "src/web/askama.toml")]
struct OffPage {
    frame: Frame,
    refusal: Refusal,
    recovery_left: usize,
}

pub(in crate::web) async fn show(State(state): State<AppState>, staff: Staff) -> Answer {
    answer(&state, staff, Refusal::default()).await
}

async fn answer(state: &AppState, staff: Staff, refusal: Refusal) -> Answer {
    let actor = &staff.signed_in.actor;
    let standing = second_factor::standing(&state.context, actor).await?;
    let frame = Frame::new("Đăng nhập hai bước");
    if standing.in_use {
        let frame = frame.for_reader(staff.reader);
        let page = OffPage { frame, refusal: refusal.clone(), recovery_left: standing.recovery_left };
        return refusal.answer(&page);
    }
    let offer = second_factor::offer(&state.context, actor).await?;
    let page = OnPage {
        frame: frame.for_reader(staff.reader),
        refusal: refusal.clone(),
        qr: qr(&offer.address),
        secret: grouped(&offer.secret),
    };
    refusal.answer(&page)
}

/// In groups of four, for typing.
fn grouped(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn codes(state: &AppState, staff: Staff, result: Result<Vec<String>, ActionError>) -> Answer {
    match result {
        Ok(codes) => {
            let page = SecretPage {
                title: "Mã dự phòng",
                notes: vec![
                    "Đăng nhập hai bước đang bật. Hãy in hoặc chép các mã này ra giấy ngay: chúng chỉ hiện một lần."
                        .to_owned(),
                    "Khi không có điện thoại bên mình, mỗi mã dùng được một lần thay cho mã sáu chữ số.".to_owned(),
                ],
                secrets: codes,
                back: links::PROFILE.to_owned(),
                ..SecretPage::default()
            };
            page.answer(staff.reader)
        }
        Err(error) => answer(state, staff, Refusal::of(error)?).await,
    }
}

pub(in crate::web) async fn switch_on(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let result = second_factor::confirm(&state.context, &staff.signed_in.actor, form.value("ma")).await;
    codes(&state, staff, result).await
}

pub(in crate::web) async fn renew_codes(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let password = form.value("mat-khau").to_owned();
    let result = second_factor::renew_recovery(&state.context, &staff.signed_in.actor, password).await;
    codes(&state, staff, result).await
}

pub(in crate::web) async fn switch_off(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let password = form.value("mat-khau").to_owned();
    match second_factor::switch_off(&state.context, &staff.signed_in.actor, password, form.value("ma")).await {
        Ok(()) => Ok(go(&links::done(links::PROFILE, "tat-buoc-hai"))),
        Err(error) => answer(&state, staff, Refusal::of(Problem::from(error))?).await,
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let refusal = || Refusal(Some(Problem::of("second-step-failed")));
    let on = OnPage { frame: Frame::new("x"), refusal: refusal(), secret: grouped("ABCDEFGH"), qr: qr("otpauth://x") };
    let mut all = rendered(&[on]);
    all.extend(rendered(&[OffPage { frame: Frame::new("x"), refusal: refusal(), recovery_left: 3 }]));
    all
}
