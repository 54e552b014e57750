//! The recognising program (`tesseract`): what it can read here, and one run of it in a confined process.

use super::grey::Grey;
use super::hocr::{self, Found};
use crate::domain::language::Language;
use crate::extract::error::ExtractError;
use crate::extract::extractor::Extractor;
use crate::extract::limits::Limits;
use crate::extract::process::Feed;
use crate::extract::worker::Task;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long an answer to "what is installed?" holds.
const FRESH: Duration = Duration::from_mins(1);
/// More languages at once make it slow and no surer.
const MOST_MODELS: usize = 3;
/// The longest answer to one page: its places take a hundred bytes for each word.
const ANSWER_BYTES: u64 = 8 << 20;
/// Where lines of text are looked for: in columns as they come, or anywhere, as in the cells of a table.
const BY_COLUMNS: &str = "3";
const ANYWHERE: &str = "11";

/// What the program can read, and when that was asked.
#[derive(Debug, Default)]
pub(in crate::extract) struct Models {
    known: Mutex<Option<(Instant, Vec<String>)>>,
}

/// Whether and how pages in some languages can be recognised here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recogniser {
    /// With these models.
    Models(String),
    /// Not before one of these Debian packages is installed.
    Lacks(Vec<String>),
}

/// How the text lies on what is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Columns of running text.
    Columns,
    /// Short pieces anywhere.
    Pieces,
}

impl Extractor {
    /// The models that are installed, none where the program is not; asked again after a minute.
    pub async fn ocr_models(&self) -> Vec<String> {
        let mut known = self.models.known.lock().await;
        if let Some((asked, models)) = &*known
            && asked.elapsed() < FRESH
        {
            return models.clone();
        }
        let listed = self.run(vec!["--list-langs".to_owned()], Vec::new()).await;
        let models = listed.map(|text| models(&String::from_utf8_lossy(&text))).unwrap_or_default();
        *known = Some((Instant::now(), models.clone()));
        models
    }

    /// How pages in some languages can be recognised here.
    pub async fn recogniser(&self, languages: &[Language]) -> Recogniser {
        choose(&self.ocr_models().await, languages)
    }

    /// Recognises what is drawn.
    pub(super) async fn read_print(&self, print: &Grey, models: &str, layout: Layout) -> Result<Found, ExtractError> {
        let segmentation = if layout == Layout::Columns { BY_COLUMNS } else { ANYWHERE };
        let mut arguments = on_pipes(models, segmentation);
        arguments.push("hocr".to_owned());
        let answer = self.run(arguments, pgm(print)).await?;
        hocr::read(&answer)
    }

    /// How many quarter turns to the right bring a page upright.
    pub(super) async fn quarters_to_upright(&self, print: &Grey) -> Result<u8, ExtractError> {
        let answer = self.run(on_pipes("osd", "0"), pgm(print)).await?;
        let text = String::from_utf8_lossy(&answer);
        let degrees = text.lines().find_map(|line| line.strip_prefix("Rotate: ")?.trim().parse::<u16>().ok());
        Ok(u8::try_from(degrees.unwrap_or(0) / 90 % 4).unwrap_or(0))
    }

    async fn run(&self, arguments: Vec<String>, input: Vec<u8>) -> Result<Vec<u8>, ExtractError> {
        let own = self.limits();
        let limits = Limits {
            cpu_seconds: own.ocr_cpu_seconds,
            memory_bytes: own.ocr_memory_bytes,
            output_bytes: ANSWER_BYTES,
            ..own.clone()
        };
        let task = Task::Become { program: self.recogniser.clone(), arguments };
        let child = self.child("", task, &limits);
        child.run(Feed::Bytes(input)).await.map_err(|end| end.of_recognition(&limits))
    }
}

/// Reading from the input, writing to the output.
fn on_pipes(models: &str, segmentation: &str) -> Vec<String> {
    ["stdin", "stdout", "-l", models, "--psm", segmentation, "--dpi", "200"].map(str::to_owned).to_vec()
}

/// A grey picture in the plainest of all formats.
fn pgm(picture: &Grey) -> Vec<u8> {
    let mut bytes = format!("P5\n{} {}\n255\n", picture.width, picture.height).into_bytes();
    bytes.extend(&picture.pixels);
    bytes
}

/// The models in the program's list, which has a line of its own above it.
fn models(list: &str) -> Vec<String> {
    let is_model = |line: &&str| !line.is_empty() && line.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    list.lines().map(str::trim).filter(is_model).map(str::to_owned).collect()
}

fn choose(installed: &[String], languages: &[Language]) -> Recogniser {
    let mut wanted: Vec<&str> = Vec::new();
    for language in languages {
        let model = model(language);
        if !wanted.contains(&model) {
            wanted.push(model);
        }
    }
    if wanted.is_empty() {
        wanted.push(VIETNAMESE);
    }
    let usable: Vec<&str> = wanted.iter().filter(|model| installed.iter().any(|own| own == *model)).copied().collect();
    if usable.is_empty() {
        let package = |model: &&str| format!("tesseract-ocr-{}", model.replace('_', "-"));
        let program = installed.is_empty().then(|| "tesseract-ocr".to_owned());
        return Recogniser::Lacks(program.into_iter().chain(wanted.iter().map(package)).collect());
    }
    Recogniser::Models(usable.into_iter().take(MOST_MODELS).collect::<Vec<_>>().join("+"))
}

/// The model of Vietnamese.
pub(super) const VIETNAMESE: &str = "vie";

/// The model for a language; those of this province that have none are written in quốc ngữ letters.
fn model(language: &Language) -> &'static str {
    match language.as_str().split('-').next().unwrap_or_default() {
        "en" => "eng",
        "lo" => "lao",
        "th" => "tha",
        "zh" => "chi_sim",
        "fr" => "fra",
        "km" => "khm",
        "ru" => "rus",
        "ko" => "kor",
        "ja" => "jpn",
        _ => VIETNAMESE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(tags: &[&str]) -> Vec<Language> {
        tags.iter().map(|tag| Language::parse(tag).unwrap()).collect()
    }

    #[test]
    fn a_material_is_read_with_the_models_of_its_languages() {
        let installed = models("List of available languages in \"/usr/share/tessdata/\" (4):\neng\nlao\nosd\nvie\n");
        assert_eq!(installed, ["eng", "lao", "osd", "vie"]);
        let chosen = |tags: &[&str]| choose(&installed, &languages(tags));
        let with = |models: &str| Recogniser::Models(models.to_owned());
        assert_eq!(chosen(&[]), with("vie"));
        assert_eq!(chosen(&["und"]), with("vie"));
        assert_eq!(chosen(&["bru", "vi"]), with("vie"));
        assert_eq!(chosen(&["lo", "vi"]), with("lao+vie"));
        assert_eq!(chosen(&["th", "en"]), with("eng"));
    }

    #[test]
    fn what_is_missing_is_named_as_it_is_installed() {
        let lacks = |packages: &[&str]| Recogniser::Lacks(packages.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(choose(&[], &[]), lacks(&["tesseract-ocr", "tesseract-ocr-vie"]));
        assert_eq!(choose(&["eng".to_owned()], &languages(&["zh"])), lacks(&["tesseract-ocr-chi-sim"]));
    }
}
