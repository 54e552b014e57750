//! What learners do themselves: register without an account, look their registration up, take an offered place, cancel.

use super::queue::{self, Turn};
use super::typed::TypedPerson;
use super::{Counter, Entrant, take_in};
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::materials::Named;
use crate::actions::schedule::{missing, people};
use crate::actions::{ActionError, Context, vault};
use crate::domain::actor::Actor;
use crate::domain::class::Class;
use crate::domain::consent;
use crate::domain::id::{ClassId, OrganisationId};
use crate::domain::learner::{Consent, ConsentHow, Person};
use crate::domain::meeting::Slot;
use crate::domain::registration::{Ending, Registration, RegistrationState, WrittenBy, takes_learners, typed_slip};
use crate::store::{self, ReadTx, WriteTx};
use crate::vault::Index;
use std::net::IpAddr;
use uuid::Uuid;

/// What someone sends to register.
#[derive(Debug, Clone, Default)]
pub struct New {
    pub person: TypedPerson,
    /// They marked that they agree.
    pub consent: bool,
    /// Of the form: the same one sent twice is one registration.
    pub form: String,
    /// What was typed where no person types anything.
    pub trap: String,
}

/// What whoever registered is told.
#[derive(Debug, Clone)]
pub struct Registered {
    pub code: String,
    pub registration: Registration,
    /// How many wait before them.
    pub before: usize,
}

/// Whether a class takes learners by themselves now: it says so, and some meeting is still to come.
fn is_open(tx: &dyn ReadTx, context_now: chrono::DateTime<chrono::Utc>, class: &Class) -> Result<bool, ActionError> {
    if !takes_learners(class) {
        return Ok(false);
    }
    let meetings = store::meetings::of_class(tx, class.id)?;
    Ok(meetings.iter().any(|one| one.stands() && !one.slot.is_over(context_now)))
}

/// Whether people can register for a class now.
///
/// # Errors
/// `NotFound` when there is none that everyone may see.
pub async fn takes_now(context: &Context, class: ClassId) -> Result<bool, ActionError> {
    let now = context.now();
    let read = move |tx: &dyn ReadTx| {
        let found = store::classes::get(tx, class)?.filter(Class::is_public);
        is_open(tx, now, &found.ok_or_else(|| missing(Noun::Class, class))?)
    };
    context.store.read("registration.ask", read).await
}

/// Names a form that is about to be shown.
pub fn fresh_form(context: &Context) -> String {
    context.clock.fresh_id().to_string()
}

/// Registers someone for a class; nobody is told whether the centre knows them.
///
/// # Errors
/// `NotFound` when the class is not public; `Invalid` for what was typed, `consent-missing`, `registration-closed`,
/// `class-full`; `TooOften`.
pub async fn register(context: &Context, class: ClassId, new: New, address: IpAddr) -> Result<Registered, ActionError> {
    if !new.trap.trim().is_empty() {
        let reason = "Ô cuối cùng dành cho máy, phải để trống. Hãy xóa nội dung ô ấy rồi gửi lại.";
        return Err(ActionError::invalid("trap", "registration-trap", reason));
    }
    let person = new.person.read(context.today())?;
    if !new.consent {
        let reason = "Hãy đọc và đánh dấu vào ô đồng ý, nếu bà con đồng ý; chưa đồng ý thì chưa đăng ký được.";
        return Err(ActionError::invalid("consent", "consent-missing", reason));
    }
    // Counted once it is about to be kept: who mends a form is not punished for it.
    context.attempts.registration(address)?;
    let counter = Counter::open(context).await?;
    let consent =
        Consent { version: consent::current().to_owned(), how: ConsentHow::Form, at: counter.now, taken_by: None };
    let ids = (context.clock.fresh_id(), context.clock.fresh_id());
    let form = Uuid::parse_str(new.form.trim()).ok().map(|id| format!("{class}:{id}"));
    let write = move |tx: &mut WriteTx<'_>| {
        let found = store::classes::get(tx, class)?.filter(Class::is_public);
        let class = found.ok_or_else(|| missing(Noun::Class, class))?;
        let keys = counter.keys()?;
        let marks = form.iter().flat_map(|form| keys.blinds(Index::Form, form)).collect::<Vec<_>>();
        if let Some(sent) = store::registrations::marked(tx, &marks)? {
            let code = people::open_code(&keys, &sent)?;
            return Ok(Registered { code, before: before(tx, &sent)?, registration: sent });
        }
        if !is_open(tx, counter.now, &class)? {
            return Err(closed(&class));
        }
        let (by, walk_in, known, over) = (WrittenBy::Learner, false, None, false);
        let entrant = Entrant { ids, person, consent: Some(consent), by, walk_in, known, over, form };
        let (registration, code) = take_in(tx, &counter, &class, entrant)?;
        Ok::<_, ActionError>(Registered { code, before: before(tx, &registration)?, registration })
    };
    Ok(context.store.write("registration.send", context.stamp_by(&Actor::Visitor), write).await?.value)
}

