//! Letters over SMTP: hides the library and its connection behind plain values.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// How long one conversation with the mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Says why a letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address is none.
    #[error("mail address: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// The letter cannot be written down.
    #[error("letter: {0}")]
    Letter(#[from] lettre::error::Error),
    /// The mail server did not take it.
    #[error("mail server: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether the same letter would never be taken, however often it is tried.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Address(_) | Self::Letter(_) => true,
            Self::Server(error) => error.is_permanent(),
        }
    }
}

/// How the line to the mail server is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: only for a server on the same machine or network.
    Plain,
    /// The line begins plain and must turn to TLS.
    StartTls,
    /// TLS from the beginning.
    Tls,
}

/// Where letters are handed in, and in whose name.
#[derive(Clone)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Name and password, where the server asks for them.
    pub login: Option<(String, String)>,
    /// Such as `Học liệu Quảng Trị <hoclieu@quangtri.gov.vn>`.
    pub from: String,
}

/// Keeps the password out of logs.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// A letter in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Names the letter for good, so that one that was sent twice is known as one.
    pub id: String,
    pub to_name: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// The way to the mail server; cheap to clone.
#[derive(Clone)]
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    /// Prepares the way; nothing is connected yet.
    ///
    /// # Errors
    /// When the sender's address is none, or TLS cannot be set up.
    pub fn new(settings: &Settings) -> Result<Self, MailError> {
        let host = settings.host.as_str();
        let builder = match settings.security {
            Security::Plain => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
            Security::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?,
            Security::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host)?,
        };
        let builder = builder.port(settings.port).timeout(Some(PATIENCE));
        let builder = match &settings.login {
            Some((name, password)) => builder.credentials(Credentials::new(name.clone(), password.clone())),
            None => builder,
        };
        Ok(Self { transport: builder.build(), from: settings.from.parse()? })
    }

    /// Hands a letter to the mail server.
    ///
    /// # Errors
    /// When the letter or its address is unusable, or the server does not take it.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let to = Mailbox::new(Some(letter.to_name.clone()), letter.to.parse()?);
        let id = format!("<{}@{}>", letter.id, self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())?;
        self.transport.send(message).await?;
        Ok(())
    }
}
