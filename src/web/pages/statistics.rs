//! An organisation's own page: what it published, what waits, how it was used, what people sought in vain.

use super::accounts::go;
#[cfg(test)]
use super::rendered;
use super::view::{Link, date};
use super::{Frame, html};
use crate::actions::search::plain_letters;
use crate::actions::statistics::{self, MaterialRow, Sheet, Statistics, Totals, Wanted};
use crate::actions::usage::QueryLine;
use crate::domain::id::OrganisationId;
use crate::domain::usage::Period;
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, NaiveDate};

/// How many materials the page shows; the files have them all.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "statistics/organisation.html", config = "src/web/askama.toml")]
struct StatisticsPage {
    frame: Frame,
    name: String,
    action: String,
    from: String,
    to: String,
    period: String,
    has_parts: bool,
    with_parts: bool,
    presets: Vec<Link>,
    totals: Totals,
    materials: Vec<Line>,
    more: usize,
    in_topics: Vec<QueryLine>,
    like: Vec<QueryLine>,
    workbook: String,
    files: Vec<Link>,
}

struct Line {
    link: Link,
    state: &'static str,
    published_on: String,
    outdated: bool,
    views: u64,
    downloads: u64,
}

#[derive(Template)]
#[template(path = "statistics/list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    /// Of the whole province, for whoever looks after it.
    totals: Option<Totals>,
    text: String,
    organisations: Vec<Link>,
}

/// The organisations whose statistics one may read; straight to it where there is one.
pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let all = statistics::organisations(&state.context, &staff.signed_in.actor);
    if let [one] = all.as_slice() {
        return Ok(go(&links::statistics(&one.id, "", &[])));
    }
    let link = |one: &crate::actions::materials::Named<OrganisationId>| {
        Link::to(links::statistics(&one.id, "", &[]), &one.name)
    };
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let wanted = plain_letters(text.trim());
    let organisations = all.iter().filter(|one| plain_letters(&one.name).contains(&wanted)).map(link).collect();
    let totals = statistics::province(&state.context, &staff.signed_in.actor).await?;
    let frame = Frame::new("Số liệu").for_reader(staff.reader);
    Ok(html(&ListPage { frame, totals, text, organisations })?.into_response())
}

/// What an address asks for.
fn wanted(id: &str, parameters: &Parameters) -> Result<Wanted, Problem> {
    let organisation = OrganisationId::parse(id).map_err(|_error| Problem::of("organisation-missing"))?;
    let day = |name: &str| parameters.first(name).and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    let with_parts = parameters.first("truc-thuoc") == Some("1");
    Ok(Wanted { organisation, from: day("tu"), to: day("den"), with_parts })
}

fn parameters_of(period: Period, with_parts: bool) -> Vec<(&'static str, String)> {
    let mut all = vec![("tu", period.from.to_string()), ("den", period.to.to_string())];
    all.extend(with_parts.then(|| ("truc-thuoc", "1".to_owned())));
    all
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let wanted = wanted(&id, &parameters)?;
    let with_parts = wanted.with_parts;
    let found = statistics::statistics(&state.context, &staff.signed_in.actor, wanted).await?;
    let today = state.context.today();
    let page = page(&found, with_parts, today, Frame::new("Số liệu của cơ quan").for_reader(staff.reader));
    Ok(html(&page)?.into_response())
}

