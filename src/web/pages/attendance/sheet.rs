//! The sheet of one meeting, to be signed or marked with a fingerprint: as PDF, and as a page that a browser prints.

#[cfg(test)]
use super::rendered;
use super::{Frame, class_id, html, meeting_id};
#[cfg(test)]
use crate::actions::schedule::attendance::sheet::Line;
use crate::actions::schedule::attendance::sheet::{self, IS_PRINTED, Sheet};
use crate::web::links;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

#[derive(Template)]
#[template(path = "attendance/sheet.html", config = "src/web/askama.toml")]
struct SheetPage {
    frame: Frame,
    back: String,
    file: Option<String>,
    sheet: Sheet,
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path((class, meeting)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let (class, meeting) = (class_id(&class)?, meeting_id(&meeting)?);
    let sheet = sheet::compose(&state.context, &staff.signed_in.actor, (class, meeting)).await?;
    let page = SheetPage {
        frame: Frame::new(&format!("Phiếu điểm danh: {}", sheet.title)).for_reader(staff.reader),
        back: links::staff_class(class),
        file: IS_PRINTED.then(|| links::attendance_sheet_pdf(class, meeting)),
        sheet,
    };
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn pdf(
    State(state): State<AppState>,
    Path((class, meeting)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let (class, meeting) = (class_id(&class)?, meeting_id(&meeting)?);
    if !IS_PRINTED {
        return Ok(Redirect::to(&links::attendance_sheet(class, meeting)).into_response());
    }
    let sheet = sheet::compose(&state.context, &staff.signed_in.actor, (class, meeting)).await?;
    Ok(crate::web::pages::classes::pdf_file(sheet::print(&state.context, sheet).await?, "phieu-diem-danh.pdf"))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let text = || "<thử>".to_owned();
    let page = SheetPage {
        frame: Frame::new("Phiếu"),
        back: "/".to_owned(),
        file: Some("/".to_owned()),
        sheet: Sheet {
            title: text(),
            centre: text(),
            facts: vec![("Buổi", text())],
            notes: vec![text()],
            rows: vec![Line { name: text(), birth: text(), village: text() }],
            blank: 2,
        },
    };
    rendered(&[page])
}
