//! Certificates for who came to enough meetings: numbered once, printed as often as wanted, told real or not to whoever
//! has the paper.

use super::attendance::roll::{self, Roll};
use super::people;
use super::registration::staff::class_to_enrol;
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::import::clean_line;
use crate::actions::schedule::missing;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::certificate::{Certificate, masked};
use crate::domain::class::{Class, ClassState, CountMode};
use crate::domain::day::{date_vi, day_of};
use crate::domain::id::{ClassId, LearnerId};
use crate::domain::registration::{printed_slip, typed_slip};
use crate::press::{self, Form};
use crate::secrets;
use crate::store::{self, ReadTx, WriteTx};
use crate::vault::Keys;
use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// Whether certificates can be had as PDF.
pub const IS_PRINTED: bool = press::IS_BUILT;

/// A learner of the class, with what they have come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub learner: LearnerId,
    /// None once it was forgotten who they are.
    pub name: Option<String>,
    pub attended: usize,
    /// The number of the certificate, and whether it was withdrawn.
    pub certificate: Option<(String, bool)>,
}

/// A class with whom a certificate may be given.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub class: Class,
    /// How many meetings were held.
    pub held: usize,
    pub lines: Vec<Line>,
}

/// Lists who came to how many meetings, and who has a certificate.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for a class that names nobody.
pub async fn list(context: &Context, actor: &Actor, id: ClassId) -> Result<Listed, ActionError> {
    let roll = named(roll::read(context, actor, id).await?)?;
    let read = move |tx: &dyn ReadTx| Ok::<_, ActionError>(store::certificates::of_class(tx, id)?);
    let given: BTreeMap<LearnerId, Certificate> =
        context.store.read("certificate.list", read).await?.into_iter().map(|one| (one.learner, one)).collect();
    let line = |pupil: &roll::Pupil| Line {
        learner: pupil.learner,
        name: pupil.name.clone(),
        attended: roll.attended(pupil.learner),
        certificate: given.get(&pupil.learner).map(|one| (one.label(), one.withdrawn.is_some())),
    };
    Ok(Listed { held: held(&roll), lines: roll.pupils.iter().map(line).collect(), class: roll.class.clone() })
}

fn named(roll: Roll) -> Result<Roll, ActionError> {
    let totals = "Lớp này không ghi tên ai nên không cấp giấy chứng nhận.";
    if roll.class.count == CountMode::Totals {
        return Err(ActionError::invalid("class", "class-totals", totals));
    }
    Ok(roll)
}

/// How many meetings somebody came to.
fn held(roll: &Roll) -> usize {
    roll.meetings.iter().filter(|card| roll.came(card.id).is_some_and(|came| came > 0)).count()
}

/// Gives certificates to everyone who came to at least so many meetings and has none; how many were given.
///
/// # Errors
/// As [`list`]; `Invalid` for a number that nobody can have come to, or a draft.
pub async fn issue(context: &Context, actor: &Actor, id: ClassId, least: &str) -> Result<usize, ActionError> {
    let roll = named(roll::read(context, actor, id).await?)?;
    let held = held(&roll);
    let reason = || format!("Hãy ghi số buổi ít nhất, từ 1 đến {held} (số buổi đã có người học).");
    let read = least.trim().parse().ok().filter(|least| (1..=held).contains(least));
    let least =
        read.ok_or_else(|| ActionError::Invalid { field: "least", code: "number-invalid", reason: reason() })?;
    let counts: Vec<(LearnerId, usize)> = roll
        .pupils
        .iter()
        .filter(|pupil| pupil.name.is_some())
        .map(|pupil| (pupil.learner, roll.attended(pupil.learner)))
        .filter(|(_, attended)| *attended >= least)
        .collect();
    let (catalogue, by, now) = (context.catalogue(), actor.clone(), context.now());
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_to_enrol(tx, &catalogue, &by, id)?;
        if matches!(class.state, ClassState::Draft | ClassState::Cancelled) {
            let reason = "Chỉ cấp giấy chứng nhận cho lớp đã đăng hoặc đã kết thúc.";
            return Err(ActionError::invalid("class", "certificate-too-soon", reason));
        }
        let mut given = 0;
        for (learner, attended) in &counts {
            if store::certificates::get(tx, id, *learner)?.is_none() {
                let counted = (number(*attended), number(held));
                give(tx, &class, *learner, counted, (now, &by))?;
                given += 1;
            }
        }
        if given > 0 {
            tx.record_at(&class.organisation, "class", id.to_string(), &["certificates"]);
        }
        Ok(given)
    };
    Ok(context.store.write("certificate.issue", context.stamp_by(actor), write).await?.value)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn give(
    tx: &mut WriteTx<'_>,
    class: &Class,
    learner: LearnerId,
    (attended, held): (u32, u32),
    (now, by): (DateTime<Utc>, &Actor),
) -> Result<(), ActionError> {
    let year = day_of(now).year();
    let certificate = Certificate {
        class: class.id,
        learner,
        organisation: class.organisation.clone(),
        number: store::certificates::next_number(tx, &class.organisation, year)?,
        year,
        attended,
        held,
        issued_at: now,
        issued_by: by.account(),
        code: secrets::fresh_slip()?,
        withdrawn: None,
    };
    Ok(store::certificates::put(tx, &certificate)?)
}

