//! Rows of a file of JSON lines.

use super::fields::Fields;
use super::resolver::Resolver;
use super::{Item, Place, Problem, Rows};
use crate::actions::ActionError;
use crate::domain::catalogue::Catalogue;
use crate::domain::page::{Origin, Page, typed};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// The longest line that is read, in bytes.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// The rows of `file`; paths in them are taken from `base`.
pub(super) fn rows<'a>(
    file: &Path,
    base: &'a Path,
    catalogue: &'a Catalogue,
) -> Result<(Rows<'a>, Option<u64>), ActionError> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let base = std::path::absolute(base)?;
    let mut reader = BufReader::with_capacity(1 << 20, File::open(file)?);
    let resolver = Resolver::new(catalogue);
    let (mut line, mut stopped) = (0, false);
    let rows = std::iter::from_fn(move || {
        while !stopped {
            line += 1;
            let place = Place { file: name.clone(), line };
            match read_line(&mut reader) {
                Ok(None) => return None,
                Ok(Some(text)) if text.trim_ascii().is_empty() => {}
                Ok(Some(text)) => return Some(item(&text, place, &base, &resolver)),
                Err(reason) => {
                    stopped = true;
                    return Some(Err(place.problem(None, "line-unreadable", reason)));
                }
            }
        }
        None
    });
    Ok((Box::new(rows), None))
}

fn read_line(reader: &mut impl BufRead) -> Result<Option<Vec<u8>>, String> {
    let mut line = Vec::new();
    let read = reader.take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut line);
    match read {
        Ok(0) => Ok(None),
        Ok(_) if line.len() as u64 > MAX_LINE_BYTES => {
            Err(format!("Dòng dài quá {} MB; việc nhập dừng tại đây. Hãy kiểm tra lại tệp.", MAX_LINE_BYTES >> 20))
        }
        Ok(_) => Ok(Some(line)),
        Err(error) => Err(format!("Không đọc được tệp: {error}.")),
    }
}

fn item(text: &[u8], place: Place, base: &Path, resolver: &Resolver<'_>) -> Result<Item, Problem> {
    // A byte order mark is tolerated at the beginning of the file.
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let object = match serde_json::from_slice(text) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err(place.problem(None, "line-not-object", "Mỗi dòng phải là một đối tượng JSON {…}.")),
        Err(error) => {
            let column = format!("ký tự {}", error.column());
            let reason = "Dòng không phải JSON hợp lệ; hãy kiểm tra dấu ngoặc và dấu phẩy.";
            return Err(place.problem(Some(&column), "line-not-json", reason));
        }
    };
    let mut fields = Fields::new(object, place, resolver);
    let pages = pages(&mut fields)?;
    let files = fields.files(base)?;
    let digest = blake3::hash(text.trim_ascii_end());
    fields.into_item(pages, files, digest)
}

/// The text given with the row: `pages`, or `text` as one page.
pub(super) fn pages(fields: &mut Fields<'_>) -> Result<Vec<Page>, Problem> {
    if let Some(list) = fields.take_array("pages")? {
        let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
        return list.into_iter().enumerate().map(|(index, page)| given_page(fields, number(index), page)).collect();
    }
    let text = fields.take_text("text")?.unwrap_or_default();
    Ok(if text.trim().is_empty() { Vec::new() } else { vec![Page::from_text(1, None, &text)] })
}

fn given_page(fields: &Fields<'_>, number: u32, value: Value) -> Result<Page, Problem> {
    let part = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(text) = part("text") else {
        let reason = format!("Trang {number} thiếu trường \"text\".");
        return Err(fields.place().problem(Some("pages"), "field-missing", reason));
    };
    let mut page = Page::from_text(number, part("heading"), &text);
    page.label = part("id");
    // An export has the pages that a person put right beside the file that all others are read out of.
    if part("origin").as_deref() == Some("corrected") {
        page.origin = Origin::Corrected;
        page.blocks = typed::read(&text);
        page.number = value.get("number").and_then(Value::as_u64).and_then(|n| n.try_into().ok()).unwrap_or(number);
    }
    Ok(page)
}
