//! The child: confines itself, reads one document from its input, writes one answer to its output.

use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::sandbox::{self, Confinement};
use crate::extract::{Extracted, read};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::process::ExitCode;

/// The hidden sub-command that makes the program a child.
pub const WORKER_COMMAND: &str = "extract-worker";

/// What the parent asks of a child, given as its second argument.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) name: String,
    pub(super) limits: Limits,
}

/// What a child answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) confinement: Confinement,
    pub(super) result: Result<Extracted, ExtractError>,
}

/// Runs the child; `main` calls it before anything else, so that the process still has one thread only.
pub fn worker_main() -> ExitCode {
    let order = std::env::args().nth(2).and_then(|text| serde_json::from_str::<Order>(&text).ok());
    let Some(order) = order else { return ExitCode::from(2) };
    let confinement = sandbox::confine(&order.limits);
    let answer = Answer { confinement, result: work(&order) };
    let Ok(bytes) = bounded(&answer, &order.limits) else { return ExitCode::FAILURE };
    let mut out = std::io::stdout().lock();
    if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn work(order: &Order) -> Result<Extracted, ExtractError> {
    let limit_bytes = order.limits.input_bytes;
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(limit_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| ExtractError::ExtractionUnavailable(error.to_string()))?;
    let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size_bytes > limit_bytes {
        return Err(ExtractError::FileTooLarge { size_bytes, limit_bytes });
    }
    read::document(&bytes, &order.name, &order.limits)
}

/// The answer as bytes; one that is too long becomes a short refusal.
fn bounded(answer: &Answer, limits: &Limits) -> serde_json::Result<Vec<u8>> {
    let bytes = serde_json::to_vec(answer)?;
    let limit_bytes = limits.output_bytes;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit_bytes) {
        return Ok(bytes);
    }
    let result = Err(ExtractError::TextTooLong { limit_bytes });
    serde_json::to_vec(&Answer { confinement: answer.confinement, result })
}
