//! Rows of a folder of documents, with what a `metadata.csv` says of them.

use super::fields::{Fields, Resolver};
use super::{Item, Place, Problem, Rows};
use crate::actions::ActionError;
use crate::domain::catalogue::Catalogue;
use crate::domain::file::safe_file_name;
use crate::search::fold;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The table that may lie beside the documents.
const METADATA: &str = "metadata.csv";
/// How deep folders are followed.
const MAX_DEPTH: usize = 8;

/// The headers of the table: folded Vietnamese or English name, and the field it fills.
const HEADERS: [(&str, &str); 40] = [
    ("tep", "file"),
    ("ten tep", "file"),
    ("file", "file"),
    ("ma", "id"),
    ("id", "id"),
    ("tieu de", "title"),
    ("title", "title"),
    ("tom tat", "summary"),
    ("summary", "summary"),
    ("chu de", "topics"),
    ("topics", "topics"),
    ("co quan", "organisation"),
    ("organisation", "organisation"),
    ("tac gia", "authors"),
    ("authors", "authors"),
    ("ngon ngu", "languages"),
    ("languages", "languages"),
    ("loai", "kind"),
    ("kind", "kind"),
    ("trinh do", "level"),
    ("level", "level"),
    ("doi tuong", "audiences"),
    ("audiences", "audiences"),
    ("dia ban", "areas"),
    ("areas", "areas"),
    ("mua vu", "season"),
    ("season", "season"),
    ("giay phep", "licence"),
    ("licence", "licence"),
    ("so van ban", "document_number"),
    ("document_number", "document_number"),
    ("ngay ban hanh", "issued_on"),
    ("issued_on", "issued_on"),
    ("hieu luc tu", "valid_from"),
    ("valid_from", "valid_from"),
    ("hieu luc den", "valid_to"),
    ("valid_to", "valid_to"),
    ("nguon", "sources"),
    ("lien ket", "links"),
    ("links", "links"),
];

/// What the table says of one document.
struct Told {
    object: Map<String, Value>,
    place: Place,
}

/// The rows of `folder`: one for each document, in the order of their names, and one for each bad line of the table.
pub(super) fn rows<'a>(folder: &'a Path, catalogue: &'a Catalogue) -> Result<(Rows<'a>, Option<u64>), ActionError> {
    let (mut told, mut bad) = table(&folder.join(METADATA))?;
    let mut documents = Vec::new();
    collect(folder, folder, 0, &mut documents)?;
    documents.sort();
    let documents = with_captions(documents);
    let total = u64::try_from(documents.len()).ok();
    let items: Vec<(Vec<PathBuf>, Option<Told>)> = documents
        .into_iter()
        .map(|paths| {
            let row = paths.first().and_then(|path| told.remove(&path.to_string_lossy().into_owned()));
            (paths, row)
        })
        .collect();
    for (name, row) in told {
        bad.push(row.place.problem(Some("tệp"), "file-missing", format!("Không tìm thấy tệp «{name}» trong thư mục.")));
    }
    let resolver = Resolver::new(catalogue);
    let base = std::path::absolute(folder)?;
    let good = items.into_iter().map(move |(paths, row)| item(&base, &paths, row, &resolver));
    Ok((Box::new(bad.into_iter().map(Err).chain(good)), total))
}

/// Every document below a folder; hidden files, links and the table itself are passed over.
fn collect(root: &Path, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), ActionError> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name().to_string_lossy().into_owned(), entry.file_type()?);
        if name.starts_with('.') || name.eq_ignore_ascii_case(METADATA) || is_report(&name) {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH {
            collect(root, &entry.path(), depth + 1, found)?;
        } else if kind.is_file() {
            found.extend(entry.path().strip_prefix(root).ok().map(Path::to_owned));
        }
    }
    Ok(())
}

/// The report of an earlier import is no document.
fn is_report(name: &str) -> bool {
    name.contains(".loi-") && Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
}

type Table = (BTreeMap<String, Told>, Vec<Problem>);

fn table(path: &Path) -> Result<Table, ActionError> {
    let (mut told, mut bad) = (BTreeMap::new(), Vec::new());
    if !path.is_file() {
        return Ok((told, bad));
    }
    let bytes = std::fs::read(path)?;
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter(text)).from_reader(text);
    let place = |line| Place { file: METADATA.to_owned(), line };
    let headers = if let Ok(headers) = reader.headers() {
        columns(headers, &place(1), &mut bad)
    } else {
        bad.push(place(1).problem(None, "table-unreadable", "metadata.csv phải là văn bản UTF-8."));
        return Ok((told, bad));
    };
    // Rows are counted as a spreadsheet counts them, whatever line breaks stand inside cells.
    for (line, record) in (2..).zip(reader.records()) {
        let Ok(record) = record else {
            bad.push(place(line).problem(None, "table-unreadable", "Có dòng không phải văn bản UTF-8."));
            continue;
        };
        match row(&headers, &record, place(line)) {
            Ok((file, row)) => drop(told.insert(file, row)),
            Err(problem) => bad.push(problem),
        }
    }
    Ok((told, bad))
}

