//! Bringing a batch, looking after it, agreeing to it.

use super::look::Preview;
use super::{PREVIEW, inbox, missing, own, record};
use crate::actions::uploads::keep_to_shares;
use crate::actions::{ActionError, Context, space};
use crate::domain::actor::Actor;
use crate::domain::batch::{Batch, BatchState};
use crate::domain::id::{AccountId, BatchId, OrganisationId};
use crate::domain::permission::{Object, Verb, may};
use crate::inbox::{Inbox, Watched};
use crate::store::{self, WriteTx};
use std::io::Read;

/// A batch on its way in: nothing of it is noted until all of it is there.
pub struct Incoming {
    inbox: Inbox,
    account: AccountId,
    organisation: OrganisationId,
    id: BatchId,
    name: Option<String>,
    limit_bytes: u64,
    size_bytes: u64,
    /// Nobody has what lies there unless it is handed over.
    handed_over: bool,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.handed_over {
            drop(self.inbox.remove(self.id));
        }
    }
}

/// Begins to take a batch in.
///
/// # Errors
/// `Forbidden` where the actor may not write for the organisation; `Invalid` where the disk is full.
pub fn begin(context: &Context, actor: &Actor, organisation: OrganisationId) -> Result<Incoming, ActionError> {
    let Actor::Account(holder) = actor else { return Err(ActionError::Forbidden) };
    let catalogue = context.catalogue();
    let known = catalogue.organisation(&organisation).is_some_and(|one| one.ended_on.is_none());
    if !known || !may(actor, Verb::Write, &Object::of(&catalogue, &organisation)) {
        return Err(ActionError::Forbidden);
    }
    space::keep_room(context, 0)?;
    Ok(Incoming {
        inbox: inbox(context)?.clone(),
        account: holder.account,
        organisation,
        id: BatchId(context.clock.fresh_id()),
        name: None,
        limit_bytes: context.bounds.batch_bytes,
        size_bytes: 0,
        handed_over: false,
    })
}

impl Incoming {
    /// Takes one file; blocks.
    ///
    /// # Errors
    /// `Invalid` when there is more than may come at once or in a day, or no room.
    pub fn file(&mut self, context: &Context, name: &str, content: &mut dyn Read) -> Result<(), ActionError> {
        // Whose share is full need not send a gigabyte to learn it.
        self.keep_to_shares(context, 1)?;
        let room = |bytes| space::keep_room(context, bytes).is_ok();
        let length = self.inbox.receive(self.id, name, &mut Watched::new(content, &room), self.limit_bytes)?;
        self.limit_bytes -= length;
        self.size_bytes += length;
        self.keep_to_shares(context, 0)?;
        space::keep_room(context, 0)?;
        if self.name.is_none() {
            self.name = Some(crate::domain::file::safe_file_name(name));
        }
        Ok(())
    }

    fn keep_to_shares(&self, context: &Context, more_bytes: u64) -> Result<(), ActionError> {
        let (rules, bytes, now) = (context.bounds.uploads, self.size_bytes + more_bytes, context.now());
        context.store.read_blocking("batch.shares", |tx| keep_to_shares(tx, &rules, self.account, bytes, now))
    }
}

