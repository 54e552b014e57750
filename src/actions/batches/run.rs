//! What the program does with batches by itself: looks at what came, takes in what was agreed to, one after the other.

use super::look::{Preview, look};
use super::report::write_report;
use super::{DISK_FULL, PREVIEW, inbox, record};
use crate::actions::accounts;
use crate::actions::import::{self, ImportOptions};
use crate::actions::progress::Progress;
use crate::actions::uploads::keep_to_shares;
use crate::actions::{ActionError, Context, space};
use crate::domain::actor::{Actor, Holder};
use crate::domain::batch::{Batch, BatchState, MAX_FAILURES};
use crate::domain::id::BatchId;
use crate::store::{self, ReadTx, WriteTx};
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// How far the program has come with a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progressing {
    pub label: String,
    pub done: u64,
    pub total: Option<u64>,
}

/// What the program works on, for those who look on; lost with the process, which then begins again.
#[derive(Clone, Default)]
pub(crate) struct Batches {
    all: Arc<Mutex<BTreeMap<BatchId, Progressing>>>,
}

impl Batches {
    pub(super) fn of(&self, id: BatchId) -> Option<Progressing> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn with(&self, id: BatchId, act: impl FnOnce(&mut Progressing)) {
        act(self.all.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default());
    }

    /// Takes a batch in hand, so that nobody else works on it or takes it away; none where someone does already.
    pub(super) fn take(&self, id: BatchId) -> Option<Hand> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.contains_key(&id) {
            return None;
        }
        all.insert(id, Progressing { label: "Bắt đầu".to_owned(), ..Progressing::default() });
        drop(all);
        Some(Hand { batches: self.clone(), id })
    }
}

/// A batch in hand.
pub(super) struct Hand {
    batches: Batches,
    id: BatchId,
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.batches.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// Progress of one batch.
struct Telling {
    batches: Batches,
    id: BatchId,
}

impl Progress for Telling {
    fn begin(&self, label: &str, total: Option<u64>) {
        self.batches.with(self.id, |one| *one = Progressing { label: label.to_owned(), done: 0, total });
    }

    fn advance(&self, steps: u64) {
        self.batches.with(self.id, |one| one.done += steps);
    }

    fn say(&self, _line: &str) {}
}

/// A tool broke down over a batch.
#[derive(Debug, thiserror::Error)]
#[error("a tool panicked")]
struct Panicked;

/// Works on the batch that has waited longest among those that failed least; answers whether there was one. Blocks.
///
/// # Errors
/// When a tool fails; the batch then waits behind the others, and is given up when that was often enough.
pub fn next(context: &Context) -> Result<bool, ActionError> {
    let Some((mut batch, _hand)) = due(context)? else { return Ok(false) };
    // A document that breaks a tool is one batch's trouble, not that of all.
    let worked = catch_unwind(AssertUnwindSafe(|| work(context, &mut batch)));
    let state = match worked.unwrap_or_else(|_panic| Err(ActionError::internal(Panicked))) {
        Ok(state) => state,
        // What was agreed to waits for room; what was not must not take the room that is left.
        Err(error) if is_disk_full(&error) && batch.state != BatchState::Received => {
            return put_off(context, &batch).and(Err(error));
        }
        // The batch is at fault: another time would be the same.
        Err(ActionError::Invalid { reason, .. }) => BatchState::Failed { reason },
        Err(ActionError::Forbidden) => {
            BatchState::Failed { reason: "Tài khoản không còn quyền nhập cho cơ quan này.".to_owned() }
        }
        Err(error) if batch.failures + 1 < MAX_FAILURES => return put_off(context, &batch).and(Err(error)),
        Err(error) => {
            tracing::error!(batch = %batch.id, error = %error.with_causes(), "a batch is given up");
            let reason = format!(
                "Máy chủ gặp lỗi với lần gửi này, đã thử {MAX_FAILURES} lần. Hãy nén lại rồi gửi, hoặc báo cho quản trị viên."
            );
            BatchState::Failed { reason }
        }
    };
    let after = Batch { state, changed_at: context.now(), failures: 0, ..batch };
    settle(context, &after)?;
    if after.is_spent() {
        // Only now: a run that was killed before begins again with them.
        inbox(context)?.clear_documents(after.id)?;
    }
    Ok(true)
}

/// The batch that is next, in hand.
fn due(context: &Context) -> Result<Option<(Batch, Hand)>, ActionError> {
    let all = |tx: &dyn ReadTx| Ok::<_, ActionError>(store::batches::all(tx)?);
    let mut waiting = context.store.read_blocking("batch.next", all)?;
    waiting.retain(Batch::is_due);
    waiting.sort_by_key(|batch| batch.failures);
    for id in waiting.iter().map(|batch| batch.id) {
        let Some(hand) = context.batches.take(id) else { continue };
        // Only what is read in hand stays as it was.
        let read = |tx: &dyn ReadTx| Ok::<_, ActionError>(store::batches::get(tx, id)?);
        if let Some(batch) = context.store.read_blocking("batch.next", read)?.filter(Batch::is_due) {
            return Ok(Some((batch, hand)));
        }
    }
    Ok(None)
}

fn is_disk_full(error: &ActionError) -> bool {
    matches!(error, ActionError::Invalid { code: DISK_FULL, .. })
}

fn work(context: &Context, batch: &mut Batch) -> Result<BatchState, ActionError> {
    let telling = Telling { batches: context.batches.clone(), id: batch.id };
    let actor = accounts::sessions::actor_of(context, batch.account)?;
    match batch.state {
        BatchState::Confirmed { publish } => take_in(context, &actor, batch, publish, &telling),
        _ => look_at(context, &actor, batch, &telling),
    }
}

/// Lets the others go first.
fn put_off(context: &Context, batch: &Batch) -> Result<(), ActionError> {
    settle(context, &Batch { failures: batch.failures.saturating_add(1), ..batch.clone() })
}

/// Writes what became of a batch in hand.
fn settle(context: &Context, batch: &Batch) -> Result<(), ActionError> {
    let (stamp, batch) =
        (context.stamp_by(&Actor::Account(Holder { account: batch.account, grants: Vec::new() })), batch.clone());
    context.store.write_blocking("batch.settle", stamp, move |tx: &mut WriteTx<'_>| {
        let Some(before) = store::batches::get(tx, batch.id)? else { return Ok(()) };
        store::batches::put(tx, &batch)?;
        if before.state != batch.state {
            record(tx, &batch, &["state"]);
        }
        Ok::<_, ActionError>(())
    })?;
    Ok(())
}

