//! Why a material is found, and why where it stands.

use crate::actions::search::{SearchRequest, search};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::id::MaterialId;
use crate::domain::permission::{Object, Verb, may};

pub use crate::search::{Explanation, Part};

/// A search with the reasons for its best results.
#[derive(Debug, Clone, Default)]
pub struct Explained {
    /// What the words were read as, when that differs from what was typed.
    pub read_as: Option<String>,
    pub total: usize,
    pub results: Vec<ExplainedResult>,
}

/// One result with its reasons.
#[derive(Debug, Clone)]
pub struct ExplainedResult {
    /// Its place among the results, from 1; none beyond those that were looked at.
    pub place: Option<usize>,
    pub id: MaterialId,
    pub title: String,
    /// None when the words do not find it.
    pub explanation: Option<Explanation>,
}

/// How many results are explained when no material is named.
const BEST: usize = 3;
/// Among so many a named material is looked for.
const LOOKED_AT: usize = 50;

/// Whether the actor may see why results stand where they stand.
pub fn may_explain(actor: &Actor) -> bool {
    may(actor, Verb::Explain, &Object::province())
}

/// Explains to staff.
///
/// # Errors
/// `Forbidden` to whoever has no role; others as for [`explain`].
pub async fn for_staff(
    context: &Context,
    actor: &Actor,
    words: &str,
    material: Option<&str>,
) -> Result<Explained, ActionError> {
    if may_explain(actor) { explain(context, words, material).await } else { Err(ActionError::Forbidden) }
}

/// Explains the best results for some words, or one material's.
///
/// # Errors
/// `Invalid` when `material` is no identifier; `NotFound` when there is no such material; others as for a search.
pub async fn explain(context: &Context, words: &str, material: Option<&str>) -> Result<Explained, ActionError> {
    let request = SearchRequest { query: words.to_owned(), limit: LOOKED_AT, ..SearchRequest::default() };
    let found = search(context, request).await?;
    let cards = match material {
        Some(text) => vec![named(context, text).await?],
        None => found.items.iter().take(BEST).map(|item| (item.card.id, item.card.title.clone())).collect(),
    };
    let mut results = Vec::with_capacity(cards.len());
    for (id, title) in cards {
        let (index, words) = (context.search.clone(), words.to_owned());
        let explanation = tokio::task::spawn_blocking(move || index.explain(&words, id)).await??;
        let place = found.items.iter().position(|item| item.card.id == id).map(|at| at + 1);
        results.push(ExplainedResult { place, id, title, explanation });
    }
    Ok(Explained { read_as: found.interpretation.read_as, total: found.total, results })
}

async fn named(context: &Context, text: &str) -> Result<(MaterialId, String), ActionError> {
    let id = MaterialId::parse(text).map_err(|_error| ActionError::Invalid {
        field: "material",
        code: "material-id-invalid",
        reason: format!("«{text}» không phải là mã học liệu."),
    })?;
    let view = crate::actions::materials::material(context, id).await?;
    Ok((id, view.card.title))
}
