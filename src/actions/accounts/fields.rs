//! Reads what is typed about an account.

use crate::actions::import::OWN_ORGANISATION;
use crate::actions::{ActionError, Context};
use crate::domain::account::login::{Email, LOGIN_CHARS, LoginName};
use crate::domain::account::{Grant, person_name, phone_number};
use crate::domain::permission::Role;
use crate::store::StoreError;

pub(super) fn login(text: &str) -> Result<LoginName, ActionError> {
    LoginName::parse(text).map_err(|_error| {
        let (least, most) = (LOGIN_CHARS.start(), LOGIN_CHARS.end());
        let reason = format!(
            "Tên đăng nhập gồm {least} đến {most} chữ cái không dấu, chữ số, dấu chấm, gạch nối hoặc gạch dưới, bắt đầu bằng chữ hoặc số."
        );
        ActionError::Invalid { field: "login", code: "login-invalid", reason }
    })
}

pub(super) fn name(text: &str) -> Result<String, ActionError> {
    person_name(text)
        .ok_or_else(|| ActionError::invalid("name", "name-invalid", "Hãy ghi họ tên, không quá 100 ký tự."))
}

/// An e-mail address, or none where nothing was typed.
pub(super) fn email(text: &str) -> Result<Option<Email>, ActionError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wrong = "Địa chỉ thư điện tử chưa đúng; ví dụ đúng: lan@quangtri.gov.vn.";
    Email::parse(text).map(Some).map_err(|_error| ActionError::invalid("email", "email-invalid", wrong))
}

/// A telephone number, or none where nothing was typed.
pub(super) fn phone(text: &str) -> Result<Option<String>, ActionError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wrong = "Số điện thoại chưa đúng; ví dụ đúng: 0912 345 678.";
    phone_number(text).map(Some).ok_or_else(|| ActionError::invalid("phone", "phone-invalid", wrong))
}

/// A role must be given at an organisation that is in being.
pub(super) fn grant(context: &Context, grant: &Grant) -> Result<(), ActionError> {
    let catalogue = context.catalogue();
    let organisation = catalogue.organisation(&grant.organisation);
    let own = grant.role == Role::Admin && grant.organisation.as_str() == OWN_ORGANISATION;
    let id = &grant.organisation;
    let (code, reason) = match organisation {
        Some(organisation) if organisation.ended_on.is_none() => return Ok(()),
        None if own => return Ok(()),
        Some(_) => ("organisation-ended", format!("Cơ quan {id} không còn hoạt động; hãy chọn cơ quan kế tục.")),
        None => (
            "organisation-unknown",
            format!("Không có cơ quan nào mang mã {id}. Xem danh sách tại /api/v1/organisations."),
        ),
    };
    Err(ActionError::Invalid { field: "organisation", code, reason })
}

/// Says in words which name is taken.
pub(super) fn taken(error: StoreError) -> ActionError {
    match error {
        StoreError::Conflict { what } if what == "login" => {
            ActionError::invalid("login", "login-taken", "Đã có tài khoản dùng tên đăng nhập này. Hãy chọn tên khác.")
        }
        StoreError::Conflict { what } if what == "email" => {
            ActionError::invalid("email", "email-taken", "Đã có tài khoản dùng địa chỉ thư này.")
        }
        other => other.into(),
    }
}
