//! Looking at a file whose bytes are all there, and naming it. Doing it twice is the same as doing it once: what was
//! received stays until the transaction that names its content is durable.

use super::take::Bring;
use super::{Outcome, Warning};
use crate::actions::error::Noun;
use crate::actions::import::Described;
use crate::actions::intake::{self, Refusal};
use crate::actions::{ActionError, Context, letters};
use crate::domain::actor::Actor;
use crate::domain::id::{JobId, MaterialId};
use crate::domain::material::State;
use crate::domain::review;
use crate::domain::upload::{Progress, Upload};
use crate::store::{self, ReadTx};
use std::sync::Arc;

/// What a file that could not be looked at for now is refused with: it may be looked at again.
const PASSING: &str = "antivirus-unavailable";

/// An upload whose bytes are all there, with what is to be done.
pub(super) struct Whole {
    pub(super) actor: Actor,
    pub(super) upload: Upload,
    pub(super) described: Option<Described>,
    pub(super) publish: bool,
}

/// Checks the file and writes what it becomes. The outer error is the machine's and may pass; the inner one is the
/// file's own.
pub(super) async fn settle(context: &Context, whole: Whole) -> Result<Result<Upload, Refusal>, ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || settle_blocking(&context, whole)).await?
}

fn settle_blocking(context: &Context, whole: Whole) -> Result<Result<Upload, Refusal>, ActionError> {
    let Whole { actor, mut upload, mut described, publish } = whole;
    let partial = context.blobs.partial(&upload.id.to_string())?;
    let mut content = partial.open()?;
    let checked = intake::check(context, &mut content, &upload.name, |_, _| context.blobs.adopt(&partial))?;
    let file = match checked {
        Ok(file) => file,
        Err(refusal) if refusal.code == PASSING => return Err(refusal.into()),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let pages = described.as_mut().map(|described| std::mem::take(&mut described.pages)).unwrap_or_default();
    let stamp = context.stamp_by(&actor);
    let at = stamp.at;
    let bring = Bring {
        actor,
        catalogue: context.catalogue(),
        aim: upload.aim.clone(),
        file: Some(file),
        described,
        rows: Arc::new(intake::page_rows(pages).0),
        publish,
        material: MaterialId(context.clock.fresh_id()),
        job: JobId(context.clock.fresh_id()),
        letters: letters::fresh_ids(context),
    };
    let written = context.store.write_blocking("material.upload", stamp, move |tx| {
        upload.progress = bring.take(tx, at)?;
        upload.touched_at = at;
        store::uploads::put(tx, &upload)?;
        Ok::<_, ActionError>(upload)
    });
    let upload = written?.value;
    partial.remove()?;
    Ok(Ok(upload))
}

/// The material that has an upload's file; nothing while it is on its way or where it was refused.
///
/// # Errors
/// `NotFound` when the material is gone.
pub async fn outcome(context: &Context, upload: &Upload) -> Result<Option<Outcome>, ActionError> {
    let progress = upload.progress.clone();
    context.store.read("upload.outcome", move |tx| read_outcome(tx, &progress)).await
}

/// The same inside a transaction.
pub(super) fn read_outcome(tx: &dyn ReadTx, progress: &Progress) -> Result<Option<Outcome>, ActionError> {
    let Progress::Taken { material: id, version, existing } = progress else { return Ok(None) };
    let missing = || ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
    let material = store::materials::get(tx, *id)?.ok_or_else(missing)?;
    let version = store::versions::get(tx, *id, *version)?.ok_or_else(missing)?;
    let is_public = material.public_version() == Some(version.number);
    Ok(Some(Outcome {
        material: *id,
        version: version.number,
        existing: *existing,
        state: if is_public { State::Published } else { material.working_state() },
        public: is_public,
        lacks: review::lacks(&version.description),
        title: version.description.title,
        extraction: version.extraction,
        page_count: version.page_count,
        warnings: Vec::new(),
    }))
}

/// What the giver should know of what was to be published and was not; nothing where it was.
pub(super) fn unpublished(outcome: &Outcome) -> Option<Warning> {
    let lacks: Vec<&str> = outcome.lacks.iter().map(|required| required.label()).collect();
    let message = match outcome.state {
        _ if outcome.public => return None,
        _ if outcome.existing => {
            "Thư viện đã có tệp này nhưng chưa công bố; yêu cầu công bố không được thực hiện.".to_owned()
        }
        State::InReview => {
            "Tài khoản chưa được tự công bố nên học liệu đã gửi duyệt; người duyệt sẽ công bố.".to_owned()
        }
        _ if lacks.is_empty() => "Tài khoản chưa được tự công bố nên học liệu là bản nháp.".to_owned(),
        _ => format!(
            "Tài khoản chưa được tự công bố, và còn thiếu {} nên chưa gửi duyệt được; học liệu là bản nháp.",
            lacks.join(", ")
        ),
    };
    Some(Warning { code: "not-published", message })
}

/// What the giver should know of a description.
pub(super) fn warnings(described: Option<&Described>) -> Vec<Warning> {
    let ignored = described.into_iter().flat_map(|described| &described.ignored);
    let warn = |name: &String| Warning {
        code: "field-ignored",
        message: format!("Trường «{name}» không dùng khi tải lên nên bị bỏ qua."),
    };
    ignored.map(warn).collect()
}
