//! Uploads: files that accounts send, in one piece or in many, and the drafts and versions that are made of them.
//!
//! Bytes are received into a file of their own (`receive`, `spool`); once all are there the file is checked as an
//! import checks it and named in the transaction that makes the material (`settle`, `take`). What breaks off in between
//! is done again, what is forgotten is collected (`collect`).

mod aims;
pub mod beside;
pub mod collect;
pub mod elsewhere;
mod hands;
mod known;
pub mod receive;
pub mod recent;
mod rules;
mod settle;
pub mod spool;
mod take;

pub(super) use aims::writable;
pub use aims::{may_send, organisations};
pub use hands::Hands;
pub(super) use known::find as find_known;
pub(super) use rules::keep_to_shares;
pub use settle::outcome;

use crate::actions::error::Noun;
use crate::actions::import::Described;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::file::File;
use crate::domain::id::{AccountId, MaterialId, OrganisationId, UploadId};
use crate::domain::material::{Extraction, State};
use crate::domain::review::Required;
use crate::domain::upload::Upload;
use crate::store;

/// What is said of a file that is to come.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    pub name: String,
    /// At whose it becomes a draft; need not be said by those who write for one organisation only.
    pub organisation: Option<OrganisationId>,
    /// Whose next version it becomes, in the place of a draft of its own.
    pub material: Option<MaterialId>,
    /// Whose draft it becomes a further file of.
    pub beside: Option<MaterialId>,
}

/// What is said of a file that is there as a whole.
#[derive(Debug, Default)]
pub struct Terms {
    pub offer: Offer,
    /// What its material says, where the giver knows.
    pub described: Option<Described>,
    /// Whether everyone is to read it at once; where the actor may not decide that, it is sent to review.
    pub publish: bool,
}

/// A material that has an uploaded file.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub material: MaterialId,
    pub version: u32,
    /// It had the file before.
    pub existing: bool,
    /// Its title; empty where none is known yet.
    pub title: String,
    /// Where the version with the file stands.
    pub state: State,
    /// Whether everyone may read it.
    pub public: bool,
    /// What must be said of it before it is sent to review or published.
    pub lacks: Vec<Required>,
    pub extraction: Extraction,
    pub page_count: u32,
    pub warnings: Vec<Warning>,
}

/// Something that the giver should know of a file that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// One of the stable codes.
    pub code: &'static str,
    pub message: String,
}

/// The most bytes that a document may have, and the most that any file may have.
pub fn most_bytes(context: &Context) -> (u64, u64) {
    let documents = context.bounds.file_bytes;
    (documents, context.bounds.uploads.media_bytes.max(documents))
}

/// The account that sends.
fn sender(actor: &Actor) -> Result<AccountId, ActionError> {
    actor.account().ok_or(ActionError::Forbidden)
}

fn missing(id: UploadId) -> ActionError {
    ActionError::NotFound { noun: Noun::Upload, id: id.to_string() }
}

/// A file that is not there, or may not go.
fn missing_file(file: Option<&File>) -> ActionError {
    ActionError::NotFound { noun: Noun::File, id: file.map(|file| file.id.to_string()).unwrap_or_default() }
}

/// An upload of the actor's own account.
///
/// # Errors
/// `NotFound` when there is none; another's is none.
pub async fn find(context: &Context, actor: &Actor, id: UploadId) -> Result<Upload, ActionError> {
    let account = sender(actor)?;
    let found = context
        .store
        .read("upload.find", move |tx| Ok::<_, ActionError>(store::uploads::get(tx, account, id)?))
        .await?;
    found.ok_or_else(|| missing(id))
}
