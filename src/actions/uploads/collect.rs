//! What is left behind: whole files that nobody looked at, forgotten uploads, and blobs that no row names.

use super::receive::{finish, received};
use crate::actions::accounts::acting;
use crate::actions::{ActionError, Context};
use crate::domain::id::UploadId;
use crate::domain::upload::Upload;
use crate::store;
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

/// A blob that no row names for so long is no longer on its way into one.
const ORPHAN: Duration = Duration::from_hours(24);
/// The same for a file on its way in that no upload names: one that a form is sending.
const STRAY: Duration = Duration::from_hours(24);

/// Forgets what a process that has ended left behind; before the first file is taken.
pub async fn prepare(context: &Context) -> Result<(), ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || forget_blocking(&context, true)).await?
}

/// Looks at whole files whose sender was cut off before they were looked at; answers how many.
pub async fn finish_whole(context: &Context) -> Result<usize, ActionError> {
    let mut finished = 0;
    for upload in all(context).await?.into_iter().filter(Upload::is_receiving) {
        if received(context, &upload)? < upload.size_bytes {
            continue;
        }
        // Whoever has it in hand will see to it.
        let Some(_held) = context.hands.take_idle(upload.id) else { continue };
        let (account, id) = (upload.account, upload.id);
        let read = move |tx: &dyn store::ReadTx| Ok::<_, ActionError>(store::uploads::get(tx, account, id)?);
        let upload = context.store.read("upload.find", read).await?.filter(Upload::is_receiving);
        let Some((upload, actor)) = upload.zip(acting(context, account).await?) else { continue };
        match finish(context, actor, upload).await {
            Ok(_) => finished += 1,
            Err(error) => tracing::warn!(error = %error.with_causes(), "a whole upload could not be taken"),
        }
    }
    Ok(finished)
}

async fn all(context: &Context) -> Result<Vec<Upload>, ActionError> {
    context.store.read("upload.all", |tx| Ok::<_, ActionError>(store::uploads::all(tx)?)).await
}

/// Forgets uploads that are over or given up, and files that no upload names; blocks. At the start nothing is on its
/// way, so that none need be spared.
pub fn forget_blocking(context: &Context, at_start: bool) -> Result<(), ActionError> {
    let stamp = context.stamp();
    let now = stamp.at;
    let forgotten = context.store.write_blocking("upload.forget", stamp, move |tx| {
        let mut kept = BTreeSet::new();
        for upload in store::uploads::all(tx)? {
            let owned = store::accounts::get(tx, upload.account)?.is_some_and(|account| account.login.is_some());
            if !owned || now >= upload.expires_at() {
                store::uploads::remove(tx, &upload);
            } else if upload.is_receiving() {
                // Of those that are done nothing need be left but the row.
                kept.insert(upload.id);
            }
        }
        Ok::<_, ActionError>(kept)
    });
    let kept = forgotten?.value;
    let present = SystemTime::from(now);
    for name in context.blobs.partials()? {
        let partial = context.blobs.partial(&name)?;
        let is_fresh = || partial.touched().is_some_and(|at| present.duration_since(at).is_ok_and(|age| age < STRAY));
        let is_known = UploadId::parse(&name).is_ok_and(|id| kept.contains(&id));
        if !is_known && (at_start || !is_fresh()) {
            partial.remove()?;
        }
    }
    Ok(())
}

/// Takes blobs away that no row has named for a day; blocks. Answers how many.
pub fn orphans_blocking(context: &Context) -> Result<usize, ActionError> {
    let stored = context.blobs.list()?;
    let used =
        context.store.read_blocking("upload.blobs", |tx| Ok::<_, ActionError>(store::files::blobs_in_use(tx)?))?;
    let mut collected = 0;
    for blob in stored.iter().filter(|blob| !used.contains(*blob)) {
        collected += usize::from(context.blobs.remove_older(blob, ORPHAN)?);
    }
    if collected > 0 {
        tracing::info!(collected, "blobs that nothing names were taken away");
    }
    Ok(collected)
}
