//! Files on their way in: appended to piece by piece, durable as far as they are confirmed, blobs once they are whole.

use super::{BlobError, Blobs, STEP, Stored};
use crate::domain::id::BlobHash;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// The folder for what is being received.
const INCOMING: &str = "incoming";
/// What was received is forced to the disk after so many bytes, so that the last confirmation need not wait long.
const FORCE_BYTES: u64 = 32 << 20;

/// A file on its way in; it need not be there yet.
#[derive(Debug, Clone)]
pub struct Partial {
    path: PathBuf,
}

impl Blobs {
    /// The file on its way in under a name of letters, digits and hyphens.
    ///
    /// # Errors
    /// When the name has other signs, or the folder cannot be made.
    pub fn partial(&self, name: &str) -> Result<Partial, BlobError> {
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
        }
        let folder = self.folder.join(INCOMING);
        fs::create_dir_all(&folder)?;
        Ok(Partial { path: folder.join(name) })
    }

    /// The names of all files on their way in. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn partials(&self) -> Result<Vec<String>, BlobError> {
        let folder = self.folder.join(INCOMING);
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let names = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name()));
        let names = names.collect::<io::Result<Vec<_>>>()?;
        Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
    }

    /// Makes a whole file a blob as well, without copying it; it is durable when this returns. Blocks.
    ///
    /// The file on its way in stays until it is removed, so that whoever is interrupted can begin again.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn adopt(&self, partial: &Partial) -> Result<Stored, BlobError> {
        let (hash, size_bytes) = digest(&partial.path)?;
        let place = self.place(&hash);
        if self.keep_known(&place, true)? {
            return Ok(Stored { hash, size_bytes, fresh: false });
        }
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::hard_link(&partial.path, &place) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            // Not every file system has links.
            Err(_) => return self.put_stream(&mut File::open(&partial.path)?, u64::MAX),
        }
        self.keep_known(&place, true)?;
        Ok(Stored { hash, size_bytes, fresh: true })
    }
}

fn digest(path: &Path) -> Result<(BlobHash, u64), BlobError> {
    let (mut file, mut hasher) = (File::open(path)?, blake3::Hasher::new());
    let (mut buffer, mut size_bytes) = (vec![0; STEP], 0_u64);
    loop {
        let length = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        hasher.update(buffer.get(..length).unwrap_or_default());
        size_bytes += u64::try_from(length).unwrap_or(u64::MAX);
    }
    let hash = BlobHash::parse(hasher.finalize().to_hex().as_str()).map_err(io::Error::other)?;
    Ok((hash, size_bytes))
}

impl Partial {
    /// How many bytes are there. Blocks, hardly.
    pub fn received_bytes(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |data| data.len())
    }

    /// When the last byte came, by the file system's clock.
    pub fn touched(&self) -> Option<std::time::SystemTime> {
        fs::metadata(&self.path).and_then(|data| data.modified()).ok()
    }

    /// Opens it for reading. Blocks.
    ///
    /// # Errors
    /// When it is not there.
    pub fn open(&self) -> io::Result<File> {
        File::open(&self.path)
    }

    /// Takes it away; one that is not there is no error. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn remove(&self) -> Result<(), BlobError> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Goes on writing behind what is there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn append(&self) -> Result<Appending, BlobError> {
        let file = tokio::fs::OpenOptions::new().create(true).append(true).open(&self.path).await?;
        let begun_at = file.metadata().await?.len();
        Ok(Appending { file, folder: self.path.parent().map(Path::to_owned), begun_at, written: 0, unforced: 0 })
    }
}

/// A file that is being appended to.
#[derive(Debug)]
pub struct Appending {
    file: tokio::fs::File,
    folder: Option<PathBuf>,
    begun_at: u64,
    written: u64,
    unforced: u64,
}

impl Appending {
    /// How many bytes the file has with all that was written.
    pub fn reached(&self) -> u64 {
        self.begun_at + self.written
    }

    /// Writes a piece; answers whether what came before was forced to the disk on the way.
    ///
    /// # Errors
    /// When the disk is full or broken.
    pub async fn write(&mut self, piece: &[u8]) -> Result<bool, BlobError> {
        self.file.write_all(piece).await?;
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.written += length;
        self.unforced += length;
        let is_due = self.unforced >= FORCE_BYTES;
        if is_due {
            self.file.flush().await?;
            self.file.sync_data().await?;
            self.unforced = 0;
        }
        Ok(is_due)
    }

    /// Makes all that was written durable; answers how many bytes there are.
    ///
    /// # Errors
    /// When the disk is full or broken.
    pub async fn confirm(mut self) -> Result<u64, BlobError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        // The name of a file just made must last as well.
        if let Some(folder) = self.folder.take().filter(|_| self.begun_at == 0) {
            tokio::fs::File::open(folder).await?.sync_all().await?;
        }
        Ok(self.reached())
    }

    /// Takes back all that was written since it was opened.
    ///
    /// # Errors
    /// When the file cannot be cut.
    pub async fn take_back(mut self) -> Result<(), BlobError> {
        drop(self.file.flush().await);
        self.file.set_len(self.begun_at).await?;
        self.file.sync_all().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_become_a_blob_and_what_is_taken_back_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let partial = blobs.partial("a-1").unwrap();
        assert_eq!(partial.received_bytes(), 0);
        let mut first = partial.append().await.unwrap();
        first.write("lú".as_bytes()).await.unwrap();
        assert_eq!(first.confirm().await.unwrap(), 3);
        let mut wrong = partial.append().await.unwrap();
        wrong.write(b"xyz").await.unwrap();
        assert_eq!(wrong.reached(), 6);
        wrong.take_back().await.unwrap();
        let mut second = partial.append().await.unwrap();
        second.write(b"a").await.unwrap();
        second.confirm().await.unwrap();
        // A restart in between keeps what is on its way in.
        let blobs = Blobs::open(folder.path()).unwrap();
        let stored = blobs.adopt(&partial).unwrap();
        assert!(stored.fresh && !blobs.adopt(&partial).unwrap().fresh, "adopting twice is adopting once");
        assert_eq!(stored.hash, blobs.put_bytes("lúa".as_bytes()).unwrap().hash);
        assert_eq!((blobs.partials().unwrap().len(), blobs.list().unwrap().len()), (1, 1));
        partial.remove().unwrap();
        assert_eq!(blobs.read_range(&stored.hash, 0, 4).unwrap(), "lúa".as_bytes());
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        for name in ["", "..", "../x", "a/b", "a\0"] {
            assert!(blobs.partial(name).is_err(), "{name:?}");
        }
    }
}
