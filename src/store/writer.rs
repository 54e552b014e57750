//! One thread writes: what waits goes into one engine transaction, so that a commit's cost is shared.

use super::engine::{Engine, EngineTx, WriteTx};
use super::log::{self, Entry};
use super::{ReadTx, StoreError};
use chrono::{DateTime, Utc};
use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
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
/// Runs in the engine transaction; answers what to tell the caller afterwards, and whether the transaction is still sound.
type Run = Box<dyn FnOnce(&mut dyn EngineTx, &mut u64) -> (Reply, Result<(), StoreError>) + Send>;

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
        let run = move |engine: &mut dyn EngineTx, revision: &mut u64| -> (Reply, Result<(), StoreError>) {
            let (result, sound) = match perform(engine, revision, name, &stamp, write) {
                Ok(result) => (Some(result), Ok(())),
                Err(broken) => (None, Err(broken)),
            };
            let tell = move |commit: Result<(), String>| {
                reply(match (commit, result) {
                    (Ok(()), Some(result)) => result,
                    (Err(reason), Some(result)) => result.and_then(|_| Err(StoreError::Commit(reason).into())),
                    (commit, None) => Err(StoreError::Commit(commit.err().unwrap_or_default()).into()),
                });
            };
            (Box::new(tell), sound)
        };
        Self { run: Box::new(run) }
    }
}

/// Runs one closure over the shared transaction and logs what it changed.
///
/// The outer error is the engine's: some of the closure's rows may then lie in the transaction, which must not be
/// committed for anyone.
fn perform<T, E: From<StoreError>>(
    engine: &mut dyn EngineTx,
    revision: &mut u64,
    name: &'static str,
    stamp: &Stamp,
    write: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
) -> Result<Result<Written<T>, E>, StoreError> {
    let next = *revision + 1;
    let mut tx = WriteTx::new(engine, next);
    // What a panicking closure wrote lies in its own overlay, which is dropped; others are not harmed.
    let value = match catch_unwind(AssertUnwindSafe(|| write(&mut tx))) {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => return Ok(Err(error)),
        Err(panic) => return Ok(Err(StoreError::Panicked { name, reason: reason_of(panic.as_ref()) }.into())),
    };
    let changes = tx.apply()?;
    if !changes.is_empty() {
        let entry = Entry { revision: next, at: stamp.at, actor: stamp.actor.clone(), name: name.to_owned(), changes };
        log::append(engine, &entry)?;
        *revision = next;
    }
    tracing::trace!(name, revision = *revision, "write transaction");
    Ok(Ok(Written { value, revision: *revision }))
}

fn reason_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason given").to_owned()
}

/// The way to the writing thread. Dropping it waits until the thread has written what it was given and has let go of
/// the engine, so that the file can be opened again at once.
pub(super) struct Writer {
    requests: Mutex<Option<Sender<Request>>>,
    revisions: watch::Receiver<u64>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.requests.lock().unwrap_or_else(PoisonError::into_inner).take());
        // A closure may own the last handle; its thread cannot wait for itself.
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != std::thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the writing thread ended by a panic");
        }
    }
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
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(engine.as_ref(), &received, latest, &announce))
            .map_err(StoreError::engine)?;
        Ok(Self { requests: Mutex::new(Some(requests)), revisions, thread: Some(thread) })
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.revisions.clone()
    }

    pub(super) fn submit(&self, request: Request) -> Result<(), StoreError> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = requests.as_ref().ok_or(StoreError::Stopped)?;
        sender.send(request).map_err(|_stopped| StoreError::Stopped)
    }
}

