//! Registrations: each comes to stand in one transaction over the class's tally, whoever writes it.

pub mod many;
pub mod own;
pub mod queue;
pub mod staff;
pub mod typed;

use super::people;
use crate::actions::{ActionError, Context, vault};
use crate::domain::class::Class;
use crate::domain::id::{LearnerId, RegistrationId};
use crate::domain::learner::{Consent, Person};
use crate::domain::registration::{Registration, RegistrationRules, RegistrationState, WrittenBy, standing};
use crate::secrets;
use crate::store::{self, WriteTx};
use crate::vault::{Index, Keys, Vault};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// What a transaction needs to take someone in.
#[derive(Clone)]
pub(in crate::actions) struct Counter {
    vault: Vault,
    pub rules: RegistrationRules,
    pub now: DateTime<Utc>,
}

impl Counter {
    /// Ready to take people in now.
    pub(in crate::actions) async fn open(context: &Context) -> Result<Self, ActionError> {
        vault::ready(context).await?;
        Ok(Self { vault: context.vault.clone(), rules: context.bounds.registrations, now: context.now() })
    }

    /// The keys in force, to be fetched inside the transaction that seals: a rotation counts on it.
    pub(in crate::actions) fn keys(&self) -> Result<Arc<Keys>, ActionError> {
        Ok(self.vault.keys()?)
    }
}

/// Who comes, and how.
#[derive(Debug, Clone)]
pub(in crate::actions) struct Entrant {
    /// For the registration and, where the person is not known yet, the learner.
    pub ids: (Uuid, Uuid),
    pub person: Person,
    pub consent: Option<Consent>,
    pub by: WrittenBy,
    pub walk_in: bool,
    /// A learner of the centre who it is.
    pub known: Option<LearnerId>,
    /// Taken in even where no place is left.
    pub over: bool,
    /// Of the form that was sent.
    pub form: Option<String>,
}

/// Takes someone in, or has them wait; answers the registration with its code.
pub(in crate::actions) fn take_in(
    tx: &mut WriteTx<'_>,
    counter: &Counter,
    class: &Class,
    entrant: Entrant,
) -> Result<(Registration, String), ActionError> {
    let (keys, Counter { rules, now, .. }) = (counter.keys()?, counter);
    let tally = store::registrations::tally(tx, class.id)?;
    let state = if entrant.over {
        RegistrationState::Confirmed
    } else {
        standing(class, &tally, rules, entrant.by).ok_or_else(full)?
    };
    let id = RegistrationId(entrant.ids.0);
    let learner = if let Some(known) = entrant.known {
        known
    } else {
        let fresh = LearnerId(entrant.ids.1);
        let row = people::seal(&keys, (fresh, &class.organisation), &entrant.person, entrant.consent, *now)?;
        store::learners::put(tx, &row)?;
        fresh
    };
    let code = secrets::fresh_slip()?;
    let registration = Registration {
        id,
        class: class.id,
        learner,
        state,
        ended: None,
        by: entrant.by,
        walk_in: entrant.walk_in,
        order: tally.next,
        created_at: *now,
        changed_at: *now,
        offered_until: None,
        news: false,
        code: people::seal_code(&keys, id, &code)?,
        code_mark: keys.blind(Index::Code, &code),
        form_mark: entrant.form.as_deref().map(|form| keys.blind(Index::Form, form)),
    };
    store::registrations::put(tx, &registration)?;
    tx.record_at(&class.organisation, "registration", id.to_string(), &["state"]);
    Ok((registration, code))
}

fn full() -> ActionError {
    let reason = "Lớp đã đủ người và không nhận thêm người chờ. Hãy hỏi trung tâm về lớp sau.";
    ActionError::invalid("class", "class-full", reason)
}
