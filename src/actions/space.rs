//! The room on the disk: told before it runs out, kept for what must go on.
//!
//! Below the floor nothing large is taken in; reading, searching and signing in go on.

use crate::actions::{ActionError, Context};
use crate::blobs::Space;
use crate::domain::actor::Actor;
use crate::domain::permission::{Object, Verb, may};
use std::path::Path;

/// Makes the folder for data, or makes one that is there its owner's alone: drafts, names and password hashes lie in it.
///
/// # Errors
/// When it can be neither made nor changed.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if is_private(folder)? {
        return Ok(());
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// Whether nobody but its owner may look into a folder.
///
/// # Errors
/// When nothing can be learnt of it.
pub fn is_private(folder: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let open_to_others = 0o077;
    Ok(std::fs::metadata(folder)?.permissions().mode() & open_to_others == 0)
}

/// Below so many times the floor administrators are told.
const WARN_TIMES: u64 = 2;

/// How much room there is, against how much must stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub space: Space,
    /// So much must stay free; 0 where nobody minds.
    pub floor_bytes: u64,
}

/// What the room means for those who run the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomState {
    Enough,
    /// More is soon needed.
    Low,
    /// New files are refused.
    Full,
}

impl RoomState {
    /// The word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enough => "ok",
            Self::Low => "low",
            Self::Full => "full",
        }
    }
}

impl Room {
    pub fn state(&self) -> RoomState {
        let free = self.space.free_bytes;
        if free < self.floor_bytes {
            RoomState::Full
        } else if free < self.floor_bytes.saturating_mul(WARN_TIMES) {
            RoomState::Low
        } else {
            RoomState::Enough
        }
    }

    /// Whether so many bytes more leave the floor free.
    pub fn takes(&self, bytes: u64) -> bool {
        self.floor_bytes == 0 || self.space.free_bytes.saturating_sub(bytes) >= self.floor_bytes
    }

    /// The room in words, such as `còn trống 3,2 GB trên 40,0 GB`.
    pub fn words(&self) -> String {
        format!("còn trống {} trên {}", gigabytes(self.space.free_bytes), gigabytes(self.space.total_bytes))
    }
}

/// A number of bytes as people say it.
pub fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / ((1 << 30) / 10);
    format!("{},{} GB", tenths / 10, tenths % 10)
}

/// The room on the disk of the files; asks the system, which takes microseconds.
///
/// # Errors
/// When the system does not tell.
pub fn room(context: &Context) -> Result<Room, ActionError> {
    Ok(Room { space: context.blobs.space()?, floor_bytes: context.bounds.disk_floor_bytes })
}

/// Refuses to take in so many bytes where they would eat into the floor.
///
/// # Errors
/// `Invalid` with the code `disk-full`, in words for whoever brings the file.
pub fn keep_room(context: &Context, bytes: u64) -> Result<(), ActionError> {
    let room = room(context)?;
    if room.takes(bytes) {
        return Ok(());
    }
    let reason = format!(
        "Máy chủ sắp hết chỗ chứa ({}), nên tạm thời chưa nhận thêm tệp. Việc đọc và tìm vẫn bình thường. Hãy báo cho quản trị viên.",
        room.words()
    );
    Err(ActionError::Invalid { field: "file", code: "disk-full", reason })
}

/// What an administrator is told while room is short; nothing for others.
pub fn warning(context: &Context, actor: &Actor) -> Option<String> {
    if !may(actor, Verb::Operate, &Object::province()) {
        return None;
    }
    let room = room(context).ok()?;
    match room.state() {
        RoomState::Enough => None,
        RoomState::Low => Some(format!("Ổ đĩa của thư viện sắp đầy: {}. Hãy thêm chỗ hoặc dọn bớt.", room.words())),
        RoomState::Full => {
            Some(format!("Ổ đĩa của thư viện đã đầy: {}. Tệp mới đang bị từ chối cho đến khi có chỗ.", room.words()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_told_before_it_is_gone_and_the_floor_stays() {
        let room = |free_bytes| Room { space: Space { free_bytes, total_bytes: 100 }, floor_bytes: 10 };
        let states = [30, 20, 19, 10, 9].map(|free| room(free).state().code());
        assert_eq!(states, ["ok", "ok", "low", "low", "full"]);
        assert!(room(30).takes(20) && !room(30).takes(21) && !room(5).takes(0));
        let unbounded = Room { floor_bytes: 0, ..room(5) };
        assert!(unbounded.takes(99) && unbounded.state() == RoomState::Enough);
        assert_eq!(gigabytes(3_500_000_000), "3,2 GB");
    }
}
