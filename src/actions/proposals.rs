//! What is proposed for a draft's empty fields, from its own text and from what is published already.

use crate::actions::cards::cards;
use crate::actions::extraction::ocr;
use crate::actions::materials::{Card, read_page};
use crate::actions::{ActionError, Context, uploads};
use crate::domain::actor::Actor;
use crate::domain::id::{MaterialId, TopicId};
use crate::domain::language::Language;
use crate::domain::material::Description;
use crate::domain::page::Page;
use crate::domain::proposal::{self, Proposal};
use crate::search::SearchError;
use crate::store::{self, ReadTx, WriteTx};
use std::collections::BTreeMap;

/// So many published materials that are like it have a say.
const VOICES: usize = 8;
/// So much of a text is compared, in characters.
const COMPARED_CHARS: usize = 20_000;

/// A text that something is proposed from.
pub(super) struct Source<'a> {
    /// The title that the file gives itself.
    pub(super) title: Option<&'a str>,
    pub(super) pages: &'a [Page],
    /// The most used first.
    pub(super) languages: &'a [Language],
}

/// What a version's text suggests for it.
pub(super) async fn propose(
    context: &Context,
    typed: &Description,
    source: Source<'_>,
) -> Result<Proposal, ActionError> {
    let proposal = Proposal::of_text(source.title, source.pages);
    let title = if typed.title.is_empty() { proposal.title.clone().unwrap_or_default() } else { typed.title.clone() };
    let text = source.pages.iter().map(Page::text).collect::<Vec<_>>().join("\n");
    let text: String = text.chars().take(COMPARED_CHARS).collect();
    Ok(Proposal {
        languages: source.languages.to_vec(),
        topics: topics(context, (title, text), None).await?,
        ..proposal
    })
}

/// Proposes anew for a version whose scanned pages have been read, from all of its text; what was proposed before stays
/// where the text says nothing better. Doing it twice is the same as doing it once.
///
/// # Errors
/// When a tool fails.
pub(super) async fn remake(context: &Context, material: MaterialId, number: u32) -> Result<(), ActionError> {
    let read = move |tx: &dyn ReadTx| {
        let Some(version) = store::versions::get(tx, material, number)? else { return Ok(None) };
        let rows = store::pages::list(tx, material, number)?;
        let before = store::proposals::get(tx, material, number)?.unwrap_or_default();
        Ok::<_, ActionError>(Some((version, rows, before)))
    };
    let Some((version, rows, before)) = context.store.read("proposal.begin", read).await? else { return Ok(()) };
    let (reader, of, typed) = (context.clone(), version.clone(), version.description);
    let languages = ocr::languages(&rows);
    let pages = tokio::task::spawn_blocking(move || {
        rows.into_iter().map(|row| read_page(&reader, &of, row)).collect::<Result<Vec<_>, ActionError>>()
    });
    let source = Source { title: None, pages: &pages.await??, languages: &languages };
    let proposal = propose(context, &typed, source).await?.or(before);
    let keep = move |tx: &mut WriteTx<'_>| {
        // A version that has gone meanwhile stays gone.
        if store::versions::get(tx, material, number)?.is_some() {
            store::proposals::put(tx, material, number, &proposal)?;
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("proposal.remake", context.stamp(), keep).await?;
    Ok(())
}

/// The topics of the published materials that are like a text, and those that it names; `without` is left out of account.
///
/// # Errors
/// When a tool fails.
pub async fn topics(
    context: &Context,
    (title, text): (String, String),
    without: Option<MaterialId>,
) -> Result<Vec<TopicId>, ActionError> {
    let (index, asked) = (context.search.clone(), (title.clone(), text.clone()));
    let like = tokio::task::spawn_blocking(move || index.similar_to(&asked.0, &asked.1, VOICES + 1)).await?;
    let mut like = match like {
        // While the first index is built nothing is like anything.
        Err(SearchError::Building) => return Ok(Vec::new()),
        other => other?,
    };
    like.retain(|(id, _)| Some(*id) != without);
    like.truncate(VOICES);
    let weights: BTreeMap<MaterialId, f32> = like.iter().copied().collect();
    let cards = cards(context, like.into_iter().map(|(id, _)| id).collect()).await?;
    let weight = |card: &Card| weights.get(&card.id).copied().unwrap_or_default();
    let all: f32 = cards.iter().map(weight).sum();
    let mut voices: BTreeMap<TopicId, f32> = BTreeMap::new();
    if all > 0.0 {
        for (card, topic) in cards.iter().flat_map(|card| card.topics.iter().map(move |topic| (card, topic))) {
            *voices.entry(topic.id.clone()).or_default() += weight(card) / all;
        }
    }
    Ok(proposal::topics(voices, context.catalogue().topic_rows(), (&title, &text)))
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
