//! Courses: what is taught, written once and scheduled by any centre.

use crate::domain::id::{CourseId, MaterialId, OrganisationId, TopicId};
use crate::domain::language::Language;
use crate::domain::material::Audience;
use crate::domain::words::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// The sort of a class, as centres count them.
    ClassType {
        TopicTalk = "chuyen-de", "Chuyên đề (một buổi)";
        TechnologyTransfer = "chuyen-giao", "Chuyển giao kỹ thuật";
        ShortTrade = "nghe-ngan-han", "Nghề ngắn hạn";
        Digital = "ky-nang-so", "Kỹ năng số";
        Law = "pho-bien-phap-luat", "Phổ biến pháp luật";
        Health = "suc-khoe", "Sức khỏe";
        LiteracyOne = "xmc-1", "Xóa mù chữ, giai đoạn 1";
        LiteracyTwo = "xmc-2", "Xóa mù chữ, giai đoạn 2";
        PostLiteracy = "sau-xmc", "Sau xóa mù chữ";
        Language = "ngoai-ngu", "Ngoại ngữ, tiếng dân tộc";
        Preschool = "tien-lop-1", "Tiếng Việt trước lớp 1";
        Club = "cau-lac-bo", "Câu lạc bộ văn hóa, thể thao";
        Officials = "can-bo", "Bồi dưỡng cán bộ";
        Broadcast = "nghe-dai", "Cùng nghe, cùng xem đài";
    }
}

/// What is said of what is taught, by a course and by each class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teaching {
    pub title: String,
    #[serde(default)]
    pub summary: String,
    pub class_type: ClassType,
    #[serde(default)]
    pub topics: Vec<TopicId>,
    #[serde(default)]
    pub audiences: Vec<Audience>,
    /// The languages of instruction, the main one first.
    #[serde(default)]
    pub languages: Vec<Language>,
    #[serde(default)]
    pub materials: Vec<MaterialId>,
}

/// What is taught: a template that every centre may make classes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    pub id: CourseId,
    /// Who has written it and looks after it.
    pub organisation: OrganisationId,
    pub teaching: Teaching,
    /// What happens in which meeting, one a line.
    #[serde(default)]
    pub syllabus: Vec<String>,
    /// The course that it was copied from.
    #[serde(default)]
    pub copied_from: Option<CourseId>,
    /// No new class is made from it.
    #[serde(default)]
    pub retired: bool,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}
