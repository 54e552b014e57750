//! Writing tables.

use super::{Cell, Table};
use crate::domain::day::date_vi;
use rust_xlsxwriter::{DataValidation, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Signs with which a spreadsheet takes a text for something to be worked out.
const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// So many rows below the header a choice is offered.
const CHOICE_ROWS: u32 = 5_000;
/// Excel takes a list of choices up to this length.
const MAX_CHOICES_CHARS: usize = 255;

/// The table as CSV that a spreadsheet opens with its marks: a byte order mark, and no text that would be a formula.
///
/// # Errors
/// When memory runs out.
pub fn to_csv(table: &Table) -> std::io::Result<Vec<u8>> {
    let mut out = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut out);
    writer.write_record(table.columns.iter().map(|(name, _)| name.as_str()))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
            Cell::Date(day) => date_vi(*day),
            Cell::Empty => String::new(),
        }))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(out)
}

fn harmless(text: &str) -> String {
    if text.starts_with(FORMULA_SIGNS) { format!("'{text}") } else { text.to_owned() }
}

/// The tables as a workbook, one sheet each; texts are texts, whatever they begin with.
///
/// # Errors
/// When a name of a table is none that a workbook takes.
pub fn to_xlsx(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(&table.name)?;
        fill(sheet, table)?;
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let (text, day) =
        (Format::new().set_text_wrap().set_align(FormatAlign::Top), Format::new().set_num_format("dd/mm/yyyy"));
    for (column, (name, width)) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, name, &head)?;
        sheet.set_column_width(column, f64::from(*width))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (number, row) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(words) => drop(sheet.write_string_with_format(number, column, words, &text)?),
                #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
                Cell::Number(count) => drop(sheet.write_number(number, column, *count as f64)?),
                Cell::Date(date) => {
                    let date = ExcelDateTime::parse_from_str(&date.to_string())?;
                    sheet.write_datetime_with_format(number, column, &date, &day)?;
                }
                Cell::Empty => {}
            }
        }
    }
    for (column, choices) in &table.choices {
        let length: usize = choices.iter().map(|choice| choice.chars().count() + 1).sum();
        if length <= MAX_CHOICES_CHARS {
            let list = DataValidation::new().allow_list_strings(choices)?;
            sheet.add_data_validation(1, *column, CHOICE_ROWS, *column, &list)?;
        }
    }
    Ok(())
}
