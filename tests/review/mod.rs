//! From a draft to the public and back: who may, what is kept, and what nobody gets to see.

mod acts;
mod alike;
mod browser;
mod leaks;
mod letters;
mod notes;
mod pages;
mod proposals;
mod province;
pub(crate) mod staff;
mod trail;
mod validity;

use hoclieu::actions::ActionError;
use hoclieu::actions::context::Context;
use hoclieu::actions::import::{ImportOptions, Summary, import};
use hoclieu::actions::progress::Silent;
use hoclieu::actions::review::{Wish, perform};
use hoclieu::actions::search::{SearchRequest, search};
use hoclieu::clock::Clock;
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::{MaterialId, OrganisationId};
use hoclieu::domain::material::Material;
use hoclieu::domain::organisation::Organisation;
use hoclieu::domain::review::Act;
use hoclieu::jobs;
use hoclieu::store::{Stamp, Store, StoreError, WriteTx, materials, organisations};
use serde_json::json;
use std::time::Duration;
use tokio::sync::watch;

use crate::support::library::{actor, code, morning, small_bounds, small_tools, with_catalogue};

/// A library in memory with the organisations of the seed, whose clock stands still and whose background works.
struct Office {
    context: Context,
    clock: Clock,
    store: Store,
    folder: tempfile::TempDir,
    _stop: watch::Sender<bool>,
}

impl Office {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(morning("2026-11-24"));
        let store = Store::in_memory().unwrap();
        let context = with_catalogue(small_tools(folder.path(), &store, &clock), small_bounds()).await;
        let (stop, sign) = watch::channel(false);
        tokio::spawn(jobs::follow_log(context.clone(), sign.clone()));
        tokio::spawn(jobs::run_jobs(context.clone(), hoclieu::domain::job::Lane::Files, 1, sign));
        Self { context, clock, store, folder, _stop: stop }
    }

    /// Imports one document of Sở Nông nghiệp và Môi trường.
    async fn import(&self, draft: bool, fields: serde_json::Value) -> MaterialId {
        let id = MaterialId(Clock::system().fresh_id());
        let done = self.bring(id, draft, fields).await;
        assert_eq!(done.created, 1, "{:?}", done.problems);
        id
    }

    /// Imports a row for the material with an id.
    async fn bring(&self, id: MaterialId, draft: bool, fields: serde_json::Value) -> Summary {
        let mut row = json!({
            "material_id": id.to_string(), "title": "Trồng ném trên cát", "topics": ["agri.veg"], "languages": ["vi"],
            "organisation": "so-nnmt", "text": "Ném trồng trên đất cát, thoát nước tốt."
        });
        for (name, value) in fields.as_object().unwrap() {
            row[name] = value.clone();
            if value.is_null() {
                row.as_object_mut().unwrap().remove(name);
            }
        }
        let path = self.folder.path().join(format!("{id}.jsonl"));
        std::fs::write(&path, row.to_string()).unwrap();
        let context = self.context.clone();
        let options = ImportOptions { draft, ..ImportOptions::default() };
        let done = tokio::task::spawn_blocking(move || import(&context, &path, &options, &Silent).unwrap());
        done.await.unwrap()
    }

    /// Lets an organisation publish without review, or no longer, and waits until everyone knows.
    async fn allow_unreviewed(&self, organisation: &str, allowed: bool) {
        let id = OrganisationId::parse(organisation).unwrap();
        let before = self.context.catalogue().organisation(&id).unwrap().clone();
        let after = Organisation { publishes_unreviewed: allowed, ..before };
        let stamp = Stamp { at: self.clock.now(), actor: "system".to_owned() };
        let put = move |tx: &mut WriteTx<'_>| {
            organisations::put(tx, &after)?;
            tx.record("organisation", after.id.to_string(), &["publishes_unreviewed"]);
            Ok::<_, StoreError>(())
        };
        self.store.write("test.allow", stamp, put).await.unwrap();
        while self.context.catalogue().organisation(&id).unwrap().publishes_unreviewed != allowed {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until something is found.
    async fn indexed(&self, query: &str) {
        for _ in 0..500 {
            let request = SearchRequest { query: query.to_owned(), limit: 1, ..SearchRequest::default() };
            if search(&self.context, request).await.is_ok_and(|found| found.total > 0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the index does not follow");
    }

    fn material(&self, id: MaterialId) -> Option<Material> {
        self.store.read_blocking("test.material", move |tx| materials::get(tx, id)).unwrap()
    }

    async fn act(&self, actor: &Actor, id: MaterialId, act: Act) -> Result<Option<Material>, ActionError> {
        let remark = if act.needs_reason() { "Vì thiếu liều lượng.".to_owned() } else { String::new() };
        perform(&self.context, actor, id, Wish { remark, ..Wish::to(act) }).await
    }
}
