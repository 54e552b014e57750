//! Accounts over HTTP, friendly and hostile.

use super::PASSWORD;
use crate::support::http::{Browser, get, get_with};
use crate::support::program::{Server, run, seed_content};
use std::path::Path;

const OTHER_PASSWORD: &str = "một đàn cò trắng bay quanh";

/// A server whose store knows the organisations, and the first administrator signed in.
pub(crate) fn served(folder: &Path, arguments: &[&str]) -> (Server, Browser) {
    let seed = folder.join("seed");
    std::fs::create_dir(&seed).unwrap();
    for name in ["topics.json", "organisations.json", "organisation_events.json", "areas.csv", "area_events.csv"] {
        std::fs::copy(seed_content().join(name), seed.join(name)).unwrap();
    }
    let seed = seed.to_string_lossy().into_owned();
    let mut all = vec!["--seed-content", &seed];
    all.extend(arguments);
    let server = Server::start(&folder.join("data"), &all);
    let mut admin = Browser::new(&server.url);
    let code = server.first_code.clone().expect("the terminal tells a code");
    let fields = [("ma", code.as_str()), ("ten", "quantri"), ("ho-ten", "Trần Văn Bình"), ("mat-khau-moi", PASSWORD)];
    assert_eq!(admin.post("/bat-dau", &fields).header("location"), "/quan-ly");
    assert_eq!(sign_in(&mut admin, "quantri", PASSWORD), 303);
    (server, admin)
}

pub(crate) fn sign_in(browser: &mut Browser, login: &str, password: &str) -> u16 {
    browser.post("/dang-nhap", &[("ten", login), ("mat-khau", password)]).status
}

/// Makes an account in the pages; answers its address in the pages and the path of its one-time link.
pub(crate) fn make(admin: &mut Browser, login: &str, role: &str) -> (String, String) {
    let fields = [("ho-ten", "Nguyễn Thị Lan"), ("ten", login), ("co-quan", "so-nnmt"), ("vai-tro", role)];
    let page = admin.post("/quan-ly/tai-khoan/moi", &fields);
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{}", page.text());
    let text = page.text();
    let part = |from: &str, until: char| {
        let rest = text.split(from).nth(1).unwrap_or_else(|| panic!("{from}: {text}"));
        rest.split(until).next().unwrap().to_owned()
    };
    (
        format!("/quan-ly/tai-khoan/{}", part("href=\"/quan-ly/tai-khoan/", '"')),
        format!("/mo-tai-khoan/{}", part("/mo-tai-khoan/", '<')),
    )
}

