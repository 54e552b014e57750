//! Calendars as programs of other people read them; `make setup-tests` installs those.

use crate::review::staff::House;
use crate::support::http::{Browser, get, get_with};
use crate::support::seeded::url;
use chrono::{NaiveDate, TimeDelta};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a reader; what it says.
fn said(command: &mut Command) -> String {
    let output = command
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?} (make setup-tests installs it): {error}"));
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What `icalendar` and `recurring-ical-events` find between two days, and what is wrong by the letter.
fn by_icalendar(file: &Path, days: [&str; 2]) -> Value {
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", root().join("target/tools/python"));
    let told = said(python.arg(root().join("tests/fixtures/calendars/read.py")).arg(file).args(days));
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["wrong"], serde_json::json!([]));
    told
}

/// The same by `ical.js`: start and state of each.
fn by_ical_js(file: &Path) -> Vec<String> {
    let mut node = Command::new("node");
    node.arg(root().join("tests/fixtures/calendars/read.mjs")).arg(root().join("target/tools/node_modules"));
    serde_json::from_str(&said(node.arg(file))).unwrap()
}

/// The same by `khal`: one line each.
fn by_khal(folder: &Path, file: &Path, days: [&str; 2]) -> Vec<String> {
    let home = folder.join(format!("khal-{}", fs::read_dir(folder).unwrap().count()));
    fs::create_dir_all(home.join("items")).unwrap();
    let place = home.display();
    let settings = home.join("settings");
    let text = format!(
        "[calendars]\n[[feed]]\npath = {place}/items\n[sqlite]\npath = {place}/khal.db\n[locale]\n\
         local_timezone = Asia/Ho_Chi_Minh\ndefault_timezone = Asia/Ho_Chi_Minh\ntimeformat = %H:%M\n\
         dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n\
         longdatetimeformat = %Y-%m-%d %H:%M\n[default]\ndefault_calendar = feed\n"
    );
    fs::write(&settings, text).unwrap();
    let khal = || {
        let mut khal = Command::new("khal");
        khal.env("HOME", &home).arg("-c").arg(&settings);
        khal
    };
    said(khal().args(["import", "--batch", "-a", "feed"]).arg(file));
    let listed = said(khal().args(["list", "--day-format", "", "--format", "{start-long} {title}"]).args(days));
    let mut lines: Vec<String> =
        listed.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    lines.sort();
    lines
}

/// A subscriber: `vdirsyncer` that fetches a feed into a folder.
struct Subscriber {
    folder: PathBuf,
}

impl Subscriber {
    fn new(folder: &Path, feed: &str) -> Self {
        let folder = folder.join("subscriber");
        fs::create_dir_all(folder.join("items")).unwrap();
        let place = folder.display();
        let text = format!(
            "[general]\nstatus_path = \"{place}/status/\"\n[pair feed]\na = \"near\"\nb = \"far\"\ncollections = null\n\
             [storage near]\ntype = \"filesystem\"\npath = \"{place}/items\"\nfileext = \".ics\"\n\
             [storage far]\ntype = \"http\"\nurl = \"{feed}\"\n"
        );
        fs::write(folder.join("settings"), text).unwrap();
        let one = Self { folder };
        one.run("discover");
        one
    }

    fn run(&self, what: &str) {
        said(
            Command::new("vdirsyncer").env("HOME", &self.folder).arg("-c").arg(self.folder.join("settings")).arg(what),
        );
    }

    /// Looks again; how many files were written anew, and how many there are.
    fn look(&self) -> (usize, usize) {
        let files = || -> BTreeMap<PathBuf, std::time::SystemTime> {
            let all = fs::read_dir(self.folder.join("items")).unwrap().map(Result::unwrap);
            all.map(|entry| (entry.path(), entry.metadata().unwrap().modified().unwrap())).collect()
        };
        let before = files();
        self.run("sync");
        let after = files();
        (after.iter().filter(|(path, at)| before.get(*path) != Some(at)).count(), after.len())
    }
}

