//! Where documents of a batch lie until they are taken in: a folder for each batch, with plain names, within bounds.
//!
//! Names come from strangers' archives and browsers. None of them reaches a path before it was taken apart and put
//! together again; what an archive says of sizes is not believed.

mod room;

pub use room::{Room, Watched};

use crate::domain::file::safe_file_name;
use crate::domain::id::BatchId;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Documents lie here within a batch's folder.
const DOCUMENTS: &str = "tai-lieu";
/// Documents on their way out of archives.
const UNPACKED: &str = "mo-ra";
/// What was received, once it is unpacked beside.
const PACKED: &str = "da-mo";
/// How deep folders may lie in one another.
const MAX_DEPTH: usize = 8;
/// The most entries of an archive, folders and unusable ones among them.
const MAX_ENTRIES: usize = 20_000;

/// Says why something was not taken.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// There is more in it than may come at once.
    #[error("more than {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    #[error("more than {0} entries")]
    TooMany(usize),
    /// It is no archive, or a broken one.
    #[error("no archive: {0}")]
    Damaged(String),
    /// The disk has no room for more.
    #[error("no room on the disk")]
    NoRoom,
    #[error("folder: {0}")]
    Folder(#[from] io::Error),
}

/// An entry of an archive that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// As it can be shown: without control signs, at most 200 characters.
    pub name: String,
    pub why: Why,
}

/// Why an entry was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its name leads out of the archive, or it is a link.
    Outside,
    Encrypted,
    /// Another entry has its name.
    Twice,
    TooLarge,
    Damaged,
}

/// The folder of all batches; cheap to clone.
#[derive(Debug, Clone)]
pub struct Inbox {
    folder: Arc<PathBuf>,
}

impl Inbox {
    /// An inbox in a folder, which is made when it is first needed.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: Arc::new(folder) }
    }

    fn place(&self, batch: BatchId) -> PathBuf {
        self.folder.join(batch.to_string())
    }

    /// Where a batch's documents lie.
    pub fn documents(&self, batch: BatchId) -> PathBuf {
        self.place(batch).join(DOCUMENTS)
    }

    /// Where something that is noted of a batch lies.
    pub fn note(&self, batch: BatchId, name: &str) -> PathBuf {
        self.place(batch).join(safe_file_name(name))
    }

    /// Keeps a file that a person sent beside others; archives are unpacked later. Answers its length. Blocks.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit, `NoRoom`; then nothing of it is left.
    pub fn receive(
        &self,
        batch: BatchId,
        name: &str,
        content: &mut dyn Read,
        limit_bytes: u64,
    ) -> Result<u64, InboxError> {
        let folder = self.documents(batch);
        fs::create_dir_all(&folder)?;
        let place = folder.join(plain(name));
        let length = write(&place, content, limit_bytes).inspect_err(|_| drop(fs::remove_file(&place)))?;
        Ok(length)
    }

    /// Unpacks the archives among what was received, and puts what lies in one folder alone where a table is looked
    /// for. Blocks; what a killed run had unpacked is unpacked anew.
    ///
    /// # Errors
    /// `TooLarge` when all of them unpack to more than the limit, `TooMany`, `Damaged`, `NoRoom`.
    pub fn unpack(
        &self,
        batch: BatchId,
        one_bytes: u64,
        all_bytes: u64,
        room: Room<'_>,
    ) -> Result<Vec<LeftOut>, InboxError> {
        let (received, unpacked) = (self.documents(batch), self.note(batch, UNPACKED));
        if !received.exists() && unpacked.exists() {
            // Killed between the two renamings below.
            fs::rename(&unpacked, &received)?;
            return Ok(Vec::new());
        }
        remove(&unpacked)?;
        fs::create_dir(&unpacked)?;
        let mut archives = Vec::new();
        link_loose(&received, &unpacked, &mut archives)?;
        archives.sort();
        let mut unpacking =
            Unpacking { folder: &unpacked, one_bytes, left: all_bytes, all_bytes, room, out: Vec::new() };
        for archive in archives {
            unpacking.unpack(&archive)?;
        }
        let out = unpacking.out;
        lift_only_folder(&unpacked)?;
        let packed = self.note(batch, PACKED);
        remove(&packed)?;
        fs::rename(&received, &packed)?;
        fs::rename(&unpacked, &received)?;
        remove(&packed)?;
        Ok(out)
    }

    /// How many bytes a batch's documents have.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn documents_bytes(&self, batch: BatchId) -> Result<u64, InboxError> {
        bytes_in(&self.documents(batch))
    }

    /// Takes a batch's documents away, half unpacked ones among them; its notes stay.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn clear_documents(&self, batch: BatchId) -> Result<(), InboxError> {
        let unpacked = self.note(batch, UNPACKED);
        [self.documents(batch), aside(&unpacked), unpacked, self.note(batch, PACKED)]
            .iter()
            .try_for_each(|one| remove(one))
    }

    /// Takes all of a batch away.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn remove(&self, batch: BatchId) -> Result<(), InboxError> {
        remove(&self.place(batch))
    }

    /// The batches that have a folder.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Vec<BatchId>, InboxError> {
        let entries = match fs::read_dir(&*self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let names = names.collect::<Result<Vec<_>, io::Error>>()?;
        Ok(names.iter().filter_map(|name| BatchId::parse(name).ok()).collect())
    }
}

