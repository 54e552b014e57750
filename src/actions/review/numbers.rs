//! Document numbers that stand for materials of the library.

use crate::actions::search::{SearchRequest, search};
use crate::actions::{ActionError, Context};
use crate::domain::id::MaterialId;
use crate::store::{self, ReadTx};

/// So many hits of a number are looked at for the one that bears it.
const LOOKED_AT: usize = 20;

/// What was typed, with the ids of public materials in the place of the document numbers that are theirs; what is
/// unknown stays as it is.
pub(super) async fn with_ids(context: &Context, typed: &str) -> Result<String, ActionError> {
    let mut all = Vec::new();
    for text in typed.split([';', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
        let looks_so = text.contains('/') && text.contains(|c: char| c.is_ascii_digit()) && !text.contains("hoc-lieu");
        let found = if looks_so { bearer(context, text).await? } else { None };
        all.push(found.map_or_else(|| text.to_owned(), |id| id.to_string()));
    }
    Ok(all.join("; "))
}

/// Without what people leave out or write otherwise.
fn plain(number: &str) -> String {
    crate::search::fold(number).chars().filter(|c| c.is_alphanumeric() || matches!(c, '/' | '-')).collect()
}

/// The public material that bears a number.
async fn bearer(context: &Context, number: &str) -> Result<Option<MaterialId>, ActionError> {
    let request = SearchRequest { query: number.to_owned(), limit: LOOKED_AT, ..SearchRequest::default() };
    let found: Vec<MaterialId> = search(context, request).await?.items.iter().map(|item| item.card.id).collect();
    let wanted = plain(number);
    let read = move |tx: &dyn ReadTx| {
        for id in found {
            let Some(material) = store::materials::get(tx, id)? else { continue };
            let Some(version) = material.public_version() else { continue };
            let told = store::versions::get(tx, id, version)?.and_then(|version| version.description.document_number);
            if told.is_some_and(|told| plain(&told) == wanted) {
                return Ok(Some(id));
            }
        }
        Ok::<_, ActionError>(None)
    };
    context.store.read("material.by-number", read).await
}
