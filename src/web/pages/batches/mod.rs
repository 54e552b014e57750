//! Many documents in one go: sending them, seeing every row before anything is written, agreeing, the report.

#[cfg(test)]
mod samples;

use super::accounts::{Refusal, go};
use super::statistics::download;
use super::view::{Link, moment};
use super::{Frame, html};
use crate::actions::ActionError;
use crate::actions::batches::{self, Incoming, Line, Preview, Progressing, Waiting};
use crate::actions::import::Problem as RowProblem;
use crate::actions::uploads;
use crate::domain::batch::{Batch, BatchState};
use crate::domain::id::{BatchId, OrganisationId};
use crate::web::assets;
use crate::web::error::{PageError, Problem};
use crate::web::forms::Form;
use crate::web::links;
use crate::web::multipart::{pieces, send, short_text};
use crate::web::receipt::within;
use crate::web::session::{Answer, Reader, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, State};
use axum::response::IntoResponse;

#[cfg(test)]
pub(in crate::web::pages) use samples::samples;

/// How many good rows the page shows; the report has them all.
const SHOWN: usize = 30;
/// How many problems the page shows.
const PROBLEMS_SHOWN: usize = 500;

#[derive(Template)]
#[template(path = "batches/start.html", config = "src/web/askama.toml")]
struct StartPage {
    frame: Frame,
    refusal: Refusal,
    organisations: Vec<(String, String)>,
    limit: u64,
    batches: Vec<(Link, String, String)>,
}

#[derive(Template)]
#[template(path = "batches/one.html", config = "src/web/askama.toml")]
struct OnePage {
    frame: Frame,
    refusal: Refusal,
    script: &'static str,
    name: String,
    organisation: String,
    url: String,
    stage: Stage,
    working: Option<String>,
    waits: bool,
    state: String,
    publishable: bool,
    /// How many can be published at once, and how many lack something.
    complete: u32,
    incomplete: u32,
    good: u32,
    bad: u32,
    known: u32,
    has_table: bool,
    problems: Vec<ProblemLine>,
    more_problems: usize,
    lines: Vec<GoodLine>,
    more_lines: usize,
}

/// What the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The program works on it.
    Working,
    /// The person decides.
    Deciding,
    /// It was taken in.
    Done,
    Failed,
}

struct ProblemLine {
    place: String,
    file: String,
    column: String,
    reason: String,
    link: Option<Link>,
}

struct GoodLine {
    file: String,
    title: String,
    topics: String,
    lacks: String,
}

/// How a batch stands, in words.
fn words(batch: &Batch) -> String {
    match &batch.state {
        BatchState::Received => "đang xem".to_owned(),
        BatchState::Previewed { good, bad, known } => {
            format!("chờ bạn quyết định: {good} nhập được, {bad} lỗi, {known} đã có")
        }
        BatchState::Confirmed { .. } => "đang nhập".to_owned(),
        BatchState::Done { taken, unchanged, refused, published, drafts } => {
            let how = match (*published, *drafts) {
                (false, _) => "bản nháp".to_owned(),
                (true, 0) => "đã công bố".to_owned(),
                (true, drafts) => format!("đã công bố, trừ {drafts} bản nháp còn thiếu mô tả"),
            };
            format!("đã nhập {taken} học liệu ({how}), {unchanged} không đổi, {refused} không đọc được")
        }
        BatchState::Failed { reason } => reason.clone(),
    }
}

async fn start_page(state: &AppState, staff: Staff, refusal: Refusal) -> Result<StartPage, PageError> {
    let actor = &staff.signed_in.actor;
    if !uploads::may_send(&state.context, actor) {
        return Err(ActionError::Forbidden.into());
    }
    let organisations = uploads::organisations(&state.context, actor);
    let batches = batches::list(&state.context, actor).await?;
    let line = |batch: &Batch| (Link::to(links::batch(batch.id), &batch.name), words(batch), moment(batch.created_at));
    Ok(StartPage {
        refusal,
        organisations: organisations.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
        limit: batches::limit_mb(&state.context),
        batches: batches.iter().map(line).collect(),
        frame: Frame::new("Nhập hàng loạt").for_reader(staff.reader),
    })
}

