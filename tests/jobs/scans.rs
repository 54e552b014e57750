//! Scans: read page by page, found at once, put right by people, given up in plain words.

use super::PATIENCE;
use crate::support::library::small_bounds;
use crate::support::paper::{self, Sheet, jpeg, print};
use crate::support::program::PROGRAM;
use crate::support::recogniser::program;
use hoclieu::actions::context::{Bounds, Context, Extras, Tools};
use hoclieu::actions::extraction::ocr::{self, Step};
use hoclieu::actions::extraction::pages::{self, Correction};
use hoclieu::actions::import::{ImportOptions, import};
use hoclieu::actions::progress::Silent;
use hoclieu::actions::search::{SearchRequest, search};
use hoclieu::actions::{ActionError, doctor, export, extraction, indexing, jobs, materials, proposals};
use hoclieu::blobs::Blobs;
use hoclieu::clock::Clock;
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::{JobId, MaterialId};
use hoclieu::domain::job::{Job, Lane, MAX_ATTEMPTS};
use hoclieu::domain::language::Language;
use hoclieu::domain::material::{Extraction, Version};
use hoclieu::domain::page::{Origin, Page, Scan};
use hoclieu::extract::{Extractor, Limits};
use hoclieu::jobs::run_jobs;
use hoclieu::search::SearchIndex;
use hoclieu::store::{self, Stamp, Store};
use image::{GrayImage, Luma};
use std::path::Path;
use std::time::Instant;
use tempfile::TempDir;
use tokio::sync::watch;

/// A library whose parts outlive the contexts that use them.
struct Library {
    folder: TempDir,
    store: Store,
    blobs: Blobs,
    search: SearchIndex,
    clock: Clock,
}

impl Library {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            store: Store::in_memory().unwrap(),
            blobs: Blobs::open(&folder.path().join("blobs")).unwrap(),
            search: SearchIndex::in_memory(32 << 20).unwrap(),
            clock: Clock::fixed(Clock::system().now()),
            folder,
        }
    }

    /// The library as a program opens it that recognises with `recogniser`.
    fn open_with(&self, recogniser: &str) -> Context {
        let tools = Tools {
            store: self.store.clone(),
            blobs: self.blobs.clone(),
            search: self.search.clone(),
            extractor: Extractor::with_program(PROGRAM, Limits::default()).with_recogniser(recogniser),
            clock: self.clock.clone(),
            extras: Extras::default(),
        };
        let bounds = Bounds { search_budget: PATIENCE, file_bytes: 50 << 20, ..small_bounds() };
        Context::new(tools, bounds).unwrap()
    }

    fn open(&self) -> Context {
        self.open_with("tesseract")
    }

    /// Imports a PDF of scanned pages and reads it as far as no recognition is needed.
    async fn import(&self, bytes: &[u8], draft: bool) -> MaterialId {
        let documents = self.folder.path().join("tai-lieu");
        std::fs::create_dir_all(&documents).unwrap();
        std::fs::write(documents.join("quet.pdf"), bytes).unwrap();
        self.import_folder(&documents, draft).await
    }

    async fn import_folder(&self, documents: &Path, draft: bool) -> MaterialId {
        let context = self.open();
        let (stop, stopped) = watch::channel(false);
        let jobs = tokio::spawn(run_jobs(context.clone(), Lane::Files, 1, stopped.clone()));
        let index = tokio::spawn(hoclieu::jobs::follow_log(context.clone(), stopped));
        let documents = documents.to_owned();
        let options = ImportOptions { draft, ..ImportOptions::default() };
        let summary = tokio::task::spawn_blocking(move || import(&context, &documents, &options, &Silent)).await;
        let summary = summary.unwrap().unwrap();
        assert_eq!((summary.created, summary.problems.len()), (1, 0), "{summary:?}");
        stop.send_replace(true);
        jobs.await.unwrap();
        index.await.unwrap();
        let first = |tx: &dyn store::ReadTx| Ok::<_, ActionError>(store::materials::list(tx, None, 1)?[0].id);
        self.store.read_blocking("test", first).unwrap()
    }

    fn version(&self, id: MaterialId) -> Version {
        let get = move |tx: &dyn store::ReadTx| Ok::<_, ActionError>(store::versions::get(tx, id, 1)?);
        self.store.read_blocking("test", get).unwrap().unwrap()
    }

    fn revision(&self) -> u64 {
        self.store.read_blocking("test", |tx| Ok::<_, ActionError>(store::log::latest(tx)?)).unwrap()
    }

    /// Titles of what a query finds, the index being up to date.
    async fn found(&self, query: &str) -> usize {
        let context = self.open();
        let follow = context.clone();
        tokio::task::spawn_blocking(move || while indexing::follow(&follow).unwrap() {}).await.unwrap();
        search(&context, SearchRequest { query: query.to_owned(), limit: 5, ..SearchRequest::default() })
            .await
            .unwrap()
            .items
            .len()
    }
}

