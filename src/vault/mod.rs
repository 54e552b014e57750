//! The vault: seals what tells of persons with keys that lie apart from the store, so that neither a copy of the data
//! folder nor a backup without its keys tells a name or a telephone number.
//!
//! A text is sealed for one place (table, row, field): moved to another it does not open. The file of the keys is made
//! when something is sealed for the first time. Without it, or with another's, the rest of the library goes on.

mod keys;
mod ring;

pub use keys::{Index, Keys, Place};

use ring::Ring;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Says why the vault does not open.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// There are no keys, or they are not where they should be.
    #[error("no keys at {}", .0.display())]
    Absent(PathBuf),
    /// The file of the keys cannot be understood.
    #[error("keys at {}: {reason}", file.display())]
    Broken { file: PathBuf, reason: String },
    /// What is sealed was sealed with other keys, for another place, or was changed.
    #[error("the keys do not open it")]
    Wrong,
    /// The machine gave no chance, or the file could not be written.
    #[error("{0}")]
    Machine(String),
}

impl From<std::io::Error> for VaultError {
    fn from(error: std::io::Error) -> Self {
        Self::Machine(error.to_string())
    }
}

#[derive(Debug, Clone)]
enum State {
    Absent,
    Broken(String),
    Open(Arc<Keys>),
}

/// The keys in force; cheap to clone.
#[derive(Debug, Clone)]
pub struct Vault {
    /// None where the keys live as long as the process.
    file: Option<PathBuf>,
    state: Arc<RwLock<State>>,
    /// Held while the keys are changed.
    changing: Arc<Mutex<()>>,
    /// They were seen to open what lies in the store.
    proven: Arc<AtomicBool>,
}

impl Vault {
    /// The vault whose keys lie in a file; they are not made yet where there is none.
    pub fn open(file: &Path) -> Self {
        let state = match fs::read_to_string(file) {
            Ok(text) => match Ring::parse(&text) {
                Ok(ring) => State::Open(Arc::new(Keys::new(ring))),
                Err(reason) => State::Broken(reason),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => State::Absent,
            Err(error) => State::Broken(error.to_string()),
        };
        Self::new(Some(file.to_owned()), state)
    }

    /// A vault whose keys end with the process.
    pub fn in_memory() -> Self {
        Self::new(None, State::Absent)
    }

    fn new(file: Option<PathBuf>, state: State) -> Self {
        Self { file, state: Arc::new(RwLock::new(state)), changing: Arc::default(), proven: Arc::default() }
    }

    /// Whether the keys were seen to open what lies in the store.
    pub fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Acquire)
    }

    /// Notes that the keys open what lies in the store.
    pub fn prove(&self) {
        self.proven.store(true, Ordering::Release);
    }

    /// Where the keys lie.
    pub fn place(&self) -> PathBuf {
        self.file.clone().unwrap_or_default()
    }

    /// The keys in force.
    ///
    /// # Errors
    /// `Absent` or `Broken` when there are none that could be used.
    pub fn keys(&self) -> Result<Arc<Keys>, VaultError> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(keys) => Ok(Arc::clone(keys)),
            State::Absent => Err(VaultError::Absent(self.place())),
            State::Broken(reason) => Err(VaultError::Broken { file: self.place(), reason: reason.clone() }),
        }
    }

    /// The keys in force, made where there are none yet; blocks.
    ///
    /// # Errors
    /// When the file cannot be used or written.
    pub fn keys_or_make(&self) -> Result<Arc<Keys>, VaultError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        match self.keys() {
            Err(VaultError::Absent(_)) => self.put(Ring::fresh()?, true),
            other => other,
        }
    }

    /// Adds a key, with which everything is sealed from now on; what older ones sealed still opens. Blocks.
    ///
    /// # Errors
    /// When there are no keys, or the file cannot be written.
    pub fn add_key(&self) -> Result<Arc<Keys>, VaultError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = self.keys()?.ring().with_fresh_key()?;
        self.put(ring, false)
    }

    /// Lets all keys go but the one in force: nothing may be sealed with them any more. Blocks.
    ///
    /// # Errors
    /// When there are no keys, or the file cannot be written.
    pub fn drop_old_keys(&self) -> Result<Arc<Keys>, VaultError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = self.keys()?.ring().with_newest_only();
        self.put(ring, false)
    }

    /// Takes keys that were kept elsewhere, beside those that are here; blocks.
    ///
    /// # Errors
    /// `Broken` when they cannot be understood or contradict those that are here.
    pub fn take_in(&self, text: &str) -> Result<Arc<Keys>, VaultError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let broken = |reason| VaultError::Broken { file: self.place(), reason };
        let ring = Ring::parse(text).map_err(broken)?;
        let ring = match self.keys() {
            Ok(keys) => keys.ring().joined(&ring).map_err(broken)?,
            Err(VaultError::Absent(_)) => ring,
            Err(other) => return Err(other),
        };
        self.put(ring, false)
    }

    /// The keys as their file holds them.
    ///
    /// # Errors
    /// When there are none.
    pub fn text(&self) -> Result<String, VaultError> {
        self.keys()?.ring().text()
    }

    /// Whether others than the owner may read the file of the keys.
    pub fn is_exposed(&self) -> bool {
        let read = self.file.as_deref().and_then(|file| fs::metadata(file).ok());
        read.is_some_and(|found| found.permissions().mode() & 0o077 != 0)
    }

    /// Puts keys in force once they are on the disk; `first` never takes the place of a file.
    fn put(&self, ring: Ring, first: bool) -> Result<Arc<Keys>, VaultError> {
        if let Some(file) = &self.file {
            write(file, &ring.text()?, first)?;
        }
        let keys = Arc::new(Keys::new(ring));
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = State::Open(Arc::clone(&keys));
        Ok(keys)
    }
}