#[test]
fn from_the_code_of_the_terminal_to_a_colleague_who_works() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    let home = admin.get("/").text();
    assert!(home.contains("Trần Văn Bình") && home.contains("/quan-ly/tai-khoan"), "the head shows who is signed in");
    assert_eq!(admin.get("/bat-dau").header("location"), "/dang-nhap?ve=%2Ftai-khoan", "there is an administrator");
    let (account, _) = make(&mut admin, "lan", "author");
    let handed = admin.post(&format!("{account}/lien-ket"), &[]).text();
    assert!(handed.contains(&format!("<code>{}/mo-tai-khoan/", server.url)), "the link on paper says where to");
    let link = format!("/mo-tai-khoan/{}", handed.split("/mo-tai-khoan/").nth(1).unwrap().split('<').next().unwrap());

    let mut lan = Browser::new(&server.url);
    assert_eq!(lan.get("/tai-khoan").header("location"), "/dang-nhap?ve=%2Ftai-khoan");
    assert!(lan.get(&link).text().contains("Nguyễn Thị Lan"));
    assert_eq!(lan.post(&link, &[("mat-khau-moi", "matkhau2026")]).status, 400);
    assert_eq!(lan.post(&link, &[("mat-khau-moi", PASSWORD)]).header("location"), "/quan-ly");
    assert_eq!(lan.get(&link).status, 401, "used up");
    let entered = lan.post("/dang-nhap", &[("ten", "LAN"), ("mat-khau", PASSWORD), ("ve", "/hoc-lieu?tu=1")]);
    assert_eq!((entered.status, entered.header("location")), (303, "/hoc-lieu?tu=1"));
    let mine = lan.get("/tai-khoan").text();
    assert!(mine.contains("Người soạn, Sở Nông nghiệp và Môi trường") && mine.contains("phiên này"));
    assert!(!lan.get("/").text().contains("/quan-ly/tai-khoan"));
    assert_eq!(lan.get("/quan-ly/tai-khoan").status, 403);
    assert_eq!(lan.get(&account).status, 200, "one's own account is shown");

    let listed = admin.get("/quan-ly/tai-khoan?ten=nguyen+thi&vai-tro=author").text();
    assert!(listed.contains("1 tài khoản") && listed.contains(&account));
    let given = admin.post(&format!("{account}/vai-tro"), &[("co-quan", "so-nnmt"), ("vai-tro", "manager")]);
    assert_eq!(given.header("location"), format!("{account}?da=vai-tro"));
    assert_eq!(lan.get("/quan-ly/tai-khoan").status, 200, "a role counts at once");
    let trail = lan.get("/quan-ly/nhat-ky").text();
    for told in ["Giao vai trò", "Tạo tài khoản", "Trần Văn Bình", "Đặt mật khẩu bằng mã một lần"]
    {
        assert!(trail.contains(told), "{told}");
    }
    assert_eq!(lan.get("/quan-ly/nhat-ky?co-quan=so-yt").status, 403);

    let data = lan.get("/tai-khoan/du-lieu.json");
    assert!(data.header("content-disposition").starts_with("attachment") && data.json()["account"]["login"] == "lan");
    assert_eq!(lan.post("/dang-xuat", &[]).header("location"), "/dang-nhap?da=dang-xuat");
    assert!(lan.cookies.is_empty());
}

#[test]
fn every_form_sent_by_another_site_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    let (account, _) = make(&mut admin, "lan", "author");
    let host = server.url.clone();
    let foreign: [&[(&str, &str)]; 4] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-site")],
    ];
    let forms = [
        "/tuy-chon",
        "/dang-nhap",
        "/dang-xuat",
        "/bat-dau",
        "/mo-tai-khoan",
        "/tai-khoan",
        "/tai-khoan/mat-khau",
        "/tai-khoan/phien/ket-thuc",
        "/tai-khoan/ma-truy-cap",
        "/quan-ly/tai-khoan/moi",
        &format!("{account}/trang-thai"),
        &format!("{account}/xoa"),
    ];
    for form in forms {
        for headers in foreign {
            let refused = admin.post_with(form, &[("hoat-dong", "0"), ("dong-y", "1")], headers);
            assert_eq!(refused.status, 403, "{form} {headers:?}");
            assert!(refused.text().contains("Yêu cầu đến từ một trang khác"), "{form}");
        }
    }
    assert_eq!(admin.get("/tai-khoan").status, 200, "nobody was signed out");
    assert!(!admin.get(&account).text().contains("Đã khóa"));
    let same = admin.post_with("/tuy-chon", &[("nen", "toi")], &[("origin", &host)]);
    assert_eq!(same.status, 303, "an older browser says only its origin");
    let api = admin.post_with("/api/v1/materials", &[], foreign[0]);
    assert_eq!((api.status, api.json()["code"].as_str()), (403, Some("cross-site")));
}

