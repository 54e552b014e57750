//! Importing, exporting and examining from the command line.

use crate::support::program::run;
use serde_json::json;
use std::fs;
use std::io::Write as _;
use std::path::Path;

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn importing_the_same_lines_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let lines = write(
        folder.path(),
        "a.jsonl",
        "{\"id\":\"1\",\"title\":\"Trồng lúa\",\"text\":\"Lúa bị đạo ôn.\"}\n{\"id\":\"2\",\"title\":\"Nuôi tôm\",\"pages\":[{\"heading\":\"A\",\"text\":\"Tôm trên cát.\"}],\"url\":\"x\"}\n",
    );
    let first = run(&data, &["import", &lines]);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.out.contains("2 mới, 0 cập nhật, 0 không đổi, 0 lỗi"), "{first:?}");
    assert!(first.out.contains("«url»"), "{first:?}");
    let again = run(&data, &["import", &lines]);
    assert!(again.out.contains("0 mới, 0 cập nhật, 2 không đổi, 0 lỗi"), "{again:?}");
    let changed = lines.replace("a.jsonl", "b.jsonl");
    fs::write(&changed, "{\"id\":\"1\",\"title\":\"Trồng lúa nước\",\"text\":\"Lúa.\"}\n").unwrap();
    let update = run(&data, &["import", &changed]);
    assert!(update.out.contains("0 mới, 1 cập nhật"), "{update:?}");
}

#[test]
fn a_bad_row_is_named_by_file_line_and_column_and_the_rest_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let lines = write(
        folder.path(),
        "a.jsonl",
        "{\"id\":\"1\",\"title\":\"Tốt\",\"text\":\"Chữ\"}\n{not json\n{\"id\":\"3\",\"title\":\"X\",\"text\":\"Y\",\"issued_on\":\"31/02/2026\"}\n{\"id\":\"4\",\"text\":\"thiếu tiêu đề\"}\n{\"id\":\"5\",\"title\":\"Z\",\"file\":\"../../etc/passwd\"}\n",
    );
    let said = run(&data, &["import", &lines]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("1 mới, 0 cập nhật, 0 không đổi, 4 lỗi"), "{said:?}");
    for (line, code) in [(2, "line-not-json"), (3, "date-invalid"), (4, "field-missing"), (5, "file-outside")] {
        assert!(said.out.contains(&format!("a.jsonl, dòng {line}")), "{said:?}");
        assert!(said.out.contains(code), "{code}: {said:?}");
    }
    let report = fs::read_dir(folder.path()).unwrap().map_while(Result::ok);
    let report = report.map(|entry| entry.path()).find(|path| path.to_string_lossy().contains(".loi-")).unwrap();
    assert_eq!(fs::read_to_string(report).unwrap().lines().count(), 5);
}

