//! Looking at a batch: every row with all that is wrong with it, before anything is written.

use crate::actions::import::{self, Looked, Problem};
use crate::actions::review::name_of_version;
use crate::actions::{ActionError, Context, intake, uploads};
use crate::blobs::{BlobError, Stored};
use crate::domain::actor::Actor;
use crate::domain::batch::{Batch, MAX_DOCUMENTS};
use crate::domain::id::{BlobHash, MaterialId, OrganisationId};
use crate::domain::permission::{Object, Verb, may};
use crate::inbox::{LeftOut, Why};
use crate::store::{self, ReadTx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What was seen of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The document, or the table's own name for what is wrong with a row of it.
    pub file: String,
    /// Captions that lie beside a recording and go with it.
    #[serde(default)]
    pub captions: Vec<String>,
    /// From 1; 0 when no row of the table names the document.
    pub line: u64,
    pub title: String,
    /// The topics' names.
    pub topics: Vec<String>,
    pub size_bytes: u64,
    /// All that is wrong with it.
    pub problems: Vec<Problem>,
    /// What must be added before it may be published, in words.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// The library has the file: it is not taken again.
    pub known: Option<Known>,
    /// Whose it is, where the row says.
    #[serde(default)]
    pub organisation: Option<OrganisationId>,
    /// The id under which it will be found.
    pub external_id: Option<String>,
}

/// The material that has the same file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// None where it lies in this very batch.
    pub material: Option<MaterialId>,
    pub title: String,
}

impl Line {
    pub fn is_good(&self) -> bool {
        self.problems.is_empty() && self.known.is_none()
    }
}

/// What was seen of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub lines: Vec<Line>,
    /// What is wrong with the table as a whole, and rows that name no document.
    pub problems: Vec<Problem>,
    /// Whether a table came along.
    pub has_table: bool,
}

impl Preview {
    /// Good rows, bad ones, and known files.
    pub fn counts(&self) -> (u32, u32, u32) {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let good = self.lines.iter().filter(|line| line.is_good()).count();
        let known = self.lines.iter().filter(|line| line.problems.is_empty() && line.known.is_some()).count();
        let bad = self.lines.len() - good - known + self.problems.len();
        (count(good), count(bad), count(known))
    }

    /// How many good rows stay drafts even when the others are published.
    pub fn incomplete(&self) -> u32 {
        let lacking = self.lines.iter().filter(|line| line.is_good() && !line.lacks.is_empty());
        u32::try_from(lacking.count()).unwrap_or(u32::MAX)
    }

    /// What was noted; nothing where nothing can be read.
    pub(super) fn read(place: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(place).ok()?).ok()
    }
}

fn left_out(one: &LeftOut) -> Problem {
    let (code, reason) = match one.why {
        Why::Outside => ("file-outside", "Tên dẫn ra ngoài tệp nén, hoặc là liên kết; mục này bị bỏ qua."),
        Why::Encrypted => ("file-encrypted", "Mục này trong tệp nén có mật khẩu; hãy nén lại không mật khẩu."),
        Why::Twice => ("file-twice", "Hai mục trong tệp nén trùng tên; chỉ mục đầu được dùng."),
        Why::TooLarge => ("file-too-large", "Tệp lớn hơn giới hạn cho một tệp."),
        Why::Damaged => ("file-damaged", "Mục này trong tệp nén bị hỏng."),
    };
    Problem { file: one.name.clone(), line: 0, column: None, code: code.into(), reason: reason.to_owned() }
}

