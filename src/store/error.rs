//! What can go wrong in the store.

use std::error::Error;

/// Says why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the file.
    #[error("the store is open in another process")]
    AlreadyOpen,
    /// A later program wrote the store.
    #[error("the store has schema {found}, this program knows {known}")]
    NewerSchema { found: u32, known: u32 },
    /// A row cannot be understood.
    #[error("table {table}: {reason}")]
    Corrupt { table: &'static str, reason: String },
    /// A value that must be unique is taken.
    #[error("{what} is taken")]
    Conflict { what: String },
    /// The writer has ended.
    #[error("the store has been closed")]
    Stopped,
    /// The closure panicked; nothing of it is kept and the writer goes on.
    #[error("transaction {name} panicked: {reason}")]
    Panicked { name: &'static str, reason: String },
    /// The group of writers that this one was committed with could not be committed.
    #[error("commit failed: {0}")]
    Commit(String),
    /// The engine failed.
    #[error("storage engine: {0}")]
    Engine(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// Wraps an engine's own error.
    pub fn engine(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Engine(Box::new(error))
    }
}
