//! What is proposed for a draft's empty fields, from its own text and from what is published already.

use crate::actions::materials::{Card, cards};
use crate::actions::{ActionError, Context, uploads};
use crate::domain::actor::Actor;
use crate::domain::id::{MaterialId, TopicId};
use crate::domain::material::Description;
use crate::domain::proposal::Proposal;
use crate::extract::Extracted;
use crate::search::SearchError;
use crate::store;
use std::collections::BTreeMap;

/// So many published materials that are like it have a say.
const VOICES: usize = 8;
/// So much of a text is compared, in characters.
const COMPARED_CHARS: usize = 20_000;
/// A topic needs such a share of all that the voices say.
const SHARE: f32 = 0.35;
/// No more topics than these are proposed.
const MOST_TOPICS: usize = 2;

/// What a version's text suggests for it.
pub(super) async fn propose(
    context: &Context,
    typed: &Description,
    extracted: &Extracted,
) -> Result<Proposal, ActionError> {
    let proposal = Proposal::of_text(extracted.title.as_deref(), &extracted.pages);
    let title = if typed.title.is_empty() { proposal.title.clone().unwrap_or_default() } else { typed.title.clone() };
    let text = extracted.pages.iter().map(crate::domain::page::Page::text).collect::<Vec<_>>().join("\n");
    let text: String = text.chars().take(COMPARED_CHARS).collect();
    Ok(Proposal { languages: extracted.languages.clone(), topics: topics(context, title, text).await?, ..proposal })
}

/// The topics that most of the published materials like a text are about.
async fn topics(context: &Context, title: String, text: String) -> Result<Vec<TopicId>, ActionError> {
    let index = context.search.clone();
    let like = tokio::task::spawn_blocking(move || index.similar_to(&title, &text, VOICES)).await?;
    let like = match like {
        // While the first index is built nothing is like anything.
        Err(SearchError::Building) => return Ok(Vec::new()),
        other => other?,
    };
    let weights: BTreeMap<MaterialId, f32> = like.iter().copied().collect();
    let cards = cards(context, like.into_iter().map(|(id, _)| id).collect()).await?;
    let weight = |card: &Card| weights.get(&card.id).copied().unwrap_or_default();
    let all: f32 = cards.iter().map(weight).sum();
    let mut said: BTreeMap<TopicId, f32> = BTreeMap::new();
    for card in &cards {
        for topic in &card.topics {
            *said.entry(topic.id.clone()).or_default() += weight(card);
        }
    }
    let mut topics: Vec<_> = said.into_iter().filter(|(_, weight)| *weight >= all * SHARE).collect();
    topics.sort_by(|a, b| b.1.total_cmp(&a.1));
    Ok(topics.into_iter().take(MOST_TOPICS).map(|(topic, _)| topic).collect())
}

/// What is proposed for those fields of a material's latest version that say nothing yet, for whoever may write it.
///
/// # Errors
/// `NotFound` where the actor does not see the material, `Forbidden` where they may not write it.
pub async fn of(context: &Context, actor: &Actor, id: MaterialId) -> Result<Proposal, ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    context
        .store
        .read("proposal.show", move |tx| {
            let material = uploads::writable(tx, &catalogue, &by, id)?;
            let version = store::versions::get(tx, id, material.latest_version)?;
            let proposal = store::proposals::get(tx, id, material.latest_version)?;
            Ok::<_, ActionError>(match version.zip(proposal) {
                Some((version, proposal)) => proposal.for_empty_fields(&version.description),
                None => Proposal::default(),
            })
        })
        .await
}