fn closed(class: &Class) -> ActionError {
    let ask = if class.contact.is_empty() { String::new() } else { format!(" Có thể hỏi: {}.", class.contact) };
    let reason = format!("Lớp này hiện không nhận đăng ký qua trang.{ask}");
    ActionError::Invalid { field: "class", code: "registration-closed", reason }
}

/// How many wait before someone who waits.
fn before(tx: &dyn ReadTx, one: &Registration) -> Result<usize, ActionError> {
    if one.state != RegistrationState::Waiting {
        return Ok(0);
    }
    let all = store::registrations::of_class(tx, one.class)?;
    let waits = |other: &&Registration| other.state == RegistrationState::Waiting;
    Ok(all.iter().filter(waits).take_while(|other| other.id != one.id).count())
}

/// One's own registration.
#[derive(Debug, Clone)]
pub struct Own {
    pub registration: Registration,
    pub code: String,
    /// None once it was forgotten who they are.
    pub person: Option<Person>,
    pub class: Class,
    pub centre: Named<OrganisationId>,
    pub next: Option<Slot>,
    pub before: usize,
}

fn unknown() -> ActionError {
    ActionError::Unauthenticated {
        code: "registration-code",
        reason: "Không có đăng ký nào mang mã này. Hãy xem lại mã trên phiếu.".to_owned(),
    }
}

/// What the bearer of a code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnAct {
    Accept,
    Cancel,
}

/// Shows the registration of a code.
///
/// # Errors
/// `Unauthenticated` when the code is none that was given out; `TooOften`.
pub async fn look(context: &Context, typed: &str, address: IpAddr) -> Result<Own, ActionError> {
    context.attempts.slip(address)?;
    let code = typed_slip(typed).ok_or_else(unknown)?;
    if !vault::is_begun(context).await? {
        return Err(unknown());
    }
    let (reader, vault) = (context.clone(), context.vault.clone());
    let read = move |tx: &dyn ReadTx| {
        let keys = vault.keys()?;
        let found = store::registrations::marked(tx, &keys.blinds(Index::Code, &code))?.ok_or_else(unknown)?;
        let class = store::classes::get(tx, found.class)?.ok_or_else(unknown)?;
        let learner = store::learners::get(tx, found.learner)?.ok_or_else(unknown)?;
        let meetings = store::meetings::of_class(tx, class.id)?;
        let next = meetings.iter().find(|one| one.stands() && !one.slot.is_over(reader.now()));
        Ok::<_, ActionError>(Own {
            next: next.map(|one| one.slot),
            before: before(tx, &found)?,
            person: people::open(&keys, &learner)?,
            centre: named_organisation(&reader.catalogue(), &class.organisation, reader.today()),
            class,
            registration: found,
            code,
        })
    };
    context.store.read("registration.look", read).await
}

/// Takes an offered place, or gives one's place back.
///
/// # Errors
/// `Unauthenticated` for an unknown code, `TooOften`; `Invalid` when an offer is over (`offer-over`) or there is nothing
/// to cancel (`registration-over`).
pub async fn act(context: &Context, typed: &str, act: OwnAct, address: IpAddr) -> Result<Own, ActionError> {
    let own = look(context, typed, address).await?;
    let (class, id, now) = (own.class.id, own.registration.id, Turn::of(context));
    let write = move |tx: &mut WriteTx<'_>| {
        let class = store::classes::get(tx, class)?.ok_or_else(unknown)?;
        let mut one = store::registrations::get(tx, class.id, id)?.ok_or_else(unknown)?;
        match act {
            OwnAct::Cancel if one.state.is_alive() => {
                queue::turn(tx, &class, one, (RegistrationState::Cancelled, Some(Ending::Learner)), now)?;
            }
            OwnAct::Cancel => {
                let reason = "Đăng ký này đã thôi từ trước.";
                return Err(ActionError::invalid("code", "registration-over", reason));
            }
            OwnAct::Accept if one.state == RegistrationState::Offered && !one.has_lapsed(now.now) => {
                one.turn(RegistrationState::Confirmed, None, now.now);
                // Who takes a place knows that they have it.
                one.news = false;
                store::registrations::put(tx, &one)?;
                tx.record_at(&class.organisation, "registration", id.to_string(), &["state"]);
            }
            OwnAct::Accept => {
                let reason = "Chỗ này không còn giữ cho bạn nữa. Hãy hỏi trung tâm.";
                return Err(ActionError::invalid("code", "offer-over", reason));
            }
        }
        Ok::<_, ActionError>(())
    };
    let name = if act == OwnAct::Accept { "registration.accept" } else { "registration.cancel" };
    context.store.write(name, context.stamp_by(&Actor::Visitor), write).await?;
    look(context, typed, address).await
}

/// What learners agree to now, part by part.
pub fn consent_text(context: &Context) -> Vec<(consent::Part, String)> {
    consent::parts(consent::current(), context.bounds.registrations.keep_days)
}
