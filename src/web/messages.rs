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

/// A failure inside, for which nobody but us can do anything.
static INTERNAL: Message = message(
    "internal",
    StatusCode::INTERNAL_SERVER_ERROR,
    "Có lỗi ở phía máy chủ",
    "Lỗi đã được ghi lại. Nếu lặp lại, hãy báo cho chúng tôi kèm mã bên dưới.",
);

/// Every failure that a caller can do something about.
static MESSAGES: &[Message] = &[
    message(
        "page-missing",
        StatusCode::NOT_FOUND,
        "Không có trang này",
        "Địa chỉ có thể đã gõ nhầm hoặc đã cũ. Hãy thử tìm bằng vài từ.",
    ),
    message(
        "request-malformed",
        StatusCode::BAD_REQUEST,
        "Yêu cầu không đọc được",
        "Địa chỉ hoặc nội dung gửi lên bị hỏng hay không đúng kiểu. Hãy mở lại trang và làm lại.",
    ),
    message(
        "request-too-large",
        StatusCode::PAYLOAD_TOO_LARGE,
        "Nội dung gửi lên quá lớn",
        "Hãy rút ngắn nội dung rồi gửi lại.",
    ),
    message(
        "kind-unknown",
        StatusCode::BAD_REQUEST,
        "Không có loại gợi ý này",
        "kind phải là material, topic, organisation, area hoặc query.",
    ),
    message(
        "method-not-allowed",
        StatusCode::METHOD_NOT_ALLOWED,
        "Địa chỉ này không nhận cách gửi ấy",
        "Hãy mở địa chỉ bằng GET, hoặc dùng biểu mẫu trên trang.",
    ),
    message(
        "material-missing",
        StatusCode::NOT_FOUND,
        "Không tìm thấy học liệu này",
        "Học liệu có thể đã được gỡ hoặc địa chỉ bị nhầm. Hãy thử tìm bằng vài từ.",
    ),
    message(
        "material-page-missing",
        StatusCode::NOT_FOUND,
        "Học liệu không có trang này",
        "Học liệu không có đến số trang này. Hãy quay về trang đầu của học liệu.",
    ),
    message(
        "page-text-too-long",
        StatusCode::BAD_REQUEST,
        "Trang có quá nhiều chữ",
        "Một trang có nhiều nhất 50.000 ký tự. Hãy bỏ bớt chữ rồi lưu lại.",
    ),
    message(
        "page-changed",
        StatusCode::BAD_REQUEST,
        "Trang đã thay đổi sau khi bạn mở",
        "Người khác hoặc máy vừa thay chữ của trang này. Chữ bạn gõ còn ở dưới; lưu lần nữa sẽ thay chữ của họ.",
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
    message(
        "cursor-invalid",
        StatusCode::BAD_REQUEST,
        "Con trỏ trang không hợp lệ",
        "Hãy bắt đầu lại từ trang đầu; giá trị này lấy từ next của lần trước, sâu nhất 10.000 kết quả.",
    ),
    message("limit-invalid", StatusCode::BAD_REQUEST, "Số lượng không hợp lệ", "limit phải là một số nguyên từ 1."),
    message(
        "sort-unknown",
        StatusCode::BAD_REQUEST,
        "Không có cách xếp này",
        "sort phải là relevance, newest hoặc oldest.",
    ),
    message(
        "filter-unknown",
        StatusCode::BAD_REQUEST,
        "Không có giá trị lọc này",
        "Các giá trị lọc lấy từ facets của một lần tìm, hoặc từ danh sách chủ đề, cơ quan, địa bàn.",
    ),
    message(
        "filters-too-many",
        StatusCode::BAD_REQUEST,
        "Quá nhiều bộ lọc",
        "Hãy bỏ bớt bộ lọc: chỉ dùng được nhiều nhất 40 giá trị cùng lúc.",
    ),
    message(
        "account-missing",
        StatusCode::NOT_FOUND,
        "Không có tài khoản này",
        "Tài khoản có thể đã được xóa, hoặc không thuộc phần bạn quản lý.",
    ),
    message(
        "amendment-missing",
        StatusCode::NOT_FOUND,
        "Không có thay đổi này",
        "Thay đổi có thể đã được hủy. Hãy mở lại trang của cơ quan, địa bàn hoặc chủ đề.",
    ),
    message(
        "synonym-missing",
        StatusCode::NOT_FOUND,
        "Không có mục này",
        "Mục có thể đã được bỏ. Hãy mở lại danh sách từ đồng nghĩa.",
    ),
    message("job-missing", StatusCode::NOT_FOUND, "Không có việc này", "Việc có thể đã làm xong. Hãy mở lại hàng đợi."),
    message("session-missing", StatusCode::NOT_FOUND, "Không có phiên đăng nhập này", "Phiên có thể đã kết thúc."),
    message("token-missing", StatusCode::NOT_FOUND, "Không có mã truy cập này", "Mã có thể đã được thu hồi."),
    message(
        "complaint-missing",
        StatusCode::NOT_FOUND,
        "Không có phản ánh này",
        "Phản ánh có thể không thuộc phần bạn phụ trách.",
    ),
    message(
        "complaint-code",
        StatusCode::UNAUTHORIZED,
        "Không có phản ánh nào mang mã này",
        "Hãy xem lại mã đã ghi khi gửi phản ánh.",
    ),
    message("sign-in-required", StatusCode::UNAUTHORIZED, "Cần đăng nhập", "Hãy đăng nhập rồi thử lại."),
    message(
        "sign-in-failed",
        StatusCode::UNAUTHORIZED,
        "Không đăng nhập được",
        "Tên đăng nhập hoặc mật khẩu không đúng.",
    ),
    message("sign-in-again", StatusCode::UNAUTHORIZED, "Cần đăng nhập lại", "Hãy đăng nhập lại từ đầu."),
    message("second-step-failed", StatusCode::UNAUTHORIZED, "Mã bước hai không đúng", "Hãy nhập mã mới nhất."),
    message("password-wrong", StatusCode::UNAUTHORIZED, "Mật khẩu không đúng", "Hãy nhập lại mật khẩu hiện tại."),
    message(
        "link-invalid",
        StatusCode::UNAUTHORIZED,
        "Mã một lần không dùng được",
        "Mã không đúng, đã dùng hoặc đã hết hạn. Hãy xin người quản lý một mã mới.",
    ),
    message(
        "identity-refused",
        StatusCode::UNAUTHORIZED,
        "Chưa xác nhận được danh tính",
        "Hãy thử lại từ đầu, hoặc đăng nhập bằng mật khẩu.",
    ),
    message(
        "identity-unknown",
        StatusCode::UNAUTHORIZED,
        "Danh tính chưa gắn với tài khoản nào",
        "Hãy nhờ người quản lý ghi đúng địa chỉ thư của bạn vào tài khoản.",
    ),
    message(
        "identity-unreachable",
        StatusCode::SERVICE_UNAVAILABLE,
        "Hệ thống danh tính của tỉnh không trả lời",
        "Hãy thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu.",
    ),
    message(
        "token-invalid",
        StatusCode::UNAUTHORIZED,
        "Mã truy cập không dùng được",
        "Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi.",
    ),
    message(
        "not-allowed",
        StatusCode::FORBIDDEN,
        "Bạn không có quyền làm việc này",
        "Nếu cần quyền, hãy nhờ người quản lý của cơ quan hoặc quản trị viên của tỉnh.",
    ),
    message(
        "cross-site",
        StatusCode::FORBIDDEN,
        "Yêu cầu đến từ một trang khác",
        "Để an toàn, biểu mẫu chỉ được gửi từ chính trang này. Hãy mở lại trang và gửi lại.",
    ),
    message(
        "act-impossible",
        StatusCode::BAD_REQUEST,
        "Không làm được việc này lúc này",
        "Học liệu đang ở trạng thái khác. Hãy mở lại trang của học liệu.",
    ),
    message(
        "edit-impossible",
        StatusCode::BAD_REQUEST,
        "Không sửa được lúc này",
        "Học liệu đang chờ duyệt hoặc đã công bố. Hãy lấy lại để sửa, hoặc soạn phiên bản mới.",
    ),
    message(
        "material-changed",
        StatusCode::BAD_REQUEST,
        "Bản này vừa được sửa",
        "Người khác vừa sửa bản này. Hãy xem lại rồi quyết định.",
    ),
    message(
        "description-incomplete",
        StatusCode::BAD_REQUEST,
        "Mô tả còn thiếu",
        "Cần tiêu đề, ít nhất một chủ đề và ngôn ngữ.",
    ),
    message("reason-missing", StatusCode::BAD_REQUEST, "Chưa ghi lý do", "Hãy ghi lý do để người khác biết vì sao."),
    message(
        "publish-day-invalid",
        StatusCode::BAD_REQUEST,
        "Ngày công bố không dùng được",
        "Hãy chọn một ngày sau hôm nay, không quá hai năm.",
    ),
    message(
        "upload-missing",
        StatusCode::NOT_FOUND,
        "Không có tệp tải lên này",
        "Tệp tải dở có thể đã quá hạn hoặc đã được bỏ. Hãy chọn tệp và tải lại từ đầu.",
    ),
    message(
        "upload-over",
        StatusCode::GONE,
        "Tệp này đã được xử lý xong",
        "Hãy xem kết quả trong danh sách tệp đã tải lên.",
    ),
    message(
        "upload-offset",
        StatusCode::CONFLICT,
        "Phần gửi lên không nối tiếp phần đã có",
        "Hãy hỏi lại số byte đã nhận rồi gửi tiếp từ đó.",
    ),
    message("upload-busy", StatusCode::LOCKED, "Tệp này đang được xử lý", "Hãy đợi một lát rồi thử lại."),
    message(
        "upload-too-long",
        StatusCode::PAYLOAD_TOO_LARGE,
        "Phần gửi lên dài hơn cỡ tệp đã báo",
        "Hãy kiểm tra tệp rồi gửi lại từ đầu.",
    ),
    message(
        "upload-too-many",
        StatusCode::TOO_MANY_REQUESTS,
        "Quá nhiều tệp tải dở",
        "Hãy tải nốt hoặc bỏ bớt rồi thêm tệp mới.",
    ),
    message(
        "upload-account-full",
        StatusCode::TOO_MANY_REQUESTS,
        "Đã tải lên đủ mức của một ngày",
        "Hãy bỏ bớt tệp tải dở, hoặc đợi đến mai.",
    ),
    message(
        "upload-total-full",
        StatusCode::TOO_MANY_REQUESTS,
        "Cả tỉnh đã tải lên đủ mức của một ngày",
        "Hãy đợi đến mai, hoặc báo cho quản trị viên.",
    ),
    message(
        "upload-headers",
        StatusCode::BAD_REQUEST,
        "Thiếu hoặc sai tiêu đề của giao thức tus",
        "Cần Upload-Length khi bắt đầu, Upload-Offset khi gửi tiếp, và Upload-Metadata đúng dạng.",
    ),
    message(
        "upload-version",
        StatusCode::PRECONDITION_FAILED,
        "Không hỗ trợ phiên bản tus này",
        "Hãy gửi Tus-Resumable: 1.0.0.",
    ),
    message(
        "upload-type",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Kiểu nội dung không đúng",
        "Phần của tệp phải gửi với Content-Type: application/offset+octet-stream.",
    ),
    message(
        "multipart-invalid",
        StatusCode::BAD_REQUEST,
        "Không đọc được biểu mẫu gửi lên",
        "Hãy gửi multipart/form-data, có phần \"file\".",
    ),
    message("file-part-missing", StatusCode::BAD_REQUEST, "Chưa có tệp nào", "Hãy chọn ít nhất một tệp rồi gửi lại."),
    message(
        "metadata-not-object",
        StatusCode::BAD_REQUEST,
        "Phần mô tả không đúng dạng",
        "Phần \"metadata\" phải là một đối tượng JSON.",
    ),
    message(
        "file-too-large",
        StatusCode::PAYLOAD_TOO_LARGE,
        "Tệp quá lớn",
        "Hãy chia nhỏ tệp hoặc giảm cỡ ảnh bên trong.",
    ),
    message(
        "file-empty",
        StatusCode::UNPROCESSABLE_ENTITY,
        "Tệp không có nội dung",
        "Hãy kiểm tra lại và chọn đúng tệp.",
    ),
    message(
        "file-unsupported",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Chưa đọc được loại tệp này",
        "Hãy dùng PDF, Word, PowerPoint, Excel, ODT, RTF, EPUB, HTML, Markdown hoặc văn bản thường.",
    ),
    message(
        "file-damaged",
        StatusCode::UNPROCESSABLE_ENTITY,
        "Tệp bị hỏng",
        "Hãy mở tệp, lưu lại một bản mới rồi tải lên lần nữa.",
    ),
    message(
        "file-encrypted",
        StatusCode::UNPROCESSABLE_ENTITY,
        "Tệp có mật khẩu",
        "Hãy bỏ mật khẩu, lưu lại rồi tải lên lần nữa.",
    ),
    message(
        "file-infected",
        StatusCode::UNPROCESSABLE_ENTITY,
        "Tệp bị nhiễm mã độc",
        "Hãy quét máy của bạn rồi dùng một bản sạch.",
    ),
    message(
        "antivirus-unavailable",
        StatusCode::SERVICE_UNAVAILABLE,
        "Chưa kiểm tra được vi-rút",
        "Hãy thử lại sau; nếu vẫn không được, hãy báo cho quản trị viên.",
    ),
    message("value-invalid", StatusCode::BAD_REQUEST, "Giá trị không hợp lệ", "Hãy sửa giá trị rồi thử lại."),
    message(
        "disk-full",
        StatusCode::INSUFFICIENT_STORAGE,
        "Máy chủ sắp hết chỗ chứa",
        "Tạm thời chưa nhận thêm tệp. Hãy báo cho quản trị viên; việc đọc và tìm vẫn bình thường.",
    ),
    message("course-missing", StatusCode::NOT_FOUND, "Không có chuyên đề này", "Hãy chọn trong danh sách chuyên đề."),
    message(
        "class-missing",
        StatusCode::NOT_FOUND,
        "Không có lớp này",
        "Lớp có thể chưa đăng hoặc địa chỉ bị nhầm. Hãy xem danh sách lớp học.",
    ),
    message(
        "meeting-missing",
        StatusCode::NOT_FOUND,
        "Không có buổi này",
        "Lịch của lớp có thể đã đổi. Hãy mở lại trang của lớp.",
    ),
    message("venue-missing", StatusCode::NOT_FOUND, "Không có địa điểm này", "Hãy chọn trong danh sách địa điểm."),
    message(
        "speaker-missing",
        StatusCode::NOT_FOUND,
        "Không có báo cáo viên này",
        "Hãy chọn trong danh sách báo cáo viên.",
    ),
    message(
        "centre-invalid",
        StatusCode::BAD_REQUEST,
        "Chưa chọn nơi mở lớp",
        "Hãy chọn trung tâm hoặc cơ quan mở lớp.",
    ),
    message("class-title", StatusCode::BAD_REQUEST, "Chưa ghi tên", "Hãy ghi tên, không quá dài."),
    message("class-type", StatusCode::BAD_REQUEST, "Chưa chọn loại lớp", "Hãy chọn loại lớp."),
    message("class-topic", StatusCode::BAD_REQUEST, "Chưa chọn chủ đề", "Hãy chọn ít nhất một chủ đề."),
    message("class-registration", StatusCode::BAD_REQUEST, "Chưa chọn cách đăng ký", "Hãy chọn cách đăng ký."),
    message("class-count", StatusCode::BAD_REQUEST, "Chưa chọn cách đếm người học", "Hãy chọn cách đếm người học."),
    message(
        "class-contradiction",
        StatusCode::BAD_REQUEST,
        "Hai lựa chọn trái nhau",
        "Lớp chỉ đếm số người thì không nhận đăng ký có tên.",
    ),
    message(
        "class-over",
        StatusCode::BAD_REQUEST,
        "Lớp đã kết thúc hoặc đã hủy",
        "Lớp đã kết thúc hoặc đã hủy nên không sửa được nữa.",
    ),
    message(
        "class-act-impossible",
        StatusCode::BAD_REQUEST,
        "Không làm được việc này lúc này",
        "Lớp đang ở trạng thái khác. Hãy mở lại trang của lớp.",
    ),
    message("class-without-meetings", StatusCode::BAD_REQUEST, "Lớp chưa có buổi nào", "Hãy xếp lịch trước khi đăng."),
    message(
        "class-without-venue",
        StatusCode::BAD_REQUEST,
        "Có buổi chưa có địa điểm",
        "Hãy chọn địa điểm để bà con biết đến đâu.",
    ),
    message(
        "number-invalid",
        StatusCode::BAD_REQUEST,
        "Không phải là số",
        "Hãy ghi một số nguyên trong khoảng cho phép.",
    ),
    message("day-invalid", StatusCode::BAD_REQUEST, "Không phải là ngày", "Hãy ghi như 24/12/2026."),
    message("time-invalid", StatusCode::BAD_REQUEST, "Không phải là giờ", "Hãy ghi như 19:00."),
    message("plan-pattern", StatusCode::BAD_REQUEST, "Chưa chọn cách lặp", "Hãy chọn lớp học một buổi hay nhiều buổi."),
    message("plan-ending", StatusCode::BAD_REQUEST, "Lịch không có điểm dừng", "Hãy ghi số buổi, hoặc ngày cuối cùng."),
    message(
        "plan-times",
        StatusCode::BAD_REQUEST,
        "Giờ kết thúc chưa đúng",
        "Giờ kết thúc phải sau giờ bắt đầu, trong cùng một ngày.",
    ),
    message("plan-weekdays", StatusCode::BAD_REQUEST, "Chưa chọn thứ", "Hãy chọn ít nhất một thứ trong tuần."),
    message(
        "plan-every",
        StatusCode::BAD_REQUEST,
        "Khoảng cách không dùng được",
        "Khoảng cách giữa các tuần hoặc tháng là từ 1 đến 8.",
    ),
    message(
        "plan-empty",
        StatusCode::BAD_REQUEST,
        "Không có buổi nào",
        "Không có ngày nào như vậy. Hãy xem lại ngày bắt đầu và kết thúc.",
    ),
    message(
        "plan-too-long",
        StatusCode::BAD_REQUEST,
        "Quá nhiều buổi",
        "Một lớp có nhiều nhất 200 buổi trong hai năm.",
    ),
    message("room-taken", StatusCode::BAD_REQUEST, "Địa điểm đã có việc khác", "Hãy đổi ngày, giờ hoặc địa điểm."),
    message(
        "meeting-over",
        StatusCode::BAD_REQUEST,
        "Buổi này đã có điểm danh",
        "Buổi đã có điểm danh nên không dời hay hủy được nữa.",
    ),
    message(
        "meeting-same",
        StatusCode::BAD_REQUEST,
        "Buổi này vẫn như cũ",
        "Hãy mở lại trang của lớp để xem lịch hiện nay.",
    ),
    message(
        "venue-unknown",
        StatusCode::BAD_REQUEST,
        "Không có địa điểm này",
        "Hãy chọn một địa điểm trong danh sách.",
    ),
    message("venue-name", StatusCode::BAD_REQUEST, "Chưa ghi tên địa điểm", "Hãy ghi tên địa điểm."),
    message("venue-area", StatusCode::BAD_REQUEST, "Chưa chọn xã, phường", "Hãy chọn xã, phường nơi có địa điểm."),
    message("venue-kind", StatusCode::BAD_REQUEST, "Chưa chọn loại địa điểm", "Hãy chọn loại địa điểm."),
    message(
        "venue-place",
        StatusCode::BAD_REQUEST,
        "Tọa độ không đọc được",
        "Hãy chép hai số từ bản đồ, như 16.8163, 107.1003, hoặc để trống.",
    ),
    message("block-what", StatusCode::BAD_REQUEST, "Chưa ghi việc gì", "Hãy ghi việc gì, như đám cưới, họp thôn."),
    message(
        "block-times",
        StatusCode::BAD_REQUEST,
        "Thời gian chưa đúng",
        "Lúc xong phải sau lúc bắt đầu, không quá 60 ngày.",
    ),
    message("speaker-name", StatusCode::BAD_REQUEST, "Chưa ghi họ tên", "Hãy ghi họ tên báo cáo viên."),
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
];

/// Every failure of the service.
pub(super) fn all() -> impl Iterator<Item = &'static Message> {
    MESSAGES.iter().chain([&INTERNAL])
}

/// The message with a code.
pub(super) fn find(code: &str) -> Option<&'static Message> {
    all().find(|message| message.code == code)
}

/// The message with a code; the one for inner failures where there is none.
pub(super) fn by_code(code: &str) -> &'static Message {
    find(code).unwrap_or(&INTERNAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_never_taken_away() {
        let codes: Vec<_> = all().map(|message| (message.code, message.status.as_u16())).collect();
        insta::assert_debug_snapshot!(codes);
    }
}
