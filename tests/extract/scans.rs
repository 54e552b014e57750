//! Scans that are broken or lie, and a recognising program that dies: each costs one clear message, nothing is left.

use super::hostile::pdf;
use super::{extractor, read_bytes};
use crate::support::paper::{self, Sheet, jpeg, print, prose};
use crate::support::recogniser::program;
use hoclieu::domain::page::{Page, Scan};
use hoclieu::extract::{ExtractError, Extractor, Input, Limits};
use image::{GrayImage, Luma};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

async fn recognise(with: &Extractor, bytes: &[u8], name: &str) -> Result<Page, ExtractError> {
    let mut content = tempfile::tempfile().unwrap();
    content.write_all(bytes).unwrap();
    with.recognise(Input { content, size_bytes: bytes.len() as u64, name }, 1, "vie").await
}

/// The code that recognising the first page ends with, and drawing it for readers.
async fn codes(bytes: &[u8], name: &str, limits: Limits) -> (&'static str, &'static str) {
    let with = extractor(limits);
    let recognised = recognise(&with, bytes, name).await.map_or_else(|error| error.code(), |_| "read");
    let mut content = tempfile::tempfile().unwrap();
    content.write_all(bytes).unwrap();
    let shown = with.page_image(Input { content, size_bytes: bytes.len() as u64, name }, 1).await;
    (recognised, shown.map_or_else(|error| error.code(), |_| "drawn"))
}

/// A PNG that claims a size and holds nothing.
fn claiming_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
        let body = [&name[..], data].concat();
        chunk.extend(&body);
        chunk.extend(crc(&body).to_be_bytes());
        chunk
    };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    bytes.extend(chunk(b"IHDR", &header));
    bytes.extend(chunk(b"IDAT", &[0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]));
    bytes.extend(chunk(b"IEND", &[]));
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    let fold = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(u32::MAX, fold)
}

#[tokio::test]
async fn pictures_of_too_many_pixels_are_refused_undecoded() {
    let bomb = claiming_png(30_000, 30_000);
    assert!(bomb.len() < 100);
    let refused = read_bytes(&bomb, "bom.png", Limits::default()).await.unwrap_err();
    assert_eq!(refused.code(), "picture-too-large");
    assert!(refused.message_vi().contains("30000 × 30000"), "{}", refused.message_vi());
    assert_eq!(codes(&bomb, "bom.png", Limits::default()).await, ("picture-too-large", "picture-too-large"));
    let lying = claiming_png(1_000, 1_000);
    assert_eq!(read_bytes(&lying, "doi.png", Limits::default()).await.unwrap_err().code(), "file-damaged");
}

#[tokio::test]
async fn a_picture_that_inflates_inside_a_pdf_meets_the_memory_limit() {
    // Run lengths: two bytes stand for 128 points.
    let runs = b"\x81\xff".repeat(18_000 * 18_000 / 128 + 1);
    let hex: String = runs.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>".to_owned(),
        "<</Length 28>>stream\nq 595 0 0 842 0 0 cm /I Do Q\nendstream".to_owned(),
        format!(
            "<</Type/XObject/Subtype/Image/Width 18000/Height 18000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter[/ASCIIHexDecode/RunLengthDecode]/Length {}>>stream\n{hex}\nendstream",
            hex.len()
        ),
    ];
    let limits = Limits { memory_bytes: 400 << 20, ..Limits::default() };
    assert_eq!(codes(&pdf(&objects), "a.pdf", limits).await, ("extraction-memory", "extraction-memory"));
}

#[tokio::test]
async fn paper_of_no_printers_size_is_called_so() {
    for size in ["9999999 9999999", "9999999 842"] {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]>>"),
        ];
        let told = codes(&pdf(&objects), "a.pdf", Limits::default()).await;
        assert_eq!(told, ("page-too-large", "page-too-large"), "{size}");
    }
    // A poster of three metres is no trap.
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 2400 8500]>>".to_owned(),
    ];
    assert_eq!(codes(&pdf(&objects), "a.pdf", Limits::default()).await, ("read", "drawn"));
}

