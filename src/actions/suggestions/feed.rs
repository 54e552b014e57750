//! Keeps what is suggested at the end of the log.

use super::{Suggestions, Target};
use crate::actions::cards::public_rows;
use crate::actions::indexing::CATALOGUE_KINDS;
use crate::actions::{ActionError, Context, usage};
use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::MaterialId;
use crate::domain::organisation::OrganisationKind;
use crate::domain::topic::Topic;
use crate::domain::usage::QueryCount;
use crate::search::suggest::{Entry, Suggester};
use crate::search::syllables;
use crate::store::{self, ReadTx};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::PoisonError;

/// How many rows or log entries are read in one transaction.
const ROWS_PER_READ: usize = 500;

/// What suggestions are made from.
#[derive(Default)]
pub(super) struct Feed {
    /// The last revision of the log that was taken in; none before everything was read.
    revision: Option<u64>,
    titles: BTreeMap<MaterialId, String>,
    /// How often each material was opened lately, and what many have searched, as of a day.
    popular: BTreeMap<MaterialId, u64>,
    queries: Vec<QueryCount>,
    counted_on: Option<NaiveDate>,
}

/// Takes in what has changed, and makes new suggestions if anything has; blocks. Answers whether it did.
///
/// # Errors
/// When the store fails; what was suggested before then stays.
pub fn refresh(context: &Context) -> Result<bool, ActionError> {
    let mut feed = context.suggestions.feed.lock().unwrap_or_else(PoisonError::into_inner);
    let counted = feed.counted_on != Some(context.today());
    if counted {
        feed.queries = usage::frequent(context)?;
        feed.popular = usage::popular(context)?;
        feed.counted_on = Some(context.today());
    }
    if feed.follow(context)? || counted {
        let fresh = Suggester::new(feed.entries(&context.catalogue()));
        Suggestions::replace(&context.suggestions, fresh);
        return Ok(true);
    }
    Ok(false)
}

impl Feed {
    /// Takes in the changes since the last time; answers whether there were any that matter.
    fn follow(&mut self, context: &Context) -> Result<bool, ActionError> {
        let Some(mut revision) = self.revision else {
            self.read_all(context)?;
            return Ok(true);
        };
        let mut changed = false;
        loop {
            let entries = context.store.read_blocking("suggestions.follow", |tx| {
                Ok::<_, ActionError>(store::log::after(tx, revision, ROWS_PER_READ)?)
            })?;
            let Some(last) = entries.last() else { break };
            revision = last.revision;
            let changes = || entries.iter().flat_map(|entry| &entry.changes);
            if changes().any(|change| CATALOGUE_KINDS.contains(&change.kind.as_str())) {
                context.reload_catalogue()?;
                changed = true;
            }
            let materials = changes().filter(|change| change.kind == "material");
            let ids: BTreeSet<MaterialId> = materials.filter_map(|change| MaterialId::parse(&change.id).ok()).collect();
            changed |= !ids.is_empty();
            self.read(context, ids)?;
            self.revision = Some(revision);
        }
        Ok(changed)
    }

    fn read_all(&mut self, context: &Context) -> Result<(), ActionError> {
        let revision = context.latest_revision_blocking()?;
        let mut after = None;
        loop {
            let ids: BTreeSet<MaterialId> = context.store.read_blocking("suggestions.list", |tx| {
                let rows = store::materials::list(tx, after, ROWS_PER_READ)?;
                Ok::<_, ActionError>(rows.into_iter().map(|material| material.id).collect())
            })?;
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            self.read(context, ids)?;
        }
        self.revision = Some(revision);
        Ok(())
    }

    /// Reads the titles of some materials anew; those that are not public go.
    fn read(&mut self, context: &Context, ids: BTreeSet<MaterialId>) -> Result<(), ActionError> {
        context.store.read_blocking("suggestions.titles", |tx: &dyn ReadTx| {
            for id in ids {
                match public_rows(tx, id)? {
                    Some((_, version)) => drop(self.titles.insert(id, version.description.title)),
                    None => drop(self.titles.remove(&id)),
                }
            }
            Ok::<_, ActionError>(())
        })
    }

