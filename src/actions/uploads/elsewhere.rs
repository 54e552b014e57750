//! Materials without a file: a recording or a page on another site, found by its summary.

use super::settle::{read_outcome, unpublished, warnings};
use super::take::{Bring, nothing_said};
use super::{Outcome, Terms, aims, sender};
use crate::actions::import::{Described, MAX_TITLE_CHARS, clean_line};
use crate::actions::intake;
use crate::actions::{ActionError, Context, letters};
use crate::domain::actor::Actor;
use crate::domain::file::WebLink;
use crate::domain::id::{JobId, MaterialId};
use crate::domain::material::Description;
use std::sync::Arc;

/// Fields that may stand in the place of a file.
const CONTENT: [&str; 3] = ["links", "text", "pages"];

/// Whether a description in JSON says something that may stand in the place of a file.
pub fn is_told_by(json: &[u8]) -> bool {
    let object: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(json).ok();
    object.is_some_and(|object| CONTENT.iter().any(|name| object.contains_key(*name)))
}

/// Begins a material of which there is only what is said.
///
/// # Errors
/// As the receipt of any upload; `Invalid` with `file-part-missing` where nothing is said of it either.
pub async fn begin(context: &Context, actor: &Actor, terms: Terms) -> Result<Outcome, ActionError> {
    sender(actor)?;
    let Terms { mut offer, described, publish } = terms;
    let Some(mut described) = described else {
        return Err(ActionError::invalid(
            "file",
            "file-part-missing",
            "Hãy gửi tệp, hoặc mô tả có liên kết và tóm tắt.",
        ));
    };
    offer.organisation = offer.organisation.or_else(|| described.organisation.clone());
    let aim = aims::choose(context, actor, &offer).await?;
    let mut told = warnings(Some(&described));
    let (rows, _) = intake::page_rows(std::mem::take(&mut described.pages));
    let stamp = context.stamp_by(actor);
    let at = stamp.at;
    let bring = Bring {
        actor: actor.clone(),
        catalogue: context.catalogue(),
        aim,
        file: None,
        described: Some(described),
        rows: Arc::new(rows),
        publish,
        material: MaterialId(context.clock.fresh_id()),
        job: JobId(context.clock.fresh_id()),
        letters: letters::fresh_ids(context),
    };
    let write = move |tx: &mut crate::store::WriteTx<'_>| {
        let progress = bring.take(tx, at)?;
        read_outcome(tx, &progress)?.ok_or(ActionError::Forbidden)
    };
    let outcome = context.store.write("material.begin", stamp, write).await?.value;
    told.extend(unpublished(&outcome).filter(|_| publish));
    Ok(Outcome { warnings: told, ..outcome })
}

/// What a person says of something on another site.
///
/// # Errors
/// `Invalid` for what is missing or no address.
pub fn described(title: &str, links: &str, summary: &str) -> Result<Described, ActionError> {
    let wrong = |field, reason: &str| Err(ActionError::invalid(field, "link-material-incomplete", reason));
    let (title, summary) = (clean_line(title), clean_line(summary));
    let links: Result<Vec<WebLink>, _> = links.split_whitespace().map(WebLink::parse).collect();
    match links {
        Err(_) => wrong("links", "Liên kết phải là địa chỉ bắt đầu bằng https:// hoặc http://, mỗi dòng một địa chỉ."),
        Ok(links) if links.is_empty() => wrong("links", "Hãy ghi ít nhất một liên kết."),
        Ok(_) if title.is_empty() => wrong("title", "Hãy ghi tiêu đề."),
        Ok(_) if title.chars().count() > MAX_TITLE_CHARS => wrong("title", "Tiêu đề quá dài; hãy rút ngắn."),
        Ok(_) if summary.is_empty() => {
            wrong("summary", "Hãy viết tóm tắt: nội dung ở nơi khác chỉ tìm được qua tóm tắt.")
        }
        Ok(links) => {
            let description = Description { title, summary, links, ..nothing_said() };
            Ok(Described::of(description))
        }
    }
}
