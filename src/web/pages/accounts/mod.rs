//! Pages of people with accounts: signing in, one's own account, the accounts of others, the audit trail.

pub(in crate::web) mod audit;
pub(in crate::web) mod codes;
pub(in crate::web) mod external;
pub(in crate::web) mod list;
pub(in crate::web) mod manage;
pub(in crate::web) mod profile;
pub(in crate::web) mod second_factor;
pub(in crate::web) mod sign_in;
pub(in crate::web) mod tokens;

#[cfg(test)]
use super::rendered;
use super::{Frame, html};
use crate::web::assets;
use crate::web::error::{PageError, Problem};
use crate::web::session::{Answer, Reader};
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fast_qr::convert::Builder;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;

/// What a form says when it is shown again.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Refusal(Option<Problem>);

impl Refusal {
    /// Takes a failure that whoever filled in the form can mend; any other is shown on a page of its own.
    pub(in crate::web) fn of(problem: impl Into<Problem>) -> Result<Self, PageError> {
        let problem = problem.into();
        if problem.is_callers() { Ok(Self(Some(problem))) } else { Err(problem.into()) }
    }

    pub(in crate::web) fn text(&self) -> Option<&str> {
        self.0.as_ref().map(Problem::detail)
    }

    /// The form with what is wrong, under the failure's own status.
    pub(in crate::web) fn answer(&self, page: &impl Template) -> Answer {
        let response = html(page)?.into_response();
        Ok(match &self.0 {
            Some(problem) => problem.dress((problem.status(), response).into_response()),
            None => response,
        })
    }
}

/// Goes on to another page after a form.
pub(in crate::web) fn go(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())]).into_response()
}

/// A secret that is shown this once: a token, a one-time link, codes for paper.
#[derive(Default, Template)]
#[template(path = "accounts/secret.html", config = "src/web/askama.toml")]
pub(in crate::web::pages) struct SecretPage {
    pub(in crate::web::pages) frame: Frame,
    pub(in crate::web::pages) title: &'static str,
    /// What it is for and how long it is worth something.
    pub(in crate::web::pages) notes: Vec<String>,
    pub(in crate::web::pages) secrets: Vec<String>,
    /// A QR code of the secret, for a telephone.
    pub(in crate::web::pages) qr: Option<String>,
    pub(in crate::web::pages) back: String,
}

impl SecretPage {
    pub(in crate::web::pages) fn answer(mut self, reader: Reader) -> Answer {
        self.frame = Frame::new(self.title).for_reader(reader);
        Ok(html(&self)?.into_response())
    }

    /// The address of the script that prints.
    fn script(&self) -> &'static str {
        let _ = self;
        &assets::PRINT_URL
    }
}

/// A text as a QR code; `None` when it is too long for one.
pub(in crate::web::pages) fn qr(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).build().ok()?;
    Some(SvgBuilder::default().margin(4).to_str(&code))
}

/// What was just done, named by the address of the page.
fn done(code: Option<&str>) -> Option<&'static str> {
    Some(match code? {
        "mat-khau" => "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.",
        "dang-xuat" => "Đã đăng xuất.",
        "thong-tin" => "Đã lưu thông tin.",
        "phien" => "Đã kết thúc phiên đăng nhập.",
        "thu-hoi" => "Đã thu hồi mã truy cập.",
        "tat-buoc-hai" => "Đã tắt đăng nhập hai bước.",
        "vai-tro" => "Đã lưu vai trò.",
        "khoa" => "Đã khóa tài khoản. Mọi phiên đăng nhập và mã truy cập của tài khoản không dùng được nữa.",
        "mo-khoa" => "Đã mở khóa tài khoản.",
        "xoa" => "Đã xóa dữ liệu cá nhân của tài khoản.",
        _ => return None,
    })
}

/// A choice in a list.
#[derive(Debug, Clone)]
pub(in crate::web::pages) struct Choice {
    pub(in crate::web::pages) value: String,
    pub(in crate::web::pages) label: String,
    pub(in crate::web::pages) selected: bool,
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let secret = SecretPage {
        frame: Frame::new("Mã"),
        title: "Mã",
        notes: vec!["<thử>".to_owned()],
        secrets: vec!["ABCD".to_owned()],
        qr: qr("https://example.vn"),
        back: "/".to_owned(),
    };
    let mut all = rendered(&[secret]);
    for pages in [
        sign_in::samples(),
        codes::samples(),
        profile::samples(),
        second_factor::samples(),
        list::samples(),
        manage::samples(),
        audit::samples(),
    ] {
        all.extend(pages);
    }
    all
}
