//! Receiving files: bodies are read piece by piece and never kept in memory; and what is said of those received.

use super::error::Problem;
use super::links;
use super::session::Sender;
use super::state::AppState;
use crate::actions::import::MAX_DESCRIPTION_BYTES;
use crate::actions::uploads::Outcome;
use crate::actions::uploads::spool::{Spool, keep_to_writers};
use crate::domain::material::Extraction;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{FromRequest, Multipart, Request};
use std::convert::Infallible;
use std::time::Duration;

/// A sender who is silent for so long is gone.
const SILENCE: Duration = Duration::from_mins(1);
/// The most files of one form.
const MAX_FILES: usize = 100;
/// The most bytes of a form's other fields, each.
const MAX_FIELD_BYTES: usize = 4 << 10;

/// A form with files.
pub(super) struct Form {
    multipart: Result<Multipart, MultipartRejection>,
}

/// What a form brought.
#[derive(Default)]
pub(super) struct Parts {
    /// Each file under its part's name, or why it is not taken.
    pub(super) files: Vec<(String, Result<Spool, Problem>)>,
    fields: Vec<(String, Vec<u8>)>,
}

impl Parts {
    /// A field's bytes.
    pub(super) fn field(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, bytes)| bytes.as_slice())
    }

    /// A field as text; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.field(name).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl FromRequest<AppState> for Form {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self { multipart: Multipart::from_request(request, state).await })
    }
}

impl Form {
    /// Receives all parts. A file that is not taken costs itself only; a form that breaks off brings nothing.
    pub(super) async fn receive(self, state: &AppState, sender: &Sender) -> Result<Parts, Problem> {
        keep_to_writers(&state.context, &sender.0)?;
        let mut multipart = self.multipart.map_err(|_no_form| Problem::of("multipart-invalid"))?;
        let mut parts = Parts::default();
        while let Some(mut field) = within(multipart.next_field()).await? {
            let name = field.name().unwrap_or_default().to_owned();
            let Some(file_name) = field.file_name().map(str::to_owned) else {
                let most = if name == "metadata" { MAX_DESCRIPTION_BYTES } else { MAX_FIELD_BYTES };
                parts.fields.push((name, short(&mut field, most).await?));
                continue;
            };
            // A program may give its description a file's name, too.
            if name == "metadata" {
                parts.fields.push((name, short(&mut field, MAX_DESCRIPTION_BYTES).await?));
                continue;
            }
            // Browsers send a field without a file as one without a name.
            if file_name.is_empty() || parts.files.len() >= MAX_FILES {
                drain(&mut field).await?;
                continue;
            }
            let received = spool(state, sender, &file_name, &mut field).await?;
            parts.files.push((file_name, received));
        }
        Ok(parts)
    }
}

/// Receives a file; the outer error breaks the whole form, the inner one is the file's own.
async fn spool(
    state: &AppState,
    sender: &Sender,
    name: &str,
    field: &mut Field<'_>,
) -> Result<Result<Spool, Problem>, Problem> {
    let mut spool = match Spool::begin(&state.context, &sender.0, name).await {
        Ok(spool) => spool,
        Err(error) => {
            drain(field).await?;
            return Ok(Err(error.into()));
        }
    };
    while let Some(piece) = within(field.chunk()).await? {
        if let Err(error) = spool.write(&piece).await {
            drain(field).await?;
            return Ok(Err(error.into()));
        }
    }
    Ok(Ok(spool))
}

async fn short(field: &mut Field<'_>, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = within(field.chunk()).await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > most {
            return Err(Problem::of("multipart-invalid"));
        }
    }
    Ok(bytes)
}

/// Reads past a part, so that those behind it are reached.
async fn drain(field: &mut Field<'_>) -> Result<(), Problem> {
    while within(field.chunk()).await?.is_some() {}
    Ok(())
}

/// What comes in time and as a form should.
pub(super) async fn within<T, E>(coming: impl Future<Output = Result<T, E>>) -> Result<T, Problem> {
    match tokio::time::timeout(SILENCE, coming).await {
        Ok(Ok(came)) => Ok(came),
        Ok(Err(_)) | Err(_) => Err(Problem::of("multipart-invalid")),
    }
}

/// Where people find a material that was uploaded.
pub(super) fn page_of(outcome: &Outcome) -> String {
    if outcome.public {
        links::material(outcome.material, &outcome.title)
    } else {
        links::staff_material(outcome.material)
    }
}

/// Whether the text of a file is still being read.
pub(super) fn is_reading(extraction: &Extraction) -> bool {
    matches!(extraction, Extraction::Pending | Extraction::OcrUnderWay { .. })
}

/// How far the text of an uploaded file has been read, in words.
pub(super) fn reading_of(outcome: &Outcome) -> String {
    if outcome.existing {
        return "Thư viện đã có tệp này.".to_owned();
    }
    match &outcome.extraction {
        Extraction::Pending => "Đang đọc nội dung…".to_owned(),
        Extraction::Given | Extraction::Done if outcome.page_count == 0 => "Đã nhận tệp.".to_owned(),
        Extraction::Given | Extraction::Done => format!("Đã đọc {} trang.", outcome.page_count),
        Extraction::NeedsOcr => "Các trang là ảnh, đang chờ nhận dạng chữ.".to_owned(),
        Extraction::OcrUnderWay { done, of } => format!("Đang nhận dạng chữ: {done}/{of} trang."),
        Extraction::OcrFailed { message, .. } | Extraction::Failed { message, .. } => message.clone(),
    }
}