fn work(engine: &dyn Engine, received: &Receiver<Request>, mut revision: u64, announce: &watch::Sender<u64>) {
    let mut waiting = VecDeque::new();
    loop {
        if waiting.is_empty() {
            let Ok(first) = received.recv() else { return };
            waiting.push_back(first);
        }
        waiting.extend(received.try_iter().take(GROUP.saturating_sub(waiting.len())));
        let (mut replies, mut reached) = (Vec::with_capacity(waiting.len()), revision);
        let committed = engine.write(&mut |tx| {
            while let Some(request) = waiting.pop_front() {
                let (reply, sound) = (request.run)(tx, &mut reached);
                replies.push(reply);
                // Those behind the one that broke the transaction have their turn in the next.
                sound?;
            }
            Ok(())
        });
        if committed.is_ok() && reached != revision {
            revision = reached;
            announce.send_replace(revision);
        }
        if let Err(error) = &committed {
            tracing::error!(%error, "a group of writes could not be committed");
            if replies.is_empty() {
                // The transaction could not even begin; nobody would be told otherwise.
                drop(waiting.pop_front());
            }
        }
        let outcome = committed.map_err(|error| error.to_string());
        for reply in replies {
            reply(outcome.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::engine::{ReadTx, Reading, Row, Scan, Writing};
    use super::super::redb::RedbEngine;
    use super::super::tables::Table;
    use super::super::{Store, log};
    use super::*;

    /// The key that this engine cannot put.
    const POISON: &[u8] = b"poison";

    /// An engine of which one row cannot be written, after others of the same closure were.
    struct Failing(RedbEngine);

    struct FailingTx<'a>(&'a mut dyn EngineTx);

    impl Engine for Failing {
        fn read(&self, reading: Reading<'_>) -> Result<(), StoreError> {
            self.0.read(reading)
        }

        fn write(&self, writing: Writing<'_>) -> Result<(), StoreError> {
            self.0.write(&mut |tx| writing(&mut FailingTx(tx)))
        }
    }

    impl ReadTx for FailingTx<'_> {
        fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
            self.0.get(table, key)
        }

        fn scan(&self, table: Table, scan: &Scan) -> Result<Vec<Row>, StoreError> {
            self.0.scan(table, scan)
        }
    }

    impl EngineTx for FailingTx<'_> {
        fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
            if key == POISON {
                return Err(StoreError::engine(std::io::Error::other("disk full")));
            }
            self.0.put(table, key, value)
        }

        fn remove(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError> {
            self.0.remove(table, key)
        }
    }

    fn stamp() -> Stamp {
        Stamp { at: DateTime::UNIX_EPOCH, actor: "system".to_owned() }
    }

    fn put(store: &Store, keys: &'static [&'static [u8]]) -> Result<Written<()>, StoreError> {
        store.write_blocking("test.put", stamp(), move |tx| {
            for key in keys {
                tx.put(Table::Meta, key.to_vec(), b"1".to_vec());
            }
            tx.record("material", "x".to_owned(), &["title"]);
            Ok(())
        })
    }

    #[test]
    fn an_engine_that_fails_in_the_middle_of_a_closure_commits_none_of_it() {
        let store = Store::with_engine(Arc::new(Failing(RedbEngine::in_memory().unwrap()))).unwrap();
        assert!(matches!(put(&store, &[b"before", POISON]), Err(StoreError::Commit(_))));
        assert_eq!(put(&store, &[b"after"]).unwrap().revision, 1);
        let kept = store.read_blocking("test.get", |tx| {
            Ok::<_, StoreError>((tx.get(Table::Meta, b"before")?, tx.get(Table::Meta, b"after")?, log::latest(tx)?))
        });
        assert_eq!(kept.unwrap(), (None, Some(b"1".to_vec()), 1));
    }

    #[test]
    fn those_who_share_a_group_with_a_failure_are_told_or_have_their_turn() {
        let store = Store::with_engine(Arc::new(Failing(RedbEngine::in_memory().unwrap()))).unwrap();
        // The writer is held until all are waiting, so that they share a group.
        let (open, gate) = channel::<()>();
        let (enter, entered) = channel::<()>();
        let holder = store.clone();
        let held = std::thread::spawn(move || {
            holder.write_blocking("test.hold", stamp(), move |_tx| {
                enter.send(()).map_err(StoreError::engine)?;
                gate.recv().map_err(StoreError::engine)
            })
        });
        entered.recv().unwrap();
        let results = Arc::new(Mutex::new(Vec::new()));
        for keys in [&[b"one" as &[u8]] as &[&[u8]], &[POISON], &[b"two"]] {
            let results = Arc::clone(&results);
            let write = move |tx: &mut WriteTx<'_>| {
                for key in keys {
                    tx.put(Table::Meta, key.to_vec(), b"1".to_vec());
                }
                Ok::<_, StoreError>(())
            };
            let reply = move |result: Result<Written<()>, StoreError>| results.lock().unwrap().push(result.is_ok());
            store.writer.submit(Request::new("test.group", stamp(), write, reply)).unwrap();
        }
        open.send(()).unwrap();
        held.join().unwrap().unwrap();
        drop(put(&store, &[b"last"]));
        let written = results.lock().unwrap().clone();
        let there =
            |key: &'static [u8]| store.read_blocking("test.get", move |tx| tx.get(Table::Meta, key)).unwrap().is_some();
        assert_eq!(written, [there(b"one"), false, true], "what was answered is what is there");
        assert!(there(b"two"));
    }
}
