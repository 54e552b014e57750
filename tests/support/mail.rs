//! A real SMTP server, from the registry that `make setup-tests` installs from, and what it was handed.

use super::identity::free_port;
use base64::Engine;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a letter may be on its way; machines under test are busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// The server; ended when dropped.
pub(crate) struct MailServer {
    child: Child,
    pub(crate) port: u16,
    letters: Receiver<Value>,
}

/// A letter as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) id: String,
}

impl MailServer {
    pub(crate) fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let port = free_port();
        let mut child = Command::new("node")
            .arg(root.join("tests/fixtures/mail/server.mjs"))
            .arg(root.join("target/tools/node_modules"))
            .arg(port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed (make setup-tests installs it)");
        let mut out = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let ready = out.by_ref().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "smtp-server did not start (make setup-tests installs it)");
        let (sender, letters) = channel();
        std::thread::spawn(move || {
            for line in out.map_while(Result::ok) {
                drop(sender.send(serde_json::from_str(&line).expect("a letter")));
            }
        });
        Self { child, port, letters }
    }

    /// The next letter.
    pub(crate) fn next(&self) -> Received {
        let letter = self.letters.recv_timeout(PATIENCE).expect("a letter comes");
        read(&letter)
    }

    /// Whether nothing more has come.
    pub(crate) fn is_quiet(&self) -> bool {
        self.letters.try_recv().is_err()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read(letter: &Value) -> Received {
    let raw = letter["raw"].as_str().expect("text").replace("\r\n", "\n");
    let (head, body) = raw.split_once("\n\n").expect("a head and a body");
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let text = match header("content-transfer-encoding").as_str() {
        "base64" => decode_base64(&body.split_whitespace().collect::<String>()),
        "quoted-printable" => decode_quoted(&body.replace("=\n", "")),
        _ => body.to_owned(),
    };
    Received {
        to: letter["to"][0].as_str().unwrap_or_default().to_owned(),
        subject: words(&header("subject")),
        text: text.replace("\r\n", "\n"),
        id: header("message-id"),
    }
}

fn decode_base64(text: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

fn decode_quoted(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        let digits = [(); 2].map(|()| if byte == b'=' { rest.next() } else { None });
        match digits {
            [Some(high), Some(low)] => {
                let digits = [high, low].map(char::from).iter().collect::<String>();
                bytes.push(u8::from_str_radix(&digits, 16).expect("two digits"));
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// RFC 2047: words in base64 between `=?utf-8?b?` and `?=`, parted by blanks that do not count between two.
fn words(text: &str) -> String {
    let (mut out, mut was_encoded) = (String::new(), true);
    for part in text.split(' ') {
        let encoded = part.strip_prefix("=?utf-8?b?").and_then(|part| part.strip_suffix("?="));
        let joins = was_encoded && encoded.is_some();
        if !joins && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&encoded.map_or_else(|| part.to_owned(), decode_base64));
        was_encoded = encoded.is_some();
    }
    out
}
