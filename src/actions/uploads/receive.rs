//! Receiving a file in as many pieces as the line needs: what was confirmed is never asked for again.

use super::hands::Held;
use super::settle::{Whole, settle};
use super::{Offer, aims, find, missing, rules, sender};
use crate::actions::{ActionError, Context, space};
use crate::blobs::{Appending, BlobError};
use crate::domain::actor::Actor;
use crate::domain::file::safe_file_name;
use crate::domain::id::UploadId;
use crate::domain::upload::{Progress, Upload};
use crate::store;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The most unfinished uploads of an account.
const MAX_UNFINISHED: usize = 1_000;
/// A line that is silent for so long has died.
const SILENCE: Duration = Duration::from_mins(1);
/// How many bytes are moved at once.
const STEP: usize = 128 << 10;

/// How much of an upload is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    pub upload: Upload,
    pub received_bytes: u64,
}

/// Begins an upload.
///
/// # Errors
/// `NotFound` or `Forbidden` when nothing can be begun there; `Invalid` when the file is empty or too long, or the account or the disk takes no more.
pub async fn begin(context: &Context, actor: &Actor, offer: Offer, size_bytes: u64) -> Result<Upload, ActionError> {
    let account = sender(actor)?;
    let aim = aims::choose(context, actor, &offer).await?;
    let name = safe_file_name(&offer.name);
    rules::keep_to_length(context, &name, size_bytes)?;
    space::keep_room(context, size_bytes)?;
    let stamp = context.stamp_by(actor);
    let (now, bounds) = (stamp.at, context.bounds.uploads);
    let upload = Upload {
        id: UploadId(context.clock.fresh_id()),
        account,
        name,
        size_bytes,
        aim,
        created_at: now,
        touched_at: now,
        progress: Progress::Receiving,
    };
    let begin = move |tx: &mut store::WriteTx<'_>| {
        rules::keep_to_shares(tx, &bounds, account, size_bytes, now)?;
        let own = store::uploads::of(tx, account, usize::MAX)?;
        if own.iter().filter(|upload| upload.is_receiving()).count() >= MAX_UNFINISHED {
            let reason = format!("Đang có {MAX_UNFINISHED} tệp tải dở. Hãy tải nốt hoặc bỏ bớt rồi thêm tệp mới.");
            return Err(ActionError::Invalid { field: "file", code: "upload-too-many", reason });
        }
        store::uploads::put(tx, &upload)?;
        Ok(upload)
    };
    Ok(context.store.write("upload.begin", stamp, begin).await?.value)
}

/// How much of an upload is there; asking takes it over from a line that has died.
///
/// # Errors
/// `NotFound` when the account has none of this id; `Invalid` with `upload-busy` while it is being checked.
pub async fn state(context: &Context, actor: &Actor, id: UploadId) -> Result<Received, ActionError> {
    find(context, actor, id).await?;
    let _held = context.hands.take(id).await?;
    let upload = find(context, actor, id).await?;
    let received_bytes = received(context, &upload)?;
    Ok(Received { upload, received_bytes })
}

/// All bytes of what is no longer on its way, else those that are there.
pub(super) fn received(context: &Context, upload: &Upload) -> Result<u64, ActionError> {
    if !upload.is_receiving() {
        return Ok(upload.size_bytes);
    }
    Ok(context.blobs.partial(&upload.id.to_string())?.received_bytes())
}

/// Appends what a line brings from a place on; with the last byte the file is checked and becomes what it is to be.
///
/// A line that breaks off leaves what it has brought.
///
/// # Errors
/// `NotFound` when the account has none of this id; `Invalid` with `upload-offset` for another place than the end,
/// `upload-too-long` for more than was declared (of which nothing is kept), `upload-over` for one that is taken or
/// refused, and whatever a file can be refused for.
pub async fn append(
    context: &Context,
    actor: &Actor,
    id: UploadId,
    from: u64,
    line: impl AsyncRead + Unpin + Send + 'static,
) -> Result<Received, ActionError> {
    find(context, actor, id).await?;
    // Whoever asks may go at any moment; what is being written is written to its end all the same.
    let (context, actor) = (context.clone(), actor.clone());
    tokio::spawn(async move { append_all(&context, &actor, id, (from, line)).await }).await?
}

async fn append_all(
    context: &Context,
    actor: &Actor,
    id: UploadId,
    (from, mut line): (u64, impl AsyncRead + Unpin + Send),
) -> Result<Received, ActionError> {
    let mut held = context.hands.take(id).await?;
    let upload = find(context, actor, id).await?;
    if !upload.is_receiving() {
        return Err(ActionError::invalid("upload", "upload-over", "Tệp này đã được xử lý xong, không gửi thêm được."));
    }
    let partial = context.blobs.partial(&id.to_string())?;
    if partial.received_bytes() != from {
        let reason = "Phần gửi lên không nối tiếp phần đã có. Hãy hỏi lại số byte đã nhận rồi gửi tiếp từ đó.";
        return Err(ActionError::invalid("upload", "upload-offset", reason));
    }
    let mut appending = partial.append().await?;
    let copied = copy(context, &mut line, &mut appending, (upload.size_bytes, &mut held)).await;
    match copied {
        Ok(()) => {}
        Err(error @ ActionError::Invalid { code: "upload-too-long", .. }) => {
            appending.take_back().await?;
            return Err(error);
        }
        Err(error) => {
            drop(appending.confirm().await);
            return Err(error);
        }
    }
    let received_bytes = appending.confirm().await.map_err(full)?;
    if received_bytes < upload.size_bytes {
        let upload = if received_bytes > from { touch(context, upload).await? } else { upload };
        return Ok(Received { upload, received_bytes });
    }
    let upload = finish(context, actor.clone(), upload).await?;
    Ok(Received { upload, received_bytes })
}

