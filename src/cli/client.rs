//! Runs commands through the server that holds the data folder, over its Unix socket.

use super::terminal::Terminal;
use crate::actions::progress::Progress;
use crate::app::socket::Event;
use crate::app::{AppError, Command};
use crate::config::Config;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

/// A server that listens on the data folder's socket.
pub(super) struct Server {
    stream: UnixStream,
}

/// Finds the server of a data folder; `None` when none listens there.
pub(super) async fn connect(config: &Config) -> Option<Server> {
    UnixStream::connect(config.socket_path()).await.ok().map(|stream| Server { stream })
}

/// Whether a server listens on the data folder's socket.
pub(super) async fn server_is_running(config: &Config) -> bool {
    connect(config).await.is_some()
}

impl Server {
    /// Has a command run by the server and shows what it says; answers whether all went well.
    pub(super) async fn run(self, command: Command, terminal: &Terminal) -> Result<bool, AppError> {
        let (read, mut write) = self.stream.into_split();
        let mut request = serde_json::to_vec(&command).map_err(|error| AppError::Usage(error.to_string()))?;
        request.push(b'\n');
        write.write_all(&request).await?;
        let mut lines = BufReader::new(read).lines();
        while let Some(line) = lines.next_line().await? {
            match serde_json::from_str(&line) {
                Ok(Event::Begin { label, total }) => terminal.begin(&label, total),
                Ok(Event::Advance { steps }) => terminal.advance(steps),
                Ok(Event::Say { line }) => terminal.say(&line),
                Ok(Event::Done { well }) => return Ok(well),
                Ok(Event::Failed { message }) => return Err(AppError::Usage(message)),
                Err(_) => {
                    return Err(AppError::Usage("Máy chủ thuộc phiên bản khác; hãy khởi động lại máy chủ.".to_owned()));
                }
            }
        }
        Err(AppError::Usage("Máy chủ đã dừng giữa chừng; hãy chạy lại lệnh.".to_owned()))
    }
}