/// Declares a certificate to be worth nothing; its number is given to nobody else.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` without a reason.
pub async fn withdraw(
    context: &Context,
    actor: &Actor,
    (id, learner): (ClassId, LearnerId),
    reason: &str,
) -> Result<(), ActionError> {
    let reason: String = clean_line(reason).chars().take(300).collect();
    if reason.is_empty() {
        return Err(ActionError::invalid("reason", "reason-missing", "Hãy ghi lý do thu hồi."));
    }
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_to_enrol(tx, &catalogue, &by, id)?;
        let found = store::certificates::get(tx, id, learner)?.ok_or_else(|| missing(Noun::Certificate, learner))?;
        store::certificates::put(tx, &Certificate { withdrawn: Some(reason.clone()), ..found })?;
        tx.record_at(&class.organisation, "class", id.to_string(), &["certificates"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("certificate.withdraw", context.stamp_by(actor), write).await?;
    Ok(())
}

/// What stands on the certificates of a class.
#[derive(Serialize)]
struct Papers {
    title: String,
    centre: String,
    class: String,
    note: String,
    place_day: String,
    all: Vec<Paper>,
}

#[derive(Serialize)]
struct Paper {
    name: String,
    about: String,
    attended: String,
    number: String,
    code: String,
    address: String,
}

/// Prints every certificate of a class that is worth something, one a page; `address` makes the public address of a code.
///
/// # Errors
/// As [`list`]; `Invalid` when there is none, `Unavailable` when the program was built without the press.
pub async fn print(
    context: &Context,
    actor: &Actor,
    id: ClassId,
    address: impl Fn(&str) -> String + Send + 'static,
) -> Result<Vec<u8>, ActionError> {
    let (vault, catalogue, by, today) = (context.vault.clone(), context.catalogue(), actor.clone(), context.today());
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_to_enrol(tx, &catalogue, &by, id)?;
        let (mut all, keys) = (Vec::new(), vault.keys()?);
        for one in store::certificates::of_class(tx, id)?.into_iter().filter(|one| one.withdrawn.is_none()) {
            all.extend(paper(tx, &keys, &one, &address)?);
        }
        if all.is_empty() {
            return Err(ActionError::invalid("class", "certificates-none", "Lớp chưa cấp giấy chứng nhận nào."));
        }
        // Names are read once more: on paper.
        tx.record_at(&class.organisation, "class", id.to_string(), &["learners"]);
        let centre = named_organisation(&catalogue, &class.organisation, today).name;
        let class_title = class.teaching.title.clone();
        Ok::<_, ActionError>(Papers {
            title: format!("Giấy chứng nhận: {class_title}"),
            centre,
            class: class_title,
            note: if class.sample { "Bản mẫu để xem thử, không có giá trị." } else { "" }.to_owned(),
            place_day: format!("………………, ngày {} tháng {} năm {}", today.day(), today.month(), today.year()),
            all,
        })
    };
    let papers = context.store.write("learners.read", context.stamp_by(actor), write).await?.value;
    let _turn = context.drawing.acquire().await.map_err(ActionError::internal)?;
    Ok(tokio::task::spawn_blocking(move || press::print(Form::Certificates, &papers)).await??)
}

/// None once it was forgotten who the learner is.
fn paper(
    tx: &dyn ReadTx,
    keys: &Keys,
    one: &Certificate,
    address: &impl Fn(&str) -> String,
) -> Result<Option<Paper>, ActionError> {
    let learner = store::learners::get(tx, roll::heir(tx, one.learner)?)?;
    let Some(person) = learner.map(|learner| people::open(keys, &learner)).transpose()?.flatten() else {
        return Ok(None);
    };
    Ok(Some(Paper {
        about: format!("Sinh năm {} · {}", person.birth_year, person.village),
        name: person.name,
        attended: format!("Có mặt {}/{} buổi", one.attended, one.held),
        number: one.label(),
        address: address(&one.code),
        code: printed_slip(&one.code),
    }))
}

/// What whoever has the code of a certificate is told: enough to compare it with the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub number: String,
    /// The name with initials; none once it was forgotten.
    pub name: Option<String>,
    pub class: String,
    pub centre: String,
    pub attended: u32,
    pub held: u32,
    pub issued_on: String,
    pub withdrawn: Option<String>,
    pub sample: bool,
}

/// Tells whether there is a certificate with a code.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn verify(context: &Context, code: &str) -> Result<Verdict, ActionError> {
    let (catalogue, today, vault) = (context.catalogue(), context.today(), context.vault.clone());
    let code = typed_slip(code).ok_or_else(|| missing(Noun::Certificate, "?"))?;
    let read = move |tx: &dyn ReadTx| {
        let none = || missing(Noun::Certificate, "?");
        let one = store::certificates::with_code(tx, &code)?.ok_or_else(none)?;
        let class = store::classes::get(tx, one.class)?.ok_or_else(none)?;
        let learner = store::learners::get(tx, roll::heir(tx, one.learner)?)?;
        let person = learner.map(|learner| people::open(&*vault.keys()?, &learner)).transpose()?.flatten();
        Ok::<_, ActionError>(Verdict {
            number: one.label(),
            name: person.map(|person| masked(&person.name)),
            class: class.teaching.title.clone(),
            centre: named_organisation(&catalogue, &one.organisation, today).name,
            attended: one.attended,
            held: one.held,
            issued_on: date_vi(day_of(one.issued_at)),
            withdrawn: one.withdrawn,
            sample: class.sample,
        })
    };
    context.store.read("certificate.verify", read).await
}
