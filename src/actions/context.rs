//! Everything that an action needs.

use crate::actions::ActionError;
use crate::actions::accounts::{AccountRules, Attempts};
use crate::actions::batches::Batches;
use crate::actions::letters::Post;
use crate::actions::search::{Classes, Names};
use crate::actions::statistics::Tally;
use crate::actions::suggestions::Suggestions;
use crate::actions::uploads::Hands;
use crate::actions::usage::Counters;
use crate::antivirus::Antivirus;
use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::domain::actor::{Actor, ActorName};
use crate::domain::catalogue::Catalogue;
use crate::domain::complaint::ComplaintRules;
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::registration::RegistrationRules;
use crate::domain::synonym::Synonym;
use crate::domain::upload::UploadRules;
use crate::extract::Extractor;
use crate::identity::Provider;
use crate::inbox::Inbox;
use crate::search::{Counts, SearchError, SearchIndex};
use crate::secrets::Passwords;
use crate::store::{self, ReadTx, Stamp, Store};
use crate::vault::Vault;
use chrono::{DateTime, NaiveDate, Utc};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// More pages drawn at once than this would make everybody wait.
const DRAWN_AT_ONCE: usize = 2;

/// The tools and the present time; cheap to clone, which every layer of a request does.
#[derive(Clone)]
pub struct Context(Arc<Parts>);

/// What a context holds.
#[derive(Clone)]
pub struct Parts {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) search: SearchIndex,
    pub(crate) extractor: Extractor,
    pub(crate) clock: Clock,
    pub(crate) bounds: Bounds,
    /// Pages drawn for readers at the same time.
    pub(crate) drawing: Arc<Semaphore>,
    pub(crate) usage: Arc<Counters>,
    pub(crate) suggestions: Arc<Suggestions>,
    /// Public classes to come, by their words.
    pub(crate) classes: Arc<Classes>,
    pub(crate) passwords: Passwords,
    pub(crate) attempts: Arc<Attempts>,
    pub(crate) identity: Option<Provider>,
    pub(crate) inbox: Option<Inbox>,
    /// The address that a material has whatever its title, for tables that are taken away.
    pub(crate) material_address: fn(MaterialId) -> String,
    pub(crate) batches: Batches,
    pub(crate) tally: Arc<Tally>,
    pub(crate) post: Option<Post>,
    pub(crate) antivirus: Option<Antivirus>,
    pub(crate) hands: Arc<Hands>,
    pub(crate) vault: Vault,
    /// The body that guides the centres: it sees what agencies leave unanswered.
    pub(crate) guide: Option<OrganisationId>,
    known: Arc<RwLock<Known>>,
    /// Held while the small nouns are read, so that an older reading never takes the place of a later one.
    reading: Arc<Mutex<()>>,
}