fn remove(folder: &Path) -> Result<(), InboxError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn bytes_in(folder: &Path) -> Result<u64, InboxError> {
    let mut sum = 0_u64;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        sum = sum.saturating_add(if about.is_dir() { bytes_in(&entry.path())? } else { about.len() });
    }
    Ok(sum)
}

/// A name in composed Unicode, as tables have it, and safe to be a file's.
fn plain(name: &str) -> String {
    safe_file_name(&name.nfc().collect::<String>())
}

fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn write(place: &Path, content: &mut dyn Read, limit_bytes: u64) -> Result<u64, InboxError> {
    let mut file = File::create(place)?;
    let copied = io::copy(&mut content.take(limit_bytes.saturating_add(1)), &mut file).and_then(|length| {
        file.flush()?;
        Ok(length)
    });
    let length = copied.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull => InboxError::NoRoom,
        _ => error.into(),
    })?;
    if length > limit_bytes { Err(InboxError::TooLarge { limit_bytes }) } else { Ok(length) }
}

/// Archives on their way into a folder.
struct Unpacking<'a> {
    folder: &'a Path,
    /// The most bytes of one document.
    one_bytes: u64,
    left: u64,
    all_bytes: u64,
    room: Room<'a>,
    out: Vec<LeftOut>,
}

