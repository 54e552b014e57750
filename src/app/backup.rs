//! The commands that back a library up and restore one.

use super::{App, AppError};
use crate::actions::backup::{self, Backed, Restored, Settings, Target, Wanted};
use crate::actions::progress::Progress;
use crate::actions::space::gigabytes;
use crate::actions::{ActionError, Context, indexing};
use crate::config::{Config, without_secrets};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes a backup; answers whether nothing was missing.
pub(super) fn write(
    context: &Context,
    config: &Config,
    file: PathBuf,
    progress: &dyn Progress,
) -> Result<bool, ActionError> {
    let settings = config.file.as_deref().map(settings).transpose()?;
    let wanted = Wanted { file, data: config.data.clone(), store: config.store_path(), settings };
    let backed = backup::backup(context, &wanted, progress)?;
    let Backed { keys, revision, rows, blobs, bytes, hash, .. } = &backed;
    let size = gigabytes(*bytes);
    progress.say(&format!(
        "Đã sao lưu {rows} dòng (lần ghi thứ {revision}) và {blobs} tệp, {size}: {}",
        wanted.file.display()
    ));
    progress.say(&format!("Mật khẩu và khóa ở riêng trong {}: hãy cất ở nơi khác.", keys.display()));
    progress.say(&format!("Mã kiểm: {hash}"));
    if let Some(missing) = backed.missing_words() {
        progress.say(&format!(
            "✗ Kho vốn đã thiếu hoặc hỏng {missing}; bản sao lưu không có chúng. Hãy chạy `hoclieu doctor`."
        ));
    }
    Ok(backed.missing.is_empty())
}

fn settings(path: &Path) -> Result<Settings, ActionError> {
    let whole = std::fs::read_to_string(path)?;
    let open = without_secrets(&whole).map_err(ActionError::internal)?;
    Ok(Settings { whole, open })
}

/// Restores a backup into the data folder, which must be empty, and builds the index; answers whether nothing was
/// missing.
///
/// # Errors
/// When the folder is in use or has content, or the backup cannot be used; then the folder is as it was.
pub async fn restore(
    config: Config,
    file: PathBuf,
    with_keys: bool,
    progress: Arc<dyn Progress>,
) -> Result<bool, AppError> {
    let target = Target {
        data: config.data.clone(),
        unfinished: config.unfinished_restore_path(),
        store: config.store_path(),
        blobs: config.blobs_path(),
        settings: config.data.join("hoclieu.toml"),
        vault_key: config.vault_key.clone(),
        store_cache_bytes: config.store_cache_bytes,
    };
    let telling = Arc::clone(&progress);
    let restored =
        tokio::task::spawn_blocking(move || backup::restore(&target, &file, with_keys, telling.as_ref())).await;
    let restored = restored.map_err(std::io::Error::other)??;
    let well = tell(&restored, with_keys, progress.as_ref());
    let app = App::open(config)?;
    let built = tokio::task::spawn_blocking(move || indexing::rebuild(app.context(), progress.as_ref())).await;
    built.map_err(std::io::Error::other)??;
    Ok(well)
}

fn tell(restored: &Restored, with_keys: bool, progress: &dyn Progress) -> bool {
    let Restored { made_at, revision, rows, blobs, hash, missing } = restored;
    let day = crate::domain::day::vietnam_time(*made_at).format("%H:%M ngày %d/%m/%Y");
    progress.say(&format!("Đã phục hồi {rows} dòng (lần ghi thứ {revision}) và {blobs} tệp, sao lưu lúc {day}."));
    progress.say(&format!("Mã kiểm: {hash}"));
    if !with_keys {
        progress.say("Chưa có mật khẩu nào: `hoclieu account link TÊN` in liên kết để đặt mật khẩu mới.");
        progress.say("Tên và số điện thoại học viên chỉ mở được khi có tệp khóa cũ ở --vault-key.");
    }
    if !missing.is_empty() {
        progress.say(&format!("✗ Bản sao lưu vốn đã thiếu {} tệp. Hãy chạy `hoclieu doctor`.", missing.len()));
    }
    missing.is_empty()
}
