//! What a child may use, and what is left when it used more: nothing.

use super::hostile::pdf;
use super::{extractor, fixture, read, read_bytes, text};
use hoclieu::extract::Limits;
use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

/// A PDF whose one page draws 2^40 nested forms: it would take years.
fn endless() -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>".to_owned(),
        "<</Length 4>>stream\n/F Do\nendstream".to_owned(),
    ];
    for next in 6..26 {
        objects.push(format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F {next} 0 R>>>>/Length 24>>stream\n/F Do /F Do /F Do /F Do \nendstream"
        ));
    }
    objects.push("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 9>>stream\n0 0 9 9 re\nendstream".to_owned());
    pdf(&objects)
}

/// Children that were given this file name, by their folders in `/proc`.
fn children(name: &str) -> Vec<PathBuf> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let named = |folder: &PathBuf| {
        std::fs::read(folder.join("cmdline")).is_ok_and(|line| {
            String::from_utf8_lossy(&line).contains("extract-worker") && String::from_utf8_lossy(&line).contains(name)
        })
    };
    processes.filter(named).collect()
}

#[tokio::test]
async fn endless_work_ends_at_its_time_and_others_go_on() {
    let limits = Limits { cpu_seconds: 1, ..Limits::default() };
    let bytes = endless();
    let (hostile, friendly) = tokio::join!(read_bytes(&bytes, "endless-one.pdf", limits), read("article.docx"));
    assert_eq!(hostile.unwrap_err().code(), "extraction-timeout");
    assert!(text(&friendly.unwrap()).contains("đạo ôn"));
    assert_eq!(children("endless-one.pdf"), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_child_is_confined_and_dies_with_the_one_who_asked() {
    let bytes = endless();
    let asked = read_bytes(&bytes, "endless-two.pdf", Limits::default());
    let (abandoned, status) = tokio::join!(tokio::time::timeout(Duration::from_millis(1500), asked), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let folder = children("endless-two.pdf").pop().expect("a child at work");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        (
            read("status"),
            read("limits"),
            std::fs::read_link(folder.join("cwd")).unwrap(),
            std::fs::read(folder.join("environ")).unwrap(),
        )
    });
    assert!(abandoned.is_err(), "it ended by itself");
    let (status, limits, folder, environment) = status;
    assert!(status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"), "{status}");
    assert!(
        limits.lines().any(|line| line.starts_with("Max file size") && line.split_whitespace().nth(3) == Some("0"))
    );
    assert_eq!(folder, PathBuf::from("/"));
    // Nothing of the server's own environment reaches the child: settings of the allocators are all it has.
    let environment = String::from_utf8_lossy(&environment);
    let names: Vec<_> = environment.split('\0').filter_map(|line| Some(line.split_once('=')?.0)).collect();
    assert_eq!(names, ["MALLOC_ARENA_MAX", "MIMALLOC_ARENA_RESERVE"]);
    for _ in 0..100 {
        if children("endless-two.pdf").is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the child outlived the one who asked");
}

#[tokio::test]
async fn a_stream_that_inflates_without_end_meets_the_memory_limit() {
    let limits = Limits { memory_bytes: 512 << 20, ..Limits::default() };
    let bytes = std::fs::read(fixture("inflating.pdf")).unwrap();
    assert!(bytes.len() < 4_000);
    assert_eq!(read_bytes(&bytes, "a.pdf", limits).await.unwrap_err().code(), "extraction-memory");
}

#[tokio::test]
async fn too_large_a_file_is_refused_unread() {
    let two_gigabytes = 2 << 30;
    let sparse = tempfile::tempfile().unwrap();
    sparse.set_len(two_gigabytes).unwrap();
    let refused = extractor(Limits::default()).extract(sparse, two_gigabytes, "phim.pdf").await.unwrap_err();
    assert_eq!(refused.code(), "file-too-large");
    assert!(refused.message_vi().contains("2048 MB"), "{}", refused.message_vi());
    // A size that was told wrong is found out by the child.
    let limits = Limits { input_bytes: 1000, ..Limits::default() };
    let file = File::open(fixture("article.docx")).unwrap();
    assert_eq!(extractor(limits).extract(file, 10, "a.docx").await.unwrap_err().code(), "file-too-large");
}

#[tokio::test]
async fn more_text_than_is_kept_is_refused() {
    let limits = Limits { output_bytes: 50_000, ..Limits::default() };
    let long = "Một câu văn dài vừa phải. ".repeat(10_000);
    assert_eq!(read_bytes(long.as_bytes(), "a.txt", limits).await.unwrap_err().code(), "text-too-long");
}

#[tokio::test]
async fn a_program_that_does_not_start_is_no_fault_of_the_file() {
    let broken = hoclieu::extract::Extractor::with_program("/nonexistent", Limits::default());
    let file = File::open(fixture("article.docx")).unwrap();
    let error = broken.extract(file, 10, "a.docx").await.unwrap_err();
    assert_eq!(error.code(), "extraction-unavailable");
    assert!(error.is_transient());
}

#[tokio::test]
async fn the_machine_says_how_children_are_confined() {
    let confinement = extractor(Limits::default()).confinement().await.unwrap();
    assert!(confinement.limits);
    println!("confinement on this machine: {confinement:?}");
}
