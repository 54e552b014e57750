//! Letters that staff get, handed to a real mail server.

use super::staff::{House, act};
use crate::support::mail::MailServer;
use serde_json::json;

#[test]
fn whoever_a_material_waits_for_is_written_to_and_nobody_else() {
    let mail = MailServer::start();
    let port = mail.port.to_string();
    let house = House::new(&[
        "--mail-host",
        "127.0.0.1",
        "--mail-port",
        &port,
        "--mail-security",
        "none",
        "--mail-from",
        "Học liệu Quảng Trị <hoclieu@example.vn>",
        "--public-url",
        "https://hoclieu.example.vn",
    ]);
    let person = |login: &str, role: &str, organisation: &str| {
        let email = format!("{login}@example.vn");
        house.person_with(login, &["--role", role, "--organisation", organisation, "--email", &email])
    };
    let mut lan = person("lan", "author", "cc-ttbvtv");
    let mut duyet = person("duyet", "reviewer", "so-nnmt");
    for (login, role, organisation) in
        [("khac", "reviewer", "so-yt"), ("ban", "author", "cc-ttbvtv"), ("quantri", "admin", "he-thong")]
    {
        person(login, role, organisation);
    }
    let id =
        house.import(true, &json!({"title": "Trồng ném & ớt", "organisation": "cc-ttbvtv", "text": "Ném trên cát."}));
    act(&mut lan, &id, "send", &[("loi-nhan", "Nhờ xem giúp")]);
    let first = mail.next();
    assert_eq!((first.to.as_str(), first.subject.as_str()), ("duyet@example.vn", "Chờ duyệt: Trồng ném & ớt"));
    let address = format!("https://hoclieu.example.vn/quan-ly/hoc-lieu/{id}");
    for told in ["Chào Nguyễn Thị duyet,", "“Trồng ném & ớt”", "Lời nhắn: Nhờ xem giúp", address.as_str()]
    {
        assert!(first.text.contains(told), "{told}: {first:?}");
    }
    act(&mut duyet, &id, "return", &[("loi-nhan", "Thiếu liều lượng")]);
    let second = mail.next();
    assert_eq!((second.to.as_str(), second.subject.as_str()), ("lan@example.vn", "Bị trả lại: Trồng ném & ớt"));
    assert!(second.text.contains("Lời nhắn: Thiếu liều lượng"));
    act(&mut lan, &id, "send", &[]);
    assert_eq!(mail.next().to, "duyet@example.vn");
    act(&mut duyet, &id, "publish", &[]);
    let last = mail.next();
    assert_eq!((last.to.as_str(), last.subject.as_str()), ("lan@example.vn", "Đã công bố: Trồng ném & ớt"));
    assert!(last.id.ends_with("@example.vn>") && last.id != second.id, "{last:?}");
    assert!(mail.is_quiet());
    assert!(!house.server.log().contains("lan@example.vn"), "no address of a person in the log");
}
