//! What can go wrong, by stable codes: programs may rely on them, so none is ever taken away.

use axum::http::StatusCode;

/// A failure as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    /// Stable, for programs.
    pub(super) code: &'static str,
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    /// What to do.
    pub(super) detail: &'static str,
}

const fn message(code: &'static str, status: StatusCode, title: &'static str, detail: &'static str) -> Message {
    Message { code, status, title, detail }
}

/// Every failure of the service.
pub(super) const MESSAGES: [Message; 13] = [
    message(
        "page-missing",
        StatusCode::NOT_FOUND,
        "Không có trang này",
        "Địa chỉ có thể đã gõ nhầm hoặc đã cũ. Hãy tìm bằng ô bên dưới.",
    ),
    message(
        "material-missing",
        StatusCode::NOT_FOUND,
        "Không tìm thấy học liệu này",
        "Học liệu có thể đã được gỡ hoặc địa chỉ bị nhầm. Hãy tìm bằng ô bên dưới.",
    ),
    message(
        "material-page-missing",
        StatusCode::NOT_FOUND,
        "Học liệu không có trang này",
        "Học liệu không có đến số trang này. Hãy quay về trang đầu của học liệu.",
    ),
    message(
        "page-image-missing",
        StatusCode::NOT_FOUND,
        "Trang này không có ảnh",
        "Chỉ trang quét từ giấy mới có ảnh, và ảnh hỏng thì không mở được. Hãy quay lại trang học liệu và tải tệp gốc.",
    ),
    message(
        "file-missing",
        StatusCode::NOT_FOUND,
        "Không tìm thấy tệp này",
        "Tệp có thể đã được thay bằng bản mới. Hãy mở lại trang học liệu.",
    ),
    message("topic-missing", StatusCode::NOT_FOUND, "Không có chủ đề này", "Hãy chọn trong danh sách chủ đề."),
    message("organisation-missing", StatusCode::NOT_FOUND, "Không có cơ quan này", "Hãy chọn trong danh sách cơ quan."),
    message("area-missing", StatusCode::NOT_FOUND, "Không có địa bàn này", "Hãy chọn trong danh sách địa bàn."),
    message("value-invalid", StatusCode::BAD_REQUEST, "Giá trị không hợp lệ", "Hãy sửa giá trị rồi thử lại."),
    message(
        "too-many-requests",
        StatusCode::TOO_MANY_REQUESTS,
        "Quá nhiều yêu cầu trong một phút",
        "Hãy đợi một lát rồi thử lại.",
    ),
    message(
        "too-slow",
        StatusCode::SERVICE_UNAVAILABLE,
        "Máy chủ đang bận",
        "Hãy thử lại sau ít phút, hoặc tìm với ít từ hơn.",
    ),
    message(
        "index-building",
        StatusCode::SERVICE_UNAVAILABLE,
        "Đang chuẩn bị chỉ mục tìm kiếm",
        "Việc này xảy ra sau khi nâng cấp và chỉ mất ít phút. Hãy thử lại sau.",
    ),
    message(
        "internal",
        StatusCode::INTERNAL_SERVER_ERROR,
        "Có lỗi ở phía máy chủ",
        "Lỗi đã được ghi lại. Nếu lặp lại, hãy báo cho chúng tôi kèm mã bên dưới.",
    ),
];

/// The message with a code; the one for inner failures where there is none.
pub(super) fn by_code(code: &str) -> Message {
    let [.., internal] = MESSAGES;
    MESSAGES.into_iter().find(|message| message.code == code).unwrap_or(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_never_taken_away() {
        let codes: Vec<_> = MESSAGES.iter().map(|message| (message.code, message.status.as_u16())).collect();
        insta::assert_debug_snapshot!(codes);
    }
}
