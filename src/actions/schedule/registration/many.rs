//! Many people at once, from a pasted list or a spreadsheet: seen first, written together.

use super::staff::{class_to_enrol, known};
use super::typed::TypedPerson;
use super::{Counter, Entrant, take_in};
use crate::actions::import::clean_line;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::class::Class;
use crate::domain::consent;
use crate::domain::id::{ClassId, LearnerId};
use crate::domain::learner::{Consent, ConsentHow, Person};
use crate::domain::registration::{RegistrationState, WrittenBy, takes_names};
use crate::search::fold;
use crate::sheets::{self, SheetError};
use crate::store::{ReadTx, WriteTx};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The most people in one go.
pub const MAX_PEOPLE: usize = 300;

/// The columns, in the order in which they are taken where none is named.
const COLUMNS: [&[&str]; 6] = [
    &["ho ten", "ho va ten", "ten", "name"],
    &["nam sinh", "ngay sinh", "birth_year"],
    &["thon", "thon, ban", "ban", "khu pho", "dia chi", "village"],
    &["dien thoai", "so dien thoai", "sdt", "phone"],
    &["gioi tinh", "nam/nu", "sex"],
    &["giam ho", "nguoi giam ho", "cha me", "guardian"],
];

/// A person of a list, in the row that a spreadsheet shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub person: TypedPerson,
}

/// Reads people out of a CSV or XLSX file, or out of what was pasted from one.
///
/// # Errors
/// `Invalid` when it is no table (`list-unreadable`), or one of too many people.
pub fn read(bytes: &[u8], name: &str) -> Result<Vec<Row>, ActionError> {
    let rows = sheets::read(bytes, name).map_err(|error| {
        let reason = match error {
            SheetError::NotText => {
                "Danh sách không phải là văn bản UTF-8 hay tệp XLSX. Hãy lưu lại dạng XLSX.".to_owned()
            }
            other => format!("Không đọc được danh sách: {other}."),
        };
        ActionError::Invalid { field: "list", code: "list-unreadable", reason }
    })?;
    let named = rows.first().and_then(|row| named_columns(&row.cells));
    let places = named.unwrap_or([Some(0), Some(1), Some(2), Some(3), Some(4), Some(5)]);
    let people = rows.iter().skip(usize::from(named.is_some())).map(|row| {
        let cell = |column: usize| {
            let place = places.get(column).copied().flatten();
            place.and_then(|place| row.cells.get(place)).map(|text| clean_line(text)).unwrap_or_default()
        };
        let person = TypedPerson {
            name: cell(0),
            birth_year: cell(1),
            village: cell(2),
            phone: cell(3),
            sex: cell(4),
            guardian: cell(5),
        };
        Row { number: row.number, person }
    });
    let people: Vec<Row> = people.filter(|row| row.person != TypedPerson::default()).collect();
    if people.is_empty() || people.len() > MAX_PEOPLE {
        let reason = format!("Danh sách cần từ 1 đến {MAX_PEOPLE} người, mỗi người một dòng.");
        return Err(ActionError::Invalid { field: "list", code: "list-size", reason });
    }
    Ok(people)
}

/// Where the columns are, where the first row names them.
fn named_columns(cells: &[String]) -> Option<[Option<usize>; 6]> {
    let cells: Vec<String> = cells.iter().map(|cell| fold(&clean_line(cell))).collect();
    let place = |names: &[&str]| cells.iter().position(|cell| names.contains(&cell.as_str()));
    let places = COLUMNS.map(place);
    (places[0].is_some() && places[1].is_some()).then_some(places)
}

/// The list as text that is read again: columns parted by tabs.
pub fn written(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let person = &row.person;
        [&person.name, &person.birth_year, &person.village, &person.phone, &person.sex, &person.guardian]
            .map(|cell| cell.replace(['\t', '"'], " "))
            .join("\t")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What would become of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Written down, as someone whom the centre knows or does not know yet.
    New,
    Known,
    /// In the class already; passed over.
    There,
    /// Cannot be used, for a reason.
    Wrong(String),
}

/// A list that was looked through.
#[derive(Debug, Clone)]
pub struct Seen {
    pub rows: Vec<(Row, Outcome)>,
}

impl Seen {
    /// Whether every row can be used.
    pub fn is_whole(&self) -> bool {
        self.rows.iter().all(|(_, outcome)| !matches!(outcome, Outcome::Wrong(_)))
    }
}

/// What is to be written of a row; none where nothing is.
type Plan = Option<(Person, Option<LearnerId>)>;

