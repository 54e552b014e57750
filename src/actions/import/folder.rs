//! Rows of a folder of documents, with what a table beside them says of them.

use super::fields::Fields;
use super::resolver::Resolver;
use super::{Item, Place, Problem, Rows};
use crate::actions::ActionError;
use crate::domain::catalogue::Catalogue;
use crate::domain::file::{are_captions_of, is_named_as_captions, safe_file_name};
use crate::search::fold;
use crate::sheets::{self, SheetError};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// The tables that may lie beside the documents; the first that is there counts.
const METADATA: [&str; 2] = ["metadata.xlsx", "metadata.csv"];
/// The most bytes of a table.
const MAX_TABLE_BYTES: u64 = 64 << 20;
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

/// The columns of a table to be filled in, each with the field it fills: the Vietnamese one of each pair.
pub const COLUMNS: [(&str, &str); 20] = [
    ("tệp", "file"),
    ("tiêu đề", "title"),
    ("tóm tắt", "summary"),
    ("chủ đề", "topics"),
    ("loại", "kind"),
    ("ngôn ngữ", "languages"),
    ("đối tượng", "audiences"),
    ("giấy phép", "licence"),
    ("ngày ban hành", "issued_on"),
    ("số văn bản", "document_number"),
    ("hiệu lực từ", "valid_from"),
    ("hiệu lực đến", "valid_to"),
    ("tác giả", "authors"),
    ("trình độ", "level"),
    ("địa bàn", "areas"),
    ("mùa vụ", "season"),
    ("nguồn", "sources"),
    ("liên kết", "links"),
    ("mã", "id"),
    ("cơ quan", "organisation"),
];

/// What the table says of one document.
pub(super) struct Told {
    pub(super) object: Map<String, Value>,
    pub(super) place: Place,
}

/// A folder's documents, each with what the table says of it.
pub(super) struct Listed {
    /// The folder's absolute path.
    pub(super) base: PathBuf,
    /// Paths within it, in order; a recording with its captions.
    pub(super) documents: Vec<(Vec<PathBuf>, Option<Told>)>,
    /// What is wrong with the table itself, and its rows that name no document.
    pub(super) bad: Vec<Problem>,
    pub(super) has_table: bool,
}

/// The rows of `folder`: one for each document, in the order of their names, and one for each bad line of the table.
/// Ids that no row gives are made of `id_prefix` and the document's path.
pub(super) fn rows<'a>(
    folder: &Path,
    catalogue: &'a Catalogue,
    id_prefix: &'a str,
) -> Result<(Rows<'a>, Option<u64>), ActionError> {
    let Listed { base, documents, bad, .. } = listed(folder)?;
    let total = u64::try_from(documents.len()).ok();
    let resolver = Resolver::new(catalogue);
    let good =
        documents.into_iter().flat_map(move |(paths, told)| match item((&base, &paths), told, &resolver, id_prefix) {
            Ok(item) => vec![Ok(item)],
            Err(problems) => problems.into_iter().map(Err).collect(),
        });
    Ok((Box::new(bad.into_iter().map(Err).chain(good)), total))
}

/// A folder's documents and what its table says of them.
pub(super) fn listed(folder: &Path) -> Result<Listed, ActionError> {
    let table_name = METADATA.into_iter().find(|name| folder.join(name).is_file());
    let (mut told, mut bad) = match table_name {
        Some(name) => table(&folder.join(name), name)?,
        None => (BTreeMap::new(), Vec::new()),
    };
    let mut documents = Vec::new();
    collect(folder, folder, 0, &mut documents)?;
    documents.sort();
    let documents = with_captions(documents);
    let documents: Vec<(Vec<PathBuf>, Option<Told>)> = documents
        .into_iter()
        .map(|paths| {
            let row = paths.first().and_then(|path| told.remove(&composed(&path.to_string_lossy())));
            (paths, row)
        })
        .collect();
    for (name, row) in told {
        bad.push(row.place.problem(Some("tệp"), "file-missing", format!("Không tìm thấy tệp «{name}» trong thư mục.")));
    }
    Ok(Listed { base: std::path::absolute(folder)?, documents, bad, has_table: table_name.is_some() })
}

