//! Why a file gave no text: stable codes, words for people, words for the log.

use crate::domain::file::size_vi;
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
    /// A picture has more pixels than are decoded.
    #[error("a picture of {width} by {height} pixels is not decoded")]
    PictureTooLarge {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// A picture of a kind, or with a coding, that is not decoded.
    #[error("pictures of type {media_type} are not decoded")]
    PictureUnsupported {
        /// What the picture is.
        media_type: String,
    },
    /// A page claims paper of a size that no printer has, or of none.
    #[error("a page is larger than {limit_points} points or has no extent")]
    PageTooLarge {
        /// The longest side that is drawn.
        limit_points: u32,
    },
    /// Recognising a page took longer than allowed.
    #[error("recognition took longer than {limit_ms} ms of computing or four times that on the clock")]
    OcrTimeout {
        /// The computing time allowed.
        limit_ms: u64,
    },
    /// Recognising a page needed more memory than allowed.
    #[error("recognition needed more than {limit_bytes} bytes of memory")]
    OcrMemory {
        /// The memory allowed.
        limit_bytes: u64,
    },
    /// The recognising program failed on a page, or answered what cannot be understood.
    #[error("recognition failed: {0}")]
    OcrFailed(String),
    /// The recognising program was ended by somebody else, such as a machine short of memory.
    #[error("recognition was interrupted: {0}")]
    OcrInterrupted(String),
    /// The recognising program is not installed or does not start.
    #[error("the recognising program cannot be run: {0}")]
    OcrUnavailable(String),
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
            Self::PictureTooLarge { .. } => "picture-too-large",
            Self::PictureUnsupported { .. } => "picture-unsupported",
            Self::PageTooLarge { .. } => "page-too-large",
            Self::OcrTimeout { .. } => "ocr-timeout",
            Self::OcrMemory { .. } => "ocr-memory",
            Self::OcrFailed(_) => "ocr-failed",
            Self::OcrInterrupted(_) => "ocr-interrupted",
            Self::OcrUnavailable(_) => "ocr-unavailable",
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
                 (.pptx), Excel (.xlsx), ODT, RTF, EPUB, HTML, Markdown, văn bản thường (.txt), ảnh (.jpg, .png), \
                 âm thanh (.mp3, .ogg) hoặc phim (.mp4, .webm)."
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
            _ => self.message_of_pictures_vi(),
        }
    }

    fn message_of_pictures_vi(&self) -> String {
        match self {
            Self::PictureTooLarge { width, height } => format!(
                "Ảnh có {width} × {height} điểm, lớn quá mức đọc được. Hãy quét hoặc lưu lại ở cỡ nhỏ hơn (200–300 \
                 điểm mỗi inch là đủ)."
            ),
            Self::PictureUnsupported { .. } => {
                "Chưa đọc được loại ảnh này. Hãy lưu lại thành JPEG, PNG hoặc TIFF rồi tải lên lần nữa.".to_owned()
            }
            Self::PageTooLarge { .. } => "Khổ giấy ghi trong tệp không hợp lệ (quá lớn hoặc bằng không) nên không đọc \
                 được. Hãy lưu lại tệp với khổ giấy thường dùng, ví dụ A4."
                .to_owned(),
            Self::OcrTimeout { .. } => "Nhận dạng chữ mất quá nhiều thời gian nên đã dừng. Hãy quét lại rõ hơn, hoặc \
                 gõ nội dung bằng tay."
                .to_owned(),
            Self::OcrMemory { .. } => "Nhận dạng chữ cần quá nhiều bộ nhớ nên đã dừng. Hãy quét lại ở cỡ nhỏ hơn, \
                 hoặc gõ nội dung bằng tay."
                .to_owned(),
            Self::OcrInterrupted(_) | Self::OcrUnavailable(_) => {
                "Máy chủ đang không nhận dạng được chữ. Việc này sẽ được thử lại; nếu vẫn không được, hãy báo cho \
                 người quản trị."
                    .to_owned()
            }
            _ => "Không nhận dạng được chữ. Hãy quét lại rõ hơn, hoặc gõ nội dung bằng tay.".to_owned(),
        }
    }
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
            ExtractError::PictureTooLarge { width: 1, height: 1 },
            ExtractError::PictureUnsupported { media_type: "x/y".into() },
            ExtractError::PageTooLarge { limit_points: 1 },
            ExtractError::OcrTimeout { limit_ms: 1 },
            ExtractError::OcrMemory { limit_bytes: 1 },
            ExtractError::OcrFailed("x".into()),
            ExtractError::OcrInterrupted("x".into()),
            ExtractError::OcrUnavailable("x".into()),
        ];
        for error in all {
            let json = serde_json::to_value(&error).unwrap();
            assert_eq!(json["code"], error.code());
            assert_eq!(serde_json::from_value::<ExtractError>(json).unwrap(), error);
            assert!(error.message_vi().ends_with('.'), "{error}");
        }
    }
}