pub(in crate::web) async fn start(State(state): State<AppState>, staff: Staff) -> Answer {
    Ok(html(&start_page(&state, staff, Refusal::default()).await?)?.into_response())
}

/// The longest id of an organisation.
const MAX_ID_BYTES: usize = 100;

pub(in crate::web) async fn receive(State(state): State<AppState>, staff: Staff, mut form: Multipart) -> Answer {
    let (mut organisation, mut incoming) = (None, None);
    while let Some(mut field) = within(form.next_field()).await? {
        match field.name() {
            Some("co-quan") => organisation = OrganisationId::parse(&short_text(&mut field, MAX_ID_BYTES).await?).ok(),
            Some("tep") if field.file_name().is_some_and(|name| !name.is_empty()) => {
                let taken = match incoming.take() {
                    Some(taken) => Ok(taken),
                    None => begin(&state, &staff, organisation.clone()),
                };
                match file(&state, taken, field).await? {
                    Ok(taken) => incoming = Some(taken),
                    Err(error) => return refuse(&state, staff, error).await,
                }
            }
            _ => {}
        }
    }
    let incoming = match incoming {
        Some(incoming) => Ok(incoming),
        None => begin(&state, &staff, organisation),
    };
    let done = match incoming {
        Ok(incoming) => batches::done_receiving(&state.context, &staff.signed_in.actor, incoming).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(go(&links::batch(id))),
        Err(error) => refuse(&state, staff, error).await,
    }
}

fn begin(state: &AppState, staff: &Staff, organisation: Option<OrganisationId>) -> Result<Incoming, ActionError> {
    let organisation = organisation
        .ok_or_else(|| ActionError::invalid("organisation", "organisation-unknown", "Hãy chọn cơ quan trước."))?;
    batches::begin(&state.context, &staff.signed_in.actor, organisation)
}

/// Streams one file to the disk; the outer error is the line's, the inner one the file's.
async fn file(
    state: &AppState,
    incoming: Result<Incoming, ActionError>,
    mut field: Field<'_>,
) -> Result<Result<Incoming, ActionError>, PageError> {
    let mut incoming = match incoming {
        Ok(incoming) => incoming,
        Err(error) => return Ok(Err(error)),
    };
    let name = field.file_name().unwrap_or_default().to_owned();
    let (sender, mut content) = pieces();
    let context = state.context.clone();
    let writing = tokio::task::spawn_blocking(move || incoming.file(&context, &name, &mut content).map(|()| incoming));
    send(&mut field, sender).await?;
    Ok(writing.await.map_err(ActionError::internal)?)
}

async fn refuse(state: &AppState, staff: Staff, error: ActionError) -> Answer {
    let refusal = Refusal::of(error)?;
    refusal.clone().answer(&start_page(state, staff, refusal).await?)
}

fn parse(id: &str) -> Result<BatchId, Problem> {
    BatchId::parse(id).map_err(|_error| Problem::of("batch-missing"))
}

fn problem_line(problem: &RowProblem) -> ProblemLine {
    ProblemLine {
        place: if problem.line == 0 { String::new() } else { format!("dòng {}", problem.line) },
        file: problem.file.clone(),
        column: problem.column.clone().unwrap_or_default(),
        reason: format!("{} [{}]", problem.reason, problem.code),
        link: None,
    }
}

fn problem_lines(preview: &Preview) -> Vec<ProblemLine> {
    let mut all: Vec<ProblemLine> = preview.problems.iter().map(problem_line).collect();
    for line in &preview.lines {
        let of = |problem: &RowProblem| ProblemLine { file: line.file.clone(), ..problem_line(problem) };
        all.extend(line.problems.iter().map(of));
    }
    all.extend(preview.lines.iter().filter(|line| line.problems.is_empty()).filter_map(known_line));
    all
}

