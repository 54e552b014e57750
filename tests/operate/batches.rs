//! Many documents in one go: every row is seen with all that is wrong before anything is written.

use super::colleague;
use crate::accounts::{Library, served};
use crate::support::browser::Page;
use crate::support::http::{Answer, Browser, encode, get};
use crate::support::program::{Server, run, seed_content};
use calamine::{Reader, Xlsx};
use hoclieu::actions::accounts::AccountRules;
use hoclieu::actions::batches;
use hoclieu::actions::context::Extras;
use hoclieu::domain::batch::BatchState;
use hoclieu::domain::id::OrganisationId;
use hoclieu::domain::permission::Role;
use hoclieu::inbox::Inbox;
use rust_xlsxwriter::Workbook;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

const BATCHES: &str = "/quan-ly/nhap-hang-loat";

/// A workbook of texts.
fn workbook(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (number, row) in (0..).zip(rows) {
        for (column, text) in (0..).zip(row) {
            sheet.write_string(number, column, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Sends files as a browser does.
fn send(browser: &mut Browser, organisation: &str, files: &[(&str, &[u8])]) -> Answer {
    const LINE: &str = "----ranh-gioi-7d3f";
    let mut body =
        format!("--{LINE}\r\nContent-Disposition: form-data; name=\"co-quan\"\r\n\r\n{organisation}\r\n").into_bytes();
    for (name, content) in files {
        let head = format!(
            "--{LINE}\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{LINE}--\r\n").into_bytes());
    browser.post_body(BATCHES, &format!("multipart/form-data; boundary={LINE}"), &body)
}

/// Waits until the program has done what it has to do for a batch; answers its page.
fn settled(browser: &mut Browser, batch: &str) -> String {
    let begun = Instant::now();
    loop {
        let page = browser.get(batch);
        assert_eq!(page.status, 200, "{}", page.text());
        if !page.text().contains("id=\"tien-do\"") {
            return page.text();
        }
        assert!(begun.elapsed() < Duration::from_mins(10), "{}", page.text());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Sends files and waits for the preview; answers the batch's address and its page.
#[track_caller]
fn previewed(browser: &mut Browser, files: &[(&str, &[u8])]) -> (String, String) {
    let sent = send(browser, "so-nnmt", files);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let batch = sent.header("location").to_owned();
    let page = settled(browser, &batch);
    (batch, page)
}

fn n_materials(folder: &Path) -> String {
    let said = run(&folder.join("data"), &["doctor"]);
    said.out.split(" học liệu").next().unwrap().rsplit(' ').next().unwrap().to_owned()
}

/// Text that takes so many bytes.
fn bytes(word: &str, size_bytes: usize) -> Vec<u8> {
    word.bytes().cycle().take(size_bytes).collect()
}

#[test]
fn what_is_sent_in_batches_counts_towards_the_share_of_a_day_as_single_files_do() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut admin) = served(folder.path(), &["--upload-account-mb", "1", "--upload-total-mb", "2"]);
    let mut author = colleague(&mut admin, "lan", "author");
    let (batch, page) = previewed(&mut author, &[("a.txt", &bytes("lua nuoc ", 700 << 10))]);
    assert!(page.contains("<dt>nhập được</dt><dd>1</dd>"), "{page}");
    let again = send(&mut author, "so-nnmt", &[("b.txt", &bytes("ngo lai ", 400 << 10))]);
    assert_eq!(again.status, 429);
    assert!(again.text().contains("trong một ngày"), "{}", again.text());
    let single = |browser: &mut Browser, size_bytes: usize| {
        let length = size_bytes.to_string();
        let head =
            [("tus-resumable", "1.0.0"), ("upload-length", length.as_str()), ("upload-metadata", "filename YS50eHQ=")];
        browser.post_with("/quan-ly/tai-len/tus", &[], &head).status
    };
    assert_eq!(single(&mut author, 400 << 10), 429, "a single file after a batch");
    assert_eq!(single(&mut author, 300 << 10), 201);
    // What is being sent counts for a batch, too; and what all bring together.
    assert_eq!(send(&mut author, "so-nnmt", &[("c.txt", &bytes("khoai ", 100 << 10))]).status, 429);
    let mut other = colleague(&mut admin, "hoa", "author");
    assert_eq!(send(&mut other, "so-nnmt", &[("d.txt", &bytes("san ", 900 << 10))]).status, 303);
    let mut third = colleague(&mut admin, "mai", "author");
    let full = send(&mut third, "so-nnmt", &[("e.txt", &bytes("lac ", 300 << 10))]);
    assert!(full.status == 429 && full.text().contains("cả tỉnh"), "{}", full.text());
    // What is given up frees its share.
    assert_eq!(author.post(&format!("{batch}/bo"), &[]).status, 303);
    assert_eq!(send(&mut author, "so-nnmt", &[("f.txt", &bytes("dau ", 400 << 10))]).status, 303);
}

#[test]
fn all_errors_of_all_rows_are_seen_before_anything_is_written_and_good_rows_come_in_as_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    let mut author = colleague(&mut admin, "lan", "author");
    let before = n_materials(folder.path());
    let table = workbook(&[
        vec!["Tệp", "Tiêu đề", "Chủ đề", "Ngày ban hành", "Giấy phép", "Lạ"],
        vec!["lua.md", "Trồng lúa chịu mặn", "agri.rice", "15/03/2026", "unknown"],
        vec!["hong.md", "Hỏng", "không có; agri.rice; cũng không", "31/02/2026", "vô phép"],
        vec!["vắng.md", "Không có tệp"],
        vec!["con/ngô.md", "Trồng ngô"],
    ]);
    let all = zip(&[
        ("hồ sơ/danh sách của tôi.xlsx", &table),
        ("hồ sơ/lua.md", "# Lúa\n\nGiữ nước cho ruộng zxqva.".as_bytes()),
        ("hồ sơ/hong.md", b"# Hong\n\nx"),
        ("hồ sơ/con/ngô.md", "# Ngô\n\nTỉa thưa.".as_bytes()),
        ("hồ sơ/rác.exe", b"MZ\x90\x00nonsense\x00\x01"),
        ("../ra-ngoai.md", b"x"),
    ]);
    // An entry that leads out makes the folder no longer the only one; it is left out.
    let (batch, page) = previewed(&mut author, &[("tai-lieu.zip", &all)]);
    for told in [
        "<dt>nhập được</dt><dd>2</dd>",
        "Không nhận ra «không có», «cũng không». [topic-unknown]",
        "[date-invalid]",
        "Không nhận ra «vô phép». [value-unknown]",
        "[file-missing]",
        "[column-unknown]",
        "[file-unsupported]",
        "[file-outside]",
        "Trồng lúa chịu mặn",
        "dòng 3",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(n_materials(folder.path()), before, "nothing is written yet");
    let report = author.get(&format!("{batch}/bao-cao.csv")).text();
    assert!(report.contains("hong.md,3,Hỏng,không nhập,topics,topic-unknown"), "{report}");
    let mut other = colleague(&mut admin, "hoa", "author");
    for path in [batch.clone(), format!("{batch}/bao-cao.csv")] {
        assert_eq!(other.get(&path).status, 404, "another's");
    }
    assert_eq!(author.post(&format!("{batch}/dong-y"), &[("cong-bo", "1")]).status, 403, "an author does not publish");
    assert_eq!(author.post(&format!("{batch}/dong-y"), &[]).status, 303);
    let page = settled(&mut author, &batch);
    assert!(page.contains("đã nhập 2 học liệu (bản nháp)"), "{page}");
    let report = author.get(&format!("{batch}/bao-cao.csv")).text();
    assert!(report.contains("lua.md,2,Trồng lúa chịu mặn,bản nháp,,,,/hoc-lieu/"), "{report}");
    assert_eq!(get(&format!("{}/api/v1/search?q=zxqva", server.url)).json()["total"], 0, "drafts are not public");
    let again = author.post(&format!("{batch}/dong-y"), &[]);
    assert!(again.status == 400 && again.text().contains("đã được nhập rồi"));
    let trail = admin.get("/quan-ly/nhat-ky?co-quan=so-nnmt").text();
    let by_lan = |act: &str| trail.contains(&format!("Nguyễn Thị Lan</a></p><p><strong>{act}</strong>"));
    assert!(by_lan("Đồng ý nhập hàng loạt") && by_lan("Nhập học liệu"), "{trail}");
    // The same files again are known, whatever they are called.
    let (_, page) = previewed(&mut author, &[("khac.md", "# Lúa\n\nGiữ nước cho ruộng zxqva.".as_bytes())]);
    assert!(page.contains("Thư viện đã có tệp này") && page.contains("<dt>nhập được</dt><dd>0</dd>"), "{page}");
}

#[test]
fn who_may_publish_publishes_loose_files_with_a_csv_and_who_may_not_write_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    let mut reviewer = colleague(&mut admin, "hoa", "reviewer");
    let csv = "\u{feff}tệp;tiêu đề;chủ đề;cơ quan\r\na.md;Nuôi ong zxqvb;agri;\r\nb.md;Của người khác;agri;so-yt\r\nc.md;Nuôi dê;;\r\n";
    let files: [(&str, &[u8]); 4] = [
        ("a.md", b"# Ong\n\nzxqvb"),
        ("b.md", b"# Khac\n\nzxqvb"),
        ("c.md", b"# De\n\nzxqvb"),
        ("metadata.csv", csv.as_bytes()),
    ];
    let (batch, page) = previewed(&mut reviewer, &files);
    assert!(page.contains("[organisation-not-yours]") && page.contains("<dt>nhập được</dt><dd>2</dd>"), "{page}");
    assert!(page.contains("Công bố 1 tài liệu</button>") && page.contains("ít nhất một chủ đề"), "{page}");
    assert_eq!(reviewer.post(&format!("{batch}/dong-y"), &[("cong-bo", "1")]).status, 303);
    assert!(settled(&mut reviewer, &batch).contains("đã nhập 2 học liệu (đã công bố, trừ 1 bản nháp"));
    let report = reviewer.get(&format!("{batch}/bao-cao.csv")).text();
    assert!(report.contains("Nuôi dê,\"bản nháp, còn thiếu: ít nhất một chủ đề\""), "{report}");
    let found = get(&format!("{}/api/v1/search?q=zxqvb", server.url)).json();
    assert_eq!((&found["total"], &found["items"][0]["title"]), (&1.into(), &"Nuôi ong zxqvb".into()));
    let mut reader = colleague(&mut admin, "nam", "reader");
    assert_eq!(reader.get(BATCHES).status, 403);
    assert_eq!(send(&mut reader, "so-nnmt", &files[..1]).status, 403);
    assert_eq!(send(&mut reviewer, "so-yt", &files[..1]).status, 403);
    assert_eq!(send(&mut Browser::new(&server.url), "so-nnmt", &files[..1]).status, 303, "signing in comes first");
    assert_eq!(send(&mut reviewer, "so-nnmt", &[]).status, 400);
    let left = fs::read_dir(folder.path().join("data/inbox")).unwrap().count();
    assert_eq!(left, 1, "what was refused is gone");
    let template = reviewer.get(&format!("{BATCHES}/mau.xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(template.body)).unwrap();
    assert_eq!(book.sheet_names(), ["metadata", "Hướng dẫn", "Danh mục"]);
    assert!(book.worksheet_range("Hướng dẫn").unwrap().rows().any(|row| row[2].to_string().contains("Áp phích")));
    assert!(reviewer.get(&format!("{BATCHES}/mau.csv")).text().starts_with("\u{feff}Tệp,Tiêu đề,"));
}

#[test]
fn the_template_filled_in_is_taken_as_it_is_and_bombs_and_nonsense_are_refused_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut admin) = served(folder.path(), &["--batch-mb", "2", "--file-mb", "1"]);
    let template = admin.get(&format!("{BATCHES}/mau.xlsx")).body;
    let document = fs::read(seed_content().join("materials/vneid.pdf")).unwrap();
    let (batch, page) = previewed(&mut admin, &[("metadata.xlsx", &template), ("ky-thuat-trong-lua.pdf", &document)]);
    assert!(page.contains("<dt>nhập được</dt><dd>1</dd>") && page.contains("Kỹ thuật trồng lúa chịu mặn"), "{page}");
    assert!(page.contains("<dt>có lỗi</dt><dd>0</dd>"), "the example is right: {page}");
    assert_eq!(admin.post(&format!("{batch}/bo"), &[]).header("location"), BATCHES);
    assert_eq!(admin.get(&batch).status, 404);
    let spaces = vec![b' '; 3 << 20];
    let bomb = zip(&[
        ("a.md", &spaces[..1 << 20]),
        ("b.md", &spaces[..1 << 20]),
        ("c.md", &spaces[..1 << 20]),
        ("d.md", &spaces[..1 << 20]),
        ("e.md", &spaces[..1 << 20]),
    ]);
    let (_, page) = previewed(&mut admin, &[("bom.zip", &bomb)]);
    assert!(page.contains("Không dùng được") && page.contains("giới hạn"), "{page}");
    let one = zip(&[("to.md", &spaces), ("be.md", b"# Be\n\nx")]);
    let (_, page) = previewed(&mut admin, &[("to.zip", &one)]);
    assert!(page.contains("[file-too-large]") && page.contains("<dt>nhập được</dt><dd>1</dd>"), "{page}");
    let (_, page) = previewed(&mut admin, &[("hong.zip", b"PK\x03\x04nonsense")]);
    assert!(page.contains("không phải ZIP"), "{page}");
    let large = vec![b'x'; 3 << 20];
    let refused = send(&mut admin, "so-nnmt", &[("to.md", &large)]);
    assert!(refused.status == 400 && refused.text().contains("giới hạn 2 MB"), "{}", refused.text());
}

/// The folders with documents of all batches.
fn documents(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for batch in fs::read_dir(folder.join("data/inbox")).unwrap().map(Result::unwrap) {
        let inside = fs::read_dir(batch.path()).unwrap().map(Result::unwrap);
        found
            .extend(inside.filter(|one| one.path().is_dir()).map(|one| one.file_name().to_string_lossy().into_owned()));
    }
    found
}

#[test]
fn what_is_packed_small_takes_no_more_than_its_share_and_what_is_of_no_use_leaves_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut admin) = served(folder.path(), &["--upload-account-mb", "2", "--batch-mb", "4"]);
    let mut author = colleague(&mut admin, "lan", "author");
    let (text, empty) = (bytes("ném ", 1_500_000), vec![b' '; 3 << 20]);
    // A few kilobytes that open to more than the account may bring in a day.
    let (_, page) = previewed(&mut author, &[("bom.zip", &zip(&[("a.txt", &empty)]))]);
    assert!(page.contains("Không dùng được") && page.contains("trong một ngày"), "{page}");
    let (_, page) = previewed(&mut author, &[("hong.zip", b"PK\x03\x04nonsense")]);
    assert!(page.contains("không phải ZIP"), "{page}");
    let (_, page) = previewed(&mut author, &[("rac.zip", &zip(&[("rac.exe", b"MZ\x90\x00nonsense\x00\x01")]))]);
    assert!(page.contains("<dt>nhập được</dt><dd>0</dd>"), "{page}");
    let begun = Instant::now();
    while !documents(folder.path()).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", documents(folder.path()));
        std::thread::sleep(Duration::from_millis(50));
    }
    // Once opened it counts as it lies there, not as it was packed.
    let (batch, page) = previewed(&mut author, &[("nhieu.zip", &zip(&[("a.txt", &text)]))]);
    assert!(page.contains("<dt>nhập được</dt><dd>1</dd>"), "{page}");
    assert_eq!(documents(folder.path()), ["tai-lieu"], "what may be taken in stays");
    assert_eq!(send(&mut author, "so-nnmt", &[("b.txt", &bytes("ngo ", 900 << 10))]).status, 429);
    assert_eq!(author.post(&format!("{batch}/bo"), &[]).status, 303);
    assert_eq!(send(&mut author, "so-nnmt", &[("b.txt", &bytes("ngo ", 900 << 10))]).status, 303);
}

