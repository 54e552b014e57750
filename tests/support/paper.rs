//! Paper for tests: pages set and printed by Chromium at 200 dots to the inch, then scanned as badly as wanted.

use super::browser::Page;
use base64::Engine;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use serde_json::json;
use std::io::Write;

/// CSS pixels of A4, and device pixels to the CSS pixel at 200 dots to the inch.
const SHEET: (u32, u32) = (794, 1123);
const FINENESS: f64 = 200.0 / 96.0;

const STYLE: &str = "*{margin:0}body{width:210mm;height:297mm;box-sizing:border-box;padding:20mm;overflow:hidden;\
    background:#fff;color:#000;font:12pt/1.45 'Noto Serif','Liberation Serif',serif}h1{font-size:20pt;margin-bottom:4mm}\
    h2{font-size:16pt;margin:4mm 0 2mm}p{margin-bottom:3mm;text-align:justify}.columns{columns:2;column-gap:9mm}\
    table{border-collapse:collapse;width:100%;margin:4mm 0}td,th{border:1px solid #000;padding:2mm;text-align:center}";

/// Paragraphs written for these tests: names, numbers, every tone, most rhymes.
pub(crate) const PARAGRAPHS: [&str; 6] = [
    "Người trồng ném trên cát biết rõ: đất bạc màu mà thoát nước thì củ chắc, còn đất trũng thì thối rễ ngay sau trận \
     mưa đầu mùa. Trước khi gieo hai tuần, cày ải, phơi nắng rồi trộn phân chuồng đã hoai mục với trấu.",
    "Giống lấy từ ruộng khỏe, không lẫn củ dập; ngâm nước ấm độ hai giờ, vớt ra để ráo và giâm trong rơm ẩm. Khi mầm dài \
     chừng một đốt ngón tay thì đem trồng, hàng cách hàng mười lăm phân, cây cách cây mười phân.",
    "Nếu gặp sương muối, sáng sớm phải tưới rửa lá bằng nước sạch. Sâu xanh da láng thường đẻ trứng mặt dưới lá, nên \
     kiểm tra vào lúc chiều tối, bắt tay những ổ trứng đầu tiên, đừng vội dùng thuốc.",
    "Thu hoạch vào ngày khô ráo, nhổ nhẹ, giũ hết cát, bó từng nắm nhỏ rồi treo nơi thoáng gió. Củ giữ kỹ để được sáu \
     tháng, giá bán tháng chạp thường cao hơn đầu vụ khoảng ba mươi phần trăm.",
    "Hợp tác xã nhận cân tại ruộng, ghi sổ rõ ràng, trả tiền trong vòng bảy ngày. Hộ nào muốn gửi kho lạnh thì đăng ký \
     trước với ban quản lý, mang theo giấy xác nhận diện tích của thôn.",
    "Bà con lưu ý: không phun thuốc trong hai mươi ngày trước khi nhổ, giữ lại vỏ chai, bao gói và nộp về bể chứa cạnh \
     trạm bơm; trẻ em, phụ nữ đang mang thai không đến gần ruộng vừa phun.",
];

/// Texts, each in an element.
pub(crate) fn wrapped(element: &str, texts: &[impl AsRef<str>]) -> String {
    texts.iter().map(|text| format!("<{element}>{}</{element}>", text.as_ref())).collect::<Vec<_>>().concat()
}

/// A page of a heading and all paragraphs.
pub(crate) fn prose() -> (String, String) {
    let body = wrapped("p", &PARAGRAPHS);
    let text = format!("Trồng ném trên đất cát {}", PARAGRAPHS.join(" "));
    (format!("<h1>Trồng ném trên đất cát</h1>{body}"), text)
}

/// Prints a page.
pub(crate) async fn print(body: &str) -> GrayImage {
    let mut page = Page::open(SHEET.0, SHEET.1).await;
    let sheet = json!({"width": SHEET.0, "height": SHEET.1, "deviceScaleFactor": FINENESS, "mobile": false});
    page.call("Emulation.setDeviceMetricsOverride", sheet).await;
    let html = format!("<!doctype html><meta charset=\"utf-8\"><style>{STYLE}</style>{body}");
    let encoded = base64::engine::general_purpose::STANDARD.encode(html);
    page.goto(&format!("data:text/html;charset=utf-8;base64,{encoded}")).await;
    page.eval("document.fonts.ready.then(() => true)").await;
    let shot = page.call("Page.captureScreenshot", json!({"format": "png"})).await;
    let bytes = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    image::load_from_memory(&bytes).unwrap().into_luma8()
}

