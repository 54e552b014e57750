//! Small libraries in memory, whose clock stands still, and those who act in them.

use super::program::{PROGRAM, seed_content};
use chrono::{DateTime, Utc};
use hoclieu::actions::accounts::AccountRules;
use hoclieu::actions::context::{Bounds, Context, Tools};
use hoclieu::actions::{ActionError, seed};
use hoclieu::blobs::Blobs;
use hoclieu::clock::Clock;
use hoclieu::domain::account::Grant;
use hoclieu::domain::actor::{Actor, Holder};
use hoclieu::domain::complaint::ComplaintRules;
use hoclieu::domain::id::{AccountId, OrganisationId};
use hoclieu::domain::permission::Role;
use hoclieu::domain::registration::RegistrationRules;
use hoclieu::domain::upload::UploadRules;
use hoclieu::extract::{Extractor, Limits};
use hoclieu::search::SearchIndex;
use hoclieu::store::Store;
use std::path::Path;
use std::time::Duration;

/// Bounds for a library of a few small documents.
pub(crate) fn small_bounds() -> Bounds {
    Bounds {
        search_budget: Duration::from_secs(5),
        file_bytes: 1 << 20,
        batch_bytes: 1 << 20,
        disk_floor_bytes: 0,
        complaints: ComplaintRules::default(),
        registrations: RegistrationRules::default(),
        accounts: AccountRules::default(),
        uploads: UploadRules::default(),
    }
}

/// Real tools around a store: blobs in a folder, an index in memory, this program as the reading child.
pub(crate) fn small_tools(folder: &Path, store: &Store, clock: &Clock) -> Tools {
    Tools {
        store: store.clone(),
        blobs: Blobs::open(&folder.join("blobs")).unwrap(),
        search: SearchIndex::in_memory(32 << 20).unwrap(),
        extractor: Extractor::with_program(PROGRAM, Limits::default()),
        clock: clock.clone(),
    }
}

/// A library with the topics, organisations and areas of the seed.
pub(crate) async fn with_catalogue(tools: Tools, bounds: Bounds) -> Context {
    let context = Context::new(tools, bounds).unwrap();
    let seeding = context.clone();
    tokio::task::spawn_blocking(move || seed::seed_catalogue(&seeding, &seed_content()).unwrap()).await.unwrap();
    context
}

/// Eight in the morning in Vietnam.
pub(crate) fn morning(day: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{day}T08:00:00+07:00")).unwrap().with_timezone(&Utc)
}

/// Someone with a role at an organisation; the same role and organisation are the same person.
pub(crate) fn actor(role: Role, organisation: &str) -> Actor {
    let organisation = OrganisationId::parse(organisation).unwrap();
    let letters = role.code().bytes().chain(organisation.as_str().bytes());
    let number = letters.fold(1_u128, |sum, byte| sum % (1 << 100) * 31 + u128::from(byte));
    let account = AccountId(uuid::Uuid::from_u128(number));
    Actor::Account(Holder { account, grants: vec![Grant { organisation, role }] })
}

/// The stable code of a refusal.
pub(crate) fn code<T>(result: Result<T, ActionError>) -> &'static str {
    match result.err() {
        None => "ok",
        Some(ActionError::Unauthenticated { code, .. } | ActionError::Invalid { code, .. }) => code,
        Some(ActionError::Forbidden) => "forbidden",
        Some(ActionError::NotFound { .. }) => "missing",
        Some(ActionError::TooOften { .. }) => "too-often",
        Some(other) => panic!("{other}"),
    }
}
