//! The fields of a row, taken one by one and turned into what the domain knows.

use super::resolver::Resolver;
use super::{Item, Place, Problem};
use crate::domain::file::WebLink;
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::language::Language;
use crate::domain::material::{Audience, Description, Kind, Level, Licence, State};
use crate::domain::page::Page;
use crate::search::fold;
use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The most characters of a title.
pub(in crate::actions) const MAX_TITLE_CHARS: usize = 500;
/// The most characters of any other line of text.
const MAX_LINE_CHARS: usize = 5_000;
/// The most entries of a list.
const MAX_ENTRIES: usize = 100;

/// What is left of a row.
pub(super) struct Fields<'a> {
    object: Map<String, Value>,
    place: Place,
    resolver: &'a Resolver<'a>,
    /// What was wrong with the fields taken so far.
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(object: Map<String, Value>, place: Place, resolver: &'a Resolver<'a>) -> Self {
        Self { object, place, resolver, problems: Vec::new() }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Takes a text; numbers count as texts, `null` and nothing as absent.
    pub(super) fn take_text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.object.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(self.place.problem(Some(name), "field-type", "Trường này phải là chữ.")),
        }
    }

    pub(super) fn take_array(&mut self, name: &str) -> Result<Option<Vec<Value>>, Problem> {
        match self.object.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(self.place.problem(Some(name), "field-type", "Trường này phải là một danh sách […].")),
        }
    }

    /// Takes one line of text, trimmed and bounded; empty counts as absent.
    fn take_line(&mut self, name: &str, max_chars: usize) -> Result<Option<String>, Problem> {
        let text = self.take_text(name)?.map(|text| clean_line(&text)).filter(|text| !text.is_empty());
        match text {
            Some(text) if text.chars().count() > max_chars => {
                let reason = format!("Dài quá {max_chars} ký tự; hãy rút ngắn.");
                Err(self.place.problem(Some(name), "field-too-long", reason))
            }
            other => Ok(other),
        }
    }

    /// Takes a list of texts: an array, or one text parted by `;`.
    fn take_list(&mut self, name: &str) -> Result<Vec<String>, Problem> {
        let parts: Vec<String> = match self.object.remove(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(text)) => text.split(';').map(clean_line).collect(),
            Some(Value::Array(list)) => {
                let texts: Option<Vec<String>> = list.iter().map(|v| v.as_str().map(clean_line)).collect();
                texts.ok_or_else(|| self.place.problem(Some(name), "field-type", "Danh sách chỉ được gồm chữ."))?
            }
            Some(_) => return Err(self.place.problem(Some(name), "field-type", "Trường này phải là danh sách.")),
        };
        if parts.len() > MAX_ENTRIES {
            return Err(self.place.problem(
                Some(name),
                "field-too-long",
                format!("Quá nhiều mục: tối đa {MAX_ENTRIES}."),
            ));
        }
        Ok(parts.into_iter().filter(|part| !part.is_empty()).collect())
    }

    /// Takes a list whose entries must each be known.
    fn take_known<T>(
        &mut self,
        name: &str,
        code: &'static str,
        find: impl Fn(&Resolver<'a>, &str) -> Option<T>,
    ) -> Result<Vec<T>, Problem> {
        let list = self.take_list(name)?;
        let resolver = self.resolver;
        let (mut found, mut unknown) = (Vec::new(), Vec::new());
        for text in list {
            match find(resolver, &text) {
                Some(known) => found.push(known),
                None => unknown.push(format!("«{text}»")),
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        Err(self.place.problem(Some(name), code, format!("Không nhận ra {}.", unknown.join(", "))))
    }

    /// Takes one known value, absent when nothing is said.
    fn take_one<T>(&mut self, name: &str, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(text) = self.take_line(name, MAX_LINE_CHARS)? else { return Ok(None) };
        let unknown = || self.place.problem(Some(name), "value-unknown", format!("Không nhận ra «{text}»."));
        find(&text).map(Some).ok_or_else(unknown)
    }

    fn take_date(&mut self, name: &str) -> Result<Option<NaiveDate>, Problem> {
        let Some(text) = self.take_line(name, MAX_LINE_CHARS)? else { return Ok(None) };
        let wrong = || {
            let reason = format!("«{text}» không phải ngày; hãy viết 2026-11-23 hoặc 23/11/2026.");
            self.place.problem(Some(name), "date-invalid", reason)
        };
        parse_date(&text).map(Some).ok_or_else(wrong)
    }

    /// Takes addresses on other sites.
    fn take_links(&mut self) -> Result<Vec<WebLink>, Problem> {
        let list = self.take_list("links")?;
        let link = |text: &String| {
            let reason = format!("«{text}» không phải địa chỉ trang web; hãy chép nguyên địa chỉ https://….");
            WebLink::parse(text).map_err(|_error| self.place.problem(Some("links"), "web-link-invalid", reason))
        };
        list.iter().map(link).collect()
    }

    /// Takes the paths of originals, which must lie below `base`.
    pub(super) fn files(&mut self, base: &Path) -> Result<Vec<PathBuf>, Problem> {
        let mut names = self.take_list("files")?;
        names.extend(self.take_line("file", MAX_LINE_CHARS)?);
        let inside = |name: &String| {
            let path = Path::new(name);
            let plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
            let wrong = |code: &'static str, reason: String| self.place.problem(Some("file"), code, reason);
            if !plain {
                return Err(wrong("file-outside", format!("«{name}» phải nằm trong thư mục đang nhập.")));
            }
            let missing = || wrong("file-missing", format!("Không tìm thấy tệp «{name}»."));
            let real = base.canonicalize().and_then(|base| Ok((base.join(path).canonicalize()?, base.join(path))));
            match real {
                // A link could name any file that the service may read.
                Ok((real, named)) if real != named => {
                    Err(wrong("file-outside", format!("«{name}» là liên kết; hãy chép chính tệp đó vào thư mục.")))
                }
                Ok((real, _)) if real.is_file() => Ok(real),
                _ => Err(missing()),
            }
        };
        names.iter().map(inside).collect()
    }

    /// Keeps what was taken; what was wrong with it is remembered, so that a row tells all at once.
    fn keep<T: Default>(&mut self, taken: Result<T, Problem>) -> T {
        taken.unwrap_or_else(|problem| {
            self.problems.push(problem);
            T::default()
        })
    }

    fn line(&mut self, name: &str, max_chars: usize) -> Option<String> {
        let taken = self.take_line(name, max_chars);
        self.keep(taken)
    }

    fn list(&mut self, name: &str) -> Vec<String> {
        let taken = self.take_list(name);
        self.keep(taken)
    }

    fn known<T>(&mut self, name: &str, code: &'static str, find: impl Fn(&Resolver<'a>, &str) -> Option<T>) -> Vec<T> {
        let taken = self.take_known(name, code, find);
        self.keep(taken)
    }

    /// The one body that the row names.
    fn organisation(&mut self) -> Option<OrganisationId> {
        let name = self.line("organisation", MAX_LINE_CHARS)?;
        let found = self.resolver.organisation(&name);
        let problem = |reason| self.place.problem(Some("organisation"), "organisation-unknown", reason);
        let taken = found.map(Some).map_err(problem);
        self.keep(taken)
    }

    fn one<T>(&mut self, name: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let taken = self.take_one(name, find);
        self.keep(taken)
    }

    fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let taken = self.take_date(name);
        self.keep(taken)
    }

    fn links(&mut self) -> Vec<WebLink> {
        let taken = self.take_links();
        self.keep(taken)
    }

    /// The row as an item, or the first thing that is wrong with it.
    pub(super) fn into_item(
        self,
        pages: Vec<Page>,
        files: Vec<PathBuf>,
        digest: blake3::Hash,
    ) -> Result<Item, Problem> {
        let place = self.place.clone();
        self.into_item_or_all(pages, files, digest).map_err(|problems| {
            let first = problems.into_iter().next();
            first.unwrap_or_else(|| place.problem(None, "content-missing", "Không đọc được dòng này."))
        })
    }

    /// The row as an item, or all that is wrong with it.
    pub(super) fn into_item_or_all(
        mut self,
        pages: Vec<Page>,
        files: Vec<PathBuf>,
        digest: blake3::Hash,
    ) -> Result<Item, Vec<Problem>> {
        let external_id = self.line("id", 200);
        let material_id = self.one("material_id", |text| MaterialId::parse(text).ok());
        let state = self.one("state", State::from_code);
        let organisation = self.organisation();
        let description = self.description(&files);
        let is_elsewhere = !description.links.is_empty() && !description.summary.is_empty();
        if pages.is_empty() && files.is_empty() && !is_elsewhere {
            let reason = "Không có nội dung: cần \"text\", \"pages\", \"file\", hoặc \"links\" cùng với \"summary\".";
            self.problems.push(self.place.problem(None, "content-missing", reason));
        }
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let ignored = self.object.into_iter().map(|(name, _)| name).collect();
        Ok(Item {
            place: self.place,
            external_id,
            is_id_of_name: false,
            material_id,
            organisation,
            state,
            description,
            fallback_title: None,
            pages,
            files,
            digest,
            ignored,
        })
    }

    fn description(&mut self, files: &[PathBuf]) -> Description {
        let problems = self.problems.len();
        let title = self.line("title", MAX_TITLE_CHARS);
        // A document's own title is taken when its text is read.
        if title.is_none() && files.is_empty() && self.problems.len() == problems {
            self.problems.push(self.place.problem(Some("title"), "field-missing", "Thiếu tiêu đề (\"title\")."));
        }
        Description {
            title: title.unwrap_or_default(),
            summary: self.line("summary", MAX_LINE_CHARS).unwrap_or_default(),
            topics: self.known("topics", "topic-unknown", Resolver::topic),
            authors: self.list("authors"),
            languages: self.known("languages", "language-unknown", |_, text| language(text)),
            kind: self.one("kind", |text| coded(text, Kind::ALL, |v| (v.code(), v.label()))).unwrap_or(Kind::Text),
            level: self.one("level", |text| coded(text, Level::ALL, |v| (v.code(), v.label()))),
            audiences: self
                .known("audiences", "value-unknown", |_, text| coded(text, Audience::ALL, |v| (v.code(), v.label()))),
            areas: self.known("areas", "area-unknown", Resolver::area),
            season: self.line("season", MAX_LINE_CHARS),
            licence: self
                .one("licence", |text| coded(text, Licence::ALL, |v| (v.code(), v.label())))
                .unwrap_or(Licence::Unknown),
            document_number: self.line("document_number", 200),
            issued_on: self.date("issued_on"),
            valid_from: self.date("valid_from"),
            valid_to: self.date("valid_to"),
            sample: self.object.remove("sample").is_some_and(|value| value == Value::Bool(true)),
            sources: self.list("sources"),
            review_by: self.date("review_by"),
            replaces: self.known("replaces", "value-unknown", |_, text| MaterialId::parse(text).ok()),
            links: self.links(),
        }
    }
}