#[test]
fn fields_of_the_wrong_type_or_value_are_named_by_field_and_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let rows = [
        ("[1, 2]", "line-not-object", ""),
        (r#"{"id":"1","title":{"vi":"X"},"text":"Y"}"#, "field-type", "title"),
        (r#"{"id":"2","title":"X","text":["Y"]}"#, "field-type", "text"),
        (r#"{"id":"3","title":"X","pages":"Y"}"#, "field-type", "pages"),
        (r#"{"id":"4","title":"X","pages":[{"heading":"Y"}]}"#, "field-missing", "pages"),
        (r#"{"id":"5","title":"X","text":"Y","topics":7}"#, "field-type", "topics"),
        (r#"{"id":"6","title":"X","text":"Y","topics":["khong.co"]}"#, "topic-unknown", "topics"),
        (r#"{"id":"7","title":"X","text":"Y","organisation":"so-la"}"#, "organisation-unknown", "organisation"),
        (r#"{"id":"8","title":"X","text":"Y","kind":"phim bộ"}"#, "value-unknown", "kind"),
        (r#"{"id":"9","title":"X","text":"Y","languages":["tiếng lạ"]}"#, "language-unknown", "languages"),
        (r#"{"id":"10","title":"X","text":"Y","material_id":"12"}"#, "value-unknown", "material_id"),
        (r#"{"id":"11","title":"X"}"#, "content-missing", ""),
        (r#"{"id":"12","title":"X","file":"khong-co.pdf"}"#, "file-missing", "file"),
    ];
    let long = format!(r#"{{"id":"13","title":"{}","text":"Y"}}"#, "dài ".repeat(300));
    let mut text: String = rows.iter().flat_map(|(row, ..)| [*row, "\n"]).collect();
    text.push_str(&long);
    let lines = write(folder.path(), "a.jsonl", text);
    let said = run(&data, &["import", &lines]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("0 mới, 0 cập nhật, 0 không đổi, 14 lỗi"), "{said:?}");
    for (number, (row, code, field)) in (1..).zip(rows) {
        let told = said.out.lines().find(|line| line.contains(&format!("a.jsonl, dòng {number}"))).unwrap();
        let next = told.contains(&format!("[{code}]")) && told.contains(field);
        assert!(next, "{row}: {told}");
    }
    assert!(said.out.contains("dòng 14, cột title") && said.out.contains("field-too-long"), "{said:?}");
    let health = run(&data, &["doctor"]);
    assert!(health.out.contains("0 học liệu"), "{health:?}");
}

#[test]
fn names_of_files_lose_paths_and_direction_marks_before_anyone_sees_them() {
    let folder = tempfile::tempdir().unwrap();
    let (data, documents) = (folder.path().join("data"), folder.path().join("tai-lieu"));
    fs::create_dir(&documents).unwrap();
    write(&documents, "gi\u{e1}\u{202e}txt.exe.md", "# Giá giống\n\nBảng giá giống lúa vụ đông xuân.");
    write(&documents, "a\nb\u{7}.md", "# Xuống dòng\n\nTên tệp có dấu xuống dòng.");
    assert_eq!(run(&data, &["import", &documents.to_string_lossy()]).code, Some(0));
    let out = folder.path().join("ra");
    assert_eq!(run(&data, &["export", &out.to_string_lossy()]).code, Some(0));
    let mut names: Vec<String> =
        walk(&out).iter().map(|path| path.file_name().unwrap().to_string_lossy().into()).collect();
    names.retain(|name| name != "materials.jsonl");
    assert_eq!(names.len(), 2, "{names:?}");
    let is_hidden = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(names.iter().all(|name| !name.contains(is_hidden)), "{names:?}");
}

#[test]
fn hostile_and_unsupported_files_of_a_folder_cost_one_line_each_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (data, documents) = (folder.path().join("data"), folder.path().join("tai-lieu"));
    fs::create_dir(&documents).unwrap();
    write(&documents, "tot.md", "# Trồng ném\n\nNém trên đất cát, thoát nước tốt, bón phân hoai mục.");
    write(&documents, "rong.txt", "");
    write(&documents, "gia.pdf", b"MZ\x90\x00 this is a program");
    write(&documents, "cut.pdf", b"%PDF-1.7\n1 0 obj << /Type /Catalog");
    write(&documents, "bom.zip", b"PK\x03\x04zzzz");
    write(&documents, "no.docx", bomb());
    write(&documents, "trieu-trang.pdf", many_pages(10_000));
    write(&documents, "metadata.csv", "\u{feff}tệp;tiêu đề;chủ đề\ntot.md;Kỹ thuật trồng ném;\nkhong-co.pdf;X;\n");
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("1 mới, 0 cập nhật, 0 không đổi, 7 lỗi"), "{said:?}");
    for code in
        ["file-empty", "file-unsupported", "file-damaged", "file-missing", "file-inflates", "file-too-many-pages"]
    {
        assert!(said.out.contains(code), "{code}: {said:?}");
    }
    let health = run(&data, &["doctor"]);
    assert!(health.out.contains("1 học liệu") && !health.out.contains("không còn được dùng"), "{health:?}");
}

/// A packed file of half a megabyte that unpacks to 450 MB.
fn bomb() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("[Content_Types].xml", options).unwrap();
    writer.write_all(b"<Types/>").unwrap();
    writer.start_file("word/document.xml", options).unwrap();
    let part = vec![b' '; 1 << 20];
    (0..450).for_each(|_| writer.write_all(&part).unwrap());
    writer.finish().unwrap().into_inner()
}

/// A PDF of so many real pages, each a few bytes.
fn many_pages(count: usize) -> String {
    let kids: Vec<String> = (3..count + 3).map(|number| format!("{number} 0 R")).collect();
    let pages = (3..count + 3).map(|number| format!("{number} 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"));
    format!(
        "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
         2 0 obj<</Type/Pages/MediaBox[0 0 9 9]/Kids[{}]/Count {count}>>endobj\n\
         {}trailer<</Root 1 0 R>>\n%%EOF\n",
        kids.join(" "),
        pages.collect::<Vec<_>>().concat()
    )
}

#[test]
fn documents_in_old_encodings_are_imported_as_unicode_and_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let (data, documents, out) = (folder.path().join("data"), folder.path().join("tai-lieu"), folder.path().join("ra"));
    fs::create_dir(&documents).unwrap();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/files/old");
    for name in ["tcvn3.docx", "tcvn3.doc", "vni.txt"] {
        fs::copy(old.join(name), documents.join(name)).unwrap();
    }
    write(&documents, "ngan.txt", "Phßng trõ s©u bÖnh");
    write(&documents, "tot.md", "# Trồng ném\n\nNém trên đất cát, thoát nước tốt, bón phân hoai mục.");
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("Đã đổi từ bảng mã TCVN3 (ABC) sang Unicode: 3 tài liệu."), "{said:?}");
    assert!(said.out.contains("Đã đổi từ bảng mã VNI sang Unicode: 1 tài liệu."), "{said:?}");
    let doubts: Vec<&str> = said.out.lines().filter(|line| line.starts_with('?')).collect();
    assert!(matches!(doubts[..], [doubt] if doubt.contains("ngan.txt") && doubt.contains("hãy đọc lại")), "{doubts:?}");
    let lines = write(
        folder.path(),
        "a.jsonl",
        "{\"id\":\"1\",\"title\":\"Lúa\",\"pages\":[{\"heading\":\"Lµm ®Êt\",\"text\":\"Ruéng ph¶i cµy s©u, ph¬i ¶i cho ®Êt t¬i xèp råi míi bõa kü.\"}]}\n",
    );
    let said = run(&data, &["import", &lines]);
    assert!(said.out.contains("TCVN3 (ABC) sang Unicode: 1 tài liệu"), "{said:?}");
    assert_eq!(run(&data, &["export", &out.to_string_lossy()]).code, Some(0));
    let exported = fs::read_to_string(out.join("materials.jsonl")).unwrap();
    assert!(exported.contains("Ruộng phải cày sâu, phơi ải cho đất tơi xốp rồi mới bừa kỹ."), "{exported}");
    assert!(exported.contains("\"Làm đất\""), "{exported}");
}

#[test]
fn a_file_of_two_gigabytes_in_a_folder_costs_one_line_and_the_rest_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let (data, documents) = (folder.path().join("data"), folder.path().join("tai-lieu"));
    fs::create_dir(&documents).unwrap();
    write(&documents, "tot.md", "# Trồng ném\n\nNém trên đất cát, thoát nước tốt, bón phân hoai mục.");
    // A file with a hole: it has the size without taking the room.
    fs::File::create(documents.join("phim.pdf")).unwrap().set_len(2 << 30).unwrap();
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("1 mới") && said.out.contains("file-too-large"), "{said:?}");
    assert!(said.out.contains("phim.pdf") && said.out.contains("200 MB"), "{said:?}");
    let kept: u64 = walk(&data.join("blobs")).iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    assert!(kept < 100_000, "{kept} bytes are kept");
}

/// Every file below a folder.
fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_row_names_no_file_outside_its_folder_by_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (data, secret) = (folder.path().join("data"), folder.path().join("bi-mat"));
    fs::create_dir(&secret).unwrap();
    write(&secret, "khoa.txt", "mật khẩu zyxwvu");
    let rows = folder.path().join("nhap");
    fs::create_dir(&rows).unwrap();
    std::os::unix::fs::symlink(secret.join("khoa.txt"), rows.join("lien-ket.txt")).unwrap();
    std::os::unix::fs::symlink(&secret, rows.join("thu-muc")).unwrap();
    let lines = write(
        &rows,
        "a.jsonl",
        "{\"id\":\"1\",\"title\":\"Một\",\"file\":\"lien-ket.txt\"}\n{\"id\":\"2\",\"title\":\"Hai\",\"file\":\"thu-muc/khoa.txt\"}\n",
    );
    let said = run(&data, &["import", &lines]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("0 mới") && said.out.matches("là liên kết").count() == 2, "{said:?}");
}

#[test]
fn what_is_newer_than_the_public_version_leaves_and_comes_back_as_a_draft() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out, copy) = (folder.path().join("data"), folder.path().join("ra"), folder.path().join("moi"));
    let lines = write(folder.path(), "a.jsonl", "{\"id\":\"1\",\"title\":\"Cũ\",\"text\":\"Trồng lúa.\"}\n");
    assert_eq!(run(&data, &["import", &lines]).code, Some(0));
    let newer = write(folder.path(), "b.jsonl", "{\"id\":\"1\",\"title\":\"Mới\",\"text\":\"Chưa ai được đọc.\"}\n");
    assert_eq!(run(&data, &["import", "--draft", &newer]).code, Some(0));
    assert_eq!(run(&data, &["export", &out.to_string_lossy()]).code, Some(0));
    for _ in 0..2 {
        assert_eq!(run(&copy, &["import", &out.to_string_lossy()]).code, Some(0));
    }
    let again = folder.path().join("ra2");
    assert_eq!(run(&copy, &["export", &again.to_string_lossy()]).code, Some(0));
    let states = |folder: &Path| -> Vec<(String, String)> {
        let text = fs::read_to_string(folder.join("materials.jsonl")).unwrap();
        let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        rows.map(|row| (row["title"].as_str().unwrap().to_owned(), row["state"].as_str().unwrap().to_owned())).collect()
    };
    let wanted = [("Cũ".to_owned(), "published".to_owned()), ("Mới".to_owned(), "draft".to_owned())];
    assert_eq!((states(&out), states(&again)), (wanted.to_vec(), wanted.to_vec()));
}

#[test]
fn export_and_import_round_trip_with_files() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out, copy) = (folder.path().join("data"), folder.path().join("ra"), folder.path().join("moi"));
    let documents = folder.path().join("tai-lieu");
    fs::create_dir(&documents).unwrap();
    write(&documents, "lua.md", "# Trồng lúa\n\nLúa bị đạo ôn thì ngừng bón đạm.");
    let lines = write(
        folder.path(),
        "a.jsonl",
        "{\"id\":\"1\",\"title\":\"Luật\",\"document_number\":\"1373/QĐ-TTg\",\"pages\":[{\"id\":\"d1\",\"heading\":\"Điều 1\",\"text\":\"Một.\\n\\nHai.\"}]}\n",
    );
    assert_eq!(run(&data, &["import", &documents.to_string_lossy()]).code, Some(0));
    assert_eq!(run(&data, &["import", &lines]).code, Some(0));
    assert_eq!(run(&data, &["export", &out.to_string_lossy()]).code, Some(0));
    let refused = run(&data, &["export", &out.to_string_lossy()]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let back = run(&copy, &["import", &out.to_string_lossy()]);
    assert!(back.out.contains("2 mới"), "{back:?}");
    let second = folder.path().join("ra2");
    assert_eq!(run(&copy, &["export", &second.to_string_lossy()]).code, Some(0));
    let read = |folder: &Path| -> Vec<serde_json::Value> {
        let text = fs::read_to_string(folder.join("materials.jsonl")).unwrap();
        let mut rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for row in &mut rows {
            // Files get names of their own in each library.
            row.as_object_mut().unwrap().remove("files");
        }
        rows
    };
    assert_eq!(read(&out), read(&second));
}

#[test]
fn a_folder_whose_table_cannot_be_used_is_refused_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let documents = folder.path().join("tai-lieu");
    fs::create_dir(&documents).unwrap();
    write(&documents, "lua.md", "# Lúa\n\nGiữ nước.");
    let utf_16 = "\u{feff}tệp\ttiêu đề\r\nlua.md\tLúa\r\n".encode_utf16().flat_map(u16::to_le_bytes);
    let cases: [(Vec<u8>, &str); 2] =
        [(utf_16.collect(), "UTF-8"), ("tên;chủ đề\nLúa;agri.rice\n".as_bytes().to_vec(), "cột «tệp»")];
    for (table, told) in cases {
        write(&documents, "metadata.csv", table);
        let said = run(&data, &["import", &documents.to_string_lossy()]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains("metadata.csv") && said.err.contains(told), "{said:?}");
        assert!(said.err.contains("Chưa nhập gì cả"), "{said:?}");
    }
    fs::remove_file(documents.join("metadata.csv")).unwrap();
    assert!(run(&data, &["import", &documents.to_string_lossy()]).out.contains("1 mới"), "nothing had been taken in");
}

