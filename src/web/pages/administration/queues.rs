//! What waits to be done, and what could not be.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, done, go, html};
use crate::actions::administration::queues::{self as managed, JobLine, Queues, Unread};
use crate::domain::id::JobId;
use crate::domain::job::{JobState, MAX_ATTEMPTS};
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::pages::view::{Link, moment};
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Codes of work, of states and of reasons with their words for people, parted by a tab.
static WORDS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("../../words/queues.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

fn words(code: &str) -> String {
    WORDS.get(code).map_or_else(|| code.to_owned(), |words| (*words).to_owned())
}

#[derive(Template)]
#[template(path = "administration/queues.html", config = "src/web/askama.toml")]
struct QueuesPage {
    frame: Frame,
    notice: Option<&'static str>,
    text: String,
    index: String,
    states: Vec<(String, usize)>,
    summary: String,
    jobs: Vec<JobView>,
    unread: Vec<(Link, String)>,
}

struct JobView {
    about: Link,
    what: String,
    notes: Vec<String>,
    /// Where it is done again, and where it is given up.
    retry: String,
    give_up: String,
}

fn job(line: &JobLine) -> JobView {
    let job = &line.job;
    let title = if line.title.is_empty() { "Không rõ học liệu" } else { line.title.as_str() };
    let about = match line.material {
        Some(id) => Link::to(links::audit(Some(("hoc-lieu", &id.to_string())), None), title),
        None => Link::bare(title),
    };
    let state = match job.state {
        JobState::Waiting if job.attempts == 0 => "Đang chờ đến lượt.".to_owned(),
        JobState::Waiting => {
            format!("Đã thử {} lần không được; thử lại lúc {}.", job.attempts, moment(job.run_at))
        }
        JobState::Parked => format!("Đã thử {MAX_ATTEMPTS} lần không được, nay dừng lại chờ người xem."),
    };
    let mut notes = vec![state];
    if let Some(error) = &job.last_error {
        let code = reason(error);
        notes.push(format!("{} (mã {code}): {error}", words(code)));
    }
    JobView {
        about,
        what: words(&line.kind),
        notes,
        retry: links::retry_job(job.id),
        give_up: links::give_job_up(job.id),
    }
}

/// The code of what a failure that may pass is about.
fn reason(error: &str) -> &'static str {
    let about = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if about(&["blob", "missing"]) {
        "job-file"
    } else if about(&["time", "killed", "memory"]) {
        "job-overran"
    } else if about(&["space", "full"]) {
        "job-disk"
    } else {
        "job-internal"
    }
}

fn unread(one: &Unread) -> (Link, String) {
    let link = Link::to(links::audit(Some(("hoc-lieu", &one.material.to_string())), None), &one.title);
    (link, format!("{} (mã {})", one.message, one.code))
}

fn index((seen, latest): (u64, u64), is_ready: bool) -> String {
    match (is_ready, latest.saturating_sub(seen)) {
        (false, _) => format!("Chỉ mục đang được lập; nhật ký ở bước {latest}."),
        (true, 0) => format!("Chỉ mục đã theo kịp nhật ký, bước {latest}."),
        (true, behind) => format!("Chỉ mục ở bước {seen}, nhật ký ở bước {latest}: còn {behind} bước."),
    }
}

fn page(queues: &Queues, text: String, frame: Frame) -> QueuesPage {
    QueuesPage {
        frame,
        notice: None,
        text,
        index: index(queues.revisions, queues.is_ready),
        states: queues.extraction.iter().map(|(code, count)| (words(code), *count)).collect(),
        summary: format!("{} việc đang chờ, {} việc dừng lại chờ người xem.", queues.waiting, queues.parked),
        jobs: queues.jobs.iter().map(job).collect(),
        unread: queues.unread.iter().map(unread).collect(),
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let queues = managed::look(&state.context, &staff.signed_in.actor, &text).await?;
    let mut page = page(&queues, text, Frame::new("Hàng đợi").for_reader(staff.reader));
    page.notice = done(&parameters);
    Ok(html(&page)?.into_response())
}

fn parse(id: &str) -> Result<JobId, Problem> {
    JobId::parse(id).map_err(|_error| Problem::of("job-missing"))
}

pub(in crate::web) async fn retry(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    managed::retry(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    Ok(go(&links::done(links::QUEUES, "lam-lai")))
}

pub(in crate::web) async fn give_up(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    managed::give_up(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    Ok(go(&links::done(links::QUEUES, "bo-viec")))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use crate::domain::id::MaterialId;
    use crate::domain::job::{Job, Work};
    use chrono::DateTime;
    use uuid::Uuid;
    let material = MaterialId(Uuid::nil());
    let waiting = Job::new(JobId(Uuid::nil()), Work::Extract { material, version: 1 }, DateTime::UNIX_EPOCH);
    let failed = waiting.clone().after_failure("<thử>".to_owned(), DateTime::UNIX_EPOCH);
    let parked = Job { state: JobState::Parked, ..failed.clone() };
    let line = |job| JobLine { job, kind: "extract".to_owned(), material: Some(material), title: "<thử>".to_owned() };
    let unread = Unread { material, title: "<thử>".to_owned(), code: "x".to_owned(), message: "<thử>".to_owned() };
    let full = Queues {
        jobs: [waiting, failed, parked].into_iter().map(line).collect(),
        extraction: [("done".to_owned(), 1)].into(),
        unread: vec![unread],
        revisions: (1, 2),
        is_ready: true,
        ..Queues::default()
    };
    let all = [full, Queues::default()];
    rendered(&all.map(|queues| page(&queues, "<thử>".to_owned(), Frame::new("Hàng đợi"))))
}
