//! Measures searching: three-word queries, ten hits with snippets, total and a facet, over passages made from a fixed
//! seed. The answer is checked before it is timed.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use hoclieu_index::{Document, FacetField, Library, Options, Passage, Request};
use std::error::Error;
use std::time::Instant;

const PASSAGES: usize = 100_000;
const QUERIES: usize = 300;
const SYLLABLES: [&str; 40] = [
    "lúa", "nước", "ruộng", "phân", "bón", "thuốc", "bệnh", "cây", "đất", "mưa", "nắng", "gió", "bão", "lũ", "tôm",
    "cá", "lợn", "gà", "bò", "trâu", "luật", "quyền", "đơn", "hồ", "sơ", "lớp", "học", "người", "dân", "xã", "thôn",
    "tỉnh", "năm", "tháng", "ngày", "việc", "làm", "nghề", "máy", "điện",
];

/// A small generator of even numbers below a bound; the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }

    fn words(&mut self, count: usize) -> String {
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            // Squaring makes some syllables common and others rare, as in any language.
            let place = self.below(SYLLABLES.len()) * self.below(SYLLABLES.len()) / SYLLABLES.len();
            let tail = self.below(60);
            words.push(format!("{}{}", SYLLABLES[place], if tail < 12 { String::new() } else { tail.to_string() }));
        }
        words.join(" ")
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let facets = vec![FacetField { name: "topic".to_owned(), hierarchical: true }];
    let library = Library::in_memory(Options { facets, ..Options::default() })?;
    let mut writer = library.writer()?;
    let mut dice = Dice(7);
    let started = Instant::now();
    for number in 0..PASSAGES {
        let text = if number == 5 { "cây hồ tiêu chết nhanh".to_owned() } else { dice.words(60) };
        let passages = vec![Passage { page_id: "1".to_owned(), page: 1, heading: None, text }];
        let facets = [("topic".to_owned(), vec![format!("t.{}", number % 50)])].into();
        writer.put(Document {
            id: number.to_string(),
            title: dice.words(6),
            passages,
            facets,
            ..Document::default()
        })?;
    }
    writer.commit(1)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("indexed {PASSAGES} passages in {seconds:.1} s");
    assert_eq!(library.search(&Request::new("ho tieu chet nhanh"))?.hits[0].id, "5");
    for (name, marked) in [("with marks", true), ("without marks", false)] {
        let mut spent = Vec::with_capacity(QUERIES);
        for _ in 0..QUERIES {
            let typed = dice.words(3);
            let query = if marked { typed } else { hoclieu_index::text::fold::fold(&typed) };
            let request = Request { facets: vec!["topic".to_owned()], ..Request::new(&query) };
            let started = Instant::now();
            library.search(&request)?;
            spent.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        spent.sort_by(f64::total_cmp);
        println!("{name}: p50 {:.2} ms, p99 {:.2} ms", spent[QUERIES / 2], spent[QUERIES * 99 / 100]);
    }
    Ok(())
}
