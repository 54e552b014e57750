//! Letters: promised in the transaction that gives reason for them, written when they are sent.

use crate::actions::cards::named_organisation;
use crate::actions::review::name_of_version;
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::actor::{Actor, Holder};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AccountId, JobId, MaterialId, OrganisationId, RequestId};
use crate::domain::job::{Job, Work};
use crate::domain::letter::{Facts, News, words};
use crate::domain::material::Material;
use crate::domain::permission::{Object, Role, Verb, may};
use crate::domain::review::Act;
use crate::mail::{Letter, Mail};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};

/// Of one event so many people at most are told.
const MOST_READERS: usize = 30;

/// The way to the mail server, and where the addresses in letters begin.
#[derive(Clone)]
pub struct Post {
    pub mail: Mail,
    /// The public address of the service, without a slash at its end.
    pub base: String,
    /// The path of a material's page for staff.
    pub material: fn(MaterialId) -> String,
    /// The path of a request for a speaker.
    pub request: fn(RequestId) -> String,
}

/// Ids for the letters of one event, made before its transaction; none where no letters are sent.
pub(super) fn fresh_ids(context: &Context) -> Vec<JobId> {
    let n_letters = if context.post.is_some() { MOST_READERS } else { 0 };
    (0..n_letters).map(|_| JobId(context.clock.fresh_id())).collect()
}

/// Promises the letters that an act gives reason for, under ids made beforehand.
pub(super) fn promise(
    tx: &mut WriteTx<'_>,
    catalogue: &Catalogue,
    (act, material, by): (Act, &Material, Option<AccountId>),
    (ids, at): (&[JobId], DateTime<Utc>),
) -> Result<(), ActionError> {
    let (news, readers) = match act {
        Act::Send => (News::Waits, reviewers(tx, catalogue, material)?),
        Act::Return => (News::Returned, writers(tx, material)?),
        Act::Publish => (News::Published, writers(tx, material)?),
        _ => return Ok(()),
    };
    let others = readers.into_iter().filter(|reader| Some(*reader) != by);
    for (to, id) in others.zip(ids) {
        let work = Work::Letter { material: material.id, version: material.latest_version, news, to };
        store::jobs::promise(tx, &Job::new(*id, work, at))?;
    }
    Ok(())
}

/// Those who may decide about a material because of a role near it; an administrator of the province is not troubled.
fn reviewers(tx: &dyn ReadTx, catalogue: &Catalogue, material: &Material) -> Result<Vec<AccountId>, ActionError> {
    staff(tx, catalogue, &material.organisation, Verb::Review)
}

/// Those who can be written to and may do something at an organisation because of a role near it.
pub(super) fn staff(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    organisation: &OrganisationId,
    verb: Verb,
) -> Result<Vec<AccountId>, ActionError> {
    let object = Object::of(catalogue, organisation);
    let decides = |account: &Account| {
        account.grants.iter().filter(|grant| grant.role != Role::Admin).any(|grant| {
            let alone = Holder { account: account.id, grants: vec![grant.clone()] };
            may(&Actor::Account(alone), verb, &object)
        })
    };
    let all = store::accounts::all(tx)?.into_iter();
    let told = all.filter(|account| account.is_active() && account.email.is_some() && decides(account));
    Ok(told.map(|account| account.id).collect())
}

/// Who began the latest version and who sent it last.
fn writers(tx: &dyn ReadTx, material: &Material) -> Result<Vec<AccountId>, ActionError> {
    let version = store::versions::get(tx, material.id, material.latest_version)?;
    let remarks = store::remarks::list(tx, material.id)?;
    let sent = remarks.iter().rev().find(|remark| remark.act == Some(Act::Send)).and_then(|remark| remark.by);
    let mut both: Vec<AccountId> = version.and_then(|version| version.made_by).into_iter().chain(sent).collect();
    both.sort_unstable();
    both.dedup();
    Ok(both)
}

/// Writes a promised letter and hands it to the mail server; nothing is sent where there is none, or no address any
/// more.
///
/// # Errors
/// When the mail server does not take it for now.
pub async fn send(
    context: &Context,
    id: JobId,
    (material, version): (MaterialId, u32),
    (news, to): (News, AccountId),
) -> Result<(), ActionError> {
    let Some(post) = context.post.clone() else { return Ok(()) };
    let (catalogue, today) = (context.catalogue(), context.today());
    let address = format!("{}{}", post.base, (post.material)(material));
    let read = move |tx: &dyn ReadTx| {
        let reader = store::accounts::get(tx, to)?.filter(Account::is_active);
        let Some((reader, email)) = reader.and_then(|reader| Some((reader.clone(), reader.email?))) else {
            return Ok(None);
        };
        let Some(found) = store::materials::get(tx, material)? else { return Ok(None) };
        let Some(told) = store::versions::get(tx, material, version)? else { return Ok(None) };
        let remarks = store::remarks::list(tx, material)?;
        let remark = remarks.iter().rev().find(|remark| remark.act.is_some()).map(|remark| remark.text.as_str());
        let organisation = named_organisation(&catalogue, &found.organisation, today).name;
        let (subject, text) = words(&Facts {
            news,
            reader: &reader.name,
            title: &name_of_version(tx, &told)?,
            organisation: &organisation,
            remark: remark.unwrap_or_default(),
            address: &address,
        });
        let (to_name, to) = (reader.name, email.to_string());
        Ok::<_, ActionError>(Some(Letter { id: id.to_string(), to_name, to, subject, text }))
    };
    let Some(letter) = context.store.read("letter.write", read).await? else { return Ok(()) };
    deliver(&post, &letter, id).await
}

/// Hands a letter to the mail server; one that will never be taken is given up.
pub(super) async fn deliver(post: &Post, letter: &Letter, id: JobId) -> Result<(), ActionError> {
    match post.mail.send(letter).await {
        Err(error) if error.is_final() => {
            tracing::error!(%error, job = %id, "a letter will never be taken and is given up");
            Ok(())
        }
        result => result.map_err(ActionError::internal),
    }
}
