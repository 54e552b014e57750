//! Anyone says what is not right about a material; its organisation answers in time, or someone above does.

use super::{colleague, import_rows};
use crate::accounts::{Library, served};
use crate::support::browser::Page;
use crate::support::http::{Answer, Browser, get};
use crate::support::library::code;
use chrono::TimeDelta;
use hoclieu::actions::accounts::AccountRules;
use hoclieu::actions::complaints::{self, Filter, Found, New, Wanted};
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::{MaterialId, OrganisationId};
use hoclieu::domain::material::{Description, Extraction, Kind, Licence, Material, State, Version};
use hoclieu::domain::permission::Role;
use hoclieu::store::{self, Stamp, StoreError};
use std::net::IpAddr;
use uuid::Uuid;

const ROW: &str = "{\"id\":\"1\",\"title\":\"Phun thuốc trừ rầy\",\"text\":\"Pha 90 ml thuốc cho một bình.\"}\n";
const TEXT: &str = "Liều thuốc ghi gấp ba lần nhãn.";

/// The address of the one material.
fn material(url: &str) -> String {
    let all = get(&format!("{url}/api/v1/materials")).json()["items"].as_array().unwrap().clone();
    let one = all.iter().find(|item| item["title"] == "Phun thuốc trừ rầy").unwrap();
    format!("/hoc-lieu/{}", one["id"].as_str().unwrap())
}

fn complain(browser: &mut Browser, material: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("ly-do", "harmful"), ("noi-dung", TEXT), ("trang-web", "")];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend(more);
    browser.post(&format!("{material}/phan-anh"), &fields)
}

/// The text between two others.
#[track_caller]
fn between(page: &str, from: &str, to: &str) -> String {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("no {from}: {page}")).1;
    rest.split_once(to).map_or(rest, |(part, _)| part).to_owned()
}

#[test]
fn from_a_reader_without_an_account_to_a_withdrawn_material_and_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    import_rows(folder.path(), ROW);
    let material = material(&server.url);
    let mut reader = Browser::new(&server.url);
    let shown = reader.get(&format!("{material}/x")).text();
    assert!(shown.contains(&format!("{material}/phan-anh")), "the material's page leads there");
    assert!(reader.get(&format!("{material}/phan-anh?trang=1")).text().contains("Phun thuốc trừ rầy"));
    let sent = complain(&mut reader, &material, &[("lien-he", "0905 000 111"), ("trang", "1")]);
    assert_eq!((sent.status, sent.header("cache-control")), (200, "no-store"));
    let code = between(&sent.text(), "<code>", "</code>");
    let wait = reader.post("/phan-anh", &[("ma", &code.to_lowercase())]).text();
    assert!(wait.contains("Chưa có trả lời") && wait.contains(TEXT) && !wait.contains("0905"), "{wait}");
    assert_eq!(reader.post("/phan-anh", &[("ma", "AAAA-AAAA-AAAA-AAAA")]).status, 401);

    let listed = admin.get("/quan-ly/phan-anh").text();
    assert!(listed.contains("1 phản ánh") && listed.contains("chuyển lên"), "nobody at the department can answer");
    let mut author = colleague(&mut admin, "lan", "author");
    assert_eq!(author.get("/quan-ly/phan-anh").status, 403);
    let mut reviewer = colleague(&mut admin, "hoa", "reviewer");
    assert!(admin.get("/quan-ly/phan-anh").text().contains("0 phản ánh"), "now there is someone");
    assert!(admin.get("/quan-ly/phan-anh?loc=chua-tra-loi").text().contains("1 phản ánh"));
    let listed = reviewer.get("/quan-ly/phan-anh").text();
    assert!(listed.contains("1 phản ánh") && reviewer.get("/").text().contains("/quan-ly/phan-anh"));
    let (home, due) = (reviewer.get("/quan-ly").text(), "Phản ánh chờ trả lời (1)</a>, trước hết ngày ");
    assert!(home.contains(due) && home.find(due) < home.rfind("Tải học liệu lên"), "it stands first: {home}");
    assert!(!author.get("/quan-ly").text().contains("Phản ánh chờ trả lời"));
    let one = format!("/quan-ly/phan-anh/{}", between(&listed, "href=\"/quan-ly/phan-anh/", "\""));
    assert_eq!(author.get(&one).status, 404);
    let page = reviewer.get(&one).text();
    assert!(page.contains("0905 000 111") && page.contains("trang 1") && page.contains("thôi công bố ngay"), "{page}");
    assert_eq!(reviewer.post(&one, &[("ket-qua", "kept"), ("tra-loi", "ừ")]).status, 400);
    let answer = "Đã rút; sẽ công bố lại khi sửa xong liều.";
    let answered = reviewer.post(&one, &[("ket-qua", "withdrawn"), ("tra-loi", answer)]);
    assert_eq!(answered.header("location"), format!("{one}?da=tra-loi"));
    assert_eq!(reader.get(&material).status, 404, "withdrawn in the same moment");
    assert!(!reviewer.get("/quan-ly").text().contains("Phản ánh chờ trả lời"));
    assert!(author.get("/quan-ly").text().contains("Bị rút khỏi thư viện"), "its author is told");
    let again = reviewer.post(&one, &[("ket-qua", "kept"), ("tra-loi", "Lại lần nữa.")]);
    assert!(again.status == 400 && again.text().contains("đã có người trả lời"));
    let told = reader.post("/phan-anh", &[("ma", &code)]).text();
    assert!(told.contains(answer) && told.contains("Đã rút học liệu") && told.contains("Không còn công bố"), "{told}");
    assert!(!reviewer.get(&one).text().contains("0905"), "the contact goes with the answer");
    assert!(reviewer.get("/quan-ly/phan-anh?loc=da-tra-loi").text().contains("Đã rút học liệu"));
    let trail = admin.get("/quan-ly/nhat-ky?co-quan=so-nnmt").text();
    assert!(
        trail.contains("Gửi phản ánh") && trail.contains("Trả lời phản ánh") && trail.contains("Nguy hiểm"),
        "{trail}"
    );
    assert!(!trail.contains(TEXT), "the trail has no words of persons");
}

