//! Looking at a folder without writing anything: each document with all that is wrong with what is said of it.

use super::folder::{self, Listed};
use super::resolver::Resolver;
use super::{Place, Problem};
use crate::actions::{ActionError, Context};
use crate::domain::id::{OrganisationId, TopicId};
use crate::domain::review::Required;
use std::path::{Path, PathBuf};

/// A document as it was found, or a row of the table that names none.
pub struct Looked {
    /// Its path within the folder.
    pub file: String,
    /// Captions that lie beside it.
    pub captions: Vec<String>,
    /// Where all of it lies; nowhere for what is wrong with the table alone.
    pub paths: Vec<PathBuf>,
    /// The row of the table, from 1; 0 where none names it.
    pub line: u64,
    pub problems: Vec<Problem>,
    pub title: String,
    pub topics: Vec<TopicId>,
    /// What must be added before it may be published.
    pub lacks: Vec<Required>,
    /// Whose it is, where the row says.
    pub organisation: Option<OrganisationId>,
    /// The id under which it will be found.
    pub external_id: Option<String>,
    place: Place,
}

impl Looked {
    /// Notes something wrong with the document or its row.
    pub fn refuse(&mut self, column: &str, code: &'static str, reason: String) {
        self.problems.push(self.place.problem(Some(column), code, reason));
    }

    fn of_table(problem: Problem) -> Self {
        Self {
            file: problem.file.clone(),
            captions: Vec::new(),
            paths: Vec::new(),
            line: problem.line,
            title: String::new(),
            topics: Vec::new(),
            lacks: Vec::new(),
            organisation: None,
            external_id: None,
            place: Place { file: problem.file.clone(), line: problem.line },
            problems: vec![problem],
        }
    }
}

/// Looks at every document of a folder, and whether a table describes them; blocks.
///
/// # Errors
/// When the folder cannot be read.
pub fn look(context: &Context, folder: &Path, id_prefix: &str) -> Result<(Vec<Looked>, bool), ActionError> {
    let catalogue = context.catalogue();
    let resolver = Resolver::new(&catalogue);
    let Listed { base, documents, bad, has_table } = folder::listed(folder)?;
    let mut found: Vec<Looked> = bad.into_iter().map(Looked::of_table).collect();
    for (paths, told) in documents {
        let mut names = paths.iter().map(|path| path.to_string_lossy().into_owned());
        let file = names.next().unwrap_or_default();
        let place = told.as_ref().map_or_else(|| Place { file: file.clone(), line: 0 }, |told| told.place.clone());
        let said = told.as_ref().and_then(|told| told.object.get("title")?.as_str().map(str::to_owned));
        let mut looked = Looked {
            file,
            captions: names.collect(),
            paths: paths.iter().map(|path| base.join(path)).collect(),
            line: place.line,
            problems: Vec::new(),
            title: said.unwrap_or_default(),
            topics: Vec::new(),
            lacks: Vec::new(),
            organisation: None,
            external_id: None,
            place,
        };
        match folder::item((&base, &paths), told, &resolver, id_prefix) {
            Ok(item) => {
                looked.lacks = super::lacks(&item);
                looked.title = Some(item.description.title)
                    .filter(|title| !title.is_empty())
                    .or(item.fallback_title)
                    .unwrap_or_default();
                looked.topics = item.description.topics;
                looked.organisation = item.organisation;
                looked.external_id = item.external_id;
            }
            Err(problems) => looked.problems = problems,
        }
        found.push(looked);
    }
    Ok((found, has_table))
}
