//! No query makes reading it panic; what it was read as is told only where it is something else, is composed, and is
//! never told of a query that is to be taken as typed. Places of syllables are character boundaries in order.
#![no_main]

use hoclieu_index::text::syllables;
use hoclieu_index::{Document, Library, Options, Request};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let library = Library::in_memory(Options::default()).unwrap();
    let mut writer = library.writer().unwrap();
    for title in ["Trồng lúa bị đạo ôn", "Nuôi tôm trên cát", "Hỗ trợ kỹ thuật cho hộ nghèo"] {
        writer.put(Document { id: title.to_owned(), title: title.to_owned(), ..Document::default() }).unwrap();
    }
    writer.commit(1).unwrap();
    library
});

fuzz_target!(|typed: &str| {
    let mut end = 0;
    for syllable in syllables(typed) {
        assert!(syllable.place.start >= end && typed.get(syllable.place.clone()).is_some());
        end = syllable.place.end;
    }
    let request = Request::new(typed);
    let read = LIBRARY.search(&request).unwrap().read_as;
    let composed = typed.nfc().eq(typed.chars());
    assert!(read.is_none_or(|read| read != typed && (!composed || read.nfc().eq(read.chars()))), "{typed}");
    assert_eq!(LIBRARY.search(&Request { exact: true, ..request }).unwrap().read_as, None);
});
