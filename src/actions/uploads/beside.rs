//! More than one file in a draft: captions or a transcript beside a recording, sent together or one after another.

use super::aims;
use crate::actions::review::describe::editable;
use crate::actions::{ActionError, Context, audit};
use crate::domain::actor::Actor;
use crate::domain::alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::file::{File, are_captions_of, is_named_as_captions};
use crate::domain::id::{AccountId, FileId, JobId, MaterialId, OrganisationId};
use crate::domain::job::{Job, Work};
use crate::domain::material::{Extraction, Material, State, Version};
use crate::domain::upload::{Aim, Progress, SPAN, is_media};
use crate::extract;
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};

/// The draft that the account's own file of the last day has begun and that another file belongs to by its name:
/// captions to a recording, or the other way about.
pub(super) fn partner(
    tx: &dyn ReadTx,
    (account, organisation): (Option<AccountId>, &OrganisationId),
    file: &File,
    at: DateTime<Utc>,
) -> Result<Option<(Material, Version)>, ActionError> {
    let Some(account) = account else { return Ok(None) };
    let fits = |name: &str| are_captions_of(&file.name, name) || are_captions_of(name, &file.name);
    for upload in store::uploads::of(tx, account, usize::MAX)? {
        let Progress::Taken { material, version, existing: false } = upload.progress else { continue };
        let is_near = upload.aim == Aim::Draft(organisation.clone()) && at - upload.touched_at < SPAN;
        if !is_near || !fits(&upload.name) {
            continue;
        }
        let Some(found) = store::materials::get(tx, material)? else { continue };
        let is_draft = found.state == State::Draft && found.published_version.is_none();
        let files = store::files::list(tx, material, version)?;
        // One recording each, and captions of a name once.
        let has_recording = files.iter().any(|other| is_media(&other.media_type));
        let is_free = is_named_as_captions(&file.name) || !has_recording;
        let is_free = is_free && files.iter().all(|other| other.name != file.name);
        if is_draft && found.latest_version == version && is_free {
            return Ok(store::versions::get(tx, material, version)?.map(|version| (found, version)));
        }
    }
    Ok(None)
}

/// A draft that the actor may change, with its latest version.
pub(super) fn draft(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    actor: &Actor,
    id: MaterialId,
) -> Result<(Material, Version), ActionError> {
    aims::writable(tx, catalogue, actor, id)?;
    editable(tx, actor, id, catalogue)
}

/// Refuses what has no words, where words are wanted.
pub(super) fn keep_to_words(file: Option<&File>) -> Result<(), ActionError> {
    let has_words = |file: &File| extract::has_text(&file.media_type) && !file.media_type.starts_with("image/");
    if file.is_none_or(has_words) {
        return Ok(());
    }
    let reason = "Ở đây chỉ nhận tệp phụ đề (.vtt, .srt) hoặc bản chép lời (.txt, .docx, .pdf…).";
    Err(ActionError::invalid("file", "captions-expected", reason))
}

/// Adds a file to a version and has its words read.
pub(super) fn add(
    tx: &mut WriteTx<'_>,
    version: &mut Version,
    file: &File,
    (job, at): (JobId, DateTime<Utc>),
) -> Result<(), ActionError> {
    let file = File { material: version.material, version: version.number, ..file.clone() };
    store::files::put(tx, &file)?;
    version.files.push(file.id);
    if extract::has_text(&file.media_type) {
        read_anew(tx, version, (job, at))?;
    }
    Ok(store::versions::put(tx, version)?)
}

/// Promises that a version's text is read out of its files.
fn read_anew(
    tx: &mut WriteTx<'_>,
    version: &mut Version,
    (job, at): (JobId, DateTime<Utc>),
) -> Result<(), ActionError> {
    version.extraction = Extraction::Pending;
    let work = Work::Extract { material: version.material, version: version.number };
    Ok(store::jobs::promise(tx, &Job::new(job, work, at))?)
}

/// The files of a draft, for whoever may change them.
///
/// # Errors
/// `NotFound` for what the actor may not see, `Forbidden` for what the actor may not write; `Invalid` when nobody may
/// edit it as it stands.
pub async fn files(context: &Context, actor: &Actor, id: MaterialId) -> Result<(Version, Vec<File>), ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let (_, version) = draft(tx, &catalogue, &by, id)?;
        let files = store::files::list(tx, id, version.number)?;
        Ok::<_, ActionError>((version, files))
    };
    context.store.read("material.files", read).await
}

/// Takes captions or a transcript out of a draft, with the text that was read out of them.
///
/// # Errors
/// As [`files`]; `NotFound` for a file that it does not have, or that is its recording.
pub async fn take_away(context: &Context, actor: &Actor, id: MaterialId, gone: FileId) -> Result<(), ActionError> {
    let (catalogue, by, stamp) = (context.catalogue(), actor.clone(), context.stamp_by(actor));
    let (at, job) = (stamp.at, JobId(context.clock.fresh_id()));
    let write = move |tx: &mut WriteTx<'_>| {
        let (mut material, mut version) = draft(tx, &catalogue, &by, id)?;
        let (gone, left): (Vec<File>, Vec<File>) =
            store::files::list(tx, id, version.number)?.into_iter().partition(|file| file.id == gone);
        let has_recording = left.iter().any(|file| is_media(&file.media_type));
        let Some(file) = gone.first().filter(|file| has_recording && extract::has_text(&file.media_type)) else {
            return Err(super::missing_file(gone.first()));
        };
        store::files::remove(tx, file);
        version.files.retain(|other| *other != file.id);
        if left.iter().any(|file| extract::has_text(&file.media_type)) {
            read_anew(tx, &mut version, (job, at))?;
        } else {
            store::pages::remove_all(tx, id, version.number)?;
            version.extraction = Extraction::Given;
            (version.page_count, version.word_count) = (0, 0);
        }
        store::versions::put(tx, &version)?;
        material.touch(at);
        store::materials::put(tx, &material)?;
        let told = alteration::between([("files", file.name.clone(), String::new())]);
        audit::record_material(tx, &material, &["files"], told)
    };
    context.store.write("material.take-file", stamp, write).await?;
    Ok(())
}
