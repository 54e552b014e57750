//! How much one extraction may cost.

use serde::{Deserialize, Serialize};
use std::time::Duration;

const MEGABYTE: u64 = 1024 * 1024;

/// What one extraction may use; plain values, set by the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Computing time of the child in seconds; the wall clock may show four times that, for busy machines.
    pub cpu_seconds: u64,
    /// Address space of the child.
    pub memory_bytes: u64,
    /// The longest file that is read at all.
    pub input_bytes: u64,
    /// The longest answer that is taken from the child.
    pub output_bytes: u64,
    /// The most pages that a file may have.
    pub pages: u32,
    /// The most that a packed file (DOCX, ODT, EPUB ...) may unpack to.
    pub unpacked_bytes: u64,
    /// The most entries that a packed file may hold.
    pub archive_entries: usize,
    /// Computing time for recognising one page, in seconds; a page may be read four times at most.
    pub ocr_cpu_seconds: u64,
    /// Address space of the recognising program.
    pub ocr_memory_bytes: u64,
}

impl Default for Limits {
    /// Values for a machine of 2 GB: the heaviest real book measured needs a tenth of each.
    fn default() -> Self {
        Self {
            cpu_seconds: 20,
            memory_bytes: 1536 * MEGABYTE,
            input_bytes: 200 * MEGABYTE,
            output_bytes: 64 * MEGABYTE,
            pages: 5_000,
            unpacked_bytes: 400 * MEGABYTE,
            archive_entries: 20_000,
            ocr_cpu_seconds: 60,
            ocr_memory_bytes: 512 * MEGABYTE,
        }
    }
}

impl Limits {
    /// How long the parent waits: a busy machine gives a child a quarter of a core.
    pub fn wall_clock(&self) -> Duration {
        Duration::from_secs(self.cpu_seconds.saturating_mul(4))
    }
}