#[test]
fn two_folders_of_nobody_do_not_write_over_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let place = |name: &str, text: &str| {
        let documents = folder.path().join(name);
        fs::create_dir_all(&documents).unwrap();
        write(&documents, "bai-1.md", text);
        documents.to_string_lossy().into_owned()
    };
    let (first, second) = (place("mot", "# Lúa\n\nGiữ nước."), place("hai", "# Tôm\n\nThay nước."));
    assert!(run(&data, &["import", &first]).out.contains("1 mới"));
    let said = run(&data, &["import", &second]);
    assert!(said.out.contains("0 mới, 0 cập nhật, 0 không đổi, 1 lỗi"), "{said:?}");
    assert!(said.out.contains("[name-taken]") && said.out.contains("--organisation"), "{said:?}");
    assert!(run(&data, &["import", &first]).out.contains("1 không đổi"), "the first is as it was");
    // The same document may get another description, and whoever says which one is meant may replace it.
    write(Path::new(&first), "metadata.csv", "tệp;tiêu đề\nbai-1.md;Giữ nước cho lúa\n");
    assert!(run(&data, &["import", &first]).out.contains("1 cập nhật, 0 không đổi, 0 lỗi"));
    write(Path::new(&second), "metadata.csv", "tệp;mã\nbai-1.md;bai-1.md\n");
    assert!(run(&data, &["import", &second]).out.contains("1 cập nhật, 0 không đổi, 0 lỗi"));
    let reports =
        fs::read_dir(&second).unwrap().flatten().filter(|one| one.file_name().to_string_lossy().contains(".loi-"));
    assert_eq!(reports.count(), 0, "the report of a run that is put right goes");
}

#[test]
fn states_that_only_people_give_come_in_as_drafts_and_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let row = |id: &str, state: &str| json!({"id": id, "title": "Lúa", "text": "Lúa.", "state": state}).to_string();
    let rows = [row("1", "withdrawn"), row("2", "in_review"), row("3", "withdrawn"), row("4", "draft")].join("\n");
    let lines = write(folder.path(), "a.jsonl", rows);
    let said = run(&data, &["import", &lines]);
    assert!(said.out.contains("4 mới"), "{said:?}");
    assert!(said.out.contains("2 dòng có trạng thái «withdrawn»: nhập thành bản nháp"), "{said:?}");
    assert!(said.out.contains("1 dòng có trạng thái «in_review»") && !said.out.contains("«draft»"), "{said:?}");
}
