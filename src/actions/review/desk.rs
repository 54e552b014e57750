//! One material as its staff see it: what it says, where it stands, what was said about it, what can be done.

use super::alike::{Alike, alike};
use super::describe::name_of;
use super::typed::{Typed, accept, understand};
use super::{name_of_version, unreviewed, visible};
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::file::File;
use crate::domain::id::MaterialId;
use crate::domain::material::{Material, Version};
use crate::domain::permission::{Verb, may};
use crate::domain::proposal::Proposal;
use crate::domain::review::{self, Act, MAX_REMARK_CHARS, Noted, Remark, Required};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};

/// One material as its staff see it.
#[derive(Debug, Clone)]
pub struct Desk {
    pub material: Material,
    /// The latest version.
    pub version: Version,
    /// What it is called: its title, else its file's name, else what its text suggests.
    pub name: String,
    pub files: Vec<File>,
    pub organisation: String,
    /// Whether the actor may change what the latest version says.
    pub editable: bool,
    /// What the actor may do as it stands.
    pub acts: Vec<Act>,
    /// The description as it is to be written on: with what the file suggests, as long as nobody has saved anything.
    pub typed: Typed,
    /// What `typed` lacks before others may be troubled with it.
    pub lacks: Vec<Required>,
    /// What the file suggests for fields that say nothing yet.
    pub proposal: Proposal,
    pub hint: Hint,
    /// Other materials that say nearly the same.
    pub alike: Vec<Alike>,
    /// The latest first.
    pub remarks: Vec<Said>,
    /// How many comments on what was published nobody has taken note of; 0 where the actor may not either.
    pub n_unnoted: usize,
    pub versions: Vec<VersionLine>,
    /// Whether the actor may say something about it.
    pub may_remark: bool,
    /// Whether the actor may decide which old versions readers see.
    pub may_keep_readable: bool,
}

/// Where what the file suggests stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// In the description that is written on, as nobody has saved anything yet.
    Filled,
    /// Beside it, to be taken over.
    Offered,
}

/// A remark with its author's name; empty for the program, or when the account was erased.
#[derive(Debug, Clone)]
pub struct Said {
    pub remark: Remark,
    pub who: String,
    /// Who has taken note of it; the name is empty when the account was erased.
    pub noted_by: Option<String>,
}

/// A version in the list of all.
#[derive(Debug, Clone)]
pub struct VersionLine {
    pub number: u32,
    pub created_at: DateTime<Utc>,
    pub who: String,
    /// The public sees it now.
    pub public: bool,
    /// The public may read it though it is an old one.
    pub stays_readable: bool,
    /// Older than the one that was published last: only these can be marked.
    pub old: bool,
}

