//! What can be asked on the command line.

use crate::actions::import::ImportOptions;
use crate::actions::usage::ReportRequest;
use crate::config::Options;
use crate::domain::id::{OrganisationId, TopicId};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// hoclieu: thư viện học liệu, tìm toàn văn bằng tiếng Việt.
#[derive(Debug, Parser)]
#[command(name = "hoclieu", version, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Chạy máy chủ; lần đầu thì nạp nội dung ban đầu
    Serve,
    /// Nạp nội dung ban đầu (chủ đề, cơ quan, địa bàn, học liệu mẫu)
    Seed,
    /// Nhập học liệu từ tệp JSON Lines hoặc một thư mục tài liệu
    Import {
        /// Tệp .jsonl, hoặc thư mục tài liệu (có thể kèm metadata.csv)
        path: PathBuf,
        #[command(flatten)]
        options: ImportArguments,
    },
    /// Xuất toàn bộ học liệu, kèm tệp gốc, ra một thư mục trống
    Export {
        /// Thư mục mới hoặc trống
        folder: PathBuf,
    },
    /// Lập lại chỉ mục tìm kiếm từ kho
    Reindex,
    /// Bà con tìm gì, tìm gì không thấy, mở tài liệu nào; chỉ có số đếm, không có thông tin về người tìm
    Stats(StatsArguments),
    /// Vì sao câu tìm cho những kết quả này: điểm của từng từ, nói bằng lời
    Explain {
        /// Câu tìm
        words: String,
        /// Mã một học liệu; không nêu thì giải thích ba kết quả đầu
        material: Option<String>,
    },
    /// Kiểm tra kho, tệp, chỉ mục và cấu hình, rồi nói cần làm gì
    Doctor,
}

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// Mã cơ quan sở hữu, dùng cho các dòng không nêu cơ quan (ví dụ so-nnmt)
    #[arg(long)]
    organisation: Option<String>,
    /// Chỉ nhập làm bản nháp, không công bố
    #[arg(long)]
    draft: bool,
}

#[derive(Debug, Args)]
pub(super) struct StatsArguments {
    /// Ngày đầu, dạng 2026-11-01 (mặc định: 30 ngày đến ngày cuối)
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Ngày cuối (mặc định: hôm nay)
    #[arg(long)]
    to: Option<NaiveDate>,
    /// Chỉ những lượt tìm đã lọc theo chủ đề này hoặc chủ đề con (ví dụ agri)
    #[arg(long)]
    topic: Option<String>,
    /// Số dòng nhiều nhất của mỗi bảng
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

impl StatsArguments {
    pub(super) fn into_request(self) -> Result<ReportRequest, String> {
        let topic = self.topic.as_deref().map(TopicId::parse).transpose();
        let topic = topic.map_err(|error| format!("--topic: «{}» không phải là mã chủ đề", error.value))?;
        Ok(ReportRequest { from: self.from, to: self.to, topic, limit: self.limit })
    }
}

impl ImportArguments {
    pub(super) fn into_options(self) -> Result<ImportOptions, String> {
        let organisation = self.organisation.as_deref().map(OrganisationId::parse).transpose();
        let organisation =
            organisation.map_err(|error| format!("--organisation: «{}» không phải là mã cơ quan", error.value))?;
        Ok(ImportOptions { organisation, draft: self.draft })
    }
}
