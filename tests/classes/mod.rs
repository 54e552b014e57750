//! Classes: planned by centres over one calendar, found by everyone.

mod acts;
mod browser;
mod feed;
mod pages;

use chrono::{DateTime, Utc};
use hoclieu::actions::context::{Context, Tools};
use hoclieu::actions::schedule::classes::{self, TypedClass};
use hoclieu::actions::schedule::typed::{TypedPlan, TypedTeaching};
use hoclieu::actions::schedule::venues::{self, TypedVenue};
use hoclieu::actions::{ActionError, seed};
use hoclieu::blobs::Blobs;
use hoclieu::clock::Clock;
use hoclieu::domain::account::Grant;
use hoclieu::domain::actor::{Actor, Holder};
use hoclieu::domain::id::{AccountId, ClassId, OrganisationId};
use hoclieu::domain::meeting::Meeting;
use hoclieu::domain::permission::Role;
use hoclieu::extract::{Extractor, Limits};
use hoclieu::search::SearchIndex;
use hoclieu::store::{Store, meetings};

use crate::support::program::{PROGRAM, seed_content};
use crate::support::small_bounds;

/// A library in memory with the organisations of the seed, whose clock stands still.
struct Office {
    context: Context,
    clock: Clock,
    store: Store,
    _folder: tempfile::TempDir,
}

/// Eight in the morning in Vietnam.
fn morning(day: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{day}T08:00:00+07:00")).unwrap().with_timezone(&Utc)
}

impl Office {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, store) = (Clock::fixed(morning("2026-11-24")), Store::in_memory().unwrap());
        let tools = Tools {
            store: store.clone(),
            blobs: Blobs::open(&folder.path().join("blobs")).unwrap(),
            search: SearchIndex::in_memory(32 << 20).unwrap(),
            extractor: Extractor::with_program(PROGRAM, Limits::default()),
            clock: clock.clone(),
        };
        let context = Context::new(tools, small_bounds()).unwrap();
        let seeding = context.clone();
        tokio::task::spawn_blocking(move || seed::seed_catalogue(&seeding, &seed_content()).unwrap()).await.unwrap();
        Self { context, clock, store, _folder: folder }
    }

    /// A hall of the centre of Cam Lộ.
    async fn hall(&self) -> String {
        let typed = TypedVenue {
            organisation: "tthtcd.cam-lo".to_owned(),
            area: "qt.cam-lo".to_owned(),
            name: "Hội trường".to_owned(),
            kind: "hall".to_owned(),
            ..TypedVenue::default()
        };
        venues::write(&self.context, &Actor::System, None, typed).await.unwrap().to_string()
    }

    async fn class(&self, by: &Actor, typed: TypedClass) -> Result<ClassId, ActionError> {
        classes::write(&self.context, by, None, typed).await
    }

    fn meetings(&self, class: ClassId) -> Vec<Meeting> {
        self.store.read_blocking("test.meetings", |tx| meetings::of_class(tx, class)).unwrap()
    }
}

fn actor(role: Role, organisation: &str) -> Actor {
    let organisation = OrganisationId::parse(organisation).unwrap();
    let number = organisation.as_str().bytes().fold(1_u128, |sum, byte| sum % (1 << 100) * 31 + u128::from(byte));
    let account = AccountId(uuid::Uuid::from_u128(number));
    Actor::Account(Holder { account, grants: vec![Grant { organisation, role }] })
}

fn typed(centre: &str, title: &str) -> TypedClass {
    TypedClass {
        centre: centre.to_owned(),
        teaching: TypedTeaching {
            title: title.to_owned(),
            class_type: "chuyen-de".to_owned(),
            topics: vec!["agri.veg".to_owned()],
            ..TypedTeaching::default()
        },
        registration: "none".to_owned(),
        count: "names".to_owned(),
        ..TypedClass::default()
    }
}

/// Fifteen evenings on Tuesdays and Thursdays.
fn evenings(venue: &str) -> TypedPlan {
    TypedPlan {
        pattern: "weekly".to_owned(),
        first: "2026-12-01".to_owned(),
        from: "19:00".to_owned(),
        to: "21:00".to_owned(),
        weekdays: vec!["2".to_owned(), "4".to_owned()],
        times: "15".to_owned(),
        venue: venue.to_owned(),
        ..TypedPlan::default()
    }
}

/// The stable code of a refusal.
fn code<T>(result: Result<T, ActionError>) -> &'static str {
    match result.err() {
        None => "ok",
        Some(ActionError::Invalid { code, .. }) => code,
        Some(ActionError::Forbidden) => "forbidden",
        Some(ActionError::NotFound { .. }) => "missing",
        Some(other) => panic!("{other}"),
    }
}
