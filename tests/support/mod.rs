//! What tests share.

pub(crate) mod browser;
pub(crate) mod http;
pub(crate) mod identity;
pub(crate) mod mail;
pub(crate) mod paper;
pub(crate) mod program;
pub(crate) mod recogniser;
pub(crate) mod seeded;

use hoclieu::actions::accounts::AccountRules;
use hoclieu::actions::context::Bounds;
use hoclieu::domain::complaint::ComplaintRules;
use hoclieu::domain::upload::UploadRules;
use std::time::Duration;

/// Bounds for a library of a few small documents.
pub(crate) fn small_bounds() -> Bounds {
    Bounds {
        search_budget: Duration::from_secs(5),
        file_bytes: 1 << 20,
        batch_bytes: 1 << 20,
        disk_floor_bytes: 0,
        complaints: ComplaintRules::default(),
        accounts: AccountRules::default(),
        uploads: UploadRules::default(),
    }
}
