//! What became of each document of a batch, as a table to keep.

use super::look::{Line, Preview};
use super::run::names;
use super::{REPORT, inbox, missing, own};
use crate::actions::import::Summary;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::batch::{Batch, BatchState};
use crate::domain::id::{BatchId, MaterialId};
use crate::domain::material::State;
use crate::sheets::{self, Cell, Table};
use crate::store;
use std::fs;

/// The report of a batch as CSV: of what was seen before it was agreed to, of what became of it afterwards.
///
/// # Errors
/// `NotFound` for another's batch, or one that was not looked at yet.
pub async fn report(context: &Context, actor: &Actor, id: BatchId) -> Result<Vec<u8>, ActionError> {
    let by = actor.clone();
    let batch = context.store.read("batch.report", move |tx| own(tx, &by, id)).await?;
    let (inbox, address) = (inbox(context)?.clone(), context.material_address);
    tokio::task::spawn_blocking(move || {
        if matches!(batch.state, BatchState::Done { .. }) {
            return fs::read(inbox.note(id, REPORT)).map_err(|_error| missing(id));
        }
        let preview = Preview::read(&inbox.note(id, super::PREVIEW)).ok_or_else(|| missing(id))?;
        Ok(sheets::to_csv(&table(&preview, address, |_| (String::new(), None)))?)
    })
    .await?
}

const COLUMNS: [(&str, u16); 8] = [
    ("Tệp", 40),
    ("Dòng", 8),
    ("Tiêu đề", 50),
    ("Kết quả", 24),
    ("Cột", 16),
    ("Mã lỗi", 20),
    ("Lý do", 60),
    ("Học liệu", 60),
];

/// One row for each good document, and one for each thing wrong with the others.
fn table(
    preview: &Preview,
    address: fn(MaterialId) -> String,
    became: impl Fn(&Line) -> (String, Option<MaterialId>),
) -> Table {
    let mut table = Table::new("Báo cáo", &COLUMNS);
    let place = |line: u64| if line == 0 { Cell::Empty } else { Cell::Number(line) };
    for problem in &preview.problems {
        let column = problem.column.clone().unwrap_or_default();
        table.rows.push(vec![
            Cell::text(&problem.file),
            place(problem.line),
            Cell::Empty,
            Cell::text("không nhập"),
            Cell::text(column),
            Cell::text(problem.code.clone()),
            Cell::text(&problem.reason),
            Cell::Empty,
        ]);
    }
    for line in &preview.lines {
        let head = || vec![Cell::text(&line.file), place(line.line), Cell::text(&line.title)];
        let mut add = |result: &str, (column, code, reason): (&str, &str, &str), address: String| {
            let mut row = head();
            row.extend([result, column, code, reason].map(Cell::text));
            row.push(if address.is_empty() { Cell::Empty } else { Cell::text(address) });
            table.rows.push(row);
        };
        for problem in &line.problems {
            let column = problem.column.as_deref().unwrap_or_default();
            add("không nhập", (column, &problem.code, &problem.reason), String::new());
        }
        if let (Some(known), true) = (&line.known, line.problems.is_empty()) {
            let reason = format!("Đã có: {}", known.title);
            add("đã có, không nhập lại", ("", "file-known", &reason), known.material.map(address).unwrap_or_default());
        }
        if line.is_good() {
            let (result, material) = became(line);
            add(&result, ("", "", ""), material.map(address).unwrap_or_default());
        }
    }
    table
}

/// Writes down what became of each document; blocks.
pub(super) fn write_report(
    context: &Context,
    batch: &Batch,
    preview: &Preview,
    summary: &Summary,
) -> Result<(), ActionError> {
    let materials = context.store.read_blocking("batch.report", |tx| {
        let mut found = std::collections::BTreeMap::new();
        for line in &preview.lines {
            let organisation = line.organisation.as_ref().unwrap_or(&batch.organisation);
            if let Some(external_id) = &line.external_id
                && let Some(material) = store::materials::by_external_id(tx, organisation, external_id)?
            {
                found.insert(line.file.clone(), (material.id, material.state));
            }
        }
        Ok::<_, ActionError>(found)
    })?;
    let table = table(preview, context.material_address, |line| {
        if let Some(problem) = summary.problems.iter().find(|problem| names(problem, line)) {
            return (format!("không nhập: {} [{}]", problem.reason, problem.code), None);
        }
        match materials.get(&line.file) {
            Some((id, State::Draft)) if !line.lacks.is_empty() => {
                (format!("bản nháp, còn thiếu: {}", line.lacks.join(", ")), Some(*id))
            }
            Some((id, state)) => (state.label().to_lowercase(), Some(*id)),
            None => ("không nhập".to_owned(), None),
        }
    });
    fs::write(inbox(context)?.note(batch.id, REPORT), sheets::to_csv(&table)?)?;
    Ok(())
}