/// A name as tables and most disks have it: some programs write letters and their marks apart.
fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// Gives the only table among a folder's files whose first row names documents the name of such a table, so that
/// people may call it as they like.
///
/// # Errors
/// When the folder cannot be read.
pub fn name_table(folder: &Path) -> Result<(), ActionError> {
    if METADATA.into_iter().any(|name| folder.join(name).is_file()) {
        return Ok(());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if ["xlsx", "csv"].contains(&ending.as_str()) && path.is_file() && describes(&path) {
            found.push((path, format!("metadata.{ending}")));
        }
    }
    if let [(path, name)] = found.as_slice() {
        std::fs::rename(path, folder.join(name))?;
    }
    Ok(())
}

/// Whether a table's first row has a column of documents' names and another that is known.
fn describes(path: &Path) -> bool {
    let Ok(rows) = read_table(path) else { return false };
    let fields: Vec<&str> = rows.first().iter().flat_map(|row| &row.cells).filter_map(|cell| field(cell)).collect();
    fields.contains(&"file") && fields.len() > 1
}

fn read_table(path: &Path) -> Result<Vec<sheets::Row>, &'static str> {
    const UNREADABLE: &str = "Không mở được bảng.";
    let length = std::fs::metadata(path).map_err(|_error| UNREADABLE)?.len();
    if length > MAX_TABLE_BYTES {
        return Err("Bảng quá lớn.");
    }
    let bytes = std::fs::read(path).map_err(|_error| UNREADABLE)?;
    sheets::read(&bytes, &path.to_string_lossy()).map_err(|error| match error {
        SheetError::NotText => "Bảng CSV phải là văn bản UTF-8 (trong Excel: Lưu dưới dạng CSV UTF-8).",
        SheetError::Encrypted => "Bảng có mật khẩu; hãy bỏ mật khẩu.",
        SheetError::TooLarge => "Bảng quá lớn: nhiều nhất 20.000 dòng.",
        SheetError::Damaged(_) => "Bảng bị hỏng hoặc không phải XLSX, CSV.",
    })
}

/// Every document below a folder; hidden files, links and the table itself are passed over.
fn collect(root: &Path, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), ActionError> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name().to_string_lossy().into_owned(), entry.file_type()?);
        if name.starts_with('.') || METADATA.iter().any(|table| name.eq_ignore_ascii_case(table)) || is_report(&name) {
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

/// Refuses a folder whose table tells nothing of its documents: they would come in without a word of what they are.
fn refuse_table(name: &str, code: &'static str, reason: &str) -> ActionError {
    let reason = format!("{name}: {reason} Chưa nhập gì cả; hãy sửa bảng, hoặc bỏ bảng ra khỏi thư mục rồi nhập lại.");
    ActionError::Invalid { field: "path", code, reason }
}

fn table(path: &Path, name: &str) -> Result<Table, ActionError> {
    let (mut told, mut bad) = (BTreeMap::new(), Vec::new());
    let place = |line| Place { file: name.to_owned(), line };
    let rows = read_table(path).map_err(|reason| refuse_table(name, "table-unreadable", reason))?;
    let mut rows = rows.into_iter();
    let head = rows.next().ok_or_else(|| refuse_table(name, "table-unreadable", "Bảng không có dòng nào."))?;
    let headers = columns(&head.cells, &place(u64::from(head.number)), &mut bad);
    if !headers.contains(&Some("file")) {
        let reason = "Dòng đầu của bảng không có cột «tệp», nên không biết dòng nào nói về tài liệu nào.";
        return Err(refuse_table(name, "table-no-file-column", reason));
    }
    for sheets::Row { number, cells } in rows.filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())) {
        match row(&headers, &cells, place(u64::from(number))) {
            Ok((file, row)) if told.contains_key(&file) => {
                bad.push(row.place.problem(Some("tệp"), "row-twice", format!("Tệp «{file}» đã có ở một dòng trên.")));
            }
            Ok((file, row)) => drop(told.insert(file, row)),
            Err(problem) => bad.push(problem),
        }
    }
    Ok((told, bad))
}

/// The field that a header fills.
fn field(header: &str) -> Option<&'static str> {
    let wanted = fold(header.trim());
    HEADERS.iter().find(|(name, _)| *name == wanted).map(|(_, field)| *field)
}

