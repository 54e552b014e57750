//! Registering without an account; looking one's registration up, taking a place, cancelling.

#[cfg(test)]
use super::rendered;
use super::{Frame, Pick, html, sexes, slot_words, standing, typed_person};
use crate::actions::schedule::calendar::{self, ClassCard};
use crate::actions::schedule::registration::own::{self, New, Own, OwnAct, Registered};
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::domain::consent::Part;
use crate::domain::id::ClassId;
use crate::domain::learner::Person;
use crate::domain::registration::{RegistrationState, printed_slip};
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::links;
use crate::web::pages::accounts::Refusal;
use crate::web::pages::view::Link;
use crate::web::session::{Answer, From, Reader};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "registrations/form.html", config = "src/web/askama.toml")]
struct FormPage {
    frame: Frame,
    refusal: Refusal,
    class: Link,
    centre: String,
    notes: Vec<String>,
    /// Whether people can register now.
    open: bool,
    action: String,
    form: String,
    typed: TypedPerson,
    sexes: Vec<Pick>,
    consent: Vec<(&'static str, String)>,
    agree: String,
}

#[derive(Template)]
#[template(path = "registrations/slip.html", config = "src/web/askama.toml")]
pub(super) struct SlipPage {
    pub(super) frame: Frame,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) class: Link,
    pub(super) centre: String,
    pub(super) standing: String,
    pub(super) meetings: Vec<(String, String)>,
    pub(super) contact: String,
    /// Where the code is typed, with the host.
    pub(super) own: String,
    pub(super) back: Link,
}

#[derive(Template)]
#[template(path = "registrations/find.html", config = "src/web/askama.toml")]
struct FindPage {
    frame: Frame,
    refusal: Refusal,
}

#[derive(Template)]
#[template(path = "registrations/own.html", config = "src/web/askama.toml")]
struct OwnPage {
    frame: Frame,
    refusal: Refusal,
    code: String,
    standing: String,
    class: Link,
    cancelled: bool,
    centre: String,
    contact: String,
    next: Option<String>,
    /// What is kept of the person.
    kept: Vec<(&'static str, String)>,
    may_accept: bool,
    may_cancel: bool,
}

fn parse(id: &str) -> Result<ClassId, Problem> {
    ClassId::parse(id).map_err(|_error| Problem::of("class-missing"))
}

async fn form_page(state: &AppState, id: ClassId, reader: Reader) -> Result<FormPage, Problem> {
    let context = &state.context;
    let card = calendar::show(context, id).await?;
    let open = own::takes_now(context, id).await?;
    let now = context.now();
    let next = card.meetings.iter().find(|one| !one.slot.is_over(now));
    let seats = card.seats_left.map(|left| {
        if left == 0 {
            "Đã đủ người: ai đăng ký sẽ vào danh sách chờ.".to_owned()
        } else {
            format!("Còn {left} chỗ.")
        }
    });
    let mut parts = own::consent_text(context);
    let agree = parts.pop().filter(|(part, _)| *part == Part::Box).map(|(_, text)| text).unwrap_or_default();
    let notes = next.map(|one| format!("Buổi tới: {}", slot_words(&one.slot))).into_iter();
    Ok(FormPage {
        frame: Frame::new(&format!("Đăng ký học: {}", card.class.teaching.title)).for_reader(reader),
        refusal: Refusal::default(),
        class: Link::to(links::class(id), &card.class.teaching.title),
        centre: card.centre.name.clone(),
        notes: notes.chain(seats.filter(|_| open)).collect(),
        open,
        action: links::register(id),
        form: own::fresh_form(context),
        typed: TypedPerson::default(),
        sexes: sexes(""),
        consent: parts.into_iter().map(|(part, text)| (part.label(), text)).collect(),
        agree,
    })
}

pub(in crate::web) async fn ask(State(state): State<AppState>, Path(id): Path<String>, reader: Reader) -> Answer {
    Ok(html(&form_page(&state, parse(&id)?, reader).await?)?.into_response())
}

pub(in crate::web) async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    reader: Reader,
    From(origin): From,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let person = typed_person(&form);
    let new = New {
        person: person.clone(),
        consent: form.value("dong-y") == "1",
        form: form.value("phieu").to_owned(),
        trap: form.value("trang-web").to_owned(),
    };
    match own::register(&state.context, id, new, origin.address).await {
        Ok(registered) => {
            let card = calendar::show(&state.context, id).await?;
            let page = SlipPage {
                frame: Frame::new("Phiếu đăng ký học").for_reader(reader),
                standing: standing(&registered.registration, registered.before),
                back: Link::to(links::class(id), "Về trang của lớp"),
                ..slip_page(&state, &card, &registered, &person.name)
            };
            Ok(html(&page)?.into_response())
        }
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let page = FormPage {
                refusal: refusal.clone(),
                form: form.value("phieu").to_owned(),
                sexes: sexes(&person.sex),
                typed: person,
                ..form_page(&state, id, reader).await?
            };
            refusal.answer(&page)
        }
    }
}