#[test]
fn nonsense_robots_and_floods_are_refused_and_what_was_typed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = served(folder.path(), &[]);
    import_rows(folder.path(), ROW);
    let material = material(&server.url);
    let mut reader = Browser::new(&server.url);
    let short = complain(&mut reader, &material, &[("noi-dung", "sai <b>"), ("lien-he", "a@b.vn")]);
    assert!(short.status == 400 && short.text().contains("sai &#60;b&#62;") && short.text().contains("a@b.vn"));
    assert_eq!(complain(&mut reader, &material, &[("ly-do", "x")]).status, 400);
    assert_eq!(complain(&mut reader, &material, &[("trang-web", "http://spam")]).status, 400);
    let nowhere = format!("/hoc-lieu/{}", Uuid::from_u128(9));
    assert_eq!(complain(&mut reader, &nowhere, &[]).status, 404);
    assert_eq!(reader.get(&format!("{nowhere}/phan-anh")).status, 404);
    let fields = [("ly-do", "wrong"), ("noi-dung", TEXT)];
    let elsewhere = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(reader.post_with(&format!("{material}/phan-anh"), &fields, &elsewhere).status, 403);
    let statuses: Vec<u16> = (0..11).map(|_| complain(&mut reader, &material, &[]).status).collect();
    assert_eq!(statuses, [[200; 10].as_slice(), &[429]].concat());
}

/// A published material of the sub-department.
fn publish(library: &Library, organisation: &str) -> MaterialId {
    let (id, at) = (MaterialId(library.clock.fresh_id()), library.clock.now());
    let description = Description {
        title: "Phun thuốc".to_owned(),
        summary: String::new(),
        topics: Vec::new(),
        authors: Vec::new(),
        languages: Vec::new(),
        kind: Kind::Text,
        level: None,
        audiences: Vec::new(),
        areas: Vec::new(),
        season: None,
        licence: Licence::Unknown,
        document_number: None,
        issued_on: None,
        valid_from: None,
        valid_to: None,
        sample: false,
        sources: Vec::new(),
        review_by: None,
        replaces: Vec::new(),
        links: Vec::new(),
    };
    let version = Version {
        material: id,
        number: 1,
        description,
        files: Vec::new(),
        extraction: Extraction::Given,
        page_count: 0,
        word_count: 0,
        pages_blob: None,
        decodings: hoclieu::domain::text::decoding::Decodings::default(),
        digest: None,
        created_at: at,
        made_by: None,
        edition: 0,
        saved: None,
        stays_readable: false,
    };
    let material = Material {
        state: State::Published,
        published_version: Some(1),
        latest_version: 1,
        published_at: Some(at),
        ..Material::draft(id, OrganisationId::parse(organisation).unwrap(), at)
    };
    let stamp = Stamp { at, actor: "system".to_owned() };
    let put = move |tx: &mut store::WriteTx<'_>| {
        store::versions::put(tx, &version)?;
        store::materials::put(tx, &material)
    };
    library.store.write_blocking::<_, StoreError, _>("test.publish", stamp, put).unwrap();
    id
}

fn new(reason: &str) -> New {
    New { reason: reason.to_owned(), text: TEXT.to_owned(), contact: "0905 000 111".to_owned(), ..New::default() }
}

async fn waiting(library: &Library, actor: &Actor) -> Found {
    complaints::list(&library.context, actor, Wanted::default()).await.unwrap()
}

