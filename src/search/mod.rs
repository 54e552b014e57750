//! The search tool: hides the index crate and its folder behind words of the domain. It is fed and never fetches.

mod changes;
mod concerned;
mod generation;
pub mod map;
pub mod suggest;

use crate::domain::facet::Facet;
use crate::domain::id::MaterialId;
use hoclieu_index::{FacetField, Filter, Library, Options, Request, Writer};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

pub use changes::{Rebuild, Update};
pub use concerned::Concerned;
pub use hoclieu_index::text::fold::fold;
pub use hoclieu_index::text::normal::has_marks;
pub use hoclieu_index::text::{Syllable, syllables};
pub use hoclieu_index::{Answer, Document, Explanation, Hit, HitPassage, Part, Sort};

/// Says why the index did not answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// There is no complete generation yet.
    #[error("the index is being built")]
    Building,
    /// The index itself failed.
    #[error(transparent)]
    Index(#[from] hoclieu_index::Error),
    /// Its folder could not be read or written.
    #[error("index folder: {0}")]
    Folder(#[from] std::io::Error),
}

/// A search in words of the domain.
#[derive(Debug, Clone)]
pub struct Query {
    pub text: String,
    pub filters: Vec<(Facet, String)>,
    pub sort: Sort,
    pub limit: usize,
    pub offset: usize,
    pub facets: Vec<Facet>,
    pub budget: Duration,
    /// Takes the words as typed.
    pub exact: bool,
    /// Parts of the text that are names, in bytes: they are taken as typed.
    pub names: Vec<Range<usize>>,
}

/// The index in use and its writer; cheap to clone.
#[derive(Clone)]
pub struct SearchIndex {
    inner: Arc<Inner>,
}

struct Inner {
    folder: Option<PathBuf>,
    writer_memory_bytes: usize,
    current: RwLock<Arc<Library>>,
    /// The revision up to which readers see the log: set once they do, not when it is on disk.
    applied: AtomicU64,
    writer: Mutex<Option<Writer>>,
    /// Words of the library's own that mean the same: each generation is told them.
    synonyms: RwLock<String>,
    ready: AtomicBool,
    tidying: AtomicBool,
    counts: Mutex<Option<(u64, Arc<Counts>)>>,
}

/// How many materials bear each value of each facet.
pub type Counts = BTreeMap<String, BTreeMap<String, usize>>;

/// A change that the index follows.
pub enum Change {
    Put(Box<Document>),
    Remove(MaterialId),
}

/// From so many pieces on, the index is worth tidying.
const UNTIDY: usize = 5;
/// Of days with more changes than this not all are looked at.
const MANY_ON_A_DAY: usize = 1_000;
/// The most passages shown for one material.
const PASSAGES_PER_HIT: usize = 3;

impl SearchIndex {
    /// Opens the generation in use, or makes an empty one.
    ///
    /// The index is not ready when it had to be made: [`SearchIndex::rebuild`] or a first [`SearchIndex::update`] must
    /// fill it, then [`SearchIndex::set_ready`] opens it to readers.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path, writer_memory_bytes: usize) -> Result<Self, SearchError> {
        let found = generation::open_current(folder, writer_memory_bytes)?;
        let ready = found.is_some();
        let library = if let Some(library) = found {
            library
        } else {
            let (path, library) = generation::create(folder, writer_memory_bytes)?;
            generation::publish(folder, &path)?;
            library
        };
        Ok(Self::with(library, Some(folder.to_owned()), writer_memory_bytes, ready))
    }

    /// An index that lives as long as the process.
    ///
    /// # Errors
    /// When the index cannot be made.
    pub fn in_memory(writer_memory_bytes: usize) -> Result<Self, SearchError> {
        let library = Library::in_memory(options(writer_memory_bytes))?;
        Ok(Self::with(library, None, writer_memory_bytes, true))
    }

    fn with(library: Library, folder: Option<PathBuf>, writer_memory_bytes: usize, ready: bool) -> Self {
        let inner = Inner {
            folder,
            writer_memory_bytes,
            applied: AtomicU64::new(library.revision()),
            current: RwLock::new(Arc::new(library)),
            writer: Mutex::new(None),
            synonyms: RwLock::default(),
            ready: AtomicBool::new(ready),
            tidying: AtomicBool::new(false),
            counts: Mutex::new(None),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Whether the index has once held everything it had to.
    pub fn is_ready(&self) -> bool {
        self.inner.ready.load(Ordering::Acquire)
    }

    /// Opens the index to readers.
    pub fn set_ready(&self) {
        self.inner.ready.store(true, Ordering::Release);
    }

    /// The last revision of the log that searches see; 0 for none.
    pub fn revision(&self) -> u64 {
        self.inner.applied.load(Ordering::Acquire)
    }

    fn library(&self) -> Arc<Library> {
        Arc::clone(&self.inner.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives the library words of its own that mean the same, a line for each entry.
    pub fn set_synonyms(&self, lines: &str) {
        let mut kept = self.inner.synonyms.write().unwrap_or_else(PoisonError::into_inner);
        if *kept != lines {
            lines.clone_into(&mut kept);
        }
        self.library().set_synonyms(&kept);
    }

    /// Answers words as if one more line of synonyms were known; blocks.
    ///
    /// # Errors
    /// As [`SearchIndex::search`].
    pub fn search_with_synonyms(
        &self,
        more: &str,
        text: &str,
        (limit, budget): (usize, Duration),
    ) -> Result<Answer, SearchError> {
        if !self.is_ready() {
            return Err(SearchError::Building);
        }
        let known = self.inner.synonyms.read().unwrap_or_else(PoisonError::into_inner).clone();
        let library = self.library().with_synonyms(&format!("{known}\n{more}"));
        Ok(library.search(&Request { limit, deadline: Some(budget), ..Request::new(text) })?)
    }

    /// Answers a search; blocks.
    ///
    /// # Errors
    /// `Building` before the first generation is complete.
    pub fn search(&self, query: Query) -> Result<Answer, SearchError> {
        if !self.is_ready() {
            return Err(SearchError::Building);
        }
        let request = Request {
            query: query.text,
            filters: filters(query.filters),
            sort: query.sort,
            limit: query.limit,
            offset: query.offset,
            facets: query.facets.iter().map(|facet| facet.code().to_owned()).collect(),
            exact: query.exact,
            names: query.names,
            passages_per_hit: PASSAGES_PER_HIT,
            deadline: Some(query.budget),
        };
        Ok(self.library().search(&request)?)
    }

    /// Names the materials that match and changed last: those of the latest days, at least `wanted` where there are so
    /// many, in no order; of a day with very many the newest by date. Blocks.
    ///
    /// # Errors
    /// As [`SearchIndex::search`].
    pub fn latest(&self, query: Query, wanted: usize) -> Result<Vec<MaterialId>, SearchError> {
        if !self.is_ready() {
            return Err(SearchError::Building);
        }
        let library = self.library();
        let mut request = Request {
            query: query.text,
            exact: query.exact,
            names: query.names,
            filters: filters(query.filters),
            facets: vec![map::CHANGED.to_owned()],
            deadline: Some(query.budget),
            ..Request::default()
        };
        let mut days = library.search(&request)?.facets.remove(map::CHANGED).unwrap_or_default();
        days.sort_by(|a, b| b.id.cmp(&a.id));
        let (mut latest, mut sum) = (Vec::new(), 0);
        for day in days {
            if sum >= wanted {
                break;
            }
            sum += day.count;
            latest.push(day.id);
        }
        request.filters.push(Filter { field: map::CHANGED.to_owned(), any_of: latest });
        request.facets.clear();
        request.sort = Sort::DateDesc;
        request.limit = sum.min(MANY_ON_A_DAY);
        let hits = library.search(&request)?.hits;
        let whole = hits.iter().filter(|hit| !hit.partial);
        Ok(whole.filter_map(|hit| MaterialId::parse(&hit.id).ok()).collect())
    }

    /// Says why a material is found by words, part by part; none when it is not found; blocks.
    ///
    /// # Errors
    /// As [`SearchIndex::search`].
    pub fn explain(&self, words: &str, id: MaterialId) -> Result<Option<Explanation>, SearchError> {
        if !self.is_ready() {
            return Err(SearchError::Building);
        }
        let request = Request { passages_per_hit: PASSAGES_PER_HIT, ..Request::new(words) };
        Ok(self.library().explain(&request, &id.to_string())?)
    }

    /// Names the materials most like one, best first; blocks.
    ///
    /// # Errors
    /// When the index fails.
    pub fn similar(&self, id: MaterialId, limit: usize) -> Result<Vec<MaterialId>, SearchError> {
        let hits = self.library().similar(&id.to_string(), limit)?;
        Ok(hits.iter().filter_map(|hit| MaterialId::parse(&hit.id).ok()).collect())
    }

    /// Names the materials most like a text with how much they are, best first; blocks.
    ///
    /// # Errors
    /// When the index fails.
    pub fn similar_to(&self, title: &str, text: &str, limit: usize) -> Result<Vec<(MaterialId, f32)>, SearchError> {
        let hits = self.library().similar_to(title, text, limit)?;
        Ok(hits.iter().filter_map(|hit| Some((MaterialId::parse(&hit.id).ok()?, hit.score))).collect())
    }

    /// How many materials bear each value of each facet, kept until the index changes; blocks.
    ///
    /// # Errors
    /// As [`SearchIndex::search`].
    pub fn counts(&self) -> Result<Arc<Counts>, SearchError> {
        let revision = self.revision();
        let mut kept = self.inner.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, counts)) = &*kept
            && *at == revision
        {
            return Ok(Arc::clone(counts));
        }
        let everything = Query {
            text: String::new(),
            filters: Vec::new(),
            sort: Sort::Relevance,
            limit: 0,
            offset: 0,
            facets: Facet::ALL.to_vec(),
            budget: Duration::from_secs(10),
            exact: false,
            names: Vec::new(),
        };
        let answer = self.search(everything)?;
        let by_facet = answer
            .facets
            .into_iter()
            .map(|(name, values)| (name, values.into_iter().map(|value| (value.id, value.count)).collect()));
        let counts: Arc<Counts> = Arc::new(by_facet.collect());
        *kept = Some((revision, Arc::clone(&counts)));
        Ok(counts)
    }

    /// Begins to change the index in use; blocks while another change is under way.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn update(&self) -> Result<Update<'_>, SearchError> {
        let mut slot = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = match slot.take() {
            Some(writer) => writer,
            None => self.library().writer()?,
        };
        Ok(Update { applied: &self.inner.applied, slot, writer })
    }

    /// Merges what many changes have left in pieces, in a thread of its own; does nothing while one is at it.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn tidy(&self) -> Result<(), SearchError> {
        if self.library().segments() < UNTIDY || self.inner.tidying.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        let begun = self.begin_tidying();
        if !matches!(begun, Ok(true)) {
            self.inner.tidying.store(false, Ordering::Release);
        }
        begun.map(|_| ())
    }

    fn begin_tidying(&self) -> Result<bool, SearchError> {
        let mut slot = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = match &mut *slot {
            Some(writer) => writer,
            None => slot.insert(self.library().writer()?),
        };
        let Some(tidying) = writer.tidy()? else { return Ok(false) };
        let inner = Arc::clone(&self.inner);
        std::thread::Builder::new().name("index-tidy".to_owned()).spawn(move || {
            if let Err(error) = tidying.wait() {
                tracing::warn!(%error, "segments of the index could not be merged");
            }
            inner.tidying.store(false, Ordering::Release);
        })?;
        Ok(true)
    }

    /// Begins a generation beside the one in use.
    ///
    /// # Errors
    /// When its folder cannot be made.
    pub fn rebuild(&self) -> Result<Rebuild, SearchError> {
        let (path, library) = match &self.inner.folder {
            Some(folder) => {
                let (path, library) = generation::create(folder, self.inner.writer_memory_bytes)?;
                (Some(path), library)
            }
            None => (None, Library::in_memory(options(self.inner.writer_memory_bytes))?),
        };
        let writer = library.writer()?;
        Ok(Rebuild { index: self.clone(), path, library, writer })
    }

    /// Reads every segment through; blocks.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub fn check(&self) -> Result<(), SearchError> {
        Ok(self.library().check()?)
    }

    /// How many materials and passages the index holds.
    pub fn size(&self) -> (usize, usize) {
        let stats = self.library().stats();
        (stats.documents, stats.passages)
    }
}

fn options(writer_memory_bytes: usize) -> Options {
    let field = |facet: Facet| FacetField { name: facet.code().to_owned(), hierarchical: facet == Facet::Topic };
    let changed = FacetField { name: map::CHANGED.to_owned(), hierarchical: false };
    Options { facets: Facet::ALL.into_iter().map(field).chain([changed]).collect(), writer_memory_bytes }
}

fn filters(given: Vec<(Facet, String)>) -> Vec<Filter> {
    let mut by_field: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (facet, value) in given {
        by_field.entry(facet.code()).or_default().push(value);
    }
    by_field.into_iter().map(|(field, any_of)| Filter { field: field.to_owned(), any_of }).collect()
}
