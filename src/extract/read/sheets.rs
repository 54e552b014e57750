//! Workbooks and tables of values.

use crate::domain::page::Block;
use crate::extract::archive::Archive;
use crate::extract::content::{Content, Draft, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::text_bytes;
use calamine::{Data, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use std::io::Cursor;

/// Reads a workbook of Excel since 2007.
pub(super) fn xlsx(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    Archive::open(bytes, limits)?;
    let book = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => ExtractError::FileEncrypted,
        other => damaged(&other),
    })?;
    workbook(book)
}

/// Reads a workbook of Excel 97 to 2003.
pub(super) fn xls(bytes: &[u8]) -> Result<Content, ExtractError> {
    let book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => ExtractError::FileEncrypted,
        other => damaged(&other),
    })?;
    workbook(book)
}

/// Reads an `OpenDocument` spreadsheet.
pub(super) fn ods(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    Archive::open(bytes, limits)?;
    let book = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => ExtractError::FileEncrypted,
        other => damaged(&other),
    })?;
    workbook(book)
}

/// Reads comma, semicolon or tab separated values.
pub(super) fn csv(bytes: &[u8]) -> Result<Content, ExtractError> {
    let text = text_bytes::decode(bytes).ok_or_else(|| damaged(&"no text encoding fits"))?;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter =
        [b'\t', b';', b','].into_iter().max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        rows.push(record.map_err(|error| damaged(&error))?.iter().map(str::to_owned).collect());
    }
    Ok(Content::flow(None, table(rows)))
}

fn damaged(error: &dyn std::fmt::Display) -> ExtractError {
    ExtractError::FileDamaged(error.to_string())
}

fn workbook<'a, R>(mut book: R) -> Result<Content, ExtractError>
where
    R: Reader<Cursor<&'a [u8]>>,
    R::Error: std::fmt::Display,
{
    let shown: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut drafts = Vec::new();
    for name in shown {
        let range = book.worksheet_range(&name).map_err(|error| damaged(&error))?;
        drafts.push(Draft { heading: Some(name), ..Draft::of(table(rows(&range))) });
    }
    Ok(Content::sections(None, drafts))
}

fn rows(range: &Range<Data>) -> Vec<Vec<String>> {
    range.rows().map(|row| row.iter().map(value).collect()).collect()
}

/// Lines over the table that fill one cell only are its title; the first row of words is its header.
fn table(rows: Vec<Vec<String>>) -> Vec<Block> {
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let mut rows = rows.into_iter().filter(|row| filled(row) > 0).peekable();
    let mut blocks = Vec::new();
    while let Some(row) = rows.next_if(|row| filled(row) == 1) {
        blocks.extend(row.into_iter().filter(|cell| !cell.trim().is_empty()).map(paragraph));
    }
    let rows: Vec<Vec<String>> = rows.collect();
    let is_word = |cell: &String| cell.chars().any(char::is_alphabetic) || cell.trim().is_empty();
    let header = rows.len() > 1 && rows.first().is_some_and(|row| filled(row) > 1 && row.iter().all(is_word));
    blocks.push(Block::Table { header, rows });
    blocks
}

/// A cell as a person in Viet Nam reads it.
fn value(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => float(*number),
        Data::Bool(true) => "có".to_owned(),
        Data::Bool(false) => "không".to_owned(),
        Data::DateTimeIso(text) => iso(text),
        Data::DateTime(moment) => moment.as_datetime().map_or_else(String::new, date),
    }
}

/// Numbers with a decimal comma, without the noise of binary fractions.
fn float(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

fn iso(text: &str) -> String {
    let day = chrono::NaiveDate::parse_from_str(text.get(..10).unwrap_or(text), "%Y-%m-%d");
    day.map_or_else(|_| text.to_owned(), |day| day.format("%d/%m/%Y").to_string())
}

fn date(moment: chrono::NaiveDateTime) -> String {
    let format = if moment.time() == chrono::NaiveTime::MIN { "%d/%m/%Y" } else { "%d/%m/%Y %H:%M" };
    moment.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_in_viet_nam() {
        assert_eq!(float(12.5), "12,5");
        assert_eq!(float(0.1 + 0.2), "0,3");
        assert_eq!(float(1200.0), "1200");
        assert_eq!(iso("2026-03-09T00:00:00"), "09/03/2026");
    }

    #[test]
    fn titles_over_a_table_are_paragraphs() {
        let rows = vec![
            vec!["LỊCH THỜI VỤ".into(), String::new()],
            vec!["Tháng".into(), "Việc".into()],
            vec!["1".into(), "Gieo".into()],
        ];
        let blocks = table(rows);
        assert!(matches!(&blocks[0], Block::Paragraph { text } if text == "LỊCH THỜI VỤ"));
        assert!(matches!(&blocks[1], Block::Table { header: true, rows } if rows.len() == 2));
    }
}
