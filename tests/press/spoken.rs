//! What is read over the loudspeaker.

use crate::classes::{Office, evenings, typed};
use crate::support::library::actor;
use hoclieu::actions::schedule::announcement::compose;
use hoclieu::actions::schedule::classes::{self, TypedClass};
use hoclieu::actions::schedule::meetings::{self, TypedMeeting};
use hoclieu::actions::schedule::plan::plan;
use hoclieu::actions::schedule::typed::{TypedPlan, TypedTeaching};
use hoclieu::domain::class::ClassAct;
use hoclieu::domain::permission::Role;

fn class() -> TypedClass {
    let plain = typed("tthtcd.cam-lo", "Trồng ném trên cát");
    TypedClass {
        teaching: TypedTeaching {
            audiences: vec!["farmer".to_owned(), "woman".to_owned()],
            languages: vec!["vi".to_owned(), "bru".to_owned()],
            ..plain.teaching
        },
        capacity: "35".to_owned(),
        contact: "chị Hoa, 0912 345 678".to_owned(),
        co_organisers: vec!["hoi-nd".to_owned()],
        ..plain
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_is_read_aloud_in_plain_sentences_and_words() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let hall = office.hall().await;
    let id = office.class(&by, class()).await.unwrap();
    let once = TypedPlan { pattern: "once".to_owned(), ..evenings(&hall) };
    plan(&office.context, &by, id, once).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await.unwrap();
    let said = compose(&office.context, id).await.unwrap().paragraphs;
    let wanted = [
        "Kính thưa bà con. Trung tâm học tập cộng đồng xã Cam Lộ cùng với Hội Nông dân tỉnh Quảng Trị mở lớp “Trồng ném trên cát”.",
        "Lớp dành cho nông dân và phụ nữ.",
        "Lớp học vào lúc bảy giờ đến chín giờ tối, thứ ba, ngày mồng một tháng mười hai năm hai nghìn không trăm hai mươi sáu, tức ngày hai mươi ba tháng mười âm lịch, tại Hội trường, xã Cam Lộ.",
        "Lớp dạy bằng tiếng Việt và tiếng Bru – Vân Kiều.",
        "Bà con không cần ghi tên trước, cứ đến học. Lớp nhận nhiều nhất ba mươi lăm người. Hỏi thêm về lớp: chị Hoa, không chín một hai, ba bốn năm, sáu bảy tám.",
        "Xin nhắc lại: lớp “Trồng ném trên cát”, buổi sắp tới học lúc bảy giờ tối, thứ ba, ngày mồng một tháng mười hai, tại Hội trường, xã Cam Lộ.",
        "Kính mời bà con đến học đông đủ. Xin cảm ơn bà con đã lắng nghe.",
    ];
    assert_eq!(said, wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_meetings_are_told_by_their_weekdays_and_a_change_is_said_plainly() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let hall = office.hall().await;
    let id = office.class(&by, class()).await.unwrap();
    plan(&office.context, &by, id, evenings(&hall)).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await.unwrap();
    let ids: Vec<_> = office.meetings(id).iter().map(|meeting| meeting.id).collect();
    let off = TypedMeeting { reason: "Bão số 9".to_owned(), ..TypedMeeting::default() };
    meetings::cancel(&office.context, &by, (id, ids[1]), off).await.unwrap();
    let said = compose(&office.context, id).await.unwrap().paragraphs;
    for told in [
        "Lớp còn mười bốn buổi, học vào thứ ba và thứ năm, từ bảy giờ đến chín giờ tối.",
        "Địa điểm: Hội trường, xã Cam Lộ.",
        "Xin lưu ý: thứ năm, ngày mồng ba tháng mười hai không học. Lý do: Bão số 9.",
    ] {
        assert!(said.iter().any(|one| one == told), "{told}: {said:#?}");
    }
    classes::act(&office.context, &by, id, (ClassAct::Cancel, "Không đủ người")).await.unwrap();
    let said = compose(&office.context, id).await.unwrap().paragraphs;
    assert!(said[0].ends_with("không mở nữa. Lý do: Không đủ người."), "{said:?}");
}
