//! The transaction behind every upload: a draft, a next version, a further file, or the material that has the file already.

use super::{aims, beside, known};
use crate::actions::import::Described;
use crate::actions::intake::Content;
use crate::actions::review::{send_to_review, unreviewed};
use crate::actions::{ActionError, audit};
use crate::domain::actor::Actor;
use crate::domain::alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::file::File;
use crate::domain::id::{JobId, MaterialId, OrganisationId};
use crate::domain::material::{Description, Kind, Licence, Material, Version};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::upload::{Aim, Progress};
use crate::store::pages::PageRow;
use crate::store::{self, WriteTx};
use chrono::{DateTime, Utc};
use std::path::Path;
use std::sync::Arc;

/// A checked file, or what stands without one, with all that is to be done with it.
#[derive(Clone)]
pub(super) struct Bring {
    pub(super) actor: Actor,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) aim: Aim,
    /// Absent where it lies on another site.
    pub(super) file: Option<File>,
    pub(super) described: Option<Described>,
    /// The pages that came with the description.
    pub(super) rows: Arc<Vec<PageRow>>,
    pub(super) publish: bool,
    /// What it is called if it is new.
    pub(super) material: MaterialId,
    pub(super) job: JobId,
    /// One for each letter that may be owed.
    pub(super) letters: Vec<JobId>,
}

impl Bring {
    /// Writes what the file becomes.
    pub(super) fn take(&self, tx: &mut WriteTx<'_>, at: DateTime<Utc>) -> Result<Progress, ActionError> {
        match &self.aim {
            Aim::Draft(organisation) => self.draft(tx, organisation, at),
            Aim::Version(id) => {
                let material = aims::writable(tx, &self.catalogue, &self.actor, *id)?;
                self.next_version(tx, material, at)
            }
            Aim::Beside(id) => {
                let (material, version) = beside::draft(tx, &self.catalogue, &self.actor, *id)?;
                beside::keep_to_words(self.file.as_ref())?;
                self.join(tx, (material, version), at)
            }
        }
    }

    fn draft(
        &self,
        tx: &mut WriteTx<'_>,
        organisation: &OrganisationId,
        at: DateTime<Utc>,
    ) -> Result<Progress, ActionError> {
        aims::keep_to_organisation(&self.catalogue, &self.actor, organisation)?;
        if let Some(file) = &self.file
            && let Some((material, version)) = known::find(tx, &self.catalogue, &self.actor, &file.blob)?
        {
            return Ok(Progress::Taken { material, version, existing: true });
        }
        let external_id = self.described.as_ref().and_then(|described| described.external_id.clone());
        if let Some(external_id) = &external_id
            && let Some(material) = store::materials::by_external_id(tx, organisation, external_id)?
        {
            return self.next_version(tx, material, at);
        }
        if let Some(file) = self.file.as_ref().filter(|_| self.described.is_none())
            && let Some(partner) = beside::partner(tx, (self.actor.account(), organisation), file, at)?
        {
            return self.join(tx, partner, at);
        }
        let shows = self.shows(organisation);
        let content = self.content((self.material, shows), None);
        let material = content.fresh_material(organisation.clone(), external_id, at);
        self.put(tx, (&content, material, shows), at)
    }

    fn next_version(
        &self,
        tx: &mut WriteTx<'_>,
        material: Material,
        at: DateTime<Utc>,
    ) -> Result<Progress, ActionError> {
        let id = material.id;
        let files = store::files::list(tx, id, material.latest_version)?;
        let is_known = |file: &File| self.file.as_ref().is_some_and(|own| own.blob == file.blob);
        if files.iter().any(is_known) {
            return Ok(Progress::Taken { material: id, version: material.latest_version, existing: true });
        }
        let before = store::versions::get(tx, id, material.latest_version)?;
        let shows = self.shows(&material.organisation);
        let content = self.content((id, shows), before.map(|version| version.description));
        self.put(tx, (&content, material, shows), at)
    }

    /// Puts the file beside those that a draft has.
    fn join(
        &self,
        tx: &mut WriteTx<'_>,
        (mut material, mut version): (Material, Version),
        at: DateTime<Utc>,
    ) -> Result<Progress, ActionError> {
        let taken = |existing| Progress::Taken { material: version.material, version: version.number, existing };
        let Some(file) = &self.file else { return Ok(taken(true)) };
        if store::files::list(tx, version.material, version.number)?.iter().any(|other| other.blob == file.blob) {
            return Ok(taken(true));
        }
        let progress = taken(false);
        if version.description.kind == Kind::Text {
            version.description.kind = kind_of(&file.media_type);
        }
        beside::add(tx, &mut version, file, (self.job, at))?;
        material.touch(at);
        store::materials::put(tx, &material)?;
        let told = alteration::between([("files", String::new(), file.name.clone())]);
        audit::record_material(tx, &material, &["files"], told)?;
        Ok(progress)
    }

