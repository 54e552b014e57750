//! Uploads: a file on its way in, and for a while what became of it.

use crate::domain::id::{AccountId, MaterialId, OrganisationId, UploadId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// An upload that gets no byte for so long is given up.
pub const PATIENCE: TimeDelta = TimeDelta::days(7);
/// So long it is remembered what became of one.
pub const MEMORY: TimeDelta = TimeDelta::days(14);
/// The span over which what one brings is added up.
pub const SPAN: TimeDelta = TimeDelta::days(1);

/// Where the content of an upload goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// A draft of its own at an organisation.
    Draft(OrganisationId),
    /// The next version of a material.
    Version(MaterialId),
    /// One more file of a material's draft: captions or a transcript of its recording.
    Beside(MaterialId),
}

/// What has become of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// Bytes are missing, or all are there and wait to be looked at.
    Receiving,
    /// A material has the file.
    Taken {
        material: MaterialId,
        version: u32,
        /// It had the file before.
        existing: bool,
    },
    /// The file cannot be taken; the code is one of the stable error codes.
    Refused {
        code: String,
        /// What a person is told, in Vietnamese.
        message: String,
    },
}

/// A file that an account sends or has sent; how much of it is there is told by the file itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    pub id: UploadId,
    pub account: AccountId,
    /// A safe file name.
    pub name: String,
    /// The declared length.
    pub size_bytes: u64,
    pub aim: Aim,
    pub created_at: DateTime<Utc>,
    /// When bytes or a verdict came last.
    pub touched_at: DateTime<Utc>,
    pub progress: Progress,
}

impl Upload {
    /// When it is forgotten, with what has been received of it.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.touched_at + if self.is_receiving() { PATIENCE } else { MEMORY }
    }

    /// Whether it is neither taken nor refused.
    pub fn is_receiving(&self) -> bool {
        self.progress == Progress::Receiving
    }

    /// Whether its bytes count towards what may be brought within a span of time.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        match self.progress {
            Progress::Receiving => true,
            Progress::Taken { existing, .. } => !existing && now - self.touched_at < SPAN,
            Progress::Refused { .. } => false,
        }
    }
}

/// Bounds on what is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadRules {
    /// The most bytes of a sound recording or a film; other kinds have a bound of their own.
    pub media_bytes: u64,
    /// The most bytes that an account brings in a day, unfinished uploads included.
    pub account_bytes: u64,
    /// The most bytes that all accounts bring in a day, unfinished uploads included.
    pub total_bytes: u64,
}

impl Default for UploadRules {
    fn default() -> Self {
        Self { media_bytes: 2 << 30, account_bytes: 20 << 30, total_bytes: 100 << 30 }
    }
}

/// Whether a media type is that of sound or film.
pub fn is_media(media_type: &str) -> bool {
    media_type.starts_with("audio/") || media_type.starts_with("video/")
}

/// Whether a name promises sound or film; good enough to refuse a length early, never to believe.
pub fn is_named_as_media(name: &str) -> bool {
    const ENDINGS: [&str; 14] =
        ["mp4", "m4v", "mov", "webm", "mkv", "avi", "3gp", "mp3", "m4a", "wav", "ogg", "oga", "flac", "amr"];
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    ENDINGS.contains(&ending.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_unfinished_or_of_today_counts_and_the_same_file_again_does_not() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let material = MaterialId(Uuid::nil());
        let mut upload = Upload {
            id: UploadId(Uuid::nil()),
            account: AccountId(Uuid::nil()),
            name: "a.pdf".to_owned(),
            size_bytes: 1,
            aim: Aim::Version(material),
            created_at: at,
            touched_at: at,
            progress: Progress::Receiving,
        };
        assert!(upload.counts(at + TimeDelta::days(3)));
        assert_eq!(upload.expires_at(), at + PATIENCE);
        upload.progress = Progress::Taken { material, version: 1, existing: false };
        assert!(upload.counts(at + TimeDelta::hours(23)) && !upload.counts(at + TimeDelta::hours(24)));
        upload.progress = Progress::Taken { material, version: 1, existing: true };
        assert!(!upload.counts(at));
    }

    #[test]
    fn names_promise_film_whatever_their_case() {
        assert!(is_named_as_media("Họp.MP4") && !is_named_as_media("mp4") && !is_named_as_media("a.mp4.pdf"));
    }
}
