//! How the library is used, counted without knowing by whom: searches, searches in vain, openings, downloads.
//!
//! Counts gather in memory, are written each minute and at the end, and are tidied each day; a crash loses a minute.

mod counters;
mod frequent;
mod report;
mod upkeep;

pub(crate) use counters::Counters;
pub(super) use frequent::{frequent, popular};
pub(in crate::actions) use report::in_vain;
pub use report::{MaterialLine, QueryLine, QueryUse, Report, ReportRequest, period, report};
pub use upkeep::tidy;

use crate::actions::search::{Facet, SearchRequest, SearchResults};
use crate::actions::{ActionError, Context};
use crate::domain::id::{MaterialId, TopicId};
use crate::domain::usage::{self, MaterialCount};
use crate::search::syllables;
use counters::Asked;
use unicode_normalization::UnicodeNormalization;

/// What is known of a request when it is counted; nothing of it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visit {
    /// The same reader has asked for the same thing just before: another part of it, other filters, a reload.
    pub again: bool,
    /// A program that reads everything, or a browser that reads ahead.
    pub robot: bool,
}

impl Visit {
    const fn counts(self) -> bool {
        !self.again && !self.robot
    }
}

/// Counts a search that was answered. One without words is browsing and is not counted.
pub fn searched(context: &Context, visit: Visit, request: &SearchRequest, results: &SearchResults) {
    if !visit.counts() || request.query.is_empty() || request.cursor.is_some() {
        return;
    }
    // What an address narrows to and the library does not know says nothing about the words.
    let in_vain = results.total == 0 && !results.timed_out && !results.unknown_filter;
    let personal = usage::looks_personal(&request.query);
    let read = results.interpretation.read_as.as_deref().unwrap_or(&request.query);
    let words = if personal { None } else { words(read) };
    let asked = words.map(|(key, text)| Asked { key, text, topic: topic(context, request) });
    context.usage.searched(context.today(), asked, in_vain);
}

/// The query in the one form under all its spellings, and as it is shown; none for one that tells too much.
fn words(query: &str) -> Option<(String, String)> {
    let found = syllables(query);
    let shown = found.iter().filter_map(|syllable| query.get(syllable.place.clone()));
    let text = shown.map(|word| word.to_lowercase().nfc().collect::<String>()).collect::<Vec<_>>().join(" ");
    let keys: Vec<&str> = found.iter().map(|syllable| &*syllable.key).collect();
    let fits = (1..=usage::MAX_WORDS).contains(&keys.len()) && text.chars().count() <= usage::MAX_CHARS;
    fits.then(|| (keys.join(" "), text))
}

/// The topic that the search was narrowed to. Only those of the catalogue: an address may name anything.
fn topic(context: &Context, request: &SearchRequest) -> Option<TopicId> {
    let catalogue = context.catalogue();
    let chosen = request.filters.iter().filter(|(facet, _)| *facet == Facet::Topic);
    chosen
        .filter_map(|(_, id)| TopicId::parse(id).ok())
        .find_map(|id| catalogue.topic(&id).map(|topic| topic.id.clone()))
}

/// Counts the opening of a material.
pub fn viewed(context: &Context, visit: Visit, id: MaterialId) {
    if visit.counts() {
        context.usage.used(context.today(), id, MaterialCount { views: 1, downloads: 0 });
    }
}

/// Counts that an original was fetched.
pub fn downloaded(context: &Context, visit: Visit, id: MaterialId) {
    if visit.counts() {
        context.usage.used(context.today(), id, MaterialCount { views: 0, downloads: 1 });
    }
}

/// Writes what has gathered in memory; blocks. What cannot be written stays for the next time.
///
/// # Errors
/// When the store cannot be written.
pub fn flush_blocking(context: &Context) -> Result<(), ActionError> {
    let pending = context.usage.take();
    if pending.is_empty() {
        return Ok(());
    }
    let kept = pending.clone();
    let written = context.store.write_blocking("usage.flush", context.stamp(), move |tx| pending.write(tx));
    if let Err(error) = written {
        context.usage.give_back(kept);
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_query_are_counted_as_one_and_long_ones_not_by_their_words() {
        let (key, text) = words("  Hoà GIẢI, ở cơ sở! ").unwrap();
        assert_eq!(text, "hoà giải ở cơ sở");
        assert_eq!(words("hòa giải ở cơ sở").unwrap().0, key);
        assert_ne!(words("hoa giai o co so").unwrap().0, key);
        assert_eq!(words("…!"), None);
        assert_eq!(words(&"lúa ".repeat(13)), None);
        assert_eq!(words(&"x".repeat(200)), None);
    }
}
