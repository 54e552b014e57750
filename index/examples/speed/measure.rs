//! Clocks, sizes and memory.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What the kernel counts for this thread in nanoseconds. It brings its counts up to date when a thread gives up the core,
/// so that is done first.
fn counts() -> Result<[f64; 2], Box<dyn Error>> {
    std::thread::yield_now();
    let counts = fs::read_to_string("/proc/thread-self/schedstat")?;
    let mut counts = counts.split_whitespace().map(str::parse);
    match (counts.next(), counts.next()) {
        (Some(computed), Some(waited)) => Ok([computed?, waited?]),
        _ => Err("no counts of this thread".into()),
    }
}

/// The computing time of this thread so far in milliseconds; what other programs do meanwhile does not count.
pub(crate) fn cpu_ms() -> Result<f64, Box<dyn Error>> {
    Ok(counts()?[0] / 1e6)
}

/// The milliseconds that this thread has been ready and had no core, so far.
pub(crate) fn without_core_ms() -> Result<f64, Box<dyn Error>> {
    Ok(counts()?[1] / 1e6)
}

/// The computing time of this program so far in seconds, all its threads together, to a hundredth.
pub(crate) fn process_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    Ok(ticks.sum::<f64>() / 100.0)
}

/// Times in milliseconds, in order.
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn new(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// The time that so many of a thousand do not pass.
    pub(crate) fn at(&self, of_thousand: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((self.0.len() * of_thousand / 1000).min(last)).copied().unwrap_or_default()
    }

    pub(crate) fn sum(&self) -> f64 {
        self.0.iter().sum()
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (half, ninety, most) = (self.at(500), self.at(900), self.at(990));
        write!(out, "p50 {half:.2} ms, p90 {ninety:.2} ms, p99 {most:.2} ms ({} asked)", self.0.len())
    }
}

/// Watches how much memory of its own this program takes, without mapped files.
pub(crate) struct Memory {
    ended: Arc<AtomicBool>,
    watch: std::thread::JoinHandle<u64>,
}

impl Memory {
    pub(crate) fn watch() -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let has_ended = Arc::clone(&ended);
        let watch = std::thread::spawn(move || {
            let mut most = 0;
            while !has_ended.load(Ordering::Acquire) {
                most = anonymous_mb().max(most);
                std::thread::sleep(Duration::from_millis(50));
            }
            most
        });
        Self { ended, watch }
    }

    /// The most megabytes so far.
    pub(crate) fn most_mb(self) -> u64 {
        self.ended.store(true, Ordering::Release);
        self.watch.join().unwrap_or_default()
    }
}

pub(crate) fn anonymous_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) >> 10
}

pub(crate) fn megabytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX)) / 1024.0 * 1.048_576
}

/// How large an index is, part by part.
pub(crate) fn parts(folder: &Path) -> Result<Vec<(String, u64)>, Box<dyn Error>> {
    let searcher = tantivy::Index::open_in_dir(folder)?.reader()?.searcher();
    let usage = searcher.space_usage()?;
    let mut parts: Vec<(String, u64)> = Vec::new();
    let mut add = |name: String, bytes: u64| match parts.iter_mut().find(|(known, _)| *known == name) {
        Some((_, sum)) => *sum += bytes,
        None => parts.push((name, bytes)),
    };
    for segment in usage.segments() {
        add("stored text".to_owned(), segment.store().total().get_bytes());
        let kinds = [
            ("dictionary", segment.termdict()),
            ("passages of terms", segment.postings()),
            ("positions", segment.positions()),
            ("columns", segment.fast_fields()),
            ("lengths", segment.fieldnorms()),
        ];
        for (kind, fields) in kinds {
            for field in fields.fields() {
                let bytes = field.total().get_bytes();
                if bytes > 0 {
                    add(format!("{kind} of {}", field.field_name()), bytes);
                }
            }
        }
    }
    parts.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    Ok(parts)
}
