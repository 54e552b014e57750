//! The acts themselves: one transaction each, with what is said about it, and in the audit trail.

use super::{unreviewed, visible};
use crate::actions::{ActionError, Context, audit, letters};
use crate::clock::beginning_of;
use crate::domain::actor::Actor;
use crate::domain::alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::file::File;
use crate::domain::id::{FileId, JobId, MaterialId};
use crate::domain::job::{Job, Work};
use crate::domain::material::{Extraction, Material, State, Version};
use crate::domain::review::{self, Act, MAX_REMARK_CHARS, Remark, Required};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Months, NaiveDate, Utc};

/// So far ahead a publication may be put.
const FARTHEST: Months = Months::new(24);
/// A version may have so many files; each gets an id of its own when a new version takes it over.
const MOST_FILES: usize = 200;

/// What was looked at by who decides: the version and how often it had been saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub version: u32,
    pub edition: u32,
}

/// An act as it is wanted.
#[derive(Debug, Clone)]
pub struct Wish {
    pub act: Act,
    /// Why, or what else there is to say; may be empty where no reason is needed.
    pub remark: String,
    /// The day of [`Act::Schedule`].
    pub on: Option<NaiveDate>,
    /// What the actor saw; absent where it does not matter.
    pub seen: Option<Seen>,
}

impl Wish {
    /// An act without further words.
    pub fn to(act: Act) -> Self {
        Self { act, remark: String::new(), on: None, seen: None }
    }
}

/// Identifiers made before the transaction, which may run twice.
struct Fresh {
    files: Vec<FileId>,
    job: JobId,
    /// One for each letter; none where no letters are sent.
    letters: Vec<JobId>,
}

impl Fresh {
    fn of(context: &Context) -> Self {
        let files = (0..MOST_FILES).map(|_| FileId(context.clock.fresh_id())).collect();
        Self { files, job: JobId(context.clock.fresh_id()), letters: letters::fresh_ids(context) }
    }
}

/// No way of bringing files in takes so many for one material.
#[derive(Debug, thiserror::Error)]
#[error("a version has {0} files")]
struct TooManyFiles(usize);

const fn name(act: Act) -> &'static str {
    match act {
        Act::Send => "material.send",
        Act::TakeBack => "material.take-back",
        Act::Return => "material.return",
        Act::Publish => "material.publish",
        Act::Schedule => "material.schedule",
        Act::Withdraw => "material.withdraw",
        Act::Restore => "material.restore",
        Act::Revise => "material.revise",
        Act::Discard => "material.drop",
    }
}

/// Does something with a material; answers how it stands then, none when nothing of it is left.
///
/// # Errors
/// `NotFound` for what the actor may not see, `Forbidden` for what the actor may not do; `Invalid` when the act is not
/// possible as the material stands, when something required is missing, or when it was changed since it was looked at.
pub async fn perform(
    context: &Context,
    actor: &Actor,
    id: MaterialId,
    wish: Wish,
) -> Result<Option<Material>, ActionError> {
    let wish = Wish { remark: remark_text(&wish)?, ..wish };
    check_day(context, &wish)?;
    let (catalogue, by, stamp) = (context.catalogue(), actor.clone(), context.stamp_by(actor));
    let name = name(wish.act);
    let at = stamp.at;
    let fresh = Fresh::of(context);
    let write = move |tx: &mut WriteTx<'_>| {
        let (mut material, object) = visible(tx, &by, id, &catalogue)?;
        let unreviewed = unreviewed(&catalogue, &material.organisation);
        let act = wish.act;
        if !review::is_possible(act, &material) {
            return Err(impossible(act, &material));
        }
        if !review::may_do(&by, act, &material, &object, unreviewed) {
            return Err(ActionError::Forbidden);
        }
        check_seen(tx, &material, &wish)?;
        let before = material.clone();
        let is_left = match act {
            Act::Discard => discard(tx, &mut material)?,
            Act::Revise => begin_version(tx, &mut material, &by, (&fresh, at)).map(|()| true)?,
            _ => true,
        };
        let was_due = material.publish_on.is_some();
        review::advance(&mut material, act, wish.on, at);
        if was_due || !is_left {
            forget_due(tx, id)?;
        }
        if is_left {
            store::materials::put(tx, &material)?;
            let version = material.latest_version;
            let remark = Remark::new(at, by.account(), Some(act), (version, wish.remark));
            store::remarks::add(tx, id, &remark)?;
            letters::promise(tx, &catalogue, (act, &material, by.account()), (&fresh.letters, at))?;
        }
        if let Some(on) = material.publish_on {
            let work = Work::Publish { material: id, version: material.latest_version };
            store::jobs::promise(tx, &Job::new(fresh.job, work, beginning_of(on)))?;
        }
        let told = if is_left { alteration::of_standing(&before, &material) } else { Vec::new() };
        audit::record_material(tx, &material, &["state"], told)?;
        Ok(is_left.then_some(material))
    };
    Ok(context.store.write(name, stamp, write).await?.value)
}