fn look(
    tx: &dyn ReadTx,
    counter: &Counter,
    (class, today): (&Class, NaiveDate),
    rows: Vec<Row>,
) -> Result<Vec<(Row, Outcome, Plan)>, ActionError> {
    let mut before = BTreeSet::new();
    let mut seen = Vec::new();
    for row in rows {
        let read = row.person.read(today).and_then(|person| {
            if !before.insert((fold(&person.name), person.birth_year, fold(&person.village))) {
                let reason = "Trùng với một dòng ở trên.".to_owned();
                return Err(ActionError::Invalid { field: "name", code: "row-twice", reason });
            }
            let learner = known(tx, counter, class, &person)?;
            Ok((person, learner))
        });
        let (outcome, plan) = match read {
            Ok((person, learner)) => {
                (if learner.is_some() { Outcome::Known } else { Outcome::New }, Some((person, learner)))
            }
            Err(ActionError::Invalid { code: "already-registered", .. }) => (Outcome::There, None),
            Err(ActionError::Invalid { reason, .. }) => (Outcome::Wrong(reason), None),
            Err(other) => return Err(other),
        };
        seen.push((row, outcome, plan));
    }
    Ok(seen)
}

fn nameless() -> ActionError {
    let reason = "Lớp này chỉ đếm số người, hoặc đã kết thúc, nên không ghi tên.";
    ActionError::invalid("class", "class-takes-no-names", reason)
}

/// Looks through a list; nothing is written.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for a class that takes no names.
pub async fn preview(context: &Context, actor: &Actor, class: ClassId, rows: Vec<Row>) -> Result<Seen, ActionError> {
    let (counter, today) = (Counter::open(context).await?, context.today());
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let class = class_to_enrol(tx, &catalogue, &by, class)?;
        if !takes_names(&class) {
            return Err(nameless());
        }
        let seen = look(tx, &counter, (&class, today), rows)?;
        Ok::<_, ActionError>(Seen { rows: seen.into_iter().map(|(row, outcome, _)| (row, outcome)).collect() })
    };
    context.store.read("registration.preview", read).await
}

/// How many were written down, and how many of them have to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    pub written: usize,
    pub waiting: usize,
}

/// Writes everyone of a list down who is not there yet, or nobody.
///
/// # Errors
/// As [`preview`]; `Invalid` where a row cannot be used (`list-wrong`), the consent is not said or the class is full.
pub async fn write(
    context: &Context,
    actor: &Actor,
    class: ClassId,
    (rows, consent): (Vec<Row>, &str),
) -> Result<Done, ActionError> {
    let how = ConsentHow::from_code(consent).ok_or_else(|| {
        let reason = "Hãy chọn cách những người trong danh sách đã đồng ý.";
        ActionError::invalid("consent", "consent-missing", reason)
    })?;
    let (counter, today) = (Counter::open(context).await?, context.today());
    let consent = Consent { version: consent::current().to_owned(), how, at: counter.now, taken_by: actor.account() };
    let ids: Vec<_> = rows.iter().map(|_| (context.clock.fresh_id(), context.clock.fresh_id())).collect();
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_to_enrol(tx, &catalogue, &by, class)?;
        if !takes_names(&class) {
            return Err(nameless());
        }
        let seen = look(tx, &counter, (&class, today), rows)?;
        if seen.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::Wrong(_))) {
            let reason = "Có dòng chưa dùng được. Hãy sửa rồi xem lại.";
            return Err(ActionError::invalid("list", "list-wrong", reason));
        }
        let mut done = Done::default();
        for ((_, _, plan), ids) in seen.into_iter().zip(ids) {
            let Some((person, known)) = plan else { continue };
            let (consent, by) = (Some(consent.clone()), WrittenBy::Staff);
            let entrant = Entrant { ids, person, consent, by, walk_in: false, known, over: false, form: None };
            let (registration, _) = take_in(tx, &counter, &class, entrant)?;
            done.written += 1;
            done.waiting += usize::from(registration.state == RegistrationState::Waiting);
        }
        Ok::<_, ActionError>(done)
    };
    Ok(context.store.write("registration.write-many", context.stamp_by(actor), write).await?.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_with_names_of_columns_in_any_order_or_without_and_written_back() {
        let pasted = "Năm sinh\tHọ và tên\tThôn\n1985\tHồ Thị Ăm\tBản Cát\n\n1950\tHồ Văn Ây\tBản Cát\n";
        let rows = read(pasted.as_bytes(), "dan").unwrap();
        let numbers: Vec<(u32, &str)> = rows.iter().map(|row| (row.number, row.person.name.as_str())).collect();
        assert_eq!(numbers, [(2, "Hồ Thị Ăm"), (3, "Hồ Văn Ây")]);
        let bare = read("Hồ Thị Ăm,1985,Bản Cát,0905123456,Nữ\n".as_bytes(), "dan").unwrap();
        assert_eq!((bare[0].number, bare[0].person.sex.as_str()), (1, "Nữ"));
        assert_eq!(read(written(&rows).as_bytes(), "dan").unwrap()[1].person, rows[1].person);
        assert!(read(b"", "dan").is_err() && read(&[0xff, 0xfe], "dan").is_err());
        let many = "Hồ Thị Ăm,1985,Bản Cát\n".repeat(MAX_PEOPLE + 1);
        assert!(read(many.as_bytes(), "dan").is_err());
    }
}
