//! Bounds on what one search, one file or one index writer may use.

use super::{ConfigError, Options, in_range, megabytes};
use std::time::Duration;

/// Settings of searching and indexing.
#[derive(Debug, Clone)]
pub struct SearchConfig {
    /// The time budget of one search.
    pub budget: Duration,
    /// The memory of the index writer in bytes.
    pub writer_memory_bytes: u64,
}

/// Settings of reading text out of files.
#[derive(Debug, Clone)]
pub struct ExtractConfig {
    /// How many files are read at the same time.
    pub workers: u64,
    pub cpu_seconds: u64,
    pub memory_bytes: u64,
    pub pages: u64,
    /// The most bytes that one file may have.
    pub file_bytes: u64,
    /// The most bytes of documents that are brought in one go.
    pub batch_bytes: u64,
}

/// Settings of recognising scans.
#[derive(Debug, Clone)]
pub struct OcrConfig {
    /// How many scans are read at the same time; 0 leaves them all waiting.
    pub workers: u64,
    /// Computing time for one page.
    pub cpu_seconds: u64,
    pub memory_bytes: u64,
    /// The recognising program, by its name or its path.
    pub tesseract: String,
}

impl SearchConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        let budget_ms = in_range("search_budget_ms", options.search_budget_ms.unwrap_or(500), 10, 60_000)?;
        let memory_mb = in_range("index_memory_mb", options.index_memory_mb.unwrap_or(96), 16, 4096)?;
        Ok(Self { budget: Duration::from_millis(budget_ms), writer_memory_bytes: memory_mb << 20 })
    }
}

impl ExtractConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        Ok(Self {
            workers: in_range("extract_workers", options.extract_workers.unwrap_or(1), 1, 64)?,
            cpu_seconds: in_range("extract_cpu_seconds", options.extract_cpu_seconds.unwrap_or(60), 1, 3600)?,
            memory_bytes: megabytes("extract_memory_mb", options.extract_memory_mb.unwrap_or(1024), 65_536)?,
            pages: in_range("extract_pages", options.extract_pages.unwrap_or(3000), 1, 100_000)?,
            file_bytes: megabytes("file_mb", options.file_mb.unwrap_or(200), 1_048_576)?,
            batch_bytes: megabytes("batch_mb", options.batch_mb.unwrap_or(2048), 1_048_576)?,
        })
    }
}

impl OcrConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        Ok(Self {
            workers: in_range("ocr_workers", options.ocr_workers.unwrap_or(1), 0, 64)?,
            cpu_seconds: in_range("ocr_cpu_seconds", options.ocr_cpu_seconds.unwrap_or(60), 1, 3600)?,
            memory_bytes: megabytes("ocr_memory_mb", options.ocr_memory_mb.unwrap_or(512), 65_536)?,
            tesseract: options.tesseract.clone().unwrap_or_else(|| "tesseract".to_owned()),
        })
    }
}
