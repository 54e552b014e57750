//! Making a data folder out of a backup.
//!
//! Everything is unpacked into a folder of its own inside the data folder and checked there; only what is whole is
//! moved to its place, the store last. While that folder is there nothing else opens the data folder, and the next
//! run clears up after one that was killed.

use super::{BLOBS, FORMAT, HEAD, Head, Part, ROWS, SETTINGS, VAULT, blob_of, keys_of, refused, rows};
use crate::actions::ActionError;
use crate::actions::progress::Progress;
use crate::actions::space::gigabytes;
use crate::archive::{self, ArchiveError};
use crate::blobs::{Blobs, space_at};
use crate::domain::id::BlobHash;
use crate::store::snapshot::{AnyRow, Filling};
use crate::store::{self, SCHEMA_VERSION, Store};
use crate::vault::Vault;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// So many bytes of rows share a transaction.
const BATCH_BYTES: usize = 8 << 20;
/// The longest head or settings file.
const MAX_TEXT_BYTES: u64 = 1 << 20;

/// Where the parts of a data folder lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub data: PathBuf,
    /// Where a restore is under way; nothing else opens the data folder while it is there.
    pub unfinished: PathBuf,
    pub store: PathBuf,
    pub blobs: PathBuf,
    pub settings: PathBuf,
    /// The file of the vault's keys, outside the data folder.
    pub vault_key: PathBuf,
    pub store_cache_bytes: usize,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub made_at: DateTime<Utc>,
    pub revision: u64,
    pub rows: u64,
    pub blobs: u64,
    /// The hash that stands for the archive.
    pub hash: String,
    /// Blobs that rows name and the archive does not hold.
    pub missing: Vec<BlobHash>,
}

/// Restores a backup into a new or empty data folder; blocks.
///
/// # Errors
/// `Invalid` when the folder has content, or when the archive or its keys cannot be used; then nothing is left behind.
pub fn restore(
    target: &Target,
    file: &Path,
    with_keys: bool,
    progress: &dyn Progress,
) -> Result<Restored, ActionError> {
    let place = Place::take(target, file)?;
    let restored = unpack(target, file, with_keys, progress)?;
    place.finish(target)?;
    Ok(restored)
}

/// The data folder, held while something is restored into it.
struct Place<'a> {
    target: &'a Target,
    /// The folder was made for this.
    fresh: bool,
    /// What lies there is not whole, and goes.
    half: bool,
    _lock: File,
}

impl<'a> Place<'a> {
    fn take(target: &'a Target, file: &Path) -> Result<Self, ActionError> {
        let shown = target.data.display();
        let size = fs::metadata(file)
            .map_err(|error| refused("backup-io", format!("Không mở được {}: {error}.", file.display())))?
            .len();
        let fresh = !target.data.exists();
        crate::actions::space::private_folder(&target.data)?;
        let lock = File::open(&target.data)?;
        if lock.try_lock().is_err() {
            return Err(refused("restore-busy", format!("Một lần phục hồi khác đang chạy trên {shown}.")));
        }
        let mut place = Self { target, fresh, half: false, _lock: lock };
        if target.unfinished.exists() {
            place.clear();
        }
        let is_content = |name: &str| name != "lost+found";
        let names = fs::read_dir(&target.data)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let names = names.collect::<Result<Vec<_>, std::io::Error>>()?;
        if let Some(name) = names.iter().find(|name| is_content(name)) {
            let reason = format!(
                "Thư mục dữ liệu {shown} đã có «{name}». Chỉ phục hồi vào thư mục trống; hãy chọn --data khác."
            );
            return Err(refused("restore-not-empty", reason));
        }
        let free = space_at(&target.data)?.free_bytes;
        if free < size {
            let reason =
                format!("Không đủ chỗ trong {shown}: cần khoảng {}, còn trống {}.", gigabytes(size), gigabytes(free));
            return Err(refused("backup-no-room", reason));
        }
        place.half = true;
        fs::create_dir(&target.unfinished)?;
        Ok(place)
    }