#[tokio::test]
async fn a_scan_of_ten_thousand_pages_is_refused_and_one_of_a_thousand_is_not() {
    let scan = |count: usize| {
        let kids = (0..count).map(|n| format!("{} 0 R", n + 5)).collect::<Vec<_>>().join(" ");
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            format!("<</Type/Pages/Kids[{kids}]/Count {count}/MediaBox[0 0 595 842]/Resources<</XObject<</I 3 0 R>>>>>>"),
            "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n~\nendstream".to_owned(),
            "<</Length 28>>stream\nq 595 0 0 842 0 0 cm /I Do Q\nendstream".to_owned(),
        ];
        objects.extend((0..count).map(|_| "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_owned()));
        pdf(&objects)
    };
    let refused = read_bytes(&scan(10_000), "a.pdf", Limits::default()).await.unwrap_err();
    assert_eq!(refused.code(), "file-too-many-pages");
    let found = read_bytes(&scan(1_000), "a.pdf", Limits::default()).await.unwrap();
    assert_eq!(found.pages.iter().filter(|page| page.scan == Some(Scan::Waiting)).count(), 1_000);
}

#[tokio::test]
async fn cut_pictures_are_called_damaged() {
    let page = GrayImage::from_fn(900, 1_200, |x, y| Luma([u8::try_from((x * y / 7) % 256).unwrap()]));
    let whole = jpeg(&page, 70);
    let cut = &whole[..whole.len() / 3];
    assert_eq!(read_bytes(cut, "cut.jpg", Limits::default()).await.unwrap_err().code(), "file-damaged");
    assert_eq!(codes(cut, "cut.jpg", Limits::default()).await, ("file-damaged", "file-damaged"));
    // In a PDF nothing of the stream can be decoded, so the page is damaged and its neighbours are not.
    let sheets = [
        Sheet { width: 900, height: 1_200, jpeg: whole[..40].to_vec() },
        Sheet { width: 900, height: 1_200, jpeg: whole.clone() },
    ];
    let bytes = paper::pdf(&sheets);
    assert_eq!(codes(&bytes, "a.pdf", Limits::default()).await, ("file-damaged", "file-damaged"));
    let mut content = tempfile::tempfile().unwrap();
    content.write_all(&bytes).unwrap();
    let input = Input { content, size_bytes: bytes.len() as u64, name: "a.pdf" };
    assert!(extractor(Limits::default()).page_image(input, 2).await.is_ok());
}

#[tokio::test]
async fn pictures_of_other_kinds_are_kept_and_say_what_to_do() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and more";
    let found = read_bytes(heic, "anh.heic", Limits::default()).await.unwrap();
    let Some(Scan::Failed { code, message }) = &found.pages[0].scan else { panic!("{:?}", found.pages) };
    assert_eq!(code, "picture-unsupported");
    assert!(message.contains("JPEG"), "{message}");
    assert!(!found.needs_ocr(), "nobody is promised what cannot be done");
}

/// Named in this order by one test alone, so that its programs are told from those of others.
const MODELS: &str = "eng+vie";

/// Recognises a page for the test that watches how.
async fn watched(with: &Extractor, bytes: &[u8]) -> Result<Page, ExtractError> {
    let mut content = tempfile::tempfile().unwrap();
    content.write_all(bytes).unwrap();
    with.recognise(Input { content, size_bytes: bytes.len() as u64, name: "a.pdf" }, 1, MODELS).await
}

/// Recognising programs at work for that test.
fn programs() -> Vec<PathBuf> {
    let own = std::process::id().to_string();
    let is_ours = |folder: &PathBuf| {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        let parent = read("status").lines().find_map(|line| Some(line.strip_prefix("PPid:")?.trim().to_owned()));
        read("comm").trim() == "tesseract"
            && read("cmdline").contains(MODELS)
            && parent.as_deref() == Some(own.as_str())
    };
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.filter(is_ours).collect()
}

