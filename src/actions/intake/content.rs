//! What becomes one version of a material, and how it is written.

use crate::actions::{ActionError, audit, review};
use crate::domain::alteration::{self, Alteration};
use crate::domain::catalogue::Catalogue;
use crate::domain::file::File;
use crate::domain::id::{AccountId, JobId, MaterialId, OrganisationId};
use crate::domain::job::{Job, Work};
use crate::domain::language::Language;
use crate::domain::material::{Description, Extraction, Material, State, Version};
use crate::domain::page::Page;
use crate::extract;
use crate::store::pages::{Body, PageRow};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A description with the files and pages it is about, ready for a transaction; cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::actions) struct Content {
    pub(in crate::actions) material: MaterialId,
    pub(in crate::actions) description: Arc<Description>,
    /// The title until the document's own is known.
    pub(in crate::actions) fallback_title: Option<String>,
    /// Pages that came with it.
    pub(in crate::actions) rows: Arc<Vec<PageRow>>,
    pub(in crate::actions) files: Vec<File>,
    /// Fingerprint of what it was made of.
    pub(in crate::actions) digest: Option<String>,
    /// Whose work it is, where a person brings it.
    pub(in crate::actions) made_by: Option<AccountId>,
    /// The job that reads its files, where they must be read.
    pub(in crate::actions) job: JobId,
    /// The names of what its description refers to.
    pub(in crate::actions) catalogue: Arc<Catalogue>,
}

impl Content {
    /// Whether the text must be read out of the file: none but corrections was given, and the file has text.
    pub(in crate::actions) fn needs_extraction(&self) -> bool {
        let none_given = self.rows.iter().all(PageRow::is_corrected);
        none_given && self.files.iter().any(|file| extract::has_text(&file.media_type))
    }

    /// The material that it begins.
    pub(in crate::actions) fn fresh_material(
        &self,
        organisation: OrganisationId,
        external_id: Option<String>,
        at: DateTime<Utc>,
    ) -> Material {
        Material { external_id, ..Material::draft(self.material, organisation, at) }
    }

    /// Writes it as the next version of its material, which is shown to the public at once or stays as it is; promises
    /// its extraction. What was being reviewed or had a day is a draft again. Answers the version's number.
    pub(in crate::actions) fn put_version(
        &self,
        tx: &mut WriteTx<'_>,
        mut material: Material,
        publish: bool,
        at: DateTime<Utc>,
    ) -> Result<u32, ActionError> {
        let (before, number) = (material.clone(), material.latest_version + 1);
        let version = self.version(material.id, number, at);
        material.latest_version = number;
        if material.publish_on.is_some() {
            review::forget_due(tx, material.id)?;
        }
        // Whoever reviews must see what they let through.
        if matches!(material.state, State::InReview | State::Scheduled) {
            material.state = State::Draft;
        }
        (material.newer, material.publish_on) = (None, None);
        if publish {
            material.state = State::Published;
            material.published_version = Some(number);
            material.published_at = material.published_at.or(Some(at));
        }
        material.touch(at);
        for file in &self.files {
            let file = File { material: material.id, version: number, ..file.clone() };
            store::files::put(tx, &file)?;
        }
        store::pages::put_all(tx, material.id, number, &self.rows)?;
        store::versions::put(tx, &version)?;
        store::materials::put(tx, &material)?;
        if version.extraction == Extraction::Pending {
            let work = Work::Extract { material: material.id, version: number };
            store::jobs::promise(tx, &Job::new(self.job, work, at))?;
        }
        let told = self.altered(tx, (&before, &material), &version)?;
        audit::record_material(tx, &material, &["version", "state"], told)?;
        Ok(number)
    }

    /// What is other than in the version before; nothing of a material that begins.
    fn altered(
        &self,
        tx: &dyn ReadTx,
        (before, after): (&Material, &Material),
        version: &Version,
    ) -> Result<Vec<Alteration>, ActionError> {
        let Some(old) = store::versions::get(tx, before.id, before.latest_version)? else { return Ok(Vec::new()) };
        let mut told = alteration::of_standing(before, after);
        told.extend(alteration::of_files(&store::files::list(tx, old.material, old.number)?, &self.files));
        told.extend(review::altered(&self.catalogue, &old.description, &version.description));
        Ok(told)
    }

    fn version(&self, material: MaterialId, number: u32, at: DateTime<Utc>) -> Version {
        let mut description = Description::clone(&self.description);
        if description.languages.is_empty() {
            description.languages = languages(&self.rows);
        }
        if description.title.is_empty() {
            description.title = self.fallback_title.clone().unwrap_or_default();
        }
        Version {
            material,
            number,
            description,
            files: self.files.iter().map(|file| file.id).collect(),
            extraction: if self.needs_extraction() { Extraction::Pending } else { Extraction::Given },
            page_count: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            word_count: self.rows.iter().map(|row| row.word_count).fold(0, u32::saturating_add),
            pages_blob: None,
            decodings: store::pages::decodings(&self.rows),
            digest: self.digest.clone(),
            created_at: at,
            made_by: self.made_by,
            edition: 0,
            saved: None,
            stays_readable: false,
        }
    }
}

/// The rows of given pages, put right from older encodings, and how many bytes of text they have.
pub(in crate::actions) fn page_rows(mut pages: Vec<Page>) -> (Vec<PageRow>, usize) {
    extract::put_right(&mut pages);
    let (rows, sizes): (Vec<PageRow>, Vec<usize>) = pages.into_iter().map(page_row).unzip();
    (rows, sizes.into_iter().sum())
}

/// The row of a given page, and how many bytes of text it has.
fn page_row(mut page: Page) -> (PageRow, usize) {
    let text = page.text();
    let blocks = std::mem::take(&mut page.blocks);
    let mut row = PageRow::of(&page, &text, Body::Inline(blocks));
    row.language = row.language.or_else(|| extract::language_of(&text));
    (row, text.len())
}

/// The languages of given pages, each once; undetermined when none is sure.
fn languages(rows: &[PageRow]) -> Vec<Language> {
    let mut found: Vec<Language> = Vec::new();
    for language in rows.iter().filter_map(|row| row.language.as_ref()) {
        if !found.contains(language) {
            found.push(language.clone());
        }
    }
    if found.is_empty() { vec![Language::undetermined()] } else { found }
}
