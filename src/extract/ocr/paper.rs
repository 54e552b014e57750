//! Paper made even: photographs of pages are darker at one side, and one threshold for all of it loses that side.

use super::grey::Grey;

/// The paper's lightness is measured in squares of so many pixels.
const SQUARE: usize = 64;
/// Paper as light as this everywhere needs no evening.
const LIGHT: u8 = 215;
/// Dark areas narrower than twice so many squares, such as headings in colour, lie on paper and are none.
const REACH: usize = 4;
/// A lamp's light fades: where the paper changes by more than this from a square to the next, it is coloured.
const SHARP: u8 = 40;
/// The lightness that uneven paper is brought to.
const WANTED: u32 = 245;
/// What is darker than this is no paper, and is not lifted further.
const DARKEST: u8 = 70;

/// Lifts each part of a page to the same lightness of paper; even pages and coloured ones stay as they are.
pub(super) fn evened(page: Grey) -> Grey {
    let squares = Squares::of(&page).without_islands();
    if squares.are_light() || squares.are_coloured() {
        return page;
    }
    let mut pixels = Vec::with_capacity(page.pixels.len());
    for (y, row) in page.rows().enumerate() {
        for (x, point) in row.iter().enumerate() {
            let paper = squares.at(x, y).max(u32::from(DARKEST));
            pixels.push(u8::try_from(u32::from(*point) * WANTED / paper).unwrap_or(u8::MAX));
        }
    }
    Grey { pixels, ..page }
}

/// The lightness of the paper, square by square.
struct Squares {
    across: usize,
    down: usize,
    paper: Vec<u8>,
}

impl Squares {
    fn of(page: &Grey) -> Self {
        let (across, down) = (page.width.div_ceil(SQUARE).max(1), page.height.div_ceil(SQUARE).max(1));
        let mut paper = Vec::with_capacity(across * down);
        for row in 0..down {
            for column in 0..across {
                paper.push(paper_of(&page.part(column * SQUARE, row * SQUARE, SQUARE, SQUARE).pixels));
            }
        }
        Self { across, down, paper }
    }

    /// The same where dark islands have the lightness of what lies around them.
    fn without_islands(self) -> Self {
        let lighter = self.of_neighbours(Ord::max);
        let around = lighter.of_neighbours(Ord::min);
        // What fades stays as it was measured.
        let filled = |(own, around): (&u8, &u8)| if around - own > SHARP { *around } else { *own };
        let paper = self.paper.iter().zip(&around.paper).map(filled).collect();
        Self { paper, ..self }
    }

    /// Each square with what is chosen among those in reach, first across, then down.
    fn of_neighbours(&self, choose: impl Fn(u8, u8) -> u8) -> Self {
        let along = |paper: &[u8], length: usize, step: usize, start: usize| -> Vec<u8> {
            let at = |place: usize| paper.get(start + place * step).copied().unwrap_or(0);
            let reach = |place: usize| place.saturating_sub(REACH)..(place + REACH + 1).min(length);
            (0..length).map(|place| reach(place).map(at).fold(at(place), &choose)).collect()
        };
        let rows = (0..self.down).flat_map(|row| along(&self.paper, self.across, 1, row * self.across));
        let rows: Vec<u8> = rows.collect();
        let columns: Vec<Vec<u8>> =
            (0..self.across).map(|column| along(&rows, self.down, self.across, column)).collect();
        let paper = (0..self.down).flat_map(|row| columns.iter().filter_map(move |column| column.get(row)));
        Self { paper: paper.copied().collect(), ..*self }
    }

    /// Whether the paper changes as no light does, or does not change at all.
    fn are_coloured(&self) -> bool {
        let across = self.paper.chunks(self.across).flat_map(|row| row.iter().zip(row.iter().skip(1)));
        let down = self.paper.iter().zip(self.paper.iter().skip(self.across));
        let is_sharp = across.chain(down).any(|(square, next)| square.abs_diff(*next) > SHARP);
        let (darkest, lightest) = (self.paper.iter().min(), self.paper.iter().max());
        is_sharp || darkest.zip(lightest).is_none_or(|(darkest, lightest)| lightest - darkest < SHARP)
    }

    /// Whether all but a tenth of the squares, such as those of a picture, are light.
    fn are_light(&self) -> bool {
        let mut sorted = self.paper.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 10).is_none_or(|tenth| *tenth >= LIGHT)
    }

    /// The lightness at a place, between the middles of the squares around it.
    fn at(&self, x: usize, y: usize) -> u32 {
        let split = |place: usize, count: usize| {
            let from_middle = place.saturating_sub(SQUARE / 2);
            let square = (from_middle / SQUARE).min(count - 1);
            (square, (square + 1).min(count - 1), u32::try_from(from_middle % SQUARE).unwrap_or(0))
        };
        let ((left, right, across), (top, bottom, down)) = (split(x, self.across), split(y, self.down));
        let size = u32::try_from(SQUARE).unwrap_or(1);
        let paper =
            |column: usize, row: usize| u32::from(self.paper.get(row * self.across + column).copied().unwrap_or(0));
        let mix = |row: usize| paper(left, row) * (size - across) + paper(right, row) * across;
        (mix(top) * (size - down) + mix(bottom) * down) / (size * size)
    }
}

/// The lightness that most of a square's lighter points have: its paper, whatever is written on it.
fn paper_of(points: &[u8]) -> u8 {
    let mut counts = [0_usize; 256];
    for point in points {
        counts[usize::from(*point)] += 1;
    }
    let mut lighter = points.len() / 8;
    for (lightness, count) in (0_u8..=255).zip(counts).rev() {
        if count > lighter {
            return lightness;
        }
        lighter -= count;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of 40 % of the paper's lightness, which falls from the left to the right.
    fn shaded(from: usize, to: usize) -> Grey {
        let (width, height) = (1_280, 320);
        let lightness = |n: usize| {
            let (x, y) = (n % width, n / width);
            let paper = from - (from - to) * x / width;
            u8::try_from(if x % 16 < 3 && y % 32 < 20 { paper * 2 / 5 } else { paper }).unwrap()
        };
        Grey { width, height, pixels: (0..width * height).map(lightness).collect() }
    }

    #[test]
    fn shaded_paper_becomes_even_and_letters_stay_dark() {
        let page = evened(shaded(250, 90));
        let (paper, ink) = (|x| page.at(x, 25), |x| page.at(x, 10));
        for x in [56, 632, 1_272] {
            assert!(paper(x) > 210, "paper at {x}: {}", paper(x));
            assert!(ink(x / 16 * 16 + 1) < 130, "ink at {x}: {}", ink(x / 16 * 16 + 1));
        }
    }

    #[test]
    fn even_pages_and_coloured_ones_stay_as_they_are() {
        let even = shaded(250, 240);
        assert_eq!(evened(even.clone()), even);
        let mut poster = Grey { width: 1_280, height: 1_280, pixels: vec![250; 1_280 * 1_280] };
        poster.pixels[..1_280 * 200].fill(60);
        assert_eq!(evened(poster.clone()), poster, "a band of colour is no shade");
        poster.pixels[..1_280 * 900].fill(60);
        assert_eq!(evened(poster.clone()), poster, "nor is a large area");
        poster.pixels.fill(60);
        assert_eq!(evened(poster.clone()), poster, "nor a page that is dark all over");
    }
}
