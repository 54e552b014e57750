//! Tables as people keep them: read from CSV and XLSX, written as both.
//!
//! Only what a table of values needs is read, as a stream and within bounds, so that a hostile workbook costs no more
//! than a large one; formulas are never run. What is written runs nothing either where it is opened.

mod read;
mod write;

pub use read::{Row, SheetError, read};
pub use write::{to_csv, to_xlsx};

use chrono::NaiveDate;

/// A value of a table that is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(u64),
    Date(NaiveDate),
    Empty,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A day, or nothing.
    pub fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }
}

/// A table that is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name, which a workbook shows; at most 31 characters.
    pub name: String,
    /// Each column's name and its width in characters.
    pub columns: Vec<(String, u16)>,
    pub rows: Vec<Vec<Cell>>,
    /// For each column, by its place, the only values that a person may choose from.
    pub choices: Vec<(u16, Vec<String>)>,
}

impl Table {
    pub fn new(name: &str, columns: &[(&str, u16)]) -> Self {
        let columns = columns.iter().map(|(name, width)| ((*name).to_owned(), *width)).collect();
        Self { name: name.to_owned(), columns, rows: Vec::new(), choices: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new("Học liệu", &[("Tiêu đề", 30), ("Lượt mở", 10), ("Ngày", 12)]);
        let day = NaiveDate::from_ymd_opt(2026, 11, 25);
        for text in ["Lúa, \"đạo ôn\"", "=HYPERLINK(\"http://x\")", "@lệnh", "-1", "\tthụt"] {
            table.rows.push(vec![Cell::text(text), Cell::Number(7), Cell::day(day)]);
        }
        table.rows.push(vec![Cell::text("cuối"), Cell::Empty, Cell::day(None)]);
        table
    }

    #[test]
    fn what_is_written_is_read_again_and_no_cell_is_a_formula() {
        let xlsx = to_xlsx(&[table()]).unwrap();
        let rows = read(&xlsx, "a.xlsx").unwrap();
        assert_eq!(rows[0].cells, ["Tiêu đề", "Lượt mở", "Ngày"]);
        assert_eq!((rows[2].number, rows[2].cells[0].as_str()), (3, "=HYPERLINK(\"http://x\")"));
        assert_eq!(rows[1].cells[1..], ["7", "25/11/2026"]);
        let csv = to_csv(&table()).unwrap();
        assert!(csv.starts_with("\u{feff}".as_bytes()));
        let rows = read(&csv, "a.csv").unwrap();
        assert_eq!(rows[1].cells[0], "Lúa, \"đạo ôn\"");
        for (row, signed) in rows[2..6].iter().zip(["'=HYPERLINK(\"http://x\")", "'@lệnh", "'-1", "'\tthụt"]) {
            assert_eq!(row.cells[0], signed);
        }
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let rows = read("a;b\r\n\r\n1;2\r\n\"x\ny\";3\r\n4;5\r\n".as_bytes(), "a.csv").unwrap();
        let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
        assert_eq!(rows[1].cells, ["1", "2"]);
    }
}
