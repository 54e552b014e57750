//! Writes a report on the use of the library as tables for the terminal.

use crate::actions::progress::Progress;
use crate::actions::usage::{QueryLine, Report};
use crate::domain::day::date_vi;

/// The widest first column, in characters.
const WIDEST: usize = 60;

/// Tells a report line by line.
pub(super) fn tell(report: &Report, progress: &dyn Progress) {
    let (period, all) = (report.period, report.all);
    progress.say(&format!("Từ {} đến {}", date_vi(period.from), date_vi(period.to)));
    progress.say(&format!(
        "{} lượt tìm, {} không thấy gì; {} lượt mở tài liệu, {} lượt tải tệp.",
        all.searches, all.in_vain, all.views, all.downloads
    ));
    queries("Tìm mà không thấy", &report.in_vain, progress);
    queries("Tìm nhiều nhất", &report.asked, progress);
    if report.rare > 0 {
        progress.say(&format!("… và {} lượt với những câu ít người tìm, không nêu ra.", report.rare));
    }
    let lines = report.materials.iter();
    let rows = lines.map(|line| (line.material.name.as_str(), vec![line.count.views, line.count.downloads]));
    table(["Tài liệu dùng nhiều nhất", "mở", "tải"], rows.collect(), progress);
}

fn queries(name: &str, lines: &[QueryLine], progress: &dyn Progress) {
    let days = |line: &QueryLine| u64::try_from(line.days).unwrap_or(u64::MAX);
    let rows = lines.iter().map(|line| (line.text.as_str(), vec![line.searches, line.in_vain, days(line)]));
    table([name, "lượt tìm", "không thấy", "số ngày"], rows.collect(), progress);
}

/// Says rows with their first column to the left and numbers to the right; nothing where there are no rows.
fn table<const N: usize>(heads: [&str; N], rows: Vec<(&str, Vec<u64>)>, progress: &dyn Progress) {
    let Some((first, numbers)) = heads.split_first().filter(|_| !rows.is_empty()) else { return };
    let texts: Vec<String> = rows.iter().map(|(text, _)| cut(text)).collect();
    let lengths = texts.iter().map(|text| text.chars().count()).chain([first.chars().count()]);
    let width = lengths.max().unwrap_or_default();
    progress.say("");
    let mut line = format!("{first:width$}");
    for name in numbers {
        line.push_str(&format!("{name:>12}"));
    }
    progress.say(&line);
    for (text, (_, counts)) in texts.iter().zip(&rows) {
        let mut line = format!("{text:width$}");
        for count in counts {
            line.push_str(&format!("{count:>12}"));
        }
        progress.say(&line);
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    text.chars().take(WIDEST - 1).chain(['…']).collect()
}
