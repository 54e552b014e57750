//! Receiving a file in one piece whose length nobody has declared, as forms and programs send it.

use super::receive::full;
use super::settle::{Whole, read_outcome, settle, unpublished, warnings};
use super::{Offer, Outcome, Terms, aims, rules, sender};
use crate::actions::intake::{limit_for, too_large};
use crate::actions::{ActionError, Context, space};
use crate::blobs::{Appending, Partial};
use crate::domain::actor::Actor;
use crate::domain::file::safe_file_name;
use crate::domain::id::UploadId;
use crate::domain::upload::{Aim, Progress, Upload};

/// A file that is being received; forgotten unless it is taken.
pub struct Spool {
    context: Context,
    actor: Actor,
    id: UploadId,
    name: String,
    partial: Partial,
    appending: Option<Appending>,
    limit_bytes: u64,
}

/// Refuses whoever may write nowhere, before a byte is received.
///
/// # Errors
/// `Forbidden`.
pub fn keep_to_writers(context: &Context, actor: &Actor) -> Result<(), ActionError> {
    sender(actor)?;
    aims::keep_to_writers(context, actor)
}

impl Spool {
    /// Begins to receive a file of a name.
    ///
    /// # Errors
    /// `Forbidden` for whoever may write nowhere; `Invalid` when the disk takes no more.
    pub async fn begin(context: &Context, actor: &Actor, name: &str) -> Result<Self, ActionError> {
        keep_to_writers(context, actor)?;
        space::keep_room(context, 0)?;
        let id = UploadId(context.clock.fresh_id());
        let name = safe_file_name(name);
        let partial = context.blobs.partial(&id.to_string())?;
        let appending = Some(partial.append().await?);
        let limit_bytes = limit_for(context, &name);
        Ok(Self { context: context.clone(), actor: actor.clone(), id, name, partial, appending, limit_bytes })
    }

    /// Receives the next piece.
    ///
    /// # Errors
    /// `Invalid` when the file is too long or the disk is full.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), ActionError> {
        let Some(appending) = &mut self.appending else { return Ok(()) };
        let forced = appending.write(piece).await.map_err(full)?;
        if appending.reached() > self.limit_bytes {
            return Err(too_large(self.limit_bytes).into());
        }
        if forced {
            space::keep_room(&self.context, 0)?;
        }
        Ok(())
    }

    /// Makes of the whole file what it is to be.
    ///
    /// # Errors
    /// As the receipt of any upload.
    pub async fn take(mut self, terms: Terms) -> Result<Outcome, ActionError> {
        let Terms { offer, described, publish } = terms;
        let offer = with_told(offer, described.as_ref().and_then(|told| told.organisation.clone()));
        let aim = aims::choose(&self.context, &self.actor, &offer).await?;
        let size_bytes = match self.appending.take() {
            Some(appending) => appending.confirm().await.map_err(full)?,
            None => 0,
        };
        rules::keep_to_length(&self.context, &self.name, size_bytes)?;
        let upload = self.upload(size_bytes, aim).await?;
        let mut warnings = warnings(described.as_ref());
        let whole = Whole { actor: self.actor.clone(), upload, described, publish };
        let upload = settle(&self.context, whole).await??;
        let outcome = self.context.store.read("upload.outcome", move |tx| read_outcome(tx, &upload.progress)).await?;
        let outcome = outcome.ok_or(ActionError::Forbidden)?;
        warnings.extend(unpublished(&outcome).filter(|_| publish));
        Ok(Outcome { warnings, ..outcome })
    }

    /// The row that will tell what became of it.
    async fn upload(&self, size_bytes: u64, aim: Aim) -> Result<Upload, ActionError> {
        let (account, now) = (sender(&self.actor)?, self.context.now());
        let bounds = self.context.bounds.uploads;
        let check = move |tx: &dyn crate::store::ReadTx| rules::keep_to_shares(tx, &bounds, account, size_bytes, now);
        self.context.store.read("upload.shares", check).await?;
        Ok(Upload {
            id: self.id,
            account,
            name: self.name.clone(),
            size_bytes,
            aim,
            created_at: now,
            touched_at: now,
            progress: Progress::Receiving,
        })
    }
}

/// The organisation that the description names, where none was chosen.
fn with_told(offer: Offer, told: Option<crate::domain::id::OrganisationId>) -> Offer {
    Offer { organisation: offer.organisation.or(told), ..offer }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if let Err(error) = self.partial.remove() {
            tracing::warn!(%error, "a received file could not be taken away");
        }
    }
}
