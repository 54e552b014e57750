//! One child from its start to its end: fed, watched, and reaped.

use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::worker::{NO_PROGRAM, Order, Task, WORKER_COMMAND};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, Command};

/// How much of a failed child's complaint is kept for the log.
const COMPLAINT_BYTES: u64 = 4 * 1024;
/// Where a child that becomes another program looks for it.
const PROGRAMS: &str = "/usr/local/bin:/usr/bin:/bin";

/// What a child reads.
pub(super) enum Feed {
    /// A file from its beginning.
    File(File),
    /// Bytes in memory.
    Bytes(Vec<u8>),
}

/// A child that is still to be started.
pub(super) struct Child<'a> {
    pub(super) program: &'a Path,
    pub(super) order: Order,
}

/// How a child ended that gave no answer.
#[derive(Debug)]
pub(super) enum End {
    /// It could not be started or fed.
    NotRun(io::Error),
    /// It used up its time.
    OutOfTime,
    /// It used up its memory.
    OutOfMemory,
    /// It needed more stack than there is.
    TooDeep,
    /// It could not become the program that it was told to become.
    NoProgram(String),
    /// It was killed, as the hard limit on computing time and a machine short of memory do.
    Killed(String),
    /// It was asked to end, as everything is when the machine goes down.
    Interrupted(String),
    /// It failed in another way.
    Failed(String),
}

impl Child<'_> {
    /// Runs the child to its end and answers what it wrote. Dropping the future ends it.
    pub(super) async fn run(self, feed: Feed) -> Result<Vec<u8>, End> {
        let patience = self.order.limits.wall_clock();
        let (mut child, bytes) = self.start(feed).map_err(End::NotRun)?;
        let waited = tokio::time::timeout(patience, collect(&mut child, bytes, &self.order.limits)).await;
        let Ok(collected) = waited else {
            // Reaped here, so that no zombie waits for the runtime's leisure.
            let _gone = child.kill().await;
            return Err(End::OutOfTime);
        };
        let (status, output, complaint) = collected.map_err(End::NotRun)?;
        if status.success() { Ok(output) } else { Err(end(status, complaint)) }
    }

    fn start(&self, feed: Feed) -> io::Result<(tokio::process::Child, Vec<u8>)> {
        let (stdin, bytes) = match feed {
            Feed::File(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                (Stdio::from(file), Vec::new())
            }
            Feed::Bytes(bytes) => (Stdio::piped(), bytes),
        };
        let mut command = Command::new(self.program);
        command.arg0("hoclieu").arg(WORKER_COMMAND).arg(serde_json::to_string(&self.order)?).env_clear();
        if matches!(self.order.task, Task::Become { .. }) {
            // A child has one core; threads would only wait for each other.
            command.env("PATH", PROGRAMS).env("OMP_THREAD_LIMIT", "1");
        }
        let child = command
            // Arenas of the allocators take address space, which the child's limit counts.
            .env("MALLOC_ARENA_MAX", "1")
            .env("MIMALLOC_ARENA_RESERVE", "32M")
            .current_dir("/")
            // What a terminal sends to the service is not meant for the page in hand.
            .process_group(0)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        Ok((child, bytes))
    }
}

async fn collect(
    child: &mut tokio::process::Child,
    bytes: Vec<u8>,
    limits: &Limits,
) -> io::Result<(ExitStatus, Vec<u8>, String)> {
    let feeding = feed(child.stdin.take(), bytes);
    // The answer wraps the text in a little more, hence the margin.
    let output = take(child.stdout.take(), limits.output_bytes.saturating_add(64 * 1024));
    let complaint = take(child.stderr.take(), COMPLAINT_BYTES);
    let ((), output, complaint) = tokio::try_join!(feeding, output, complaint)?;
    let status = child.wait().await?;
    Ok((status, output, String::from_utf8_lossy(&complaint).trim().to_owned()))
}

/// A child that ends before it has read everything says why in another way.
async fn feed(stdin: Option<ChildStdin>, bytes: Vec<u8>) -> io::Result<()> {
    if let Some(mut stdin) = stdin {
        drop(stdin.write_all(&bytes).await);
        drop(stdin.shutdown().await);
    }
    Ok(())
}

async fn take(pipe: Option<impl AsyncRead + Unpin>, limit_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(limit_bytes).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// What a child's end without an answer means.
fn end(status: ExitStatus, complaint: String) -> End {
    let said = format!("{status}: {complaint}");
    let lower = complaint.to_lowercase();
    let lacks_memory =
        ["memory allocation", "bad_alloc", "out of memory", "malloc fail"].iter().any(|words| lower.contains(words));
    match (status.signal(), status.code()) {
        (Some(libc::SIGXCPU), _) => End::OutOfTime,
        (Some(libc::SIGKILL), _) => End::Killed(said),
        (Some(libc::SIGTERM | libc::SIGINT | libc::SIGHUP), _) => End::Interrupted(said),
        (Some(libc::SIGABRT), _) if complaint.contains("overflowed its stack") => End::TooDeep,
        _ if lacks_memory => End::OutOfMemory,
        (_, Some(code)) if code == i32::from(NO_PROGRAM) => End::NoProgram(complaint),
        _ => End::Failed(said),
    }
}

impl End {
    /// In words of a document that was read.
    pub(super) fn of_extraction(self, limits: &Limits) -> ExtractError {
        match self {
            Self::NotRun(error) => ExtractError::ExtractionUnavailable(error.to_string()),
            Self::Interrupted(said) => ExtractError::ExtractionUnavailable(said),
            // The hard limit on computing time kills, and so does nobody else as long as memory lasts.
            Self::OutOfTime | Self::Killed(_) => {
                ExtractError::ExtractionTimeout { limit_ms: limits.cpu_seconds.saturating_mul(1000) }
            }
            Self::OutOfMemory => ExtractError::ExtractionMemory { limit_bytes: limits.memory_bytes },
            Self::TooDeep => ExtractError::FileDamaged("nested too deeply".to_owned()),
            Self::NoProgram(said) | Self::Failed(said) => ExtractError::ExtractionFailed(said),
        }
    }

    /// In words of a page that was recognised.
    pub(super) fn of_recognition(self, limits: &Limits) -> ExtractError {
        match self {
            Self::NotRun(error) => ExtractError::OcrUnavailable(error.to_string()),
            Self::NoProgram(said) => ExtractError::OcrUnavailable(said),
            Self::OutOfTime => ExtractError::OcrTimeout { limit_ms: limits.cpu_seconds.saturating_mul(1000) },
            Self::OutOfMemory => ExtractError::OcrMemory { limit_bytes: limits.memory_bytes },
            Self::Killed(said) | Self::Interrupted(said) => ExtractError::OcrInterrupted(said),
            Self::TooDeep => ExtractError::OcrFailed("nested too deeply".to_owned()),
            Self::Failed(said) => ExtractError::OcrFailed(said),
        }
    }
}
