//! Materials: something to learn from, in versions, with a state that decides who may see it.

use crate::domain::file::WebLink;
use crate::domain::id::{AccountId, AreaId, BlobHash, FileId, MaterialId, OrganisationId, TopicId};
use crate::domain::language::Language;
use crate::domain::text::decoding::Decodings;
use crate::domain::words::words;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

words! {
    /// The form of a material.
    Kind {
        Text = "text", "Tài liệu đọc";
        Slides = "slides", "Bài trình chiếu";
        Video = "video", "Video";
        Audio = "audio", "Âm thanh";
        Poster = "poster", "Áp phích, tờ rơi";
        Sheet = "sheet", "Bảng tính, biểu mẫu";
        Law = "law", "Văn bản pháp luật";
        Qa = "qa", "Hỏi đáp";
    }
}
words! {
    /// How much a reader must know beforehand.
    Level {
        None = "none", "Mọi trình độ";
        Basic = "basic", "Cơ bản";
        Advanced = "advanced", "Nâng cao";
    }
}
words! {
    /// Whom a material is for.
    Audience {
        Everyone = "everyone", "Mọi người";
        Farmer = "farmer", "Nông dân";
        Fisher = "fisher", "Ngư dân";
        Worker = "worker", "Người lao động";
        Woman = "woman", "Phụ nữ";
        Elder = "elder", "Người cao tuổi";
        Youth = "youth", "Thanh niên";
        Child = "child", "Trẻ em";
        EthnicMinority = "ethnic_minority", "Đồng bào dân tộc thiểu số";
        Disabled = "disabled", "Người khuyết tật";
        Official = "official", "Cán bộ, công chức";
        Teacher = "teacher", "Giáo viên, báo cáo viên";
    }
}
words! {
    /// What others may do with a material.
    Licence {
        CcBy = "CC-BY-4.0", "CC BY 4.0: được dùng, sửa và chia sẻ, phải ghi tên tác giả";
        CcBySa = "CC-BY-SA-4.0", "CC BY-SA 4.0: được dùng và sửa, phải ghi tên và chia sẻ như cũ";
        CcByNc = "CC-BY-NC-4.0", "CC BY-NC 4.0: được dùng không vì lợi nhuận, phải ghi tên tác giả";
        PublicDomain = "public-domain", "Văn bản pháp luật, không thuộc đối tượng bảo hộ quyền tác giả";
        ReadHere = "read-here", "Giữ mọi quyền, cho phép đọc tại đây";
        Unknown = "unknown", "Chưa rõ giấy phép";
    }
}
words! {
    /// Where a material stands between writing and the public.
    State {
        Draft = "draft", "Bản nháp";
        InReview = "in_review", "Chờ duyệt";
        Scheduled = "scheduled", "Hẹn ngày công bố";
        Published = "published", "Đã công bố";
        Withdrawn = "withdrawn", "Đã rút";
    }
}

/// What every sample says of itself, in its file and on its page.
pub const SAMPLE_NOTICE: &str = "Tài liệu mẫu do nhóm phát triển hoclieu biên soạn trong lĩnh vực của cơ quan nêu tên; \
     không phải ấn phẩm của cơ quan.";
/// Who has written the samples.
pub const SAMPLE_AUTHOR: &str = "Nhóm phát triển hoclieu";

/// What is said about a material; each version has its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    pub title: String,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub topics: Vec<TopicId>,
    #[serde(default)]
    pub authors: Vec<String>,
    #[serde(default)]
    pub languages: Vec<Language>,
    pub kind: Kind,
    #[serde(default)]
    pub level: Option<Level>,
    #[serde(default)]
    pub audiences: Vec<Audience>,
    #[serde(default)]
    pub areas: Vec<AreaId>,
    /// The season of the year that it concerns, in words.
    #[serde(default)]
    pub season: Option<String>,
    pub licence: Licence,
    /// An official document's number and symbol, such as `1373/QĐ-TTg`.
    #[serde(default)]
    pub document_number: Option<String>,
    /// When the publisher issued it.
    #[serde(default)]
    pub issued_on: Option<NaiveDate>,
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// The last day of its validity.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Written as a sample, not a publication of the organisation.
    #[serde(default)]
    pub sample: bool,
    /// What it was written from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The day by which its organisation wants to look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<NaiveDate>,
    /// The materials in whose place it comes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<MaterialId>,
    /// Where it can be seen or heard on other sites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<WebLink>,
}

/// How far the text of a version has been read out of its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Extraction {
    /// The text came with the import.
    Given,
    /// Promised as a job.
    Pending,
    /// All text that could be read is in pages.
    Done,
    /// The file is readable, but pages of it are images that wait for recognition.
    NeedsOcr,
    /// Pages that are images are being recognised: so many of so many.
    OcrUnderWay { done: u32, of: u32 },
    /// No page that is an image could be recognised; the code is one of the stable error codes.
    OcrFailed {
        code: String,
        /// What a person is told, in Vietnamese.
        message: String,
    },
    /// The file could not be read; the code is one of the stable error codes.
    Failed {
        code: String,
        /// What a person is told, in Vietnamese.
        message: String,
    },
}

