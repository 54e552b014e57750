//! What the program does with batches by itself: looks at what came, takes in what was agreed to, one after the other.

use super::look::{Preview, look};
use super::report::write_report;
use super::{PREVIEW, inbox, record};
use crate::actions::accounts;
use crate::actions::import::{self, ImportOptions};
use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::batch::{Batch, BatchState};
use crate::domain::id::BatchId;
use crate::store::{self, WriteTx};
use std::collections::BTreeMap;
use std::fs;
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

    fn done(&self, id: BatchId) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
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

/// Works on the batch that has waited longest; answers whether there was one. Blocks.
///
/// # Errors
/// When a tool fails; the batch then waits for the next time.
pub fn next(context: &Context) -> Result<bool, ActionError> {
    let due = context.store.read_blocking("batch.next", |tx| {
        Ok::<_, ActionError>(store::batches::all(tx)?.into_iter().find(Batch::is_due))
    })?;
    let Some(batch) = due else { return Ok(false) };
    let telling = Telling { batches: context.batches.clone(), id: batch.id };
    let actor = accounts::sessions::actor_of(context, batch.account)?;
    let result = match batch.state {
        BatchState::Confirmed { publish } => take_in(context, &actor, &batch, publish, &telling),
        _ => look_at(context, &actor, &batch, &telling),
    };
    context.batches.done(batch.id);
    let state = match result {
        Ok(state) => state,
        // The batch is at fault: another time would be the same.
        Err(ActionError::Invalid { code, reason, .. }) if code != "disk-full" => BatchState::Failed { reason },
        Err(ActionError::Forbidden) => {
            BatchState::Failed { reason: "Tài khoản không còn quyền nhập cho cơ quan này.".to_owned() }
        }
        Err(error) => return Err(error),
    };
    let done = matches!(state, BatchState::Done { .. });
    settle(context, &actor, batch.id, state)?;
    if done {
        // Only now: a run that was killed before begins again with them.
        inbox(context)?.clear_documents(batch.id)?;
    }
    Ok(true)
}

fn settle(context: &Context, actor: &Actor, id: BatchId, state: BatchState) -> Result<(), ActionError> {
    let now = context.now();
    context.store.write_blocking("batch.settle", context.stamp_by(actor), move |tx: &mut WriteTx<'_>| {
        let Some(mut batch) = store::batches::get(tx, id)? else { return Ok(()) };
        batch.state = state;
        batch.changed_at = now;
        store::batches::put(tx, &batch)?;
        record(tx, &batch, &["state"]);
        Ok::<_, ActionError>(())
    })?;
    Ok(())
}

fn look_at(context: &Context, actor: &Actor, batch: &Batch, telling: &Telling) -> Result<BatchState, ActionError> {
    let inbox = inbox(context)?;
    let folder = inbox.documents(batch.id);
    if !folder.is_dir() {
        return Ok(gone());
    }
    telling.begin("Mở tệp nén", None);
    let one_bytes = context.bounds.file_bytes.max(context.bounds.uploads.media_bytes);
    let out = inbox.unpack(batch.id, one_bytes, context.bounds.batch_bytes.saturating_mul(2))?;
    import::name_table(&folder)?;
    let preview = look(context, batch, (actor, &folder), &out, telling)?;
    let text = serde_json::to_vec(&preview).map_err(ActionError::internal)?;
    fs::write(inbox.note(batch.id, PREVIEW), text)?;
    let (good, bad, known) = preview.counts();
    Ok(BatchState::Previewed { good, bad, known })
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
    let is_refused = |line: &super::Line| summary.problems.iter().any(|problem| names(problem, line));
    let drafts = preview.lines.iter().filter(|l| publish && l.is_good() && !l.lacks.is_empty() && !is_refused(l));
    Ok(BatchState::Done {
        taken: whole(summary.created + summary.updated),
        unchanged: whole(summary.unchanged),
        refused: u32::try_from(refused.count()).unwrap_or(u32::MAX),
        published: publish,
        drafts: u32::try_from(drafts.count()).unwrap_or(u32::MAX),
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
        let mut kept = Vec::new();
        for batch in store::batches::all(tx)? {
            if batch.is_over(now) {
                store::batches::remove(tx, batch.id);
            } else {
                kept.push(batch.id);
            }
        }
        Ok::<_, ActionError>(kept)
    })?;
    let old = |id: &BatchId| {
        let made = id.0.get_timestamp().map(|at| at.to_unix().0);
        made.is_none_or(|made| now.timestamp() - i64::try_from(made).unwrap_or(0) > 24 * 3600)
    };
    for id in folders.iter().filter(|id| !kept.value.contains(id) && old(id)) {
        inbox.remove(*id)?;
    }
    Ok(())
}