/// A class of fifteen evenings that everyone may see; its address for staff.
fn evenings(lan: &mut Browser) -> (String, String) {
    let last = |location: &str| location.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let hall = [
        ("ten", "Nhà văn hóa; thôn 1, “Cát”"),
        ("loai", "culture_house"),
        ("don-vi", "tthtcd.cam-lo"),
        ("dia-ban", "qt.cam-lo"),
        ("toa-do", "16.8163, 107.1003"),
    ];
    let venue = last(lan.post("/quan-ly/dia-diem/moi", &hall).header("location"));
    let title = "Trồng ném trên cát, tưới tiết kiệm; học buổi tối ở nhà văn hóa thôn, ai cũng đến được";
    let class = [
        ("trung-tam", "tthtcd.cam-lo"),
        ("ten", title),
        ("loai", "chuyen-giao"),
        ("chu-de", "agri.veg"),
        ("ngon-ngu", "vi"),
        ("dang-ky", "none"),
        ("dem", "names"),
        ("lien-he", "0233 000 000"),
    ];
    let made = lan.post("/quan-ly/lop/moi", &class);
    let plan = made.header("location").split('?').next().unwrap().to_owned();
    let rule = [
        ("lap", "weekly"),
        ("ngay", "2031-12-02"),
        ("tu", "19:00"),
        ("den", "21:00"),
        ("thu", "2"),
        ("thu", "4"),
        ("so-buoi", "15"),
        ("cach", "1"),
        ("dia-diem", &venue),
        ("luu", "1"),
    ];
    let kept = lan.post(&plan, &rule);
    assert_eq!(kept.status, 303, "{}", kept.text());
    (plan.strip_suffix("/lich").unwrap().to_owned(), venue)
}

const DAYS: [&str; 2] = ["2031-11-25", "2032-03-01"];

#[test]
fn readers_of_others_agree_on_a_class_of_which_one_meeting_was_moved_and_one_cancelled() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let (class, venue) = evenings(&mut lan);
    let id = class.rsplit('/').next().unwrap().to_owned();
    let feed = format!("/lich/lop/{id}.ics");
    assert_eq!(house.visit(&feed).status, 404, "a draft is nobody's business");
    assert_eq!(lan.post(&class, &[("viec", "publish")]).status, 303);
    let file = house.path().join("feed.ics");
    let fetch = || {
        let answer = house.visit(&feed);
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
        fs::write(&file, &answer.body).unwrap();
    };
    fetch();
    let subscriber = Subscriber::new(house.path(), &format!("{}{feed}", house.server.url));
    assert_eq!([subscriber.look(), subscriber.look()], [(15, 15), (0, 15)]);
    let before = by_icalendar(&file, DAYS);
    let events = before["events"].as_array().unwrap();
    assert_eq!((events.len(), by_ical_js(&file).len(), by_khal(house.path(), &file, DAYS).len()), (15, 15, 15));
    assert_eq!(events[0]["start"], "2031-12-02T12:00:00Z");
    assert_eq!(events[0]["location"], "Nhà văn hóa; thôn 1, “Cát”, Xã Cam Lộ");
    assert!(before["name"].as_str().unwrap().starts_with("Trồng ném trên cát, tưới tiết kiệm; học buổi tối"));

    let meeting = |place: usize| format!("{class}/buoi/{}", events[place]["uid"].as_str().unwrap());
    assert_eq!(lan.post(&meeting(3), &[("viec", "huy"), ("ly-do", "Lũ về")]).status, 303);
    let day = [("ngay", "20/12/2031"), ("tu", "8h"), ("den", "10h30"), ("dia-diem", &venue), ("viec", "doi")];
    assert_eq!(lan.post(&meeting(6), &day).status, 303);
    fetch();
    let after = by_icalendar(&file, DAYS);
    let by_uid = |told: &Value| -> BTreeMap<String, Value> {
        let all = told["events"].as_array().unwrap();
        all.iter().map(|one| (one["uid"].as_str().unwrap().to_owned(), one.clone())).collect()
    };
    let (old, new) = (by_uid(&before), by_uid(&after));
    let changed: BTreeSet<&String> =
        new.iter().filter(|(uid, one)| old.get(*uid) != Some(one)).map(|(uid, _)| uid).collect();
    let [cancelled, moved] = [3, 6].map(|place| events[place]["uid"].as_str().unwrap());
    assert_eq!(changed.iter().map(|uid| uid.as_str()).collect::<BTreeSet<_>>(), BTreeSet::from([cancelled, moved]));
    assert_eq!(
        (new.len(), &new[cancelled]["status"], &new[cancelled]["sequence"]),
        (15, &"CANCELLED".into(), &1.into())
    );
    assert_eq!((&new[moved]["start"], &new[moved]["sequence"]), (&"2031-12-20T01:00:00Z".into(), &1.into()));
    assert!(new[moved]["description"].as_str().unwrap().contains("Đã dời; trước là Thứ ba, 23/12/2031"), "{new:?}");

    let starts = by_ical_js(&file);
    assert_eq!(starts.iter().filter(|one| one.ends_with("CANCELLED")).count(), 1);
    assert!(starts.len() == 15 && starts.contains(&"2031-12-20T01:00:00Z CONFIRMED".to_owned()), "{starts:?}");
    let lines = by_khal(house.path(), &file, DAYS);
    assert_eq!((lines.len(), lines.iter().filter(|line| line.contains("ĐÃ HỦY")).count()), (15, 1), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("2031-12-20 08:00")), "{lines:?}");
    assert_eq!([subscriber.look(), subscriber.look()], [(2, 15), (0, 15)], "what changed and nothing else");
}

