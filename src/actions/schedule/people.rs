//! Learners, sealed and opened.

use crate::actions::ActionError;
use crate::domain::id::{ClassId, LearnerId, OrganisationId, RegistrationId};
use crate::domain::learner::{Consent, Learner, Marks, Person};
use crate::domain::registration::Registration;
use crate::domain::sealed::Sealed;
use crate::search::fold;
use crate::store::tables::Table;
use crate::store::{self, ReadTx, WriteTx};
use crate::vault::{Index, Keys, Place};
use chrono::{DateTime, Utc};

/// Opens a field of a learner, or seals it.
fn place<'a>(row: &'a str, field: &'a str) -> Place<'a> {
    Place { table: Table::Learners.name(), row, field }
}

/// The text that stands for name and year of birth: however the name is marked and spaced.
fn person_words(organisation: &OrganisationId, name: &str, birth_year: u16) -> String {
    let name = fold(name).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{organisation}:{birth_year}:{name}")
}

fn phone_words(organisation: &OrganisationId, phone: &str) -> String {
    format!("{organisation}:{phone}")
}

/// Seals a person as a learner of a centre.
pub(in crate::actions) fn seal(
    keys: &Keys,
    (id, organisation): (LearnerId, &OrganisationId),
    person: &Person,
    consent: Option<Consent>,
    now: DateTime<Utc>,
) -> Result<Learner, ActionError> {
    let row = id.to_string();
    let sealed =
        |field: &str, text: &Option<String>| text.as_ref().map(|text| keys.seal(place(&row, field), text)).transpose();
    Ok(Learner {
        id,
        organisation: organisation.clone(),
        name: Some(keys.seal(place(&row, "name"), &person.name)?),
        birth_year: person.birth_year,
        sex: person.sex,
        village: person.village.clone(),
        area: person.area.clone(),
        phone: sealed("phone", &person.phone)?,
        guardian: sealed("guardian", &person.guardian)?,
        consent,
        marks: Marks {
            person: Some(keys.blind(Index::Person, &person_words(organisation, &person.name, person.birth_year))),
            phone: person.phone.as_ref().map(|phone| keys.blind(Index::Phone, &phone_words(organisation, phone))),
        },
        created_at: now,
        changed_at: now,
        erased_at: None,
        merged_into: None,
        sample: false,
    })
}

/// The person that a learner is; none once they were erased.
pub(in crate::actions) fn open(keys: &Keys, learner: &Learner) -> Result<Option<Person>, ActionError> {
    let row = learner.id.to_string();
    let opened = |field: &str, sealed: &Option<Sealed>| {
        sealed.as_ref().map(|sealed| keys.open(place(&row, field), sealed)).transpose()
    };
    let Some(name) = opened("name", &learner.name)? else { return Ok(None) };
    Ok(Some(Person {
        name,
        birth_year: learner.birth_year,
        sex: learner.sex,
        village: learner.village.clone(),
        area: learner.area.clone(),
        phone: opened("phone", &learner.phone)?,
        guardian: opened("guardian", &learner.guardian)?,
    }))
}

/// Learners of a centre who may be a person: the same name and year of birth, or the same telephone number.
pub(in crate::actions) fn alike(
    tx: &dyn ReadTx,
    keys: &Keys,
    organisation: &OrganisationId,
    person: &Person,
) -> Result<Vec<Learner>, ActionError> {
    let mut marks = keys.blinds(Index::Person, &person_words(organisation, &person.name, person.birth_year));
    if let Some(phone) = &person.phone {
        marks.extend(keys.blinds(Index::Phone, &phone_words(organisation, phone)));
    }
    let mut found = Vec::new();
    for id in store::learners::marked(tx, organisation, &marks)? {
        found.extend(store::learners::get(tx, id)?);
    }
    Ok(found)
}

/// Seals the code on a slip for its registration.
pub(in crate::actions) fn seal_code(keys: &Keys, id: RegistrationId, code: &str) -> Result<Sealed, ActionError> {
    Ok(keys.seal(Place { table: Table::Registrations.name(), row: &id.to_string(), field: "code" }, code)?)
}

/// The code on the slip of a registration.
pub(in crate::actions) fn open_code(keys: &Keys, one: &Registration) -> Result<String, ActionError> {
    Ok(keys.open(Place { table: Table::Registrations.name(), row: &one.id.to_string(), field: "code" }, &one.code)?)
}

/// The last row of a part, and how many of its rows were sealed anew; none at the end.
type Resealed<Id> = Option<(Id, u64)>;

