//! Files of a form, streamed to whoever reads them at their own pace.

use super::error::PageError;
use super::receipt::within;
use axum::body::Bytes;
use axum::extract::multipart::Field;
use std::io::{self, Read};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// So many pieces may wait for a slow disk.
const WAITING: usize = 8;

/// A field's content for a blocking reader.
pub(super) struct Pieces {
    receiver: Receiver<Bytes>,
    rest: Bytes,
}

/// The two ends of a field on its way to a blocking reader.
pub(super) fn pieces() -> (Sender<Bytes>, Pieces) {
    let (sender, receiver) = channel(WAITING);
    (sender, Pieces { receiver, rest: Bytes::new() })
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.receiver.blocking_recv() {
                Some(piece) => self.rest = piece,
                None => return Ok(0),
            }
        }
        let length = self.rest.len().min(buffer.len());
        let piece = self.rest.split_to(length);
        buffer.get_mut(..length).ok_or(io::ErrorKind::InvalidInput)?.copy_from_slice(&piece);
        Ok(length)
    }
}

/// Sends a field to its reader; ends early when nobody reads any more.
pub(super) async fn send(field: &mut Field<'_>, sender: Sender<Bytes>) -> Result<(), PageError> {
    while let Some(piece) = within(field.chunk()).await? {
        if sender.send(piece).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// A short text; what is longer is cut.
pub(super) async fn short_text(field: &mut Field<'_>, max_bytes: usize) -> Result<String, PageError> {
    let mut bytes = Vec::new();
    while let Some(piece) = within(field.chunk()).await? {
        let left = max_bytes.saturating_sub(bytes.len());
        bytes.extend(piece.iter().take(left));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
