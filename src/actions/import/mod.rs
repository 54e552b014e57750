//! Bringing materials in from JSON lines or a folder of documents.
//!
//! Rows are read as a stream, checked one by one, and written in batches of one transaction each. A row that cannot be
//! used costs one line of the report and nothing else.

mod described;
mod fields;
mod folder;
mod lines;
mod look;
mod report;
mod resolver;
mod wait;
mod write;

pub use described::{Described, MAX_DESCRIPTION_BYTES, describe};
pub(in crate::actions) use fields::{MAX_TITLE_CHARS, clean_line, parse_date};
pub use folder::{COLUMNS, name_table};
pub use look::{Looked, look};
pub use report::{Doubt, Problem, Summary};

use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::material::{Description, State};
use crate::domain::page::Page;
use crate::domain::permission::{Object, Verb, may};
use crate::domain::review::{self, Required};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// How to import.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ImportOptions {
    /// Whose materials they are, where a row does not say; the library's own organisation otherwise.
    pub organisation: Option<OrganisationId>,
    /// Keep them from the public.
    pub draft: bool,
}

/// The organisation that owns what no other is named for.
pub const OWN_ORGANISATION: &str = "he-thong";

/// The name of the JSON lines file that a folder of an export holds.
pub const LINES_FILE: &str = "materials.jsonl";

/// One row, understood.
#[derive(Debug, Clone)]
struct Item {
    place: Place,
    external_id: Option<String>,
    /// Whether nobody gave that id: it is the document's name in its folder.
    is_id_of_name: bool,
    /// The id under which an export knew the material; kept when it is free.
    material_id: Option<MaterialId>,
    organisation: Option<OrganisationId>,
    state: Option<State>,
    description: Description,
    /// The title until the document's own is known.
    fallback_title: Option<String>,
    /// Text given with the row.
    pages: Vec<Page>,
    files: Vec<PathBuf>,
    /// Fingerprint of the row without its files.
    digest: blake3::Hash,
    /// Fields of the row that no material has.
    ignored: Vec<String>,
}

/// Where a row stands, for the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    file: String,
    /// From 1; 0 for a file of its own.
    line: u64,
}

impl Place {
    fn problem(&self, column: Option<&str>, code: impl Into<Cow<'static, str>>, reason: impl Into<String>) -> Problem {
        Problem {
            file: self.file.clone(),
            line: self.line,
            column: column.map(str::to_owned),
            code: code.into(),
            reason: reason.into(),
        }
    }
}

type Rows<'a> = Box<dyn Iterator<Item = Result<Item, Problem>> + 'a>;

/// Imports a file of JSON lines or a folder; blocks until all is stored, read and searchable.
///
/// # Errors
/// `Invalid` when `path` is neither; others when a tool fails. Bad rows are no error: they are in the summary.
pub fn import(
    context: &Context,
    path: &Path,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Summary, ActionError> {
    let catalogue = context.catalogue();
    known_organisation(&catalogue, options)?;
    let (rows, total): (Rows<'_>, Option<u64>) = if path.is_dir() && path.join(LINES_FILE).is_file() {
        lines::rows(&path.join(LINES_FILE), path, &catalogue)?
    } else if path.is_dir() {
        folder::rows(path, &catalogue, "")?
    } else if path.is_file() {
        lines::rows(path, path.parent().unwrap_or(Path::new(".")), &catalogue)?
    } else {
        let reason = format!("Không tìm thấy tệp hay thư mục {}.", path.display());
        return Err(ActionError::Invalid { field: "path", code: "path-missing", reason });
    };
    progress.begin("Nhập học liệu", total);
    let mut import = write::Import::new(context, options, progress);
    for row in rows {
        import.take(row)?;
    }
    let mut summary = import.finish()?;
    summary.write_report(path, &context.clock)?;
    Ok(summary)
}

/// Imports a folder of documents for a person: rows for organisations that the person may not write for are refused,
/// and ids that no row gives begin with a prefix of the caller's. Blocks as [`import`] does.
///
/// # Errors
/// `Forbidden` where the person may not write, or not publish, for the organisation of `options`.
pub fn import_for(
    context: &Context,
    folder: &Path,
    options: &ImportOptions,
    (actor, id_prefix): (&Actor, &str),
    progress: &dyn Progress,
) -> Result<Summary, ActionError> {
    let catalogue = context.catalogue();
    known_organisation(&catalogue, options)?;
    let verb = if options.draft { Verb::Write } else { Verb::Publish };
    let allowed = |organisation: &OrganisationId| {
        let object = Object::of(&catalogue, organisation);
        may(actor, Verb::Write, &object) && may(actor, verb, &object)
    };
    if !options.organisation.as_ref().is_some_and(allowed) {
        return Err(ActionError::Forbidden);
    }
    let (rows, total) = folder::rows(folder, &catalogue, id_prefix)?;
    progress.begin("Nhập học liệu", total);
    let mut import = write::Import::new(context, options, progress).by(actor);
    for row in rows {
        import.take(row.and_then(|item| match &item.organisation {
            Some(other) if !allowed(other) => {
                let reason = format!("Bạn không được nhập cho cơ quan {other}; hãy bỏ trống cột cơ quan.");
                Err(item.place.problem(Some("organisation"), "organisation-not-yours", reason))
            }
            _ => Ok(complete_or_draft(item)),
        }))?;
    }
    import.finish()
}

/// What a document lacks before it may be published, beside what is read from the document itself: its language, and
/// its title where the row has none.
fn lacks(item: &Item) -> Vec<Required> {
    let is_read = |one: &Required| match one {
        Required::Title => item.fallback_title.is_some(),
        Required::Language => true,
        Required::Topic => false,
    };
    review::lacks(&item.description).into_iter().filter(|one| !is_read(one)).collect()
}

/// What lacks something becomes a draft, as it would by itself on its page.
fn complete_or_draft(mut item: Item) -> Item {
    if !lacks(&item).is_empty() {
        item.state = Some(State::Draft);
    }
    item
}

fn known_organisation(catalogue: &Catalogue, options: &ImportOptions) -> Result<(), ActionError> {
    match &options.organisation {
        Some(id) if catalogue.organisation(id).is_none() => {
            let reason = format!("Không có cơ quan nào mang mã {id}. Xem danh sách tại /api/v1/organisations.");
            Err(ActionError::Invalid { field: "organisation", code: "organisation-unknown", reason })
        }
        _ => Ok(()),
    }
}
