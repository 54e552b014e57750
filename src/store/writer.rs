//! One thread writes: what waits goes into one engine transaction, so that a commit's cost is shared.

use super::engine::{Engine, EngineTx, WriteTx};
use super::log::{self, Entry};
use super::{ReadTx, StoreError};
use chrono::{DateTime, Utc};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// How many closures share a transaction at most.
const GROUP: usize = 256;

/// When and by whom a change is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub at: DateTime<Utc>,
    pub actor: String,
}

/// What a write answered, and the revision of the log at which it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<T> {
    pub value: T,
    pub revision: u64,
}

/// Tells the caller how its group's commit went.
type Reply = Box<dyn FnOnce(Result<(), String>) + Send>;
/// Runs in the engine transaction; answers what to tell the caller afterwards.
type Run = Box<dyn FnOnce(&mut dyn EngineTx, &mut u64) -> Reply + Send>;

/// A closure on its way to the writer.
pub(super) struct Request {
    run: Run,
}

impl Request {
    pub(super) fn new<T, E>(
        name: &'static str,
        stamp: Stamp,
        write: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<Written<T>, E>) + Send + 'static,
    ) -> Self
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let run = move |engine: &mut dyn EngineTx, revision: &mut u64| -> Reply {
            let result = perform(engine, revision, name, &stamp, write);
            Box::new(move |commit: Result<(), String>| {
                reply(match commit {
                    Ok(()) => result,
                    Err(reason) => result.and_then(|_| Err(StoreError::Commit(reason).into())),
                });
            })
        };
        Self { run: Box::new(run) }
    }
}

/// Runs one closure over the shared transaction and logs what it changed.
fn perform<T, E: From<StoreError>>(
    engine: &mut dyn EngineTx,
    revision: &mut u64,
    name: &'static str,
    stamp: &Stamp,
    write: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
) -> Result<Written<T>, E> {
    let mut tx = WriteTx::new(engine);
    let value = write(&mut tx)?;
    let changes = tx.apply()?;
    if !changes.is_empty() {
        let next = *revision + 1;
        let entry = Entry { revision: next, at: stamp.at, actor: stamp.actor.clone(), name: name.to_owned(), changes };
        log::append(engine, &entry)?;
        *revision = next;
    }
    tracing::trace!(name, revision = *revision, "write transaction");
    Ok(Written { value, revision: *revision })
}

/// The way to the writing thread, which ends when this is dropped.
pub(super) struct Writer {
    requests: Mutex<Sender<Request>>,
    revisions: watch::Receiver<u64>,
}

impl Writer {
    pub(super) fn start(engine: Arc<dyn Engine>) -> Result<Self, StoreError> {
        let mut latest = 0;
        engine.read(&mut |tx: &dyn ReadTx| {
            latest = log::latest(tx)?;
            Ok(())
        })?;
        let (requests, received) = channel();
        let (announce, revisions) = watch::channel(latest);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(engine.as_ref(), &received, latest, &announce))
            .map_err(StoreError::engine)?;
        Ok(Self { requests: Mutex::new(requests), revisions })
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.revisions.clone()
    }

    pub(super) fn submit(&self, request: Request) -> Result<(), StoreError> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.send(request).map_err(|_stopped| StoreError::Stopped)
    }
}

fn work(engine: &dyn Engine, received: &Receiver<Request>, mut revision: u64, announce: &watch::Sender<u64>) {
    while let Ok(first) = received.recv() {
        let mut group = vec![first];
        group.extend(received.try_iter().take(GROUP - 1));
        let (mut replies, mut reached) = (Vec::with_capacity(group.len()), revision);
        let mut group = Some(group);
        let committed = engine.write(&mut |tx| {
            for request in group.take().into_iter().flatten() {
                replies.push((request.run)(tx, &mut reached));
            }
            Ok(())
        });
        if committed.is_ok() && reached != revision {
            revision = reached;
            announce.send_replace(revision);
        }
        if let Err(error) = &committed {
            tracing::error!(%error, "a group of writes could not be committed");
        }
        let outcome = committed.map_err(|error| error.to_string());
        for reply in replies {
            reply(outcome.clone());
        }
    }
}