/// Does steps until nothing waits.
async fn finish(context: &Context, id: MaterialId) -> usize {
    for count in 1..50 {
        if ocr::step(context, id, 1).await.unwrap() == Step::Done {
            return count;
        }
    }
    panic!("it never ends");
}

async fn page(context: &Context, id: MaterialId, number: u32) -> Page {
    materials::page(context, id, number).await.unwrap()
}

fn blank() -> GrayImage {
    GrayImage::from_pixel(800, 1_130, Luma([250]))
}

/// Three pages: of ném, blank, of bees.
async fn three_pages() -> Vec<u8> {
    let first =
        print("<h1>Trồng ném</h1><p>Ném ưa đất cát pha, thoát nước tốt, không chịu được úng lâu ngày.</p>").await;
    let third =
        print("<h1>Nuôi ong</h1><p>Đặt thùng ong nơi khô ráo, quay về hướng đông nam, tránh gió Lào.</p>").await;
    paper::scan(&[(first, 70), (blank(), 70), (third, 70)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_is_read_page_by_page_found_at_once_and_gone_on_with_after_a_break() {
    let library = Library::new();
    let id = library.import(&three_pages().await, false).await;
    assert_eq!(library.version(id).extraction, Extraction::NeedsOcr);
    let context = library.open();
    let [job] = jobs::due(&context, Lane::Ocr, 9).await.unwrap().try_into().unwrap();
    assert!(jobs::due(&context, Lane::Files, 9).await.unwrap().is_empty(), "other files do not wait behind it");
    assert_eq!(page(&context, id, 1).await.scan, Some(Scan::Waiting));
    assert_eq!(library.found("đất cát pha").await, 0);

    assert_eq!(ocr::step(&context, id, 1).await.unwrap(), Step::More);
    assert_eq!(library.version(id).extraction, Extraction::OcrUnderWay { done: 1, of: 3 });
    let first = page(&context, id, 1).await;
    assert_eq!((first.origin, first.scan.clone()), (Origin::Ocr, Some(Scan::Read)));
    assert!(first.confidence.unwrap() > 0.85 && first.text().contains("thoát nước tốt"), "{first:?}");
    assert_eq!(library.found("đất cát pha").await, 1, "what is read is found while the rest waits");
    assert_eq!(library.found("thùng ong").await, 0);

    // Another process goes on where this one was.
    drop(context);
    let context = library.open();
    assert_eq!(finish(&context, id).await, 2);
    let version = library.version(id);
    assert_eq!((version.extraction, version.page_count), (Extraction::Done, 3));
    assert_eq!(version.description.languages[0].as_str(), "vi");
    assert_eq!(page(&context, id, 1).await, first, "what was read is not read again");
    assert_eq!(page(&context, id, 2).await.blocks, []);
    assert_eq!(page(&context, id, 3).await.heading.as_deref(), Some("Nuôi ong"));
    assert_eq!(library.found("thùng ong").await, 1);
    assert_eq!(version.word_count, 2 + 14 + 2 + 14, "words are counted once");

    let before = library.revision();
    assert_eq!(ocr::step(&context, id, 1).await.unwrap(), Step::Done);
    assert_eq!(library.revision(), before, "done twice, it does nothing the second time");
    jobs::settle(&context, job, Ok(())).await.unwrap();
    assert!(jobs::due(&context, Lane::Ocr, 9).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_scan_says_of_itself_is_proposed_once_it_is_read_and_what_was_typed_stays() {
    let library = Library::new();
    let id = library.import(&three_pages().await, true).await;
    let context = library.open();
    let proposed = || proposals::of(&context, &Actor::System, id);
    assert_eq!(proposed().await.unwrap().summary, None, "nothing is read yet");
    finish(&context, id).await;
    let found = proposed().await.unwrap();
    assert!(found.summary.unwrap().contains("thoát nước tốt"));
    assert_eq!(found.languages, [Language::parse("vi").unwrap()]);
    assert!(library.version(id).description.summary.is_empty(), "a guess is not a description");
    let mut typed = library.version(id);
    typed.description.summary = "Của tôi.".to_owned();
    let put = move |tx: &mut store::WriteTx<'_>| Ok::<_, ActionError>(store::versions::put(tx, &typed)?);
    library.store.write("test", Stamp { at: library.clock.now(), actor: "system".to_owned() }, put).await.unwrap();
    assert_eq!(ocr::step(&context, id, 1).await.unwrap(), Step::Done, "done twice is done once");
    let left = proposed().await.unwrap();
    assert_eq!((left.summary, left.languages.len()), (None, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_stops_finishes_the_page_in_hand_and_leaves_the_rest_promised() {
    let library = Library::new();
    let id = library.import(&three_pages().await, false).await;
    let context = library.open();
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn(run_jobs(context.clone(), Lane::Ocr, 1, stopped));
    let begun = Instant::now();
    while library.version(id).extraction == Extraction::NeedsOcr {
        assert!(begun.elapsed() < PATIENCE, "nothing was begun");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stop.send_replace(true);
    jobs.await.unwrap();
    let Extraction::OcrUnderWay { done, of: 3 } = library.version(id).extraction else {
        panic!("{:?}", library.version(id).extraction)
    };
    assert!(done >= 1, "the page in hand was finished");
    let [job] = jobs::due(&context, Lane::Ocr, 9).await.unwrap().try_into().unwrap();
    assert_eq!(job.attempts, 0);
    // A new start ends it by itself.
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn(run_jobs(context.clone(), Lane::Ocr, 1, stopped));
    while library.version(id).extraction != Extraction::Done {
        assert!(begun.elapsed() < PATIENCE, "{:?}", library.version(id).extraction);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stop.send_replace(true);
    jobs.await.unwrap();
    assert!(jobs::due(&context, Lane::Ocr, 9).await.unwrap().is_empty());
}

/// Types the text of a page anew, as it is shown at this moment.
async fn put_right(context: &Context, id: MaterialId, number: u32, text: &str) -> Result<(), ActionError> {
    let shown = pages::show(context, &Actor::System, id, number).await?;
    let told = Correction { version: shown.version, seen: shown.seen, text: text.to_owned() };
    pages::correct(context, &Actor::System, id, number, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_put_a_page_right_at_once_the_second_is_told() {
    let library = Library::new();
    let id = library.import(&paper::scan(&[(blank(), 50)]), false).await;
    let context = library.open();
    let shown = pages::show(&context, &Actor::System, id, 1).await.unwrap();
    let told = |text: &str| Correction { version: shown.version, seen: shown.seen.clone(), text: text.to_owned() };
    pages::correct(&context, &Actor::System, id, 1, told("Của người thứ nhất")).await.unwrap();
    let refused = pages::correct(&context, &Actor::System, id, 1, told("Của người thứ hai")).await.unwrap_err();
    assert!(matches!(refused, ActionError::Invalid { code: "page-changed", .. }), "{refused}");
    assert_eq!(page(&context, id, 1).await.text(), "Của người thứ nhất");
    let visitor = pages::show(&context, &Actor::Visitor, id, 1).await.unwrap_err();
    assert!(matches!(visitor, ActionError::Forbidden), "{visitor}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_put_right_stays_when_the_file_is_read_again_and_travels() {
    let library = Library::new();
    let id = library.import(&three_pages().await, false).await;
    let context = library.open();
    // One page while it waits, one after it was read.
    put_right(&context, id, 3, "Nuôi ong lấy mật\n\nThùng ong đặt nơi khô ráo.").await.unwrap();
    assert_eq!(finish(&context, id).await, 2);
    put_right(
        &context,
        id,
        1,
        "Trồng ném\n\nNém ưa đất cát pha ở Gio Linh.\n\n| Vụ | Sào |\n| --- | --- |\n| xuân | 2 |",
    )
    .await
    .unwrap();
    let right = page(&context, id, 1).await;
    assert_eq!((right.origin, right.confidence, right.scan.clone()), (Origin::Corrected, None, Some(Scan::Read)));
    assert_eq!(library.found("Gio Linh").await, 1);

    extraction::again(&context, id, 1).await.unwrap();
    assert_eq!(library.version(id).extraction, Extraction::Pending);
    extraction::extract(&context, id, 1).await.unwrap();
    assert_eq!(library.version(id).extraction, Extraction::NeedsOcr);
    assert_eq!(page(&context, id, 1).await, right);
    finish(&context, id).await;
    assert_eq!(page(&context, id, 1).await, right);
    assert_eq!(page(&context, id, 3).await.text(), "Nuôi ong lấy mật\nThùng ong đặt nơi khô ráo.");
    assert_eq!(library.version(id).extraction, Extraction::Done);

    let out = library.folder.path().join("ra");
    let (exporting, to) = (context.clone(), out.clone());
    tokio::task::spawn_blocking(move || export::export(&exporting, &to, &Silent)).await.unwrap().unwrap();
    let other = Library::new();
    let copy = other.import_folder(&out, false).await;
    let there = other.open();
    let page_there = page(&there, copy, 1).await;
    assert_eq!((page_there.origin, page_there.blocks), (Origin::Corrected, right.blocks));
    assert_eq!(page(&there, copy, 2).await.scan, Some(Scan::Waiting));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corrections_are_checked() {
    let library = Library::new();
    let id = library.import(&paper::scan(&[(blank(), 50)]), false).await;
    let context = library.open();
    let long = "dài ".repeat(pages::MAX_PAGE_CHARS / 4 + 1);
    let refused = put_right(&context, id, 1, &long).await.unwrap_err();
    assert!(matches!(refused, ActionError::Invalid { code: "page-text-too-long", .. }), "{refused}");
    for (material, number) in [(id, 2), (MaterialId(uuid::Uuid::nil()), 1)] {
        let missing = put_right(&context, material, number, "Chữ").await.unwrap_err();
        assert!(matches!(missing, ActionError::NotFound { .. }), "{missing}");
    }
    // The last waiting page was typed by hand: nothing is left to recognise.
    put_right(&context, id, 1, "Gõ bằng tay").await.unwrap();
    assert_eq!(library.version(id).extraction, Extraction::Done);
    assert_eq!(ocr::step(&context, id, 1).await.unwrap(), Step::Done);
    assert_eq!(page(&context, id, 1).await.text(), "Gõ bằng tay");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_program_scans_wait_and_the_doctor_says_what_to_install() {
    let library = Library::new();
    let id = library.import(&paper::scan(&[(blank(), 50)]), false).await;
    let context = library.open_with("/nonexistent/tesseract");
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn(run_jobs(context.clone(), Lane::Ocr, 1, stopped));
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    stop.send_replace(true);
    jobs.await.unwrap();
    let [job] = jobs::due(&context, Lane::Ocr, 9).await.unwrap().try_into().unwrap();
    assert_eq!((job.attempts, library.version(id).extraction), (0, Extraction::NeedsOcr));
    let findings = tokio::task::spawn_blocking(move || doctor::examine(&context, &Silent)).await.unwrap().unwrap();
    let told = findings.iter().find(|finding| finding.text.contains("apt-get install")).expect("what to install");
    assert!(told.good, "nothing is broken");
    assert!(told.text.contains("tesseract-ocr tesseract-ocr-vie") && told.text.contains('1'), "{}", told.text);
    let context = library.open();
    let findings = tokio::task::spawn_blocking(move || doctor::examine(&context, &Silent)).await.unwrap().unwrap();
    assert!(findings.iter().any(|finding| finding.text.contains("vie")), "{findings:?}");
    assert!(findings.iter().all(|finding| !finding.text.contains("apt-get")), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_never_works_is_given_up_in_plain_words_and_taken_up_again() {
    let library = Library::new();
    let id = library.import(&paper::scan(&[(print("<p>Một trang có chữ.</p>").await, 70)]), false).await;
    let broken = program(library.folder.path(), "if [ \"$1\" = --list-langs ]; then echo vie; else exit 127; fi");
    let context = library.open_with(&broken);
    for _ in 0..MAX_ATTEMPTS {
        let [job] = jobs::due(&context, Lane::Ocr, 9).await.unwrap().try_into().unwrap();
        let error = ocr::step(&context, id, 1).await.unwrap_err();
        jobs::settle(&context, job, Err(error.to_string())).await.unwrap();
        assert!(jobs::due(&context, Lane::Ocr, 9).await.unwrap().is_empty(), "it is not tried again at once");
        library.clock.set(library.clock.now() + chrono::TimeDelta::hours(1));
    }
    let Extraction::OcrFailed { code, message } = library.version(id).extraction else {
        panic!("{:?}", library.version(id).extraction)
    };
    assert_eq!(code, "ocr-parked");
    assert!(message.ends_with("người quản trị cần kiểm tra."), "{message}");
    // The operator has mended the machine and starts the program again.
    let mended = library.open();
    assert_eq!(jobs::take_up_parked(&mended).await.unwrap(), 1);
    assert_eq!(finish(&mended, id).await, 1);
    assert_eq!(library.version(id).extraction, Extraction::Done);
    assert!(page(&mended, id, 1).await.text().contains("Một trang có chữ"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_page_costs_its_neighbours_nothing() {
    let good = jpeg(&print("<p>Trang này đọc được.</p>").await, 70);
    let sheet = |jpeg: &[u8]| Sheet { width: 1654, height: 2340, jpeg: jpeg.to_vec() };
    let library = Library::new();
    let id = library.import(&paper::pdf(&[sheet(&good[..40]), sheet(&good)]), false).await;
    let context = library.open();
    finish(&context, id).await;
    assert_eq!(library.version(id).extraction, Extraction::Done);
    let Some(Scan::Failed { code, message }) = page(&context, id, 1).await.scan else { panic!("page 1 was read") };
    assert!(code == "file-damaged" && message.contains("hỏng"), "{code}: {message}");
    assert!(page(&context, id, 2).await.text().contains("đọc được"));
    let alone = Library::new();
    let id = alone.import(&paper::pdf(&[sheet(&good[..40])]), false).await;
    finish(&alone.open(), id).await;
    let Extraction::OcrFailed { code, .. } = alone.version(id).extraction else { panic!() };
    assert_eq!(code, "file-damaged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_pages_are_drawn_once_and_for_published_versions_only() {
    let library = Library::new();
    let id = library.import(&three_pages().await, false).await;
    let context = library.open();
    let (one, two) = tokio::join!(pages::image(&context, id, 1), pages::image(&context, id, 1));
    assert_eq!(one.unwrap().blob, two.unwrap().blob);
    let before = library.blobs.list().unwrap().len();
    let again = pages::image(&context, id, 1).await.unwrap();
    assert_eq!(library.blobs.list().unwrap().len(), before);
    assert!(again.size_bytes < 1 << 20);
    let draft = Library::new();
    let hidden = draft.import(&paper::scan(&[(blank(), 50)]), true).await;
    assert!(matches!(pages::image(&draft.open(), hidden, 1).await, Err(ActionError::NotFound { .. })));
    // A page that cannot be drawn is tried once.
    let damaged = Library::new();
    let id = damaged.import(&paper::pdf(&[Sheet { width: 9, height: 9, jpeg: vec![0xff, 0xd8, 0xff] }]), false).await;
    let context = damaged.open();
    for _ in 0..2 {
        assert!(matches!(pages::image(&context, id, 1).await, Err(ActionError::NotFound { .. })));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_language_that_is_not_installed_is_named_and_others_have_their_turn() {
    let library = Library::new();
    let documents = library.folder.path().join("lao");
    std::fs::create_dir(&documents).unwrap();
    std::fs::write(documents.join("quet.pdf"), paper::scan(&[(blank(), 50)])).unwrap();
    let line = "{\"id\":\"1\",\"title\":\"ປຶ້ມ\",\"languages\":[\"lo\"],\"file\":\"quet.pdf\"}\n";
    std::fs::write(documents.join("materials.jsonl"), line).unwrap();
    let id = library.import_folder(&documents, false).await;
    let only_vietnamese = program(library.folder.path(), "echo vie");
    let context = library.open_with(&only_vietnamese);
    assert_eq!(ocr::step(&context, id, 1).await.unwrap(), Step::Lacks(vec!["tesseract-ocr-lao".to_owned()]));
    assert_eq!(library.version(id).extraction, Extraction::NeedsOcr);
    let findings = tokio::task::spawn_blocking(move || doctor::examine(&context, &Silent)).await.unwrap().unwrap();
    assert!(findings.iter().any(|finding| finding.text.ends_with("apt-get install tesseract-ocr-lao")), "{findings:?}");
    // Put off, it waits behind those that come meanwhile, and no attempt is counted.
    let context = library.open();
    let [job] = jobs::due(&context, Lane::Ocr, 9).await.unwrap().try_into().unwrap();
    let first = job.id;
    library.clock.set(library.clock.now() + chrono::TimeDelta::seconds(1));
    let (one, another) = (job.clone(), Job::new(JobId(library.clock.fresh_id()), job.work.clone(), job.run_at));
    let promise = move |tx: &mut store::WriteTx<'_>| Ok::<_, ActionError>(store::jobs::promise(tx, &another)?);
    let stamp = Stamp { at: library.clock.now(), actor: "test".to_owned() };
    library.store.write_blocking("test", stamp, promise).unwrap();
    jobs::put_off(&context, one, chrono::TimeDelta::zero()).await.unwrap();
    let due = jobs::due(&context, Lane::Ocr, 9).await.unwrap();
    assert_eq!((due.len(), due[1].id, due[1].attempts), (2, first, 0));
}
