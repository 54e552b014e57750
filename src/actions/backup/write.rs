//! Writing a backup, beside everything else that goes on.

use super::rows::encode;
use super::{FORMAT, HEAD, Head, Part, ROWS, SETTINGS, Settings, VAULT, blob_entry, keys_of, refused};
use crate::actions::progress::Progress;
use crate::actions::space::gigabytes;
use crate::actions::{ActionError, Context, usage};
use crate::archive::{ArchiveError, Writer};
use crate::blobs::{BlobError, space_at};
use crate::domain::id::BlobHash;
use crate::store::{self, ReadTx, snapshot};
use std::collections::BTreeSet;
use std::fs::{self, File, Permissions, TryLockError};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// An entry of rows is closed once it has so many bytes.
const PART_BYTES: usize = 4 << 20;
/// How many missing blobs are named.
const NAMED: usize = 5;

/// Which backup is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The archive to be written; its keys lie beside it.
    pub file: PathBuf,
    /// The data folder, which must not hold its own backup.
    pub data: PathBuf,
    /// The file of the store, for how much room is needed.
    pub store: PathBuf,
    pub settings: Option<Settings>,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backed {
    pub keys: PathBuf,
    pub revision: u64,
    pub rows: u64,
    pub blobs: u64,
    pub bytes: u64,
    /// The hash that stands for the whole archive.
    pub hash: String,
    /// Blobs that rows name and that were missing or damaged before.
    pub missing: Vec<BlobHash>,
}

/// Where a file is written before it is whole.
fn temporary_of(place: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(place.file_name().unwrap_or_default());
    name.push(".part");
    place.with_file_name(name)
}

/// Takes away the keys of a run that was killed between naming them and naming their archive.
fn clear_after_killed(archive: &Path) -> Result<(), ActionError> {
    let keys = keys_of(archive);
    if temporary_of(archive).exists() && !archive.exists() && keys.exists() {
        fs::remove_file(keys)?;
    }
    Ok(())
}

/// A file that has no name until it is whole.
struct Unfinished {
    temporary: PathBuf,
    place: PathBuf,
    done: bool,
}

type Out = Writer<BufWriter<File>>;

impl Unfinished {
    /// Begins a file; what a killed run left of it is written over.
    fn begin(place: &Path) -> Result<(Self, File), ActionError> {
        let shown = place.display();
        if place.exists() {
            let reason = format!("{shown} đã có. Hãy chọn tên khác; bản sao lưu không bao giờ bị ghi đè.");
            return Err(refused("backup-exists", reason));
        }
        let temporary = temporary_of(place);
        let failed = |error: std::io::Error| refused("backup-io", format!("Không ghi được {shown}: {error}."));
        let file = File::options().create(true).append(true).mode(0o600).open(&temporary).map_err(failed)?;
        // One that lay there already may have been another's to read.
        file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(refused("backup-busy", format!("Một lần sao lưu khác đang ghi {shown}.")));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).map_err(failed)?;
        Ok((Self { temporary, place: place.to_owned(), done: false }, file))
    }

    /// Gives the file, which is on the disk, its name.
    fn finish(mut self) -> Result<(), ActionError> {
        if self.place.exists() {
            return Err(refused("backup-exists", format!("{} vừa được tạo bởi việc khác.", self.place.display())));
        }
        fs::rename(&self.temporary, &self.place)?;
        self.done = true;
        if let Some(folder) = self.place.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.done {
            drop(fs::remove_file(&self.temporary));
        }
    }
}

/// Writes a consistent backup; blocks. Others read and write meanwhile: the rows are those of one moment, and blobs are
/// not taken away before they are copied.
///
/// # Errors
/// `Invalid` when the file is there, cannot be written, or does not fit on its disk; then nothing is left of it.
pub fn backup(context: &Context, wanted: &Wanted, progress: &dyn Progress) -> Result<Backed, ActionError> {
    check_place(context, wanted)?;
    usage::flush_blocking(context)?;
    clear_after_killed(&wanted.file)?;
    let (archive, file) = Unfinished::begin(&wanted.file)?;
    let (keys, keys_file) = Unfinished::begin(&keys_of(&wanted.file))?;
    // From here on no blob goes away, so that the rows read next name only what is there.
    let hold = context.blobs.hold();
    let at = context.now();
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    let mut pair = Pair {
        archive: Writer::new(BufWriter::new(file), seconds),
        keys: Writer::new(BufWriter::new(keys_file), seconds),
        progress,
    };
    progress.begin("Sao lưu kho", None);
    let before = vault_keys(context);
    let mut rows = context.store.read_blocking("backup.rows", |tx| pair.rows(tx, at, wanted.settings.as_ref()))?;
    rows.secret.vault.extend(before.into_iter().chain(vault_keys(context)));
    let mut backed =
        Backed { keys: keys.place.clone(), revision: rows.head.revision, rows: rows.count, ..Backed::default() };
    progress.begin("Sao lưu tệp", u64::try_from(rows.blobs.len()).ok());
    for hash in &rows.blobs {
        if pair.blob(context, hash)? {
            backed.blobs += 1;
        } else {
            backed.missing.push(hash.clone());
        }
        progress.advance(1);
    }
    drop(hold);
    let (file, hash) = pair.archive.finish()?;
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    let keys_file = finish_keys(pair.keys, rows.head, &rows.secret, &hash)?;
    backed.bytes = file.metadata()?.len();
    backed.hash = hash;
    // The keys first: an archive with its name has its keys beside it.
    file.sync_all()?;
    keys_file.sync_all()?;
    keys.finish()?;
    archive.finish().inspect_err(|_| drop(fs::remove_file(&backed.keys)))?;
    Ok(backed)
}

