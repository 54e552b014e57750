use super::served;
use crate::accounts::Library;
use crate::support::http::get;
use crate::support::library::code;
use hoclieu::actions::accounts::AccountRules;
use hoclieu::actions::administration::{limits, queues};
use hoclieu::actions::import::{self, ImportOptions};
use hoclieu::actions::progress::Silent;
use hoclieu::actions::{explain, jobs};
use hoclieu::domain::job::JobState;
use hoclieu::domain::permission::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parked_job_is_shown_with_its_reason_done_again_or_given_up() {
    let library = Library::new(AccountRules::default()).await;
    let (context, admin) = (&library.context, library.administrator().await);
    // No worker runs here: the import's job waits.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nem.md"), "# Trồng ném\n\nNém trên đất cát, thoát nước tốt.").unwrap();
    let (importing, path) = (context.clone(), folder.path().to_owned());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let index = tokio::spawn(hoclieu::jobs::follow_log(context.clone(), stopped));
    let imported =
        tokio::task::spawn_blocking(move || import::import(&importing, &path, &ImportOptions::default(), &Silent));
    let started = std::time::Instant::now();
    let seen = loop {
        let seen = queues::look(context, &admin, "").await.unwrap();
        if seen.waiting == 1 || started.elapsed().as_secs() > 20 {
            break seen;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!((seen.waiting, seen.parked, seen.jobs[0].kind.as_str()), (1, 0, "extract"));
    for _ in 0..5 {
        let job = queues::look(context, &admin, "").await.unwrap().jobs[0].job.clone();
        jobs::settle(context, job, Err("blob is missing".to_owned())).await.unwrap();
    }
    let seen = queues::look(context, &admin, "").await.unwrap();
    assert_eq!((seen.waiting, seen.parked), (0, 1));
    // Who waits for the file is told that it is given up for now.
    imported.await.unwrap().unwrap();
    let job = seen.jobs[0].job.clone();
    assert_eq!(job.last_error.as_deref(), Some("blob is missing"));
    queues::retry(context, &admin, job.id).await.unwrap();
    let again = queues::look(context, &admin, "").await.unwrap().jobs[0].job.clone();
    assert_eq!((again.state, again.attempts), (JobState::Waiting, 0));
    queues::give_up(context, &admin, job.id).await.unwrap();
    assert_eq!(code(queues::give_up(context, &admin, job.id).await), "missing");
    let seen = queues::look(context, &admin, "").await.unwrap();
    assert_eq!((seen.jobs.len(), seen.extraction["failed"], seen.unread[0].code.as_str()), (0, 1, "given-up"));
    assert!(queues::look(context, &admin, "không có tên này").await.unwrap().unread.is_empty());
    stop.send(true).unwrap();
    index.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_manages_an_agency_does_not_run_the_service_but_may_ask_why() {
    let library = Library::new(AccountRules::default()).await;
    let (context, admin) = (&library.context, library.administrator().await);
    library.account(&admin, "lan", Role::Manager, "ubnd-tinh").await;
    library.account(&admin, "doc", Role::Reader, "so-yt").await;
    let manager = library.sign_in("lan").await.actor;
    let job = hoclieu::domain::id::JobId(uuid::Uuid::nil());
    for code in [
        code(queues::look(context, &manager, "").await),
        code(queues::retry(context, &manager, job).await),
        code(queues::give_up(context, &manager, job).await),
        code(limits::used(context, &manager).await),
        code(limits::licences(context, &manager).await),
    ] {
        assert_eq!(code, "forbidden");
    }
    let reader = library.sign_in("doc").await.actor;
    assert_eq!(code(explain::for_staff(context, &reader, "lúa", None).await), "ok");
    let visitor = hoclieu::domain::actor::Actor::Visitor;
    assert_eq!(code(explain::for_staff(context, &visitor, "lúa", None).await), "forbidden");
    assert_eq!(limits::used(context, &admin).await.unwrap().accounts, 3);
}

#[test]
fn staff_find_why_and_the_trail_beside_what_everyone_sees() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path());
    let public = get(&format!("{}/tim?q=nuoi+ong", server.url)).text();
    assert!(!public.contains("Vì sao?") && !public.contains("/quan-ly/vi-sao"), "{public}");
    let found = admin.get("/tim?q=nuoi+ong").text();
    let why = found.split("href=\"/quan-ly/vi-sao").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let told = admin.get(&format!("/quan-ly/vi-sao{}", why.replace("&#38;", "&"))).text();
    for words in ["Đứng thứ 1", "Nuôi ong lấy mật ở vườn nhà", "từ trong nhan đề", "Độ hiếm"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let anonymous = get(&format!("{}/quan-ly/vi-sao?q=ong", server.url));
    assert_eq!(anonymous.status, 303, "led to where one signs in");
    let material = found.split("<h2><a href=\"").nth(1).and_then(|rest| rest.split('?').next()).unwrap();
    assert!(admin.get(material).text().contains("/quan-ly/nhat-ky?hoc-lieu="));
    let page = get(&format!("{}{material}", server.url)).text();
    assert!(!page.contains("nhat-ky") && page.contains("/giay-phep#"), "{page}");
    assert!(admin.get("/co-quan/so-nnmt").text().contains("/quan-ly/nhat-ky?co-quan=so-nnmt"));
    assert!(!get(&format!("{}/co-quan/so-nnmt", server.url)).text().contains("nhat-ky"));
    let licences = get(&format!("{}/giay-phep", server.url)).text();
    assert!(licences.contains("id=\"CC-BY-4.0\"") && licences.contains("id=\"unknown\""));
    assert!(admin.get("/quan-ly/giay-phep").text().contains("3 học liệu"));
    let limits = admin.get("/quan-ly/gioi-han").text();
    for told in [
        "<code>--file-mb</code>",
        "<strong>200</strong> (mặc định)",
        "<strong>0</strong>: Số lượt tìm",
        "Phiên đăng nhập đang mở",
    ] {
        assert!(limits.contains(told), "{told}: {limits}");
    }
    assert!(!limits.contains("oidc"), "no secret is a limit");
    let queues = admin.get("/quan-ly/hang-doi").text();
    assert!(queues.contains("Chỉ mục đã theo kịp nhật ký") && queues.contains("Nội dung có sẵn khi nhập"), "{queues}");
}
