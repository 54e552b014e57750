//! What a searcher is told besides the results: what of the search could not be used, and what to do about it.

use crate::actions::search::SearchRequest;
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::Facet;
use crate::domain::id::{AreaId, OrganisationId, TopicId};
use crate::domain::language::Language;
use crate::domain::material::{Audience, Kind, Level};

/// Refuses a search whose filters name values that the library does not know: a program that mistypes one should hear
/// of it, not be told that there are no materials.
///
/// # Errors
/// `Invalid`, naming the first such value.
pub async fn check_filters(context: &Context, request: &SearchRequest) -> Result<(), ActionError> {
    match unknown_filters(context, &request.filters).await?.first() {
        None => Ok(()),
        Some((facet, value)) => {
            Err(ActionError::Invalid { field: "filters", code: "filter-unknown", reason: unknown(*facet, value) })
        }
    }
}

/// What a person is told, and whether a filter names an unknown value.
pub(super) struct Advice {
    pub(super) lines: Vec<String>,
    pub(super) unknown_filter: bool,
}

/// The lines for a person: nothing readable in the words, values that do not exist, an answer cut short.
pub(super) async fn of(context: &Context, request: &SearchRequest, timed_out: bool) -> Result<Advice, ActionError> {
    let mut lines = Vec::new();
    if !request.query.is_empty() && !request.query.contains(char::is_alphanumeric) {
        lines.push("Câu tìm chỉ gồm ký hiệu nên không tìm được gì; hãy gõ ít nhất một từ hoặc một số.".to_owned());
    }
    let unknown_filters = unknown_filters(context, &request.filters).await?;
    lines.extend(unknown_filters.iter().map(|(facet, value)| unknown(*facet, value)));
    if timed_out {
        lines.push("Kết quả có thể chưa đủ vì câu tìm mất quá nhiều thời gian; hãy tìm với ít từ hơn.".to_owned());
    }
    Ok(Advice { lines, unknown_filter: !unknown_filters.is_empty() })
}

fn unknown(facet: Facet, value: &str) -> String {
    let noun = match facet {
        Facet::Topic => "chủ đề",
        Facet::Organisation => "cơ quan",
        Facet::Area => "địa bàn",
        Facet::Kind => "loại tài liệu",
        Facet::Language => "ngôn ngữ",
        Facet::Level => "trình độ",
        Facet::Audience => "đối tượng",
        Facet::Year => "năm",
    };
    let shown: String = value.chars().take(60).collect();
    format!("Không có {noun} nào mang mã «{shown}»; hãy bỏ bộ lọc này hoặc chọn giá trị khác.")
}

/// The filters whose values neither the catalogue nor any material knows.
async fn unknown_filters(context: &Context, filters: &[(Facet, String)]) -> Result<Vec<(Facet, String)>, ActionError> {
    let catalogue = context.catalogue();
    let doubtful = filters.iter().filter(|(facet, value)| !is_known(&catalogue, *facet, value));
    let mut doubtful: Vec<_> = doubtful.cloned().collect();
    if !doubtful.is_empty() {
        let counts = context.counts().await?;
        let borne =
            |facet: Facet, value: &str| counts.get(facet.code()).is_some_and(|values| values.contains_key(value));
        doubtful.retain(|(facet, value)| !borne(*facet, value));
    }
    Ok(doubtful)
}

fn is_known(catalogue: &Catalogue, facet: Facet, value: &str) -> bool {
    match facet {
        Facet::Topic => TopicId::parse(value).is_ok_and(|id| catalogue.topic(&id).is_some()),
        Facet::Organisation => OrganisationId::parse(value).is_ok_and(|id| catalogue.organisation(&id).is_some()),
        Facet::Area => AreaId::parse(value).is_ok_and(|id| catalogue.area(&id).is_some()),
        Facet::Kind => Kind::from_code(value).is_some(),
        Facet::Level => Level::from_code(value).is_some(),
        Facet::Audience => Audience::from_code(value).is_some(),
        Facet::Language => Language::parse(value).is_ok(),
        Facet::Year => value.len() == 4 && value.parse::<u16>().is_ok(),
    }
}
