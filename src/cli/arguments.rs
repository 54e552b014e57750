//! What can be asked on the command line.

use crate::actions::import::ImportOptions;
use crate::actions::usage::ReportRequest;
use crate::app::{AccountCommand, Command, Wanted};
use crate::config::Options;
use crate::domain::account::token::{Scope, parse_scopes};
use crate::domain::id::{OrganisationId, TopicId};
use crate::domain::permission::Role;
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
    /// Sao lưu kho, tệp và cấu hình vào TỆP, mật khẩu và khóa vào TỆP.keys; máy chủ vẫn phục vụ
    Backup {
        /// Tệp sao lưu, chưa có; ví dụ /mnt/usb/hoclieu-2026-11-25.tar
        file: PathBuf,
    },
    /// Phục hồi bản sao lưu vào thư mục dữ liệu trống
    Restore {
        /// Tệp sao lưu; tệp .keys nằm cạnh nó
        file: PathBuf,
        /// Phục hồi khi không còn tệp .keys: mọi người phải đặt lại mật khẩu
        #[arg(long)]
        without_keys: bool,
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
    /// Tạo tài khoản, cấp liên kết đặt mật khẩu
    #[command(subcommand)]
    Account(AccountVerb),
    /// Tạo mã truy cập cho chương trình máy tính
    #[command(subcommand)]
    Token(TokenVerb),
    /// Khóa của tên và số điện thoại học viên
    #[command(subcommand)]
    Vault(VaultVerb),
    /// Kiểm tra kho, tệp, chỉ mục và cấu hình, rồi nói cần làm gì
    Doctor,
}

#[derive(Debug, Subcommand)]
pub(super) enum AccountVerb {
    /// Tạo tài khoản và in liên kết một lần để chủ tài khoản đặt mật khẩu
    Add {
        /// Tên đăng nhập: chữ không dấu, số, dấu chấm, gạch nối, gạch dưới
        login: String,
        /// Họ tên
        #[arg(long)]
        name: String,
        /// Địa chỉ thư điện tử, nếu có
        #[arg(long, default_value = "")]
        email: String,
        /// Mã cơ quan (ví dụ so-nnmt); quản trị viên có thể bỏ trống
        #[arg(long)]
        organisation: Option<String>,
        /// Vai trò: reader, author, reviewer, manager hoặc admin
        #[arg(long)]
        role: String,
    },
    /// In liên kết một lần mới cho người quên mật khẩu
    Link {
        /// Tên đăng nhập hoặc địa chỉ thư
        login: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum VaultVerb {
    /// Tạo khóa mới và mã hóa lại mọi thứ bằng khóa ấy; máy chủ vẫn phục vụ
    Rotate,
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenVerb {
    /// Tạo mã truy cập; mã nằm một mình ở dòng cuối và chỉ hiện lần này
    Create {
        /// Tên đăng nhập của chủ mã
        login: String,
        /// Quyền, ví dụ materials:write; lặp lại được
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// Số ngày hiệu lực (mặc định: 90)
        #[arg(long)]
        days: Option<u32>,
        /// Tên gọi của mã, để nhận ra khi thu hồi
        #[arg(long)]
        label: Option<String>,
    },
}

fn organisation_id(text: &str) -> Result<OrganisationId, String> {
    OrganisationId::parse(text).map_err(|error| format!("--organisation: «{}» không phải là mã cơ quan", error.value))
}

/// The codes of a closed list, for a message.
fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|value| code(*value)).collect::<Vec<_>>().join(", ")
}

impl AccountVerb {
    pub(super) fn command(self) -> Result<Command, String> {
        match self {
            Self::Add { login, name, email, organisation, role } => {
                let known = || {
                    format!("--role: «{role}» không phải là vai trò. Các vai trò: {}.", codes(Role::ALL, Role::code))
                };
                let role = Role::from_code(&role).ok_or_else(known)?;
                let organisation = organisation.as_deref().map(organisation_id).transpose()?;
                Ok(Command::Accounts(AccountCommand::Add(Wanted { login, name, email, organisation, role })))
            }
            Self::Link { login } => Ok(Command::Accounts(AccountCommand::Link { login })),
        }
    }
}

impl TokenVerb {
    pub(super) fn command(self) -> Result<Command, String> {
        let Self::Create { login, scopes, days, label } = self;
        let typed = scopes.join(" ");
        let known = || format!("--scope: «{typed}» không dùng được. Các quyền: {}.", codes(Scope::ALL, Scope::code));
        let scopes = parse_scopes(&typed).ok_or_else(known)?;
        Ok(Command::Accounts(AccountCommand::Token { login, scopes, days, label }))
    }
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
        let organisation = self.organisation.as_deref().map(organisation_id).transpose()?;
        Ok(ImportOptions { organisation, draft: self.draft })
    }
}
