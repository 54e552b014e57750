//! Why a search finds a material, and why it stands where it stands: for staff.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, html};
use crate::actions::explain::{self, Explained, ExplainedResult, Part};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::pages::view::Link;
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "administration/explain.html", config = "src/web/askama.toml")]
struct ExplainPage {
    frame: Frame,
    query: String,
    back: String,
    read_as: Option<String>,
    total: usize,
    results: Vec<ResultView>,
}

struct ResultView {
    link: Link,
    lines: Vec<String>,
    parts: Vec<PartView>,
}

struct PartView {
    words: String,
    place: &'static str,
    times: String,
    rarity: String,
    score: String,
}

/// A number with one or two digits behind the comma, as people write it.
fn number(value: f32, digits: usize) -> String {
    format!("{value:.digits$}").replace('.', ",")
}

fn part(part: &Part) -> PartView {
    PartView {
        words: part.words.clone(),
        place: match part.kind {
            "pair" => "hai từ liền nhau trong nội dung",
            "title-word" => "từ trong nhan đề",
            "title-pair" => "hai từ liền nhau trong nhan đề",
            "number" => "số hiệu văn bản",
            _ => "từ trong nội dung",
        },
        times: number(part.times, 1),
        rarity: number(part.rarity, 2),
        score: number(part.score, 2),
    }
}

fn result(found: &ExplainedResult) -> ResultView {
    let link = Link::to(links::material(found.id, &found.title), &found.title);
    let mut lines = vec![match found.place {
        Some(place) => format!("Đứng thứ {place}."),
        None => "Không ở trong 50 kết quả đầu.".to_owned(),
    }];
    let Some(told) = &found.explanation else {
        lines.push("Không chứa từ nào của câu tìm, hoặc chưa công bố.".to_owned());
        return ResultView { link, lines, parts: Vec::new() };
    };
    let passages: Vec<String> = told.passages.iter().map(|score| number(*score, 2)).collect();
    lines.push(format!("Điểm {}, từ các đoạn khớp nhất: {}.", number(told.score, 2), passages.join("; ")));
    let (least, borne) = told.share;
    lines.push(format!(
        "Đoạn khớp nhất mang {} % sức nặng của câu tìm; từ {} % trở lên thì tính là khớp.",
        number(borne * 100.0, 0),
        number(least * 100.0, 0)
    ));
    if let Some(word) = &told.lacks {
        lines.push(format!("Thiếu từ “{word}”, từ hiếm nhất của câu tìm, nên chỉ là gần đúng."));
    }
    ResultView { link, lines, parts: told.parts.iter().map(part).collect() }
}

fn page(query: String, told: &Explained, frame: Frame) -> ExplainPage {
    ExplainPage {
        frame,
        back: links::search_for(&query),
        query,
        read_as: told.read_as.clone(),
        total: told.total,
        results: told.results.iter().map(result).collect(),
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let query = parameters.first("q").unwrap_or_default().to_owned();
    let material = parameters.first("hoc-lieu").filter(|id| !id.is_empty());
    let told = explain::for_staff(&state.context, &staff.signed_in.actor, &query, material).await?;
    let page = page(query, &told, Frame::new("Vì sao có kết quả này?").for_reader(staff.reader));
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use crate::actions::explain::Explanation;
    use crate::domain::id::MaterialId;
    let kinds = ["word", "pair", "title-word", "title-pair", "number"];
    let part = |kind| Part { words: "<thử>".to_owned(), kind, rarity: 1.0, times: 2.0, score: 3.0 };
    let explanation = Explanation {
        score: 1.5,
        passages: vec![1.0, 0.5],
        parts: kinds.map(part).into(),
        share: (0.5, 1.0),
        lacks: Some("<thử>".to_owned()),
    };
    let result = |place, explanation| ExplainedResult {
        place,
        id: MaterialId(uuid::Uuid::nil()),
        title: "<thử>".to_owned(),
        explanation,
    };
    let told = Explained {
        read_as: Some("<thử>".to_owned()),
        total: 2,
        results: vec![result(Some(1), Some(explanation)), result(None, None)],
    };
    let all = [told, Explained::default()];
    rendered(&all.map(|told| page("<thử>".to_owned(), &told, Frame::new("Vì sao"))))
}
