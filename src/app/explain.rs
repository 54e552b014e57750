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
    if let Some(word) = &explanation.lacks {
        progress.say(&format!("  Thiếu từ “{word}”, từ hiếm nhất của câu tìm, nên chỉ là gần đúng."));
    }
    for part in explanation.parts.iter().take(PARTS) {
        progress.say(&format!("  {:>7.2}  {}", part.score, reason(part)));
    }
}

fn reason(part: &Part) -> String {
    let what = match part.kind {
        "pair" => "hai từ liền nhau",
        "title-word" => "từ trong tiêu đề",
        "title-pair" => "hai từ liền nhau trong tiêu đề",
        "number" => "số hiệu văn bản",
        _ => "từ",
    };
    // Other readings and wordings count in part.
    let times = if part.times < 0.5 {
        "gặp ở dạng gần giống".to_owned()
    } else {
        format!("gặp {:.0} lần", part.times)
    };
    format!("{what} “{}”: {times}, độ hiếm {:.1}", part.words, part.rarity)
}
