//! Ink that may be letters: joined dark points of a letter's size, counted on a coarse grid.
//!
//! The recognising program says how sure it is of the words it found, never what it left out. The share of this ink
//! that lies under found words says that.

use super::grey::Grey;

/// The side of a cell of the grid in pixels.
pub(super) const CELL: usize = 8;
/// Letters are at least so high and at most this share of the page, in pixels and in parts of its height.
const LOWEST: usize = 6;
const HIGHEST_SHARE: usize = 20;
/// Joined letters are no wider than this share of the page, and lines are longer than they are thick.
const WIDEST_SHARE: usize = 4;
const LONGEST: usize = 15;
/// Fewer dark points than this are dust.
const FEWEST_POINTS: usize = 12;
/// A page with more runs of dark points than this is a photograph, whose ink is not counted.
const MOST_RUNS: usize = 1_500_000;

/// How many dark points of letters lie in each cell of a grid over the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ink {
    pub(super) across: usize,
    pub(super) cells: Vec<u8>,
}

/// Dark points beside each other in a row.
struct Run {
    row: usize,
    from: usize,
    to: usize,
}

/// What runs that touch make together.
#[derive(Clone, Copy)]
struct Shape {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    points: usize,
}

impl Ink {
    pub(super) fn of(page: &Grey) -> Self {
        let across = page.width.div_ceil(CELL);
        let mut ink = Self { across, cells: vec![0; across * page.height.div_ceil(CELL)] };
        let runs = runs(page, threshold(page));
        if runs.len() > MOST_RUNS {
            return ink;
        }
        let owners = owners(&runs);
        let shapes = shapes(&runs, &owners);
        for (run, owner) in runs.iter().zip(&owners) {
            if shapes.get(*owner).is_some_and(|shape| shape.is_letter(page)) {
                ink.add(run);
            }
        }
        ink
    }

    fn add(&mut self, run: &Run) {
        let start = run.row / CELL * self.across;
        for x in run.from..run.to {
            if let Some(cell) = self.cells.get_mut(start + x / CELL) {
                *cell = cell.saturating_add(1);
            }
        }
    }

    /// All ink of the page.
    pub(super) fn total(&self) -> usize {
        self.cells.iter().map(|cell| usize::from(*cell)).sum()
    }
}

impl Shape {
    fn of(run: &Run) -> Self {
        Self { left: run.from, right: run.to, top: run.row, bottom: run.row + 1, points: run.to - run.from }
    }

    fn joined(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
            points: self.points + other.points,
        }
    }

    fn is_letter(&self, page: &Grey) -> bool {
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        height >= LOWEST
            && height * HIGHEST_SHARE <= page.height
            && width * WIDEST_SHARE <= page.width
            && width <= height * LONGEST
            && self.points >= FEWEST_POINTS
    }
}

/// The lightness between ink and paper that parts them best (Otsu), kept within what can be ink.
fn threshold(page: &Grey) -> u8 {
    let mut counts = [0_u64; 256];
    for point in &page.pixels {
        counts[usize::from(*point)] += 1;
    }
    let all: u64 = counts.iter().sum();
    let weight: u64 = counts.iter().zip(0_u64..).map(|(count, lightness)| count * lightness).sum();
    let (mut below, mut below_weight, mut best) = (0_u64, 0_u64, (0_u128, 0_u8));
    for (count, lightness) in counts.iter().zip(0_u8..=255) {
        below += count;
        below_weight += count * u64::from(lightness);
        let above = all - below;
        if below == 0 || above == 0 {
            continue;
        }
        let (dark, light) = (below_weight / below, (weight - below_weight) / above);
        let apart = u128::from(below) * u128::from(above) * u128::from(light.abs_diff(dark)).pow(2);
        best = best.max((apart, lightness));
    }
    best.1.clamp(100, 190)
}

fn runs(page: &Grey, threshold: u8) -> Vec<Run> {
    let mut runs = Vec::new();
    for (row, points) in page.rows().enumerate() {
        let mut from = None;
        for (x, point) in points.iter().chain([&u8::MAX]).enumerate() {
            match (from, *point <= threshold && x < points.len()) {
                (None, true) => from = Some(x),
                (Some(start), false) => {
                    runs.push(Run { row, from: start, to: x });
                    from = None;
                }
                _ => {}
            }
        }
        if runs.len() > MOST_RUNS {
            break;
        }
    }
    runs
}

/// For each run the first run of its shape; runs of neighbouring rows that touch, also at corners, are one shape.
fn owners(runs: &[Run]) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..runs.len()).collect();
    let mut above = 0;
    for (index, run) in runs.iter().enumerate() {
        while runs
            .get(above)
            .is_some_and(|other| other.row + 1 < run.row || (other.row + 1 == run.row && other.to < run.from))
        {
            above += 1;
        }
        let touching = runs.iter().enumerate().skip(above);
        for (other, _) in touching.take_while(|(_, other)| other.row + 1 == run.row && other.from <= run.to) {
            let (a, b) = (root(&mut parents, index), root(&mut parents, other));
            parents[a.max(b)] = a.min(b);
        }
    }
    (0..runs.len()).map(|index| root(&mut parents, index)).collect()
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

fn shapes(runs: &[Run], owners: &[usize]) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = runs.iter().map(Shape::of).collect();
    for (index, owner) in owners.iter().enumerate() {
        if *owner != index {
            shapes[*owner] = shapes[*owner].joined(shapes[index]);
        }
    }
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(drawn: impl Fn(usize, usize) -> bool) -> Grey {
        let (width, height) = (800, 1_000);
        let pixels = (0..width * height).map(|n| if drawn(n % width, n / width) { 0 } else { 255 }).collect();
        Grey { width, height, pixels }
    }

    #[test]
    fn letters_count_and_lines_dust_and_pictures_do_not() {
        let within = |value: usize, from: usize, length: usize| (from..from + length).contains(&value);
        let letter = page(|x, y| {
            (within(x, 100, 3) || within(x, 109, 3)) && within(y, 200, 20) || within(x, 100, 12) && within(y, 210, 2)
        });
        let ink = Ink::of(&letter);
        assert_eq!(ink.total(), 2 * 3 * 20 + 6 * 2);
        assert!(ink.cells[25 * 100 + 12] > 0, "the ink lies in its cells");
        let line = page(|x, y| within(x, 50, 180) && within(y, 500, 8));
        let dust = page(|x, y| x % 40 == 0 && y % 40 == 0);
        let picture = page(|x, y| within(x, 100, 300) && within(y, 100, 300));
        for other in [line, dust, picture] {
            assert_eq!(Ink::of(&other).total(), 0);
        }
    }
}
