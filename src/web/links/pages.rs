//! Addresses of single pages of a material: their moments, pictures and where their text is put right.

use super::{material, staff_material};
use crate::domain::id::{FileId, MaterialId};

/// A moment of a material's recording, with the page of the transcript around it.
pub(in crate::web) fn material_moment(id: MaterialId, title: &str, page: u32, start_ms: u64) -> String {
    format!("{}?trang={page}&t={}#phat", material(id, title), start_ms / 1_000)
}

/// The captions of a version's recording; the version keeps browsers from showing older ones.
pub(in crate::web) fn captions(id: MaterialId, version: u32) -> String {
    format!("/phu-de/{id}.vtt?ban={version}")
}

/// The picture of a page of a version's text; the version keeps browsers from showing an older one.
pub(in crate::web) fn page_image(id: MaterialId, version: u32, page: u32) -> String {
    format!("/anh-trang/{id}/{page}?ban={version}")
}

/// Where a page of a material's text is put right.
pub(in crate::web) fn page_at_work(id: MaterialId, page: u32) -> String {
    format!("/quan-ly/hoc-lieu/{id}/trang/{page}")
}

/// The picture of a page beside which its text is put right.
pub(in crate::web) fn page_at_work_image(id: MaterialId, page: u32) -> String {
    format!("{}/anh", page_at_work(id, page))
}

/// The picture of a page for programs.
pub(in crate::web) fn api_page_image(id: &str, page: u32) -> String {
    format!("/api/v1/materials/{id}/pages/{page}/image")
}

/// The files of a draft, where captions are added.
pub(in crate::web) fn draft_files(id: MaterialId) -> String {
    format!("{}/tep", staff_material(id))
}

/// Where a file is taken out of a draft.
pub(in crate::web) fn draft_file_away(id: MaterialId, file: FileId) -> String {
    format!("{}/{file}/bo", draft_files(id))
}