/// Looks at every document of a batch; blocks.
///
/// # Errors
/// `Invalid` when there are more documents than may come at once.
pub(super) fn look(
    context: &Context,
    batch: &Batch,
    (actor, folder): (&Actor, &Path),
    out: &[LeftOut],
    progress: &dyn crate::actions::progress::Progress,
) -> Result<Preview, ActionError> {
    let catalogue = context.catalogue();
    let (looked, has_table) = import::look(context, folder, &batch.id_prefix())?;
    if looked.len() > MAX_DOCUMENTS {
        let reason = format!("Có quá {MAX_DOCUMENTS} tài liệu trong một lần gửi; hãy chia nhỏ.");
        return Err(ActionError::Invalid { field: "file", code: "batch-too-many", reason });
    }
    progress.begin("Xem từng tài liệu", u64::try_from(looked.len()).ok());
    let mut preview = Preview { problems: out.iter().map(left_out).collect(), has_table, ..Preview::default() };
    let mut seen: BTreeMap<BlobHash, String> = BTreeMap::new();
    for mut row in looked {
        progress.advance(1);
        let paths = std::mem::take(&mut row.paths);
        if paths.is_empty() {
            preview.problems.append(&mut row.problems);
            continue;
        }
        if let Some(other) = row.organisation.clone()
            && !may(actor, Verb::Write, &Object::of(&catalogue, &other))
        {
            let reason = format!("Bạn không được nhập cho cơ quan {other}; hãy bỏ trống cột cơ quan.");
            row.refuse("organisation", "organisation-not-yours", reason);
        }
        let mut size_bytes = 0;
        let mut own = None;
        for path in &paths {
            let stored = check(context, path, &mut row)?;
            size_bytes += stored.as_ref().map_or(0, |stored| stored.size_bytes);
            own = own.or(stored.map(|stored| stored.hash));
        }
        let known = match &own {
            Some(hash) => known(context, actor, hash)?.or_else(|| twin(&seen, hash)),
            None => None,
        };
        if let Some(hash) = own {
            seen.entry(hash).or_insert_with(|| row.file.clone());
        }
        let topics = row.topics.iter().filter_map(|id| catalogue.topic(id));
        preview.lines.push(Line {
            topics: topics.map(|topic| topic.label.clone()).collect(),
            file: row.file,
            captions: row.captions,
            line: row.line,
            title: row.title,
            size_bytes,
            problems: row.problems,
            lacks: row.lacks.iter().map(|one| one.label().to_owned()).collect(),
            known,
            organisation: row.organisation,
            external_id: row.external_id,
        });
    }
    Ok(preview)
}

/// The checks of a file before it is stored, which are the way in's own; answers its hash where it is good.
fn check(context: &Context, path: &Path, row: &mut Looked) -> Result<Option<Stored>, ActionError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut content = match fs::File::open(path) {
        Ok(content) => content,
        Err(error) => {
            row.refuse("file", "file-unreadable", format!("Không mở được tệp «{name}»: {error}."));
            return Ok(None);
        }
    };
    match intake::check(context, &mut content, &name, |content, _limit| hash(content))? {
        Ok(file) => Ok(Some(Stored { hash: file.blob, size_bytes: file.size_bytes, fresh: false })),
        Err(refusal) => {
            row.refuse("file", refusal.code, format!("«{name}»: {}", refusal.message));
            Ok(None)
        }
    }
}

/// The name that the blob of a file would have; nothing is kept.
fn hash(content: &mut fs::File) -> Result<Stored, BlobError> {
    let size_bytes = content.metadata()?.len();
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(content)?;
    let hash = BlobHash::parse(hasher.finalize().to_hex().as_str()).map_err(std::io::Error::other)?;
    Ok(Stored { hash, size_bytes, fresh: false })
}

/// The material that has a file already, where the actor may know of it.
fn known(context: &Context, actor: &Actor, hash: &BlobHash) -> Result<Option<Known>, ActionError> {
    let catalogue = context.catalogue();
    context.store.read_blocking("batch.known", |tx: &dyn ReadTx| {
        let Some((material, version)) = uploads::find_known(tx, &catalogue, actor, hash)? else { return Ok(None) };
        let version = store::versions::get(tx, material, version)?;
        let title = version.map(|version| name_of_version(tx, &version)).transpose()?.unwrap_or_default();
        Ok::<_, ActionError>(Some(Known { material: Some(material), title }))
    })
}

fn twin(seen: &BTreeMap<BlobHash, String>, hash: &BlobHash) -> Option<Known> {
    seen.get(hash).map(|file| Known { material: None, title: file.clone() })
}
