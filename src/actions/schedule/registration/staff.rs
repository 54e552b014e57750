//! What staff of a class's centre do: write people down, and look at who is in.

use super::queue::{self, Turn};
use super::typed::TypedPerson;
use super::{Counter, Entrant, take_in};
use crate::actions::error::Noun;
use crate::actions::schedule::calendar::{self, ClassCard};
use crate::actions::schedule::desk::Desk;
use crate::actions::schedule::people::{self, Entry};
use crate::actions::schedule::{may_see, missing};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::consent;
use crate::domain::id::{ClassId, LearnerId, OrganisationId, RegistrationId};
use crate::domain::learner::{Consent, ConsentHow, Person};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::registration::{
    Ending, Registration, RegistrationAct, RegistrationState, Tally, WrittenBy, standing, takes_names,
};
use crate::search::fold;
use crate::store::{self, ReadTx, WriteTx};

/// Whether the actor may see who learns at a centre.
pub fn may_enrol(catalogue: &Catalogue, actor: &Actor, organisation: &OrganisationId) -> bool {
    may(actor, Verb::Enrol, &Object::of(catalogue, organisation))
}

/// A class whose people the actor may see; one that may not be seen is not there.
pub(in crate::actions) fn class_to_enrol(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    actor: &Actor,
    id: ClassId,
) -> Result<Class, ActionError> {
    let class = store::classes::get(tx, id)?.ok_or_else(|| missing(Noun::Class, id))?;
    if may_enrol(catalogue, actor, &class.organisation) {
        Ok(class)
    } else if class.is_public() || may_see(catalogue, actor, &class) {
        Err(ActionError::Forbidden)
    } else {
        Err(missing(Noun::Class, id))
    }
}

/// Someone whom staff write down.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub person: TypedPerson,
    /// The code of a [`ConsentHow`].
    pub consent: String,
    /// Stands before the door without having registered.
    pub walk_in: bool,
    /// Taken in even where no place is left.
    pub over: bool,
    /// Another person of the same name, year of birth and village than the one who is known.
    pub other: bool,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct WrittenDown {
    pub registration: Registration,
    pub code: String,
    /// The centre knew the person already.
    pub was_known: bool,
}

/// Writes someone down for a class; a learner whom the centre knows stays one.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for what was typed, a class that takes no names, one that is full
/// (`class-full`) or has the person already (`already-registered`).
pub async fn write_down(
    context: &Context,
    actor: &Actor,
    class: ClassId,
    written: Written,
) -> Result<WrittenDown, ActionError> {
    let person = written.person.read(context.today())?;
    let how = ConsentHow::from_code(&written.consent).ok_or_else(|| {
        let reason = "Hãy hỏi người học có đồng ý không, rồi chọn cách họ đồng ý.";
        ActionError::invalid("consent", "consent-missing", reason)
    })?;
    let counter = Counter::open(context).await?;
    let taken_by = actor.account();
    let consent = Consent { version: consent::current().to_owned(), how, at: counter.now, taken_by };
    let ids = (context.clock.fresh_id(), context.clock.fresh_id());
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_to_enrol(tx, &catalogue, &by, class)?;
        if !takes_names(&class) {
            let reason = "Lớp này chỉ đếm số người, hoặc đã kết thúc, nên không ghi tên.";
            return Err(ActionError::invalid("class", "class-takes-no-names", reason));
        }
        let known = if written.other { None } else { known(tx, &counter, &class, &person)? };
        let entrant = Entrant {
            ids,
            person: person.clone(),
            consent: Some(consent.clone()),
            by: WrittenBy::Staff,
            walk_in: written.walk_in,
            known,
            over: written.over,
            form: None,
        };
        let (registration, code) = take_in(tx, &counter, &class, entrant)?;
        Ok(WrittenDown { registration, code, was_known: known.is_some() })
    };
    Ok(context.store.write("registration.write", context.stamp_by(actor), write).await?.value)
}

/// The learner of the centre who a person is: same name, year of birth and village.
pub(super) fn known(
    tx: &dyn ReadTx,
    counter: &Counter,
    class: &Class,
    person: &Person,
) -> Result<Option<LearnerId>, ActionError> {
    let keys = counter.keys()?;
    for learner in people::alike(tx, &keys, &class.organisation, person)? {
        let Some(other) = people::open(&keys, &learner)? else { continue };
        let alike = fold(&other.name) == fold(&person.name) && fold(&other.village) == fold(&person.village);
        let is_same_phone = person.phone.is_none() || other.phone.is_none() || person.phone == other.phone;
        if !alike || other.birth_year != person.birth_year || !is_same_phone {
            continue;
        }
        let of_class = store::registrations::of_learner(tx, learner.id)?;
        if of_class.iter().any(|one| one.class == class.id && one.state.is_alive()) {
            let reason = "Người này đã có tên trong lớp. Nếu là người khác cùng tên, cùng năm sinh, cùng thôn, hãy đánh dấu “Người khác cùng tên”.";
            return Err(ActionError::invalid("name", "already-registered", reason));
        }
        return Ok(Some(learner.id));
    }
    Ok(None)
}

