//! Letters to staff: what happened, in plain words.

use serde::{Deserialize, Serialize};

/// What a letter tells of a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// It waits for a decision.
    Waits,
    /// It was sent back.
    Returned,
    /// It is public.
    Published,
}

/// What the words of a letter are made of.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub news: News,
    pub reader: &'a str,
    pub title: &'a str,
    pub organisation: &'a str,
    /// What was said with it; may be empty.
    pub remark: &'a str,
    /// The material's page for staff.
    pub address: &'a str,
}

/// What a letter tells of a request for a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestNews {
    /// It waits for an answer.
    Asked,
    /// Somebody comes.
    Granted,
    /// Nobody comes.
    Declined,
    /// It was taken back.
    Withdrawn,
    /// Nobody answered in time.
    Lapsed,
    /// Nobody answered in time, for the body that guides the centres.
    Raised,
}

/// What the words of a letter about a request are made of.
#[derive(Debug, Clone)]
pub struct RequestFacts<'a> {
    pub news: RequestNews,
    pub reader: &'a str,
    pub subject: &'a str,
    /// Who asks.
    pub centre: &'a str,
    /// Who is asked.
    pub asked: &'a str,
    /// Who comes.
    pub speaker: &'a str,
    /// The dates, in words.
    pub dates: &'a str,
    /// The last day for an answer.
    pub reply_by: &'a str,
    /// What was said with it; may be empty.
    pub remark: &'a str,
    pub address: &'a str,
}

/// The subject and text of a letter about a request.
pub fn request_words(facts: &RequestFacts<'_>) -> (String, String) {
    let RequestFacts { subject, centre, asked, speaker, dates, reply_by, .. } = facts;
    let (head, told, next) = match facts.news {
        RequestNews::Asked => (
            "Mời báo cáo viên",
            format!("{centre} mời {asked} cử báo cáo viên về “{subject}”: {dates}.\nHạn trả lời: {reply_by}."),
            "Xem và trả lời tại",
        ),
        RequestNews::Granted => {
            ("Đã có báo cáo viên", format!("{asked} cử {speaker} dạy “{subject}”: {dates}."), "Xem tại")
        }
        RequestNews::Declined => (
            "Không cử được báo cáo viên",
            format!("{asked} không cử được báo cáo viên về “{subject}”: {dates}."),
            "Mời nơi khác tại",
        ),
        RequestNews::Withdrawn => {
            ("Đã rút lời mời", format!("{centre} không cần báo cáo viên về “{subject}” nữa: {dates}."), "Xem tại")
        }
        RequestNews::Lapsed => (
            "Lời mời quá hạn",
            format!("{asked} chưa trả lời lời mời về “{subject}”: {dates}. Hạn là {reply_by}."),
            "Hỏi lại hoặc mời nơi khác tại",
        ),
        RequestNews::Raised => (
            "Lời mời chưa ai trả lời",
            format!(
                "{centre} mời {asked} cử báo cáo viên về “{subject}”: {dates}. Đã quá hạn {reply_by} mà chưa trả lời."
            ),
            "Xem tại",
        ),
    };
    let remark = if facts.remark.is_empty() { String::new() } else { format!("Lời nhắn: {}\n\n", facts.remark) };
    let text = format!(
        "Chào {},\n\n{told}\n\n{remark}{next}: {}\n\nThư này được gửi tự động. Muốn thôi nhận, hãy xóa địa chỉ thư trong trang tài khoản.\n",
        facts.reader, facts.address
    );
    (format!("{head}: {subject}"), text)
}

/// A letter's subject and text.
pub fn words(facts: &Facts<'_>) -> (String, String) {
    let title = if facts.title.is_empty() { "Chưa có tiêu đề" } else { facts.title };
    let organisation = facts.organisation;
    let (subject, told, next) = match facts.news {
        News::Waits => (
            format!("Chờ duyệt: {title}"),
            format!("{organisation} vừa gửi duyệt học liệu “{title}”."),
            "Xem và quyết định tại",
        ),
        News::Returned => (
            format!("Bị trả lại: {title}"),
            format!("Người duyệt đã trả lại học liệu “{title}” để sửa."),
            "Sửa và gửi lại tại",
        ),
        News::Published => (
            format!("Đã công bố: {title}"),
            format!("Học liệu “{title}” đã được công bố. Mọi người tìm và đọc được từ bây giờ."),
            "Xem tại",
        ),
    };
    let remark = if facts.remark.is_empty() { String::new() } else { format!("Lời nhắn: {}\n\n", facts.remark) };
    let text = format!(
        "Chào {},\n\n{told}\n\n{remark}{next}: {}\n\nThư này được gửi tự động. Muốn thôi nhận, hãy xóa địa chỉ thư trong trang tài khoản.\n",
        facts.reader, facts.address
    );
    (subject, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_what_happened_why_and_where_to_go() {
        let facts = Facts {
            news: News::Returned,
            reader: "Lan",
            title: "Trồng ném",
            organisation: "Sở",
            remark: "Thiếu liều lượng.",
            address: "https://hoclieu.vn/quan-ly/hoc-lieu/1",
        };
        let (subject, text) = words(&facts);
        assert_eq!(subject, "Bị trả lại: Trồng ném");
        for told in ["Chào Lan,", "“Trồng ném”", "Lời nhắn: Thiếu liều lượng.", "https://hoclieu.vn/quan-ly/hoc-lieu/1"]
        {
            assert!(text.contains(told), "{told}: {text}");
        }
    }
}