impl Unpacking<'_> {
    fn unpack(&mut self, archive: &Path) -> Result<(), InboxError> {
        let damaged = |error: zip::result::ZipError| InboxError::Damaged(error.to_string());
        let mut zip = zip::ZipArchive::new(io::BufReader::new(File::open(archive)?)).map_err(damaged)?;
        if zip.len() > MAX_ENTRIES {
            return Err(InboxError::TooMany(MAX_ENTRIES));
        }
        let mut names = BTreeSet::new();
        for index in 0..zip.len() {
            let raw = zip.by_index_raw(index).map_err(damaged)?;
            let (name, encrypted, link) = (raw.name().to_owned(), raw.encrypted(), raw.is_symlink());
            if raw.is_dir() || is_of_the_system(&name) {
                continue;
            }
            drop(raw);
            let place = if link { None } else { inside(&name) };
            let why = match (&place, encrypted) {
                (None, _) => Some(Why::Outside),
                (_, true) => Some(Why::Encrypted),
                // Names that differ in capitals alone are one on many a disk.
                (Some(place), _) if !names.insert(place.to_string_lossy().to_lowercase()) => Some(Why::Twice),
                _ => None,
            };
            if let Some(why) = why {
                self.out.push(LeftOut { name: shown(&name), why });
                continue;
            }
            if let Some(place) = place {
                let mut entry = zip.by_index(index).map_err(damaged)?;
                self.entry(&name, &place, &mut entry)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, name: &str, place: &Path, content: &mut dyn Read) -> Result<(), InboxError> {
        let target = self.folder.join(place);
        if target.exists() {
            self.out.push(LeftOut { name: shown(name), why: Why::Twice });
            return Ok(());
        }
        match target.parent().map_or(Ok(()), fs::create_dir_all) {
            Err(error) if is_of_the_disk(&error) => return Err(error.into()),
            // A document has the name of its folder.
            Err(_) => {
                self.out.push(LeftOut { name: shown(name), why: Why::Twice });
                return Ok(());
            }
            Ok(()) => {}
        }
        let limit = self.one_bytes.min(self.left);
        let why = match write(&target, &mut Watched::new(content, self.room), limit) {
            Ok(length) => {
                self.left -= length;
                return Ok(());
            }
            Err(InboxError::TooLarge { .. }) if self.left <= self.one_bytes => {
                drop(fs::remove_file(&target));
                return Err(InboxError::TooLarge { limit_bytes: self.all_bytes });
            }
            Err(InboxError::TooLarge { .. }) => Why::TooLarge,
            Err(InboxError::NoRoom) => return Err(InboxError::NoRoom),
            Err(InboxError::Folder(error)) if is_of_the_disk(&error) => return Err(error.into()),
            Err(_) => Why::Damaged,
        };
        drop(fs::remove_file(&target));
        self.out.push(LeftOut { name: shown(name), why });
        Ok(())
    }
}

/// Whether writing failed, not reading what was packed.
fn is_of_the_disk(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// What operating systems put into archives for themselves.
fn is_of_the_system(name: &str) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX/") || last.starts_with('.') || last.eq_ignore_ascii_case("thumbs.db")
}

/// The path below the folder that a name stands for; `None` when it leads elsewhere.
fn inside(name: &str) -> Option<PathBuf> {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    let drive = name.chars().nth(1) == Some(':');
    let leads_out = name.starts_with(['/', '\\']) || drive || parts.contains(&"..");
    if leads_out || parts.is_empty() || parts.len() > MAX_DEPTH {
        return None;
    }
    Some(parts.iter().map(|part| plain(part)).collect())
}

/// Names what lies there loosely in another folder, too; archives are listed.
fn link_loose(from: &Path, to: &Path, archives: &mut Vec<PathBuf>) -> Result<(), InboxError> {
    for entry in fs::read_dir(from)? {
        let (path, name) = {
            let entry = entry?;
            (entry.path(), entry.file_name())
        };
        if path.is_dir() {
            fs::create_dir(to.join(&name))?;
            link_loose(&path, &to.join(&name), &mut Vec::new())?;
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
            archives.push(path);
        } else {
            fs::hard_link(&path, to.join(&name))?;
        }
    }
    Ok(())
}

/// Where what lies in one folder waits to be that folder.
fn aside(folder: &Path) -> PathBuf {
    folder.with_extension("len")
}

/// Where all lies in one folder, as when a folder was packed, that folder's content is moved up.
fn lift_only_folder(folder: &Path) -> Result<(), InboxError> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, io::Error>>()?;
    let [only] = entries.as_slice() else { return Ok(()) };
    if !only.file_type()?.is_dir() {
        return Ok(());
    }
    // Away first: it may hold a folder of its own name.
    let aside = aside(folder);
    // A run that was killed leaves it.
    remove(&aside)?;
    fs::rename(only.path(), &aside)?;
    fs::remove_dir(folder)?;
    fs::rename(&aside, folder)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, content) in entries {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    struct Received {
        inbox: Inbox,
        id: BatchId,
        folder: tempfile::TempDir,
    }

    fn received(zip: &[u8]) -> Received {
        let folder = tempfile::tempdir().unwrap();
        let (inbox, id) = (Inbox::new(folder.path().join("lo")), BatchId(Uuid::from_u128(1)));
        inbox.receive(id, "../tai lieu.ZIP", &mut &zip[..], 1 << 30).unwrap();
        Received { inbox, id, folder }
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                found.extend(files(&entry.path()).into_iter().map(|inner| format!("{name}/{inner}")));
            } else {
                found.push(name);
            }
        }
        found.sort();
        found
    }

    #[test]
    fn what_lies_in_one_folder_is_lifted_and_names_are_composed() {
        let decomposed: String = "lúa.md".nfd().collect();
        let inner = format!("hồ sơ/{decomposed}");
        let all =
            zip(&[(inner.as_str(), b"x"), ("hồ sơ/con/b.md", b"y"), ("__MACOSX/._a", b"z"), ("hồ sơ/.DS_Store", b"")]);
        let Received { inbox, id, .. } = &received(&all);
        assert_eq!(inbox.unpack(*id, 100, 1000, &|_| true).unwrap(), []);
        assert_eq!(files(&inbox.documents(*id)), ["con/b.md", "lúa.md"]);
        assert_eq!(inbox.unpack(*id, 100, 1000, &|_| true).unwrap(), [], "once more after a kill changes nothing");
        assert_eq!(files(&inbox.documents(*id)), ["con/b.md", "lúa.md"]);
        assert_eq!(inbox.documents_bytes(*id).unwrap(), 2);
        assert_eq!(inbox.list().unwrap(), [*id]);
        inbox.remove(*id).unwrap();
        assert!(inbox.list().unwrap().is_empty());
    }

    #[test]
    fn names_that_lead_out_and_names_that_meet_are_left_out_and_told() {
        let all = zip(&[
            ("../ra.md", b"x"),
            ("/goc.md", b"x"),
            ("a/../../b.md", b"x"),
            ("C:\\windows\\x.md", b"x"),
            ("..\\..\\y.md", b"x"),
            ("Tot.md", b"x"),
            ("tot.MD", b"x"),
            ("1/2/3/4/5/6/7/8/9.md", b"x"),
        ]);
        let Received { inbox, id, folder } = &received(&all);
        let out = inbox.unpack(*id, 100, 1000, &|_| true).unwrap();
        let whys: Vec<Why> = out.iter().map(|one| one.why).collect();
        use Why::{Outside, Twice};
        assert_eq!(whys, [Outside, Outside, Outside, Outside, Outside, Twice, Outside], "{out:?}");
        assert_eq!(files(folder.path()), [format!("lo/{id}/tai-lieu/Tot.md")]);
    }

    #[test]
    fn a_document_with_the_name_of_a_folder_is_left_out_and_the_others_come() {
        for entries in [["a.txt", "a.txt/b.txt", "c.txt"], ["a.txt/b.txt", "a.txt", "c.txt"]] {
            let all: Vec<(&str, &[u8])> = entries.iter().map(|name| (*name, b"x".as_slice())).collect();
            let Received { inbox, id, .. } = &received(&zip(&all));
            let out = inbox.unpack(*id, 100, 1000, &|_| true).unwrap();
            assert_eq!(out, [LeftOut { name: entries[1].to_owned(), why: Why::Twice }]);
            assert_eq!(files(&inbox.documents(*id)), [entries[0], "c.txt"]);
        }
    }

    #[test]
    fn unpacking_stops_before_the_disk_is_full_and_leaves_nothing_once_it_is_given_up() {
        let big = vec![b' '; 9 << 20];
        let Received { inbox, id, folder } = &received(&zip(&[("a.md", &big), ("b.md", &big)]));
        let asked = std::cell::Cell::new(0_u64);
        let room = |bytes: u64| {
            asked.set(asked.get() + bytes);
            asked.get() <= 20 << 20
        };
        assert!(matches!(inbox.unpack(*id, 1 << 30, 1 << 30, &room), Err(InboxError::NoRoom)));
        assert!(asked.get() >= 20 << 20, "asked while it unpacks, not at its end");
        inbox.clear_documents(*id).unwrap();
        assert!(files(folder.path()).is_empty());
        let refused = inbox.receive(*id, "c.md", &mut Watched::new(&mut &big[..], &|_| false), 1 << 30);
        assert!(matches!(refused, Err(InboxError::NoRoom)) && files(folder.path()).is_empty());
    }

    #[test]
    fn bombs_stop_at_the_limit_whatever_they_say_of_themselves() {
        let big = vec![b' '; 3_000_000];
        let Received { inbox, id, .. } = &received(&zip(&[("to.md", &big), ("be.md", b"x")]));
        let out = inbox.unpack(*id, 1_000_000, 10_000_000, &|_| true).unwrap();
        assert_eq!(out, [LeftOut { name: "to.md".to_owned(), why: Why::TooLarge }]);
        assert_eq!(files(&inbox.documents(*id)), ["be.md"]);
        let many: Vec<(String, &[u8])> = (0..5).map(|n| (format!("{n}.md"), big.as_slice())).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
        let Received { inbox, id, .. } = &received(&zip(&many));
        assert!(matches!(inbox.unpack(*id, 4_000_000, 8_000_000, &|_| true), Err(InboxError::TooLarge { .. })));
        let Received { inbox, id, .. } = &received(b"PK\x03\x04nonsense");
        assert!(matches!(inbox.unpack(*id, 100, 100, &|_| true), Err(InboxError::Damaged(_))));
    }

    #[test]
    fn more_than_may_come_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (inbox, id) = (Inbox::new(folder.path().to_owned()), BatchId(Uuid::from_u128(1)));
        assert!(matches!(inbox.receive(id, "a.md", &mut &[0; 11][..], 10), Err(InboxError::TooLarge { .. })));
        assert!(files(folder.path()).is_empty());
    }
}
