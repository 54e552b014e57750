//! Answering a complaint.

use super::missing;
use super::send::plain;
use crate::actions::{ActionError, Context, audit};
use crate::domain::account::Account;
use crate::domain::actor::Actor;
use crate::domain::alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::complaint::{Complaint, ComplaintAnswer, MAX_TEXT_CHARS, Outcome};
use crate::domain::id::{ComplaintId, OrganisationId};
use crate::domain::material::{Material, State};
use crate::domain::permission::{Object, Role, Verb, may};
use crate::domain::review::{self, Act, Remark};
use crate::store::{self, ReadTx, WriteTx};

/// A complaint as those see it who answer it.
#[derive(Debug, Clone)]
pub struct Answering {
    pub complaint: Complaint,
    /// None when the material is gone.
    pub material: Option<Material>,
    pub title: String,
    pub organisation: String,
    /// Who answered, unless the account was erased.
    pub answered_by: Option<String>,
    pub overdue: bool,
    /// Whether the actor may withdraw the material with the answer.
    pub withdrawable: bool,
}

/// The complaint, where the actor may answer it; what may not be answered is not there.
fn held(tx: &dyn ReadTx, actor: &Actor, id: ComplaintId, catalogue: &Catalogue) -> Result<Complaint, ActionError> {
    let complaint = store::complaints::get(tx, id)?.ok_or_else(|| missing(id))?;
    if may(actor, Verb::AnswerReports, &Object::of(catalogue, &complaint.organisation)) {
        Ok(complaint)
    } else {
        Err(missing(id))
    }
}

/// Shows a complaint.
///
/// # Errors
/// `NotFound` when there is none that the actor may answer.
pub async fn show(context: &Context, actor: &Actor, id: ComplaintId) -> Result<Answering, ActionError> {
    let (catalogue, today, by) = (context.catalogue(), context.today(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let complaint = held(tx, &by, id, &catalogue)?;
        let material = store::materials::get(tx, complaint.material)?;
        let version = store::versions::get(tx, complaint.material, complaint.version)?;
        let answered_by = match &complaint.answer {
            Some(answer) => store::accounts::get(tx, answer.by)?.map(|account: Account| account.name),
            None => None,
        };
        let object = Object::of(&catalogue, &complaint.organisation);
        let public = material.as_ref().is_some_and(|material| material.public_version().is_some());
        Ok::<_, ActionError>(Answering {
            withdrawable: complaint.is_open() && public && may(&by, Verb::Withdraw, &object),
            overdue: complaint.is_overdue(today),
            organisation: catalogue
                .organisation(&complaint.organisation)
                .map_or_else(|| complaint.organisation.to_string(), |one| one.latest_name().to_owned()),
            title: version.map(|version| version.description.title).unwrap_or_default(),
            answered_by: answered_by.filter(|name| !name.is_empty()),
            material,
            complaint,
        })
    };
    context.store.read("complaint.show", read).await
}

/// The body for which the actor answers, where that is not the complaint's own.
fn instead(actor: &Actor, complaint: &Complaint, catalogue: &Catalogue) -> Option<OrganisationId> {
    let Actor::Account(holder) = actor else { return None };
    let heirs = catalogue.organisation_heirs(&complaint.organisation);
    let mut grants = holder.grants.iter().filter(|grant| grant.role >= Role::Reviewer);
    let is_own = grants.clone().any(|grant| grant.role != Role::Admin && heirs.contains(&grant.organisation));
    if is_own { None } else { grants.next_back().map(|grant| grant.organisation.clone()) }
}

/// Answers a complaint once and for all; its writer's contact is gone with it. A material that is said to be withdrawn
/// is withdrawn in the same moment.
///
/// # Errors
/// `NotFound` or `Forbidden`; `Invalid` when there is an answer already or its words are missing.
pub async fn answer(
    context: &Context,
    actor: &Actor,
    id: ComplaintId,
    (outcome, text): (&str, &str),
) -> Result<(), ActionError> {
    let Actor::Account(holder) = actor else { return Err(ActionError::Forbidden) };
    let outcome = Outcome::from_code(outcome)
        .ok_or_else(|| ActionError::invalid("outcome", "answer-outcome", "Hãy chọn kết quả xử lý."))?;
    let text = plain(text);
    if !(5..=MAX_TEXT_CHARS).contains(&text.chars().count()) {
        let reason = format!("Hãy viết câu trả lời, từ 5 đến {MAX_TEXT_CHARS} ký tự; người phản ánh sẽ đọc.");
        return Err(ActionError::Invalid { field: "text", code: "answer-text", reason });
    }
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let (at, account) = (context.now(), holder.account);
    let write = move |tx: &mut WriteTx<'_>| {
        let mut complaint = held(tx, &by, id, &catalogue)?;
        if !complaint.is_open() {
            return Err(ActionError::invalid("answer", "answer-there", "Phản ánh này đã có người trả lời."));
        }
        let mut material = store::materials::get(tx, complaint.material)?;
        let instead = instead(&by, &complaint, &catalogue);
        complaint.answer(ComplaintAnswer { at, by: account, outcome, text, instead });
        store::complaints::put(tx, &complaint)?;
        tx.record_at(&complaint.organisation, store::log::subject::COMPLAINT, id.to_string(), &["answer"]);
        let Some(material) = material.as_mut() else { return Ok(()) };
        let before = material.clone();
        let withdraw = outcome == Outcome::Withdrawn && material.state == State::Published;
        if withdraw {
            if !may(&by, Verb::Withdraw, &Object::of(&catalogue, &material.organisation)) {
                return Err(ActionError::Forbidden);
            }
            review::advance(material, Act::Withdraw, None, at);
            store::materials::put(tx, material)?;
            let text = "Theo phản ánh của người đọc.".to_owned();
            let (by, version) = (by.account(), material.latest_version);
            let remark = Remark::new(at, by, Some(Act::Withdraw), (version, text));
            store::remarks::add(tx, material.id, &remark)?;
        }
        let changed: &[&str] = if withdraw { &["complaint", "state"] } else { &["complaint"] };
        audit::record_material(tx, material, changed, alteration::of_standing(&before, material))
    };
    context.store.write("complaint.answer", context.stamp_by(actor), write).await?;
    Ok(())
}
