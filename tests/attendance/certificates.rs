//! Certificates: for who came often enough, numbered, and told real to whoever has the paper.

use super::acts::{evening_class, load, mark, person};
use crate::classes::Office;
use crate::review::staff::House;
use crate::support::library::{actor, code, morning};
use hoclieu::actions::schedule::attendance::marks::{self, WalkIn};
use hoclieu::actions::schedule::certificates::{self, issue, list};
use hoclieu::actions::schedule::classes;
use hoclieu::domain::attendance::Presence;
use hoclieu::domain::class::ClassAct;
use hoclieu::domain::id::{ClassId, LearnerId};
use hoclieu::domain::permission::Role;
use uuid::Uuid;

/// A class of which two meetings were held: Ăm came to both, Bưởi late to one, Cúc to none.
async fn class(office: &Office) -> (hoclieu::domain::actor::Actor, ClassId, [LearnerId; 3]) {
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (class, ids) = evening_class(office, &by).await;
    classes::act(&office.context, &by, class, (ClassAct::Publish, "")).await.unwrap();
    let learners = [1, 2, 3].map(|number| LearnerId(Uuid::from_u128(number)));
    let names = ["Hồ Thị Ăm", "Hồ Văn Bưởi", "Nguyễn Thị Cúc"];
    let walk_ins = learners.iter().zip(names).map(|(id, name)| WalkIn { id: id.0, person: person(name) }).collect();
    let all = [(0, 0, Presence::Present), (0, 1, Presence::Present), (1, 0, Presence::Late), (2, 0, Presence::Absent)];
    let marks = (10..).zip(all).map(|(id, (who, when, how))| mark(id, ids[when], learners[who], Some(how))).collect();
    marks::take(&office.context, &by, class, load(walk_ins, marks)).await.unwrap();
    (by, class, learners)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_came_often_enough_gets_one_number_for_good() {
    let office = Office::new().await;
    let (by, class, [am, ..]) = class(&office).await;
    for wrong in ["", "0", "3", "hai"] {
        assert_eq!(code(issue(&office.context, &by, class, wrong).await), "number-invalid", "{wrong}");
    }
    let other = actor(Role::Author, "tthtcd.gio-linh");
    assert_eq!(code(issue(&office.context, &other, class, "1").await), "forbidden");
    assert_eq!(issue(&office.context, &by, class, "2").await.unwrap(), 1);
    assert_eq!(issue(&office.context, &by, class, "1").await.unwrap(), 1, "who has one keeps it");
    office.clock.set(morning("2027-01-02"));
    assert_eq!(issue(&office.context, &by, class, "1").await.unwrap(), 0);
    let numbers = || async {
        let listed = list(&office.context, &by, class).await.unwrap();
        listed.lines.into_iter().map(|line| (line.attended, line.certificate)).collect::<Vec<_>>()
    };
    let given = |number: &str, withdrawn| Some((format!("{number}/2026/GCN"), withdrawn));
    assert_eq!(numbers().await, [(2, given("0001", false)), (1, given("0002", false)), (0, None)]);
    assert_eq!(code(certificates::withdraw(&office.context, &by, (class, am), " ").await), "reason-missing");
    certificates::withdraw(&office.context, &by, (class, am), "Ghi nhầm người").await.unwrap();
    assert_eq!(numbers().await[0], (2, given("0001", true)));
}

#[cfg(feature = "press")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_paper_names_its_learner_and_its_code_tells_only_what_can_be_compared() {
    use crate::press::{pages_of, text_of};
    let office = Office::new().await;
    let (by, class, [am, ..]) = class(&office).await;
    let address = |code: &str| format!("https://hoclieu.example.vn/chung-nhan/{code}");
    let none = certificates::print(&office.context, &by, class, address).await;
    assert_eq!(code(none), "certificates-none");
    issue(&office.context, &by, class, "1").await.unwrap();
    let pdf = certificates::print(&office.context, &by, class, address).await.unwrap();
    let said = text_of(&pdf);
    assert_eq!(pages_of(&pdf), 2, "one a page for the whole class: {said}");
    for told in [
        "GIẤY CHỨNG NHẬN",
        "Hồ Thị Ăm",
        "Hồ Văn Bưởi",
        "Có mặt 2/2 buổi",
        "Có mặt 1/2 buổi",
        "Xóa mù chữ",
        "0001/2026/GCN",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("Cúc"), "{said}");
    let slip = said.split("Mã kiểm tra: ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let verdict = certificates::verify(&office.context, &slip.to_lowercase()).await.unwrap();
    assert_eq!((verdict.name.as_deref(), verdict.number.as_str()), (Some("H. T. Ăm"), "0001/2026/GCN"));
    assert_eq!((verdict.attended, verdict.held, verdict.withdrawn), (2, 2, None));
    certificates::withdraw(&office.context, &by, (class, am), "Ghi nhầm người").await.unwrap();
    let verdict = certificates::verify(&office.context, &slip).await.unwrap();
    assert_eq!(verdict.withdrawn.as_deref(), Some("Ghi nhầm người"));
    let again = certificates::print(&office.context, &by, class, address).await.unwrap();
    assert!(pages_of(&again) == 1 && !text_of(&again).contains("Ăm"), "what was withdrawn is not printed");
    for wrong in ["ABCDE-FGHJK", "", "x"] {
        assert_eq!(code(certificates::verify(&office.context, wrong).await), "missing", "{wrong}");
    }
}

#[test]
fn everyone_may_ask_whether_a_paper_is_real() {
    let house = House::new(&[]);
    let form = house.visit("/chung-nhan").text();
    assert!(form.contains("Mã kiểm tra in trên giấy"));
    for wrong in ["/chung-nhan/ABCDEFGHJK", "/chung-nhan?ma=x"] {
        let answer = house.visit(wrong);
        assert!(answer.status == 404 && answer.text().contains("Không có giấy chứng nhận"), "{}", answer.text());
    }
    let strangers = house.visit(&format!("/quan-ly/lop/{}/chung-nhan.pdf", Uuid::nil()));
    assert_eq!(strangers.status, 303, "they are led to the sign-in");
}
