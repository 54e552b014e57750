//! Addresses of the administrator's pages.

use super::{query, search};
use crate::actions::administration::areas::AreaChange;
use crate::actions::search::SearchRequest;
use crate::domain::id::{AmendmentId, AreaId, JobId, MaterialId, OrganisationId, SynonymId};
use crate::domain::organisation::OrganisationEventKind;

/// Where the administrator's pages begin.
pub(in crate::web) const ADMINISTRATION: &str = "/quan-ly/tinh";
/// The administrator's list of organisations.
pub(in crate::web) const MANAGED_ORGANISATIONS: &str = "/quan-ly/co-quan";
/// The administrator's list of topics.
pub(in crate::web) const MANAGED_TOPICS: &str = "/quan-ly/chu-de";
/// The administrator's list of areas.
pub(in crate::web) const MANAGED_AREAS: &str = "/quan-ly/dia-ban";

/// An organisation as the administrator sees it.
pub(in crate::web) fn managed_organisation(id: &str) -> String {
    format!("{MANAGED_ORGANISATIONS}/{id}")
}

/// A topic as the administrator sees it.
pub(in crate::web) fn managed_topic(id: &str) -> String {
    format!("{MANAGED_TOPICS}/{id}")
}

/// An area as the administrator sees it.
pub(in crate::web) fn managed_area(id: &str) -> String {
    format!("{MANAGED_AREAS}/{id}")
}

/// The name of a sort of change in addresses.
pub(in crate::web) const fn change_code(kind: OrganisationEventKind) -> &'static str {
    match kind {
        OrganisationEventKind::Rename => "doi-ten",
        OrganisationEventKind::Merge => "hop-nhat",
        OrganisationEventKind::Split => "tach",
        OrganisationEventKind::TransferFunction => "chuyen-chuc-nang",
        OrganisationEventKind::Abolish => "giai-the",
    }
}

/// Where a change of an organisation is entered.
pub(in crate::web) fn organisation_change(id: &OrganisationId, kind: OrganisationEventKind) -> String {
    format!("{MANAGED_ORGANISATIONS}/{id}/thay-doi/{}", change_code(kind))
}

/// The name of a sort of change of an area in addresses.
pub(in crate::web) const fn area_change_code(kind: AreaChange) -> &'static str {
    match kind {
        AreaChange::Rename => "doi-ten",
        AreaChange::Merge => "sap-nhap",
    }
}

/// Where a change of an area is entered.
pub(in crate::web) fn area_change(id: &AreaId, kind: AreaChange) -> String {
    format!("{MANAGED_AREAS}/{id}/thay-doi/{}", area_change_code(kind))
}

/// The words of the province that mean the same.
pub(in crate::web) const SYNONYMS: &str = "/quan-ly/tu-dong-nghia";

/// Where an entry of words that mean the same is taken away.
pub(in crate::web) fn remove_synonym(id: SynonymId) -> String {
    format!("{SYNONYMS}/{id}/bo")
}

/// What waits to be done.
pub(in crate::web) const QUEUES: &str = "/quan-ly/hang-doi";

/// Where a job is done again.
pub(in crate::web) fn retry_job(id: JobId) -> String {
    format!("{QUEUES}/{id}/lam-lai")
}

/// Where a job is given up.
pub(in crate::web) fn give_job_up(id: JobId) -> String {
    format!("{QUEUES}/{id}/bo")
}

/// Why a search finds a material.
pub(in crate::web) fn why(query_text: &str, id: MaterialId) -> String {
    format!("/quan-ly/vi-sao{}", query(&[("q", query_text), ("hoc-lieu", &id.to_string())]))
}

/// A search's result page for words alone.
pub(in crate::web) fn search_for(words: &str) -> String {
    search(&SearchRequest { query: words.to_owned(), ..SearchRequest::default() })
}

/// Where an entry is taken back.
pub(in crate::web) fn take_back(id: AmendmentId) -> String {
    format!("/quan-ly/thay-doi/{id}/huy")
}

/// A page that says why something was not done.
pub(in crate::web) fn refused(page: &str, code: &str) -> String {
    format!("{page}{}", query(&[("loi", code)]))
}
