//! The store: the truth of the library, as transactions on ordered tables with a log of every change.
//!
//! `Store::read` and `Store::write` each run one closure in one transaction: async outside, blocking inside. Writers
//! are grouped: one thread runs what waits in one engine transaction and commits once. The repositories (one file per
//! noun) are written once over `get / put / remove / range` and know no engine.

pub mod accounts;
mod catalogue;
mod engine;
mod error;
pub mod files;
pub mod jobs;
pub mod key;
pub mod log;
pub mod materials;
pub mod meta;
mod migrate;
pub mod pages;
pub mod proposals;
mod record;
mod redb;
pub mod review;
mod schedule;
mod sent;
pub mod snapshot;
pub mod tables;
pub mod uploads;
pub mod usage;
pub mod versions;
mod writer;

pub use catalogue::{amendments, areas, organisations, synonyms, topics};
pub use engine::{Engine, ReadTx, Scan, WriteTx};
pub use error::StoreError;
pub use log::alterations;
pub use migrate::SCHEMA_VERSION;
pub use review::{remarks, signatures, turns};
pub use schedule::{
    attendance, certificates, classes, courses, learners, meetings, registrations, requests, speakers, storms, venues,
};
pub use sent::{batches, complaints};
pub use writer::{Stamp, Written};

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use tokio::sync::{oneshot, watch};
use writer::{Request, Writer};

/// How a store is opened.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The engine's page cache in bytes.
    pub cache_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_bytes: 32 << 20 }
    }
}

/// A write that the writer has been given.
pub struct Underway<T, E> {
    receiver: Receiver<Result<Written<T>, E>>,
}

impl<T, E: From<StoreError>> Underway<T, E> {
    /// Blocks until the write is durable or has failed.
    ///
    /// # Errors
    /// The closure's own, or the engine's; then nothing was written.
    pub fn wait(self) -> Result<Written<T>, E> {
        self.receiver.recv().unwrap_or_else(|_stopped| Err(StoreError::Stopped.into()))
    }
}

/// A store in use; cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
    writer: Arc<Writer>,
}

impl Store {
    /// Opens the file of a store, making or migrating it first where needed.
    ///
    /// # Errors
    /// `AlreadyOpen` when another process holds it, `NewerSchema` when a later program wrote it.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        Self::with_engine(Arc::new(redb::RedbEngine::open(path, options.cache_bytes)?))
    }

    /// Makes the file of a store that has nothing in it, not even a schema's number, to be filled with another's rows.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin_filling(path: &Path, options: Options) -> Result<snapshot::Filling, StoreError> {
        Ok(snapshot::Filling::new(Box::new(redb::RedbEngine::open(path, options.cache_bytes)?)))
    }

    /// A store that lives as long as the process.
    ///
    /// # Errors
    /// When the engine cannot be set up.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::with_engine(Arc::new(redb::RedbEngine::in_memory()?))
    }

    fn with_engine(engine: Arc<dyn Engine>) -> Result<Self, StoreError> {
        migrate::migrate(engine.as_ref())?;
        let writer = Arc::new(Writer::start(Arc::clone(&engine))?);
        Ok(Self { engine, writer })
    }

    /// Hears of each new revision of the log once it is durable.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.writer.subscribe()
    }

    /// Runs a closure in one read transaction; blocks.
    ///
    /// # Errors
    /// The closure's own, or the engine's.
    pub fn read_blocking<T, E, F>(&self, name: &'static str, read: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&dyn ReadTx) -> Result<T, E>,
    {
        tracing::trace!(name, "read transaction");
        let mut result = None;
        let mut read = Some(read);
        self.engine.read(&mut |tx| {
            result = read.take().map(|read| read(tx));
            Ok(())
        })?;
        result.unwrap_or_else(|| Err(StoreError::Stopped.into()))
    }

    /// Runs a closure in one read transaction.
    ///
    /// # Errors
    /// The closure's own, or the engine's.
    pub async fn read<T, E, F>(&self, name: &'static str, read: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&dyn ReadTx) -> Result<T, E> + Send + 'static,
    {
        let store = self.clone();
        let joined = tokio::task::spawn_blocking(move || store.read_blocking(name, read)).await;
        joined.unwrap_or_else(|_stopped| Err(StoreError::Stopped.into()))
    }

    /// Runs a closure in one write transaction; blocks until it is durable.
    ///
    /// The closure may share its engine transaction with others and must have no effect outside; when it fails,
    /// nothing of it is kept.
    ///
    /// # Errors
    /// The closure's own, or the engine's; then nothing was written.
    pub fn write_blocking<T, E, F>(&self, name: &'static str, stamp: Stamp, write: F) -> Result<Written<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.write_behind(name, stamp, write)?.wait()
    }

    /// Hands a closure to the writer and goes on; what is answered tells how it went.
    ///
    /// # Errors
    /// When the writer has ended.
    pub fn write_behind<T, E, F>(
        &self,
        name: &'static str,
        stamp: Stamp,
        write: F,
    ) -> Result<Underway<T, E>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let reply = move |result| drop(sender.send(result));
        self.writer.submit(Request::new(name, stamp, write, reply))?;
        Ok(Underway { receiver })
    }

    /// Runs a closure in one write transaction; answers once it is durable.
    ///
    /// # Errors
    /// As [`Store::write_blocking`].
    pub async fn write<T, E, F>(&self, name: &'static str, stamp: Stamp, write: F) -> Result<Written<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let reply = move |result| drop(sender.send(result));
        self.writer.submit(Request::new(name, stamp, write, reply))?;
        receiver.await.unwrap_or_else(|_stopped| Err(StoreError::Stopped.into()))
    }
}
