//! What an account has sent lately, and what became of it.

use super::receive::received;
use super::settle::read_outcome;
use super::{Outcome, sender};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::upload::Upload;
use crate::store;

/// An upload with what there is to see of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub upload: Upload,
    pub received_bytes: u64,
    /// The material that has its file; absent too when that has gone since.
    pub outcome: Option<Outcome>,
}

/// The account's latest uploads, the newest first.
///
/// # Errors
/// `Forbidden` for those who have no account.
pub async fn list(context: &Context, actor: &Actor, limit: usize) -> Result<Vec<Sent>, ActionError> {
    let account = sender(actor)?;
    let rows = context.store.read("upload.list", move |tx| {
        let uploads = store::uploads::of(tx, account, limit)?;
        let with_outcome = uploads.into_iter().map(|upload| {
            let outcome = match read_outcome(tx, &upload.progress) {
                Err(ActionError::NotFound { .. }) => None,
                other => other?,
            };
            Ok::<_, ActionError>((upload, outcome))
        });
        with_outcome.collect::<Result<Vec<_>, _>>()
    });
    let sent = rows.await?.into_iter().map(|(upload, outcome)| {
        let received_bytes = received(context, &upload)?;
        Ok(Sent { upload, received_bytes, outcome })
    });
    sent.collect()
}
