//! Signatures of texts follow the log: each version's text gets one once it has been read.

use crate::actions::review::history::text;
use crate::actions::{ActionError, Context};
use crate::domain::id::MaterialId;
use crate::domain::material::{Extraction, Version};
use crate::domain::text::likeness::Signature;
use crate::store::pages::PageRow;
use crate::store::{self, ReadTx, WriteTx};
use std::collections::BTreeSet;

/// Under this name the store remembers up to which revision texts have signatures.
const FOLLOWED: &str = "likeness-revision";
/// How many log entries are read at once.
const ENTRIES: usize = 4;
/// How many materials are signed in one transaction.
const MATERIALS: usize = 100;
/// The fields whose change may have changed a text.
const OF_TEXT: [&str; 3] = ["version", "pages", "extraction"];

/// A version whose text is to be read, with its pages.
type Unsigned = (Version, Vec<PageRow>);

/// Signs the texts that the next entries of the log tell of; blocks. Answers whether there were any entries.
///
/// # Errors
/// When a tool fails; the same entries are then looked at again the next time.
pub fn follow_blocking(context: &Context) -> Result<bool, ActionError> {
    let (from, to, ids) = context.store.read_blocking("likeness.follow", |tx| {
        let from = store::meta::get(tx, FOLLOWED)?.and_then(|text| text.parse().ok()).unwrap_or(0);
        let (mut to, mut ids) = (from, BTreeSet::new());
        for entry in store::log::after(tx, from, ENTRIES)? {
            to = entry.revision;
            for change in entry.changes.iter().filter(|change| change.kind == store::log::subject::MATERIAL) {
                if change.fields.iter().any(|field| OF_TEXT.contains(&field.as_str())) {
                    ids.extend(MaterialId::parse(&change.id).ok());
                }
            }
        }
        Ok::<_, ActionError>((from, to, ids))
    })?;
    let ids: Vec<MaterialId> = ids.into_iter().collect();
    for part in ids.chunks(MATERIALS) {
        sign(context, part)?;
    }
    if from != to {
        let remember = move |tx: &mut WriteTx<'_>| {
            store::meta::put(tx, FOLLOWED, &to.to_string());
            Ok::<_, ActionError>(())
        };
        context.store.write_blocking("likeness.followed", context.stamp(), remember)?;
    }
    Ok(from != to)
}

fn sign(context: &Context, ids: &[MaterialId]) -> Result<(), ActionError> {
    let owned = ids.to_vec();
    let unsigned = context.store.read_blocking("likeness.texts", move |tx| {
        let versions = owned.iter().map(|id| unsigned(tx, *id)).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, ActionError>(versions.into_iter().flatten().collect::<Vec<_>>())
    })?;
    let mut signed = Vec::new();
    for (version, rows) in unsigned {
        let (material, number) = (version.material, version.number);
        let signature = Signature::of(&text(context, (version, rows))?);
        signed.extend(signature.map(|signature| (material, number, signature)));
    }
    let put = move |tx: &mut WriteTx<'_>| {
        for (material, number, signature) in &signed {
            // It may have gone meanwhile.
            if store::versions::get(tx, *material, *number)?.is_some() {
                store::signatures::put(tx, *material, *number, signature)?;
            }
        }
        Ok::<_, ActionError>(())
    };
    context.store.write_blocking("likeness.sign", context.stamp(), put)?;
    Ok(())
}

/// The versions of a material whose text is there: the latest, for it may have changed, and those without a signature.
fn unsigned(tx: &dyn ReadTx, id: MaterialId) -> Result<Vec<Unsigned>, ActionError> {
    let Some(material) = store::materials::get(tx, id)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for version in store::versions::list(tx, id)? {
        let is_read = matches!(version.extraction, Extraction::Given | Extraction::Done);
        let is_latest = version.number == material.latest_version;
        if is_read && (is_latest || store::signatures::get(tx, id, version.number)?.is_none()) {
            let rows = store::pages::list(tx, id, version.number)?;
            found.push((version, rows));
        }
    }
    Ok(found)
}
