//! What a program says of one uploaded file: the fields of a row, without those that only an import can use.

use super::fields::Fields;
use super::resolver::Resolver;
use super::{Place, Problem, lines};
use crate::actions::{ActionError, Context};
use crate::domain::id::OrganisationId;
use crate::domain::material::Description;
use crate::domain::page::Page;
use serde_json::Value;
use std::borrow::Cow;
use std::path::PathBuf;

/// The most bytes of a description.
pub const MAX_DESCRIPTION_BYTES: usize = 8 << 20;
/// Fields of a row that mean nothing for an uploaded file.
const MEANINGLESS: [&str; 4] = ["file", "files", "material_id", "state"];

/// A row, understood.
#[derive(Debug, Clone)]
pub struct Described {
    pub description: Description,
    /// Whether it says which form the material has.
    pub is_kind_told: bool,
    /// The giver's own id.
    pub external_id: Option<String>,
    pub organisation: Option<OrganisationId>,
    /// Text that came with it.
    pub(in crate::actions) pages: Vec<Page>,
    /// Fields that were not used.
    pub ignored: Vec<String>,
}

impl Described {
    /// A description that a person has given, with nothing beside it.
    pub(in crate::actions) fn of(description: Description) -> Self {
        Self {
            description,
            is_kind_told: true,
            external_id: None,
            organisation: None,
            pages: Vec::new(),
            ignored: Vec::new(),
        }
    }
}

/// Reads a description as JSON, of a file or of what stands without one.
///
/// # Errors
/// `Invalid` with a code of an import's report.
pub fn describe(context: &Context, json: &[u8], has_file: bool) -> Result<Described, ActionError> {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(json) else {
        let reason = "Phần \"metadata\" phải là một đối tượng JSON {…}.";
        return Err(ActionError::invalid("metadata", "metadata-not-object", reason));
    };
    let meaningless: Vec<String> =
        MEANINGLESS.iter().filter_map(|name| object.remove(*name).map(|_| (*name).to_owned())).collect();
    let is_kind_told = object.get("kind").is_some_and(|kind| !kind.is_null());
    let catalogue = context.catalogue();
    let resolver = Resolver::new(&catalogue);
    let mut fields = Fields::new(object, Place::default(), &resolver);
    let pages = lines::pages(&mut fields).map_err(refused)?;
    // The file stands in for a title until its own is known.
    let files = if has_file { vec![PathBuf::new()] } else { Vec::new() };
    let item = fields.into_item(pages, files, blake3::hash(json)).map_err(refused)?;
    Ok(Described {
        description: item.description,
        is_kind_told,
        external_id: item.external_id,
        organisation: item.organisation,
        pages: item.pages,
        ignored: meaningless.into_iter().chain(item.ignored).collect(),
    })
}

/// A row's problem as the refusal of a request: the field stands in the sentence.
fn refused(problem: Problem) -> ActionError {
    let code = match problem.code {
        Cow::Borrowed(code) => code,
        Cow::Owned(_) => "value-invalid",
    };
    let field = problem.column.map(|column| format!("«{column}»: ")).unwrap_or_default();
    ActionError::Invalid { field: "metadata", code, reason: format!("{field}{}", problem.reason) }
}