fn known_line(line: &Line) -> Option<ProblemLine> {
    let known = line.known.as_ref()?;
    let is_there = known.material.is_some();
    let reason =
        if is_there { "Thư viện đã có tệp này:" } else { "Giống hệt tệp khác trong lần gửi:" };
    Some(ProblemLine {
        place: if line.line == 0 { String::new() } else { format!("dòng {}", line.line) },
        file: line.file.clone(),
        column: String::new(),
        reason: reason.to_owned(),
        link: Some(known.material.map_or_else(
            || Link::bare(known.title.as_str()),
            |id| Link::to(links::material(id, &known.title), &known.title),
        )),
    })
}

fn working(progress: Option<&Progressing>, batch: &Batch) -> Option<String> {
    if !batch.is_due() {
        return None;
    }
    Some(match progress {
        None => "Đang chờ đến lượt …".to_owned(),
        Some(Progressing { label, done, total: Some(total) }) if *total > 0 => format!("{label}: {done}/{total} …"),
        Some(Progressing { label, .. }) => format!("{label} …"),
    })
}

fn one_page(waiting: &Waiting, reader: Reader, refusal: Refusal) -> OnePage {
    let batch = &waiting.batch;
    let preview = waiting.preview.clone().unwrap_or_default();
    let (good, bad, known) = preview.counts();
    let mut problems = problem_lines(&preview);
    let more_problems = problems.len().saturating_sub(PROBLEMS_SHOWN);
    problems.truncate(PROBLEMS_SHOWN);
    let lines: Vec<&Line> = preview.lines.iter().filter(|line| line.is_good()).collect();
    let good_line = |line: &&Line| GoodLine {
        file: line.file.clone(),
        title: line.title.clone(),
        topics: line.topics.join(", "),
        lacks: line.lacks.join(", "),
    };
    let incomplete = preview.incomplete();
    OnePage {
        frame: Frame::new("Nhập hàng loạt").for_reader(reader),
        refusal,
        script: &assets::PROGRESS_URL,
        name: batch.name.clone(),
        organisation: waiting.organisation.clone(),
        url: links::batch(batch.id),
        stage: match &batch.state {
            BatchState::Received | BatchState::Confirmed { .. } => Stage::Working,
            BatchState::Previewed { .. } => Stage::Deciding,
            BatchState::Done { .. } => Stage::Done,
            BatchState::Failed { .. } => Stage::Failed,
        },
        working: working(waiting.progress.as_ref(), batch),
        waits: waiting.progress.is_none(),
        state: words(batch),
        publishable: waiting.publishable,
        complete: good.saturating_sub(incomplete),
        incomplete,
        good,
        bad,
        known,
        has_table: preview.has_table,
        problems,
        more_problems,
        more_lines: lines.len().saturating_sub(SHOWN),
        lines: lines.iter().take(SHOWN).map(good_line).collect(),
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let waiting = batches::show(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    Ok(html(&one_page(&waiting, staff.reader, Refusal::default()))?.into_response())
}

pub(in crate::web) async fn confirm(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, publish) = (parse(&id)?, form.value("cong-bo") == "1");
    let actor = staff.signed_in.actor.clone();
    match batches::confirm(&state.context, &actor, id, publish).await {
        Ok(()) => Ok(go(&links::batch(id))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let waiting = batches::show(&state.context, &actor, id).await?;
            refusal.clone().answer(&one_page(&waiting, staff.reader, refusal))
        }
    }
}

pub(in crate::web) async fn cancel(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let (id, actor) = (parse(&id)?, staff.signed_in.actor.clone());
    match batches::cancel(&state.context, &actor, id).await {
        Ok(()) => Ok(go(links::BATCHES)),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let waiting = batches::show(&state.context, &actor, id).await?;
            refusal.clone().answer(&one_page(&waiting, staff.reader, refusal))
        }
    }
}

pub(in crate::web) async fn report(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let bytes = batches::report(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    Ok(download(CSV, "bao-cao-nhap-hang-loat.csv", bytes))
}

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(in crate::web) async fn template_xlsx(State(state): State<AppState>, _staff: Staff) -> Answer {
    Ok(download(XLSX, "metadata.xlsx", batches::template_xlsx(&state.context)?))
}

pub(in crate::web) async fn template_csv(_staff: Staff) -> Answer {
    Ok(download(CSV, "metadata.csv", batches::template_csv()?))
}
