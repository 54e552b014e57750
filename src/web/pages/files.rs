//! The files of a material in its page: to download, to hear and to see.

use crate::actions::materials::MaterialView;
use crate::domain::file::File;
use crate::domain::file::size_vi;
use crate::domain::language::Language;
use crate::web::links;

/// A file to download.
pub(super) struct FileView {
    pub(super) url: String,
    pub(super) kind: &'static str,
    pub(super) size: String,
}

/// A recording or a film, played in the page.
pub(super) struct Player {
    pub(super) url: String,
    pub(super) name: String,
    pub(super) is_film: bool,
    /// Its captions, those that are shown first at the beginning.
    pub(super) tracks: Vec<Track>,
}

/// Captions beside a recording.
pub(super) struct Track {
    pub(super) url: String,
    pub(super) language: String,
    pub(super) label: String,
}

/// What is shown of a file.
pub(super) fn file_view(file: &File) -> FileView {
    FileView { url: links::file(file), kind: kind_name(&file.media_type), size: size_vi(file.size_bytes) }
}

/// A player for each recording; the first one has the captions and begins at the moment that is asked for.
pub(super) fn players(view: &MaterialView, from_ms: Option<u64>) -> Vec<Player> {
    let is_played = |file: &&File| ["audio/", "video/"].iter().any(|kind| file.media_type.starts_with(kind));
    let player = |(index, file): (usize, &File)| {
        let from_ms = from_ms.filter(|_| index == 0);
        let from = from_ms.map(|from_ms| format!("#t={}", from_ms / 1_000)).unwrap_or_default();
        Player {
            url: format!("{}{from}", links::file(file)),
            name: file.name.clone(),
            is_film: file.media_type.starts_with("video/"),
            tracks: if index == 0 { tracks(view) } else { Vec::new() },
        }
    };
    view.files.iter().filter(is_played).enumerate().map(player).collect()
}

/// The captions of a version, in their order. The first ones are its text, with what people put right in it; others, as
/// in another language, are played as they came, which browsers do with `WebVTT` alone.
fn tracks(view: &MaterialView) -> Vec<Track> {
    let own = view.card.languages.first().cloned();
    let all = view.files.iter().filter(|file| is_captions(file)).enumerate();
    let played = all.filter(|(index, file)| *index == 0 || file.media_type == WEBVTT);
    let track = |(index, file): (usize, &File)| {
        let language = language_in(&file.name).or_else(|| own.clone().filter(|_| index == 0));
        Track {
            url: if index == 0 { links::captions(view.card.id, view.version) } else { links::file(file) },
            label: language.as_ref().map_or_else(|| file.name.clone(), |language| language.name_vi().to_owned()),
            language: language.as_ref().map_or("vi", |language| language.as_str()).to_owned(),
        }
    };
    played.map(track).collect()
}

const WEBVTT: &str = "text/vtt";

fn is_captions(file: &File) -> bool {
    matches!(file.media_type.as_str(), WEBVTT | "application/x-subrip")
}

/// The language that a name of captions tells before its ending, as `bai.en.vtt` does.
fn language_in(name: &str) -> Option<Language> {
    let tag = name.rsplit('.').nth(1).filter(|tag| (2..=3).contains(&tag.len()))?;
    Language::parse(tag).ok()
}

fn kind_name(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "PDF",
        "application/msword" => "Word",
        "application/epub+zip" => "sách EPUB",
        "text/html" => "trang web",
        "text/markdown" | "text/plain" => "văn bản",
        WEBVTT | "application/x-subrip" => "phụ đề",
        audio if audio.starts_with("audio/") => "âm thanh",
        video if video.starts_with("video/") => "video",
        office if office.contains("wordprocessing") => "Word",
        office if office.contains("presentation") => "bài trình chiếu",
        office if office.contains("spreadsheet") || office.contains("excel") => "bảng tính",
        office if office.contains("opendocument") => "văn bản ODT",
        _ => "tệp",
    }
}
