//! The parent: starts a child for each document, watches it, and takes its answer.

use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::ocr::Models;
use crate::extract::process::{Child, Feed};
use crate::extract::sandbox::Confinement;
use crate::extract::worker::{Answer, Order, Task};
use crate::extract::{Extracted, PageImage};
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads text out of files, each in a confined process of its own.
#[derive(Debug, Clone)]
pub struct Extractor {
    program: PathBuf,
    limits: Limits,
    /// The recognising program, by its name or its path.
    pub(super) recogniser: String,
    pub(super) models: Arc<Models>,
}

/// A file to read from.
#[derive(Debug)]
pub struct Input<'a> {
    /// Its bytes.
    pub content: File,
    /// How many there are.
    pub size_bytes: u64,
    /// Its name, which helps only to tell kinds of plain text apart.
    pub name: &'a str,
}

impl Extractor {
    /// An extractor whose children are this very program.
    ///
    /// # Errors
    /// When the system does not say which program runs.
    pub fn new(limits: Limits) -> io::Result<Self> {
        // This link leads to the running program even after an upgrade has replaced its file.
        let link = Path::new("/proc/self/exe");
        let program = if link.exists() { link.to_owned() } else { std::env::current_exe()? };
        Ok(Self::with_program(program, limits))
    }

    /// An extractor whose children are the given program, which must call
    /// [`worker_main`](crate::extract::worker_main) when its first argument is
    /// [`WORKER_COMMAND`](crate::extract::WORKER_COMMAND).
    pub fn with_program(program: impl Into<PathBuf>, limits: Limits) -> Self {
        Self { program: program.into(), limits, recogniser: "tesseract".to_owned(), models: Arc::default() }
    }

    /// The same with another recognising program, by its name or its path.
    #[must_use]
    pub fn with_recogniser(self, recogniser: impl Into<String>) -> Self {
        Self { recogniser: recogniser.into(), models: Arc::default(), ..self }
    }

    /// The limits that each extraction has.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads the text out of a file of `size_bytes`; `name` helps only to tell kinds of plain text apart.
    ///
    /// Dropping the future ends the child.
    ///
    /// # Errors
    /// Each cause has its code; nothing is left behind and other extractions go on.
    pub async fn extract(&self, input: File, size_bytes: u64, name: &str) -> Result<Extracted, ExtractError> {
        let input = Input { content: input, size_bytes, name };
        Ok(self.ask_of(input, Task::Read).await?.0)
    }

    /// Draws a page, counted from 1, as a JPEG for readers.
    ///
    /// # Errors
    /// As [`extract`](Self::extract).
    pub async fn page_image(&self, input: Input<'_>, page: u32) -> Result<(PageImage, Vec<u8>), ExtractError> {
        self.ask_of(input, Task::Show { page }).await
    }

    /// Tells which layers of confinement hold on this machine, by running a child on an empty document.
    ///
    /// # Errors
    /// When no child can be run.
    pub async fn confinement(&self) -> Result<Confinement, ExtractError> {
        let nothing =
            File::open("/dev/null").map_err(|error| ExtractError::ExtractionUnavailable(error.to_string()))?;
        let (answer, _) = self.ask::<Extracted>("", Task::Read, Feed::File(nothing)).await?;
        Ok(answer.confinement)
    }

    /// Gives a child a file and takes its answer and the bytes after it.
    pub(super) async fn ask_of<T: DeserializeOwned>(
        &self,
        input: Input<'_>,
        task: Task,
    ) -> Result<(T, Vec<u8>), ExtractError> {
        let Input { content, size_bytes, name } = input;
        let limit_bytes = self.limits.input_bytes;
        if size_bytes == 0 {
            return Err(ExtractError::FileEmpty);
        }
        if size_bytes > limit_bytes {
            return Err(ExtractError::FileTooLarge { size_bytes, limit_bytes });
        }
        let (answer, rest) = self.ask(name, task, Feed::File(content)).await?;
        Ok((answer.result?, rest))
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        name: &str,
        task: Task,
        feed: Feed,
    ) -> Result<(Answer<T>, Vec<u8>), ExtractError> {
        let mut output =
            self.child(name, task, &self.limits).run(feed).await.map_err(|end| end.of_extraction(&self.limits))?;
        let end = output.iter().position(|byte| *byte == b'\n').unwrap_or(output.len());
        let rest = output.split_off((end + 1).min(output.len()));
        let answer =
            serde_json::from_slice(&output).map_err(|error| ExtractError::ExtractionFailed(error.to_string()))?;
        Ok((answer, rest))
    }

    /// A child of this program with one task.
    pub(super) fn child(&self, name: &str, task: Task, limits: &Limits) -> Child<'_> {
        let name = name.chars().filter(|c| !c.is_control()).take(200).collect();
        Child { program: &self.program, order: Order { name, limits: limits.clone(), task } }
    }
}
