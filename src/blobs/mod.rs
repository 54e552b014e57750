//! Files by their content: named by hash, durable before anyone names them.

mod partial;

pub use partial::{Appending, Partial};

use crate::domain::id::BlobHash;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// The folder for what is being written.
const UNFINISHED: &str = "tmp";
/// How many bytes are moved at once.
const STEP: usize = 128 << 10;

/// Says why a blob could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The content is longer than the caller allows; nothing of it is kept.
    #[error("content is longer than {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    /// There is no such blob.
    #[error("blob {0} is missing")]
    Missing(BlobHash),
    /// The folder could not be read or written.
    #[error("blob folder: {0}")]
    Folder(#[from] io::Error),
}

/// A blob that is safely on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub hash: BlobHash,
    pub size_bytes: u64,
    /// It was not there before.
    pub fresh: bool,
}

/// The room on the disk that holds a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// What this process may still write.
    pub free_bytes: u64,
    pub total_bytes: u64,
}

/// Asks how much room there is on the disk that holds a folder.
///
/// # Errors
/// When the folder is not there or the system does not tell.
pub fn space_at(folder: &Path) -> io::Result<Space> {
    let told = rustix::fs::statvfs(folder)?;
    let bytes = |blocks: u64| blocks.saturating_mul(told.f_frsize);
    Ok(Space { free_bytes: bytes(told.f_bavail), total_bytes: bytes(told.f_blocks) })
}

/// A folder of blobs; cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: Arc<PathBuf>,
    counter: Arc<AtomicU64>,
    /// Nothing is collected while it is decided to use what is there.
    deciding: Arc<Mutex<()>>,
    /// How many need every blob to stay where it is.
    holds: Arc<AtomicU64>,
}

/// As long as it is there, no blob is taken away.
pub struct Hold {
    holds: Arc<AtomicU64>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.holds.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Blobs {
    /// Opens a folder, making it when it is missing; what a killed process left unfinished is swept.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Self, BlobError> {
        let unfinished = folder.join(UNFINISHED);
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        fs::create_dir_all(&unfinished)?;
        Ok(Self {
            folder: Arc::new(folder.to_owned()),
            counter: Arc::default(),
            deciding: Arc::default(),
            holds: Arc::default(),
        })
    }