#[test]
fn a_document_with_the_name_of_a_folder_is_told_and_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut admin) = served(folder.path(), &[]);
    let all: [(&str, &[u8]); 3] = [("a.txt", b"Mot"), ("a.txt/b.txt", b"Hai"), ("c.md", b"# Ba\n\nx")];
    let (_, page) = previewed(&mut admin, &[("ac.zip", &zip(&all))]);
    assert!(page.contains("<dt>nhập được</dt><dd>2</dd>") && page.contains("[file-twice]"), "{page}");
    let (_, page) = previewed(&mut admin, &[("sau.md", b"# Sau\n\nLua nuoc.")]);
    assert!(page.contains("<dt>nhập được</dt><dd>1</dd>"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_cannot_be_worked_on_lets_the_others_go_first_can_be_given_up_and_is_after_some_tries() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::new(folder.path().to_owned());
    let extras = Extras { inbox: Some(inbox.clone()), ..Extras::default() };
    let library = Library::with(AccountRules::default(), extras).await;
    let context = library.context.clone();
    let admin = library.administrator().await;
    library.account(&admin, "lan", Role::Author, "so-nnmt").await;
    let lan = library.sign_in("lan").await.actor;
    let organisation = OrganisationId::parse("so-nnmt").unwrap();
    let bring = async |text: &'static [u8]| {
        let (context, lan, organisation) = (context.clone(), lan.clone(), organisation.clone());
        let received = tokio::task::spawn_blocking(move || {
            let mut incoming = batches::begin(&context, &lan, organisation).unwrap();
            incoming.file(&context, "a.md", &mut &text[..]).unwrap();
            (incoming, context, lan)
        });
        let (incoming, context, lan) = received.await.unwrap();
        batches::done_receiving(&context, &lan, incoming).await.unwrap()
    };
    let next = async || {
        let context = context.clone();
        tokio::task::spawn_blocking(move || batches::next(&context)).await.unwrap()
    };
    let [broken, given_up, good] = [bring(b"# Mot").await, bring(b"# Hai").await, bring(b"# Ba\n\nx").await];
    // Where what was seen is to be noted, a folder lies.
    for id in [broken, given_up] {
        fs::create_dir(inbox.note(id, "xem-truoc.json")).unwrap();
    }
    assert!(next().await.is_err() && next().await.is_err());
    assert!(next().await.unwrap(), "the third goes before those that failed");
    let state = async |id| batches::show(&context, &lan, id).await.unwrap().batch.state;
    assert_eq!(state(good).await, BatchState::Previewed { good: 1, bad: 0, known: 0 });
    assert_eq!(state(given_up).await, BatchState::Received);
    batches::cancel(&context, &lan, given_up).await.unwrap();
    assert!(batches::show(&context, &lan, given_up).await.is_err());
    assert!(next().await.is_err(), "once more");
    assert!(next().await.unwrap());
    let state = state(broken).await;
    assert!(matches!(&state, BatchState::Failed { reason } if reason.contains("đã thử 3 lần")), "{state:?}");
    assert!(!next().await.unwrap(), "and never again");
}