    /// Takes away all that a restore makes. The folder was empty before, so nothing else can lie there.
    fn clear(&self) {
        for file in [&self.target.store, &self.target.settings] {
            drop(fs::remove_file(file));
        }
        for folder in [&self.target.blobs, &self.target.unfinished] {
            drop(fs::remove_dir_all(folder));
        }
    }

    /// Moves what is whole to its place, the store last.
    fn finish(mut self, target: &Target) -> Result<(), ActionError> {
        let parts = [(&target.blobs, "blobs"), (&target.settings, SETTINGS), (&target.store, "store.redb")];
        for (place, name) in parts {
            let from = target.unfinished.join(name);
            if from.exists() {
                fs::rename(from, place)?;
            }
        }
        File::open(&target.data)?.sync_all()?;
        fs::remove_dir_all(&target.unfinished)?;
        File::open(&target.data)?.sync_all()?;
        self.half = false;
        self.fresh = false;
        Ok(())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.half {
            self.clear();
        }
        if self.fresh {
            drop(fs::remove_dir(&self.target.data));
        }
    }
}

/// What has been unpacked so far.
struct Unpacked<'a> {
    folder: &'a Path,
    blobs: Blobs,
    filling: Filling,
    batch: Vec<AnyRow>,
    batch_bytes: usize,
    rows: u64,
    held: BTreeSet<BlobHash>,
    vault: Vec<String>,
    progress: &'a dyn Progress,
}

fn unpack(target: &Target, file: &Path, with_keys: bool, progress: &dyn Progress) -> Result<Restored, ActionError> {
    let folder = &target.unfinished;
    let options = store::Options { cache_bytes: target.store_cache_bytes };
    let store = folder.join("store.redb");
    let mut unpacked = Unpacked {
        folder,
        blobs: Blobs::open(&folder.join("blobs"))?,
        filling: Store::begin_filling(&store, options)?,
        batch: Vec::new(),
        batch_bytes: 0,
        rows: 0,
        held: BTreeSet::new(),
        vault: Vec::new(),
        progress,
    };
    progress.begin("Phục hồi từ bản sao lưu", None);
    let (head, hash) = unpacked.read(file, Part::Archive)?;
    let keys = keys_of(file);
    if with_keys {
        if !keys.is_file() {
            let reason = format!(
                "Không có {}, tệp giữ mật khẩu và khóa. Hãy đặt nó cạnh bản sao lưu, hoặc thêm --without-keys: khi đó mọi người phải đặt lại mật khẩu.",
                keys.display()
            );
            return Err(refused("restore-keys-missing", reason));
        }
        let (keys_head, _) = unpacked.read(&keys, Part::Keys)?;
        if keys_head.archive.as_deref() != Some(hash.as_str()) {
            let reason = format!("{} không thuộc về bản sao lưu này, hoặc bản sao lưu đã bị sửa.", keys.display());
            return Err(refused("restore-other-keys", reason));
        }
    }
    unpacked.put()?;
    unpacked.blobs.settle()?;
    let Unpacked { rows, held, filling, vault, .. } = unpacked;
    take_vault_keys(&target.vault_key, &vault)?;
    drop(filling);
    // Opening brings an older store to this program's schema, and shows that it can be read.
    let named = Store::open(&store, options)?
        .read_blocking("restore.files", |tx| Ok::<_, ActionError>(store::files::blobs_in_use(tx)?))?;
    let missing = named.difference(&held).cloned().collect();
    let blobs = u64::try_from(held.len()).unwrap_or(u64::MAX);
    Ok(Restored { made_at: head.made_at, revision: head.revision, rows, blobs, hash, missing })
}

