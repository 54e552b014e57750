//! Speakers asked for by centres and sent by agencies, with the real store.

use crate::review::staff::House;
use crate::support::http::{Answer, Browser};
use crate::support::mail::MailServer;

use super::{Office, actor, code, evenings, morning, typed};
use hoclieu::actions::context::Extras;
use hoclieu::actions::schedule::classes;
use hoclieu::actions::schedule::feed::{self, Scope};
use hoclieu::actions::schedule::plan::plan;
use hoclieu::actions::schedule::requests::{self, Pile, Source, TypedAnswer, TypedRequest, TypedSlot};
use hoclieu::actions::schedule::speakers::{self, TypedSpeaker, Wanted};
use hoclieu::actions::schedule::typed::TypedPlan;
use hoclieu::domain::actor::Actor;
use hoclieu::domain::class::ClassAct;
use hoclieu::domain::id::{ClassId, OrganisationId, RequestId, SpeakerId};
use hoclieu::domain::meeting::Clash;
use hoclieu::domain::permission::Role;
use hoclieu::domain::request::{RequestAct, RequestState};

const AGENCY: &str = "cc-ttbvtv";

fn centre(commune: &str) -> Actor {
    actor(Role::Author, &format!("tthtcd.{commune}"))
}

fn agency() -> Actor {
    actor(Role::Author, AGENCY)
}

async fn person(office: &Office, name: &str, organisation: &str, belongs: bool) -> SpeakerId {
    let typed = TypedSpeaker {
        name: name.to_owned(),
        organisation: organisation.to_owned(),
        belongs,
        topics: vec!["agri.veg".to_owned()],
        ..TypedSpeaker::default()
    };
    speakers::write(&office.context, &Actor::System, None, typed).await.unwrap()
}

/// A published class of a commune on 1 December between two hours.
async fn evening(office: &Office, commune: &str, (from, to): (&str, &str)) -> ClassId {
    let hall = office.hall_of(&format!("tthtcd.{commune}")).await;
    let by = centre(commune);
    let id = office.class(&by, typed(&format!("tthtcd.{commune}"), "Trồng ném")).await.unwrap();
    let once = TypedPlan {
        pattern: "once".to_owned(),
        first: "2026-12-01".to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        ..evenings(&hall)
    };
    plan(&office.context, &by, id, once).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await.unwrap();
    id
}

/// Asks the agency, or a person, for all meetings of a class.
async fn ask(office: &Office, commune: &str, class: ClassId, whom: &str) -> RequestId {
    let by = centre(commune);
    let proposed = requests::propose(&office.context, &by, Source::Class(class, None)).await.unwrap();
    let typed = TypedRequest { whom: whom.to_owned(), ..proposed };
    requests::send(&office.context, &by, typed).await.unwrap()
}

async fn name(office: &Office, by: &Actor, id: RequestId, speaker: SpeakerId) -> &'static str {
    let typed = TypedAnswer { speaker: speaker.to_string(), ..TypedAnswer::default() };
    code(requests::act(&office.context, by, id, (RequestAct::Name, typed)).await)
}

async fn say(office: &Office, by: &Actor, id: RequestId, (act, reason): (RequestAct, &str)) -> &'static str {
    let typed = TypedAnswer { reason: reason.to_owned(), ..TypedAnswer::default() };
    code(requests::act(&office.context, by, id, (act, typed)).await)
}

