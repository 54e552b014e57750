//! A backup: the whole library in two files, and a data folder made of them again.
//!
//! The archive holds the rows of one moment, every blob that they name, and the settings without their secrets. Beside
//! it, `FILE.keys` holds what opens accounts: password hashes, second steps, sessions, tokens, one-time codes and the
//! settings as they are, and the vault's keys, which open what names learners. Both are for the owner alone (mode 0600), but they are two files because they belong in two
//! places: an archive that is copied to a disk, a cloud or a colleague carries no key with it, and one that was
//! changed does not fit its keys any more, which name it by its hash.

mod restore;
mod rows;
mod write;

pub use restore::{Restored, Target, restore};
pub use write::{Backed, Wanted, backup};

use crate::actions::ActionError;
use crate::archive::ArchiveError;
use crate::domain::id::BlobHash;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The form of archives that this program writes and reads.
const FORMAT: u32 = 1;
/// The first entry.
const HEAD: &str = "hoclieu-backup.json";
/// The settings.
const SETTINGS: &str = "hoclieu.toml";
/// What the names of entries with rows begin with.
const ROWS: &str = "store/";
/// What the names of entries with the vault's keys begin with.
const VAULT: &str = "vault-keys/";
/// What the names of entries with blobs begin with.
const BLOBS: &str = "blobs/";

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: u32,
    part: Part,
    program: String,
    schema: u32,
    /// The last revision of the log that it holds.
    revision: u64,
    made_at: DateTime<Utc>,
    /// The hash of the archive's list, in the file of its keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    archive: Option<String>,
}

/// Which of the two files it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Archive,
    Keys,
}

/// The settings file, as it is and without what opens something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub whole: String,
    pub open: String,
}

/// The file of the keys that belongs to an archive.
fn keys_of(archive: &Path) -> PathBuf {
    let mut name = OsString::from(archive);
    name.push(".keys");
    PathBuf::from(name)
}

/// The entry that holds a blob.
fn blob_entry(hash: &BlobHash) -> String {
    let text = hash.as_str();
    let part = |from: usize| text.get(from..from + 2).unwrap_or("00");
    format!("{BLOBS}{}/{}/{text}", part(0), part(2))
}

/// The blob that an entry holds.
fn blob_of(name: &str) -> Option<BlobHash> {
    let hash = BlobHash::parse(name.rsplit('/').next()?).ok()?;
    (blob_entry(&hash) == name).then_some(hash)
}

fn refused(code: &'static str, reason: String) -> ActionError {
    ActionError::Invalid { field: "file", code, reason }
}

impl From<ArchiveError> for ActionError {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Truncated => refused(
                "backup-truncated",
                "Tệp sao lưu bị cụt: nó kết thúc trước danh mục. Hãy dùng bản sao lưu khác.".to_owned(),
            ),
            ArchiveError::Damaged(what) => refused(
                "backup-damaged",
                format!("Tệp sao lưu bị hỏng hoặc đã bị sửa ({what}). Hãy dùng bản sao lưu khác."),
            ),
            ArchiveError::Io(error) => refused("backup-io", format!("Không đọc hoặc ghi được tệp: {error}.")),
        }
    }
}