/// Sends a draft to review in the transaction that brings it, where it is complete; what is not stays a draft.
pub(in crate::actions) fn send_to_review(
    tx: &mut WriteTx<'_>,
    (catalogue, by): (&Catalogue, &Actor),
    id: MaterialId,
    (letters, at): (&[JobId], DateTime<Utc>),
) -> Result<(), ActionError> {
    let (mut material, _) = visible(tx, by, id, catalogue)?;
    let version = store::versions::get(tx, id, material.latest_version)?;
    let is_complete = version.is_some_and(|version| review::lacks(&version.description).is_empty());
    if !is_complete || !review::is_possible(Act::Send, &material) {
        return Ok(());
    }
    let before = material.clone();
    review::advance(&mut material, Act::Send, None, at);
    store::materials::put(tx, &material)?;
    let told = alteration::of_standing(&before, &material);
    store::alterations::note(tx, (store::log::subject::MATERIAL, &id.to_string()), told)?;
    let version = material.latest_version;
    let remark = Remark::new(at, by.account(), Some(Act::Send), (version, String::new()));
    store::remarks::add(tx, id, &remark)?;
    letters::promise(tx, catalogue, (Act::Send, &material, by.account()), (letters, at))
}

fn remark_text(wish: &Wish) -> Result<String, ActionError> {
    let text = wish.remark.trim();
    if wish.act.needs_reason() && text.is_empty() {
        let reason = "Hãy ghi lý do, để người khác biết vì sao và cần làm gì.";
        return Err(ActionError::invalid("remark", "reason-missing", reason));
    }
    if text.chars().count() > MAX_REMARK_CHARS {
        let reason = format!("Lời nhắn dài quá {MAX_REMARK_CHARS} ký tự; hãy rút ngắn.");
        return Err(ActionError::Invalid { field: "remark", code: "remark-too-long", reason });
    }
    Ok(text.to_owned())
}

/// A scheduled publication lies ahead, but not in another age.
fn check_day(context: &Context, wish: &Wish) -> Result<(), ActionError> {
    let today = context.today();
    let last = today.checked_add_months(FARTHEST).unwrap_or(today);
    match wish.on {
        _ if wish.act != Act::Schedule => Ok(()),
        Some(on) if today < on && on <= last => Ok(()),
        _ => {
            let reason = "Hãy chọn một ngày sau hôm nay, không quá hai năm.";
            Err(ActionError::invalid("publish_on", "publish-day-invalid", reason))
        }
    }
}

fn impossible(act: Act, material: &Material) -> ActionError {
    let state = if act.concerns_the_public() { material.state } else { material.working_state() };
    let reason = format!(
        "Không thể {} lúc này: học liệu đang ở trạng thái “{}”. Có thể người khác vừa thay đổi; hãy mở lại trang.",
        act.label(),
        state.label()
    );
    ActionError::Invalid { field: "act", code: "act-impossible", reason }
}

/// Refuses to decide about what is not complete, or not what was looked at.
fn check_seen(tx: &dyn ReadTx, material: &Material, wish: &Wish) -> Result<(), ActionError> {
    let version = store::versions::get(tx, material.id, material.latest_version)?;
    let Some(version) = version else { return Err(impossible(wish.act, material)) };
    let now = Seen { version: version.number, edition: version.edition };
    if wish.seen.is_some_and(|seen| seen != now) {
        let reason = "Bản này vừa được người khác sửa. Hãy xem lại rồi quyết định.";
        return Err(ActionError::invalid("material", "material-changed", reason));
    }
    let lacks = review::lacks(&version.description);
    if wish.act.needs_complete() && !lacks.is_empty() {
        let names: Vec<&str> = lacks.iter().map(|required: &Required| required.label()).collect();
        let reason = format!("Còn thiếu: {}.", names.join(", "));
        return Err(ActionError::Invalid { field: "description", code: "description-incomplete", reason });
    }
    Ok(())
}