/// Spreadsheets set to Vietnamese write `;` between the columns.
fn delimiter(text: &[u8]) -> u8 {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let fields = |sign: u8| first.split(|byte| *byte == sign).count();
    if fields(b';') > fields(b',') { b';' } else { b',' }
}

fn columns(headers: &csv::StringRecord, place: &Place, bad: &mut Vec<Problem>) -> Vec<Option<&'static str>> {
    let mut field = |header: &str| {
        let wanted = fold(header.trim());
        let known = HEADERS.iter().find(|(name, _)| *name == wanted).map(|(_, field)| *field);
        if known.is_none() && !wanted.is_empty() {
            let reason =
                format!("Không nhận ra cột «{header}»; cột này bị bỏ qua. Xem các cột trong docs/OPERATING.md.");
            bad.push(place.problem(Some(header), "column-unknown", reason));
        }
        known
    };
    headers.iter().map(&mut field).collect()
}

fn row(headers: &[Option<&'static str>], record: &csv::StringRecord, place: Place) -> Result<(String, Told), Problem> {
    let mut object = Map::new();
    for (field, value) in headers.iter().zip(record) {
        if let Some(field) = field
            && !value.trim().is_empty()
        {
            object.insert((*field).to_owned(), Value::String(value.trim().to_owned()));
        }
    }
    match object.remove("file") {
        Some(Value::String(file)) => Ok((file.trim_start_matches("./").to_owned(), Told { object, place })),
        _ => Err(place.problem(Some("tệp"), "field-missing", "Thiếu tên tệp.")),
    }
}

/// Endings of recordings that captions may lie beside.
const RECORDINGS: [&str; 12] = ["mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "webm", "ogv"];

/// Documents with the captions that bear their names: `bai.mp3` with `bai.vtt`, `bai.srt` or `bai.vi.vtt`.
fn with_captions(documents: Vec<PathBuf>) -> Vec<Vec<PathBuf>> {
    let ending =
        |path: &PathBuf| path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_caption = |path: &PathBuf| matches!(ending(path).as_str(), "vtt" | "srt");
    let (captions, others): (Vec<PathBuf>, Vec<PathBuf>) = documents.into_iter().partition(is_caption);
    let mut rows: Vec<Vec<PathBuf>> = others.into_iter().map(|path| vec![path]).collect();
    for caption in captions {
        let stem = caption.with_extension("");
        let belongs = |row: &&mut Vec<PathBuf>| {
            row.first().is_some_and(|path| {
                let own = path.with_extension("");
                RECORDINGS.contains(&ending(path).as_str()) && (own == stem || own == stem.with_extension(""))
            })
        };
        match rows.iter_mut().find(belongs) {
            Some(row) => row.push(caption),
            None => rows.push(vec![caption]),
        }
    }
    rows
}

fn item(base: &Path, paths: &[PathBuf], told: Option<Told>, resolver: &Resolver<'_>) -> Result<Item, Problem> {
    let name = paths.first().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
    let Told { mut object, place } =
        told.unwrap_or_else(|| Told { object: Map::new(), place: Place { file: name.clone(), line: 0 } });
    let digest = blake3::hash(serde_json::to_string(&object).unwrap_or_default().as_bytes());
    let files = paths.iter().map(|path| base.join(path)).collect();
    object.entry("id").or_insert_with(|| Value::String(name.clone()));
    let mut item = Fields::new(object, place, resolver).into_item(Vec::new(), files, digest)?;
    if item.description.title.is_empty() {
        // Until the document's own title is known, people find it by its name.
        let stem = Path::new(&name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        item.fallback_title = Some(safe_file_name(&stem.unwrap_or(name)).replace('_', " "));
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_saved_by_a_vietnamese_spreadsheet_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(METADATA);
        std::fs::write(&path, "\u{feff}Tệp;Tiêu đề;Chủ đề;Lạ\r\nlua.pdf;Lúa, đạo ôn;agri.rice;x\r\n;Thiếu tệp;;\r\n")
            .unwrap();
        let (told, bad) = table(&path).unwrap();
        assert_eq!(told["lua.pdf"].object["title"], "Lúa, đạo ôn");
        assert_eq!(told["lua.pdf"].place.line, 2);
        let codes: Vec<_> = bad.iter().map(|problem| (problem.line, problem.code.as_str())).collect();
        assert_eq!(codes, [(1, "column-unknown"), (3, "field-missing")]);
    }
}
