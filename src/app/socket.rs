//! The Unix socket in the data folder, over which commands reach the server that holds the data.
//!
//! One JSON line asks ([`Command`]), JSON lines answer ([`Event`]). Only the owner of the data folder can connect.

use super::{AppError, Command, commands};
use crate::actions::Context;
use crate::actions::progress::Progress;
use crate::config::Config;
use serde::{Deserialize, Serialize};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The longest request in bytes.
const MAX_REQUEST: u64 = 64 << 10;

/// A line from the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Begin { label: String, total: Option<u64> },
    Advance { steps: u64 },
    Say { line: String },
    Done { well: bool },
    Failed { message: String },
}

/// Opens the socket; one left behind by a process that was killed is taken away first.
///
/// # Errors
/// When the socket cannot be made, such as when the folder's path is too long for one.
pub fn bind(config: &Config) -> Result<UnixListener, AppError> {
    let path = config.socket_path();
    // The store's lock is held: whoever made this socket is gone.
    drop(std::fs::remove_file(&path));
    let listener = UnixListener::bind(&path)
        .map_err(|error| AppError::Tool { what: "socket trong thư mục dữ liệu", cause: error.to_string() })?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers commands until the server ends.
pub async fn answer(listener: UnixListener, context: Context, config: Config) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(converse(stream, context.clone(), config.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a command could not connect");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
}

async fn converse(stream: UnixStream, context: Context, config: Config) {
    let (read, write) = stream.into_split();
    let mut request = String::new();
    let mut reader = BufReader::new(read.take(MAX_REQUEST));
    if !matches!(reader.read_line(&mut request).await, Ok(length) if length > 0) {
        return;
    }
    let (events, received) = unbounded_channel();
    let sender = tokio::spawn(send(write, received));
    let last = match serde_json::from_str::<Command>(&request) {
        Ok(command) => {
            let progress: Arc<dyn Progress> = Arc::new(Remote { events: events.clone() });
            match commands::run(context, config, command, progress).await {
                Ok(well) => Event::Done { well },
                Err(error) => Event::Failed { message: AppError::from(error).to_string() },
            }
        }
        Err(_) => Event::Failed {
            message: "Máy chủ không hiểu lệnh này; hãy dùng cùng một phiên bản.".to_owned()
        },
    };
    drop(events.send(last));
    drop(events);
    drop(sender.await);
}

/// Writes events as lines; a client that went away does not stop the command.
async fn send(mut write: tokio::net::unix::OwnedWriteHalf, mut events: UnboundedReceiver<Event>) {
    while let Some(event) = events.recv().await {
        let Ok(mut line) = serde_json::to_vec(&event) else { continue };
        line.push(b'\n');
        if write.write_all(&line).await.is_err() {
            return;
        }
    }
}

/// Progress that travels over the socket.
struct Remote {
    events: UnboundedSender<Event>,
}

impl Progress for Remote {
    fn begin(&self, label: &str, total: Option<u64>) {
        drop(self.events.send(Event::Begin { label: label.to_owned(), total }));
    }

    fn advance(&self, steps: u64) {
        drop(self.events.send(Event::Advance { steps }));
    }

    fn say(&self, line: &str) {
        drop(self.events.send(Event::Say { line: line.to_owned() }));
    }
}