/// The ids of the meetings of a feed.
fn uids(path: &str) -> BTreeSet<String> {
    let answer = get(&format!("{}{path}", url()));
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().lines().filter_map(|line| line.strip_prefix("UID:")).map(str::to_owned).collect()
}

#[test]
fn a_feed_holds_what_its_class_area_topic_and_centre_have() {
    let today: NaiveDate =
        get(&format!("{}/api/v1/classes?limit=1", url())).json()["items"][0]["meetings"][0]["starts_at"]
            .as_str()
            .and_then(|text| text.split('T').next())
            .unwrap()
            .parse()
            .unwrap();
    let from = today - TimeDelta::days(120);
    let list = |filter: &str| -> Vec<Value> {
        let path = format!("{}/api/v1/classes?limit=100&from={from}&to={}{filter}", url(), from + TimeDelta::days(400));
        get(&path).json()["items"].as_array().unwrap().clone()
    };
    let meetings = |classes: &[Value]| -> BTreeSet<String> {
        let all = classes.iter().flat_map(|one| one["meetings"].as_array().unwrap());
        all.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = list("");
    assert!(all.len() > 20);
    assert_eq!(uids("/lich/tinh.ics"), meetings(&all));
    let class = &all[0];
    assert_eq!(uids(class["ics_url"].as_str().unwrap()), meetings(std::slice::from_ref(class)));
    let centre = class["centre"]["id"].as_str().unwrap();
    let own = meetings(&list(&format!("&centre={centre}")));
    assert!(!own.is_empty() && own.len() < meetings(&all).len());
    assert_eq!(
        [uids(&format!("/lich/trung-tam/{centre}.ics")), uids(&format!("/lich/co-quan/{centre}.ics"))],
        [own.clone(), own]
    );
    let here = meetings(&list("&area=qt.cam-lo"));
    assert!(!here.is_empty());
    assert_eq!(uids("/lich/dia-ban/qt.cam-lo.ics"), here);
    let topic = class["topics"][0]["id"].as_str().unwrap();
    let group = topic.split('.').next().unwrap();
    for topic in [topic, group] {
        assert_eq!(uids(&format!("/lich/chu-de/{topic}.ics")), meetings(&list(&format!("&topic={topic}"))), "{topic}");
    }
    for (path, status) in [
        ("/lich/lop/00000000-0000-7000-8000-000000000000.ics", 404),
        ("/lich/lop/x.ics", 404),
        ("/lich/dia-ban/khong-co.ics", 404),
        ("/lich/chu-de/khong-co.ics", 404),
        ("/lich/co-quan/khong-co.ics", 404),
        ("/lich/xa/qt.cam-lo.ics", 404),
        ("/lich/dia-ban/qt.cam-lo", 404),
    ] {
        assert_eq!(get(&format!("{}{path}", url())).status, status, "{path}");
    }
}

#[test]
fn a_feed_that_is_known_is_not_sent_again_and_pages_offer_it_to_phones() {
    let address = format!("{}/lich/dia-ban/qt.cam-lo.ics", url());
    let first = get(&address);
    let known = get_with(&address, &[("if-none-match", first.header("etag"))]);
    let since = get_with(&address, &[("if-modified-since", first.header("last-modified"))]);
    assert_eq!([(known.status, known.body.len()), (since.status, since.body.len())], [(304, 0); 2]);
    let older = get_with(&address, &[("if-modified-since", "Thu, 01 Jan 2026 00:00:00 GMT")]);
    assert_eq!((older.status, older.body == first.body), (200, true));
    assert_eq!(get_with(&address, &[("accept-encoding", "br")]).header("content-encoding"), "br");
    let page = get(&format!("{}/lop-hoc?dia-ban=qt.cam-lo", url())).text();
    assert!(page.contains(&format!("href=\"{}\"", address.replace("http://", "webcal://"))), "{page}");
    assert!(page.contains(&format!("href=\"{address}\"")) && page.contains("Google Lịch có khi chậm"));
    assert!(get(&format!("{}/lop-hoc", url())).text().contains("/lich/tinh.ics"));
}
