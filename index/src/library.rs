//! An index in a folder or in memory.

use crate::error::Error;
use crate::query::{Answer, Hit, Request};
use crate::row::Row;
use crate::schema::{FacetField, Fields, fingerprint};
use crate::writer::Writer;
use crate::{query, similar};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher};

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
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer_memory_bytes = writer_memory_bytes.max(MIN_WRITER_BYTES);
        Ok(Self { index, reader, fields: Arc::new(fields), writer_memory_bytes })
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

    /// Answers a request.
    ///
    /// # Errors
    /// `UnknownFacet` when the request names a facet the index does not have.
    pub fn search(&self, request: &Request) -> Result<Answer, Error> {
        query::search(&self.searcher(), &self.fields, request)
    }

    /// Finds the documents most like one, by its most telling words; none when it is unknown.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn similar(&self, id: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        similar::similar(&self.searcher(), &self.fields, id, limit)
    }

    /// How much the index holds.
    pub fn stats(&self) -> Stats {
        let searcher = self.searcher();
        let passages = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX);
        let everything = Request { limit: 0, ..Request::default() };
        let documents = query::search(&searcher, &self.fields, &everything).map_or(0, |answer| answer.total);
        Stats { documents, passages }
    }

    /// In how many pieces the index lies: [`Writer::tidy`] makes them fewer.
    pub fn segments(&self) -> usize {
        self.searcher().segment_readers().len()
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

    fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}
