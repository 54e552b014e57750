//! Sending a complaint, and reading its answer with the code that was given for it.

use crate::actions::cards::{card, named_organisation, public_rows};
use crate::actions::materials::Card;
use crate::actions::{ActionError, Context};
use crate::domain::account::link::typed_code;
use crate::domain::actor::Actor;
use crate::domain::complaint::{Complaint, MAX_CONTACT_CHARS, MAX_OPEN_OF_MATERIAL, MAX_TEXT_CHARS, Reason};
use crate::domain::id::{ComplaintId, MaterialId};
use crate::secrets::{self, Purpose, hash_of};
use crate::store::{self, WriteTx};
use chrono::{DateTime, NaiveDate, Utc};
use std::net::IpAddr;

/// What someone wishes to say.
#[derive(Debug, Clone, Default)]
pub struct New {
    /// The code of a [`Reason`].
    pub reason: String,
    pub text: String,
    pub page: Option<u32>,
    pub contact: String,
    /// What was typed where no person types anything.
    pub trap: String,
}

/// What the sender is told, this once.
pub struct Sent {
    /// With it the answer can be read.
    pub code: String,
    pub due_on: NaiveDate,
}

/// The material that a complaint is about; it must be public.
///
/// # Errors
/// `NotFound` for any other.
pub async fn subject(context: &Context, id: MaterialId) -> Result<Card, ActionError> {
    let catalogue = context.catalogue();
    let read = move |tx: &dyn store::ReadTx| {
        let (material, version) = public_rows(tx, id)?.ok_or_else(|| ActionError::missing_material(id))?;
        Ok::<_, ActionError>(card(&catalogue, &material, &version))
    };
    context.store.read("complaint.subject", read).await
}

/// Takes a complaint about a published material; nothing is noted of who sends it.
///
/// # Errors
/// `NotFound` when the material is not public; `Invalid` for what cannot be used; `TooOften`.
pub async fn send(context: &Context, material: MaterialId, new: New, address: IpAddr) -> Result<Sent, ActionError> {
    let (reason, text, contact) = checked(&new)?;
    // Counted once it is about to be kept: who mends a form is not punished for it.
    context.attempts.complaint(address)?;
    let fresh = secrets::fresh_code(Purpose::Complaint)?;
    let (now, today, rules) = (context.now(), context.today(), context.bounds.complaints);
    let (id, code) = (ComplaintId(context.clock.fresh_id()), fresh.hash);
    let due_on = rules.due_on(reason, today);
    let page = new.page;
    let send = move |tx: &mut WriteTx<'_>| {
        let (row, version) = public_rows(tx, material)?.ok_or_else(|| ActionError::missing_material(material))?;
        let open = store::complaints::all(tx)?.iter().filter(|one| one.material == material && one.is_open()).count();
        if open >= MAX_OPEN_OF_MATERIAL {
            let reason = "Học liệu này đã có nhiều phản ánh đang chờ trả lời; cơ quan phụ trách sẽ xem xét cả.";
            return Err(ActionError::invalid("material", "complaints-many", reason));
        }
        let complaint = Complaint {
            id,
            material,
            version: version.number,
            organisation: row.organisation,
            reason,
            page: page.filter(|page| (1..=version.page_count).contains(page)),
            text,
            contact,
            code,
            sent_at: now,
            due_on,
            answer: None,
        };
        store::complaints::put(tx, &complaint)?;
        tx.record_at(&complaint.organisation, store::log::subject::COMPLAINT, id.to_string(), &["reason"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("complaint.send", context.stamp_by(&Actor::Visitor), send).await?;
    Ok(Sent { code: fresh.secret, due_on })
}

fn checked(new: &New) -> Result<(Reason, String, Option<String>), ActionError> {
    if !new.trap.trim().is_empty() {
        let reason = "Ô cuối cùng dành cho máy, phải để trống. Hãy xóa nội dung ô ấy rồi gửi lại.";
        return Err(ActionError::invalid("trap", "complaint-trap", reason));
    }
    let reason = Reason::from_code(&new.reason)
        .ok_or_else(|| ActionError::invalid("reason", "complaint-reason", "Hãy chọn một lý do."))?;
    let text = plain(&new.text);
    let length = text.chars().count();
    if !(10..=MAX_TEXT_CHARS).contains(&length) {
        let reason = format!("Hãy nói rõ điều chưa đúng, từ 10 đến {MAX_TEXT_CHARS} ký tự.");
        return Err(ActionError::Invalid { field: "text", code: "complaint-text", reason });
    }
    let contact = plain(&new.contact).replace('\n', " ");
    if contact.chars().count() > MAX_CONTACT_CHARS {
        let reason = format!("Liên hệ dài quá {MAX_CONTACT_CHARS} ký tự.");
        return Err(ActionError::Invalid { field: "contact", code: "complaint-contact", reason });
    }
    Ok((reason, text, Some(contact).filter(|contact| !contact.is_empty())))
}

/// A text without control and direction signs; line breaks stay.
pub(super) fn plain(text: &str) -> String {
    let hidden = |c: &char| {
        c.is_control() && *c != '\n'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.replace("\r\n", "\n").chars().filter(|c| !hidden(c)).collect::<String>().trim().to_owned()
}

/// What the bearer of a code is told.
#[derive(Debug, Clone)]
pub struct Followed {
    pub complaint: Complaint,
    /// The material as the public sees it; none once it is withdrawn.
    pub material: Option<Card>,
    /// Who answered or is to answer.
    pub organisation: String,
    pub sent_at: DateTime<Utc>,
}

/// Reads what became of a complaint.
///
/// # Errors
/// `Unauthenticated` when the code is none that was given out; `TooOften`.
pub async fn follow(context: &Context, typed: &str, address: IpAddr) -> Result<Followed, ActionError> {
    context.attempts.by_address(address)?;
    let invalid = || ActionError::Unauthenticated {
        code: "complaint-code",
        reason: "Không có phản ánh nào mang mã này. Hãy xem lại mã đã ghi khi gửi.".to_owned(),
    };
    let code = typed_code(typed).map(|code| hash_of(Purpose::Complaint, &code)).ok_or_else(invalid)?;
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn store::ReadTx| {
        let complaint = store::complaints::by_code(tx, &code)?.ok_or_else(invalid)?;
        let material = public_rows(tx, complaint.material)?.map(|(row, version)| card(&catalogue, &row, &version));
        let instead = complaint.answer.as_ref().and_then(|answer| answer.instead.as_ref());
        let organisation = match instead {
            Some(id) if catalogue.organisation(id).is_none() => "Quản trị thư viện của tỉnh".to_owned(),
            id => named_organisation(&catalogue, id.unwrap_or(&complaint.organisation), today).name,
        };
        Ok::<_, ActionError>(Followed { sent_at: complaint.sent_at, complaint, material, organisation })
    };
    context.store.read("complaint.follow", read).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(text: &str) -> New {
        New { reason: "wrong".to_owned(), text: text.to_owned(), ..New::default() }
    }

    #[test]
    fn what_is_said_is_plain_text_and_says_something() {
        let (_, text, contact) = checked(&new(" Trang 2\r\nghi\u{202e} sai liều. ")).unwrap();
        assert_eq!((text.as_str(), contact), ("Trang 2\nghi sai liều.", None));
        assert!(checked(&new("sai")).is_err() && checked(&new(&"s".repeat(2_001))).is_err());
        assert!(checked(&New { reason: "x".to_owned(), ..new("Đủ dài để gửi.") }).is_err());
        assert!(checked(&New { trap: "http://".to_owned(), ..new("Đủ dài để gửi.") }).is_err());
    }
}