    /// The room on the disk that holds the blobs.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn space(&self) -> Result<Space, BlobError> {
        Ok(space_at(&self.folder)?)
    }

    /// Keeps what a reader gives; it is durable when this returns. Blocks.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit; then nothing is left behind.
    pub fn put_stream(&self, content: &mut dyn Read, limit_bytes: u64) -> Result<Stored, BlobError> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let temporary = self.folder.join(UNFINISHED).join(number.to_string());
        let kept = self.write(&temporary, content, limit_bytes, true);
        if kept.is_err() {
            drop(fs::remove_file(&temporary));
        }
        kept
    }

    /// Keeps what a reader gives, which is durable only after [`Blobs::settle`]: for filling a folder that nothing
    /// names yet. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn fill(&self, content: &mut dyn Read) -> Result<Stored, BlobError> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let temporary = self.folder.join(UNFINISHED).join(number.to_string());
        self.write(&temporary, content, u64::MAX, false)
    }

    /// Makes all that was filled durable at once. Blocks.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn settle(&self) -> Result<(), BlobError> {
        rustix::fs::syncfs(File::open(&*self.folder)?).map_err(io::Error::from)?;
        Ok(())
    }

    /// Keeps every blob where it is until the answer is dropped; what is to be removed meanwhile stays, unused.
    pub fn hold(&self) -> Hold {
        self.holds.fetch_add(1, Ordering::SeqCst);
        Hold { holds: Arc::clone(&self.holds) }
    }

    /// The size of a blob in bytes. Blocks.
    ///
    /// # Errors
    /// `Missing` when there is none.
    pub fn size(&self, hash: &BlobHash) -> Result<u64, BlobError> {
        Ok(self.file(hash)?.metadata()?.len())
    }

    /// Opens a blob for reading it from its beginning; answers its size, too. Blocks.
    ///
    /// # Errors
    /// `Missing` when there is none.
    pub fn open_blocking(&self, hash: &BlobHash) -> Result<(File, u64), BlobError> {
        let file = self.file(hash)?;
        let size_bytes = file.metadata()?.len();
        Ok((file, size_bytes))
    }

    /// Keeps bytes; they are durable when this returns. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn put_bytes(&self, mut bytes: &[u8]) -> Result<Stored, BlobError> {
        self.put_stream(&mut bytes, u64::MAX)
    }

    fn write(
        &self,
        temporary: &Path,
        content: &mut dyn Read,
        limit_bytes: u64,
        durable: bool,
    ) -> Result<Stored, BlobError> {
        let mut file = File::create(temporary)?;
        let (mut hasher, mut size_bytes) = (blake3::Hasher::new(), 0_u64);
        let mut buffer = vec![0; STEP];
        loop {
            let length = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            size_bytes += u64::try_from(length).unwrap_or(u64::MAX);
            if size_bytes > limit_bytes {
                return Err(BlobError::TooLarge { limit_bytes });
            }
            let part = buffer.get(..length).unwrap_or_default();
            hasher.update(part);
            file.write_all(part)?;
        }
        let hash = BlobHash::parse(hasher.finalize().to_hex().as_str()).map_err(io::Error::other)?;
        let place = self.place(&hash);
        if self.keep_known(&place, durable)? {
            fs::remove_file(temporary)?;
            return Ok(Stored { hash, size_bytes, fresh: false });
        }
        if durable {
            file.sync_all()?;
        }
        self.name(temporary, &place, durable)?;
        Ok(Stored { hash, size_bytes, fresh: true })
    }

    /// Makes sure that a blob that is there stays for whoever is about to name it: it counts as new. Answers whether it
    /// is there.
    fn keep_known(&self, place: &Path, durable: bool) -> Result<bool, BlobError> {
        let _deciding = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        match File::options().write(true).open(place) {
            Ok(file) => file.set_modified(self.moment()?)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        if durable {
            // Another writer may have named it just now, and not yet have synced the name.
            self.sync_folders(place)?;
        }
        Ok(true)
    }

    /// The present moment by the clock of the file system, with which it stamps files.
    fn moment(&self) -> io::Result<SystemTime> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let mark = self.folder.join(UNFINISHED).join(number.to_string());
        let moment = File::create(&mark)?.metadata()?.modified();
        fs::remove_file(mark)?;
        moment
    }

    /// Takes a blob away that nobody has put or put again for so long, unless someone holds all of them; answers
    /// whether it went. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn remove_older(&self, hash: &BlobHash, age: Duration) -> Result<bool, BlobError> {
        let _deciding = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        let place = self.place(hash);
        let Ok(data) = fs::metadata(&place) else { return Ok(false) };
        let is_old = self.moment()?.duration_since(data.modified()?).is_ok_and(|passed| passed >= age);
        if !is_old || self.holds.load(Ordering::SeqCst) > 0 {
            return Ok(false);
        }
        fs::remove_file(place)?;
        Ok(true)
    }

    /// Gives a finished file its name; durably, when every folder on the way is synced from the inside out.
    fn name(&self, temporary: &Path, place: &Path, durable: bool) -> Result<(), BlobError> {
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(temporary, place)?;
        if durable { self.sync_folders(place) } else { Ok(()) }
    }

    fn sync_folders(&self, place: &Path) -> Result<(), BlobError> {
        for parent in place.ancestors().skip(1).take_while(|path| path.starts_with(&*self.folder)) {
            File::open(parent)?.sync_all()?;
        }
        Ok(())
    }

    fn place(&self, hash: &BlobHash) -> PathBuf {
        let text = hash.as_str();
        let part = |from: usize| text.get(from..from + 2).unwrap_or("00");
        self.folder.join(part(0)).join(part(2)).join(text)
    }

    fn file(&self, hash: &BlobHash) -> Result<File, BlobError> {
        File::open(self.place(hash)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BlobError::Missing(hash.clone()),
            _ => error.into(),
        })
    }

    /// Opens a blob for reading from any place.
    ///
    /// # Errors
    /// `Missing` when there is none.
    pub async fn open_file(&self, hash: &BlobHash) -> Result<tokio::fs::File, BlobError> {
        let (blobs, hash) = (self.clone(), hash.clone());
        let opened = tokio::task::spawn_blocking(move || blobs.file(&hash)).await;
        Ok(tokio::fs::File::from_std(opened.map_err(io::Error::other)??))
    }

    /// Reads a part of a blob. Blocks.
    ///
    /// # Errors
    /// `Missing` when there is none; `Folder` when it is shorter.
    pub fn read_range(&self, hash: &BlobHash, offset: u64, len: u64) -> Result<Vec<u8>, BlobError> {
        let mut file = self.file(hash)?;
        if offset.checked_add(len).is_none_or(|end| file.metadata().is_ok_and(|data| data.len() < end)) {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; usize::try_from(len).map_err(io::Error::other)?];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a whole blob out. Blocks.
    ///
    /// # Errors
    /// `Missing` when there is none.
    pub fn copy_to(&self, hash: &BlobHash, out: &mut dyn Write) -> Result<(), BlobError> {
        io::copy(&mut self.file(hash)?, out)?;
        Ok(())
    }

    /// Whether a blob's content still has its hash. Blocks.
    ///
    /// # Errors
    /// `Missing` when there is none.
    pub fn verify(&self, hash: &BlobHash) -> Result<bool, BlobError> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(self.file(hash)?)?;
        Ok(hasher.finalize().to_hex().as_str() == hash.as_str())
    }

    /// Every blob in the folder. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Vec<BlobHash>, BlobError> {
        let mut found = Vec::new();
        for outer in folders(&self.folder)? {
            for inner in folders(&outer)? {
                for entry in fs::read_dir(inner)? {
                    found.extend(entry?.file_name().to_str().and_then(|name| BlobHash::parse(name).ok()));
                }
            }
        }
        Ok(found)
    }

    /// Takes a blob away, unless someone holds all of them; one that is not there is no error. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn remove(&self, hash: &BlobHash) -> Result<(), BlobError> {
        if self.holds.load(Ordering::SeqCst) > 0 {
            return Ok(());
        }
        match fs::remove_file(self.place(hash)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// The folders of two signs in a folder.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().len() == 2 && entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_is_kept_once_under_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let first = blobs.put_bytes("lúa".as_bytes()).unwrap();
        let second = blobs.put_bytes("lúa".as_bytes()).unwrap();
        assert!(first.fresh && !second.fresh);
        assert_eq!(blobs.list().unwrap(), std::slice::from_ref(&first.hash));
        assert_eq!(blobs.read_range(&first.hash, 1, 2).unwrap(), "ú".as_bytes());
        assert!(blobs.verify(&first.hash).unwrap());
        // A damaged row may ask for more than there is, or than there is memory.
        for (offset, len) in [(0, u64::MAX), (u64::MAX, 2), (3, 2)] {
            assert!(matches!(blobs.read_range(&first.hash, offset, len), Err(BlobError::Folder(_))));
        }
    }

    #[test]
    fn content_beyond_the_limit_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let error = blobs.put_stream(&mut io::repeat(1).take(1_000), 999).unwrap_err();
        assert!(matches!(error, BlobError::TooLarge { .. }));
        assert_eq!(fs::read_dir(folder.path().join(UNFINISHED)).unwrap().count(), 0);
        assert!(blobs.list().unwrap().is_empty());
    }

    #[test]
    fn held_blobs_stay_until_nobody_holds_them() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let stored = blobs.fill(&mut &b"abc"[..]).unwrap();
        blobs.settle().unwrap();
        let hold = blobs.clone().hold();
        blobs.remove(&stored.hash).unwrap();
        assert_eq!(blobs.size(&stored.hash).unwrap(), 3);
        drop(hold);
        blobs.remove(&stored.hash).unwrap();
        assert!(matches!(blobs.open_blocking(&stored.hash), Err(BlobError::Missing(_))));
    }

    #[test]
    fn a_damaged_blob_is_found_and_a_missing_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let stored = blobs.put_bytes(b"abc").unwrap();
        fs::write(blobs.place(&stored.hash), b"abd").unwrap();
        assert!(!blobs.verify(&stored.hash).unwrap());
        blobs.remove(&stored.hash).unwrap();
        blobs.remove(&stored.hash).unwrap();
        assert!(matches!(blobs.verify(&stored.hash), Err(BlobError::Missing(_))));
    }

    #[test]
    fn what_is_put_again_counts_as_new_and_is_not_collected() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let stored = blobs.put_bytes(b"abc").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH;
        let age = |hash| File::options().write(true).open(blobs.place(hash)).unwrap().set_modified(long_ago).unwrap();
        age(&stored.hash);
        blobs.put_bytes(b"abc").unwrap();
        assert!(!blobs.remove_older(&stored.hash, Duration::from_hours(1)).unwrap());
        age(&stored.hash);
        assert!(blobs.remove_older(&stored.hash, Duration::from_hours(1)).unwrap());
        assert!(!blobs.remove_older(&stored.hash, Duration::ZERO).unwrap(), "one that is gone is no error");
    }

    #[test]
    fn unfinished_files_of_a_killed_process_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(UNFINISHED)).unwrap();
        fs::write(folder.path().join(UNFINISHED).join("0"), b"half").unwrap();
        Blobs::open(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path().join(UNFINISHED)).unwrap().count(), 0);
    }
}
