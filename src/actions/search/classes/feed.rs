//! Public classes to come, ready to be found by words: kept in memory at the end of the log.

use super::super::words::{Word, words};
use crate::actions::cards::named_materials;
use crate::actions::indexing::CATALOGUE_KINDS;
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::id::{AreaId, ClassId, MaterialId, MeetingId};
use crate::domain::meeting::Slot;
use crate::store::{self, ReadTx};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// How many rows or log entries are read in one transaction.
const ROWS_PER_READ: usize = 500;
/// What a word in a title counts.
const IN_TITLE: f32 = 3.0;
/// What a word in a topic's label, the type or the audience counts.
const IN_TOPIC: f32 = 2.0;
/// What a word in the summary, a material's title or the centre's name counts.
const IN_TEXT: f32 = 1.0;
/// What a class says in so many words counts most.
const MOST: f32 = IN_TITLE;

/// A class that can be found.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) class: ClassId,
    /// Those that stand, in order of time, each with the areas under which it is found.
    pub(super) meetings: Vec<(Slot, MeetingId, Vec<AreaId>)>,
    /// Words and pairs of words, with marks and without, by what they count.
    terms: HashMap<String, f32>,
}

/// Every class that can be found, by its words.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) entries: Vec<Entry>,
    /// Which entries bear a term, and what it counts there.
    terms: HashMap<String, Vec<(usize, f32)>>,
}

/// The classes in use, and what they were made from.
#[derive(Default)]
pub(crate) struct Classes {
    current: RwLock<Arc<Shelf>>,
    feed: Mutex<Feed>,
}

#[derive(Default)]
struct Feed {
    /// The last revision of the log that was taken in; none before everything was read.
    revision: Option<u64>,
    entries: BTreeMap<ClassId, Entry>,
}

impl Classes {
    pub(super) fn current(&self) -> Arc<Shelf> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The keys of a word with its marks and without; those with marks are told apart by a sign that no word bears.
fn keys(words: &[Word]) -> [String; 2] {
    let join = |form: fn(&Word) -> &str| words.iter().map(form).collect::<Vec<_>>().join(" ");
    [format!("={}", join(Word::marked_form)), join(|word| word.plain.as_str())]
}

/// The words of a text and the pairs of those that stand side by side.
fn terms(words: &[Word]) -> impl Iterator<Item = &[Word]> {
    words.windows(1).chain(words.windows(2))
}

impl Shelf {
    fn of(entries: Vec<Entry>) -> Self {
        let mut terms: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            for (term, counts) in &entry.terms {
                terms.entry(term.clone()).or_default().push((at, *counts));
            }
        }
        Self { entries, terms }
    }

    /// How well each entry bears some words, from nothing to 1; those that bear none are left out.
    #[expect(clippy::cast_precision_loss, reason = "so few classes are counted exactly")]
    pub(super) fn matches(&self, words: &[Word]) -> HashMap<usize, f32> {
        let all = self.entries.len() as f32;
        let (mut sums, mut whole) = (HashMap::<usize, f32>::new(), 0.0);
        for term in terms(words) {
            let [marked, plain] = keys(term);
            let is_sure = term.iter().all(|word| word.has_marks);
            let exact = self.terms.get(&marked);
            let found = if is_sure {
                exact
            } else {
                exact.filter(|_| term.iter().any(|one| one.has_marks)).or_else(|| self.terms.get(&plain))
            };
            let bearing = found.map_or(0, Vec::len) as f32;
            let rarity = (1.0 + all / (1.0 + bearing)).ln();
            // What no class speaks of tells less than what some do.
            let weight = if bearing > 0.0 { rarity } else { rarity / 2.0 };
            let weight = if term.len() > 1 { weight / 2.0 } else { weight };
            whole += weight;
            for (at, counts) in found.into_iter().flatten() {
                *sums.entry(*at).or_default() += weight * (0.6 + 0.4 * counts / MOST);
            }
        }
        sums.into_iter().map(|(at, sum)| (at, sum / whole)).collect()
    }
}

/// Takes in what has changed, and lays the classes out anew if anything has; blocks. Answers whether it did.
///
/// # Errors
/// When the store fails; what was found before then stays.
pub fn refresh(context: &Context) -> Result<bool, ActionError> {
    let mut feed = context.classes.feed.lock().unwrap_or_else(PoisonError::into_inner);
    if !feed.follow(context)? {
        return Ok(false);
    }
    let shelf = Arc::new(Shelf::of(feed.entries.values().cloned().collect()));
    *context.classes.current.write().unwrap_or_else(PoisonError::into_inner) = shelf;
    Ok(true)
}