/// The page laid askew, by so many degrees to the left.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "points of a page")]
pub(crate) fn skewed(page: &GrayImage, degrees: f64) -> GrayImage {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (width, height) = (f64::from(page.width()), f64::from(page.height()));
    let (middle_x, middle_y) = (width / 2.0, height / 2.0);
    let at = |x: f64, y: f64| {
        let inside = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        if inside { f64::from(page.get_pixel(x as u32, y as u32).0[0]) } else { 255.0 }
    };
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let (x, y) = (f64::from(x) - middle_x, f64::from(y) - middle_y);
        let (x, y) = (x * cosine - y * sine + middle_x, x * sine + y * cosine + middle_y);
        let (right, down) = (x.rem_euclid(1.0), y.rem_euclid(1.0));
        let mix = |a: f64, b: f64, share: f64| a * (1.0 - share) + b * share;
        let above = mix(at(x, y), at(x + 1.0, y), right);
        let below = mix(at(x, y + 1.0), at(x + 1.0, y + 1.0), right);
        Luma([mix(above, below, down) as u8])
    })
}

/// The page as a telephone sees it by a lamp: dark towards one corner, a little blurred, with noise.
pub(crate) fn photographed(page: &GrayImage) -> GrayImage {
    let blurred = image::imageops::blur(page, 0.8);
    let mut dice = 12_345_u32;
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let shade = 240 - 140 * x / page.width() * y / page.height() - 30 * y / page.height();
        let light = u32::from(blurred.get_pixel(x, y).0[0]) * shade / 255 + (dice >> 24) / 16;
        Luma([u8::try_from(light.saturating_sub(8).min(255)).unwrap()])
    })
}

/// The page as a JPEG.
pub(crate) fn jpeg(page: &GrayImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(page).unwrap();
    bytes
}

/// A PDF of scanned pages: nothing but a JPEG on each sheet of A4.
pub(crate) fn scan(pages: &[(GrayImage, u8)]) -> Vec<u8> {
    let sheets: Vec<Sheet> = pages
        .iter()
        .map(|(page, quality)| Sheet { width: page.width(), height: page.height(), jpeg: jpeg(page, *quality) })
        .collect();
    pdf(&sheets)
}

/// A picture on a sheet of A4.
pub(crate) struct Sheet {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) jpeg: Vec<u8>,
}

/// A PDF of pictures.
pub(crate) fn pdf(sheets: &[Sheet]) -> Vec<u8> {
    let kids = (0..sheets.len()).map(|n| format!("{} 0 R", 3 + 3 * n)).collect::<Vec<_>>().join(" ");
    let mut objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Count {}/Kids[{kids}]>>", sheets.len()).into_bytes(),
    ];
    for (n, sheet) in sheets.iter().enumerate() {
        let (contents, picture) = (4 + 3 * n, 5 + 3 * n);
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {contents} 0 R/Resources<</XObject<</I {picture} 0 R>>>>>>"
        );
        let drawing = "q 595 0 0 842 0 0 cm /I Do Q";
        let Sheet { width, height, jpeg } = sheet;
        let mut image = format!("<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length {}>>stream\n", jpeg.len()).into_bytes();
        image.extend(jpeg);
        image.extend(b"\nendstream");
        let contents = format!("<</Length {}>>stream\n{drawing}\nendstream", drawing.len());
        objects.extend([page.into_bytes(), contents.into_bytes(), image]);
    }
    assembled(&objects)
}

fn assembled(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = String::new();
    for (index, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", out.len()));
        writeln!(out, "{} 0 obj", index + 1).unwrap();
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let (start, count) = (out.len(), objects.len() + 1);
    write!(
        out,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    )
    .unwrap();
    out
}

/// The share of characters that differ, white space aside in its length.
pub(crate) fn error_rate(read: &str, wanted: &str) -> f64 {
    let signs = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect::<Vec<char>>();
    let (read, wanted) = (signs(read), signs(wanted));
    let mut row: Vec<usize> = (0..=read.len()).collect();
    for (i, a) in wanted.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in read.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    let number = |count: usize| f64::from(u32::try_from(count).unwrap());
    number(row[read.len()]) / number(wanted.len()).max(1.0)
}