/// Waits for the recognising program and answers its folder in `/proc`.
async fn at_work() -> PathBuf {
    for _ in 0..3_000 {
        if let Some(folder) = programs().pop() {
            return folder;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the recognising program did not start");
}

/// Sends a signal to the recognising program and answers its folder; one that ended just then is passed over.
async fn signal(name: &str) -> PathBuf {
    loop {
        let folder = at_work().await;
        let pid = folder.file_name().unwrap().to_str().unwrap();
        if Command::new("kill").args([name, pid]).output().unwrap().status.success() {
            return folder;
        }
    }
}

/// One test for all that is done to a program at work, because it is found by its models.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_hangs_or_is_killed_costs_one_message_and_leaves_nothing() {
    let bytes = paper::scan(&[(print(&prose().0).await, 60)]);
    let limits = Limits { ocr_cpu_seconds: 2, ..Limits::default() };
    let hanging = extractor(limits.clone());
    let (hung, confinement) = tokio::join!(watched(&hanging, &bytes), async {
        let folder = signal("-STOP").await;
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        (read("status"), read("limits"), read("stat"))
    });
    let error = hung.unwrap_err();
    assert_eq!((error.code(), error.is_transient()), ("ocr-timeout", false), "{error}");
    let (status, held, stat) = confinement;
    assert!(status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"), "{status}");
    assert!(held.lines().any(|line| line.starts_with("Max file size") && line.split_whitespace().nth(3) == Some("0")));
    let nice =
        |stat: &str| -> i32 { stat.rsplit(')').next().unwrap().split_whitespace().nth(16).unwrap().parse().unwrap() };
    // Nothing is nicer than 19, and these tests may have been started as nice as that.
    let own = nice(&fs::read_to_string("/proc/self/stat").unwrap());
    assert_eq!(nice(&stat), (own + 10).min(19), "it gives way to those who wait for an answer");
    let (pid, group) = (stat.split(' ').next().unwrap(), stat.rsplit(')').next().unwrap().split(' ').nth(3).unwrap());
    assert_eq!(pid, group, "what a terminal sends to the service does not reach it");
    assert_eq!(programs(), Vec::<PathBuf>::new());

    for sent in ["-KILL", "-TERM"] {
        let (killed, ()) = tokio::join!(watched(&hanging, &bytes), async {
            signal(sent).await;
        });
        let error = killed.unwrap_err();
        assert_eq!((error.code(), error.is_transient()), ("ocr-interrupted", true), "{sent}: {error}");
        assert!(error.message_vi().contains("thử lại"), "{}", error.message_vi());
    }

    let asked = async {
        let one_more = extractor(limits.clone());
        tokio::time::timeout(Duration::from_mins(1), watched(&one_more, &bytes)).await
    };
    tokio::select! {
        _ = asked => panic!("it ended before it was given up"),
        _ = signal("-STOP") => {}
    }
    for _ in 0..200 {
        if programs().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the program outlived the one who asked");
}

#[tokio::test]
async fn too_little_memory_for_a_page_is_called_so() {
    let noise = |x: u32, y: u32| (x.wrapping_mul(31) ^ y.wrapping_mul(17)).wrapping_mul(2_654_435_761) >> 24;
    let page = GrayImage::from_fn(1_654, 2_339, |x, y| Luma([if noise(x / 9, y / 9) > 170 { 0 } else { 255 }]));
    let bytes = paper::scan(&[(page, 60)]);
    // With too little to load its libraries, the program does not even start.
    for megabytes in (40..).step_by(6) {
        let limits = Limits { ocr_memory_bytes: megabytes << 20, ..Limits::default() };
        let error = recognise(&extractor(limits), &bytes, "a.pdf").await.unwrap_err();
        if error.code() != "ocr-unavailable" {
            assert_eq!(error.code(), "ocr-memory", "{error}");
            return;
        }
    }
}

#[tokio::test]
async fn the_program_reads_no_file_but_programs_writes_none_and_reaches_nobody() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("own"), "x\n").unwrap();
    let outside = tempfile::NamedTempFile::new().unwrap();
    let (own, outside) = (folder.path().join("own"), outside.path().to_owned());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // What a hostile page could make the program do, told as names of models. Built-in commands only: it cannot fork.
    let script = format!(
        "try() {{ if eval \"$2\" 2>&-; then echo \"$1_done\"; else echo \"$1_denied\"; fi; }}\n\
         try own 'read -r line < {own}'\n\
         try passwords 'read -r line < /etc/passwd'\n\
         try files 'read -r line < {outside}'\n\
         try writing 'echo x > {outside}'\n\
         try making 'echo x > {folder}/new'\n\
         try network 'exec 3<>/dev/tcp/127.0.0.1/{port}'\n\
         trap 'echo end; exit 0' EXIT\n\
         (echo processes_done)",
        own = own.display(),
        outside = outside.display(),
        folder = folder.path().display(),
    );
    let told = extractor(Limits::default()).with_recogniser(program(folder.path(), &script)).ocr_models().await;
    let expected =
        ["own_done", "passwords_denied", "files_denied", "writing_denied", "making_denied", "network_denied", "end"];
    assert_eq!(told, expected);
    assert!(!folder.path().join("new").exists());
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_a_failure_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = paper::scan(&[(print("<h1>Một trang có chữ</h1>").await, 60)]);
    let tell = |script: &str| extractor(Limits::default()).with_recogniser(program(folder.path(), script));
    let endless = "while :; do echo '<p>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</p>'; done";
    for script in ["echo '<p class='", "exit 3", endless] {
        let error = recognise(&tell(script), &bytes, "a.pdf").await.unwrap_err();
        assert_eq!((error.code(), error.is_transient()), ("ocr-failed", false), "{script}: {error}");
    }
    let error = recognise(&extractor(Limits::default()).with_recogniser("/nonexistent"), &bytes, "a.pdf").await;
    assert_eq!(error.unwrap_err().code(), "ocr-unavailable");
}