/// Seals a part of the learners with the key in force.
pub(in crate::actions) fn reseal_learners(
    tx: &mut WriteTx<'_>,
    keys: &Keys,
    after: Option<LearnerId>,
    limit: usize,
) -> Result<Resealed<LearnerId>, ActionError> {
    let mut done = None;
    for learner in store::learners::list(tx, after, limit)? {
        let count = done.map_or(0, |(_, count)| count);
        done = Some((learner.id, count));
        let is_current = learner.name.as_ref().is_none_or(|name| keys.is_current(name));
        let Some(person) = (if is_current { None } else { open(keys, &learner)? }) else { continue };
        let fresh = seal(keys, (learner.id, &learner.organisation), &person, None, learner.changed_at)?;
        let Learner { name, phone, guardian, marks, .. } = fresh;
        store::learners::put(tx, &Learner { name, phone, guardian, marks, ..learner })?;
        done = done.map(|(id, count)| (id, count + 1));
    }
    Ok(done)
}

/// The same for the codes of registrations.
pub(in crate::actions) fn reseal_codes(
    tx: &mut WriteTx<'_>,
    keys: &Keys,
    after: Option<(ClassId, RegistrationId)>,
    limit: usize,
) -> Result<Resealed<(ClassId, RegistrationId)>, ActionError> {
    let mut done = None;
    for mut one in store::registrations::list(tx, after, limit)? {
        let count = done.map_or(0, |(_, count)| count);
        let is_current = one.code.0.is_empty() || keys.is_current(&one.code);
        if !is_current {
            let code = open_code(keys, &one)?;
            one.code = seal_code(keys, one.id, &code)?;
            one.code_mark = keys.blind(Index::Code, &code);
            // Nobody sends the same form again after so long.
            one.form_mark = None;
            store::registrations::put(tx, &one)?;
        }
        done = Some(((one.class, one.id), count + u64::from(!is_current)));
    }
    Ok(done)
}

/// One registration with who it is.
#[derive(Debug, Clone)]
pub struct Entry {
    pub registration: Registration,
    pub learner: Learner,
    /// None once it was forgotten who they are.
    pub person: Option<Person>,
    /// How many other learners of the centre may be the same person.
    pub alike: usize,
}

/// Every registration of a class with its person, in the order of those who wait.
pub(in crate::actions) fn of_class(tx: &dyn ReadTx, keys: &Keys, class: ClassId) -> Result<Vec<Entry>, ActionError> {
    let mut entries = Vec::new();
    for registration in store::registrations::of_class(tx, class)? {
        // A registration without its learner was cut off from nothing: both are written together.
        let Some(learner) = store::learners::get(tx, registration.learner)? else { continue };
        let person = open(keys, &learner)?;
        let marks: Vec<_> = learner.marks.all().cloned().collect();
        let alike = store::learners::marked(tx, &learner.organisation, &marks)?.len().saturating_sub(1);
        entries.push(Entry { registration, learner, person, alike });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Vault;
    use uuid::Uuid;

    fn person(name: &str, phone: Option<&str>) -> Person {
        let phone = phone.map(str::to_owned);
        Person {
            name: name.to_owned(), birth_year: 1980, village: "Thôn Mới".to_owned(), phone, ..Person::default()
        }
    }

    #[test]
    fn a_learner_comes_back_and_the_row_names_nobody() {
        let keys = Vault::in_memory().keys_or_make().unwrap();
        let centre = OrganisationId::parse("tthtcd.cam-lo").unwrap();
        let (id, now) = (LearnerId(Uuid::from_u128(7)), DateTime::UNIX_EPOCH);
        let whole =
            Person { guardian: Some("Hồ Văn Cha".to_owned()), ..person("Hồ Thị Ăm", Some("0905123456")) };
        let learner = seal(&keys, (id, &centre), &whole, None, now).unwrap();
        assert_eq!(open(&keys, &learner).unwrap(), Some(whole));
        let row = serde_json::to_string(&learner).unwrap();
        assert!(!row.contains("Hồ") && !row.contains("0905"), "{row}");
        // One row's name in another's place is no name.
        let moved = Learner { id: LearnerId(Uuid::from_u128(8)), ..learner.clone() };
        assert!(open(&keys, &moved).is_err());
        // The same name in other writing has the same mark, at this centre alone.
        let again = seal(&keys, (id, &centre), &person("ho  thi AM", None), None, now).unwrap();
        assert_eq!(again.marks.person, learner.marks.person);
        let other = OrganisationId::parse("tthtcd.lia").unwrap();
        let elsewhere = seal(&keys, (id, &other), &person("Hồ Thị Ăm", Some("0905123456")), None, now).unwrap();
        assert!(elsewhere.marks.person != learner.marks.person && elsewhere.marks.phone != learner.marks.phone);
    }
}