    fn entries(&self, catalogue: &Catalogue) -> Vec<Entry<Target>> {
        let mut entries = named(catalogue);
        let mut known: HashSet<String> = entries.iter().map(|entry| key(&entry.text)).collect();
        for (id, title) in &self.titles {
            if known.insert(key(title)) {
                let opened = self.popular.get(id).copied().unwrap_or_default();
                entries.push(entry(title, Target::Material(*id), TITLE + bounded(opened)));
            }
        }
        let words = if self.queries.is_empty() { HashSet::new() } else { words(&entries) };
        // What is offered to everyone must be made of the library's own words: no names, no abuse.
        let is_ours = |query: &&QueryCount| syllables(&query.text).iter().all(|word| words.contains(&*word.key));
        for query in self.queries.iter().filter(is_ours) {
            if known.insert(key(&query.text)) {
                entries.push(entry(&query.text, Target::Query, QUERY + bounded(query.searches)));
            }
        }
        entries
    }
}

/// Weights: what is in use before what is past, few before many, and within [`SPREAD`] the more used first.
const TOPIC: u32 = 50_000;
const QUERY: u32 = 40_000;
const TITLE: u32 = 30_000;
const ORGANISATION: u32 = 25_000;
const AREA: u32 = 20_000;
const PAST: u32 = 10_000;
const SPREAD: u32 = 9_999;

fn bounded(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(SPREAD).min(SPREAD)
}

fn entry(text: &str, kind: Target, weight: u32) -> Entry<Target> {
    Entry { text: text.to_owned(), kind, weight }
}

/// Topics, organisations under every name they have borne, and areas, former ones included.
fn named(catalogue: &Catalogue) -> Vec<Entry<Target>> {
    let groups = catalogue.topics_below(None);
    let topics = groups.iter().flat_map(|group| catalogue.topics_below(Some(&group.id)).into_iter().chain([*group]));
    let labels = |topic: &Topic| {
        let former = topic.former_labels.iter().map(|label| entry(label, Target::Topic(topic.id.clone()), PAST));
        former.chain([entry(&topic.label, Target::Topic(topic.id.clone()), TOPIC)]).collect::<Vec<_>>()
    };
    let mut entries: Vec<_> = topics.flat_map(labels).collect();
    for organisation in catalogue.organisations().filter(|organisation| organisation.kind != OrganisationKind::System) {
        let last = organisation.names.len().saturating_sub(1);
        for (at, name) in organisation.names.iter().enumerate() {
            let weight = if at == last && organisation.ended_on.is_none() { ORGANISATION } else { PAST };
            let forms = [Some(&name.name), name.short_name.as_ref()];
            let forms = forms.into_iter().flatten();
            entries.extend(forms.map(|form| entry(form, Target::Organisation(organisation.id.clone()), weight)));
        }
    }
    for area in catalogue.areas() {
        let weight = if area.valid_to.is_none() { AREA } else { PAST };
        let lower = u32::from(area.level != AreaLevel::Commune);
        entries.push(entry(&area.full_name, Target::Area(area.id.clone()), weight - lower));
        let former = area.former_names.iter().map(|former| &former.full_name);
        entries.extend(former.map(|name| entry(name, Target::Area(area.id.clone()), PAST - lower)));
    }
    entries
}

/// The words of some texts in the one form under all their spellings.
fn words(entries: &[Entry<Target>]) -> HashSet<String> {
    entries.iter().flat_map(|entry| syllables(&entry.text)).map(|word| word.key.to_string()).collect()
}

fn key(text: &str) -> String {
    let keys: Vec<String> = syllables(text).into_iter().map(|word| word.key.to_string()).collect();
    keys.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn query(text: &str, searches: u64) -> QueryCount {
        QueryCount { text: text.to_owned(), searches, in_vain: 0 }
    }

    #[test]
    fn queries_are_offered_when_they_are_made_of_the_librarys_words_and_say_something_new() {
        let mut feed = Feed::default();
        feed.titles.insert(MaterialId(Uuid::from_u128(1)), "Kỹ thuật trồng lúa mùa mưa".to_owned());
        feed.titles.insert(MaterialId(Uuid::from_u128(2)), "Trồng nấm rơm".to_owned());
        feed.queries = vec![query("trồng lúa", 9), query("trồng nấm rơm", 5), query("ông teo trồng lúa", 70)];
        let entries = feed.entries(&Catalogue::default());
        let offered: Vec<_> = entries.iter().filter(|entry| entry.kind == Target::Query).collect();
        assert_eq!(offered.len(), 1);
        assert_eq!(offered[0].text, "trồng lúa");
    }
}
