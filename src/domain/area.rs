//! Areas: province, former districts, communes; each with dated names and parents, never renamed in place.

use crate::domain::id::AreaId;
use crate::domain::words::words;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

words! {
    /// The rank of an area.
    AreaLevel {
        Province = "province", "Tỉnh";
        // Abolished on 1 July 2025; kept for what came before.
        District = "district", "Huyện, thị xã, thành phố (trước 01/07/2025)";
        Commune = "commune", "Xã, phường, đặc khu";
        Village = "village", "Thôn, bản, khu phố";
    }
}

/// A place as it was between two dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    pub id: AreaId,
    /// The official code in its code system; codes are reused, so never a key on their own.
    pub code: String,
    pub code_system: String,
    pub level: AreaLevel,
    /// The bare name, such as `Gio Linh`.
    pub name: String,
    /// The name with its kind, such as `Xã Gio Linh`.
    pub full_name: String,
    /// Names that it bore before, in order of time.
    #[serde(default)]
    pub former_names: Vec<AreaName>,
    pub parent: Option<AreaId>,
    pub valid_from: Option<NaiveDate>,
    /// The last day on which the area existed; absent while it does.
    pub valid_to: Option<NaiveDate>,
    /// The resolution or decision that made it.
    pub legal_basis: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

impl Area {
    /// Tells whether the area exists on `day`.
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// A name that an area bore between two dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaName {
    pub name: String,
    pub full_name: String,
    pub from: Option<NaiveDate>,
    /// The last day of the name.
    pub to: Option<NaiveDate>,
    /// The decision by which it was given.
    pub legal_basis: Option<String>,
}

/// One change of areas: some end, some begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaEvent {
    pub date: NaiveDate,
    /// `merge`, `split`, `rename`, `transfer` or `abolish`.
    pub kind: String,
    pub from: Vec<AreaId>,
    pub to: Vec<AreaId>,
    pub legal_basis: String,
}
