//! Classes: planned by centres over one calendar, found by everyone.

mod acts;
mod browser;
mod feed;
mod learners;
mod pages;
mod registering;
mod registration;
mod requests;
mod storms;

use hoclieu::actions::ActionError;
use hoclieu::actions::context::{Context, Extras, Tools};
use hoclieu::actions::schedule::classes::{self, TypedClass};
use hoclieu::actions::schedule::typed::{TypedPlan, TypedTeaching};
use hoclieu::actions::schedule::venues::{self, TypedVenue};
use hoclieu::clock::Clock;
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::ClassId;
use hoclieu::domain::meeting::Meeting;
use hoclieu::store::{Store, meetings};

use crate::support::library::{actor, code, morning, small_bounds, small_tools, with_catalogue};

/// A library in memory with the organisations of the seed, whose clock stands still.
pub(crate) struct Office {
    pub(crate) context: Context,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    folder: tempfile::TempDir,
}

impl Office {
    pub(crate) async fn new() -> Self {
        Self::with(Extras::default()).await
    }

    /// One that has tools beyond the usual ones.
    pub(crate) async fn with(extras: Extras) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, store) = (Clock::fixed(morning("2026-11-24")), Store::in_memory().unwrap());
        let tools = Tools { extras, ..small_tools(folder.path(), &store, &clock) };
        let context = with_catalogue(tools, small_bounds()).await;
        Self { context, clock, store, folder }
    }

    /// The same library as it is opened with other tools.
    pub(crate) fn reopened(&self, extras: Extras) -> Context {
        let tools = Tools { extras, ..small_tools(self.folder.path(), &self.store, &self.clock) };
        Context::new(tools, small_bounds()).unwrap()
    }

    /// A hall of the centre of Cam Lộ.
    pub(crate) async fn hall(&self) -> String {
        self.hall_of("tthtcd.cam-lo").await
    }

    /// A hall of a commune's centre or committee.
    async fn hall_of(&self, body: &str) -> String {
        let (_, commune) = body.split_once('.').unwrap();
        let typed = TypedVenue {
            organisation: body.to_owned(),
            area: format!("qt.{commune}"),
            name: "Hội trường".to_owned(),
            kind: "hall".to_owned(),
            ..TypedVenue::default()
        };
        venues::write(&self.context, &Actor::System, None, typed).await.unwrap().to_string()
    }

    pub(crate) async fn class(&self, by: &Actor, typed: TypedClass) -> Result<ClassId, ActionError> {
        classes::write(&self.context, by, None, typed).await
    }

    pub(crate) fn meetings(&self, class: ClassId) -> Vec<Meeting> {
        self.store.read_blocking("test.meetings", |tx| meetings::of_class(tx, class)).unwrap()
    }
}

pub(crate) fn typed(centre: &str, title: &str) -> TypedClass {
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
pub(crate) fn evenings(venue: &str) -> TypedPlan {
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
