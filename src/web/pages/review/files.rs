//! The files of a draft with a recording: captions and transcripts come and go.

#[cfg(test)]
use super::rendered;
use super::{Frame, edit};
use crate::actions::uploads::{Offer, Terms, beside};
use crate::domain::file::File;
use crate::domain::id::{FileId, MaterialId};
use crate::domain::upload::is_media;
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::receipt::Form;
use crate::web::session::{Answer, Sender, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "review/files.html", config = "src/web/askama.toml")]
struct FilesPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    back: String,
    title: String,
    url: String,
    files: Vec<FileView>,
}

struct FileView {
    name: String,
    url: String,
    /// Where it is taken away.
    away: String,
    may_go: bool,
}

impl FileView {
    fn of(id: MaterialId, file: &File) -> Self {
        Self {
            name: file.name.clone(),
            url: links::file(file),
            away: links::draft_file_away(id, file.id),
            may_go: !is_media(&file.media_type),
        }
    }
}

async fn page(state: &AppState, staff: Staff, id: MaterialId, refusal: Refusal) -> Result<FilesPage, Problem> {
    let (version, files) = beside::files(&state.context, &staff.signed_in.actor, id).await?;
    let first = files.first().map(|file| file.name.clone()).unwrap_or_default();
    Ok(FilesPage {
        refusal,
        notice: None,
        back: links::staff_material(id),
        title: if version.description.title.is_empty() { first } else { version.description.title },
        url: links::draft_files(id),
        files: files.iter().map(|file| FileView::of(id, file)).collect(),
        frame: Frame::new("Tệp và phụ đề").for_reader(staff.reader),
    })
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = page(&state, staff, edit::parse(&id)?, Refusal::default()).await?;
    page.notice = match parameters.first("da") {
        Some("them") => Some("Đã thêm tệp; lời trong tệp đang được đọc."),
        Some("bo") => Some("Đã bỏ tệp."),
        _ => None,
    };
    Refusal::default().answer(&page)
}

pub(in crate::web) async fn add(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = edit::parse(&id)?;
    let mut parts = form.receive(&state, &Sender(staff.signed_in.actor.clone())).await?;
    let taken = match parts.files.pop() {
        Some((name, Ok(spool))) => {
            let offer = Offer { name, beside: Some(id), ..Offer::default() };
            spool.take(Terms { offer, ..Terms::default() }).await.map_err(Problem::from)
        }
        Some((_, Err(problem))) => Err(problem),
        None => Err(Problem::of("file-part-missing")),
    };
    match taken {
        Ok(_) => Ok(go(&links::done(&links::draft_files(id), "them"))),
        Err(problem) => {
            let refusal = Refusal::of(problem)?;
            refusal.answer(&page(&state, staff, id, refusal.clone()).await?)
        }
    }
}

pub(in crate::web) async fn take_away(
    State(state): State<AppState>,
    Path((id, file)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let id = edit::parse(&id)?;
    let file = FileId::parse(&file).map_err(|_error| Problem::of("file-missing"))?;
    beside::take_away(&state.context, &staff.signed_in.actor, id, file).await?;
    Ok(go(&links::done(&links::draft_files(id), "bo")))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let file = |may_go| FileView { name: "<thử>".to_owned(), url: "/".to_owned(), away: "/".to_owned(), may_go };
    rendered(&[FilesPage {
        frame: Frame::new("Tệp và phụ đề"),
        refusal: Refusal::of(Problem::of("captions-expected")).unwrap_or_default(),
        notice: Some("Đã thêm tệp."),
        back: "/".to_owned(),
        title: "<thử>".to_owned(),
        url: "/".to_owned(),
        files: vec![file(false), file(true)],
    }])
}
