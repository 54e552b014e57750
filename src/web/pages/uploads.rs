//! Uploading many files at once, and what became of those sent lately.

use super::accounts::{Refusal, go};
#[cfg(test)]
use super::rendered;
use super::{Frame, html};
use crate::actions::ActionError;
use crate::actions::review::desk;
use crate::actions::uploads::recent::{self, Sent};
use crate::actions::uploads::spool::Spool;
use crate::actions::uploads::{Offer, Outcome, Terms, elsewhere, most_bytes, organisations};
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::upload::Progress;
use crate::web::assets;
use crate::web::error::{PageError, Problem};
use crate::web::forms::{Form as Fields, Parameters};
use crate::web::links;
use crate::web::receipt::{Form, Parts, is_reading, page_of, reading_of};
use crate::web::session::{Answer, Sender, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

/// How many of the latest uploads are shown.
const SHOWN: usize = 40;

#[derive(Template)]
#[template(path = "uploads/list.html", config = "src/web/askama.toml")]
struct UploadsPage {
    frame: Frame,
    /// What became of the files that a form has just sent.
    results: Vec<Line>,
    organisations: Vec<Choice>,
    /// The material whose next version the file becomes.
    material: Option<Target>,
    /// The most megabytes of a document, and of a sound recording or a film.
    most_mb: u64,
    media_mb: u64,
    /// Sent in part: the rest is sent when the same file is picked again.
    unfinished: Vec<Line>,
    sent: Vec<Line>,
    /// What was wrong with a material without a file, and what was typed of it.
    refusal: Refusal,
    typed: Elsewhere,
}

/// What a form says of something on another site.
#[derive(Default)]
struct Elsewhere {
    title: String,
    links: String,
    summary: String,
}

struct Choice {
    id: String,
    name: String,
}

struct Target {
    id: String,
    title: String,
    url: String,
}

#[derive(Default)]
struct Line {
    /// The file's name.
    name: String,
    said: String,
    /// Where the material is.
    url: Option<String>,
    /// Where the upload is.
    upload: String,
    is_bad: bool,
    is_reading: bool,
}

impl UploadsPage {
    fn script(&self) -> &str {
        let _ = self;
        &assets::UPLOAD_URL
    }

    fn tus(&self) -> String {
        let _ = self;
        format!("{}/tus", links::UPLOADS)
    }
}

async fn page(state: &AppState, staff: Staff, results: Vec<Line>) -> Result<UploadsPage, PageError> {
    let actor = &staff.signed_in.actor;
    let choices = organisations(&state.context, actor);
    if choices.is_empty() {
        return Err(ActionError::Forbidden.into());
    }
    let (documents, media) = most_bytes(&state.context);
    let all = recent::list(&state.context, actor, SHOWN).await?;
    let (unfinished, sent): (Vec<Sent>, Vec<Sent>) = all.into_iter().partition(|sent| sent.upload.is_receiving());
    Ok(UploadsPage {
        results,
        organisations: choices.into_iter().map(|one| Choice { id: one.id.to_string(), name: one.name }).collect(),
        material: None,
        most_mb: documents >> 20,
        media_mb: media >> 20,
        unfinished: unfinished.iter().map(line).collect(),
        sent: sent.iter().map(line).collect(),
        refusal: Refusal::default(),
        typed: Elsewhere::default(),
        frame: Frame::new("Tải học liệu lên").for_reader(staff.reader),
    })
}

fn line(sent: &Sent) -> Line {
    let upload = &sent.upload;
    let plain = Line { name: upload.name.clone(), upload: links::upload(upload.id), ..Line::default() };
    match (&upload.progress, &sent.outcome) {
        (Progress::Receiving, _) if sent.received_bytes >= upload.size_bytes => {
            Line { said: "Đã nhận đủ, đang kiểm tra.".to_owned(), is_reading: true, ..plain }
        }
        (Progress::Receiving, _) => {
            let percent = sent.received_bytes.saturating_mul(100) / upload.size_bytes.max(1);
            Line {
                said: format!("Đã nhận {percent} %. Hãy chọn lại đúng tệp này để gửi tiếp."), ..plain
            }
        }
        (Progress::Refused { message, .. }, _) => Line { said: message.clone(), is_bad: true, ..plain },
        (Progress::Taken { .. }, Some(outcome)) => with_outcome(plain, outcome),
        (Progress::Taken { .. }, None) => Line { said: "Học liệu đã được gỡ.".to_owned(), ..plain },
    }
}

fn with_outcome(line: Line, outcome: &Outcome) -> Line {
    let state = outcome.state.label();
    Line {
        said: match outcome.title.as_str() {
            "" => format!("{state}. {}", reading_of(outcome)),
            title => format!("{state}: {title}. {}", reading_of(outcome)),
        },
        url: Some(page_of(outcome)),
        is_bad: matches!(outcome.extraction, crate::domain::material::Extraction::Failed { .. }),
        is_reading: is_reading(&outcome.extraction),
        ..line
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let wanted = parameters.first("hoc-lieu").filter(|id| !id.is_empty());
    let material = match wanted.map(MaterialId::parse) {
        None => None,
        Some(Ok(id)) => Some(target(&state, &staff, id).await?),
        Some(Err(_)) => return Err(Problem::of("material-missing").into()),
    };
    let page = UploadsPage { material, ..page(&state, staff, Vec::new()).await? };
    Ok(html(&page)?.into_response())
}

async fn target(state: &AppState, staff: &Staff, id: MaterialId) -> Result<Target, Problem> {
    let desk = desk(&state.context, &staff.signed_in.actor, id).await?;
    let title = if desk.name.is_empty() { "học liệu chưa có tiêu đề".to_owned() } else { desk.name };
    Ok(Target { id: id.to_string(), title, url: links::staff_material(id) })
}

/// Takes the files of a plain form, for browsers without script.
pub(in crate::web) async fn send(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let sender = Sender(staff.signed_in.actor.clone());
    let mut parts = form.receive(&state, &sender).await?;
    let files = std::mem::take(&mut parts.files);
    let mut results = Vec::with_capacity(files.len());
    for (name, spool) in files {
        results.push(taken(&parts, name, spool).await?);
    }
    if results.is_empty() {
        let said = Problem::of("file-part-missing").detail().to_owned();
        results.push(Line { name: "Chưa có tệp nào.".to_owned(), said, is_bad: true, ..Line::default() });
    }
    let status = if results.iter().all(|line| line.is_bad) { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = page(&state, staff, results).await?;
    Ok((status, html(&page)?).into_response())
}

/// Begins a material that is only on another site.
pub(in crate::web) async fn begin_elsewhere(State(state): State<AppState>, staff: Staff, form: Fields) -> Answer {
    let actor = staff.signed_in.actor.clone();
    let one = |name: &str| form.value(name).to_owned();
    let typed = Elsewhere { title: one("tieu-de"), links: one("lien-ket"), summary: one("tom-tat") };
    let organisation = OrganisationId::parse(form.value("co-quan")).ok();
    let begun = match elsewhere::described(&typed.title, &typed.links, &typed.summary) {
        Ok(described) => {
            let offer = Offer { organisation, ..Offer::default() };
            let terms = Terms { offer, described: Some(described), publish: false };
            elsewhere::begin(&state.context, &actor, terms).await
        }
        Err(error) => Err(error),
    };
    match begun {
        Ok(outcome) => Ok(go(&links::staff_material(outcome.material))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let page = UploadsPage { refusal: refusal.clone(), typed, ..page(&state, staff, Vec::new()).await? };
            refusal.answer(&page)
        }
    }
}

/// What became of one file; only a failure of the machine breaks the form.
async fn taken(parts: &Parts, name: String, spool: Result<Spool, Problem>) -> Result<Line, PageError> {
    let organisation = OrganisationId::parse(parts.text("co-quan")).ok();
    let material = MaterialId::parse(parts.text("hoc-lieu")).ok();
    let offer = Offer { name: name.clone(), organisation, material, beside: None };
    let outcome = match spool {
        Ok(spool) => spool.take(Terms { offer, ..Terms::default() }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(outcome) => Ok(with_outcome(Line { name, ..Line::default() }, &outcome)),
        Err(problem) if problem.status() == StatusCode::INTERNAL_SERVER_ERROR => Err(problem.into()),
        Err(problem) => Ok(Line { name, said: problem.detail().to_owned(), is_bad: true, ..Line::default() }),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let line = |is_bad, url: Option<&str>| Line {
        name: "<thử>".to_owned(),
        said: "<thử>".to_owned(),
        url: url.map(str::to_owned),
        upload: "/".to_owned(),
        is_bad,
        is_reading: is_bad,
    };
    let choice = |id: &str| Choice { id: id.to_owned(), name: "<thử>".to_owned() };
    let full = UploadsPage {
        frame: Frame::new("Tải học liệu lên"),
        results: vec![line(true, None), line(false, Some("/"))],
        organisations: vec![choice("a"), choice("b")],
        material: None,
        most_mb: 200,
        media_mb: 2048,
        unfinished: vec![line(false, None)],
        sent: vec![line(false, Some("/")), line(true, None)],
        refusal: Refusal::of(Problem::of("link-material-incomplete")).unwrap_or_default(),
        typed: Elsewhere { title: "<thử>".to_owned(), ..Elsewhere::default() },
    };
    let empty = UploadsPage {
        frame: Frame::new("Tải học liệu lên"),
        results: Vec::new(),
        organisations: vec![choice("a")],
        material: Some(Target { id: "a".to_owned(), title: "<thử>".to_owned(), url: "/".to_owned() }),
        most_mb: 200,
        media_mb: 2048,
        unfinished: Vec::new(),
        sent: Vec::new(),
        refusal: Refusal::default(),
        typed: Elsewhere::default(),
    };
    rendered(&[full, empty])
}
