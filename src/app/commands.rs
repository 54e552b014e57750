//! Commands: the same whether they run in a process of their own or inside the server.

use super::accounts::{self, AccountCommand};
use super::backup;
use super::certificate;
use crate::actions::doctor::Finding;
use crate::actions::import::{self, Doubt, ImportOptions, Summary};
use crate::actions::progress::Progress;
use crate::actions::usage::{self, ReportRequest};
use crate::actions::{ActionError, Context, doctor, explain, export, indexing, seed, vault};
use crate::app::{explain as explaining, stats};
use crate::config::{Config, TlsFiles};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;

/// What can be asked of the library besides serving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    Seed,
    Import { path: PathBuf, options: ImportOptions },
    Export { folder: PathBuf },
    Backup { file: PathBuf },
    Reindex,
    Doctor,
    Stats { wanted: ReportRequest },
    Explain { words: String, material: Option<String> },
    Accounts(AccountCommand),
    RotateVault,
}

impl Command {
    /// Whether it is about what is there already, so that a mistyped folder must not be taken for an empty library.
    pub fn needs_data(&self) -> bool {
        match self {
            Self::Seed | Self::Import { .. } | Self::Accounts(_) => false,
            Self::Export { .. }
            | Self::Backup { .. }
            | Self::Reindex
            | Self::Doctor
            | Self::RotateVault
            | Self::Stats { .. }
            | Self::Explain { .. } => true,
        }
    }
}

/// How many problems are told line by line; the report has them all.
const PROBLEMS_TOLD: usize = 20;

/// Runs a command to its end; answers whether all went well.
///
/// # Errors
/// When the command cannot run at all.
pub async fn run(
    context: Context,
    config: Config,
    command: Command,
    progress: Arc<dyn Progress>,
) -> Result<bool, ActionError> {
    tokio::task::spawn_blocking(move || run_blocking(&context, &config, command, progress.as_ref())).await?
}

fn run_blocking(
    context: &Context,
    config: &Config,
    command: Command,
    progress: &dyn Progress,
) -> Result<bool, ActionError> {
    match command {
        Command::Seed => Ok(tell(&seed::seed(context, &config.seed_content, progress)?, progress)),
        Command::Import { path, options } => Ok(tell(&import::import(context, &path, &options, progress)?, progress)),
        Command::Export { folder } => export_to(context, &folder, progress),
        Command::Backup { file } => backup::write(context, config, file, progress),
        Command::Reindex => {
            let count = indexing::rebuild(context, progress)?;
            progress.say(&format!("Đã lập lại chỉ mục: {count} học liệu."));
            Ok(true)
        }
        Command::RotateVault => {
            let sealed = vault::rotate(context, progress)?;
            progress.say(&format!("Đã mã hóa lại {sealed} dòng bằng khóa mới; khóa cũ đã bỏ."));
            progress.say("Bản sao lưu cũ vẫn mở được bằng tệp .keys của chúng. Hãy sao lưu lại ngay.");
            Ok(true)
        }
        Command::Doctor => examine(context, config, progress),
        Command::Explain { words, material } => {
            let handle = Handle::current();
            let explained = handle.block_on(explain::explain(context, &words, material.as_deref()))?;
            explaining::tell(&words, &explained, progress);
            Ok(true)
        }
        Command::Stats { wanted } => {
            stats::tell(&usage::report(context, &wanted)?, progress);
            Ok(true)
        }
        Command::Accounts(command) => {
            Handle::current().block_on(accounts::run(context, config, command, progress)).map(|()| true)
        }
    }
}

fn export_to(context: &Context, folder: &Path, progress: &dyn Progress) -> Result<bool, ActionError> {
    let count = export::export(context, folder, progress)?;
    progress.say(&format!("Đã xuất {count} học liệu ra {}.", folder.display()));
    Ok(true)
}

fn examine(context: &Context, config: &Config, progress: &dyn Progress) -> Result<bool, ActionError> {
    let mut findings = settings(context, config);
    findings.extend(doctor::examine(context, progress)?);
    for finding in &findings {
        let mark = if finding.good { "✓" } else { "✗" };
        progress.say(&format!("{mark} {}", finding.text));
    }
    let well = findings.iter().all(|finding| finding.good);
    progress.say(if well {
        "Mọi thứ đều ổn."
    } else {
        "Có việc cần làm, xem các dòng đánh dấu ✗."
    });
    Ok(well)
}