/// Refuses a place that is no good before anything is read.
fn check_place(context: &Context, wanted: &Wanted) -> Result<(), ActionError> {
    let shown = wanted.file.display();
    let folder = wanted.file.parent().unwrap_or(Path::new("."));
    let real = folder.canonicalize().map_err(|error| {
        refused("backup-io", format!("Không có thư mục {} để ghi bản sao lưu: {error}.", folder.display()))
    })?;
    if wanted.data.canonicalize().is_ok_and(|data| real.starts_with(data)) {
        let reason = format!("{shown} nằm trong thư mục dữ liệu, sẽ mất cùng với nó. Hãy chọn nơi khác.");
        return Err(refused("backup-inside", reason));
    }
    let mut needed = fs::metadata(&wanted.store).map_or(0, |data| data.len());
    for hash in context.blobs.list()? {
        needed += context.blobs.size(&hash).unwrap_or(0);
    }
    let free = space_at(&real)?.free_bytes;
    if free < needed {
        let (free, needed) = (gigabytes(free), gigabytes(needed));
        let reason = format!("Không đủ chỗ cho {shown}: cần khoảng {needed}, còn trống {free}.");
        return Err(refused("backup-no-room", reason));
    }
    Ok(())
}

/// The two files under way.
struct Pair<'a> {
    archive: Out,
    keys: Out,
    progress: &'a dyn Progress,
}

/// What was found while the rows were written.
struct Rows {
    head: Head,
    count: u64,
    blobs: BTreeSet<BlobHash>,
    /// The rows of the keys and the settings, which follow once the archive's hash is known.
    secret: Secret,
}

/// What goes into the file of the keys.
#[derive(Default)]
struct Secret {
    rows: Vec<u8>,
    /// The vault's keys before and after the rows were read: a rotation may have come between.
    vault: Vec<String>,
    settings: Option<String>,
}

impl Pair<'_> {
    fn rows(
        &mut self,
        tx: &dyn ReadTx,
        at: chrono::DateTime<chrono::Utc>,
        settings: Option<&Settings>,
    ) -> Result<Rows, ActionError> {
        let head = Head {
            format: FORMAT,
            part: Part::Archive,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema: store::meta::schema_version(tx)?,
            revision: store::log::latest(tx)?,
            made_at: at,
            archive: None,
        };
        self.archive.add(HEAD, &serde_json::to_vec(&head).map_err(ActionError::internal)?)?;
        let mut secret = Secret::default();
        if let Some(settings) = settings {
            self.archive.add(SETTINGS, settings.open.as_bytes())?;
            secret.settings = Some(settings.whole.clone());
        }
        let (mut part, mut number, mut count) = (Vec::new(), 0, 0_u64);
        snapshot::each_row(tx, |table, key, value| {
            count += 1;
            self.progress.advance(1);
            if table.is_secret() {
                encode(&mut secret.rows, table, key, value);
                return Ok(());
            }
            encode(&mut part, table, key, value);
            if part.len() >= PART_BYTES { add_rows(&mut self.archive, &mut part, &mut number) } else { Ok(()) }
        })?;
        add_rows(&mut self.archive, &mut part, &mut number)?;
        Ok(Rows { head, count, blobs: store::files::blobs_in_use(tx)?, secret })
    }

    /// Copies a blob; answers whether it was there as it should be.
    fn blob(&mut self, context: &Context, hash: &BlobHash) -> Result<bool, ActionError> {
        let (mut content, size_bytes) = match context.blobs.open_blocking(hash) {
            Err(BlobError::Missing(_)) => return Ok(false),
            other => other?,
        };
        let entry = self.archive.add_stream(&blob_entry(hash), size_bytes, &mut content)?;
        Ok(entry.blake3 == hash.as_str())
    }
}

/// The keys of what names persons; none where nothing was sealed yet.
fn vault_keys(context: &Context) -> Option<String> {
    context.vault.text().ok()
}

fn add_rows(out: &mut Out, part: &mut Vec<u8>, number: &mut u32) -> Result<(), ActionError> {
    if part.is_empty() {
        return Ok(());
    }
    *number += 1;
    out.add(&format!("{ROWS}{number:08}.rows"), part)?;
    part.clear();
    Ok(())
}

fn finish_keys(mut out: Out, head: Head, secret: &Secret, hash: &str) -> Result<File, ActionError> {
    let head = Head { part: Part::Keys, archive: Some(hash.to_owned()), ..head };
    out.add(HEAD, &serde_json::to_vec(&head).map_err(ActionError::internal)?)?;
    if let Some(settings) = &secret.settings {
        out.add(SETTINGS, settings.as_bytes())?;
    }
    for (number, keys) in secret.vault.iter().enumerate() {
        out.add(&format!("{VAULT}{number}.json"), keys.as_bytes())?;
    }
    out.add(&format!("{ROWS}{:08}.rows", 1), &secret.rows)?;
    let (mut file, _) = out.finish()?;
    file.flush().map_err(ArchiveError::from)?;
    Ok(file.into_inner().map_err(std::io::IntoInnerError::into_error)?)
}

impl Backed {
    /// The missing blobs in words: how many, and the first of them.
    pub fn missing_words(&self) -> Option<String> {
        let named: Vec<&str> = self.missing.iter().take(NAMED).map(BlobHash::as_str).collect();
        (!named.is_empty()).then(|| format!("{} tệp ({})", self.missing.len(), named.join(", ")))
    }
}
