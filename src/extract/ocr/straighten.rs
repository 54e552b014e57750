//! How much the lines of a scanned page fall or rise: the recognising program reads nothing beyond two degrees.

use super::grey::Grey;

/// Lines that fall by more than this, in thousandths (about eight degrees), are no skew of a scanner.
const STEEPEST: i64 = 140;
/// First every so many thousandths are tried, then each one near the best.
const STEP: i64 = 7;
/// A page is turned when its lines fall by at least so many thousandths: turning blurs a little.
const WORTH_TURNING: i64 = 4;
/// Pages are looked at reduced to about this width.
const WIDTH: usize = 600;
/// Darker than this is ink, on paper made even.
const INK: u8 = 170;

/// By how many thousandths the lines of a page fall to the right; 0 when they are level enough or there are none.
pub(super) fn slope(page: &Grey) -> i64 {
    let small = page.reduced((page.width / WIDTH).max(1));
    let edges = lower_edges(&small);
    let score = |slope: i64| sharpness(&edges, slope, small.height);
    let best_of =
        |candidates: &mut dyn Iterator<Item = i64>| candidates.max_by_key(|slope| (score(*slope), -slope.abs()));
    let rough = best_of(&mut (-STEEPEST / STEP..=STEEPEST / STEP).map(|step| step * STEP)).unwrap_or(0);
    let best = best_of(&mut (rough - STEP + 1..rough + STEP)).unwrap_or(0);
    // What is no clearer turned than as it lies has no lines.
    let is_clearer = score(best) * 20 > score(0) * 21;
    if is_clearer && best.abs() >= WORTH_TURNING { best } else { 0 }
}

/// The places of ink with paper below: baselines show in them, filled areas do not.
fn lower_edges(page: &Grey) -> Vec<(i64, i64)> {
    let mut edges = Vec::new();
    let rows: Vec<&[u8]> = page.rows().collect();
    for ((row, below), y) in rows.iter().zip(rows.iter().skip(1)).zip(0_i64..) {
        for ((point, under), x) in row.iter().zip(*below).zip(0_i64..) {
            if *point < INK && *under >= INK {
                edges.push((x, y));
            }
        }
    }
    edges
}

/// How unevenly the edges fall on lines of a slope: most so when it is the page's own.
fn sharpness(edges: &[(i64, i64)], slope: i64, height: usize) -> u64 {
    let margin = usize::try_from(STEEPEST).unwrap_or(0);
    let mut counts = vec![0_u64; height * 2 + 4 * margin];
    let middle = i64::try_from(counts.len() / 4).unwrap_or(0);
    for (x, y) in edges {
        let line = y - x * slope / 1_000 + middle;
        if let Some(count) = usize::try_from(line).ok().and_then(|line| counts.get_mut(line)) {
            *count += 1;
        }
    }
    counts.iter().map(|count| count * count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of broken lines that fall by so many thousandths.
    fn page(slope: i64) -> Grey {
        let (width, height) = (1_200, 1_600);
        let mut page = Grey { width, height, pixels: vec![255; width * height] };
        for line in (200..1_400).step_by(40) {
            for x in (100..1_100).filter(|x| x % 50 < 40) {
                for thick in 0..14 {
                    let y = line + i64::try_from(x).unwrap() * slope / 1_000 + thick;
                    page.pixels[usize::try_from(y).unwrap() * width + x] = 20;
                }
            }
        }
        page
    }

    #[test]
    fn the_slope_of_lines_is_measured_to_a_tenth_of_a_degree() {
        for wanted in [-120, -87, -44, -17, 0, 26, 52, 87, 135] {
            let found = slope(&page(wanted));
            assert!((found - wanted).abs() <= 2, "{wanted}: {found}");
        }
    }

    #[test]
    fn a_page_without_lines_stays_as_it_lies() {
        assert_eq!(slope(&Grey { width: 900, height: 900, pixels: vec![255; 810_000] }), 0);
        let noise = |n: u32| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap();
        assert_eq!(slope(&Grey { width: 900, height: 900, pixels: (0..810_000).map(noise).collect() }), 0);
    }
}
