mod actions;
mod browser;
mod commands;
mod identity;
mod pages;
mod text_pages;

pub(crate) use pages::{make, served, sign_in};

use chrono::{DateTime, Utc};
use hoclieu::actions::accounts::AccountRules;
use hoclieu::actions::accounts::links::{self, First};
use hoclieu::actions::accounts::manage::{self, NewAccount};
use hoclieu::actions::accounts::sessions::{self, SignedIn};
use hoclieu::actions::accounts::sign_in::{self, Origin};
use hoclieu::actions::context::{Bounds, Context, Extras, Tools};
use hoclieu::clock::Clock;
use hoclieu::domain::account::Grant;
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::{AccountId, OrganisationId};
use hoclieu::domain::permission::Role;
use hoclieu::store::Store;
use std::net::IpAddr;

use crate::support::library::{code, small_bounds, small_tools, with_catalogue};

/// A password that nobody would guess.
pub(crate) const PASSWORD: &str = "bốn con gà trống ở chợ phiên";
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// A library in memory with the organisations of the seed.
pub(crate) struct Library {
    pub(crate) context: Context,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    _folder: tempfile::TempDir,
}

impl Library {
    pub(crate) async fn new(rules: AccountRules) -> Self {
        Self::with(rules, Extras::default()).await
    }

    /// One that has tools beyond the usual ones.
    pub(crate) async fn with(rules: AccountRules, extras: Extras) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(DateTime::parse_from_rfc3339("2026-11-24T08:00:00Z").unwrap().with_timezone(&Utc));
        let store = Store::in_memory().unwrap();
        let bounds = Bounds { accounts: rules, ..small_bounds() };
        let context = with_catalogue(Tools { extras, ..small_tools(folder.path(), &store, &clock) }, bounds).await;
        Self { context, clock, store, _folder: folder }
    }

    /// The first administrator, made with the code of the terminal.
    pub(crate) async fn administrator(&self) -> Actor {
        let code = links::offer_first(&self.context).await.unwrap().unwrap().code;
        let first =
            First { code, login: "quantri".into(), name: "Trần Văn Bình".into(), password: PASSWORD.into() };
        links::make_first(&self.context, first, HERE).await.unwrap();
        self.sign_in("quantri").await.actor
    }

    /// An account with a role and a password.
    pub(crate) async fn account(&self, by: &Actor, login: &str, role: Role, organisation: &str) -> AccountId {
        let new = new_account(login, role, organisation);
        let (id, code) = manage::create(&self.context, by, new).await.unwrap();
        links::redeem(&self.context, &code.code, PASSWORD.into(), HERE).await.unwrap();
        id
    }

    pub(crate) async fn sign_in(&self, login: &str) -> SignedIn {
        let cookie = self.cookie(login).await;
        sessions::find(&self.context, &cookie).await.unwrap().unwrap()
    }

    async fn cookie(&self, login: &str) -> String {
        sign_in::sign_in(&self.context, login, PASSWORD.into(), origin()).await.unwrap().cookie
    }
}

fn new_account(login: &str, role: Role, organisation: &str) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: format!("Nguyễn Thị {login}"),
        email: String::new(),
        phone: String::new(),
        grant: grant(role, organisation),
    }
}

pub(crate) fn grant(role: Role, organisation: &str) -> Grant {
    Grant { organisation: OrganisationId::parse(organisation).unwrap(), role }
}

fn origin() -> Origin {
    Origin { address: HERE, device: "Chrome, Android".into(), cookie: None }
}
