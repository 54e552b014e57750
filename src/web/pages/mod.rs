//! Pages: each a struct with its template, filled from what an action answers.

pub(super) mod about;
pub(super) mod accounts;
pub(super) mod administration;
pub(super) mod areas;
pub(super) mod attendance;
pub(super) mod batches;
mod blocks;
pub(super) mod classes;
pub(super) mod complaints;
mod facts;
pub(super) mod feeds;
mod files;
mod help;
pub(super) mod home;
pub(super) mod licences;
pub(super) mod materials;
pub(super) mod organisations;
pub(super) mod printouts;
pub(super) mod registrations;
pub(super) mod review;
pub(super) mod search;
pub(super) mod settings;
pub(super) mod statistics;
pub(super) mod text_pages;
pub(super) mod topics;
pub(super) mod uploads;
mod view;

use super::assets;
use super::error::PageError;
use super::links;
use super::session::{Duty, Reader};
use crate::actions::accounts::sessions::SignedIn;
use askama::Template;
use axum::response::Html;

/// What a handler of a page answers.
pub(super) type Page = Result<Html<String>, PageError>;

/// What every page shows around its own content.
#[derive(Debug, Clone, Default)]
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) description: Option<String>,
    /// The one address of the page, where it has several.
    pub(super) canonical: Option<String>,
    /// The reader's settings as classes of the root.
    pub(super) classes: String,
    /// The feed of what the page lists: its name and address.
    pub(super) feed: Option<(String, String)>,
    /// Who has signed in.
    pub(super) viewer: Option<Viewer>,
}

/// Who has signed in, for the head of every page.
#[derive(Debug, Clone, Default)]
pub(super) struct Viewer {
    pub(super) name: String,
    /// What is theirs to look after: addresses with their names.
    pub(super) tasks: Vec<(&'static str, &'static str)>,
    /// The path of this page.
    pub(super) path: String,
    /// The administrator's role waits for a second step.
    pub(super) needs_second_factor: bool,
    /// What an administrator must know on every page.
    pub(super) warning: Option<String>,
}

impl Frame {
    /// A frame with a title.
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), ..Self::default() }
    }

    /// The frame as the reader wants pages to look, with their name where they have signed in.
    #[must_use]
    pub(super) fn for_reader(mut self, reader: Reader) -> Self {
        self.classes = reader.settings.classes();
        let warning = reader.warning.clone();
        self.viewer = reader.signed_in.as_ref().map(|signed_in| Viewer {
            name: signed_in.account.name.clone(),
            tasks: tasks(&reader, signed_in),
            path: reader.path.clone(),
            needs_second_factor: signed_in.needs_second_factor,
            warning,
        });
        self
    }

    /// The frame with a description for search engines, cut to their length.
    #[must_use]
    pub(super) fn described(mut self, text: &str) -> Self {
        self.description = Some(text.chars().take(200).collect()).filter(|text: &String| !text.is_empty());
        self
    }

    /// The frame with the feed of what the page lists.
    #[must_use]
    pub(super) fn fed_by(mut self, title: String, address: String) -> Self {
        self.feed = Some((title, address));
        self
    }

    /// The frame with the page's one address.
    #[must_use]
    pub(super) fn at(mut self, address: String) -> Self {
        self.canonical = Some(address);
        self
    }

    /// The style that every page carries.
    pub(super) fn style(&self) -> &'static str {
        let _ = self;
        assets::STYLE
    }

    /// The address of the script for search boxes.
    pub(super) fn suggest(&self) -> &str {
        let _ = self;
        &assets::SUGGEST_URL
    }

    /// The address of the script that keeps what is typed.
    pub(super) fn draft(&self) -> &str {
        let _ = self;
        &assets::DRAFT_URL
    }

    /// The address of the script that asks before someone signs out.
    pub(super) fn leave(&self) -> &str {
        let _ = self;
        &assets::LEAVE_URL
    }

    /// The address of the icon.
    pub(super) fn icon(&self) -> &str {
        let _ = self;
        &assets::ICON_URL
    }
}

/// What is someone's to look after, as the head of every page lists it.
fn tasks(reader: &Reader, signed_in: &SignedIn) -> Vec<(&'static str, &'static str)> {
    let works = !signed_in.account.grants.is_empty();
    let all = [
        (works, links::STAFF, "Việc của tôi"),
        (works, links::STAFF_MATERIALS, "Học liệu"),
        (reader.has(Duty::Schedule), links::STAFF_CLASSES, "Lớp học"),
        (reader.has(Duty::Write), links::UPLOADS, "Tải lên"),
        (reader.has(Duty::Write), links::BATCHES, "Nhập hàng loạt"),
        (works, links::STATISTICS, "Số liệu"),
        (reader.has(Duty::Answer), links::COMPLAINTS, "Phản ánh"),
        (reader.has(Duty::Manage), links::ACCOUNTS, "Tài khoản"),
        (reader.has(Duty::Manage), links::AUDIT, "Nhật ký"),
        (crate::actions::administration::may_manage(&signed_in.actor), links::ADMINISTRATION, "Quản trị tỉnh"),
    ];
    all.into_iter().filter(|(theirs, ..)| *theirs).map(|(_, address, name)| (address, name)).collect()
}

fn html(page: &impl Template) -> Page {
    Ok(Html(page.render()?))
}

#[cfg(test)]
/// Renders pages for the test of all templates.
pub(super) fn rendered(pages: &[impl Template]) -> Vec<String> {
    pages.iter().map(|page| page.render().expect("a template renders")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::error;

    #[test]
    fn every_template_renders_with_one_heading_and_escaped_values() {
        let all = [
            super::home::samples(),
            super::search::samples(),
            super::materials::samples(),
            super::printouts::samples(),
            super::topics::samples(),
            super::view::samples(),
            super::settings::samples(),
            super::text_pages::samples(),
            super::about::samples(),
            super::accounts::samples(),
            super::review::samples(),
            super::uploads::samples(),
            super::administration::samples(),
            super::licences::samples(),
            super::batches::samples(),
            super::complaints::samples(),
            super::registrations::samples(),
            super::classes::samples(),
            super::attendance::samples(),
            super::statistics::samples(),
            error::samples(),
        ];
        assert!(all.iter().all(|pages| !pages.is_empty()));
        for html in all.iter().flatten() {
            assert_eq!(html.matches("<h1").count(), 1, "{html}");
            assert!(html.contains("<html lang=\"vi\"") && html.contains("<main id=\"chinh\""), "{html}");
            assert!(!html.contains("<thử>") && !html.contains("<script>alert"), "{html}");
        }
    }
}
