//! Ways on from a search that found nothing or little, as links.

use super::view::Link;
use crate::actions::search::{Change, FewerWords, Help, SearchRequest, Wider};
use crate::web::links;

/// What a result page offers beside its results.
pub(super) struct HelpView {
    pub(super) ways: Vec<Way>,
    pub(super) topics: Vec<Link>,
}

/// One way on.
pub(super) struct Way {
    pub(super) lead: String,
    pub(super) url: String,
    pub(super) label: String,
    pub(super) count: usize,
}

impl HelpView {
    pub(super) fn of(help: &Help, request: &SearchRequest) -> Self {
        let fewer = help.fewer_words.iter().map(|way| fewer(way, request));
        let topic = |(topic, count): &(crate::domain::topic::Topic, usize)| {
            Link::to(links::topic(topic.id.as_str()), &format!("{} ({count})", topic.label))
        };
        Self {
            ways: fewer.chain(help.wider.iter().map(wider)).collect(),
            topics: help.topics.iter().map(topic).collect(),
        }
    }
}

fn fewer(way: &FewerWords, request: &SearchRequest) -> Way {
    let dropped: Vec<String> = way.dropped.iter().map(|word| format!("“{word}”")).collect();
    let filters = if way.request.filters == request.filters { "" } else { " và bỏ mọi bộ lọc" };
    Way {
        lead: format!("Bớt {}{filters}: ", dropped.join(", ")),
        url: links::search(&way.request),
        label: way.request.query.clone(),
        count: way.count,
    }
}

fn wider(way: &Wider) -> Way {
    let (lead, label) = match &way.change {
        Change::Without { label, .. } => ("Bỏ lọc: ", label.clone()),
        Change::WithoutAll => ("", "Bỏ mọi bộ lọc".to_owned()),
        Change::Broader { topic } => ("Tìm trong chủ đề rộng hơn: ", topic.label.clone()),
    };
    Way { lead: lead.to_owned(), url: links::search(&way.request), label, count: way.count }
}
