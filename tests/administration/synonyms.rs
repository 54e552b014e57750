use super::served;
use crate::accounts::Library;
use crate::support::http::{Browser, encode, get};
use crate::support::library::code;
use crate::support::program::{Server, run};
use hoclieu::actions::accounts::AccountRules;
use hoclieu::actions::administration::synonyms::{self, Typed};
use hoclieu::actions::audit::{self, Of};
use hoclieu::domain::permission::Role;

fn typed(wordings: &str) -> Typed {
    Typed { wordings: wordings.to_owned(), one_way: false, origin: "bà con xã Gio Linh".to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_checked_kept_with_who_said_so_and_told_in_the_trail() {
    let library = Library::new(AccountRules::default()).await;
    let (context, admin) = (&library.context, library.administrator().await);
    let one_way = Typed { one_way: true, ..typed("mạ\nmẹ") };
    for (entry, expected) in [
        (typed("con cúi"), "synonym-invalid"),
        (typed("con cúi\nCON CÚI"), "synonym-invalid"),
        (typed("hoà giải\nhòa giải"), "synonym-invalid"),
        (typed("con = cúi\ncon heo"), "synonym-invalid"),
        (typed("...\ncon heo"), "synonym-invalid"),
        (typed("một hai ba bốn năm sáu bảy tám chín\ncon heo"), "synonym-invalid"),
        (Typed { origin: " ".into(), ..typed("con cúi\ncon heo") }, "synonym-origin-missing"),
        (typed("con cúi\ncon heo"), "ok"),
        (typed("Con heo\ncon cúi"), "synonym-taken"),
        (one_way.clone(), "ok"),
        (Typed { one_way: true, ..typed("mẹ\nmạ") }, "ok"),
        (one_way, "synonym-taken"),
    ] {
        assert_eq!(code(synonyms::add(context, &admin, &entry).await), expected, "{entry:?}");
    }
    let listed = synonyms::list(context, &admin, "cui").await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].added_by.as_str(), listed[0].synonym.origin.as_str()),
        ("Trần Văn Bình", "bà con xã Gio Linh")
    );
    synonyms::remove(context, &admin, listed[0].synonym.id).await.unwrap();
    assert_eq!(code(synonyms::remove(context, &admin, listed[0].synonym.id).await), "missing");
    let trail = audit::trail(context, &admin, Of::Everything, None).await.unwrap();
    let acts: Vec<_> = trail.lines.iter().take(2).map(|line| line.act.as_str()).collect();
    assert_eq!(acts, ["synonym.remove", "synonym.add"]);
    library.account(&admin, "lan", Role::Manager, "ubnd-tinh").await;
    let manager = library.sign_in("lan").await.actor;
    assert_eq!(code(synonyms::list(context, &manager, "").await), "forbidden");
    assert_eq!(code(synonyms::add(context, &manager, &typed("a\nb")).await), "forbidden");
    assert_eq!(code(synonyms::remove(context, &manager, listed[0].synonym.id).await), "forbidden");
    assert_eq!(code(synonyms::try_out(context, &manager, "a", &typed("a\nb")).await), "forbidden");
}

fn total(server: &Server, query: &str) -> u64 {
    get(&format!("{}/api/v1/search?q={}", server.url, encode(query))).json()["total"].as_u64().unwrap()
}

fn enter(admin: &mut Browser, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("cach-noi", "con cúi\nong lấy mật"), ("nguon", "bà con"), ("cau-tim", "con cúi")];
    fields.extend(more);
    let answer = admin.post("/quan-ly/tu-dong-nghia", &fields);
    if answer.status == 303 { answer.header("location").to_owned() } else { answer.text() }
}

#[test]
fn an_entry_is_tried_before_it_counts_and_counts_at_once_and_after_a_new_start_and_a_new_index() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path());
    assert_eq!(total(&server, "con cúi"), 0);
    let tried = enter(&mut admin, &[("thu", "1")]);
    assert!(tried.contains("“con cúi”: tìm cả “ong lấy mật”"), "{tried}");
    let after = tried.split("Khi thêm mục này").nth(1).unwrap();
    assert!(after.contains("Nuôi ong lấy mật ở vườn nhà") && tried.contains("0 học liệu."), "{tried}");
    assert_eq!(total(&server, "con cúi"), 0, "trying changes nothing");
    assert_eq!(enter(&mut admin, &[]), "/quan-ly/tu-dong-nghia?da=them");
    assert_eq!(total(&server, "con cúi"), 1, "known at once");
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["reindex"]).code, Some(0));
    assert_eq!(total(&server, "con cúi"), 1, "a new generation knows it too");
    assert_eq!(server.stop(), Some(0));
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    assert_eq!(total(&server, "con cúi"), 1, "kept in the store");
    admin.base.clone_from(&server.url);
    let page = admin.get("/quan-ly/tu-dong-nghia").text();
    let remove = page.split("action=\"/quan-ly/tu-dong-nghia/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let removed = admin.post(&format!("/quan-ly/tu-dong-nghia/{remove}"), &[]);
    assert_eq!(removed.header("location"), "/quan-ly/tu-dong-nghia?da=bo");
    assert_eq!(total(&server, "con cúi"), 0, "forgotten at once");
}
