//! The statistics as tables to take home.

use super::Statistics;
use crate::actions::ActionError;
use crate::actions::usage::QueryLine;
use crate::sheets::{self, Cell, Table};

/// Which table a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    Overview,
    Materials,
    Searches,
}

fn count(number: usize) -> Cell {
    Cell::Number(u64::try_from(number).unwrap_or(u64::MAX))
}

fn overview(all: &Statistics) -> Table {
    let totals = &all.totals;
    let mut table = Table::new("Tổng quan", &[("Mục", 44), ("Giá trị", 24)]);
    let rows = [
        ("Cơ quan", Cell::text(&all.organisation.name)),
        ("Từ ngày", Cell::Date(all.period.from)),
        ("Đến hết ngày", Cell::Date(all.period.to)),
        ("Đang công bố", count(totals.published)),
        ("Công bố lần đầu trong kỳ", count(totals.published_in_period)),
        ("Bản nháp", count(totals.drafts)),
        ("Chờ duyệt", count(totals.in_review)),
        ("Hẹn ngày công bố", count(totals.scheduled)),
        ("Đã rút", count(totals.withdrawn)),
        ("Đang công bố nhưng đã hết hiệu lực", count(totals.outdated)),
        ("Lượt mở trong kỳ", Cell::Number(totals.views)),
        ("Lượt tải trong kỳ", Cell::Number(totals.downloads)),
    ];
    table.rows = rows.into_iter().map(|(name, value)| vec![Cell::text(name), value]).collect();
    table
}

fn materials(all: &Statistics) -> Table {
    let columns = [
        ("Học liệu", 50),
        ("Mã", 38),
        ("Cơ quan", 40),
        ("Trạng thái", 16),
        ("Công bố lần đầu", 14),
        ("Sửa lần cuối", 14),
        ("Hiệu lực đến", 14),
        ("Hết hiệu lực", 12),
        ("Lượt mở", 10),
        ("Lượt tải", 10),
    ];
    let mut table = Table::new("Học liệu", &columns);
    table.rows = all
        .materials
        .iter()
        .map(|row| {
            vec![
                Cell::text(&row.title),
                Cell::text(row.id.to_string()),
                Cell::text(&row.organisation),
                Cell::text(row.state.label()),
                Cell::day(row.published_on),
                Cell::Date(row.changed_on),
                Cell::day(row.valid_to),
                if row.outdated { Cell::text("có") } else { Cell::Empty },
                Cell::Number(row.count.views),
                Cell::Number(row.count.downloads),
            ]
        })
        .collect();
    table
}

fn searches(all: &Statistics) -> Table {
    let columns = [("Câu tìm không thấy", 50), ("Số lượt không thấy", 12), ("Số lượt tìm", 12), ("Vì sao ở đây", 40)];
    let mut table = Table::new("Tìm không thấy", &columns);
    let kinds = [
        (&all.in_vain_in_topics, "tìm trong chủ đề của cơ quan"),
        (&all.in_vain_like, "có từ gần với học liệu của cơ quan"),
    ];
    let row = |line: &QueryLine, why: &str| {
        vec![Cell::text(&line.text), Cell::Number(line.in_vain), Cell::Number(line.searches), Cell::text(why)]
    };
    table.rows = kinds.into_iter().flat_map(|(lines, why)| lines.iter().map(move |line| row(line, why))).collect();
    table
}

/// All tables as one workbook.
///
/// # Errors
/// When it cannot be written.
pub fn workbook(all: &Statistics) -> Result<Vec<u8>, ActionError> {
    sheets::to_xlsx(&[overview(all), materials(all), searches(all)]).map_err(ActionError::internal)
}

/// One table as CSV.
///
/// # Errors
/// When it cannot be written.
pub fn csv(all: &Statistics, sheet: Sheet) -> Result<Vec<u8>, ActionError> {
    let table = match sheet {
        Sheet::Overview => overview(all),
        Sheet::Materials => materials(all),
        Sheet::Searches => searches(all),
    };
    Ok(sheets::to_csv(&table)?)
}
