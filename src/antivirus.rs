//! Asking a `clamd` that runs beside the service whether a file is infected.
//!
//! The file goes over its socket in pieces (`INSTREAM`), so that the other side needs no rights on our folders.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

/// How many bytes go into one piece.
const PIECE: usize = 64 << 10;
/// How long it may be silent: large files are looked at after the last byte.
const PATIENCE: Duration = Duration::from_mins(2);
/// The longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 4 << 10;

/// Where `clamd` listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Socket(PathBuf),
    /// Host and port.
    Tcp(String),
}

impl Address {
    /// Reads a path, or host and port.
    pub fn parse(text: &str) -> Self {
        if text.contains('/') { Self::Socket(PathBuf::from(text)) } else { Self::Tcp(text.to_owned()) }
    }
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// It found what it calls by this name.
    Infected(String),
    /// It did not answer as it should; the cause is for the log.
    Unknown(String),
}

/// A scanner that may be asked; cheap to clone.
#[derive(Debug, Clone)]
pub struct Antivirus {
    address: Address,
    /// Whether a file that could not be looked at is refused.
    required: bool,
}

impl Antivirus {
    pub fn new(address: Address, required: bool) -> Self {
        Self { address, required }
    }

    /// Whether a file that could not be looked at is refused.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Asks about all that a reader gives; blocks.
    pub fn scan(&self, content: &mut dyn Read) -> Verdict {
        match self.ask(content) {
            Ok(answer) => verdict(&answer),
            Err(error) => Verdict::Unknown(error.to_string()),
        }
    }

    fn ask(&self, content: &mut dyn Read) -> io::Result<String> {
        match &self.address {
            Address::Socket(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                converse(stream, content)
            }
            Address::Tcp(address) => {
                let stream = TcpStream::connect(address)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                converse(stream, content)
            }
        }
    }
}

fn converse(mut stream: impl Read + Write, content: &mut dyn Read) -> io::Result<String> {
    let sent = send(&mut stream, content);
    // It closes the line in the middle of a file that is too long for it, and has said so before.
    let mut answer = Vec::new();
    let read = stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer);
    if answer.is_empty() {
        sent?;
        read?;
    }
    Ok(String::from_utf8_lossy(&answer).trim_matches(['\0', '\n', ' ']).to_owned())
}

fn send(stream: &mut impl Write, content: &mut dyn Read) -> io::Result<()> {
    stream.write_all(b"zINSTREAM\0")?;
    let mut piece = vec![0; PIECE];
    loop {
        let length = match content.read(&mut piece) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // A piece without bytes is the end.
        stream.write_all(&u32::try_from(length).map_err(io::Error::other)?.to_be_bytes())?;
        if length == 0 {
            return stream.flush();
        }
        stream.write_all(piece.get(..length).unwrap_or_default())?;
    }
}

/// Reads `stream: OK` and `stream: NAME FOUND`; anything else is no verdict.
fn verdict(answer: &str) -> Verdict {
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    match said.strip_suffix(" FOUND") {
        Some(name) => Verdict::Infected(name.to_owned()),
        None if said == "OK" => Verdict::Clean,
        None => Verdict::Unknown(answer.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_word_is_a_verdict() {
        assert_eq!(verdict("stream: OK"), Verdict::Clean);
        assert_eq!(verdict("stream: Eicar-Test-Signature FOUND"), Verdict::Infected("Eicar-Test-Signature".into()));
        for unclear in ["", "INSTREAM size limit exceeded. ERROR", "stream: OK or not", "UNKNOWN COMMAND"] {
            assert!(matches!(verdict(unclear), Verdict::Unknown(_)), "{unclear}");
        }
    }

    #[test]
    fn nobody_at_the_socket_is_no_verdict() {
        let scanner = Antivirus::new(Address::parse("/nonexistent/clamd.sock"), true);
        assert!(matches!(scanner.scan(&mut &b"abc"[..]), Verdict::Unknown(_)));
    }
}