impl Deref for Context {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The small nouns, and what is made of them once.
#[derive(Clone, Default)]
struct Known {
    catalogue: Arc<Catalogue>,
    names: Arc<Names>,
    /// The catalogue that the whole index was made with; none as long as that is not known.
    indexed: Option<Arc<Catalogue>>,
}

/// Bounds that actions hold callers to.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The time budget of one search.
    pub search_budget: Duration,
    /// The most bytes of one imported file.
    pub file_bytes: u64,
    /// The most bytes of documents that are brought in one go.
    pub batch_bytes: u64,
    /// So much of the disk stays free; 0 for no such bound.
    pub disk_floor_bytes: u64,
    /// How long complaints may wait and are kept.
    pub complaints: ComplaintRules,
    /// How registrations are dealt with.
    pub registrations: RegistrationRules,
    /// How accounts are guarded.
    pub accounts: AccountRules,
    /// What is taken in.
    pub uploads: UploadRules,
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
        let (usage, suggestions, known, reading) = (Arc::default(), Arc::default(), Arc::default(), Arc::default());
        let (passwords, attempts) = (Passwords::default(), Arc::new(Attempts::new(&bounds.accounts)));
        let context = Self(Arc::new(Parts {
            store,
            blobs,
            search,
            extractor,
            clock,
            bounds,
            drawing,
            usage,
            suggestions,
            classes: Arc::default(),
            passwords,
            attempts,
            identity: None,
            inbox: None,
            material_address: |id| id.to_string(),
            batches: Batches::default(),
            tally: Arc::default(),
            post: None,
            antivirus: None,
            hands: Arc::default(),
            vault: Vault::in_memory(),
            guide: None,
            known,
            reading,
        }));
        context.reload_catalogue()?;
        Ok(context)
    }

    /// The same, where people may also sign in at another's identity provider.
    #[must_use]
    pub fn with_identity_provider(mut self, provider: Provider) -> Self {
        Arc::make_mut(&mut self.0).identity = Some(provider);
        self
    }

    /// The same, with keys for what names persons that outlive the process.
    #[must_use]
    pub fn with_vault(mut self, vault: Vault) -> Self {
        Arc::make_mut(&mut self.0).vault = vault;
        self
    }

    /// The same, where many documents can be brought in one go; reports name materials by their addresses.
    #[must_use]
    pub fn with_inbox(mut self, inbox: Inbox, material_address: fn(MaterialId) -> String) -> Self {
        let tools = Arc::make_mut(&mut self.0);
        (tools.inbox, tools.material_address) = (Some(inbox), material_address);
        self
    }

    /// The same, where letters are sent.
    #[must_use]
    pub fn with_post(mut self, post: Post) -> Self {
        Arc::make_mut(&mut self.0).post = Some(post);
        self
    }

    /// The same, where files are shown to a virus scanner before they are taken.
    #[must_use]
    pub fn with_antivirus(mut self, antivirus: Antivirus) -> Self {
        Arc::make_mut(&mut self.0).antivirus = Some(antivirus);
        self
    }

    /// The same, where a body guides the centres.
    #[must_use]
    pub fn guided_by(mut self, guide: OrganisationId) -> Self {
        Arc::make_mut(&mut self.0).guide = Some(guide);
        self
    }

    /// The topics, organisations and areas as they are now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner).catalogue)
    }

    /// The names of areas and bodies that a query may hold.
    pub(crate) fn names(&self) -> Arc<Names> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner).names)
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The present day in Vietnam.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// Whether searches can be answered: the index holds all that the store had when it was opened.
    pub fn is_ready(&self) -> bool {
        self.search.is_ready()
    }

    /// The stamp of a change that the program itself makes.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { at: self.clock.now(), actor: ActorName::System.to_string() }
    }

    /// When and by whom a change is made.
    pub(crate) fn stamp_by(&self, actor: &Actor) -> Stamp {
        Stamp { at: self.clock.now(), actor: actor.name().to_string() }
    }

    /// Reads topics, organisations and areas anew; blocks.
    pub(crate) fn reload_catalogue(&self) -> Result<(), ActionError> {
        let _turn = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let (fresh, synonyms) = self.store.read_blocking("catalogue.load", |tx| {
            Ok::<_, ActionError>((catalogue_in(tx)?, store::synonyms::all(tx)?))
        })?;
        let lines: Vec<String> = synonyms.iter().map(Synonym::line).collect();
        self.search.set_synonyms(&lines.join("\n"));
        let names = Arc::new(Names::of(&fresh));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        (known.names, known.catalogue) = (names, Arc::new(fresh));
        Ok(())
    }

    /// Reads topics, organisations and areas anew after they were changed here.
    pub(crate) async fn renew_catalogue(&self) -> Result<(), ActionError> {
        let context = self.clone();
        tokio::task::spawn_blocking(move || context.reload_catalogue()).await?
    }

    /// The catalogue that the whole index was made with, if that is known.
    pub(crate) fn indexed_catalogue(&self) -> Option<Arc<Catalogue>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).indexed.clone()
    }

    /// Remembers the catalogue that the whole index is made with now.
    pub(crate) fn set_indexed_catalogue(&self, catalogue: Arc<Catalogue>) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).indexed = Some(catalogue);
    }
}

/// The topics, organisations and areas as a transaction sees them.
pub(super) fn catalogue_in(tx: &dyn ReadTx) -> Result<Catalogue, ActionError> {
    Ok(Catalogue::default()
        .with_topics(store::topics::all(tx)?)
        .with_organisations(store::organisations::all(tx)?, store::organisations::events(tx)?)
        .with_areas(store::areas::all(tx)?, store::areas::events(tx)?))
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
