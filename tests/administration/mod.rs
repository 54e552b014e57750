mod browser;
mod organisations;
mod pages;
mod queues;
mod synonyms;

use crate::accounts::PASSWORD;
use crate::support::http::Browser;
use crate::support::program::{Server, seed_content};
use std::path::Path;

/// Materials of bodies, about topics and areas, for what happens to them.
const MATERIALS: &str = r#"{"id":"an-toan","title":"An toàn lao động cho thợ hồ","text":"Đội mũ, đeo dây khi lên giàn giáo.","topics":["trade.build"],"organisation":"so-xd","issued_on":"2026-02-01"}
{"id":"nuoi-ong","title":"Nuôi ong lấy mật ở vườn nhà","text":"Đặt thùng ong nơi râm mát, gần nguồn hoa.","topics":["agri.bee"],"organisation":"so-nnmt","areas":["qt.gio-linh"],"issued_on":"2026-02-01"}
{"id":"nam-rom","title":"Trồng nấm rơm trong nhà kín","text":"Ủ rơm với vôi, giữ ẩm đều tay.","topics":["agri.bee","agri.veg"],"organisation":"so-nnmt","areas":["qt.con-tien"],"issued_on":"2026-02-01"}
"#;

/// A server with the catalogue of the seed and three materials, and its administrator.
pub(crate) fn served(folder: &Path) -> (Server, Browser) {
    let seed = folder.join("seed");
    std::fs::create_dir(&seed).unwrap();
    for name in ["topics.json", "organisations.json", "organisation_events.json", "areas.csv", "area_events.csv"] {
        std::fs::copy(seed_content().join(name), seed.join(name)).unwrap();
    }
    std::fs::write(seed.join("materials.jsonl"), MATERIALS).unwrap();
    let data = folder.join("data");
    let server = Server::start(&data, &["--seed-content", &seed.to_string_lossy()]);
    let mut admin = Browser::new(&server.url);
    let code = server.first_code.clone().unwrap();
    let fields = [("ma", code.as_str()), ("ten", "quantri"), ("ho-ten", "Trần Văn Bình"), ("mat-khau-moi", PASSWORD)];
    assert_eq!(admin.post("/bat-dau", &fields).status, 303);
    assert_eq!(admin.post("/dang-nhap", &[("ten", "quantri"), ("mat-khau", PASSWORD)]).status, 303);
    (server, admin)
}
