//! Every setting once: its flag, its environment variable and its line in the TOML file.

use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// A setting as it stands in the table of options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name in the file, such as `file_mb`.
    pub name: &'static str,
    /// What it is, with its default in brackets.
    pub about: &'static str,
    /// What was given for it, if anything.
    pub given: Option<String>,
}

/// What stands before a default in the words of a setting.
const DEFAULT: &str = "(mặc định: ";

impl Setting {
    /// The flag, such as `--file-mb`.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    /// What it is, without its default.
    pub fn words(&self) -> &'static str {
        self.about.split(DEFAULT).next().unwrap_or(self.about).trim()
    }

    fn default(&self) -> Option<&'static str> {
        self.about.split(DEFAULT).nth(1)?.split([';', ')']).next().map(str::trim)
    }

    /// What is in force.
    pub fn value(&self) -> Option<String> {
        self.given.clone().or_else(|| self.default().map(str::to_owned))
    }

    /// Whether it bounds something: its default is a number.
    pub(super) fn is_limit(&self) -> bool {
        self.default().is_some_and(|text| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()))
    }
}

macro_rules! options {
    ($($(#[doc = $doc:literal])+ $env:literal $name:ident : $type:ty;)+) => {
        /// Settings as given; what is absent falls back.
        #[derive(Debug, Clone, Default, clap::Args, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Options {
            $($(#[doc = $doc])+
            #[arg(long, env = $env, global = true, help_heading = "Cấu hình chung")]
            pub $name: Option<$type>,)+
        }

        impl Options {
            /// The environment variables of all settings, in order.
            pub const VARIABLES: &[&str] = &[$($env,)+];

            /// Every setting with its words and what was given for it.
            pub(super) fn told(&self) -> Vec<Setting> {
                vec![$(Setting {
                    name: stringify!($name),
                    about: concat!($($doc),+),
                    given: self.$name.as_ref().map(|value| format!("{value:?}")),
                },)+]
            }

            /// These settings, with `other` where they say nothing.
            #[must_use]
            pub fn or(self, other: Self) -> Self {
                Self { $($name: self.$name.or(other.$name),)+ }
            }
        }
    };
}

options! {
    /// Thư mục dữ liệu (mặc định: data)
    "HOCLIEU_DATA" data: PathBuf;
    /// Tệp cấu hình TOML (mặc định: hoclieu.toml trong thư mục dữ liệu, nếu có)
    "HOCLIEU_CONFIG" config: PathBuf;
    /// Tệp khóa của tên và số điện thoại học viên, ngoài thư mục dữ liệu (mặc định: tên thư mục dữ liệu thêm .vault-key, nằm cạnh nó)
    "HOCLIEU_VAULT_KEY" vault_key: PathBuf;
    /// Địa chỉ và cổng phục vụ (mặc định: 127.0.0.1:8080)
    "HOCLIEU_LISTEN" listen: SocketAddr;
    /// Địa chỉ công khai của trang, ví dụ <https://hoclieu.example.vn>
    "HOCLIEU_PUBLIC_URL" public_url: String;
    /// Đơn vị vận hành và cách liên hệ, cách nhau bằng dấu chấm phẩy; hiện ở trang Liên hệ
    "HOCLIEU_CONTACT" contact: String;
    /// Địa chỉ máy chủ trung gian (proxy) được tin cậy, cách nhau bằng dấu phẩy
    "HOCLIEU_TRUSTED_PROXIES" trusted_proxies: Addresses;
    /// Tệp chứng thư TLS (PEM)
    "HOCLIEU_TLS_CERTIFICATE" tls_certificate: PathBuf;
    /// Tệp khóa của chứng thư TLS (PEM)
    "HOCLIEU_TLS_KEY" tls_key: PathBuf;
    /// Số lượt tìm và gọi API mỗi phút cho một địa chỉ (mặc định: 240; 0 là không giới hạn)
    "HOCLIEU_RATE_LIMIT_PER_MINUTE" rate_limit_per_minute: u32;
    /// Thời gian tối đa cho một lượt tìm, mili giây (mặc định: 500)
    "HOCLIEU_SEARCH_BUDGET_MS" search_budget_ms: u64;
    /// Bộ nhớ để lập chỉ mục, MB (mặc định: 96)
    "HOCLIEU_INDEX_MEMORY_MB" index_memory_mb: u64;
    /// Bộ nhớ đệm của kho, MB (mặc định: 32)
    "HOCLIEU_STORE_CACHE_MB" store_cache_mb: u64;
    /// Phần ổ đĩa luôn để trống, MB: dưới mức này không nhận tệp mới (mặc định: 1024; 0 là không giới hạn)
    "HOCLIEU_DISK_FLOOR_MB" disk_floor_mb: u64;
    /// Số tệp được đọc cùng lúc (mặc định: 1)
    "HOCLIEU_EXTRACT_WORKERS" extract_workers: u64;
    /// Thời gian CPU tối đa để đọc một tệp, giây (mặc định: 60)
    "HOCLIEU_EXTRACT_CPU_SECONDS" extract_cpu_seconds: u64;
    /// Bộ nhớ tối đa để đọc một tệp, MB (mặc định: 1024)
    "HOCLIEU_EXTRACT_MEMORY_MB" extract_memory_mb: u64;
    /// Số trang tối đa của một tệp (mặc định: 3000)
    "HOCLIEU_EXTRACT_PAGES" extract_pages: u64;
    /// Số bản quét được nhận dạng chữ cùng lúc (mặc định: 1; 0 là không nhận dạng)
    "HOCLIEU_OCR_WORKERS" ocr_workers: u64;
    /// Thời gian CPU tối đa để nhận dạng một trang, giây (mặc định: 60)
    "HOCLIEU_OCR_CPU_SECONDS" ocr_cpu_seconds: u64;
    /// Bộ nhớ tối đa để nhận dạng một trang, MB (mặc định: 512)
    "HOCLIEU_OCR_MEMORY_MB" ocr_memory_mb: u64;
    /// Chương trình nhận dạng chữ: tên hoặc đường dẫn (mặc định: tesseract)
    "HOCLIEU_TESSERACT" tesseract: String;
    /// Cỡ tối đa của một tệp, MB (mặc định: 200)
    "HOCLIEU_FILE_MB" file_mb: u64;
    /// Cỡ tối đa của một tệp âm thanh hay phim, MB (mặc định: 2048)
    "HOCLIEU_MEDIA_MB" media_mb: u64;
    /// Tổng dung lượng một tài khoản tải lên trong một ngày, MB (mặc định: 20480)
    "HOCLIEU_UPLOAD_ACCOUNT_MB" upload_account_mb: u64;
    /// Tổng dung lượng mọi tài khoản tải lên trong một ngày, MB (mặc định: 102400)
    "HOCLIEU_UPLOAD_TOTAL_MB" upload_total_mb: u64;
    /// Nơi clamd lắng nghe, để quét vi-rút tệp tải lên: đường dẫn socket, hoặc máy:cổng
    "HOCLIEU_CLAMD" clamd: String;
    /// Từ chối tệp khi clamd không trả lời (mặc định: true)
    "HOCLIEU_CLAMD_REQUIRED" clamd_required: bool;
    /// Cỡ tối đa của một lần nhập hàng loạt, MB (mặc định: 2048)
    "HOCLIEU_BATCH_MB" batch_mb: u64;
    /// Phiên đăng nhập tự kết thúc sau số phút không dùng (mặc định: 720)
    "HOCLIEU_SESSION_IDLE_MINUTES" session_idle_minutes: u64;
    /// Phiên đăng nhập tự kết thúc sau số ngày, dù vẫn dùng (mặc định: 7)
    "HOCLIEU_SESSION_DAYS" session_days: u64;
    /// Số lần thử đăng nhập một tài khoản trong 15 phút (mặc định: 10)
    "HOCLIEU_SIGN_IN_PER_ACCOUNT" sign_in_per_account: u32;
    /// Số lần thử đăng nhập từ một địa chỉ trong 15 phút (mặc định: 100)
    "HOCLIEU_SIGN_IN_PER_ADDRESS" sign_in_per_address: u32;
    /// Quản trị viên phải đăng nhập hai bước (mặc định: false)
    "HOCLIEU_ADMIN_SECOND_FACTOR" admin_second_factor: bool;
    /// Địa chỉ nhà cung cấp danh tính OpenID Connect, ví dụ <https://dangnhap.example.vn>; cần địa chỉ công khai
    "HOCLIEU_OIDC_ISSUER" oidc_issuer: String;
    /// Mã của dịch vụ này ở nhà cung cấp danh tính
    "HOCLIEU_OIDC_CLIENT_ID" oidc_client_id: String;
    /// Bí mật của dịch vụ này ở nhà cung cấp danh tính, nếu có
    "HOCLIEU_OIDC_CLIENT_SECRET" oidc_client_secret: String;
    /// Máy chủ thư (SMTP); không đặt thì không gửi thư nào
    "HOCLIEU_MAIL_HOST" mail_host: String;
    /// Cổng của máy chủ thư (mặc định: 587 với starttls, 465 với tls, 25 với none)
    "HOCLIEU_MAIL_PORT" mail_port: u16;
    /// Cách mã hóa đường đến máy chủ thư: starttls, tls hoặc none (mặc định: starttls)
    "HOCLIEU_MAIL_SECURITY" mail_security: String;
    /// Người gửi, ví dụ "Học liệu Quảng Trị <hoclieu@example.vn>"; cần khi có máy chủ thư
    "HOCLIEU_MAIL_FROM" mail_from: String;
    /// Tên đăng nhập máy chủ thư, nếu cần
    "HOCLIEU_MAIL_USER" mail_user: String;
    /// Mật khẩu máy chủ thư, nếu cần
    "HOCLIEU_MAIL_PASSWORD" mail_password: String;
    /// Số ngày phải trả lời phản ánh, theo lý do (mặc định: `wrong=7,outdated=10,harmful=1,personal_data=2,copyright=5,other=10`)
    "HOCLIEU_COMPLAINT_DAYS" complaint_days: String;
    /// Lời của phản ánh đã trả lời bị xóa sau số ngày (mặc định: 180)
    "HOCLIEU_COMPLAINT_KEEP_DAYS" complaint_keep_days: u64;
    /// Số lượt đăng ký học từ một địa chỉ trong 15 phút; cả thôn có thể dùng chung một địa chỉ (mặc định: 300; 0 là không giới hạn)
    "HOCLIEU_REGISTRATION_PER_ADDRESS" registration_per_address: u32;
    /// Số giờ giữ chỗ cho người chờ được mời vào lớp (mặc định: 24)
    "HOCLIEU_REGISTRATION_OFFER_HOURS" registration_offer_hours: u64;
    /// Số người chờ nhiều nhất của một lớp (mặc định: 50; 0 là không có danh sách chờ)
    "HOCLIEU_REGISTRATION_WAITING" registration_waiting: u32;
    /// Tên và số điện thoại của học viên bị xóa sau số ngày kể từ buổi học cuối (mặc định: 730)
    "HOCLIEU_LEARNER_KEEP_DAYS" learner_keep_days: u64;
    /// Cơ quan hướng dẫn các trung tâm: thấy lời mời báo cáo viên quá hạn trong cả tỉnh; để trống thì chỉ quản trị viên thấy (mặc định: so-gddt)
    "HOCLIEU_CENTRES_GUIDE" centres_guide: String;
    /// Thư mục nội dung nạp khi chạy lần đầu (mặc định: seed-content)
    "HOCLIEU_SEED_CONTENT" seed_content: PathBuf;
}

/// Addresses in one text, parted by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Addresses(pub Vec<IpAddr>);

impl std::str::FromStr for Addresses {
    type Err = std::net::AddrParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<String> for Addresses {
    type Error = std::net::AddrParseError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