impl Unpacked<'_> {
    fn read(&mut self, file: &Path, part: Part) -> Result<(Head, String), ActionError> {
        let opened = File::open(file)
            .map_err(|error| refused("backup-io", format!("Không mở được {}: {error}.", file.display())))?;
        let mut head = None;
        let hash = archive::read(BufReader::with_capacity(1 << 20, opened), |name, _size, content| {
            if head.is_none() {
                head = Some(read_head(name, content, part)?);
                return Ok(());
            }
            self.take(name, content)
        })?;
        let head = head.ok_or(ArchiveError::Truncated)?;
        Ok((head, hash))
    }

    fn take(&mut self, name: &str, content: &mut dyn Read) -> Result<(), ActionError> {
        if name.starts_with(ROWS) {
            self.take_rows(content)
        } else if name.starts_with(VAULT) {
            let keys = String::from_utf8(text(content)?).map_err(|_error| ArchiveError::Damaged(name.to_owned()))?;
            self.vault.push(keys);
            Ok(())
        } else if name == SETTINGS {
            // The keys' settings, which are whole, come second and take the place of the others.
            // Secrets stand in it.
            let mut options = File::options();
            let options = options.write(true).create(true).truncate(true).mode(0o600);
            Ok(options.open(self.folder.join(SETTINGS))?.write_all(&text(content)?)?)
        } else if name.starts_with(BLOBS) {
            let hash = blob_of(name).ok_or_else(|| ArchiveError::Damaged(format!("entry `{name}`")))?;
            let stored = self.blobs.fill(content)?;
            if stored.hash == hash {
                self.held.insert(hash);
            } else if !self.held.contains(&stored.hash) {
                // It was damaged when the backup was made, or the archive is: its list will tell.
                self.blobs.remove(&stored.hash)?;
            }
            self.progress.advance(1);
            Ok(())
        } else {
            Err(ArchiveError::Damaged(format!("entry `{name}` is of no known kind")).into())
        }
    }

    fn take_rows(&mut self, content: &mut dyn Read) -> Result<(), ActionError> {
        let mut content = BufReader::new(content);
        while let Some(row) = rows::decode(&mut content).map_err(|error| ArchiveError::Damaged(error.to_string()))? {
            self.rows += 1;
            self.progress.advance(1);
            self.batch_bytes += row.key.len() + row.value.len();
            self.batch.push(row);
            if self.batch_bytes >= BATCH_BYTES {
                self.put()?;
            }
        }
        Ok(())
    }

    fn put(&mut self) -> Result<(), ActionError> {
        self.filling.put(&self.batch)?;
        self.batch.clear();
        self.batch_bytes = 0;
        Ok(())
    }
}

/// Puts the vault's keys to those that are there already.
fn take_vault_keys(file: &Path, texts: &[String]) -> Result<(), ActionError> {
    let vault = Vault::open(file);
    for keys in texts {
        vault.take_in(keys).map_err(|error| {
            let shown = file.display();
            let reason = format!("Không đặt được khóa học viên vào {shown} ({error}). Hãy chọn --vault-key khác.");
            refused("restore-vault-key", reason)
        })?;
    }
    Ok(())
}

fn text(content: &mut dyn Read) -> Result<Vec<u8>, ActionError> {
    let mut bytes = Vec::new();
    content.take(MAX_TEXT_BYTES).read_to_end(&mut bytes).map_err(ArchiveError::from)?;
    Ok(bytes)
}

fn read_head(name: &str, content: &mut dyn Read, part: Part) -> Result<Head, ActionError> {
    let strange = || refused("backup-strange", "Đây không phải là bản sao lưu của hoclieu.".to_owned());
    if name != HEAD {
        return Err(strange());
    }
    let head: Head = serde_json::from_slice(&text(content)?).map_err(|_error| strange())?;
    if head.part != part {
        let reason = "Hãy nêu tệp sao lưu, không phải tệp .keys bên cạnh.";
        return Err(refused("backup-strange", reason.to_owned()));
    }
    if head.format != FORMAT || head.schema > SCHEMA_VERSION {
        let reason = format!(
            "Bản sao lưu do phiên bản {} tạo, mới hơn chương trình này. Hãy cập nhật chương trình rồi phục hồi.",
            head.program
        );
        return Err(refused("backup-newer", reason));
    }
    Ok(head)
}
