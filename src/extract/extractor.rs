//! The parent: starts a child for each document, watches it, and takes its answer.

use crate::extract::Extracted;
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::sandbox::Confinement;
use crate::extract::worker::{Answer, Order, WORKER_COMMAND};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// How much of a failed child's complaint is kept for the log.
const COMPLAINT_BYTES: u64 = 4 * 1024;

/// Reads text out of files, each in a confined process of its own.
#[derive(Debug, Clone)]
pub struct Extractor {
    program: PathBuf,
    limits: Limits,
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
    /// [`worker_main`](crate::extract::worker_main) when its first argument is [`WORKER_COMMAND`].
    pub fn with_program(program: impl Into<PathBuf>, limits: Limits) -> Self {
        Self { program: program.into(), limits }
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
        let limit_bytes = self.limits.input_bytes;
        if size_bytes == 0 {
            return Err(ExtractError::FileEmpty);
        }
        if size_bytes > limit_bytes {
            return Err(ExtractError::FileTooLarge { size_bytes, limit_bytes });
        }
        self.ask(input, name).await?.result
    }

    /// Tells which layers of confinement hold on this machine, by running a child on an empty document.
    ///
    /// # Errors
    /// When no child can be run.
    pub async fn confinement(&self) -> Result<Confinement, ExtractError> {
        let nothing = File::open("/dev/null").map_err(|error| unavailable(&error))?;
        Ok(self.ask(nothing, "").await?.confinement)
    }

    async fn ask(&self, input: File, name: &str) -> Result<Answer, ExtractError> {
        let mut child = self.start(input, name).map_err(|error| unavailable(&error))?;
        let waited = tokio::time::timeout(self.limits.wall_clock(), self.collect(&mut child)).await;
        let Ok(collected) = waited else {
            // Reaped here, so that no zombie waits for the runtime's leisure.
            let _gone = child.kill().await;
            return Err(self.timeout());
        };
        let (status, output, complaint) = collected?;
        if !status.success() {
            return Err(self.verdict(status, &complaint));
        }
        serde_json::from_slice(&output).map_err(|error| ExtractError::ExtractionFailed(error.to_string()))
    }

    fn start(&self, mut input: File, name: &str) -> io::Result<Child> {
        input.seek(SeekFrom::Start(0))?;
        let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
        let order = serde_json::to_string(&Order { name, limits: self.limits.clone() })?;
        Command::new(&self.program)
            .arg0("hoclieu")
            .arg(WORKER_COMMAND)
            .arg(order)
            .env_clear()
            // Arenas of the allocators take address space, which the child's limit counts.
            .env("MALLOC_ARENA_MAX", "1")
            .env("MIMALLOC_ARENA_RESERVE", "32M")
            .current_dir("/")
            .stdin(Stdio::from(input))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }

    async fn collect(&self, child: &mut Child) -> Result<(ExitStatus, Vec<u8>, String), ExtractError> {
        let limit_bytes = self.limits.output_bytes;
        // The answer wraps the text in a little more, hence the margin.
        let output = take(child.stdout.take(), limit_bytes.saturating_add(64 * 1024));
        let complaint = take(child.stderr.take(), COMPLAINT_BYTES);
        let (output, complaint) = tokio::try_join!(output, complaint).map_err(|error| unavailable(&error))?;
        let status = child.wait().await.map_err(|error| unavailable(&error))?;
        Ok((status, output, String::from_utf8_lossy(&complaint).trim().to_owned()))
    }

    /// What a child's end without an answer means.
    fn verdict(&self, status: ExitStatus, complaint: &str) -> ExtractError {
        match status.signal() {
            Some(libc::SIGXCPU | libc::SIGKILL) => self.timeout(),
            Some(libc::SIGABRT) if complaint.contains("memory allocation") => {
                ExtractError::ExtractionMemory { limit_bytes: self.limits.memory_bytes }
            }
            Some(libc::SIGABRT) if complaint.contains("overflowed its stack") => {
                ExtractError::FileDamaged("nested too deeply".to_owned())
            }
            _ => ExtractError::ExtractionFailed(format!("{status}: {complaint}")),
        }
    }

    fn timeout(&self) -> ExtractError {
        ExtractError::ExtractionTimeout { limit_ms: self.limits.cpu_seconds.saturating_mul(1000) }
    }
}

async fn take(pipe: Option<impl AsyncRead + Unpin>, limit_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(limit_bytes).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

fn unavailable(error: &io::Error) -> ExtractError {
    ExtractError::ExtractionUnavailable(error.to_string())
}
