//! From signing in to a published material of one file: what a person does is counted, with a pointer on a desk and a
//! telephone, and with the keyboard alone.
//!
//! An action is one thing to decide: a form filled in and sent, a link or a button, a file picked.

use super::browser::pick;
use super::{Office, PASSWORD, let_publish, post, wait_for};
use crate::support::browser::Page;
use crate::support::http::{encode, get};
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// No more actions than these are needed by who publishes, or sends to review.
const MOST: usize = 5;
/// It takes no longer, on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_mins(1);

/// Someone at a browser, whose actions are counted.
struct Person {
    page: Page,
    keyboard: bool,
    actions: usize,
    since: Instant,
}

impl Person {
    async fn sits_down(office: &Office, width: u32, keyboard: bool) -> Self {
        let mut page = Page::open(width, 740).await;
        page.goto(&format!("{}/dang-nhap", office.url())).await;
        Self { page, keyboard, actions: 0, since: Instant::now() }
    }

    /// Goes to an element, as far as the eye does not: with the keyboard each stop counts for nothing but time.
    async fn reach(&mut self, selector: &str) {
        if !self.keyboard {
            self.page.eval(&format!("document.querySelector({}).focus()", json!(selector))).await;
            return;
        }
        for _ in 0..300 {
            self.page.press("Tab").await;
            if self.page.eval(&format!("document.activeElement.matches({})", json!(selector))).await == true {
                return;
            }
        }
        panic!("the keyboard does not reach {selector}");
    }

    async fn sign_in(&mut self, login: &str) {
        for (field, text) in [("#ten", login), ("#mat-khau", PASSWORD)] {
            self.reach(field).await;
            self.page.type_text(text).await;
        }
        self.page.press("Enter").await;
        self.page.loaded().await;
        self.actions += 1;
    }

    /// Follows a link or presses a button that leads on.
    async fn go(&mut self, selector: &str) {
        self.page.check(selector).await;
        if self.keyboard {
            self.reach(selector).await;
            self.page.press("Enter").await;
            self.page.loaded().await;
        } else {
            self.page.follow(selector).await;
        }
        self.actions += 1;
    }

    async fn pick(&mut self, file: PathBuf) {
        self.page.check("the page for uploads").await;
        self.reach("#tep").await;
        pick(&mut self.page, &[file]).await;
        self.actions += 1;
        self.page.until("document.querySelector('#dang-gui li a.button') !== null").await;
    }

    /// Brings a file as far as its draft, which has what it needs.
    async fn bring(&mut self, login: &str, file: PathBuf) {
        self.sign_in(login).await;
        assert_eq!(self.page.text("location.pathname").await, "/quan-ly");
        self.go("main a.button[href='/quan-ly/tai-len']").await;
        self.pick(file).await;
        self.go("#dang-gui li a.button").await;
        let text = self.page.text("document.querySelector('main').innerText").await;
        assert!(text.contains("Máy đã điền sẵn từ tệp") && !text.contains("còn thiếu"), "{text}");
    }

    async fn said(&mut self) -> String {
        self.page.text("document.querySelector('main [role=status]').textContent").await
    }

    fn was_quick(&self, most: usize) {
        assert!(self.actions <= most, "{} actions", self.actions);
        assert!(self.since.elapsed() < LIMIT, "{:?}", self.since.elapsed());
    }
}

/// A library with something about rice, so that the topic of more of it can be told.
fn furnished() -> Office {
    let office = Office::open(&[]);
    let token = office.token("binh", "reviewer", "so-nnmt", &["materials:write"]);
    for part in ["lá", "cổ bông", "lóng thân"] {
        let metadata = json!({"title": format!("Bệnh đạo ôn {part} trên lúa"), "topics": ["agri.rice"]}).to_string();
        let text = format!("Bệnh đạo ôn {part} hại lúa vụ đông xuân. Bón phân cân đối, giữ nước, phun thuốc sớm.");
        let parts = [("file", Some("a.txt"), text.as_bytes()), ("metadata", None, metadata.as_bytes())];
        let made = post("POST", &format!("{}/api/v1/materials?publish=1", office.url()), &token, &parts);
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let search = format!("{}/api/v1/search?q={}", office.url(), encode("bệnh đạo ôn"));
    wait_for("what is published", || get(&search).json()["total"] == 3);
    office.person("lan", "author", "so-nnmt");
    office.person("hoa", "reviewer", "so-nnmt");
    office
}

fn file(office: &Office, number: usize) -> PathBuf {
    let path = office.folder.path().join(format!("dao-on-{number}.md"));
    let text = format!(
        "# Phòng bệnh đạo ôn cho lúa vụ {number}\n\nBà con thăm ruộng lúa thường xuyên để thấy bệnh đạo ôn từ sớm.\n\n\
         Bón phân cân đối, giữ nước trong ruộng, phun thuốc khi bệnh vừa chớm trên lá.\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

const WAYS: [(u32, bool); 3] = [(1280, false), (360, false), (360, true)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_author_who_may_publishes_a_file_in_five_actions_and_a_minute() {
    let office = tokio::task::spawn_blocking(|| {
        let office = furnished();
        let_publish(&mut office.person("tinh", "admin", "so-nnmt"));
        office
    });
    let office = office.await.unwrap();
    for (number, (width, keyboard)) in WAYS.into_iter().enumerate() {
        let mut lan = Person::sits_down(&office, width, keyboard).await;
        lan.bring("lan", file(&office, number)).await;
        lan.go("button[value=publish]").await;
        assert_eq!(lan.said().await, "Đã công bố. Mọi người tìm và đọc được ngay.");
        lan.was_quick(MOST);
        lan.page.check("what was published").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_send_a_file_to_review_in_five_actions_and_a_reviewer_publishes_it_in_three() {
    let office = tokio::task::spawn_blocking(furnished).await.unwrap();
    for (number, (width, keyboard)) in WAYS.into_iter().enumerate() {
        let mut lan = Person::sits_down(&office, width, keyboard).await;
        lan.bring("lan", file(&office, number)).await;
        lan.go("button[value=send]").await;
        assert_eq!(lan.said().await, "Đã gửi duyệt.");
        lan.was_quick(MOST);
        let mut hoa = Person::sits_down(&office, width, keyboard).await;
        hoa.sign_in("hoa").await;
        hoa.go("main ul.list h3 a").await;
        hoa.go("button[value=publish]").await;
        assert_eq!(hoa.said().await, "Đã công bố. Mọi người tìm và đọc được ngay.");
        hoa.was_quick(3);
    }
}