/// Tells which documents were in an older encoding, and which of them a person should look at.
fn tell_decodings(summary: &Summary, progress: &dyn Progress) {
    for doubt in summary.doubts.iter().take(PROBLEMS_TOLD) {
        let line = if doubt.line == 0 { String::new() } else { format!(", dòng {}", doubt.line) };
        let Doubt { file, encoding, .. } = doubt;
        progress.say(&format!("? {file}{line}: có vẻ viết bằng bảng mã {encoding}, đã đổi sang Unicode; hãy đọc lại."));
    }
    let rest = summary.doubts.len().saturating_sub(PROBLEMS_TOLD);
    if rest > 0 {
        progress.say(&format!("… và {rest} tài liệu nữa cần đọc lại."));
    }
    for (encoding, documents) in &summary.decoded {
        progress.say(&format!("Đã đổi từ bảng mã {encoding} sang Unicode: {documents} tài liệu."));
    }
}

/// What the configuration says, and whether it can be served with.
fn settings(context: &Context, config: &Config) -> Vec<Finding> {
    let http = &config.http;
    let public = http.public_url.as_deref().unwrap_or("chưa đặt public_url, liên kết dùng địa chỉ của người hỏi");
    let mut found = vec![Finding::good(format!("Cấu hình: phục vụ tại {}; địa chỉ công khai: {public}.", http.listen))];
    if let Some(files) = &http.tls {
        found.push(certificate_finding(files, context.now()));
    }
    if http.contact.is_empty() {
        let text =
            "Cấu hình: chưa đặt contact; trang Liên hệ chưa nói ai vận hành (--contact \"Đơn vị; điện thoại; thư\").";
        found.push(Finding::good(text.to_owned()));
    }
    found
}

/// So long before its end a certificate is to be renewed.
const RENEW_BEFORE: TimeDelta = TimeDelta::days(14);

fn certificate_finding(files: &TlsFiles, now: DateTime<Utc>) -> Finding {
    let name = files.certificate.display();
    if let Err(reason) = certificate::server_config(files) {
        return Finding::bad(format!("Chứng thư TLS: {reason}. Hãy kiểm tra tls_certificate và tls_key."));
    }
    match certificate::valid_to(files) {
        Some(end) if end <= now => Finding::bad(format!(
            "Chứng thư TLS {name} đã hết hạn từ {}. Hãy thay chứng thư mới.",
            end.format("%d/%m/%Y")
        )),
        Some(end) if end - now < RENEW_BEFORE => {
            Finding::bad(format!("Chứng thư TLS {name} hết hạn ngày {}. Hãy gia hạn ngay.", end.format("%d/%m/%Y")))
        }
        Some(end) => Finding::good(format!("Chứng thư TLS: khớp với khóa, dùng được đến {}.", end.format("%d/%m/%Y"))),
        None => Finding::good("Chứng thư TLS: khớp với khóa; không đọc được ngày hết hạn.".to_owned()),
    }
}

/// Tells what an import did; answers whether every row was used.
pub fn tell(summary: &Summary, progress: &dyn Progress) -> bool {
    for problem in summary.problems.iter().take(PROBLEMS_TOLD) {
        let line = if problem.line == 0 { String::new() } else { format!(", dòng {}", problem.line) };
        let column = problem.column.as_ref().map(|column| format!(", cột {column}")).unwrap_or_default();
        progress.say(&format!("✗ {}{line}{column}: {} [{}]", problem.file, problem.reason, problem.code));
    }
    let rest = summary.problems.len().saturating_sub(PROBLEMS_TOLD);
    if rest > 0 {
        progress.say(&format!("… và {rest} lỗi nữa."));
    }
    for (field, rows) in &summary.ignored_fields {
        progress.say(&format!("Trường «{field}» không dùng đến ({rows} dòng)."));
    }
    for (state, rows) in &summary.made_drafts {
        progress.say(&format!(
            "{rows} dòng có trạng thái «{state}»: nhập thành bản nháp, vì chờ duyệt, hẹn ngày và rút là việc làm trong trang quản lý."
        ));
    }
    tell_decodings(summary, progress);
    let Summary { created, updated, unchanged, .. } = summary;
    let failed = summary.problems.len();
    progress.say(&format!("Đã nhập: {created} mới, {updated} cập nhật, {unchanged} không đổi, {failed} lỗi."));
    if let Some(report) = &summary.report {
        progress.say(&format!("Danh sách lỗi: {}", report.display()));
    }
    summary.problems.is_empty()
}
