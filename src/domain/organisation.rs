//! Organisations: agencies and centres alike, with dated names and succession, never renamed in place.

use crate::domain::id::{AreaId, OrganisationId};
use crate::domain::words::words;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

words! {
    /// What sort of body an organisation is.
    OrganisationKind {
        // The library itself, owner of what is imported without a named owner.
        System = "system", "Hệ thống";
        ProvinceCommittee = "province_committee", "Ủy ban nhân dân tỉnh";
        Department = "department", "Sở, ngành";
        SubDepartment = "sub_department", "Chi cục, trung tâm thuộc sở";
        Press = "press", "Báo, đài, cổng thông tin";
        ArmedForce = "armed_force", "Lực lượng vũ trang";
        Police = "police", "Công an";
        MassOrganisation = "mass_organisation", "Mặt trận, đoàn thể";
        Association = "association", "Hội";
        // Ended on 1 July 2025; kept for what came before.
        DistrictCommittee = "district_committee", "Ủy ban nhân dân huyện, thị xã, thành phố";
        CommuneCommittee = "commune_committee", "Ủy ban nhân dân xã, phường, đặc khu";
        Centre = "centre", "Trung tâm học tập cộng đồng";
    }
}

/// A name that an organisation bore between two dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationName {
    pub name: String,
    pub short_name: Option<String>,
    pub from: Option<NaiveDate>,
    /// The last day of the name; absent while it is in use.
    pub to: Option<NaiveDate>,
    pub legal_basis: Option<String>,
}

/// An agency, association or centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    pub kind: OrganisationKind,
    pub parent: Option<OrganisationId>,
    /// In order of time; at least one.
    pub names: Vec<OrganisationName>,
    pub created_on: Option<NaiveDate>,
    /// The last day on which it existed; absent while it does.
    pub ended_on: Option<NaiveDate>,
    pub area: Option<AreaId>,
    pub website: Option<String>,
    /// Whether its authors may publish without another's review: the administrator allows it to small bodies.
    #[serde(default)]
    pub publishes_unreviewed: bool,
}

impl Organisation {
    /// The name borne on `day`, else the last one.
    pub fn name_on(&self, day: NaiveDate) -> &str {
        self.names
            .iter()
            .find(|name| name.from.is_none_or(|from| from <= day) && name.to.is_none_or(|to| day <= to))
            .or_else(|| self.names.last())
            .map_or(self.id.as_str(), |name| name.name.as_str())
    }

    /// The latest name.
    pub fn latest_name(&self) -> &str {
        self.names.last().map_or(self.id.as_str(), |name| name.name.as_str())
    }
}

words! {
    /// What happened to organisations on a day.
    OrganisationEventKind {
        Merge = "merge", "Hợp nhất, sáp nhập";
        Split = "split", "Tách";
        Rename = "rename", "Đổi tên";
        TransferFunction = "transfer_function", "Chuyển chức năng";
        Abolish = "abolish", "Giải thể";
    }
}

/// One change: bodies end or hand over, others begin or take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationEvent {
    pub date: NaiveDate,
    pub kind: OrganisationEventKind,
    pub from: Vec<OrganisationId>,
    pub to: Vec<OrganisationId>,
    /// The functions that moved, where not all did.
    #[serde(default)]
    pub functions: Vec<String>,
    pub legal_basis: Option<String>,
}
