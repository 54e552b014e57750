//! How much may be brought: one file, one account in a day, all accounts in a day, and the disk.

use crate::actions::intake::{limit_for, too_large};
use crate::actions::{ActionError, Context};
use crate::domain::id::AccountId;
use crate::domain::upload::UploadRules;
use crate::store::{self, ReadTx};
use chrono::{DateTime, Utc};

/// Refuses a length that no file of this name may have.
pub(super) fn keep_to_length(context: &Context, name: &str, size_bytes: u64) -> Result<(), ActionError> {
    let limit = limit_for(context, name);
    if size_bytes == 0 {
        let reason = "Tệp không có nội dung. Hãy kiểm tra lại và chọn đúng tệp.";
        return Err(ActionError::invalid("file", "file-empty", reason));
    }
    if size_bytes > limit { Err(too_large(limit).into()) } else { Ok(()) }
}

/// Refuses so many bytes more where the account or all together have brought enough for a day, one by one or in batches.
pub(in crate::actions) fn keep_to_shares(
    tx: &dyn ReadTx,
    rules: &UploadRules,
    account: AccountId,
    more_bytes: u64,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let uploads = store::uploads::all(tx)?.into_iter().filter(|upload| upload.counts(now));
    let batches = store::batches::all(tx)?.into_iter().filter(|batch| batch.counts(now));
    let brought = uploads.map(|upload| (upload.account, upload.size_bytes));
    let (mut own, mut all) = (more_bytes, more_bytes);
    for (by, size_bytes) in brought.chain(batches.map(|batch| (batch.account, batch.size_bytes))) {
        all = all.saturating_add(size_bytes);
        if by == account {
            own = own.saturating_add(size_bytes);
        }
    }
    let refuse = |code, reason: String| Err(ActionError::Invalid { field: "file", code, reason });
    if own > rules.account_bytes {
        let most = rules.account_bytes >> 20;
        let reason = format!(
            "Mỗi tài khoản chỉ tải lên được {most} MB trong một ngày, kể cả các tệp đang tải dở và các lần nhập hàng loạt chưa xong. Hãy bỏ bớt những thứ chưa xong, hoặc đợi đến mai."
        );
        return refuse("upload-account-full", reason);
    }
    if all > rules.total_bytes {
        let reason = "Hôm nay cả tỉnh đã tải lên đến mức tối đa. Hãy đợi đến mai, hoặc báo cho quản trị viên.";
        return refuse("upload-total-full", reason.to_owned());
    }
    Ok(())
}
