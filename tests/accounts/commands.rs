//! Accounts and tokens on the command line, on a closed store and through a running server.

use super::PASSWORD;
use crate::support::http::{Browser, get_with};
use crate::support::program::{Server, run, seed_content};

#[test]
fn an_account_and_a_token_are_made_on_a_closed_store_and_through_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let seed = seed_content().to_string_lossy().into_owned();
    let on = |arguments: &[&str]| {
        let mut all = vec!["--seed-content", seed.as_str()];
        all.extend(arguments);
        run(&data, &all)
    };
    let add = |login: &str, role: &str| {
        on(&["account", "add", login, "--name", "Nguyễn Thị Lan", "--organisation", "so-nnmt", "--role", role])
    };
    let closed = add("lan", "author");
    assert_eq!(closed.code, Some(0), "{closed:?}");
    let early = on(&["token", "create", "lan", "--scope", "materials:write", "--days", "30"]);
    let early_token = early.out.lines().last().unwrap().to_owned();
    assert!(early_token.starts_with("hoclieu_") && !early_token.contains(' '), "{early:?}");

    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let running = add("hoa", "admin");
    assert!(running.code == Some(0) && running.err.contains("chuyển cho máy chủ"), "{running:?}");
    for (said, login) in [(&closed, "lan"), (&running, "hoa")] {
        let link = said.out.lines().last().unwrap();
        let path = link.splitn(4, '/').nth(3).unwrap();
        assert!(path.starts_with("mo-tai-khoan/"), "{link}");
        let mut browser = Browser::new(&server.url);
        assert_eq!(browser.post(&format!("/{path}"), &[("mat-khau-moi", PASSWORD)]).status, 303, "{login}");
        assert_eq!(browser.post("/dang-nhap", &[("ten", login), ("mat-khau", PASSWORD)]).status, 303, "{login}");
    }
    assert!(running.out.contains(&server.url), "the link leads to the server: {running:?}");
    let late = on(&["token", "create", "hoa", "--scope", "materials:write", "--scope", "materials:read"]);
    for (token, login) in [(early_token.as_str(), "lan"), (late.out.lines().last().unwrap(), "hoa")] {
        let header = format!("Bearer {token}");
        let told = get_with(&format!("{}/api/v1/account", server.url), &[("authorization", &header)]).json();
        assert_eq!(told["login"], login);
    }
    let reset = on(&["account", "link", "lan"]);
    assert!(reset.code == Some(0) && reset.out.contains("/mo-tai-khoan/"), "{reset:?}");
}

#[test]
fn wrong_words_are_named_in_plain_vietnamese() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let seed = seed_content().to_string_lossy().into_owned();
    let cases: [(&[&str], &str); 6] = [
        (
            &["account", "add", "Lân!", "--name", "Lan", "--organisation", "so-nnmt", "--role", "author"],
            "Tên đăng nhập",
        ),
        (
            &["account", "add", "lan", "--name", "Lan", "--organisation", "so-xx", "--role", "author"],
            "Không có cơ quan",
        ),
        (&["account", "add", "lan", "--name", "Lan", "--role", "author"], "Hãy nêu cơ quan"),
        (
            &["account", "add", "lan", "--name", "Lan", "--organisation", "so-nnmt", "--role", "boss"],
            "không phải là vai trò",
        ),
        (&["token", "create", "khong-co", "--scope", "materials:write"], "Không có tài khoản"),
        (&["token", "create", "lan", "--scope", "everything"], "materials:write"),
    ];
    for (arguments, told) in cases {
        let mut all = vec!["--seed-content", seed.as_str()];
        all.extend(arguments);
        let said = run(&data, &all);
        assert!(said.code == Some(2) && said.err.contains(told), "{arguments:?}: {said:?}");
    }
}