impl Feed {
    fn follow(&mut self, context: &Context) -> Result<bool, ActionError> {
        let Some(mut revision) = self.revision else {
            self.read_all(context)?;
            return Ok(true);
        };
        let mut changed = false;
        loop {
            let entries = context.store.read_blocking("class.follow", |tx| {
                Ok::<_, ActionError>(store::log::after(tx, revision, ROWS_PER_READ)?)
            })?;
            let Some(last) = entries.last() else { break };
            revision = last.revision;
            let changes = || entries.iter().flat_map(|entry| &entry.changes);
            if changes().any(|change| CATALOGUE_KINDS.contains(&change.kind.as_str())) {
                self.read_all(context)?;
                return Ok(true);
            }
            let classes = changes().filter(|change| change.kind == "class");
            let mut ids: BTreeSet<ClassId> = classes.filter_map(|change| ClassId::parse(&change.id).ok()).collect();
            let materials = changes().filter(|change| change.kind == "material");
            ids.extend(using(context, materials.filter_map(|change| MaterialId::parse(&change.id).ok()).collect())?);
            changed |= !ids.is_empty();
            self.read(context, ids)?;
            self.revision = Some(revision);
        }
        Ok(changed)
    }

    fn read_all(&mut self, context: &Context) -> Result<(), ActionError> {
        let revision = context.latest_revision_blocking()?;
        let all = context.store.read_blocking("class.ids", |tx| Ok::<_, ActionError>(store::classes::ids(tx)?))?;
        self.entries.clear();
        for part in all.chunks(ROWS_PER_READ) {
            self.read(context, part.iter().copied().collect())?;
        }
        self.revision = Some(revision);
        Ok(())
    }

    /// Reads some classes anew; those that are not public, or have no meeting to come, go.
    fn read(&mut self, context: &Context, ids: BTreeSet<ClassId>) -> Result<(), ActionError> {
        let (catalogue, now) = (context.catalogue(), context.now());
        context.store.read_blocking("class.words", |tx| {
            for id in ids {
                let class = store::classes::get(tx, id)?.filter(Class::is_coming);
                let entry = class.map(|class| entry(tx, &catalogue, &class)).transpose()?;
                match entry.filter(|entry| entry.meetings.iter().any(|(slot, ..)| !slot.is_over(now))) {
                    Some(entry) => drop(self.entries.insert(id, entry)),
                    None => drop(self.entries.remove(&id)),
                }
            }
            Ok::<_, ActionError>(())
        })
    }
}

/// The classes that use some materials, whose titles are among their words.
fn using(context: &Context, materials: BTreeSet<MaterialId>) -> Result<BTreeSet<ClassId>, ActionError> {
    context.store.read_blocking("class.using", |tx| {
        let mut found = BTreeSet::new();
        for id in &materials {
            found.extend(store::classes::with_material(tx, *id)?);
        }
        Ok::<_, ActionError>(found)
    })
}

fn entry(tx: &dyn ReadTx, catalogue: &Catalogue, class: &Class) -> Result<Entry, ActionError> {
    let teaching = &class.teaching;
    let meetings = store::meetings::of_class(tx, class.id)?.into_iter().filter(crate::domain::meeting::Meeting::stands);
    let topics = teaching.topics.iter().filter_map(|id| catalogue.topic(id)).flat_map(|topic| {
        let above = topic.id.parent().and_then(|id| catalogue.topic(&id)).map(|above| above.label.clone());
        above.into_iter().chain([topic.label.clone()])
    });
    let audiences = teaching.audiences.iter().map(|one| one.label().to_owned());
    let kinds = topics.chain(audiences).chain([teaching.class_type.label().to_owned()]);
    let languages = teaching.languages.iter().map(|one| one.name_vi().to_owned());
    let materials = named_materials(tx, &teaching.materials)?.into_iter().map(|one| one.name);
    let mut entry = Entry {
        class: class.id,
        meetings: meetings.map(|meeting| (meeting.slot, meeting.id, meeting.areas)).collect(),
        terms: HashMap::new(),
    };
    entry.add(&teaching.title, IN_TITLE);
    kinds.for_each(|text| entry.add(&text, IN_TOPIC));
    materials.chain(languages).chain([teaching.summary.clone()]).for_each(|text| entry.add(&text, IN_TEXT));
    Ok(entry)
}

impl Entry {
    fn add(&mut self, text: &str, counts: f32) {
        let all = words(text);
        for key in terms(&all).flat_map(keys) {
            let known = self.terms.entry(key).or_default();
            *known = known.max(counts);
        }
    }
}