fn look_at(context: &Context, actor: &Actor, batch: &mut Batch, telling: &Telling) -> Result<BatchState, ActionError> {
    let inbox = inbox(context)?;
    let folder = inbox.documents(batch.id);
    if !folder.is_dir() {
        return Ok(gone());
    }
    telling.begin("Mở tệp nén", None);
    let one_bytes = context.bounds.file_bytes.max(context.bounds.uploads.media_bytes);
    let room = |bytes| space::keep_room(context, bytes).is_ok();
    let out = inbox.unpack(batch.id, one_bytes, context.bounds.batch_bytes.saturating_mul(2), &room)?;
    keep_to_unpacked_share(context, batch, inbox.documents_bytes(batch.id)?)?;
    import::name_table(&folder)?;
    let preview = look(context, batch, (actor, &folder), &out, telling)?;
    let text = serde_json::to_vec(&preview).map_err(ActionError::internal)?;
    fs::write(inbox.note(batch.id, PREVIEW), text)?;
    let (good, bad, known) = preview.counts();
    Ok(BatchState::Previewed { good, bad, known })
}

/// Counts what a batch takes once it is opened: what is packed small must not be a way past the share of a day.
fn keep_to_unpacked_share(context: &Context, batch: &mut Batch, unpacked_bytes: u64) -> Result<(), ActionError> {
    let (rules, now, account) = (context.bounds.uploads, context.now(), batch.account);
    let more_bytes = unpacked_bytes.saturating_sub(batch.size_bytes);
    context.store.read_blocking("batch.shares", |tx| keep_to_shares(tx, &rules, account, more_bytes, now))?;
    batch.size_bytes = batch.size_bytes.max(unpacked_bytes);
    Ok(())
}

fn gone() -> BatchState {
    let reason = "Các tệp của lần gửi này không còn trên máy chủ (có thể vừa phục hồi từ bản sao lưu). Hãy gửi lại.";
    BatchState::Failed { reason: reason.to_owned() }
}

fn take_in(
    context: &Context,
    actor: &Actor,
    batch: &Batch,
    publish: bool,
    telling: &Telling,
) -> Result<BatchState, ActionError> {
    let inbox = inbox(context)?;
    let folder = inbox.documents(batch.id);
    let (Some(preview), true) = (Preview::read(&inbox.note(batch.id, PREVIEW)), folder.is_dir()) else {
        return Ok(gone());
    };
    // Only what was seen and found good is taken in.
    for line in preview.lines.iter().filter(|line| !line.is_good()) {
        for name in std::iter::once(&line.file).chain(&line.captions) {
            drop(fs::remove_file(folder.join(name)));
        }
    }
    let options = ImportOptions { organisation: Some(batch.organisation.clone()), draft: !publish };
    let summary = import::import_for(context, &folder, &options, (actor, &batch.id_prefix()), telling)?;
    write_report(context, batch, &preview, &summary)?;
    let whole = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let refused =
        summary.problems.iter().filter(|problem| preview.lines.iter().any(|l| l.is_good() && names(problem, l)));
    Ok(BatchState::Done {
        taken: whole(summary.created + summary.updated),
        unchanged: whole(summary.unchanged),
        refused: u32::try_from(refused.count()).unwrap_or(u32::MAX),
        published: publish,
    })
}

/// Whether a problem is of a row that was seen.
pub(super) fn names(problem: &import::Problem, line: &super::Line) -> bool {
    if line.line > 0 { problem.line == line.line } else { problem.file == line.file }
}

/// Forgets batches that are over, and folders that no batch has; blocks.
///
/// # Errors
/// When the store or the folder fails.
pub fn tidy(context: &Context) -> Result<(), ActionError> {
    let Some(inbox) = &context.inbox else { return Ok(()) };
    let now = context.now();
    // Read first: a batch that is just coming in has a folder and no row yet.
    let folders = inbox.list()?;
    let kept = context.store.write_blocking("batch.tidy", context.stamp(), move |tx| {
        let (mut kept, mut spent) = (Vec::new(), Vec::new());
        for batch in store::batches::all(tx)? {
            if batch.is_over(now) {
                store::batches::remove(tx, batch.id);
            } else {
                spent.extend(batch.is_spent().then_some(batch.id));
                kept.push(batch.id);
            }
        }
        Ok::<_, ActionError>((kept, spent))
    })?;
    let (kept, spent) = kept.value;
    for id in spent {
        // A run that was killed right after its last word leaves them.
        inbox.clear_documents(id)?;
    }
    let old = |id: &BatchId| {
        let made = id.0.get_timestamp().map(|at| at.to_unix().0);
        made.is_none_or(|made| now.timestamp() - i64::try_from(made).unwrap_or(0) > 24 * 3600)
    };
    for id in folders.iter().filter(|id| !kept.contains(id) && old(id)) {
        inbox.remove(*id)?;
    }
    Ok(())
}
