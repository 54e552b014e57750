//! Batches: many documents that come in together, are looked at first, and taken in once someone has agreed.

use crate::domain::id::{AccountId, BatchId, OrganisationId};
use crate::domain::upload::SPAN;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A batch that nobody agreed to is given up after so long …
pub const PATIENCE: TimeDelta = TimeDelta::days(7);
/// … and the report of one that was taken in is kept for so long.
pub const MEMORY: TimeDelta = TimeDelta::days(30);
/// A batch that the program could not work on so often is given up: it must not be in the way of others.
pub const MAX_FAILURES: u32 = 3;
/// The most documents of a batch.
pub const MAX_DOCUMENTS: usize = 5_000;

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BatchState {
    /// All is there and waits to be looked at.
    Received,
    /// It was looked at; nothing of it is in the library.
    Previewed { good: u32, bad: u32, known: u32 },
    /// Someone has agreed; it is being taken in, however often the program is started anew.
    Confirmed { publish: bool },
    /// It was taken in; the report says what became of each document.
    Done { taken: u32, unchanged: u32, refused: u32, published: bool },
    /// It cannot be used at all; in Vietnamese.
    Failed { reason: String },
}

/// Many documents that come in together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub id: BatchId,
    pub account: AccountId,
    pub organisation: OrganisationId,
    /// What the person knows it by: the name of its first file.
    pub name: String,
    /// All that was sent, as it came; once it was opened, as it lies there where that is more.
    #[serde(default)]
    pub size_bytes: u64,
    /// How often the program could not do what was due.
    #[serde(default)]
    pub failures: u32,
    #[serde(flatten)]
    pub state: BatchState,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

impl Batch {
    /// Whether the program has something to do for it.
    pub fn is_due(&self) -> bool {
        matches!(self.state, BatchState::Received | BatchState::Confirmed { .. })
    }

    /// Whether its documents are of no use any more: they were taken in, or never will be.
    pub fn is_spent(&self) -> bool {
        match self.state {
            BatchState::Done { .. } | BatchState::Failed { .. } => true,
            BatchState::Previewed { good, .. } => good == 0,
            BatchState::Received | BatchState::Confirmed { .. } => false,
        }
    }

    /// Whether it is kept no longer.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        let life = if matches!(self.state, BatchState::Done { .. }) { MEMORY } else { PATIENCE };
        !self.is_due() && now - self.changed_at > life
    }

    /// Whether its bytes count towards what may be brought within a day, as those of an upload do: while it waits, and for
    /// a day after it was taken in.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            BatchState::Received | BatchState::Previewed { .. } | BatchState::Confirmed { .. } => true,
            BatchState::Done { .. } => now - self.changed_at < SPAN,
            BatchState::Failed { .. } => false,
        }
    }

    /// What the ids of its documents begin with where a row names none, so that taking it in twice is taking it in once.
    pub fn id_prefix(&self) -> String {
        format!("lo-{}/", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn batch(state: BatchState) -> Batch {
        let at = DateTime::UNIX_EPOCH;
        Batch {
            id: BatchId(Uuid::nil()),
            account: AccountId(Uuid::nil()),
            organisation: OrganisationId::parse("so").unwrap(),
            name: "a.zip".to_owned(),
            size_bytes: 1,
            failures: 0,
            state,
            created_at: at,
            changed_at: at,
        }
    }

    #[test]
    fn what_waits_or_came_in_today_counts_towards_the_day_and_what_failed_does_not() {
        let later = DateTime::UNIX_EPOCH + TimeDelta::hours(25);
        assert!(batch(BatchState::Received).counts(later));
        assert!(batch(BatchState::Previewed { good: 0, bad: 1, known: 0 }).counts(later));
        let done = batch(BatchState::Done { taken: 1, unchanged: 0, refused: 0, published: false });
        assert!(done.counts(later - TimeDelta::hours(2)) && !done.counts(later));
        assert!(!batch(BatchState::Failed { reason: String::new() }).counts(DateTime::UNIX_EPOCH));
    }

    #[test]
    fn documents_are_kept_only_as_long_as_they_may_be_taken_in() {
        assert!(batch(BatchState::Previewed { good: 0, bad: 1, known: 1 }).is_spent());
        assert!(batch(BatchState::Failed { reason: String::new() }).is_spent());
        for state in [
            BatchState::Received,
            BatchState::Previewed { good: 1, bad: 9, known: 0 },
            BatchState::Confirmed { publish: true },
        ] {
            assert!(!batch(state).is_spent());
        }
    }

    #[test]
    fn what_waits_for_the_program_is_never_over() {
        let at: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let later = at + TimeDelta::days(8);
        assert!(batch(BatchState::Previewed { good: 1, bad: 0, known: 0 }).is_over(later));
        assert!(!batch(BatchState::Received).is_over(later + MEMORY));
        assert!(!batch(BatchState::Confirmed { publish: true }).is_over(later + MEMORY));
        let done = batch(BatchState::Done { taken: 1, unchanged: 0, refused: 0, published: false });
        assert!(!done.is_over(later) && done.is_over(later + MEMORY));
    }
}
