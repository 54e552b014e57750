//! Everything that an action needs.

use crate::actions::ActionError;
use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::domain::catalogue::Catalogue;
use crate::extract::Extractor;
use crate::search::{Counts, SearchError, SearchIndex};
use crate::store::{self, Stamp, Store};
use chrono::NaiveDate;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Who acts while there are no accounts.
pub const SYSTEM_ACTOR: &str = "system";

/// More pages drawn at once than this would make everybody wait.
const DRAWN_AT_ONCE: usize = 2;

/// The tools and the present time; cheap to clone.
#[derive(Clone)]
pub struct Context {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) search: SearchIndex,
    pub(crate) extractor: Extractor,
    pub(crate) clock: Clock,
    pub(crate) bounds: Bounds,
    /// Pages drawn for readers at the same time.
    pub(crate) drawing: Arc<Semaphore>,
    catalogue: Arc<RwLock<Arc<Catalogue>>>,
}

/// Bounds that actions hold callers to.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The time budget of one search.
    pub search_budget: Duration,
    /// The most bytes of one imported file.
    pub file_bytes: u64,
}

/// The tools of a context, opened by the composition root.
pub struct Tools {
    pub store: Store,
    pub blobs: Blobs,
    pub search: SearchIndex,
    pub extractor: Extractor,
    pub clock: Clock,
}

impl Context {
    /// Joins the tools; the catalogue is read from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(tools: Tools, bounds: Bounds) -> Result<Self, ActionError> {
        let Tools { store, blobs, search, extractor, clock } = tools;
        let drawing = Arc::new(Semaphore::new(DRAWN_AT_ONCE));
        let context = Self { store, blobs, search, extractor, clock, bounds, drawing, catalogue: Arc::default() };
        context.reload_catalogue()?;
        Ok(context)
    }

    /// The topics, organisations and areas as they are now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The present day in Vietnam.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// Whether searches can be answered: the index holds all that the store had when it was opened.
    pub fn is_ready(&self) -> bool {
        self.search.is_ready()
    }

    /// When and by whom a change is made.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { at: self.clock.now(), actor: SYSTEM_ACTOR.to_owned() }
    }

    /// Reads topics, organisations and areas anew; blocks.
    pub(crate) fn reload_catalogue(&self) -> Result<(), ActionError> {
        let fresh = self.store.read_blocking("catalogue.load", |tx| {
            Ok::<_, ActionError>(
                Catalogue::default()
                    .with_topics(store::topics::all(tx)?)
                    .with_organisations(store::organisations::all(tx)?, store::organisations::events(tx)?)
                    .with_areas(store::areas::all(tx)?, store::areas::events(tx)?),
            )
        })?;
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }
}

impl Context {
    /// How many published materials bear each facet value; none while the first index is built.
    pub(crate) async fn counts(&self) -> Result<Arc<Counts>, ActionError> {
        let index = self.search.clone();
        match tokio::task::spawn_blocking(move || index.counts()).await? {
            Err(SearchError::Building) => Ok(Arc::default()),
            other => Ok(other?),
        }
    }
}

impl Context {
    /// The revision of the latest change; blocks.
    pub(crate) fn latest_revision_blocking(&self) -> Result<u64, ActionError> {
        self.store.read_blocking("log.latest", |tx| Ok::<_, ActionError>(store::log::latest(tx)?))
    }
}

impl Context {
    /// Hears of each new revision of the log.
    pub fn revisions(&self) -> tokio::sync::watch::Receiver<u64> {
        self.store.subscribe()
    }
}
