//! Comments on what is published reach those whose it is.

use super::{Office, actor, code};
use hoclieu::actions::review::lists::{self, Wanted};
use hoclieu::actions::review::{desk, note, remark};
use hoclieu::domain::permission::Role;
use hoclieu::domain::review::Act;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_on_a_published_material_waits_for_its_organisation_until_someone_marks_it_as_seen() {
    let office = Office::new().await;
    let (author, above) = (actor(Role::Author, "cc-ttbvtv"), actor(Role::Reviewer, "so-nnmt"));
    let id = office.import(false, json!({"organisation": "cc-ttbvtv"})).await;
    let quiet = office.import(false, json!({"organisation": "cc-ttbvtv", "title": "Yên"})).await;
    remark(&office.context, &above, id, "Nên thêm ảnh sâu bệnh.").await.unwrap();
    let waits = lists::waiting(&office.context, &author).await.unwrap();
    assert_eq!((waits.unnoted.total, waits.unnoted.lines[0].id), (1, id));
    assert!(waits.unnoted.lines[0].unnoted && waits.commented.total == 0);
    assert_eq!(lists::waiting(&office.context, &above).await.unwrap().unnoted.total, 0, "one knows one's own words");
    let wanted = Wanted { unnoted: true, ..Wanted::default() };
    let listed = lists::list(&office.context, &author, wanted.clone()).await.unwrap();
    assert_eq!(listed.lines.iter().map(|line| line.id).collect::<Vec<_>>(), [id], "and not {quiet}");

    assert_eq!(code(note(&office.context, &actor(Role::Manager, "so-yt"), id).await), "missing");
    assert_eq!(code(note(&office.context, &actor(Role::Reader, "cc-ttbvtv"), id).await), "forbidden");
    assert_eq!(desk(&office.context, &author, id).await.unwrap().n_unnoted, 1);
    note(&office.context, &author, id).await.unwrap();
    note(&office.context, &author, id).await.unwrap();
    assert_eq!(lists::waiting(&office.context, &author).await.unwrap().unnoted.total, 0);
    let shown = desk(&office.context, &author, id).await.unwrap();
    assert!(shown.n_unnoted == 0 && shown.remarks[0].remark.noted.as_ref().unwrap().by == author.account());
    assert_eq!(lists::list(&office.context, &author, wanted).await.unwrap().total, 0);

    // A later one waits again; one on a draft waits where drafts do.
    remark(&office.context, &above, id, "Cập nhật số liệu.").await.unwrap();
    assert_eq!(lists::waiting(&office.context, &author).await.unwrap().unnoted.total, 1);
    office.act(&author, quiet, Act::Revise).await.unwrap();
    remark(&office.context, &above, quiet, "Bản nháp này thiếu nguồn.").await.unwrap();
    let waits = lists::waiting(&office.context, &author).await.unwrap();
    assert_eq!((waits.unnoted.total, waits.commented.total), (1, 1));
}
