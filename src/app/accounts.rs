//! Commands about accounts, and the code for the first administrator.

use crate::actions::accounts::links::{self, Code};
use crate::actions::accounts::manage::{self, NewAccount};
use crate::actions::accounts::tokens;
use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context, import, seed};
use crate::config::{Config, HttpConfig};
use crate::domain::account::Grant;
use crate::domain::account::link::printed_code;
use crate::domain::account::token::{DEFAULT_DAYS, Scope};
use crate::domain::actor::Actor;
use crate::domain::id::OrganisationId;
use crate::domain::permission::Role;
use crate::web;
use std::collections::BTreeSet;

/// Where people reach the service: its public address, else the one it listens on.
pub(super) fn base(http: &HttpConfig) -> String {
    let scheme = if http.tls.is_some() { "https" } else { "http" };
    http.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", http.listen))
}

/// Tells the code for the first administrator, where there is none yet.
pub(super) async fn greet(context: &Context, config: &Config, progress: &dyn Progress) -> Result<(), ActionError> {
    if let Some(Code { code, .. }) = links::offer_first(context).await? {
        let code = printed_code(&code);
        let address = format!("{}{}", base(&config.http), web::first_administrator());
        progress.say(&format!(
            "Chưa có quản trị viên nào. Để tạo quản trị viên đầu tiên, mở {address} và nhập mã một lần: {code} (dùng được trong 24 giờ)"
        ));
    }
    Ok(())
}

/// What can be asked about accounts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum AccountCommand {
    Add(Wanted),
    /// A new one-time code for who has forgotten the password.
    Link {
        login: String,
    },
    Token {
        login: String,
        scopes: BTreeSet<Scope>,
        days: Option<u32>,
        label: Option<String>,
    },
}

/// An account as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Wanted {
    pub login: String,
    pub name: String,
    pub email: String,
    /// The library's own where none is named, which only an administrator may do without.
    pub organisation: Option<OrganisationId>,
    pub role: Role,
}

/// Does what is asked about accounts.
pub(super) async fn run(
    context: &Context,
    config: &Config,
    command: AccountCommand,
    progress: &dyn Progress,
) -> Result<(), ActionError> {
    match command {
        AccountCommand::Add(wanted) => add(context, config, wanted, progress).await,
        AccountCommand::Link { login } => link(context, config, &login, progress).await,
        AccountCommand::Token { login, scopes, days, label } => {
            let label = label.unwrap_or_else(|| "Tạo bằng dòng lệnh".to_owned());
            let wanted = tokens::Wanted { label, scopes, days: days.unwrap_or(DEFAULT_DAYS) };
            token(context, &login, wanted, progress).await
        }
    }
}

async fn add(context: &Context, config: &Config, wanted: Wanted, progress: &dyn Progress) -> Result<(), ActionError> {
    load_catalogue(context, config).await?;
    let own = OrganisationId::parse(import::OWN_ORGANISATION).map_err(ActionError::internal)?;
    let organisation = match (wanted.organisation, wanted.role) {
        (Some(organisation), _) => organisation,
        (None, Role::Admin) => own,
        (None, _) => {
            let reason = "Hãy nêu cơ quan bằng --organisation, ví dụ --organisation so-nnmt.";
            return Err(ActionError::invalid("organisation", "organisation-missing", reason));
        }
    };
    let new = NewAccount {
        login: wanted.login,
        name: wanted.name,
        email: wanted.email,
        phone: String::new(),
        grant: Grant { organisation, role: wanted.role },
    };
    let (_, code) = manage::create(context, &Actor::System, new).await?;
    progress.say("Đã tạo tài khoản. Chủ tài khoản mở liên kết một lần này trong 7 ngày để đặt mật khẩu:");
    tell(config, &code, progress);
    Ok(())
}

async fn link(context: &Context, config: &Config, login: &str, progress: &dyn Progress) -> Result<(), ActionError> {
    let code = manage::issue_link_by_login(context, &Actor::System, login).await.map_err(|e| named(e, login))?;
    progress.say("Chủ tài khoản mở liên kết một lần này trong 7 ngày để đặt mật khẩu mới:");
    tell(config, &code, progress);
    Ok(())
}

fn tell(config: &Config, code: &Code, progress: &dyn Progress) {
    progress.say(&format!("{}{}", base(&config.http), web::one_time_code(&code.code)));
}

async fn token(
    context: &Context,
    login: &str,
    wanted: tokens::Wanted,
    progress: &dyn Progress,
) -> Result<(), ActionError> {
    let days = wanted.days;
    let secret = tokens::create_by_login(context, &Actor::System, login, wanted).await.map_err(|e| named(e, login))?;
    progress.say(&format!("Mã truy cập của {login}, dùng được {days} ngày, chỉ hiện một lần:"));
    progress.say(&secret);
    Ok(())
}

/// Says in Vietnamese which account is missing.
fn named(error: ActionError, login: &str) -> ActionError {
    match error {
        ActionError::NotFound { .. } => {
            let reason = format!("Không có tài khoản nào mang tên đăng nhập «{login}».");
            ActionError::Invalid { field: "login", code: "account-missing", reason }
        }
        other => other,
    }
}

/// An account is made at an organisation, so a store that was never served learns those of the seed first.
async fn load_catalogue(context: &Context, config: &Config) -> Result<(), ActionError> {
    let folder = config.seed_content.clone();
    if context.catalogue().organisations().next().is_some() || !folder.is_dir() {
        return Ok(());
    }
    let context = context.clone();
    tokio::task::spawn_blocking(move || seed::seed_catalogue(&context, &folder)).await?
}
