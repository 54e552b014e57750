//! `GET /api/v1/account`.

use super::json;
use crate::web::error::{ApiError, Problem};
use crate::web::session::Program;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// The account behind a token.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountJson {
    id: String,
    login: Option<String>,
    name: String,
    roles: Vec<RoleJson>,
    token: TokenJson,
}

#[derive(Serialize, ToSchema)]
struct RoleJson {
    /// `reader`, `author`, `reviewer`, `manager` or `admin`.
    role: &'static str,
    organisation: String,
}

#[derive(Serialize, ToSchema)]
struct TokenJson {
    label: String,
    scopes: Vec<&'static str>,
    /// RFC 3339.
    expires_at: String,
}

/// Tài khoản, vai trò và quyền của mã truy cập đang dùng.
#[utoipa::path(
    get,
    path = "/api/v1/account",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Tài khoản của mã truy cập", body = AccountJson),
        (status = 401, description = "Thiếu mã truy cập, hoặc mã không dùng được", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn show(Program(bearer): Program) -> Result<Response, ApiError> {
    let bearer = bearer.ok_or_else(|| Problem::of("sign-in-required"))?;
    let role = |grant: &crate::domain::account::Grant| RoleJson {
        role: grant.role.code(),
        organisation: grant.organisation.to_string(),
    };
    let account = &bearer.account;
    Ok(json(&AccountJson {
        id: account.id.to_string(),
        login: account.login.as_ref().map(ToString::to_string),
        name: account.name.clone(),
        roles: account.grants.iter().map(role).collect(),
        token: TokenJson {
            label: bearer.token.label.clone(),
            scopes: bearer.token.scopes.iter().map(|scope| scope.code()).collect(),
            expires_at: bearer.token.expires_at.to_rfc3339(),
        },
    }))
}