/// Writes a file for its owner's eyes, whole or not at all.
fn write(file: &Path, text: &str, first: bool) -> Result<(), VaultError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut name = std::ffi::OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(".part");
    let part = folder.join(name);
    let mut out = File::options().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    out.set_permissions(fs::Permissions::from_mode(0o600))?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    if first {
        // A link, unlike a renaming, refuses to take the place of a file that another process has made meanwhile.
        let linked = fs::hard_link(&part, file);
        drop(fs::remove_file(&part));
        linked?;
    } else {
        fs::rename(&part, file)?;
    }
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Place<'_> = Place { table: "learners-1", row: "a", field: "name" };

    #[test]
    fn keys_are_made_when_they_are_needed_for_the_owner_alone_and_open_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys/vault.json");
        let vault = Vault::open(&file);
        assert!(matches!(vault.keys(), Err(VaultError::Absent(_))) && !file.exists());
        let sealed = vault.keys_or_make().unwrap().seal(NAME, "Hồ Thị Ăm").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!vault.is_exposed() && !fs::read_to_string(&file).unwrap().contains("Hồ"));
        let again = Vault::open(&file);
        assert_eq!(again.keys_or_make().unwrap().open(NAME, &sealed).unwrap(), "Hồ Thị Ăm");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(again.is_exposed());
    }

    #[test]
    fn another_key_file_or_a_broken_one_opens_nothing_and_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let sealed = Vault::in_memory().keys_or_make().unwrap().seal(NAME, "Hồ Thị Ăm").unwrap();
        let other = Vault::open(&folder.path().join("other"));
        assert!(matches!(other.keys_or_make().unwrap().open(NAME, &sealed), Err(VaultError::Wrong)));
        let broken = folder.path().join("broken");
        fs::write(&broken, "{}").unwrap();
        let vault = Vault::open(&broken);
        assert!(matches!(vault.keys_or_make(), Err(VaultError::Broken { .. })));
        assert!(vault.add_key().is_err() && vault.take_in("{}").is_err());
        assert_eq!(fs::read_to_string(&broken).unwrap(), "{}");
    }

    #[test]
    fn a_new_key_seals_from_now_on_and_old_ones_open_until_they_are_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(&folder.path().join("keys"));
        let before = vault.keys_or_make().unwrap();
        let (old, mark) = (before.seal(NAME, "cũ").unwrap(), before.blind(Index::Phone, "0900"));
        let kept = vault.text().unwrap();
        let keys = vault.add_key().unwrap();
        let new = keys.seal(NAME, "mới").unwrap();
        assert!(!keys.is_current(&old) && keys.is_current(&new));
        assert_eq!(keys.open(NAME, &old).unwrap(), "cũ");
        assert!(keys.blind(Index::Phone, "0900") != mark && keys.blinds(Index::Phone, "0900").contains(&mark));
        let keys = vault.drop_old_keys().unwrap();
        assert!(matches!(keys.open(NAME, &old), Err(VaultError::Wrong)));
        assert_eq!(keys.open(NAME, &new).unwrap(), "mới");
        // The keys of a backup that was made before.
        let keys = Vault::open(&folder.path().join("keys")).take_in(&kept).unwrap();
        assert_eq!((keys.open(NAME, &old).unwrap(), keys.open(NAME, &new).unwrap()), ("cũ".into(), "mới".into()));
        assert!(keys.is_current(&new), "the newest stays in force");
    }
}