fn columns(headers: &[String], place: &Place, bad: &mut Vec<Problem>) -> Vec<Option<&'static str>> {
    let mut known = |header: &String| {
        let known = field(header);
        if known.is_none() && !header.trim().is_empty() {
            let reason =
                format!("Không nhận ra cột «{header}»; cột này bị bỏ qua. Xem các cột trong docs/OPERATING.md.");
            bad.push(place.problem(Some(header), "column-unknown", reason));
        }
        known
    };
    headers.iter().map(&mut known).collect()
}

fn row(headers: &[Option<&'static str>], cells: &[String], place: Place) -> Result<(String, Told), Problem> {
    let mut object = Map::new();
    for (field, value) in headers.iter().zip(cells) {
        if let Some(field) = field
            && !value.trim().is_empty()
        {
            object.insert((*field).to_owned(), Value::String(value.trim().to_owned()));
        }
    }
    match object.remove("file") {
        Some(Value::String(file)) => {
            Ok((composed(file.trim_start_matches("./").replace('\\', "/").as_str()), Told { object, place }))
        }
        _ => Err(place.problem(Some("tệp"), "field-missing", "Thiếu tên tệp.")),
    }
}

/// Documents with the captions that bear their names.
fn with_captions(documents: Vec<PathBuf>) -> Vec<Vec<PathBuf>> {
    let is_caption = |path: &PathBuf| is_named_as_captions(&path.to_string_lossy());
    let (captions, others): (Vec<PathBuf>, Vec<PathBuf>) = documents.into_iter().partition(is_caption);
    let mut rows: Vec<Vec<PathBuf>> = others.into_iter().map(|path| vec![path]).collect();
    for caption in captions {
        let belongs = |row: &&mut Vec<PathBuf>| {
            let recording = row.first().map(|path| path.to_string_lossy());
            recording.is_some_and(|recording| are_captions_of(&caption.to_string_lossy(), &recording))
        };
        match rows.iter_mut().find(belongs) {
            Some(row) => row.push(caption),
            None => rows.push(vec![caption]),
        }
    }
    rows
}

/// A document as an item, or all that is wrong with what is said of it.
pub(super) fn item(
    (base, paths): (&Path, &[PathBuf]),
    told: Option<Told>,
    resolver: &Resolver<'_>,
    id_prefix: &str,
) -> Result<Item, Vec<Problem>> {
    let name = paths.first().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
    let Told { mut object, place } =
        told.unwrap_or_else(|| Told { object: Map::new(), place: Place { file: name.clone(), line: 0 } });
    let digest = blake3::hash(serde_json::to_string(&object).unwrap_or_default().as_bytes());
    let is_id_of_name = !object.contains_key("id");
    object.entry("id").or_insert_with(|| Value::String(format!("{id_prefix}{name}")));
    let files = paths.iter().map(|path| base.join(path)).collect();
    let mut item = Fields::new(object, place, resolver).into_item_or_all(Vec::new(), files, digest)?;
    item.is_id_of_name = is_id_of_name;
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
    fn a_table_that_tells_nothing_of_the_documents_stops_the_import() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(METADATA[1]);
        let utf_16: Vec<u8> = "\u{feff}tệp;tiêu đề\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], &str); 4] = [
            (&utf_16, "table-unreadable"),
            (b"", "table-unreadable"),
            (b"PK\x03\x04broken", "table-unreadable"),
            ("tiêu đề;chủ đề\r\nLúa;agri.rice\r\n".as_bytes(), "table-no-file-column"),
        ];
        for (bytes, wanted) in cases {
            std::fs::write(&path, bytes).unwrap();
            let Err(ActionError::Invalid { code, .. }) = table(&path, METADATA[1]) else { panic!("{wanted}") };
            assert_eq!(code, wanted);
        }
    }

    #[test]
    fn a_table_saved_by_a_vietnamese_spreadsheet_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(METADATA[1]);
        std::fs::write(&path, "\u{feff}Tệp;Tiêu đề;Chủ đề;Lạ\r\nlua.pdf;Lúa, đạo ôn;agri.rice;x\r\n;Thiếu tệp;;\r\n")
            .unwrap();
        let (told, bad) = table(&path, METADATA[1]).unwrap();
        assert_eq!(told["lua.pdf"].object["title"], "Lúa, đạo ôn");
        assert_eq!(told["lua.pdf"].place.line, 2);
        let codes: Vec<_> = bad.iter().map(|problem| (problem.line, &*problem.code)).collect();
        assert_eq!(codes, [(1, "column-unknown"), (3, "field-missing")]);
    }
}