#[test]
fn a_folder_with_a_workbook_is_imported_by_the_command_too() {
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("tai-lieu");
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("a.md"), "# A\n\nNội dung zxqvc.").unwrap();
    fs::write(documents.join("metadata.xlsx"), workbook(&[vec!["tệp", "tiêu đề"], vec!["a.md", "Từ bảng tính"]]))
        .unwrap();
    let data = folder.path().join("data");
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert!(said.code == Some(0) && said.out.contains("1 mới"), "{said:?}");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let found = get(&format!("{}/api/v1/search?q={}", server.url, encode("zxqvc"))).json();
    assert_eq!(found["items"][0]["title"], "Từ bảng tính");
}

/// As many documents as an agency brings when it begins.
const MANY: usize = 1_000;

#[test]
fn a_thousand_documents_come_in_in_one_go_however_often_the_server_is_killed_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &["--extract-workers", "2"]);
    let names: Vec<String> = (0..MANY).map(|n| format!("bai-{n:04}.txt")).collect();
    let texts: Vec<String> = (0..MANY).map(|n| format!("Bài số {n}: giữ nước cho ruộng lúa zxqvd.")).collect();
    let titles: Vec<String> = (0..MANY).map(|n| format!("Bài {n}")).collect();
    let mut rows = vec![vec!["Tệp", "Tiêu đề", "Chủ đề"]];
    rows.extend(names.iter().zip(&titles).map(|(name, title)| vec![name.as_str(), title.as_str(), "agri.rice"]));
    let table = workbook(&rows);
    let mut entries: Vec<(&str, &[u8])> = names.iter().zip(&texts).map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    entries.push(("metadata.xlsx", &table));
    let begun = Instant::now();
    let (batch, page) = previewed(&mut admin, &[("nghin.zip", &zip(&entries))]);
    println!("seen after {:?}", begun.elapsed());
    assert!(page.contains(&format!("<dt>nhập được</dt><dd>{MANY}</dd>")), "{page}");
    assert_eq!(admin.post(&format!("{batch}/dong-y"), &[("cong-bo", "1")]).status, 303);
    std::thread::sleep(Duration::from_secs(3));
    let cookies = admin.cookies.clone();
    server.kill();
    let seed = folder.path().join("seed").to_string_lossy().into_owned();
    let server = Server::start(&folder.path().join("data"), &["--seed-content", &seed, "--extract-workers", "2"]);
    let mut admin = Browser { base: server.url.clone(), cookies };
    let page = settled(&mut admin, &batch);
    println!("taken in after {:?}", begun.elapsed());
    let numbers: Vec<usize> = page
        .split("đã nhập ")
        .nth(1)
        .map(|rest| rest.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect())
        .unwrap_or_default();
    assert_eq!(numbers[0] + numbers[1], MANY, "those before the kill are unchanged: {page}");
    assert_eq!(get(&format!("{}/api/v1/search?q=zxqvd&limit=1", server.url)).json()["total"], MANY);
    let report = admin.get(&format!("{batch}/bao-cao.csv")).text();
    assert_eq!(report.matches(",đã công bố,").count(), MANY, "each row says what became of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_official_sends_a_zip_sees_the_rows_and_agrees_on_a_telephone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (server, cookies) = tokio::task::spawn_blocking(move || {
        let (server, admin) = served(&path, &[]);
        (server, admin.cookies)
    })
    .await
    .unwrap();
    let table = workbook(&[
        vec!["tệp", "tiêu đề", "chủ đề"],
        vec!["a.md", "Nuôi ong", "agri"],
        vec!["b.md", "Sai", "không có"],
    ]);
    let archive = folder.path().join("tai-lieu.zip");
    fs::write(&archive, zip(&[("metadata.xlsx", &table), ("a.md", b"# Ong\n\nzxqve"), ("b.md", b"# B\n\nzxqve")]))
        .unwrap();
    let mut page = Page::open(360, 740).await;
    for (name, value) in cookies {
        page.call("Network.setCookie", serde_json::json!({"url": server.url, "name": name, "value": value})).await;
    }
    page.goto(&format!("{}{BATCHES}", server.url)).await;
    page.check("where files are sent").await;
    page.eval("document.querySelector('#co-quan').value = 'so-nnmt'").await;
    page.attach("#tep", &[&archive]).await;
    page.follow("form.fields button").await;
    page.until("!!document.body && !document.querySelector('#tien-do') && !!document.querySelector('.figures')").await;
    assert!(page.text("document.body.innerText").await.contains("topic-unknown"));
    for width in [360, 1280] {
        page.resize(width, 740).await;
        page.check("the preview").await;
    }
    page.follow("form[action$='/dong-y'] button").await;
    page.until("!!document.body && !document.querySelector('#tien-do') && document.body.innerText.includes('đã nhập 1 học liệu')").await;
    page.check("what became of it").await;
}