/// Moves what the line brings until it ends, dies or is taken over.
async fn copy(
    context: &Context,
    line: &mut (impl AsyncRead + Unpin),
    appending: &mut Appending,
    (size_bytes, held): (u64, &mut Held),
) -> Result<(), ActionError> {
    let mut piece = vec![0; STEP];
    loop {
        let read = tokio::select! {
            read = tokio::time::timeout(SILENCE, line.read(&mut piece)) => read,
            () = held.is_wanted() => return Ok(()),
        };
        // What has died has ended: what came before it counts.
        let length = match read {
            Ok(Ok(length)) if length > 0 => length,
            Ok(Ok(_) | Err(_)) | Err(_) => return Ok(()),
        };
        let more = u64::try_from(length).unwrap_or(u64::MAX);
        if appending.reached().saturating_add(more) > size_bytes {
            let reason = "Phần gửi lên dài hơn cỡ tệp đã báo. Hãy kiểm tra tệp rồi gửi lại từ đầu.";
            return Err(ActionError::invalid("upload", "upload-too-long", reason));
        }
        if appending.write(piece.get(..length).unwrap_or_default()).await.map_err(full)? {
            space::keep_room(context, size_bytes.saturating_sub(appending.reached()))?;
        }
    }
}

/// A full disk in words for whoever sends; any other failure as it is.
pub(super) fn full(error: BlobError) -> ActionError {
    match &error {
        BlobError::Folder(cause)
            if matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) =>
        {
            let reason = "Máy chủ hết chỗ chứa, nên tạm thời chưa nhận thêm tệp. Việc đọc và tìm vẫn bình thường. Hãy báo cho quản trị viên.";
            ActionError::invalid("file", "disk-full", reason)
        }
        _ => error.into(),
    }
}

/// Remembers that bytes came.
async fn touch(context: &Context, mut upload: Upload) -> Result<Upload, ActionError> {
    let stamp = context.stamp();
    upload.touched_at = stamp.at;
    let touch = move |tx: &mut store::WriteTx<'_>| {
        store::uploads::put(tx, &upload)?;
        Ok::<_, ActionError>(upload)
    };
    Ok(context.store.write("upload.receive", stamp, touch).await?.value)
}

/// Settles an upload whose bytes are all there; what was refused is remembered with its reason, and its bytes go.
pub(super) async fn finish(context: &Context, actor: Actor, upload: Upload) -> Result<Upload, ActionError> {
    let whole = Whole { actor, upload: upload.clone(), described: None, publish: false };
    let refusal = match settle(context, whole).await {
        Ok(Ok(upload)) => return Ok(upload),
        Ok(Err(refusal)) => ActionError::from(refusal),
        // Roles may have been taken, or the material withdrawn, since it began.
        Err(error @ (ActionError::Forbidden | ActionError::NotFound { .. })) => error,
        Err(error) => return Err(error),
    };
    refuse(context, upload, &refusal).await?;
    Err(refusal)
}

async fn refuse(context: &Context, mut upload: Upload, why: &ActionError) -> Result<(), ActionError> {
    let (code, message) = match why {
        ActionError::Invalid { code, reason, .. } => (*code, reason.clone()),
        _ => ("not-allowed", "Bạn không còn quyền gửi tệp này vào đây.".to_owned()),
    };
    let (id, stamp) = (upload.id, context.stamp());
    upload.progress = Progress::Refused { code: code.to_owned(), message };
    upload.touched_at = stamp.at;
    let refuse = move |tx: &mut store::WriteTx<'_>| Ok::<_, ActionError>(store::uploads::put(tx, &upload)?);
    context.store.write("upload.refuse", stamp, refuse).await?;
    Ok(context.blobs.partial(&id.to_string())?.remove()?)
}

/// Gives an upload up, with all that was received of it.
///
/// # Errors
/// `NotFound` when the account has none of this id; `Invalid` when it has just become a material.
pub async fn give_up(context: &Context, actor: &Actor, id: UploadId) -> Result<(), ActionError> {
    let account = sender(actor)?;
    find(context, actor, id).await?;
    let _held = context.hands.take(id).await?;
    let now = context.now();
    let give_up = move |tx: &mut store::WriteTx<'_>| {
        let upload = store::uploads::get(tx, account, id)?.ok_or_else(|| missing(id))?;
        // What was taken counts towards the day's share.
        if !upload.is_receiving() && upload.counts(now) {
            let reason = "Tệp này đã nhận xong và thành học liệu. Muốn bỏ thì mở bản nháp rồi bỏ bản nháp.";
            return Err(ActionError::invalid("upload", "upload-finished", reason));
        }
        store::uploads::remove(tx, &upload);
        Ok::<_, ActionError>(())
    };
    context.store.write("upload.give-up", context.stamp_by(actor), give_up).await?;
    Ok(context.blobs.partial(&id.to_string())?.remove()?)
}
