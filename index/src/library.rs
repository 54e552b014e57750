//! An index in a folder or in memory.

use crate::error::Error;
use crate::facet::Names;
use crate::lexicon::Synonyms;
use crate::query::{Answer, Hit, Request, View};
use crate::row::Row;
use crate::schema::{FacetField, Fields, fingerprint};
use crate::score::{Curves, Explanation};
use crate::tokens::{TERMS, Terms};
use crate::writer::Writer;
use crate::{query, similar};
use std::fs;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::indexer::IndexWriterOptions;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy};

/// How an index is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// What documents are counted and narrowed by.
    pub facets: Vec<FacetField>,
    /// Memory of the writer in bytes, at least 16 MB; twice that lets two threads write.
    pub writer_memory_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { facets: Vec::new(), writer_memory_bytes: 96 << 20 }
    }
}

/// The most threads that write: one more than this gained nothing while a library also reads its store.
const MAX_WRITER_THREADS: usize = 2;
/// The least memory that each of a writer's threads can work with.
const MIN_WRITER_BYTES: usize = 16 << 20;
/// The file beside the index that says which schema made it.
const FINGERPRINT: &str = "fingerprint";

/// How much an index holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Documents that can be found.
    pub documents: usize,
    /// Their passages.
    pub passages: usize,
}

/// An index; cheap to clone.
#[derive(Clone)]
pub struct Library {
    index: Index,
    reader: IndexReader,
    fields: Arc<Fields>,
    synonyms: Arc<RwLock<Arc<Synonyms>>>,
    names: Arc<Names>,
    writer_memory_bytes: usize,
}

impl Library {
    /// Opens the index in a folder, making an empty one when there is none.
    ///
    /// # Errors
    /// `FingerprintMismatch` when another schema made it; others when it cannot be read.
    pub fn open(folder: &Path, options: Options) -> Result<Self, Error> {
        fs::create_dir_all(folder)?;
        let expected = fingerprint(&options);
        let path = folder.join(FINGERPRINT);
        match fs::read_to_string(&path) {
            Ok(found) if found != expected => return Err(Error::FingerprintMismatch { found, expected }),
            Ok(_) => {}
            Err(_) => fs::write(&path, &expected)?,
        }
        let fields = Fields::new(&options);
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        let index = Index::open_or_create(directory, fields.schema.clone())?;
        Self::with(index, fields, options.writer_memory_bytes)
    }

    /// An index that lives as long as this value.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn in_memory(options: Options) -> Result<Self, Error> {
        let fields = Fields::new(&options);
        let index = Index::create(RamDirectory::create(), fields.schema.clone(), IndexSettings::default())?;
        Self::with(index, fields, options.writer_memory_bytes)
    }

    fn with(index: Index, fields: Fields, writer_memory_bytes: usize) -> Result<Self, Error> {
        index.tokenizers().register(TERMS, TextAnalyzer::from(Terms::default()));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer_memory_bytes = writer_memory_bytes.max(MIN_WRITER_BYTES);
        Ok(Self {
            index,
            reader,
            fields: Arc::new(fields),
            synonyms: Arc::default(),
            names: Arc::default(),
            writer_memory_bytes,
        })
    }

    /// The revision given with the last commit; 0 before the first.
    pub fn revision(&self) -> u64 {
        let payload = self.index.load_metas().ok().and_then(|metas| metas.payload);
        payload.and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// Opens the one writer of the index.
    ///
    /// # Errors
    /// When another writer is open.
    pub fn writer(&self) -> Result<Writer, Error> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.min(MAX_WRITER_THREADS).min(self.writer_memory_bytes / MIN_WRITER_BYTES);
        // One merge at a time: each reads whole segments into memory.
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(self.writer_memory_bytes / threads)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter<Row> = self.index.writer_with_options(options)?;
        Ok(Writer::new(writer, self.reader.clone(), Arc::clone(&self.fields)))
    }

    /// Gives the library words of its own that mean the same, beside those that come with the crate. Each line is
    /// `one = other` (each finds both) or `typed > meant` (the first finds the second too); `#` begins a remark.
    ///
    /// ```
    /// # use hoclieu_index::{Document, Library, Options, Request};
    /// let library = Library::in_memory(Options::default())?;
    /// library.set_synonyms("con cúi = con heo");
    /// let mut writer = library.writer()?;
    /// writer.put(Document { id: "1".into(), title: "Nuôi con heo".into(), ..Document::default() })?;
    /// writer.commit(1)?;
    /// assert_eq!(library.search(&Request::new("con cúi"))?.total, 1);
    /// # Ok::<(), hoclieu_index::Error>(())
    /// ```
    pub fn set_synonyms(&self, lines: &str) {
        *self.synonyms.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Synonyms::parse(lines));
    }

    /// The same library with other words of its own that mean the same; this one keeps those that it has.
    #[must_use]
    pub fn with_synonyms(&self, lines: &str) -> Self {
        let synonyms = Arc::new(RwLock::new(Arc::new(Synonyms::parse(lines))));
        Self { synonyms, ..self.clone() }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// `UnknownFacet` when the request names a facet the index does not have.
    pub fn search(&self, request: &Request) -> Result<Answer, Error> {
        self.view(|view| query::search(view, request))
    }

    /// Says why a document is found, word by word; none when it is not found.
    ///
    /// # Errors
    /// As for [`Library::search`].
    pub fn explain(&self, request: &Request, id: &str) -> Result<Option<Explanation>, Error> {
        self.view(|view| query::explain(view, request, id))
    }

    /// Finds the documents most like one, by its most telling words; none when it is unknown.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn similar(&self, id: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        self.view(|view| similar::similar(view, id, limit))
    }

    /// Finds the documents most like a text that need not be in the index, by its most telling words.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn similar_to(&self, title: &str, text: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        self.view(|view| similar::similar_to(view, title, text, limit))
    }

    fn view<T>(&self, ask: impl FnOnce(View<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let searcher = self.reader.searcher();
        let curves = Curves::of(&searcher, &self.fields)?;
        let synonyms = Arc::clone(&self.synonyms.read().unwrap_or_else(PoisonError::into_inner));
        ask(View {
            searcher: &searcher,
            fields: &self.fields,
            curves: &curves,
            names: &self.names,
            synonyms: &synonyms,
        })
    }

    /// How much the index holds.
    pub fn stats(&self) -> Stats {
        let passages = usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX);
        let everything = Request { limit: 0, ..Request::default() };
        let documents = self.search(&everything).map_or(0, |answer| answer.total);
        Stats { documents, passages }
    }

    /// In how many pieces the index lies: [`Writer::tidy`] makes them fewer.
    pub fn segments(&self) -> usize {
        self.reader.searcher().segment_readers().len()
    }

    /// Reads every part of the index through and compares it with its checksums.
    ///
    /// # Errors
    /// Naming the damaged files.
    pub fn check(&self) -> Result<(), Error> {
        let damaged = self.index.validate_checksum()?;
        if damaged.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
        Err(std::io::Error::other(format!("damaged: {}", names.join(", "))).into())
    }
}
