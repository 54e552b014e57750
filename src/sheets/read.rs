//! Reading tables.

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};
use std::io::{Cursor, Read};

/// The most rows of a table.
const MAX_ROWS: u32 = 20_000;
/// The most columns that are looked at.
const MAX_COLUMNS: u32 = 200;
/// The most bytes that a workbook may unpack to.
const MAX_UNPACKED_BYTES: u64 = 128 << 20;
/// The most parts of a workbook.
const MAX_PARTS: usize = 2_000;

/// One row that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// From 1, as a spreadsheet numbers it.
    pub number: u32,
    pub cells: Vec<String>,
}

/// Says why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("the text is not UTF-8")]
    NotText,
    #[error("the workbook is damaged: {0}")]
    Damaged(String),
    #[error("the workbook needs a password")]
    Encrypted,
    #[error("the table is too large")]
    TooLarge,
}

/// Reads the first table of a file: CSV with any usual delimiter, or a workbook of Excel since 2007, told apart by
/// their content. The name only names it in a log.
///
/// # Errors
/// When it is neither, or beyond the bounds.
pub fn read(bytes: &[u8], name: &str) -> Result<Vec<Row>, SheetError> {
    tracing::trace!(name, length = bytes.len(), "reading a table");
    if bytes.starts_with(b"PK\x03\x04") { xlsx(bytes) } else { csv(bytes) }
}

fn csv(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_error| SheetError::NotText)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    // Rows are counted as a spreadsheet counts them, whatever line breaks stand inside cells; blank lines are none.
    for (number, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| SheetError::Damaged(error.to_string()))?;
        if number > MAX_ROWS {
            return Err(SheetError::TooLarge);
        }
        rows.push(Row { number, cells: record.iter().take(MAX_COLUMNS as usize).map(str::to_owned).collect() });
    }
    Ok(rows)
}

/// Spreadsheets set to Vietnamese write `;` between the columns.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let fields = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    [b'\t', b';', b','].into_iter().max_by_key(|sign| fields(*sign)).unwrap_or(b',')
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    check_size(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => SheetError::Encrypted,
        other => damaged(&other),
    })?;
    let first = book.sheet_names().first().cloned().ok_or_else(|| SheetError::Damaged("no sheet".to_owned()))?;
    // Cell by cell: a range would make room for every cell between two that are far apart.
    let mut cells = book.worksheet_cells_reader(&first).map_err(|error| damaged(&error))?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
        let (row, column) = cell.get_position();
        let text = value(cell.get_value());
        if text.is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        if row >= MAX_ROWS {
            return Err(SheetError::TooLarge);
        }
        put(&mut rows, row + 1, column as usize, text);
    }
    rows.sort_by_key(|row| row.number);
    Ok(rows)
}

/// Puts a cell into its row, which is nearly always the last.
fn put(rows: &mut Vec<Row>, number: u32, column: usize, text: String) {
    if rows.last().is_none_or(|last| last.number != number) {
        match rows.iter().position(|row| row.number == number) {
            Some(place) => {
                let row = rows.remove(place);
                rows.push(row);
            }
            None => rows.push(Row { number, cells: Vec::new() }),
        }
    }
    if let Some(row) = rows.last_mut() {
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = text;
        }
    }
}

/// Unpacks every part once into nothing: sizes written in a workbook may lie.
fn check_size(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > MAX_PARTS {
        return Err(SheetError::TooLarge);
    }
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let mut part = part.take(left.saturating_add(1));
        let size = std::io::copy(&mut part, &mut std::io::sink()).map_err(|error| damaged(&error))?;
        left = left.checked_sub(size).ok_or(SheetError::TooLarge)?;
    }
    Ok(())
}

fn damaged(error: &dyn std::fmt::Display) -> SheetError {
    SheetError::Damaged(error.to_string())
}

/// A cell as the person wrote it.
fn value(cell: &DataRef<'_>) -> String {
    let data = match cell {
        DataRef::SharedString(text) => return (*text).to_owned(),
        other => Data::from(other.clone()),
    };
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DurationIso(text) => text,
        Data::Int(number) => number.to_string(),
        Data::Float(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Data::Bool(yes) => if yes { "có" } else { "không" }.to_owned(),
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::DateTime(moment) => moment.as_datetime().map_or_else(String::new, |at| at.format("%d/%m/%Y").to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A workbook with one sheet of the given cells, as a program with bad intentions writes it.
    fn workbook(cells: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{cells}</sheetData></worksheet>"
        );
        let parts: [(&str, &[u8]); 5] = [
            ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
            ("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            ("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
            ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ];
        for (name, content) in parts.into_iter().chain(more.iter().copied()) {
            zip.start_file(name, options).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn text_cell(place: &str, text: &str) -> String {
        let row: String = place.chars().filter(char::is_ascii_digit).collect();
        format!("<row r=\"{row}\"><c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
    }

    #[test]
    fn cells_far_apart_cost_nothing_and_too_many_rows_are_refused() {
        let far = format!("{}{}", text_cell("A1", "tệp"), text_cell("XFD3", "xa"));
        let rows = read(&workbook(&far, &[]), "a.xlsx").unwrap();
        assert_eq!(rows, [Row { number: 1, cells: vec!["tệp".to_owned()] }]);
        let deep = format!("{}{}", text_cell("A1", "tệp"), text_cell("A1048576", "sâu"));
        assert!(matches!(read(&workbook(&deep, &[]), "a.xlsx"), Err(SheetError::TooLarge)));
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_understood() {
        let zeros = vec![b' '; usize::try_from(MAX_UNPACKED_BYTES).unwrap() + 1];
        let bomb = workbook(&text_cell("A1", "x"), &[("xl/sharedStrings.xml", &zeros)]);
        assert!(bomb.len() < 1 << 20, "{}", bomb.len());
        assert!(matches!(read(&bomb, "a.xlsx"), Err(SheetError::TooLarge)));
    }

    #[test]
    fn nonsense_is_refused_without_a_panic() {
        assert!(matches!(read(b"PK\x03\x04nonsense", "a.xlsx"), Err(SheetError::Damaged(_))));
        assert!(matches!(read(&[0xff, 0xfe, 0x00], "a.csv"), Err(SheetError::NotText)));
        let whole = workbook(&text_cell("A1", "tệp"), &[]);
        for length in 0..whole.len() {
            drop(read(&whole[..length], "a.xlsx"));
        }
        assert!(read(b"", "a.csv").unwrap().is_empty());
    }
}