/// Finds a value by its code or, marks and case aside, its label.
fn coded<T: Copy>(text: &str, all: &[T], names: impl Fn(T) -> (&'static str, &'static str)) -> Option<T> {
    let wanted = fold(text);
    all.iter().copied().find(|value| {
        let (code, label) = names(*value);
        code == text || fold(label) == wanted
    })
}

/// Finds a language by its tag or its Vietnamese name.
fn language(text: &str) -> Option<Language> {
    const KNOWN: [&str; 9] = ["vi", "en", "lo", "bru", "pac", "scb", "zh", "th", "fr"];
    let named = KNOWN.iter().filter_map(|tag| Language::parse(tag).ok());
    let wanted = fold(text);
    named.into_iter().find(|known| fold(known.name_vi()) == wanted).or_else(|| Language::parse(text).ok())
}

/// The years that a date of a material may have; others are slips of the hand, or stand for "no date".
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;

pub(in crate::actions) fn parse_date(text: &str) -> Option<NaiveDate> {
    let read = |format: &&str| NaiveDate::parse_from_str(text, format).ok();
    ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"].iter().find_map(read).filter(|date| YEARS.contains(&date.year()))
}

/// One line without control and direction signs, in composed Unicode.
pub(in crate::actions) fn clean_line(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let hidden =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let visible = text.nfc().filter(|c| !hidden(*c)).map(|c| if c.is_control() { ' ' } else { c });
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23);
        assert_eq!(parse_date("2026-11-23"), day);
        assert_eq!(parse_date("23/11/2026"), day);
        for wrong in ["31/02/2026", "0000-01-01", "01/01/0001", "9999-12-31", "23/11/26"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn kinds_are_found_by_code_and_by_label_without_marks() {
        let find = |text: &str| coded(text, Kind::ALL, |v| (v.code(), v.label()));
        assert_eq!(find("slides"), Some(Kind::Slides));
        assert_eq!(find("bai trinh chieu"), Some(Kind::Slides));
        assert_eq!(find("xyz"), None);
    }

    #[test]
    fn titles_lose_direction_marks_and_control_signs() {
        assert_eq!(clean_line(" Lúa\u{202e} \u{0}đạo\n ôn "), "Lúa đạo ôn");
    }
}