async fn state(office: &Office, by: &Actor, id: RequestId) -> RequestState {
    requests::show(&office.context, by, id).await.unwrap().request.state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_asked_from_khe_sanh_and_cua_tung_for_one_evening_is_warned_of_the_way_before_it_answers() {
    let office = Office::new().await;
    let lan = person(&office, "Lan", AGENCY, true).await;
    let first = evening(&office, "khe-sanh", ("19:00", "20:30")).await;
    let second = evening(&office, "cua-tung", ("20:30", "22:00")).await;
    let (one, other) = (ask(&office, "khe-sanh", first, AGENCY).await, ask(&office, "cua-tung", second, AGENCY).await);
    let before = requests::candidates(&office.context, &agency(), other).await.unwrap();
    assert!(before.len() == 1 && before[0].fits && before[0].obstacles.is_empty(), "{before:?}");
    assert_eq!(name(&office, &agency(), one, lan).await, "ok");
    assert_eq!(office.meetings(first)[0].speakers, [lan], "who is named stands on the meeting at once");
    let told = requests::candidates(&office.context, &agency(), other).await.unwrap();
    let [candidate] = told.as_slice() else { panic!("{told:?}") };
    let clash = &candidate.obstacles[0].1.clash;
    assert!(matches!(clash, Clash::Travel { free_minutes: 0, needed_minutes: 100.., .. }), "{clash:?}");
    assert!(!candidate.is_taken() && candidate.bookings[0].what.contains("Khe Sanh"), "{candidate:?}");
    assert_eq!(name(&office, &agency(), other, lan).await, "ok", "a warning forbids nothing");
    for by in [centre("cua-tung"), agency()] {
        let card = requests::show(&office.context, &by, other).await.unwrap();
        assert_eq!(card.request.state, RequestState::Accepted);
        assert!(card.named.as_deref().is_some_and(|line| line.starts_with("Lan (Chi cục")), "{card:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_side_does_its_own_and_nobody_else_knows_of_a_request() {
    let office = Office::new().await;
    let (lan, an) = (person(&office, "Lan", AGENCY, true).await, person(&office, "An", AGENCY, true).await);
    let stranger = person(&office, "Minh", "so-tp", true).await;
    let class = evening(&office, "khe-sanh", ("19:00", "21:00")).await;
    let id = ask(&office, "khe-sanh", class, &lan.to_string()).await;
    let by = centre("khe-sanh");
    let again = requests::propose(&office.context, &by, Source::Class(class, None)).await.unwrap();
    let again = TypedRequest { whom: lan.to_string(), ..again };
    assert_eq!(code(requests::send(&office.context, &by, again).await), "request-waits");
    for other in [centre("gio-linh"), actor(Role::Reader, AGENCY), Actor::Visitor] {
        assert_eq!(code(requests::show(&office.context, &other, id).await), "missing", "{other:?}");
        assert_eq!(name(&office, &other, id, lan).await, "missing");
    }
    assert_eq!(name(&office, &by, id, lan).await, "forbidden", "a centre does not answer for an agency");
    assert_eq!(say(&office, &agency(), id, (RequestAct::Withdraw, "")).await, "forbidden");
    assert_eq!(say(&office, &agency(), id, (RequestAct::Lapse, "")).await, "forbidden", "time alone does that");
    assert_eq!(name(&office, &agency(), id, stranger).await, "request-speaker");
    assert_eq!(name(&office, &agency(), id, an).await, "ok");
    assert_eq!(
        (state(&office, &by, id).await, &office.meetings(class)[0].speakers),
        (RequestState::Substituted, &vec![an])
    );
    assert_eq!(name(&office, &agency(), id, lan).await, "ok", "the one who fell ill is replaced");
    assert_eq!(office.meetings(class)[0].speakers, [lan]);
    assert_eq!(say(&office, &agency(), id, (RequestAct::Decline, " ")).await, "reason-missing");
    assert_eq!(say(&office, &agency(), id, (RequestAct::Decline, "Đi tập huấn")).await, "ok");
    assert!(office.meetings(class)[0].speakers.is_empty(), "who declines stands on no meeting");
    let card = requests::show(&office.context, &by, id).await.unwrap();
    assert_eq!(card.history.last().unwrap().answer.reason, "Đi tập huấn");
    assert_eq!(card.history.len(), 3);
    assert_eq!(say(&office, &by, id, (RequestAct::Withdraw, "")).await, "ok");
    assert_eq!(name(&office, &agency(), id, lan).await, "request-act-impossible");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_answers_comes_back_to_the_centre_and_goes_up_to_the_province() {
    let guide = OrganisationId::parse("so-gddt").ok();
    let office = Office::with(Extras { guide, ..Extras::default() }).await;
    let lan = person(&office, "Lan", AGENCY, true).await;
    let class = evening(&office, "khe-sanh", ("19:00", "21:00")).await;
    let id = ask(&office, "khe-sanh", class, AGENCY).await;
    let (by, guide, admin) = (centre("khe-sanh"), actor(Role::Author, "so-gddt"), actor(Role::Admin, "he-thong"));
    let counts = async |who: &Actor| requests::counts(&office.context, who).await.unwrap();
    assert_eq!((counts(&agency()).await.to_answer, counts(&by).await.came_back), (1, 0));
    let lapse = async |day: &str| {
        office.clock.set(morning(day));
        let context = office.context.clone();
        tokio::task::spawn_blocking(move || requests::lapse_blocking(&context, context.today()).unwrap()).await.unwrap()
    };
    assert_eq!(lapse("2026-11-29").await, 0, "its last day is not over");
    assert_eq!((lapse("2026-11-30").await, lapse("2026-11-30").await), (1, 0));
    assert_eq!(state(&office, &by, id).await, RequestState::Lapsed);
    assert_eq!((counts(&by).await.came_back, counts(&guide).await.unanswered), (1, Some(1)));
    assert_eq!((counts(&admin).await.unanswered, counts(&by).await.unanswered), (Some(1), None));
    for who in [&guide, &admin] {
        let listed = requests::list(&office.context, who, (Pile::Unanswered, None, 0)).await.unwrap();
        assert_eq!(listed.items.iter().map(|card| card.request.id).collect::<Vec<_>>(), [id]);
    }
    assert_eq!(code(requests::list(&office.context, &by, (Pile::Unanswered, None, 0)).await), "forbidden");
    let again = TypedAnswer { reply_by: "2026-12-01".to_owned(), ..TypedAnswer::default() };
    assert_eq!(code(requests::act(&office.context, &by, id, (RequestAct::Renew, again)).await), "ok");
    assert_eq!((counts(&by).await.came_back, counts(&guide).await.unanswered), (0, Some(0)));
    office.clock.set(morning("2026-12-02"));
    assert_eq!(name(&office, &agency(), id, lan).await, "request-over", "the evening is past");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_named_speaker_stays_when_the_class_is_planned_anew_and_the_agencys_calendar_shows_the_class() {
    let office = Office::new().await;
    let lan = person(&office, "Lan", AGENCY, true).await;
    let (by, hall) = (centre("cam-lo"), office.hall().await);
    let class = office.class(&by, typed("tthtcd.cam-lo", "Trồng ném")).await.unwrap();
    plan(&office.context, &by, class, evenings(&hall)).await.unwrap();
    classes::act(&office.context, &by, class, (ClassAct::Publish, "")).await.unwrap();
    let of_agency = || Scope::Organisation(OrganisationId::parse(AGENCY).unwrap());
    assert!(feed::read(&office.context, of_agency()).await.unwrap().meetings.is_empty());
    let id = ask(&office, "cam-lo", class, AGENCY).await;
    assert_eq!(name(&office, &agency(), id, lan).await, "ok");
    let later = TypedPlan { from: "18:00".to_owned(), to: "20:00".to_owned(), ..evenings(&hall) };
    plan(&office.context, &by, class, later).await.unwrap();
    let meetings = office.meetings(class);
    assert!(meetings.len() == 15 && meetings.iter().all(|meeting| meeting.speakers == [lan]), "{meetings:?}");
    assert_eq!(feed::read(&office.context, of_agency()).await.unwrap().meetings.len(), 15);
    let card = requests::show(&office.context, &agency(), id).await.unwrap();
    assert!(card.wishes.iter().all(|wish| wish.slot() != wish.asked), "the agency sees that the hours changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_elder_without_an_agency_is_rung_up_and_a_promise_for_a_free_date_is_seen_by_the_next_who_asks() {
    let office = Office::new().await;
    let elder = person(&office, "Già làng", "tthtcd.a-doi", false).await;
    let by = centre("khe-sanh");
    let free = |from: &str, to: &str| TypedRequest {
        organisation: "tthtcd.khe-sanh".to_owned(),
        subject: "Kể chuyện làng".to_owned(),
        whom: elder.to_string(),
        slots: vec![TypedSlot { day: "2026-12-01".to_owned(), from: from.to_owned(), to: to.to_owned() }],
        reply_by: "2026-11-29".to_owned(),
        ..TypedRequest::default()
    };
    let id = requests::send(&office.context, &by, free("19:00", "21:00")).await.unwrap();
    assert_eq!(name(&office, &by, id, elder).await, "ok", "who asked notes the answer");
    let next = requests::send(&office.context, &by, free("20:00", "21:30")).await.unwrap();
    let told = requests::candidates(&office.context, &by, next).await.unwrap();
    assert!(told[0].is_taken() && told[0].bookings[0].what.contains("Khe Sanh"), "{told:?}");
    let past = TypedRequest {
        slots: vec![TypedSlot { day: "2026-11-01".to_owned(), ..free("8h", "9h").slots[0].clone() }],
        ..free("8h", "9h")
    };
    assert_eq!(code(requests::send(&office.context, &by, past).await), "request-past");
    let late = TypedRequest { reply_by: "2026-12-02".to_owned(), ..free("8h", "9h") };
    assert_eq!(code(requests::send(&office.context, &by, late).await), "request-reply-by");
    let own = person(&office, "Cán bộ", "tthtcd.khe-sanh", true).await;
    let own = TypedRequest { whom: own.to_string(), ..free("8h", "9h") };
    assert_eq!(code(requests::send(&office.context, &by, own).await), "request-self");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_roster_is_narrowed_by_field_by_commune_and_to_those_without_an_agency() {
    let office = Office::new().await;
    person(&office, "Lan", AGENCY, true).await;
    let typed = TypedSpeaker {
        name: "Già làng".to_owned(),
        organisation: "tthtcd.a-doi".to_owned(),
        topics: vec!["lang.bru".to_owned()],
        areas: vec!["qt.a-doi".to_owned(), "nowhere".to_owned()],
        ..TypedSpeaker::default()
    };
    speakers::write(&office.context, &Actor::System, None, typed).await.unwrap();
    let found = async |wanted: Wanted| {
        let all = speakers::list(&office.context, &agency(), &wanted).await.unwrap();
        all.into_iter().map(|one| one.speaker.name).collect::<Vec<_>>()
    };
    assert_eq!(found(Wanted::default()).await, ["Già làng", "Lan"]);
    assert_eq!(found(Wanted { topic: "agri".to_owned().try_into().ok(), ..Wanted::default() }).await, ["Lan"]);
    assert_eq!(found(Wanted { area: "qt.cam-lo".to_owned().try_into().ok(), ..Wanted::default() }).await, ["Lan"]);
    assert_eq!(found(Wanted { area: "qt.a-doi".to_owned().try_into().ok(), ..Wanted::default() }).await.len(), 2);
    assert_eq!(found(Wanted { free: true, ..Wanted::default() }).await, ["Già làng"]);
    assert_eq!(found(Wanted { text: "gia lang".to_owned(), ..Wanted::default() }).await, ["Già làng"]);
}

#[test]
fn the_seed_has_requests_in_every_state() {
    let house = House::with_classes();
    let mut admin = house.person("quantri", "admin", "he-thong");
    let sent = admin.get("/quan-ly/loi-moi?phia=gui").text();
    for state in RequestState::ALL {
        assert!(sent.contains(&format!("<p><strong>{}</strong></p>", state.label())), "{}: {sent}", state.code());
    }
    assert!(admin.get("/quan-ly").text().contains("Lời mời quá hạn trong cả tỉnh"));
    assert!(admin.get("/quan-ly/loi-moi?phia=tinh").text().contains("1 lời mời."));
    let mut border = house.person("bien-phong", "author", "bdbp");
    let received = border.get("/quan-ly/loi-moi").text();
    assert!(received.contains("Ứng phó bão, lũ") && received.contains("Hà Văn Dự Bị"), "{received}");
}

/// Where a form led.
fn led(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").split('?').next().unwrap().to_owned()
}

/// The value of the first link or field that begins so.
fn first(page: &str, begin: &str) -> String {
    let rest = page.split(begin).nth(1).unwrap_or_else(|| panic!("{begin}: {page}"));
    rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn a_speaker_is_asked_for_from_a_class_and_sent_by_forms_alone_and_letters_tell_both_sides() {
    let mail = MailServer::start();
    let port = mail.port.to_string();
    let post = ["--mail-host", "127.0.0.1", "--mail-port", &port, "--mail-security", "none", "--mail-from"];
    let more = ["Học liệu <hoclieu@example.vn>", "--public-url", "https://hoclieu.example.vn"];
    let house = House::new(&[&post[..], &more[..]].concat());
    let person = |login: &str, organisation: &str| {
        let email = format!("{login}@example.vn");
        house.person_with(login, &["--role", "author", "--organisation", organisation, "--email", &email])
    };
    let (mut lan, mut bvtv) = (person("lan", "tthtcd.cam-lo"), person("bvtv", "cc-ttbvtv"));
    let fields = [("ten", "Trần Thị <Mẫu>"), ("don-vi", "cc-ttbvtv"), ("thuoc", "1"), ("chu-de", "agri.veg")];
    led(&bvtv.post("/quan-ly/bao-cao-vien/moi", &fields));
    let class = class_of(&mut lan);
    let link = first(&lan.get(&class).text(), "href=\"/quan-ly/loi-moi/moi");
    let form = lan.get(&format!("/quan-ly/loi-moi/moi{link}")).text();
    let meeting = first(&form, "name=\"buoi\" value=\"");
    let id = class.rsplit('/').next().unwrap().to_owned();
    let asked = [
        ("lop", id.as_str()),
        ("noi-dung", "Trồng ném"),
        ("buoi", meeting.as_str()),
        ("han", "2099-11-30"),
        ("loi-nhan", "Có 30 bà con <mới>"),
    ];
    let nobody = lan.post("/quan-ly/loi-moi/moi", &asked);
    assert!(nobody.status == 400 && nobody.text().contains("Hãy chọn cơ quan hoặc báo cáo viên muốn mời."));
    assert!(nobody.text().contains("Có 30 bà con &#60;mới&#62;"), "what was typed stays");
    let request = led(&lan.post("/quan-ly/loi-moi/moi", &[&asked[..], &[("ai", "cc-ttbvtv")]].concat()));
    let letter = mail.next();
    assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("bvtv@example.vn", "Mời báo cáo viên: Trồng ném"));
    for told in
        ["19:00–21:00 ngày 01/12/2099", "Hạn trả lời: 30/11/2099", &format!("https://hoclieu.example.vn{request}")]
    {
        assert!(letter.text.contains(told), "{told}: {letter:?}");
    }
    assert!(bvtv.get("/quan-ly").text().contains("Lời mời báo cáo viên chờ trả lời"));
    let shown = bvtv.get(&request).text();
    assert!(shown.contains("Trần Thị &#60;Mẫu&#62;") && shown.contains("Không vướng buổi nào."), "{shown}");
    let someone = first(&shown, "name=\"nguoi\" value=\"");
    assert_eq!(led(&bvtv.post(&request, &[("viec", "name"), ("nguoi", &someone)])), request);
    let letter = mail.next();
    assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("lan@example.vn", "Đã có báo cáo viên: Trồng ném"));
    let page = lan.get(&class).text();
    assert!(page.contains("Báo cáo viên: Trần Thị &#60;Mẫu&#62;") && page.contains("Đã nhận lời"), "{page}");
    assert_eq!(house.visit(&request).status, 303, "a visitor is asked to sign in");
    assert_eq!(house.person("minh", "manager", "so-yt").get(&request).status, 404);
    assert!(mail.is_quiet());
}

/// A class of Cam Lộ on one evening.
fn class_of(lan: &mut Browser) -> String {
    let fields = [
        ("trung-tam", "tthtcd.cam-lo"),
        ("ten", "Trồng ném"),
        ("loai", "chuyen-giao"),
        ("chu-de", "agri.veg"),
        ("ngon-ngu", "vi"),
        ("dang-ky", "none"),
        ("dem", "names"),
    ];
    let plan = led(&lan.post("/quan-ly/lop/moi", &fields));
    let rule = [("lap", "once"), ("ngay", "2099-12-01"), ("tu", "19:00"), ("den", "21:00"), ("luu", "1")];
    led(&lan.post(&plan, &rule))
}
