//! The child: confines itself, reads one document from its input, writes one answer to its output.
//!
//! An answer is one line of JSON, then the bytes of a picture where one was asked for. A child that is told to become
//! the recognising program answers by that program's output instead.

use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::ocr::Print;
use crate::extract::picture::{self, FOR_READERS};
use crate::extract::sandbox::{self, Confinement, Rights};
use crate::extract::{Extracted, PageImage, read};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The hidden sub-command that makes the program a child.
pub const WORKER_COMMAND: &str = "extract-worker";

/// The exit code of a child that could not become another program.
pub(super) const NO_PROGRAM: u8 = 127;

/// What the parent asks of a child, given as its second argument.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) name: String,
    pub(super) limits: Limits,
    pub(super) task: Task,
}

/// What a child does with its document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Task {
    /// Read its text.
    Read,
    /// Draw a page for recognition, after so many quarter turns to the right.
    Print { page: u32, quarters: u8 },
    /// Draw a page for readers.
    Show { page: u32 },
    /// Become another program, which reads the input by itself.
    Become { program: String, arguments: Vec<String> },
}

/// What a child answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer<T> {
    pub(super) confinement: Confinement,
    pub(super) result: Result<T, ExtractError>,
}

/// Runs the child; `main` calls it before anything else, so that the process still has one thread only.
pub fn worker_main() -> ExitCode {
    let order = std::env::args().nth(2).and_then(|text| serde_json::from_str::<Order>(&text).ok());
    let Some(order) = order else { return ExitCode::from(2) };
    let rights = match &order.task {
        Task::Become { program, .. } => Rights::OneProgram(Path::new(program)),
        _ => Rights::None,
    };
    let confinement = sandbox::confine(&order.limits, rights);
    let answered = match &order.task {
        Task::Read => tell(confinement, read_text(&order), Vec::new(), &order.limits),
        Task::Print { page, quarters } => {
            let (result, pixels) = parted(print(&order, *page, *quarters));
            tell(confinement, result, pixels, &order.limits)
        }
        Task::Show { page } => {
            let (result, pixels) = parted(show(&order, *page));
            tell(confinement, result, pixels, &order.limits)
        }
        Task::Become { program, arguments } => return become_program(program, arguments),
    };
    if answered.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read_text(order: &Order) -> Result<Extracted, ExtractError> {
    read::document(&input(&order.limits)?, &order.name, &order.limits)
}

fn print(order: &Order, page: u32, quarters: u8) -> Result<(Print, Vec<u8>), ExtractError> {
    Print::of(&input(&order.limits)?, &order.name, page, quarters)
}

fn show(order: &Order, page: u32) -> Result<(PageImage, Vec<u8>), ExtractError> {
    let picture = picture::page(&input(&order.limits)?, &order.name, page, FOR_READERS)?;
    let bytes = picture::jpeg(&picture)?;
    Ok((PageImage { width: picture.width(), height: picture.height() }, bytes))
}

fn parted<T>(result: Result<(T, Vec<u8>), ExtractError>) -> (Result<T, ExtractError>, Vec<u8>) {
    match result {
        Ok((told, pixels)) => (Ok(told), pixels),
        Err(error) => (Err(error), Vec::new()),
    }
}

/// Returns only when there is no such program.
fn become_program(program: &str, arguments: &[String]) -> ExitCode {
    let error = Command::new(program).args(arguments).exec();
    // The parent reads why; there is nobody else to tell.
    drop(writeln!(std::io::stderr(), "{program}: {error}"));
    ExitCode::from(NO_PROGRAM)
}

fn input(limits: &Limits) -> Result<Vec<u8>, ExtractError> {
    let limit_bytes = limits.input_bytes;
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
    Ok(bytes)
}

/// Writes the answer.
fn tell<T: Serialize>(
    confinement: Confinement,
    result: Result<T, ExtractError>,
    pixels: Vec<u8>,
    limits: &Limits,
) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(&bounded(&Answer { confinement, result }, limits)?)?;
    out.write_all(b"\n")?;
    out.write_all(&pixels)?;
    out.flush()
}

/// The answer as bytes; one that is too long becomes a short refusal.
fn bounded<T: Serialize>(answer: &Answer<T>, limits: &Limits) -> serde_json::Result<Vec<u8>> {
    let bytes = serde_json::to_vec(answer)?;
    let limit_bytes = limits.output_bytes;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit_bytes) {
        return Ok(bytes);
    }
    let result: Result<(), _> = Err(ExtractError::TextTooLong { limit_bytes });
    serde_json::to_vec(&Answer { confinement: answer.confinement, result })
}
