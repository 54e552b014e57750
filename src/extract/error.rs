//! Why a file gave no text: stable codes, words for people, words for the log.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why an extraction failed; every cause has a stable code and a Vietnamese message.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "code", content = "detail", rename_all = "kebab-case")]
pub enum ExtractError {
    /// The file has no bytes, or only blank ones.
    #[error("the file is empty")]
    FileEmpty,
    /// The file has more bytes than are read.
    #[error("the file has {size_bytes} bytes, the limit is {limit_bytes}")]
    FileTooLarge {
        /// Its length.
        size_bytes: u64,
        /// The longest that is read.
        limit_bytes: u64,
    },
    /// The content is of no kind that text can be read from.
    #[error("files of type {media_type} are not read")]
    FileUnsupported {
        /// What the content looks like.
        media_type: String,
    },
    /// The content begins like a known kind and breaks its rules.
    #[error("the file is damaged: {0}")]
    FileDamaged(String),
    /// The file opens with a password only.
    #[error("the file is encrypted")]
    FileEncrypted,
    /// The file has more pages, slides or rows of pages than are read.
    #[error("the file has more than {limit} pages")]
    FileTooManyPages {
        /// The most that are read.
        limit: u32,
    },
    /// The packed file would become too large, or holds too many entries.
    #[error("the packed file unpacks beyond {limit_bytes} bytes or holds too many entries")]
    FileInflates {
        /// The most that is unpacked.
        limit_bytes: u64,
    },
    /// The text found is longer than is kept.
    #[error("the text is longer than {limit_bytes} bytes")]
    TextTooLong {
        /// The most that is kept.
        limit_bytes: u64,
    },
    /// Reading took longer than allowed.
    #[error("the extraction took longer than {limit_ms} ms of computing or four times that on the clock")]
    ExtractionTimeout {
        /// The computing time allowed.
        limit_ms: u64,
    },
    /// Reading needed more memory than allowed.
    #[error("the extraction needed more than {limit_bytes} bytes of memory")]
    ExtractionMemory {
        /// The memory allowed.
        limit_bytes: u64,
    },
    /// The child process ended without an answer.
    #[error("the extraction process failed: {0}")]
    ExtractionFailed(String),
    /// The child process could not be started or fed.
    #[error("the extraction process cannot be run: {0}")]
    ExtractionUnavailable(String),
}

impl ExtractError {
    /// The code that programs and tests may rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileEmpty => "file-empty",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::FileUnsupported { .. } => "file-unsupported",
            Self::FileDamaged(_) => "file-damaged",
            Self::FileEncrypted => "file-encrypted",
            Self::FileTooManyPages { .. } => "file-too-many-pages",
            Self::FileInflates { .. } => "file-inflates",
            Self::TextTooLong { .. } => "text-too-long",
            Self::ExtractionTimeout { .. } => "extraction-timeout",
            Self::ExtractionMemory { .. } => "extraction-memory",
            Self::ExtractionFailed(_) => "extraction-failed",
            Self::ExtractionUnavailable(_) => "extraction-unavailable",
        }
    }

    /// What a person is told: what is wrong and what to do about it.
    pub fn message_vi(&self) -> String {
        match self {
            Self::FileEmpty => "Tệp không có nội dung. Hãy kiểm tra lại và chọn đúng tệp.".to_owned(),
            Self::FileTooLarge { size_bytes, limit_bytes } => format!(
                "Tệp nặng {}, quá mức {}. Hãy chia nhỏ tệp hoặc giảm cỡ ảnh bên trong.",
                size_vi(*size_bytes),
                size_vi(*limit_bytes)
            ),
            Self::FileUnsupported { .. } => "Chưa đọc được loại tệp này. Hãy dùng PDF, Word (.docx, .doc), PowerPoint \
                 (.pptx), Excel (.xlsx), ODT, RTF, EPUB, HTML, Markdown hoặc văn bản thường (.txt)."
                .to_owned(),
            Self::FileDamaged(_) => "Tệp bị hỏng hoặc tải lên chưa hết. Hãy mở tệp trên máy của bạn, lưu lại một \
                 bản mới rồi tải lên lần nữa."
                .to_owned(),
            Self::FileEncrypted => {
                "Tệp có mật khẩu nên không đọc được. Hãy bỏ mật khẩu, lưu lại rồi tải lên lần nữa.".to_owned()
            }
            Self::FileTooManyPages { limit } => {
                format!("Tệp có hơn {limit} trang. Hãy chia thành nhiều tệp nhỏ hơn.")
            }
            Self::FileInflates { limit_bytes } => format!(
                "Nội dung nén trong tệp bung ra quá lớn (hơn {}) nên tệp bị từ chối. Hãy lưu lại tệp bằng chương \
                 trình soạn thảo, hoặc chia nhỏ.",
                size_vi(*limit_bytes)
            ),
            Self::TextTooLong { .. } => "Tệp có quá nhiều chữ. Hãy chia thành nhiều tệp nhỏ hơn.".to_owned(),
            Self::ExtractionTimeout { .. } => "Đọc tệp mất quá nhiều thời gian nên đã dừng. Tệp có thể bị lỗi hoặc \
                 quá phức tạp; hãy lưu lại dưới dạng PDF hoặc DOCX mới rồi thử lại."
                .to_owned(),
            Self::ExtractionMemory { .. } => "Đọc tệp cần quá nhiều bộ nhớ nên đã dừng. Hãy chia nhỏ tệp hoặc lưu \
                 lại dưới dạng mới rồi thử lại."
                .to_owned(),
            Self::ExtractionFailed(_) => "Không đọc được tệp này. Hãy lưu lại một bản mới rồi thử lại; nếu vẫn \
                 không được, hãy báo cho người quản trị."
                .to_owned(),
            Self::ExtractionUnavailable(_) => {
                "Máy chủ đang không đọc được tệp nào. Hãy thử lại sau; nếu vẫn không được, hãy báo cho người quản trị."
                    .to_owned()
            }
        }
    }
}

fn size_vi(bytes: u64) -> String {
    const MEGABYTE: u64 = 1024 * 1024;
    if bytes < MEGABYTE { format!("{} KB", bytes.div_ceil(1024)) } else { format!("{} MB", bytes / MEGABYTE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_json_are_the_codes_in_the_table() {
        let all = [
            ExtractError::FileEmpty,
            ExtractError::FileTooLarge { size_bytes: 2, limit_bytes: 1 },
            ExtractError::FileUnsupported { media_type: "x/y".into() },
            ExtractError::FileDamaged("cut".into()),
            ExtractError::FileEncrypted,
            ExtractError::FileTooManyPages { limit: 1 },
            ExtractError::FileInflates { limit_bytes: 1 },
            ExtractError::TextTooLong { limit_bytes: 1 },
            ExtractError::ExtractionTimeout { limit_ms: 1 },
            ExtractError::ExtractionMemory { limit_bytes: 1 },
            ExtractError::ExtractionFailed("x".into()),
            ExtractError::ExtractionUnavailable("x".into()),
        ];
        for error in all {
            let json = serde_json::to_value(&error).unwrap();
            assert_eq!(json["code"], error.code());
            assert_eq!(serde_json::from_value::<ExtractError>(json).unwrap(), error);
            assert!(error.message_vi().ends_with('.'), "{error}");
        }
    }
}