fn page(found: &Statistics, with_parts: bool, today: NaiveDate, frame: Frame) -> StatisticsPage {
    let (id, period) = (&found.organisation.id, found.period);
    let given = parameters_of(period, with_parts);
    let file = |ending: &str, table: Option<&str>| {
        let mut given = given.clone();
        given.extend(table.map(|table| ("bang", table.to_owned())));
        links::statistics(id, ending, &given)
    };
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let presets = [
        ("30 ngày qua", Period::last(30, today)),
        ("90 ngày qua", Period::last(90, today)),
        ("Từ đầu năm", Period { from: year, to: today }),
    ];
    let preset = |(label, period): (&str, Period)| {
        Link::to(links::statistics(id, "", &parameters_of(period, with_parts)), label)
    };
    StatisticsPage {
        frame,
        name: found.organisation.name.clone(),
        action: links::statistics(id, "", &[]),
        from: period.from.to_string(),
        to: period.to.to_string(),
        period: format!("từ {} đến hết {}", date(period.from), date(period.to)),
        has_parts: found.has_parts,
        with_parts,
        presets: presets.into_iter().map(preset).collect(),
        totals: found.totals,
        materials: found.materials.iter().take(SHOWN).map(line).collect(),
        more: found.materials.len().saturating_sub(SHOWN),
        in_topics: found.in_vain_in_topics.clone(),
        like: found.in_vain_like.clone(),
        workbook: file(".xlsx", None),
        files: [("Tổng quan", "tong-quan"), ("Học liệu", "hoc-lieu"), ("Tìm không thấy", "tim")]
            .into_iter()
            .map(|(label, table)| Link::to(file(".csv", Some(table)), label))
            .collect(),
    }
}

fn line(row: &MaterialRow) -> Line {
    let public = row.state == crate::domain::material::State::Published;
    Line {
        link: if public {
            Link::to(links::material(row.id, &row.title), &row.title)
        } else {
            Link::bare(row.title.as_str())
        },
        state: row.state.label(),
        published_on: row.published_on.map(date).unwrap_or_default(),
        outdated: row.outdated,
        views: row.count.views,
        downloads: row.count.downloads,
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(in crate::web) async fn workbook(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let found = statistics::statistics(&state.context, &staff.signed_in.actor, wanted(&id, &parameters)?).await?;
    let name = format!("so-lieu-{}-{}.xlsx", found.organisation.id, found.period.to);
    Ok(download(XLSX, &name, statistics::workbook(&found)?))
}

pub(in crate::web) async fn csv(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let found = statistics::statistics(&state.context, &staff.signed_in.actor, wanted(&id, &parameters)?).await?;
    let (sheet, table) = match parameters.first("bang") {
        Some("tong-quan") => (Sheet::Overview, "tong-quan"),
        Some("tim") => (Sheet::Searches, "tim-khong-thay"),
        _ => (Sheet::Materials, "hoc-lieu"),
    };
    let name = format!("{table}-{}-{}.csv", found.organisation.id, found.period.to);
    Ok(download("text/csv; charset=utf-8", &name, statistics::csv(&found, sheet)?))
}

/// A file to be saved; the name has plain signs only.
pub(super) fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use crate::actions::materials::Named;
    let line = || QueryLine { text: "<thử>".to_owned(), searches: 4, in_vain: 3, days: 2 };
    let day = NaiveDate::default();
    let statistics = |has_parts| Statistics {
        organisation: Named { id: OrganisationId::parse("so").unwrap(), name: "<thử>".to_owned() },
        has_parts,
        period: Period { from: day, to: day },
        totals: Totals { outdated: 1, ..Totals::default() },
        materials: vec![MaterialRow {
            id: crate::domain::id::MaterialId(uuid::Uuid::nil()),
            title: "<thử>".to_owned(),
            organisation: "<thử>".to_owned(),
            state: crate::domain::material::State::Draft,
            published_on: Some(day),
            changed_on: day,
            valid_to: None,
            outdated: true,
            count: crate::domain::usage::MaterialCount { views: 1, downloads: 2 },
        }],
        in_vain_in_topics: if has_parts { vec![line()] } else { Vec::new() },
        in_vain_like: if has_parts { vec![line()] } else { Vec::new() },
    };
    let list = ListPage {
        frame: Frame::new("Số liệu"),
        totals: Some(Totals::default()),
        text: "<thử>".to_owned(),
        organisations: vec![Link::to("/".to_owned(), "<thử>")],
    };
    let of = |has_parts| page(&statistics(has_parts), true, day, Frame::new("Số liệu"));
    let mut all = rendered(&[of(true), of(false)]);
    all.extend(rendered(&[list]));
    all
}