#[test]
fn cookies_are_locked_and_new_with_every_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    make(&mut admin, "lan", "author");
    let mut victim = Browser::new(&server.url);
    victim.cookies.insert("phien".to_owned(), "chosen-by-an-attacker".to_owned());
    assert_eq!(victim.get("/tai-khoan").status, 303);
    let entered = victim.post("/dang-nhap", &[("ten", "quantri"), ("mat-khau", PASSWORD)]);
    let cookie = entered.header("set-cookie");
    for part in ["phien=", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=604800"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain") && !cookie.contains("chosen-by-an-attacker"), "{cookie}");
    let first = victim.cookies["phien"].clone();
    assert_eq!(sign_in(&mut victim, "quantri", PASSWORD), 303);
    assert_ne!(victim.cookies["phien"], first);
    let mut thief = Browser::new(&server.url);
    thief.cookies.insert("phien".to_owned(), first);
    assert_eq!(thief.get("/tai-khoan").status, 303, "what was signed in to before has ended");
}

#[test]
fn over_a_safe_line_the_cookie_is_bound_to_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--public-url", "https://hoclieu.example.vn", "--seed-content", "/nonexistent"];
    let server = Server::start(&folder.path().join("data"), &arguments);
    let mut admin = Browser::new(&server.url);
    let code = server.first_code.clone().unwrap();
    let fields = [("ma", code.as_str()), ("ten", "quantri"), ("ho-ten", "Bình"), ("mat-khau-moi", PASSWORD)];
    // The proxy in front hides the name that the browser knows.
    let headers = [("origin", "https://hoclieu.example.vn")];
    assert_eq!(admin.post_with("/bat-dau", &fields, &headers).status, 303);
    let entered = admin.post_with("/dang-nhap", &[("ten", "quantri"), ("mat-khau", PASSWORD)], &headers);
    let cookie = entered.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-phien=") && cookie.contains("; Secure") && !cookie.contains("Domain"),
        "{cookie}"
    );
    assert_eq!(admin.get("/tai-khoan").status, 200);
}

#[test]
fn signing_in_leads_nowhere_else_and_tells_nobody_who_exists() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &["--sign-in-per-account", "4"]);
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/%09/evil"] {
        let entered =
            Browser::new(&server.url).post("/dang-nhap", &[("ten", "x"), ("mat-khau", "x"), ("ve", elsewhere)]);
        assert!(!entered.text().contains("value=\"//evil") && !entered.text().contains("https://evil"), "{elsewhere}");
    }
    let entered = Browser::new(&server.url)
        .post("/dang-nhap", &[("ten", "quantri"), ("mat-khau", PASSWORD), ("ve", "//evil.example/x")]);
    assert_eq!(entered.header("location"), "/quan-ly");

    make(&mut admin, "lan", "author");
    let mut pages = Vec::new();
    for login in ["lan", "khong-co-ai"] {
        let mut guesser = Browser::new(&server.url);
        let answers: Vec<_> =
            (0..6).map(|_| guesser.post("/dang-nhap", &[("ten", login), ("mat-khau", "đoán")])).collect();
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [401, 401, 401, 401, 429, 429], "{login}");
        assert!(answers[4].header("retry-after").parse::<u32>().is_ok());
        assert!(answers.iter().all(|answer| answer.header("set-cookie").is_empty()));
        pages
            .push(answers.iter().map(|answer| answer.text().replace(&format!("\"{login}\""), "?")).collect::<Vec<_>>());
    }
    assert!(pages[0] == pages[1], "known and unknown names are answered alike");
    let stranger = admin.get("/quan-ly/tai-khoan/00000000-0000-7000-8000-000000000000");
    assert_eq!(stranger.status, 404);
}

