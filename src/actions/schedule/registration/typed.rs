//! A person as typed on a form, a row of a sheet or a request.

use crate::actions::ActionError;
use crate::actions::import::clean_line;
use crate::domain::learner::{FIRST_BIRTH_YEAR, MAX_NAME_CHARS, MAX_VILLAGE_CHARS, Person, Sex};
use chrono::{Datelike, NaiveDate};

/// A person as it was typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TypedPerson {
    pub name: String,
    pub birth_year: String,
    pub sex: String,
    pub village: String,
    pub phone: String,
    pub guardian: String,
}

/// Keeps people out of logs.
impl std::fmt::Debug for TypedPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedPerson").finish_non_exhaustive()
    }
}

impl TypedPerson {
    /// A person as it would be typed.
    pub fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            birth_year: person.birth_year.to_string(),
            sex: person.sex.map(|sex| sex.code().to_owned()).unwrap_or_default(),
            village: person.village.clone(),
            phone: person.phone.clone().unwrap_or_default(),
            guardian: person.guardian.clone().unwrap_or_default(),
        }
    }

    /// Reads the person.
    ///
    /// # Errors
    /// `Invalid` naming the field that cannot be used.
    pub fn read(&self, today: NaiveDate) -> Result<Person, ActionError> {
        let person = Person {
            name: name(&self.name, "name", "learner-name", "họ tên")?,
            birth_year: birth_year(&self.birth_year, today)?,
            sex: sex(&self.sex)?,
            village: village(&self.village)?,
            area: None,
            phone: phone(&self.phone)?,
            guardian: None,
        };
        if !person.is_child(today) {
            return Ok(person);
        }
        let guardian = name(&self.guardian, "guardian", "learner-guardian", "tên cha, mẹ hoặc người giám hộ")?;
        Ok(Person { guardian: Some(guardian), ..person })
    }
}

fn name(text: &str, field: &'static str, code: &'static str, what: &str) -> Result<String, ActionError> {
    let name = clean_line(text);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let strange = name.chars().any(|c| !(c.is_alphabetic() || c.is_whitespace() || "'’.-()".contains(c) || is_mark(c)));
    if (2..=MAX_NAME_CHARS).contains(&name.chars().count()) && letters >= 2 && !strange {
        return Ok(name);
    }
    let reason = if name.is_empty() {
        format!("Hãy ghi {what}.")
    } else {
        format!("Hãy ghi {what} bằng chữ, từ 2 đến {MAX_NAME_CHARS} ký tự.")
    };
    Err(ActionError::Invalid { field, code, reason })
}

/// Marks that stand beside their letters in languages of the mountains.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A year, also where the whole day of birth was typed: only the year is kept.
fn birth_year(text: &str, today: NaiveDate) -> Result<u16, ActionError> {
    let cleaned = clean_line(text);
    let year = cleaned.rsplit(['/', '-', '.', ' ']).next().filter(|part| part.len() == 4).unwrap_or(&cleaned);
    let latest = u16::try_from(today.year()).unwrap_or(u16::MAX);
    let read = year.parse().ok().filter(|year| (FIRST_BIRTH_YEAR..=latest).contains(year));
    read.ok_or_else(|| {
        let reason = format!("Hãy ghi năm sinh bằng bốn chữ số, từ {FIRST_BIRTH_YEAR} đến {latest}, ví dụ 1985.");
        ActionError::Invalid { field: "birth_year", code: "learner-birth-year", reason }
    })
}

/// As programs or people write it; may be left out.
fn sex(text: &str) -> Result<Option<Sex>, ActionError> {
    let cleaned = clean_line(text).to_lowercase();
    let known = || Sex::ALL.iter().copied().find(|sex| sex.code() == cleaned || sex.label().to_lowercase() == cleaned);
    if cleaned.is_empty() {
        return Ok(None);
    }
    known()
        .map(Some)
        .ok_or_else(|| ActionError::invalid("sex", "learner-sex", "Giới tính là Nữ hoặc Nam, hoặc để trống."))
}