/// The slip of a registration; without what only its page knows.
pub(super) fn slip_page(state: &AppState, card: &ClassCard, registered: &Registered, name: &str) -> SlipPage {
    let now = state.context.now();
    let coming = card.meetings.iter().filter(|one| !one.slot.is_over(now)).take(8);
    let venue = |one: &crate::actions::schedule::MeetingCard| {
        let venue = one.venue.as_ref().map(|venue| [venue.name.as_str(), &venue.address, &venue.area]);
        let parts = venue.unwrap_or_default().into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(", ")
    };
    SlipPage {
        frame: Frame::new("Phiếu đăng ký học"),
        code: printed_slip(&registered.code),
        name: name.split_whitespace().collect::<Vec<_>>().join(" "),
        class: Link::to(links::class(card.class.id), &card.class.teaching.title),
        centre: card.centre.name.clone(),
        standing: registered.registration.state.label().to_owned(),
        meetings: coming.map(|one| (slot_words(&one.slot), venue(one))).collect(),
        contact: card.class.contact.clone(),
        own: links::OWN.to_owned(),
        back: Link::bare(String::new()),
    }
}

pub(in crate::web) async fn find(reader: Reader) -> Answer {
    let frame = Frame::new("Đăng ký học của tôi").for_reader(reader);
    Ok(html(&FindPage { frame, refusal: Refusal::default() })?.into_response())
}

/// Shows the registration of a code, or does what its bearer wishes.
pub(in crate::web) async fn follow(
    State(state): State<AppState>,
    reader: Reader,
    From(origin): From,
    form: Form,
) -> Answer {
    let act = match form.value("viec") {
        "nhan" => Some(OwnAct::Accept),
        "huy" => Some(OwnAct::Cancel),
        _ => None,
    };
    let code = form.value("ma");
    let found = match act {
        None => own::look(&state.context, code, origin.address).await,
        Some(act) => own::act(&state.context, code, act, origin.address).await,
    };
    match found {
        Ok(own) => Ok(html(&own_page(&own, reader))?.into_response()),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let frame = Frame::new("Đăng ký học của tôi").for_reader(reader);
            refusal.clone().answer(&FindPage { frame, refusal })
        }
    }
}

fn own_page(own: &Own, reader: Reader) -> OwnPage {
    let state = own.registration.state;
    OwnPage {
        frame: Frame::new("Đăng ký học của bạn").for_reader(reader),
        refusal: Refusal::default(),
        code: printed_slip(&own.code),
        standing: standing(&own.registration, own.before),
        class: Link::to(links::class(own.class.id), &own.class.teaching.title),
        cancelled: own.class.state == crate::domain::class::ClassState::Cancelled,
        centre: own.centre.name.clone(),
        contact: own.class.contact.clone(),
        next: own.next.as_ref().map(slot_words),
        kept: own.person.as_ref().map(kept).unwrap_or_default(),
        may_accept: state == RegistrationState::Offered,
        may_cancel: state.is_alive(),
    }
}

/// What is kept of a person, in words.
fn kept(person: &Person) -> Vec<(&'static str, String)> {
    let all = [
        ("Họ tên", person.name.clone()),
        ("Năm sinh", person.birth_year.to_string()),
        ("Giới tính", person.sex.map(|sex| sex.label().to_owned()).unwrap_or_default()),
        ("Thôn, bản", person.village.clone()),
        ("Số điện thoại", person.phone.clone().unwrap_or_default()),
        ("Người giám hộ", person.guardian.clone().unwrap_or_default()),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let link = || Link::to("/".to_owned(), "<thử>");
    let text = || "<thử>".to_owned();
    let form = |open| FormPage {
        frame: Frame::new("Đăng ký"),
        refusal: Refusal::of(Problem::of("value-invalid")).unwrap_or_default(),
        class: link(),
        centre: text(),
        notes: vec![text()],
        open,
        action: "/".to_owned(),
        form: "1".to_owned(),
        typed: TypedPerson { name: text(), ..TypedPerson::default() },
        sexes: sexes("female"),
        consent: vec![("Để làm gì", text())],
        agree: text(),
    };
    let slip = SlipPage {
        frame: Frame::new("Phiếu"),
        code: "ABCDE-FGHJK".to_owned(),
        name: text(),
        class: link(),
        centre: text(),
        standing: text(),
        meetings: vec![(text(), text())],
        contact: text(),
        own: "/".to_owned(),
        back: link(),
    };
    let find = FindPage { frame: Frame::new("Tìm"), refusal: Refusal::default() };
    let own = |may: bool| OwnPage {
        frame: Frame::new("Của tôi"),
        refusal: Refusal::default(),
        code: "ABCDE-FGHJK".to_owned(),
        standing: text(),
        class: link(),
        cancelled: !may,
        centre: text(),
        contact: text(),
        next: may.then(text),
        kept: vec![("Họ tên", text())],
        may_accept: may,
        may_cancel: may,
    };
    let mut all = rendered(&[form(true), form(false)]);
    all.extend(rendered(&[slip]));
    all.extend(rendered(&[find]));
    all.extend(rendered(&[own(true), own(false)]));
    all
}