/// A class with its people.
#[derive(Debug, Clone)]
pub struct Roll {
    pub class: Class,
    pub tally: Tally,
    pub entries: Vec<Entry>,
}

/// Shows who is in a class, waits or asked; the reading is noted in the audit trail.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn roll(context: &Context, actor: &Actor, class: ClassId) -> Result<Roll, ActionError> {
    let (catalogue, by, vault) = (context.catalogue(), actor.clone(), context.vault.clone());
    let read = move |tx: &mut WriteTx<'_>| {
        let class = class_to_enrol(tx, &catalogue, &by, class)?;
        let tally = store::registrations::tally(tx, class.id)?;
        if tally.next == 0 {
            return Ok::<_, ActionError>(Roll { class, tally, entries: Vec::new() });
        }
        let entries = people::of_class(tx, &*vault.keys()?, class.id)?;
        tx.record_at(&class.organisation, "class", class.id.to_string(), &["learners"]);
        Ok(Roll { class, tally, entries })
    };
    Ok(context.store.write("learners.read", context.stamp_by(actor), read).await?.value)
}

/// A slip, to be printed again.
#[derive(Debug, Clone)]
pub struct Slip {
    pub registration: Registration,
    pub code: String,
    /// Empty once it was forgotten who they are.
    pub name: String,
    pub card: ClassCard,
}

/// The slip of a registration.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn slip(context: &Context, actor: &Actor, class: ClassId, id: RegistrationId) -> Result<Slip, ActionError> {
    let (catalogue, by, vault, today) = (context.catalogue(), actor.clone(), context.vault.clone(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let class = class_to_enrol(tx, &catalogue, &by, class)?;
        let registration = store::registrations::get(tx, class.id, id)?;
        let registration = registration.ok_or_else(|| missing(Noun::Registration, id))?;
        let keys = vault.keys()?;
        let learner = store::learners::get(tx, registration.learner)?;
        let person = learner.map(|learner| people::open(&keys, &learner)).transpose()?.flatten();
        Ok::<_, ActionError>(Slip {
            code: people::open_code(&keys, &registration)?,
            name: person.map(|person| person.name).unwrap_or_default(),
            card: calendar::card(&mut Desk::new(tx, &catalogue, today), class)?,
            registration,
        })
    };
    context.store.read("registration.slip", read).await
}

/// Approves, declines, takes in, moves up, cancels, or notes that someone was told.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` when the act is impossible now, or nobody can be taken in any more (`class-full`).
pub async fn act(
    context: &Context,
    actor: &Actor,
    (class, id): (ClassId, RegistrationId),
    act: RegistrationAct,
) -> Result<(), ActionError> {
    let (catalogue, by, now) = (context.catalogue(), actor.clone(), Turn::of(context));
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_to_enrol(tx, &catalogue, &by, class)?;
        let found = store::registrations::get(tx, class.id, id)?;
        let mut one = found.ok_or_else(|| missing(Noun::Registration, id))?;
        if !one.allows(act) {
            let reason = "Đăng ký đang ở trạng thái khác. Hãy mở lại danh sách của lớp.";
            return Err(ActionError::invalid("act", "registration-act-impossible", reason));
        }
        let next = match act {
            RegistrationAct::Approve => {
                let tally = store::registrations::tally(tx, class.id)?;
                let state = standing(&class, &tally, &now.rules, WrittenBy::Staff).ok_or_else(super::full)?;
                (state, None)
            }
            RegistrationAct::Decline => (RegistrationState::Cancelled, Some(Ending::Declined)),
            RegistrationAct::Confirm => (RegistrationState::Confirmed, None),
            RegistrationAct::Cancel => (RegistrationState::Cancelled, Some(Ending::Staff)),
            RegistrationAct::MoveUp => {
                let all = store::registrations::of_class(tx, class.id)?;
                let first = all.iter().find(|other| other.state == RegistrationState::Waiting);
                one.order = first.map_or(one.order, |first| first.order - 1);
                (RegistrationState::Waiting, None)
            }
            RegistrationAct::Told => {
                one.news = false;
                store::registrations::put(tx, &one)?;
                tx.record_at(&class.organisation, "registration", id.to_string(), &["told"]);
                return Ok(());
            }
        };
        let news = one.news;
        let mut one = queue::turn(tx, &class, one, next, now)?;
        if act == RegistrationAct::MoveUp {
            // It changes nothing that the person waits for.
            one.news = news;
            store::registrations::put(tx, &one)?;
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("registration.act", context.stamp_by(actor), write).await?;
    Ok(())
}