#[tokio::test]
async fn what_is_not_answered_in_time_goes_up_and_words_are_forgotten_in_the_end() {
    let library = Library::new(AccountRules::default()).await;
    let admin = library.administrator().await;
    for (login, organisation) in [("duoi", "cc-ttbvtv"), ("tren", "so-nnmt"), ("khac", "so-yt")] {
        library.account(&admin, login, Role::Reviewer, organisation).await;
    }
    let [below, above, elsewhere] =
        [library.sign_in("duoi").await.actor, library.sign_in("tren").await.actor, library.sign_in("khac").await.actor];
    let id = publish(&library, "cc-ttbvtv");
    let here = IpAddr::from([203, 0, 113, 7]);
    complaints::send(&library.context, id, new("harmful"), here).await.unwrap();
    let slow = complaints::send(&library.context, id, new("outdated"), here).await.unwrap();
    let total = |found: &Found| (found.total, found.items.iter().filter(|item| item.raised.is_some()).count());
    for (actor, wanted) in [(&below, (2, 0)), (&above, (0, 0)), (&admin, (0, 0)), (&elsewhere, (0, 0))] {
        assert_eq!(total(&waiting(&library, actor).await), wanted);
    }
    let now = library.clock.now();
    library.clock.set(now + TimeDelta::days(2));
    for (actor, wanted) in [(&below, (2, 0)), (&above, (1, 1)), (&admin, (1, 1)), (&elsewhere, (0, 0))] {
        assert_eq!(total(&waiting(&library, actor).await), wanted, "danger was to be answered yesterday");
    }
    let complaint = waiting(&library, &above).await.items[0].complaint.id;
    let told = ("kept", "Liều theo nhãn mới.");
    assert_eq!(code(complaints::answer(&library.context, &elsewhere, complaint, told).await), "missing");
    assert_eq!(code(complaints::answer(&library.context, &Actor::Visitor, complaint, told).await), "forbidden");
    complaints::answer(&library.context, &above, complaint, told).await.unwrap();
    let open = Wanted { filter: Filter::Open, ..Wanted::default() };
    assert_eq!(complaints::list(&library.context, &above, open).await.unwrap().total, 1);
    let kept = |library: &Library| {
        let read = |tx: &dyn store::ReadTx| store::complaints::all(tx);
        library.store.read_blocking::<_, StoreError, _>("test.all", read).unwrap()
    };
    assert_eq!(kept(&library).iter().filter(|one| one.contact.is_some()).count(), 1);
    library.clock.set(now + TimeDelta::days(400));
    let context = library.context.clone();
    tokio::task::spawn_blocking(move || complaints::tidy(&context).unwrap()).await.unwrap();
    let all = kept(&library);
    assert!(all.iter().all(|one| one.contact.is_none()), "no contact is kept for ever");
    let answered = all.iter().find(|one| one.answer.is_some()).unwrap();
    assert!(answered.text.is_empty() && answered.answer.as_ref().unwrap().text.is_empty());
    let followed = complaints::follow(&library.context, &slow.code, here).await.unwrap();
    assert!(followed.complaint.is_open() && followed.complaint.text == TEXT, "what nobody answered can still be read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_about_complaints_fit_a_telephone_and_are_accessible() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (server, cookies, material) = tokio::task::spawn_blocking(move || {
        let (server, mut admin) = served(&path, &[]);
        import_rows(&path, ROW);
        let material = material(&server.url);
        for _ in 0..2 {
            assert_eq!(complain(&mut Browser::new(&server.url), &material, &[]).status, 200);
        }
        let _ = admin.get("/");
        (server, admin.cookies, material)
    })
    .await
    .unwrap();
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{}{material}/phan-anh", server.url)).await;
    page.check("the form").await;
    page.eval("document.querySelector('[value=wrong]').click()").await;
    page.eval("document.querySelector('#noi-dung').focus()").await;
    page.type_text("Trang 1 ghi nhầm liều thuốc.").await;
    page.follow("form.fields button").await;
    page.check("what is told after sending").await;
    let code = page.text("document.querySelector('.secrets code').textContent").await;
    page.goto(&format!("{}/phan-anh", server.url)).await;
    page.eval("document.querySelector('#ma').focus()").await;
    page.type_text(&code).await;
    page.follow("form.fields button").await;
    assert!(page.text("document.body.innerText").await.contains("Chưa có trả lời"));
    page.check("what became of it").await;
    for (name, value) in cookies {
        page.call("Network.setCookie", serde_json::json!({"url": server.url, "name": name, "value": value})).await;
    }
    for width in [360, 1280] {
        page.resize(width, 740).await;
        page.goto(&format!("{}/quan-ly/phan-anh", server.url)).await;
        page.check("the list").await;
        page.follow("ul.list h2 a").await;
        page.check("a complaint").await;
    }
    page.eval("document.querySelector('[value=corrected]').click()").await;
    page.eval("document.querySelector('#tra-loi').focus()").await;
    page.type_text("Cảm ơn, đã sửa ở bản mới.").await;
    page.follow("section form button").await;
    page.check("an answered complaint").await;
}
