//! The table that describes the documents of a batch, to be filled in: its columns, what each means, what each takes.

use crate::actions::import::COLUMNS;
use crate::actions::{ActionError, Context};
use crate::domain::material::{Audience, Kind, Level, Licence};
use crate::sheets::{self, Cell, Table};

/// How many columns an example fills.
const EXAMPLE: [(&str, &str); 9] = [
    ("file", "ky-thuat-trong-lua.pdf"),
    ("title", "Kỹ thuật trồng lúa chịu mặn"),
    ("summary", "Chọn giống, làm đất và giữ nước cho ruộng nhiễm mặn."),
    ("topics", "Lúa"),
    ("languages", "tiếng Việt"),
    ("kind", "Tài liệu đọc"),
    ("audiences", "Nông dân"),
    ("licence", "Chưa rõ giấy phép"),
    ("issued_on", "15/03/2026"),
];

/// What a column takes, in words, and its choices where there are few.
fn help(field: &str) -> (&'static str, Vec<&'static str>) {
    match field {
        "file" => ("Bắt buộc. Tên tệp trong ZIP, kèm thư mục nếu có.", Vec::new()),
        "id" => {
            ("Mã của riêng bạn, không trùng; gửi lại cùng mã là sửa học liệu ấy. Bỏ trống thì máy tự đặt.", Vec::new())
        }
        "title" => ("Bỏ trống thì lấy tên ghi trong tài liệu, hoặc tên tệp. Tối đa 500 ký tự.", Vec::new()),
        "summary" => ("Một hai câu. Tối đa 5.000 ký tự.", Vec::new()),
        "topics" => ("Tên hoặc mã chủ đề ở trang Danh mục; nhiều chủ đề cách nhau bằng dấu ;", Vec::new()),
        "organisation" => ("Bỏ trống: cơ quan đã chọn khi gửi.", Vec::new()),
        "authors" => ("Nhiều người cách nhau bằng dấu ;", Vec::new()),
        "languages" => ("Ví dụ: tiếng Việt; bỏ trống thì máy đoán.", Vec::new()),
        "kind" => ("Chọn một.", Kind::ALL.iter().map(|value| value.label()).collect()),
        "level" => ("Chọn một, hoặc bỏ trống.", Level::ALL.iter().map(|value| value.label()).collect()),
        "audiences" => {
            ("Nhiều đối tượng cách nhau bằng dấu ;", Audience::ALL.iter().map(|value| value.label()).collect())
        }
        "areas" => ("Tên xã, phường hoặc tỉnh; nhiều nơi cách nhau bằng dấu ;", Vec::new()),
        "season" => ("Ví dụ: Đông Xuân.", Vec::new()),
        "licence" => (
            "Chọn một; không chắc thì để “Chưa rõ giấy phép”.",
            Licence::ALL.iter().map(|value| value.label()).collect(),
        ),
        "document_number" => ("Số, ký hiệu văn bản, ví dụ 1373/QĐ-TTg.", Vec::new()),
        "links" => ("Địa chỉ https://… của phim, bài viết ở nơi khác; nhiều địa chỉ cách nhau bằng dấu ;", Vec::new()),
        "sources" => ("Nhiều nguồn cách nhau bằng dấu ;", Vec::new()),
        _ => ("Ngày, viết 15/03/2026 hoặc 2026-03-15.", Vec::new()),
    }
}

fn title(header: &str) -> String {
    let mut letters = header.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The table with one row as an example.
fn example() -> Table {
    let columns: Vec<(String, u16)> = COLUMNS.iter().map(|(header, _)| (title(header), 22)).collect();
    let cell = |field: &str| {
        EXAMPLE.iter().find(|(name, _)| *name == field).map_or(Cell::Empty, |(_, value)| Cell::text(*value))
    };
    let choices = (0..).zip(COLUMNS).filter_map(|(place, (_, field))| {
        let (_, choices) = help(field);
        // A cell of several values cannot be chosen from a list.
        let single = ["kind", "level", "licence"].contains(&field) && !choices.is_empty();
        single.then(|| (place, choices.into_iter().map(str::to_owned).collect()))
    });
    Table {
        name: "metadata".to_owned(),
        rows: vec![COLUMNS.iter().map(|(_, field)| cell(field)).collect()],
        choices: choices.collect(),
        columns,
    }
}

fn guide() -> Table {
    let mut table = Table::new("Hướng dẫn", &[("Cột", 20), ("Ghi gì", 70), ("Giá trị được nhận", 70)]);
    table.rows = COLUMNS
        .iter()
        .map(|(header, field)| {
            let (words, choices) = help(field);
            vec![Cell::text(title(header)), Cell::text(words), Cell::text(choices.join("; "))]
        })
        .collect();
    table
}

fn catalogue(context: &Context) -> Table {
    let catalogue = context.catalogue();
    let mut table = Table::new("Danh mục", &[("Chủ đề", 50), ("Mã", 30)]);
    for group in catalogue.topics_below(None) {
        for topic in std::iter::once(group).chain(catalogue.topics_below(Some(&group.id))) {
            table.rows.push(vec![Cell::text(&topic.label), Cell::text(topic.id.as_str())]);
        }
    }
    table
}

/// The template as a workbook, with a page of explanations and one of topics.
///
/// # Errors
/// When it cannot be written.
pub fn template_xlsx(context: &Context) -> Result<Vec<u8>, ActionError> {
    sheets::to_xlsx(&[example(), guide(), catalogue(context)]).map_err(ActionError::internal)
}

/// The template as CSV.
///
/// # Errors
/// When it cannot be written.
pub fn template_csv() -> Result<Vec<u8>, ActionError> {
    Ok(sheets::to_csv(&example())?)
}
