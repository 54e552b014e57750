//! One request at a time has an upload in hand; a new one takes it over from one whose line has died.

use crate::actions::ActionError;
use crate::domain::id::UploadId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedMutexGuard, watch};

/// How long a request waits for the one before it to let go.
const WAIT: Duration = Duration::from_secs(10);

/// Which uploads are in hand.
#[derive(Debug, Default)]
pub struct Hands {
    all: Mutex<HashMap<UploadId, Arc<Hand>>>,
}

#[derive(Debug)]
struct Hand {
    taken: Arc<tokio::sync::Mutex<()>>,
    /// How many requests have asked for it.
    asked: watch::Sender<u64>,
}

/// An upload in hand; let go when dropped.
pub(super) struct Held {
    hands: Arc<Hands>,
    id: UploadId,
    asked: watch::Receiver<u64>,
    turn: u64,
    _guard: OwnedMutexGuard<()>,
}

impl Hands {
    /// Takes an upload, asking whoever has it to stop.
    ///
    /// # Errors
    /// `Invalid` with the code `upload-busy` when the other does not let go, as while a file is being checked.
    pub(super) async fn take(self: &Arc<Self>, id: UploadId) -> Result<Held, ActionError> {
        let hand = {
            let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(id).or_insert_with(|| Arc::new(Hand::fresh())))
        };
        hand.asked.send_modify(|turn| *turn += 1);
        let asked = hand.asked.subscribe();
        let turn = *asked.borrow();
        let busy = |_late| {
            let reason = "Tệp này đang được xử lý. Hãy đợi một lát rồi thử lại.";
            ActionError::invalid("upload", "upload-busy", reason)
        };
        let guard = tokio::time::timeout(WAIT, Arc::clone(&hand.taken).lock_owned()).await.map_err(busy)?;
        Ok(Held { hands: Arc::clone(self), id, asked, turn, _guard: guard })
    }
}

impl Hands {
    /// Takes an upload that nobody has in hand.
    pub(super) fn take_idle(self: &Arc<Self>, id: UploadId) -> Option<Held> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.contains_key(&id) {
            return None;
        }
        let hand = Hand::fresh();
        let asked = hand.asked.subscribe();
        let guard = Arc::clone(&hand.taken).try_lock_owned().ok()?;
        all.insert(id, Arc::new(hand));
        Some(Held { hands: Arc::clone(self), id, asked, turn: 0, _guard: guard })
    }
}

impl Hand {
    fn fresh() -> Self {
        Self { taken: Arc::default(), asked: watch::Sender::new(0) }
    }
}

impl Held {
    /// Ends when another request wants the upload.
    pub(super) async fn is_wanted(&mut self) {
        let turn = self.turn;
        if self.asked.wait_for(|asked| *asked > turn).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut all = self.hands.all.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits has asked after us, and cleans up in its turn.
        if *self.asked.borrow() == self.turn {
            all.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[tokio::test]
    async fn a_new_request_takes_over_and_nothing_is_remembered_at_the_end() {
        let (hands, id) = (Arc::new(Hands::default()), UploadId(Uuid::nil()));
        let mut first = hands.take(id).await.unwrap();
        let waiting = tokio::spawn({
            let hands = Arc::clone(&hands);
            async move { hands.take(id).await.unwrap() }
        });
        tokio::time::timeout(WAIT, first.is_wanted()).await.expect("the first is told");
        drop(first);
        let mut second = waiting.await.unwrap();
        let alone = tokio::time::timeout(Duration::from_millis(20), second.is_wanted()).await;
        assert!(alone.is_err(), "nobody else wants it");
        drop(second);
        assert!(hands.all.lock().unwrap().is_empty());
    }
}