/// Shows a material to its staff.
///
/// # Errors
/// `NotFound` when there is none that the actor may see.
pub async fn desk(context: &Context, actor: &Actor, id: MaterialId) -> Result<Desk, ActionError> {
    let (catalogue, by, today) = (context.catalogue(), actor.clone(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let (material, object) = visible(tx, &by, id, &catalogue)?;
        let missing = || ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
        let version = store::versions::get(tx, id, material.latest_version)?.ok_or_else(missing)?;
        let unreviewed = unreviewed(&catalogue, &material.organisation);
        let can = |act: &Act| {
            review::is_possible(*act, &material) && review::may_do(&by, *act, &material, &object, unreviewed)
        };
        let mut remarks: Vec<Said> = Vec::new();
        for remark in store::remarks::list(tx, id)?.into_iter().rev() {
            let noted_by = remark.noted.as_ref().map(|noted| name_of(tx, noted.by)).transpose()?;
            remarks.push(Said { who: name_of(tx, remark.by)?, noted_by, remark });
        }
        let may_remark = may(&by, Verb::Write, &object) || may(&by, Verb::Review, &object);
        let waits = may_remark && store::remarks::is_unnoted(tx, &material.organisation, id)?;
        let n_unnoted = remarks.iter().filter(|said| waits && said.remark.waits_for_notice()).count();
        let proposal = store::proposals::get(tx, id, version.number)?.unwrap_or_default();
        let proposal = proposal.for_empty_fields(&version.description);
        let hint = if version.saved.is_none() && !proposal.is_empty() { Hint::Filled } else { Hint::Offered };
        let mut typed = Typed::of(&version.description);
        if hint == Hint::Filled {
            accept(&mut typed, &proposal, "all");
        }
        Ok::<_, ActionError>(Desk {
            lacks: review::lacks(&understand(&typed, &version.description, &catalogue, id).0),
            typed,
            proposal,
            hint,
            alike: alike(tx, &by, &version, &catalogue)?,
            files: store::files::list(tx, id, version.number)?,
            name: name_of_version(tx, &version)?,
            organisation: named_organisation(&catalogue, &material.organisation, today).name,
            editable: review::may_edit(&by, &material, &object),
            acts: Act::ALL.iter().copied().filter(can).collect(),
            n_unnoted,
            remarks,
            versions: versions(tx, &material)?,
            may_remark,
            may_keep_readable: may(&by, Verb::Publish, &object),
            version,
            material,
        })
    };
    context.store.read("material.desk", read).await
}

fn versions(tx: &dyn ReadTx, material: &Material) -> Result<Vec<VersionLine>, ActionError> {
    let mut lines = Vec::new();
    for version in store::versions::list(tx, material.id)?.into_iter().rev() {
        lines.push(VersionLine {
            number: version.number,
            created_at: version.created_at,
            who: name_of(tx, version.made_by)?,
            public: material.public_version() == Some(version.number),
            stays_readable: version.stays_readable,
            old: material.published_version.is_some_and(|published| version.number < published),
        });
    }
    Ok(lines)
}

/// Says something about a material without doing anything with it.
///
/// # Errors
/// `NotFound` for what the actor may not see, `Forbidden` for who neither writes nor decides; `Invalid` for an empty
/// or very long remark.
pub async fn remark(context: &Context, actor: &Actor, id: MaterialId, text: &str) -> Result<(), ActionError> {
    let text = text.trim().to_owned();
    if text.is_empty() || text.chars().count() > MAX_REMARK_CHARS {
        let reason = format!("Hãy ghi ý kiến, không quá {MAX_REMARK_CHARS} ký tự.");
        return Err(ActionError::Invalid { field: "remark", code: "remark-invalid", reason });
    }
    let (catalogue, by, stamp) = (context.catalogue(), actor.clone(), context.stamp_by(actor));
    let at = stamp.at;
    let write = move |tx: &mut WriteTx<'_>| {
        let (mut material, object) = visible(tx, &by, id, &catalogue)?;
        if !may(&by, Verb::Write, &object) && !may(&by, Verb::Review, &object) {
            return Err(ActionError::Forbidden);
        }
        let remark = Remark::new(at, by.account(), None, (material.latest_version, text));
        store::remarks::add(tx, id, &remark)?;
        if !material.is_at_work() {
            // Nothing else brings it before the eyes of those whose it is.
            store::remarks::mark_unnoted(tx, &material.organisation, id);
        }
        material.worked_at = Some(at);
        store::materials::put(tx, &material)?;
        tx.record_at(&material.organisation, store::log::subject::MATERIAL, id.to_string(), &["remarks"]);
        Ok(())
    };
    context.store.write("material.remark", stamp, write).await?;
    Ok(())
}

/// Takes note of the comments on a material: it leaves the list of those with new ones.
///
/// # Errors
/// As [`remark`].
pub async fn note(context: &Context, actor: &Actor, id: MaterialId) -> Result<(), ActionError> {
    let (catalogue, by, stamp) = (context.catalogue(), actor.clone(), context.stamp_by(actor));
    let noted = Noted { at: stamp.at, by: actor.account() };
    let write = move |tx: &mut WriteTx<'_>| {
        let (material, object) = visible(tx, &by, id, &catalogue)?;
        if !may(&by, Verb::Write, &object) && !may(&by, Verb::Review, &object) {
            return Err(ActionError::Forbidden);
        }
        if store::remarks::note_all(tx, &material.organisation, (id, &noted))? {
            tx.record_at(&material.organisation, store::log::subject::MATERIAL, id.to_string(), &["remarks"]);
        }
        Ok(())
    };
    context.store.write("material.note", stamp, write).await?;
    Ok(())
}