/// Notes a batch of which all is there: from now on it survives anything.
///
/// # Errors
/// `Invalid` when there was no file in it, or when as much was brought for a day meanwhile.
pub async fn done_receiving(context: &Context, actor: &Actor, mut incoming: Incoming) -> Result<BatchId, ActionError> {
    let Some(name) = incoming.name.take() else {
        return Err(ActionError::invalid("file", "batch-empty", "Hãy chọn một tệp ZIP hoặc nhiều tệp."));
    };
    let (id, now) = (incoming.id, context.now());
    let batch = Batch {
        id,
        account: incoming.account,
        organisation: incoming.organisation.clone(),
        name,
        size_bytes: incoming.size_bytes,
        failures: 0,
        state: BatchState::Received,
        created_at: now,
        changed_at: now,
    };
    let rules = context.bounds.uploads;
    let put = move |tx: &mut WriteTx<'_>| {
        keep_to_shares(tx, &rules, batch.account, batch.size_bytes, now)?;
        store::batches::put(tx, &batch)?;
        record(tx, &batch, &["state"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("batch.receive", context.stamp_by(actor), put).await?;
    incoming.handed_over = true;
    Ok(id)
}

/// The actor's batches, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn list(context: &Context, actor: &Actor) -> Result<Vec<Batch>, ActionError> {
    let account = actor.account();
    let all = context.store.read("batch.list", |tx| Ok::<_, ActionError>(store::batches::all(tx)?)).await?;
    Ok(all.into_iter().rev().filter(|batch| Some(batch.account) == account).collect())
}

/// A batch as its owner sees it.
pub struct Waiting {
    pub batch: Batch,
    pub organisation: String,
    /// What was seen of it, once it was looked at.
    pub preview: Option<Preview>,
    /// Whether it may be published as it is taken in.
    pub publishable: bool,
    /// How far the program has come with it: done, of how many, with what.
    pub progress: Option<super::Progressing>,
}

/// Shows a batch.
///
/// # Errors
/// `NotFound` for one that is not the actor's.
pub async fn show(context: &Context, actor: &Actor, id: BatchId) -> Result<Waiting, ActionError> {
    let by = actor.clone();
    let batch = context.store.read("batch.show", move |tx| own(tx, &by, id)).await?;
    let catalogue = context.catalogue();
    let place = inbox(context)?.note(id, PREVIEW);
    let preview = tokio::task::spawn_blocking(move || Preview::read(&place)).await?;
    let organisation = catalogue.organisation(&batch.organisation);
    Ok(Waiting {
        organisation: organisation.map_or_else(|| batch.organisation.to_string(), |one| one.latest_name().to_owned()),
        publishable: may(actor, Verb::Publish, &Object::of(&catalogue, &batch.organisation)),
        progress: context.batches.of(id),
        preview,
        batch,
    })
}

/// Agrees to a batch: its good rows are taken in, as drafts or published.
///
/// # Errors
/// `NotFound`; `Forbidden` where the actor may not publish; `Invalid` when there is nothing to agree to.
pub async fn confirm(context: &Context, actor: &Actor, id: BatchId, publish: bool) -> Result<(), ActionError> {
    space::keep_room(context, 0)?;
    let (catalogue, by, now) = (context.catalogue(), actor.clone(), context.now());
    let confirm = move |tx: &mut WriteTx<'_>| {
        let mut batch = own(tx, &by, id)?;
        let object = Object::of(&catalogue, &batch.organisation);
        if !may(&by, Verb::Write, &object) || publish && !may(&by, Verb::Publish, &object) {
            return Err(ActionError::Forbidden);
        }
        let BatchState::Previewed { good: 1.., .. } = batch.state else {
            let reason = "Lần gửi này không có dòng nào để nhập, hoặc đã được nhập rồi.";
            return Err(ActionError::invalid("state", "batch-nothing", reason));
        };
        batch.state = BatchState::Confirmed { publish };
        batch.changed_at = now;
        store::batches::put(tx, &batch)?;
        record(tx, &batch, &["state"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("batch.confirm", context.stamp_by(actor), confirm).await?;
    Ok(())
}

/// Gives a batch up, with all that lies of it.
///
/// # Errors
/// `NotFound`; `Invalid` while the program works on it.
pub async fn cancel(context: &Context, actor: &Actor, id: BatchId) -> Result<(), ActionError> {
    let by = actor.clone();
    context.store.read("batch.cancel", move |tx| own(tx, &by, id)).await?;
    // Held until all of it is gone: the program does not begin with it meanwhile.
    let Some(_hand) = context.batches.take(id) else {
        let reason = "Máy đang làm việc với lần gửi này; hãy đợi xong rồi bỏ.";
        return Err(ActionError::invalid("state", "batch-busy", reason));
    };
    let by = actor.clone();
    let cancel = move |tx: &mut WriteTx<'_>| {
        let batch = own(tx, &by, id)?;
        store::batches::remove(tx, id);
        record(tx, &batch, &["state"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("batch.cancel", context.stamp_by(actor), cancel).await?;
    let inbox = inbox(context)?.clone();
    tokio::task::spawn_blocking(move || inbox.remove(id)).await?.map_err(|_error| missing(id))
}
