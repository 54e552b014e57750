//! Tells in words why results stand where they stand.

use crate::actions::explain::{Explained, ExplainedResult, Part};
use crate::actions::progress::Progress;

/// How many parts of a score are told.
const PARTS: usize = 12;

/// Tells the reasons line by line.
pub(super) fn tell(words: &str, explained: &Explained, progress: &dyn Progress) {
    progress.say(&format!("“{words}”: {} học liệu.", explained.total));
    if let Some(read_as) = &explained.read_as {
        progress.say(&format!("Đọc là: “{read_as}”."));
    }
    for result in &explained.results {
        progress.say("");
        tell_result(result, progress);
    }
}

fn tell_result(result: &ExplainedResult, progress: &dyn Progress) {
    let place = result.place.map_or_else(|| "ngoài 50 kết quả đầu".to_owned(), |place| format!("thứ {place}"));
    progress.say(&format!("{} ({}), {place}", result.title, result.id));
    let Some(explanation) = &result.explanation else {
        progress.say("  Không chứa từ nào của câu tìm, hoặc chưa công bố.");
        return;
    };
    let passages: Vec<String> = explanation.passages.iter().map(|score| format!("{score:.2}")).collect();
    progress.say(&format!("  Điểm {:.2}; các đoạn tốt nhất: {}.", explanation.score, passages.join(", ")));
    let (least, borne) = explanation.share;
    progress.say(&format!(
        "  Đoạn tốt nhất chứa {:.0} % trọng số của câu tìm; từ {:.0} % thì được tính là khớp.",
        borne * 100.0,
        least * 100.0
    ));
    for part in explanation.parts.iter().take(PARTS) {
        progress.say(&format!("  {:>7.2}  {}", part.score, reason(part)));
    }
}

fn reason(part: &Part) -> String {
    let what = match part.kind {
        "pair" => "hai từ liền nhau",
        "title-word" => "từ trong nhan đề",
        "title-pair" => "hai từ liền nhau trong nhan đề",
        "number" => "số hiệu văn bản",
        _ => "từ",
    };
    format!("{what} “{}”: gặp {:.1} lần, độ hiếm {:.2}", part.words, part.times, part.rarity)
}
