//! Making a token, which is shown once, and taking one back.

use super::profile::settle;
use super::{Answer, SecretPage};
use crate::actions::ActionError;
use crate::actions::accounts::tokens::{Wanted, create, revoke};
use crate::domain::account::token::Scope;
use crate::domain::id::TokenId;
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::links;
use crate::web::session::Staff;
use crate::web::state::AppState;
use axum::extract::{Path, State};

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let days = form.value("so-ngay").trim().parse().unwrap_or(0);
    let scopes = form.values("quyen").filter_map(Scope::from_code).collect();
    let wanted = Wanted { label: form.value("ten").to_owned(), scopes, days };
    match create(&state.context, &staff.signed_in.actor, wanted).await {
        Ok(secret) => {
            let page = SecretPage {
                title: "Mã truy cập mới",
                notes: vec![
                    format!("Hãy chép mã ngay: mã chỉ hiện một lần và dùng được {days} ngày."),
                    "Chương trình gửi mã trong tiêu đề Authorization: Bearer. Ai có mã thì làm được những việc bạn đã chọn.".to_owned(),
                ],
                secrets: vec![secret],
                back: links::PROFILE.to_owned(),
                ..SecretPage::default()
            };
            page.answer(staff.reader)
        }
        Err(error) => settle(&state, staff, Err::<(), ActionError>(error), "").await,
    }
}

pub(in crate::web) async fn take_back(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = TokenId::parse(&id).map_err(|_error| Problem::of("token-missing"))?;
    let result = revoke(&state.context, &staff.signed_in.actor, id).await;
    settle(&state, staff, result, "thu-hoi").await
}