#[test]
fn a_disabled_account_loses_its_sessions_and_tokens_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    let (account, link) = make(&mut admin, "lan", "author");
    let mut lan = Browser::new(&server.url);
    lan.post(&link, &[("mat-khau-moi", PASSWORD)]);
    sign_in(&mut lan, "lan", PASSWORD);
    let fields = [("ten", "máy quét"), ("quyen", "materials:write"), ("so-ngay", "30")];
    let page = lan.post("/tai-khoan/ma-truy-cap", &fields);
    let text = page.text();
    let token = text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    let ask = |token: &str| {
        get_with(&format!("{}/api/v1/account", server.url), &[("authorization", &format!("Bearer {token}"))])
    };
    let told = ask(&token).json();
    assert_eq!((told["login"].as_str(), told["token"]["scopes"][0].as_str()), (Some("lan"), Some("materials:write")));
    assert_eq!(told["roles"][0]["role"], "author");
    assert!(!lan.get("/tai-khoan").text().contains(&token), "a token is shown once");

    admin.post(&format!("{account}/trang-thai"), &[("hoat-dong", "0")]);
    assert_eq!(lan.get("/tai-khoan").header("location"), "/dang-nhap?ve=%2Ftai-khoan");
    assert_eq!(ask(&token).json()["code"], "token-invalid");
    assert_eq!(sign_in(&mut lan, "lan", PASSWORD), 401);
    admin.post(&format!("{account}/trang-thai"), &[("hoat-dong", "1")]);
    assert_eq!(sign_in(&mut lan, "lan", PASSWORD), 303);
}

#[test]
fn a_token_is_no_cookie_and_a_cookie_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let (server, admin) = served(folder.path(), &[]);
    let said = run(&folder.path().join("data"), &["token", "create", "quantri", "--scope", "materials:read"]);
    let token = said.out.lines().last().unwrap().to_owned();
    let mut browser = Browser::new(&server.url);
    browser.cookies.insert("phien".to_owned(), token.clone());
    assert_eq!(browser.get("/tai-khoan").status, 303);
    let bearer = format!("Bearer {token}");
    assert_eq!(get_with(&format!("{}/tai-khoan", server.url), &[("authorization", &bearer)]).status, 303);
    let cookie = format!("phien={}", admin.cookies["phien"]);
    let answer = get_with(&format!("{}/api/v1/account", server.url), &[("cookie", &cookie)]);
    assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("sign-in-required")));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let session = format!("Bearer {}", admin.cookies["phien"]);
    for wrong in [session.as_str(), "Bearer ", "Basic cXVhbnRyaTp4", "Bearer hoclieu_x"] {
        let answer = get_with(&format!("{}/api/v1/topics", server.url), &[("authorization", wrong)]);
        assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("token-invalid")), "{wrong}");
    }
    let scheme = get(&format!("{}/api/v1/openapi.json", server.url)).json();
    assert_eq!(scheme["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
}

#[test]
fn pages_of_someone_signed_in_are_kept_by_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &[]);
    assert_eq!(admin.get("/").header("cache-control"), "private, no-cache");
    assert_eq!(get(&server.url).header("cache-control"), "no-cache");
    assert_ne!(admin.get("/").header("etag"), get(&server.url).header("etag"));
    for path in ["/tai-khoan", "/quan-ly/tai-khoan", "/quan-ly/nhat-ky", "/dang-nhap", "/tai-khoan/du-lieu.json"] {
        let answer = admin.get(path);
        assert_eq!((answer.header("cache-control"), answer.header("etag")), ("no-store", ""), "{path}");
    }
}

#[test]
fn nothing_secret_reaches_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &["--sign-in-per-account", "2"]);
    let (_, link) = make(&mut admin, "lan", "author");
    let mut lan = Browser::new(&server.url);
    lan.post(&link, &[("mat-khau-moi", PASSWORD)]);
    sign_in(&mut lan, "lan", PASSWORD);
    for _ in 0..4 {
        sign_in(&mut Browser::new(&server.url), OTHER_PASSWORD, OTHER_PASSWORD);
    }
    let page =
        lan.post("/tai-khoan/ma-truy-cap", &[("ten", "x"), ("quyen", "materials:read"), ("so-ngay", "1")]).text();
    let token = page.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    let code = link.rsplit('/').next().unwrap().to_owned();
    let first = server.first_code.clone().unwrap();
    let log = server.log();
    for secret in [PASSWORD, OTHER_PASSWORD, &token, &code, &first, &lan.cookies["phien"], "Nguyễn Thị Lan", "lan"]
    {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
