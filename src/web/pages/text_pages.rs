//! Putting the text of a material's page right, beside its picture.

use super::accounts::{Refusal, go};
#[cfg(test)]
use super::rendered;
use super::{Frame, html};
use crate::actions::extraction::pages::{self, Correction, Work};
use crate::domain::id::MaterialId;
use crate::domain::page::{Origin, Scan};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::session::{Answer, Reader, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "text_page.html", config = "src/web/askama.toml")]
struct TextPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    title: String,
    /// The page as readers see it.
    public: Option<String>,
    url: String,
    number: u32,
    count: u32,
    remarks: Vec<String>,
    image: Option<String>,
    language: String,
    text: String,
    version: u32,
    seen: String,
    previous: Option<String>,
    next: Option<String>,
    doubtful: Option<String>,
}

impl TextPage {
    fn of(work: Work, reader: Reader) -> Self {
        let (id, number) = (work.material, work.page.number);
        let address = |number: u32| links::page_at_work(id, number);
        Self {
            frame: Frame::new(&format!("Sửa chữ trang {number}")).for_reader(reader),
            refusal: Refusal::default(),
            notice: None,
            public: work.is_public.then(|| links::material_page(id, &work.title, number)),
            url: address(number),
            number,
            count: work.page_count,
            remarks: remarks(&work),
            image: work.page.scan.is_some().then(|| links::page_at_work_image(id, number)),
            language: work.page.language.map_or_else(|| "vi".to_owned(), |language| language.to_string()),
            text: work.text,
            version: work.version,
            seen: work.seen,
            title: work.title,
            previous: (number > 1).then(|| address(number - 1)),
            next: (number < work.page_count).then(|| address(number + 1)),
            doubtful: work.next_doubtful.map(address),
        }
    }
}

/// Where the text comes from and how far it can be trusted.
fn remarks(work: &Work) -> Vec<String> {
    let page = &work.page;
    let origin = match (page.origin, page.confidence) {
        (Origin::Corrected, _) => "Chữ đã được người sửa; đọc lại tệp cũng không làm mất.".to_owned(),
        (Origin::Ocr, Some(confidence)) => {
            format!("Máy đọc từ ảnh, chắc chắn {:.0}%.", f64::from(confidence) * 100.0)
        }
        (Origin::Ocr, None) => "Chữ do máy khác đọc từ ảnh, đi kèm tệp.".to_owned(),
        (Origin::Extracted, _) => "Chữ lấy từ tệp.".to_owned(),
        (Origin::Given, _) => "Chữ được đưa vào cùng học liệu.".to_owned(),
    };
    let scan = match &page.scan {
        Some(Scan::Waiting) => {
            Some("Trang đang chờ máy đọc; lưu chữ ở đây thì máy không đọc trang này nữa.".to_owned())
        }
        Some(Scan::Failed { message, .. }) => Some(format!("Máy không đọc được trang này. {message}")),
        _ if page.is_unsure() => Some("Máy không chắc: hãy so từng dòng với ảnh.".to_owned()),
        _ => None,
    };
    [origin].into_iter().chain(scan).collect()
}

fn place(id: &str, number: &str) -> Result<(MaterialId, u32), Problem> {
    let id = MaterialId::parse(id).map_err(|_error| Problem::of("material-missing"))?;
    let number = number.parse().map_err(|_error| Problem::of("material-page-missing"))?;
    Ok((id, number))
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let (id, number) = place(&id, &number)?;
    let work = pages::show(&state.context, &staff.signed_in.actor, id, number).await?;
    let mut page = TextPage::of(work, staff.reader);
    page.notice = parameters.first("da").filter(|code| *code == "luu").map(|_| "Đã lưu chữ của trang này.");
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn correct(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, number) = place(&id, &number)?;
    let told = Correction {
        version: form.value("ban").parse().unwrap_or(0),
        seen: form.value("dau").to_owned(),
        text: form.value("chu").replace("\r\n", "\n"),
    };
    let typed = told.text.clone();
    let actor = &staff.signed_in.actor;
    match pages::correct(&state.context, actor, id, number, told).await {
        Ok(()) => Ok(go(&links::done(&links::page_at_work(id, number), "luu"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let mut page = TextPage::of(pages::show(&state.context, actor, id, number).await?, staff.reader);
            // What was typed is not lost; saved once more it takes the place of what is there now.
            page.text = typed;
            page.refusal = refusal.clone();
            refusal.answer(&page)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |image: Option<String>| TextPage {
        frame: Frame::new("Sửa chữ trang 2"),
        refusal: Refusal::of(Problem::of("page-changed")).unwrap_or_default(),
        notice: Some("Đã lưu."),
        title: "<thử>".to_owned(),
        public: image.clone(),
        url: "/".to_owned(),
        number: 2,
        count: 3,
        remarks: vec!["<thử>".to_owned()],
        language: "vi".to_owned(),
        text: "</textarea><thử>".to_owned(),
        version: 1,
        seen: "ab".to_owned(),
        previous: image.clone(),
        next: image.clone(),
        doubtful: image.clone(),
        image,
    };
    rendered(&[page(None), page(Some("/".to_owned()))])
}