/// Takes the waiting publications of a material away: what has no day any more leaves the queue, too.
pub(in crate::actions) fn forget_due(tx: &mut WriteTx<'_>, id: MaterialId) -> Result<(), ActionError> {
    for job in store::jobs::all(tx)? {
        if matches!(job.work, Work::Publish { material, .. } if material == id) {
            store::jobs::done(tx, &job);
        }
    }
    Ok(())
}

/// Takes a draft away; answers whether something of the material is left.
fn discard(tx: &mut WriteTx<'_>, material: &mut Material) -> Result<bool, ActionError> {
    let (id, number) = (material.id, material.latest_version);
    for file in store::files::list(tx, id, number)? {
        store::files::remove(tx, &file);
    }
    store::versions::remove(tx, id, number)?;
    material.latest_version = number.saturating_sub(1);
    (material.newer, material.publish_on) = (None, None);
    let is_left = material.published_version.is_some();
    if !is_left {
        store::remarks::remove_all(tx, id)?;
        for older in store::versions::list(tx, id)? {
            for file in store::files::list(tx, id, older.number)? {
                store::files::remove(tx, &file);
            }
            store::versions::remove(tx, id, older.number)?;
        }
        store::materials::remove(tx, material)?;
    }
    Ok(is_left)
}

/// Begins the next version as a copy of the latest: its description, files and pages.
fn begin_version(
    tx: &mut WriteTx<'_>,
    material: &mut Material,
    by: &Actor,
    (fresh, at): (&Fresh, DateTime<Utc>),
) -> Result<(), ActionError> {
    let (id, number) = (material.id, material.latest_version);
    let Some(before) = store::versions::get(tx, id, number)? else { return Err(impossible(Act::Revise, material)) };
    let files = store::files::list(tx, id, number)?;
    if files.len() > fresh.files.len() {
        return Err(ActionError::internal(TooManyFiles(files.len())));
    }
    let files = files.into_iter().zip(&fresh.files).map(|(file, id)| File { id: *id, version: number + 1, ..file });
    let files: Vec<File> = files.collect();
    let version = Version {
        number: number + 1,
        files: files.iter().map(|file| file.id).collect(),
        created_at: at,
        made_by: by.account(),
        edition: 0,
        saved: None,
        stays_readable: false,
        ..before
    };
    for file in &files {
        store::files::put(tx, file)?;
    }
    let rows = store::pages::list(tx, id, number)?;
    store::pages::put_all(tx, id, version.number, &rows)?;
    store::versions::put(tx, &version)?;
    if version.extraction == Extraction::Pending {
        let work = Work::Extract { material: id, version: version.number };
        store::jobs::promise(tx, &Job::new(fresh.job, work, at))?;
    }
    material.latest_version = version.number;
    Ok(())
}

/// Makes a scheduled version public when its day has come; doing it twice is the same as doing it once. Answers whether
/// it did.
///
/// # Errors
/// When the store fails.
pub async fn publish_due(context: &Context, id: MaterialId, version: u32) -> Result<bool, ActionError> {
    let (stamp, today, catalogue) = (context.stamp(), context.today(), context.catalogue());
    let (at, fresh) = (stamp.at, Fresh::of(context));
    let publish = move |tx: &mut WriteTx<'_>| {
        let Some(mut material) = store::materials::get(tx, id)? else { return Ok(false) };
        let is_due = material.publish_on.is_some_and(|on| on <= today);
        if !is_due || material.working_state() != State::Scheduled || material.latest_version != version {
            return Ok(false);
        }
        let before = material.clone();
        review::advance(&mut material, Act::Publish, None, at);
        store::materials::put(tx, &material)?;
        let remark = Remark::new(at, None, Some(Act::Publish), (version, String::new()));
        store::remarks::add(tx, id, &remark)?;
        letters::promise(tx, &catalogue, (Act::Publish, &material, None), (&fresh.letters, at))?;
        audit::record_material(tx, &material, &["state"], alteration::of_standing(&before, &material))?;
        Ok::<_, ActionError>(true)
    };
    Ok(context.store.write("material.publish-due", stamp, publish).await?.value)
}