impl Extraction {
    /// Whether pages that are images may still be waiting.
    pub fn awaits_ocr(&self) -> bool {
        matches!(self, Self::NeedsOcr | Self::OcrUnderWay { .. } | Self::OcrFailed { .. })
    }
}

/// One version of a material: what it says and which files it has. Never changed once published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub material: MaterialId,
    /// Counts from 1.
    pub number: u32,
    pub description: Description,
    pub files: Vec<FileId>,
    pub extraction: Extraction,
    pub page_count: u32,
    /// Words (syllables) in all pages, for the length in reading minutes.
    pub word_count: u32,
    /// Holds the text of extracted pages; absent where the rows hold it.
    pub pages_blob: Option<BlobHash>,
    /// The older encodings that the text of its pages was put right from.
    #[serde(default, skip_serializing_if = "Decodings::is_empty")]
    pub decodings: Decodings,
    /// The fingerprint of the imported row, so that importing it again changes nothing.
    #[serde(default)]
    pub digest: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Who began it, where a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<AccountId>,
    /// Counts how often its description was saved, so that two who write at once are told of each other.
    #[serde(default)]
    pub edition: u32,
    /// Who saved its description last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<Save>,
    /// The public may read it though a later one has taken its place.
    #[serde(default)]
    pub stays_readable: bool,
}

/// The last time that a version's description was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Save {
    pub by: Option<AccountId>,
    pub at: DateTime<Utc>,
}

/// A material: the constant part that all versions share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    pub id: MaterialId,
    /// The id that the giver uses; unique within the organisation.
    pub external_id: Option<String>,
    /// The organisation as it was when the material was published; succession is followed when read.
    pub organisation: OrganisationId,
    /// How it stands before the public; until it is first published, where its first version stands.
    pub state: State,
    /// The version that the public sees, when the state is published.
    pub published_version: Option<u32>,
    pub latest_version: u32,
    /// Where the latest version stands while it is written beside the one that was published: draft, in review or
    /// scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newer: Option<State>,
    /// The day on which the scheduled version becomes public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    /// The last change that readers may know of.
    pub changed_at: DateTime<Utc>,
    /// The last time that staff did anything with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worked_at: Option<DateTime<Utc>>,
    pub published_at: Option<DateTime<Utc>>,
}

impl Material {
    /// A draft without a version yet.
    pub fn draft(id: MaterialId, organisation: OrganisationId, at: DateTime<Utc>) -> Self {
        Self {
            id,
            external_id: None,
            organisation,
            state: State::Draft,
            published_version: None,
            latest_version: 0,
            newer: None,
            publish_on: None,
            created_at: at,
            changed_at: at,
            worked_at: None,
            published_at: None,
        }
    }

    /// Notes that a version was worked on: readers are told only of what they get.
    pub fn touch(&mut self, at: DateTime<Utc>) {
        self.worked_at = Some(at);
        if !self.has_newer() {
            self.changed_at = at;
        }
    }

    /// The last time that anything was done with it.
    pub fn last_work(&self) -> DateTime<Utc> {
        self.worked_at.map_or(self.changed_at, |at| at.max(self.changed_at))
    }

    /// The version that the public may see now, if any.
    pub fn public_version(&self) -> Option<u32> {
        if self.state == State::Published { self.published_version } else { None }
    }

    /// Whether a version is written beside the one that was published.
    pub fn has_newer(&self) -> bool {
        self.published_version.is_some_and(|published| published < self.latest_version)
    }

    /// Where the latest version stands.
    pub fn working_state(&self) -> State {
        if self.has_newer() { self.newer.unwrap_or(State::Draft) } else { self.state }
    }

    /// Whether a version of it is being written, waits for a decision or for its day.
    pub fn is_at_work(&self) -> bool {
        matches!(self.working_state(), State::Draft | State::InReview | State::Scheduled)
    }

    /// Every state under which staff look for it.
    pub fn states(&self) -> BTreeSet<State> {
        [self.state, self.working_state()].into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_found_again() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        }
        for licence in Licence::ALL {
            assert_eq!(serde_json::to_value(licence).unwrap(), licence.code());
        }
        assert_eq!(Kind::from_code("ppt"), None);
    }

    #[test]
    fn only_a_published_material_has_a_public_version() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let organisation = OrganisationId::parse("he-thong").unwrap();
        let mut material = Material::draft(MaterialId(uuid::Uuid::nil()), organisation, now);
        material.state = State::Withdrawn;
        material.published_version = Some(1);
        material.latest_version = 1;
        assert_eq!(material.public_version(), None);
        material.state = State::Published;
        assert_eq!(material.public_version(), Some(1));
    }
}