    /// Whether everyone gets it at once: where that is wanted, and the actor may.
    fn shows(&self, organisation: &OrganisationId) -> bool {
        self.publish && may_publish(&self.catalogue, &self.actor, organisation)
    }

    /// Writes the version; where it was to be published by someone who may not, it is sent to those who may.
    fn put(
        &self,
        tx: &mut WriteTx<'_>,
        (content, material, shows): (&Content, Material, bool),
        at: DateTime<Utc>,
    ) -> Result<Progress, ActionError> {
        let id = material.id;
        let version = content.put_version(tx, material, shows, at)?;
        if self.publish && !shows {
            send_to_review(tx, (&self.catalogue, &self.actor), id, (&self.letters, at))?;
        }
        Ok(Progress::Taken { material: id, version, existing: false })
    }

    /// The content with what the giver says of it, else what the version before said.
    fn content(&self, (material, shows): (MaterialId, bool), before: Option<Description>) -> Content {
        let told = self.described.as_ref().map(|described| described.description.clone());
        let is_kind_told = self.described.as_ref().is_some_and(|described| described.is_kind_told);
        let mut description = told.or(before.clone()).unwrap_or_else(nothing_said);
        if let Some(file) = self.file.as_ref().filter(|_| !is_kind_told && before.is_none()) {
            description.kind = kind_of(&file.media_type);
        }
        Content {
            material,
            description: Arc::new(description),
            // A draft's title is for its author to say; what everyone sees must have one.
            fallback_title: self.file.as_ref().filter(|_| shows).map(|file| title_of(&file.name)),
            rows: Arc::clone(&self.rows),
            files: self.file.iter().cloned().collect(),
            digest: None,
            made_by: self.actor.account(),
            job: self.job,
            catalogue: Arc::clone(&self.catalogue),
        }
    }
}

/// Whether an actor may show what they bring to an organisation to everyone, as on the page of a draft.
fn may_publish(catalogue: &Catalogue, actor: &Actor, organisation: &OrganisationId) -> bool {
    let object = Object::of(catalogue, organisation);
    let alone = || unreviewed(catalogue, organisation) && may(actor, Verb::PublishUnreviewed, &object);
    may(actor, Verb::Publish, &object) || alone()
}

/// A title made of a file's name.
fn title_of(name: &str) -> String {
    let stem = Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| name.to_owned()).replace('_', " ")
}

pub(super) fn nothing_said() -> Description {
    Description {
        title: String::new(),
        summary: String::new(),
        topics: Vec::new(),
        authors: Vec::new(),
        languages: Vec::new(),
        kind: Kind::Text,
        level: None,
        audiences: Vec::new(),
        areas: Vec::new(),
        season: None,
        licence: Licence::Unknown,
        document_number: None,
        issued_on: None,
        valid_from: None,
        valid_to: None,
        sample: false,
        sources: Vec::new(),
        links: Vec::new(),
        review_by: None,
        replaces: Vec::new(),
    }
}

/// The form of a material by its file.
fn kind_of(media_type: &str) -> Kind {
    match media_type {
        other if other.starts_with("video/") => Kind::Video,
        other if other.starts_with("audio/") => Kind::Audio,
        other if other.starts_with("image/") => Kind::Poster,
        other if other.contains("presentation") || other.contains("powerpoint") => Kind::Slides,
        other if other.contains("spreadsheet") || other.contains("ms-excel") || other == "text/csv" => Kind::Sheet,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_the_content() {
        let kinds = ["video/mp4", "image/png", "application/vnd.ms-powerpoint", "text/csv", "application/pdf"];
        let found = kinds.map(|media_type| kind_of(media_type).code());
        assert_eq!(found, ["video", "poster", "slides", "sheet", "text"]);
    }

    #[test]
    fn a_title_is_made_of_a_name_where_one_must_be() {
        assert_eq!(title_of("Kỹ_thuật trồng ném.v2.pdf"), "Kỹ thuật trồng ném.v2");
    }
}
