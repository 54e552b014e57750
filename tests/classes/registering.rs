//! Pages and API of registrations as they are sent, and a server that is killed in the middle of them.

use crate::review::staff::House;
use crate::support::browser::Page;
use crate::support::http::{Answer, Browser, get, send};
use crate::support::program::{Server, run};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A published class of Cam Lộ; its id.
fn class(lan: &mut Browser, registration: &str, seats: &str) -> String {
    let venue =
        [("ten", "Nhà văn hóa"), ("loai", "culture_house"), ("don-vi", "tthtcd.cam-lo"), ("dia-ban", "qt.cam-lo")];
    let venue = lan.post("/quan-ly/dia-diem/moi", &venue);
    let venue = venue.header("location").split(['/', '?']).nth(3).unwrap().to_owned();
    let fields = [
        ("trung-tam", "tthtcd.cam-lo"),
        ("ten", "Tin học cơ bản"),
        ("loai", "chuyen-giao"),
        ("chu-de", "agri.veg"),
        ("so-cho", seats),
        ("dang-ky", registration),
        ("dem", "names"),
    ];
    let made = lan.post("/quan-ly/lop/moi", &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    let id = made.header("location").split(['/', '?']).nth(3).unwrap().to_owned();
    let plan =
        [("lap", "once"), ("ngay", "2099-12-01"), ("tu", "19:00"), ("den", "21:00"), ("dia-diem", venue.as_str())];
    let plan = [&plan[..], &[("luu", "1")]].concat();
    assert_eq!(lan.post(&format!("/quan-ly/lop/{id}/lich"), &plan).status, 303);
    assert_eq!(lan.post(&format!("/quan-ly/lop/{id}"), &[("viec", "publish")]).status, 303);
    id
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn code_of(page: &str) -> String {
    page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

fn people(number: usize) -> Value {
    let letters: String = number.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect();
    json!({"name": format!("Hồ Văn {letters}"), "birth_year": 1980, "village": "Bản Cát", "consent": true})
}

fn api(server: &str, class: &str, body: &Value) -> Answer {
    send("POST", &format!("{server}/api/v1/classes/{class}/registrations"), &[], body.to_string().as_bytes())
}

#[test]
fn a_person_registers_without_script_or_account_looks_it_up_and_cancels() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let id = class(&mut lan, "open", "1");
    let page = house.visit(&format!("/lop-hoc/{id}")).text();
    assert!(page.contains("Còn 1 chỗ") && page.contains(&format!("/lop-hoc/{id}/dang-ky")));
    let mut visitor = Browser::new(&house.server.url);
    let path = format!("/lop-hoc/{id}/dang-ky");
    let form = visitor.get(&path).text();
    assert!(form.contains("Để làm gì") && form.contains("730 ngày") && !form.contains("value=\"1\" required checked"));
    let sent = hidden(&form, "phieu");
    let child = [("ho-ten", "Hồ <Thị> Ăm"), ("nam-sinh", "2015"), ("thon", "Bản \"Cát\""), ("phieu", &sent)];
    let refused = visitor.post(&path, &child);
    let again = refused.text();
    assert!(refused.status == 400 && again.contains("Hãy ghi họ tên bằng chữ"), "{again}");
    assert!(again.contains("Hồ &#60;Thị&#62; Ăm") && again.contains("Bản &#34;Cát&#34;"), "what was typed stays");
    let child = [("ho-ten", "Hồ Thị Ăm"), ("nam-sinh", "2015"), ("thon", "Bản Cát"), ("phieu", sent.as_str())];
    assert!(visitor.post(&path, &child).text().contains("Hãy ghi tên cha, mẹ hoặc người giám hộ."));
    let child = [&child[..], &[("giam-ho", "Hồ Văn Cha")]].concat();
    assert!(visitor.post(&path, &child).text().contains("đánh dấu vào ô đồng ý"));
    let whole = [&child[..], &[("dong-y", "1")]].concat();
    let slip = visitor.post(&path, &whole).text();
    assert!(slip.contains("Bạn đã có chỗ trong lớp.") && slip.contains("Hồ Thị Ăm"), "{slip}");
    let code = code_of(&slip);
    assert_eq!(code_of(&visitor.post(&path, &whole).text()), code, "a form that is sent again");
    assert!(house.visit(&format!("/lop-hoc/{id}")).text().contains("Còn 0 chỗ"));
    // A second person waits; programs are told the same.
    let second = api(&house.server.url, &id, &people(2));
    assert_eq!((second.status, second.json()["state"].as_str()), (200, Some("waiting")));
    let own = visitor.post("/dang-ky-hoc", &[("ma", &code.to_lowercase())]).text();
    assert!(own.contains("Bạn đã có chỗ") && own.contains("Hồ Văn Cha"), "{own}");
    let wrong = visitor.post("/dang-ky-hoc", &[("ma", "Hồ Thị Ăm")]);
    assert!(wrong.status == 401 && wrong.text().contains("Không có đăng ký nào mang mã này."));
    assert!(visitor.post("/dang-ky-hoc", &[("ma", &code), ("viec", "huy")]).text().contains("Bạn đã hủy"));
    let address = format!("{}/api/v1/registrations/{}", house.server.url, second.json()["code"].as_str().unwrap());
    assert_eq!(get(&address).json()["state"], "offered");
    assert_eq!(send("DELETE", &address, &[], b"").json()["state"], "cancelled");
    assert_eq!(send("DELETE", &address, &[], b"").json()["code"], "registration-over");
    // Nothing of it lies on the disk in the clear.
    let data = std::fs::read(house.path().join("data/store.redb")).unwrap();
    for secret in ["Hồ Thị Ăm", "Hồ Văn Cha", &code.replace('-', "")] {
        assert!(!data.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
    }
    assert!(house.path().join("data.vault-key").is_file());
}

#[test]
fn staff_write_people_down_in_one_row_tell_and_print() {
    let house = House::new(&["--registration-waiting", "0"]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let id = class(&mut lan, "staff", "1");
    let roll = format!("/quan-ly/lop/{id}/hoc-vien");
    assert!(lan.get(&format!("/quan-ly/lop/{id}")).text().contains(&roll));
    let row = [("ho-ten", "Hồ Thị Ăm"), ("nam-sinh", "1985"), ("thon", "Bản Cát")];
    assert!(lan.post(&roll, &row).text().contains("Hãy hỏi người học có đồng ý không"));
    let row = [&row[..], &[("dong-y", "spoken"), ("dien-thoai", "0905 123 456")]].concat();
    let done = lan.post(&roll, &row);
    assert_eq!(done.status, 303, "{}", done.text());
    let page = lan.get(done.header("location")).text();
    assert!(page.contains("Đã ghi Hồ Thị Ăm: có chỗ.") && page.contains("tel:0905123456"), "{page}");
    let slip = page.split("href=\"").find(|part| part.starts_with("/quan-ly") && part.contains("/phieu")).unwrap();
    let slip = slip.split('"').next().unwrap().to_owned();
    assert!(lan.get(&slip).text().contains("Nhà văn hóa"));
    let twice = lan.post(&roll, &row);
    assert!(twice.status == 409 && twice.text().contains("Người khác cùng tên"), "{}", twice.text());
    let other = [("ho-ten", "Hồ Văn Ây"), ("nam-sinh", "1950"), ("thon", "Bản Cát"), ("dong-y", "paper")];
    let full = lan.post(&roll, &other);
    assert!(full.status == 409 && full.text().contains("Vẫn nhận, dù quá số chỗ"), "{}", full.text());
    assert_eq!(lan.post(&roll, &[&other[..], &[("qua-cho", "1")]].concat()).status, 303);
    assert!(lan.get(&roll).text().contains("2/1 chỗ, quá 1 người"));
    assert_eq!(lan.post(slip.trim_end_matches("/phieu"), &[("viec", "cancel")]).status, 303);
    let told = lan.get(&roll).text();
    assert!(told.contains("Cần báo (1)") && told.contains("Cán bộ hủy"), "{told}");
    assert_eq!(lan.post(slip.trim_end_matches("/phieu"), &[("viec", "told")]).status, 303);
    assert!(!lan.get(&roll).text().contains("Cần báo"));
    // Nobody else sees them: not another centre, not whoever has the class with them.
    let mut mai = house.person("mai", "manager", "tthtcd.gio-linh");
    for path in [&roll, &slip] {
        assert_eq!(mai.get(path).status, 403, "{path}");
        assert_eq!(house.visit(path).status, 303, "{path}");
    }
    let closed = api(&house.server.url, &id, &people(1));
    assert_eq!((closed.status, closed.json()["code"].as_str()), (409, Some("registration-closed")));
}

/// Sends a list as the form does.
fn list(lan: &mut Browser, path: &str, parts: &[(&str, &str)]) -> Answer {
    let part = |(name, value): &(&str, &str)| {
        let file = if *name == "tep" { "; filename=\"ds.csv\"" } else { "" };
        format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    };
    let body = parts.iter().map(part).collect::<String>() + "--x--\r\n";
    lan.post_body(path, "multipart/form-data; boundary=x", body.as_bytes())
}

#[test]
fn a_pasted_list_or_a_sheet_is_seen_row_by_row_before_anything_is_written() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let id = class(&mut lan, "staff", "2");
    let (roll, many) = (format!("/quan-ly/lop/{id}/hoc-vien"), format!("/quan-ly/lop/{id}/hoc-vien/nhieu"));
    let wrong = "Hồ Thị Ăm, 1985, Bản Cát\nHồ Văn Ây, 85, Bản Cát\nHO THI AM, 1985, ban cat";
    let seen = list(&mut lan, &many, &[("danh-sach", wrong)]).text();
    for told in ["1 người sẽ được ghi, 2 dòng phải sửa", "Hãy ghi năm sinh bằng bốn chữ số", "Trùng với một dòng"]
    {
        assert!(seen.contains(told), "{told}: {seen}");
    }
    assert!(!seen.contains("Ghi vào lớp") && seen.contains("Hồ Văn Ây\t85"), "what was typed stays");
    let sheet = "Thôn;Họ tên;Năm sinh\nBản Cát;Hồ Thị Ăm;1985\nBản Cát;Hồ Văn Ây;12/3/1950\nBản Cát;Hồ Văn Bo;1960";
    let seen = list(&mut lan, &many, &[("tep", sheet)]).text();
    assert!(seen.contains("3 người sẽ được ghi") && seen.contains("Ghi vào lớp"), "{seen}");
    assert!(lan.get(&roll).text().contains("Chưa có ai."), "nothing was written yet");
    let rows = "Hồ Thị Ăm\t1985\tBản Cát\nHồ Văn Ây\t1950\tBản Cát\nHồ Văn Bo\t1960\tBản Cát";
    let unsaid = list(&mut lan, &many, &[("danh-sach", rows), ("luu", "1")]);
    assert!(unsaid.status == 400 && unsaid.text().contains("Hãy chọn cách những người"), "{}", unsaid.text());
    let kept = list(&mut lan, &many, &[("danh-sach", rows), ("dong-y", "paper"), ("luu", "1")]);
    assert_eq!(kept.status, 303, "{}", kept.text());
    let page = lan.get(kept.header("location")).text();
    for told in ["Đã ghi 3 người vào lớp.", "2/2 chỗ · 1 chờ chỗ", "Hồ Văn Bo"] {
        assert!(page.contains(told), "{told}");
    }
    let again = list(&mut lan, &many, &[("danh-sach", rows)]).text();
    assert!(again.contains("3 người đã có tên"), "{again}");
}

#[test]
fn a_server_killed_in_the_middle_loses_no_acknowledged_registration() {
    let house = House::new(&["--registration-per-address", "0"]);
    let id = class(&mut house.person("lan", "author", "tthtcd.cam-lo"), "open", "40");
    let (url, over) = (house.server.url.clone(), Arc::new(AtomicBool::new(false)));
    let senders: Vec<_> = (0..4_usize)
        .map(|sender| {
            let (url, id, over) = (url.clone(), id.clone(), Arc::clone(&over));
            std::thread::spawn(move || {
                let mut acknowledged = Vec::new();
                for number in 0.. {
                    if over.load(Ordering::Acquire) {
                        break;
                    }
                    let address = format!("{url}/api/v1/classes/{id}/registrations");
                    let sent = ureq::post(&address).send(people(sender * 1000 + number).to_string());
                    // Whoever got no answer knows nothing.
                    let Ok(mut answer) = sent else { break };
                    let answer: Value = answer.body_mut().read_json().unwrap_or_default();
                    acknowledged.extend(answer["code"].as_str().map(str::to_owned));
                }
                acknowledged
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let data = house.path().join("data");
    house.server.kill();
    over.store(true, Ordering::Release);
    let acknowledged: Vec<String> = senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect();
    assert!(acknowledged.len() > 4, "{} were acknowledged before the end", acknowledged.len());
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let mut confirmed = 0;
    for code in &acknowledged {
        let found = get(&format!("{}/api/v1/registrations/{code}", server.url));
        assert_eq!(found.status, 200, "{code}: {}", found.text());
        confirmed += usize::from(found.json()["state"] == "confirmed");
    }
    let left = get(&format!("{}/api/v1/classes/{id}", server.url)).json()["seats_left"].as_u64().unwrap();
    let taken = usize::try_from(40 - left).unwrap();
    assert!(taken >= confirmed && taken <= 40, "{taken} {confirmed}");
}

#[test]
fn a_backup_with_its_keys_opens_names_elsewhere_and_one_without_them_says_what_is_missing() {
    let house = House::new(&[]);
    let id = class(&mut house.person("lan", "author", "tthtcd.cam-lo"), "open", "40");
    let code = api(&house.server.url, &id, &people(7)).json()["code"].as_str().unwrap().to_owned();
    let file = house.path().join("sao-luu.tar").to_string_lossy().into_owned();
    house.command(&["backup", &file]);
    let name = "Hồ Văn h";
    for (part, tells) in [(file.clone(), false), (format!("{file}.keys"), false)] {
        let bytes = std::fs::read(&part).unwrap();
        assert_eq!(bytes.windows(name.len()).any(|seen| seen == name.as_bytes()), tells, "{part}");
    }
    assert!(house.command(&["vault", "rotate"]).out.contains("Đã mã hóa lại 2 dòng"));
    let own = |server: &Server| get(&format!("{}/api/v1/registrations/{code}", server.url));
    assert_eq!(own(&house.server).status, 200);
    let whole = house.path().join("khac/data");
    assert_eq!(run(&whole, &["restore", &file]).code, Some(0));
    assert_eq!(own(&Server::start(&whole, &["--seed-content", "/nonexistent"])).json()["state"], "confirmed");
    let bare = house.path().join("thieu/data");
    assert_eq!(run(&bare, &["restore", &file, "--without-keys"]).code, Some(0));
    let health = run(&bare, &["doctor"]);
    assert!(health.out.contains("✗ Khóa học viên: không thấy"), "{}", health.out);
    let server = Server::start(&bare, &["--seed-content", "/nonexistent"]);
    let locked = own(&server);
    assert_eq!((locked.status, locked.json()["code"].as_str()), (503, Some("vault-locked")));
    assert_eq!(get(&format!("{}/lop-hoc/{id}", server.url)).status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registering_fits_a_telephone_and_is_accessible() {
    let (house, mut lan, id) = tokio::task::spawn_blocking(|| {
        let house = House::new(&[]);
        let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
        let id = class(&mut lan, "open", "30");
        (house, lan, id)
    })
    .await
    .unwrap();
    let base = house.server.url.clone();
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/lop-hoc/{id}")).await;
    page.follow("a[href$='/dang-ky']").await;
    super::browser::check(&mut page, "the form").await;
    for (field, text) in [("ho-ten", "Hồ Thị Ăm"), ("nam-sinh", "1985"), ("thon", "Bản Cát")] {
        page.eval(&format!("document.getElementById('{field}').focus()")).await;
        page.type_text(text).await;
    }
    page.eval("document.querySelector('[name=dong-y]').checked = true").await;
    page.follow("main form button").await;
    super::browser::check(&mut page, "the slip").await;
    let code = page.text("document.querySelector('main code').textContent").await;
    page.goto(&format!("{base}/dang-ky-hoc")).await;
    super::browser::check(&mut page, "the page for the code").await;
    page.eval("document.getElementById('ma').focus()").await;
    page.type_text(&code).await;
    page.follow("main form button").await;
    super::browser::check(&mut page, "one's own registration").await;
    let cookie = lan.cookies.iter().next().map(|(name, value)| format!("{name}={value}")).unwrap();
    assert_eq!(lan.get(&format!("/quan-ly/lop/{id}/hoc-vien")).status, 200);
    page.eval(&format!("document.cookie = '{cookie}; path=/'")).await;
    page.goto(&format!("{base}/quan-ly/lop/{id}/hoc-vien")).await;
    assert!(page.text("document.querySelector('main').textContent").await.contains("Hồ Thị Ăm"));
    super::browser::check(&mut page, "the roll").await;
    page.goto(&format!("{base}/quan-ly/lop/{id}/hoc-vien/nhieu")).await;
    super::browser::check(&mut page, "the list of many").await;
    page.goto(&format!("{base}/quan-ly/lop/{id}/hoc-vien")).await;
    page.follow("a[href^='/quan-ly/hoc-vien/']").await;
    super::browser::check(&mut page, "the file of a learner").await;
}
