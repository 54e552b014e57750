//! Many documents in one go: sent together, looked at row by row before anything is written, taken in once someone has
//! agreed. The checks are those of an import, and so is the way in.

mod look;
mod receive;
mod report;
mod run;
mod template;

pub use look::{Known, Line, Preview};
pub use receive::{Incoming, Waiting, begin, cancel, confirm, done_receiving, list, show};
pub use report::report;
pub(crate) use run::Batches;
pub use run::{Progressing, next, tidy};
pub use template::{template_csv, template_xlsx};

use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::batch::Batch;
use crate::domain::id::BatchId;
use crate::inbox::{Inbox, InboxError};
use crate::store::{self, ReadTx, WriteTx};

/// What is said where there is no room on the disk.
const DISK_FULL: &str = "disk-full";
/// The note of what was seen of each row.
const PREVIEW: &str = "xem-truoc.json";
/// The note of what became of each row.
const REPORT: &str = "bao-cao.csv";

/// The most megabytes of a batch.
pub fn limit_mb(context: &Context) -> u64 {
    context.bounds.batch_bytes >> 20
}

fn missing(id: BatchId) -> ActionError {
    ActionError::NotFound { noun: Noun::Batch, id: id.to_string() }
}

fn inbox(context: &Context) -> Result<&Inbox, ActionError> {
    context.inbox.as_ref().ok_or_else(|| ActionError::Unavailable("no inbox".to_owned()))
}

/// The actor's own batch; another's is not there.
fn own(tx: &dyn ReadTx, actor: &Actor, id: BatchId) -> Result<Batch, ActionError> {
    let Actor::Account(holder) = actor else { return Err(missing(id)) };
    store::batches::get(tx, id)?.filter(|batch| batch.account == holder.account).ok_or_else(|| missing(id))
}

fn record(tx: &mut WriteTx<'_>, batch: &Batch, fields: &[&str]) {
    tx.record_at(&batch.organisation, store::log::subject::BATCH, batch.id.to_string(), fields);
}

impl From<InboxError> for ActionError {
    fn from(error: InboxError) -> Self {
        let invalid = |code, reason: String| Self::Invalid { field: "file", code, reason };
        match error {
            InboxError::TooLarge { limit_bytes } => {
                invalid("batch-too-large", format!("Lớn hơn giới hạn {} MB cho một lần gửi.", limit_bytes >> 20))
            }
            InboxError::TooMany(count) => invalid("batch-too-many", format!("Tệp nén có quá {count} mục.")),
            InboxError::Damaged(_) => {
                invalid("batch-damaged", "Tệp nén bị hỏng hoặc không phải ZIP. Hãy nén lại rồi gửi.".to_owned())
            }
            InboxError::NoRoom => {
                let reason = "Máy chủ sắp hết chỗ chứa, nên tạm thời chưa nhận thêm tệp. Hãy báo cho quản trị viên.";
                Self::Invalid { field: "file", code: DISK_FULL, reason: reason.to_owned() }
            }
            InboxError::Folder(error) => Self::internal(error),
        }
    }
}
