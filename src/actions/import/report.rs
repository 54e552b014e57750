//! What an import did, and what it could not do.

use super::Place;
use crate::actions::ActionError;
use crate::clock::Clock;
use crate::domain::text::decoding::Decodings;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The most doubtful documents that a summary names.
const MOST_DOUBTS: usize = 10_000;

/// Why one row was not imported.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    pub file: String,
    /// From 1; 0 when the file itself is the row.
    pub line: u64,
    /// The field or column at fault, when there is one.
    pub column: Option<String>,
    /// One of the stable codes.
    pub code: Cow<'static, str>,
    /// In Vietnamese, with what to do.
    pub reason: String,
}

/// A document whose text was put right from an older encoding that is not sure.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Doubt {
    pub file: String,
    /// From 1; 0 when the file itself is the row.
    pub line: u64,
    /// The encoding's name for readers.
    pub encoding: &'static str,
}

/// The count of an import.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Summary {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub problems: Vec<Problem>,
    /// Fields that no material has, with the number of rows that bore them.
    pub ignored_fields: BTreeMap<String, u64>,
    /// States that only the library's own people can give, with the number of rows that asked for them: those came in as
    /// drafts.
    pub made_drafts: BTreeMap<&'static str, u64>,
    /// Documents put right from each older encoding, by its name for readers.
    pub decoded: BTreeMap<&'static str, u64>,
    /// Those of them that a person should look at.
    pub doubts: Vec<Doubt>,
    /// Where the problems are written in full.
    pub report: Option<PathBuf>,
}

impl Summary {
    /// Counts a document's text that was put right.
    pub(super) fn note_decodings(&mut self, place: &Place, decodings: &Decodings) {
        for decoding in decodings.iter() {
            let encoding = decoding.encoding.label();
            *self.decoded.entry(encoding).or_default() += 1;
            if !decoding.sure && self.doubts.len() < MOST_DOUBTS {
                self.doubts.push(Doubt { file: place.file.clone(), line: place.line, encoding });
            }
        }
    }

    /// Writes the problems beside the working folder's other files, when there are any; the report of an earlier run
    /// of the same source, which is no longer true, goes.
    pub(super) fn write_report(&mut self, source: &Path, clock: &Clock) -> Result<(), ActionError> {
        let stem = source.file_stem().and_then(|stem| stem.to_str()).unwrap_or("import");
        let folder = if source.is_dir() { source } else { source.parent().unwrap_or(Path::new(".")) };
        remove_earlier(folder, &format!("{stem}.loi-"));
        if self.problems.is_empty() {
            return Ok(());
        }
        let name = format!("{stem}.loi-{}.csv", clock.now().format(STAMP));
        let path = writable(folder, &name);
        let mut csv = csv::Writer::from_path(&path).map_err(ActionError::internal)?;
        csv.write_record(["tệp", "dòng", "cột", "mã lỗi", "lý do"]).map_err(ActionError::internal)?;
        for problem in &self.problems {
            let line = if problem.line == 0 { String::new() } else { problem.line.to_string() };
            let column = problem.column.as_deref().unwrap_or_default();
            csv.write_record([problem.file.as_str(), &line, column, &*problem.code, &problem.reason])
                .map_err(ActionError::internal)?;
        }
        csv.flush()?;
        self.report = Some(path);
        Ok(())
    }
}

/// When a report was written, in its name.
const STAMP: &str = "%Y%m%d-%H%M%S";

/// Removes reports by the beginning of their names; one that cannot be removed stays.
fn remove_earlier(folder: &Path, beginning: &str) {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    for name in names {
        let stamp = name.to_str().and_then(|name| name.strip_prefix(beginning)?.strip_suffix(".csv"));
        if stamp.is_some_and(|stamp| chrono::NaiveDateTime::parse_from_str(stamp, STAMP).is_ok()) {
            drop(std::fs::remove_file(folder.join(&name)));
        }
    }
}

/// The source's folder when it can be written to, else the temporary folder.
fn writable(folder: &Path, name: &str) -> PathBuf {
    let wanted = folder.join(name);
    if std::fs::File::create(&wanted).is_ok() { wanted } else { std::env::temp_dir().join(name) }
}
