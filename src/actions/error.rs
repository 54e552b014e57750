//! What can go wrong in an action, in terms that every edge can translate.

use crate::domain::id::MaterialId;
use std::time::Duration;

/// Says why an action did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The thing does not exist or may not be seen by the caller.
    #[error("{noun} `{id}` not found")]
    NotFound { noun: Noun, id: String },
    /// A value given by the caller cannot be used.
    #[error("{field}: {reason}")]
    Invalid { field: &'static str, code: &'static str, reason: String },
    /// The caller is not who they say, or did not say who they are. The reason tells nobody what exists.
    #[error("not signed in: {code}")]
    Unauthenticated { code: &'static str, reason: String },
    /// The caller may not do this.
    #[error("not allowed")]
    Forbidden,
    /// Tried too often; so long must be waited.
    #[error("tried too often")]
    TooOften { wait: Duration },
    /// The time budget ran out.
    #[error("time budget exhausted")]
    TimedOut,
    /// Another's identity provider does not answer as it should; the cause is for the log.
    #[error("identity provider: {0}")]
    IdentityProvider(String),
    /// The service cannot answer at the moment, such as while an index is built.
    #[error("not ready: {0}")]
    Unavailable(String),
    /// What names persons is sealed with keys that are not there; the cause is for the log.
    #[error("vault: {0}")]
    Locked(#[source] crate::vault::VaultError),
    /// Something broke inside; the cause is for the log alone.
    #[error("internal failure")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Material,
    Page,
    PageImage,
    File,
    Topic,
    Organisation,
    Area,
    Account,
    Session,
    Token,
    Amendment,
    Synonym,
    Job,
    Complaint,
    Upload,
    Course,
    Class,
    Meeting,
    Venue,
    Speaker,
    Learner,
    Registration,
    Certificate,
    Request,
    Storm,
    Batch,
}

impl std::fmt::Display for Noun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Material => "material",
            Self::Page => "page",
            Self::PageImage => "page image",
            Self::File => "file",
            Self::Topic => "topic",
            Self::Organisation => "organisation",
            Self::Area => "area",
            Self::Account => "account",
            Self::Session => "session",
            Self::Token => "token",
            Self::Amendment => "amendment",
            Self::Synonym => "synonym",
            Self::Job => "job",
            Self::Complaint => "complaint",
            Self::Upload => "upload",
            Self::Course => "course",
            Self::Class => "class",
            Self::Meeting => "meeting",
            Self::Venue => "venue",
            Self::Speaker => "speaker",
            Self::Learner => "learner",
            Self::Registration => "registration",
            Self::Certificate => "certificate",
            Self::Request => "request",
            Self::Storm => "storm",
            Self::Batch => "batch",
        })
    }
}

impl ActionError {
    /// There is no such material, or none that the caller may know of.
    pub(in crate::actions) fn missing_material(id: MaterialId) -> Self {
        Self::NotFound { noun: Noun::Material, id: id.to_string() }
    }

    /// What an operator is told: the action's words and what lies behind them.
    pub fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }

    /// A value that cannot be used, with a stable code and a reason in Vietnamese.
    pub fn invalid(field: &'static str, code: &'static str, reason: &str) -> Self {
        Self::Invalid { field, code, reason: reason.to_owned() }
    }

    /// Wraps a failure whose cause is nobody's business but the log's.
    pub fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(cause))
    }
}

impl From<crate::store::StoreError> for ActionError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::internal(error)
    }
}

impl From<crate::blobs::BlobError> for ActionError {
    fn from(error: crate::blobs::BlobError) -> Self {
        Self::internal(error)
    }
}

impl From<crate::search::SearchError> for ActionError {
    fn from(error: crate::search::SearchError) -> Self {
        match error {
            crate::search::SearchError::Building => Self::Unavailable("index is being built".to_owned()),
            other => Self::internal(other),
        }
    }
}

impl From<crate::secrets::SecretError> for ActionError {
    fn from(error: crate::secrets::SecretError) -> Self {
        Self::internal(error)
    }
}

impl From<crate::press::PressError> for ActionError {
    fn from(error: crate::press::PressError) -> Self {
        match error {
            crate::press::PressError::NotBuilt => Self::Unavailable(error.to_string()),
            other => Self::internal(other),
        }
    }
}

impl From<crate::vault::VaultError> for ActionError {
    fn from(error: crate::vault::VaultError) -> Self {
        Self::Locked(error)
    }
}

impl From<std::io::Error> for ActionError {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}

impl From<tokio::task::JoinError> for ActionError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::internal(error)
    }
}