fn village(text: &str) -> Result<String, ActionError> {
    let village = clean_line(text);
    let count = village.chars().count();
    if (1..=MAX_VILLAGE_CHARS).contains(&count) {
        return Ok(village);
    }
    let reason = if count == 0 {
        "Hãy ghi thôn, bản hoặc khu phố.".to_owned()
    } else {
        format!("Tên thôn dài quá {MAX_VILLAGE_CHARS} ký tự.")
    };
    Err(ActionError::Invalid { field: "village", code: "learner-village", reason })
}

/// Digits of a telephone number in Vietnam; may be left out.
pub(super) fn phone(text: &str) -> Result<Option<String>, ActionError> {
    let kept: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')')).collect();
    if kept.is_empty() {
        return Ok(None);
    }
    let abroad = kept.strip_prefix("+84").or_else(|| kept.strip_prefix("0084"));
    let digits = abroad.map_or(kept.clone(), |rest| format!("0{}", rest.trim_start_matches('0')));
    // Spreadsheets take the zero in front away.
    let digits = if digits.len() == 9 && !digits.starts_with('0') { format!("0{digits}") } else { digits };
    let is_number = digits.starts_with('0') && (10..=11).contains(&digits.len());
    if is_number && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Some(digits));
    }
    let reason = "Số điện thoại có 10 chữ số, bắt đầu bằng 0, ví dụ 0905 123 456; không có thì để trống.";
    Err(ActionError::invalid("phone", "learner-phone", reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedPerson {
        let text = str::to_owned;
        TypedPerson {
            name: text(" Hồ  Thị Ăm "),
            birth_year: text("1985"),
            village: text("Bản Cát"),
            ..TypedPerson::default()
        }
    }

    fn refused(typed: &TypedPerson) -> &'static str {
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        match typed.read(today) {
            Err(ActionError::Invalid { code, .. }) => code,
            Ok(_) => "ok",
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_person_is_read_as_people_write() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        let full =
            TypedPerson {
                phone: "+84 905.123-456".into(), sex: "Nữ".into(), birth_year: "5/3/1985".into(), ..typed()
            };
        let person = full.read(today).unwrap();
        assert_eq!((person.name.as_str(), person.birth_year), ("Hồ Thị Ăm", 1985));
        assert_eq!((person.phone.as_deref(), person.sex), (Some("0905123456"), Some(Sex::Female)));
        assert_eq!(TypedPerson::of(&person).read(today).unwrap(), person);
        assert_eq!(phone("905123456").unwrap().as_deref(), Some("0905123456"));
        assert_eq!(phone(" ").unwrap(), None);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let text = |text: &str| text.to_owned();
        assert_eq!(refused(&typed()), "ok");
        for (name, code) in [("", "learner-name"), ("7", "learner-name"), ("http://x", "learner-name"), ("Ỷ Lan", "ok")]
        {
            assert_eq!(refused(&TypedPerson { name: text(name), ..typed() }), code, "{name}");
        }
        for year in ["", "85", "1899", "2027", "năm"] {
            assert_eq!(refused(&TypedPerson { birth_year: text(year), ..typed() }), "learner-birth-year", "{year}");
        }
        assert_eq!(refused(&TypedPerson { village: text(""), ..typed() }), "learner-village");
        assert_eq!(refused(&TypedPerson { phone: text("12345"), ..typed() }), "learner-phone");
        assert_eq!(refused(&TypedPerson { sex: text("x"), ..typed() }), "learner-sex");
        let child = TypedPerson { birth_year: text("2015"), ..typed() };
        assert_eq!(refused(&child), "learner-guardian");
        assert_eq!(refused(&TypedPerson { guardian: text("Hồ Văn Cha"), ..child }), "ok");
    }
}
