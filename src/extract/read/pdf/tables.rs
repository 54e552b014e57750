//! Tables out of ruled lines: a grid of lines that touch, with text in its cells.

use super::glyphs::{Glyph, Rule};
use super::lines::{self, Cell};
use crate::domain::text::decoding::Decodings;

/// Lines this near, in points, meet.
const NEAR: f64 = 3.0;
/// A drawing with more lines than this is no table.
const MOST_RULES: usize = 4_000;
/// A grid finer than this is a drawing.
const MOST_CELLS: usize = 5_000;

/// A table that was found.
#[derive(Debug)]
pub(super) struct Found {
    /// How many of the glyphs that stayed in the text come before it.
    pub(super) before: usize,
    pub(super) header: bool,
    pub(super) rows: Vec<Vec<String>>,
    /// What the text of its cells was put right from.
    pub(super) decodings: Decodings,
}

/// Takes the glyphs that stand in ruled tables out of a page.
pub(super) fn take(glyphs: Vec<Glyph>, rules: &[Rule]) -> (Vec<Glyph>, Vec<Found>) {
    let grids: Vec<Grid> = groups(rules).iter().filter_map(|group| Grid::of(group)).collect();
    let mut inside: Vec<Vec<(usize, usize)>> = vec![Vec::new(); grids.len()];
    for (index, glyph) in glyphs.iter().enumerate() {
        if let Some((grid, cell)) = grids.iter().enumerate().find_map(|(n, grid)| Some((n, grid.cell_of(glyph)?))) {
            inside[grid].push((index, cell));
        }
    }
    let mut taken = vec![false; glyphs.len()];
    let mut found = Vec::new();
    for (grid, members) in grids.iter().zip(&inside) {
        if let Some(table) = grid.table(&glyphs, members) {
            for (index, _) in members {
                taken[*index] = true;
            }
            let first = members.iter().map(|(index, _)| *index).min().unwrap_or(0);
            found.push((first, table));
        }
    }
    found.sort_by_key(|(first, _)| *first);
    let found = found
        .into_iter()
        .map(|(first, table)| {
            let before = taken.iter().take(first).filter(|taken| !**taken).count();
            Found { before, ..table }
        })
        .collect();
    let mut taken = taken.into_iter();
    let rest = glyphs.into_iter().filter(|_| !taken.next().unwrap_or(false)).collect();
    (rest, found)
}

/// The outer edges (left, top, right, bottom) of everything ruled like a table.
pub(in crate::extract) fn grids(rules: &[Rule]) -> Vec<[f64; 4]> {
    let edges = |grid: Grid| {
        let (left, right) = (grid.xs.first()?, grid.xs.last()?);
        let (top, bottom) = (grid.ys.first()?, grid.ys.last()?);
        Some([*left, *top, *right, *bottom])
    };
    groups(rules).iter().filter_map(|group| Grid::of(group)).filter_map(edges).collect()
}

/// Groups lines that touch one another.
fn groups(rules: &[Rule]) -> Vec<Vec<Rule>> {
    if rules.len() > MOST_RULES {
        return Vec::new();
    }
    let mut group: Vec<usize> = (0..rules.len()).collect();
    for a in 0..rules.len() {
        for b in a + 1..rules.len() {
            if touch(rules[a], rules[b]) {
                let (a, b) = (root(&group, a), root(&group, b));
                group[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: Vec<Vec<Rule>> = vec![Vec::new(); rules.len()];
    for (index, rule) in rules.iter().enumerate() {
        groups[root(&group, index)].push(*rule);
    }
    groups.retain(|group| group.len() >= 4);
    groups
}

fn root(group: &[usize], mut at: usize) -> usize {
    while group[at] != at {
        at = group[at];
    }
    at
}

fn touch(a: Rule, b: Rule) -> bool {
    let within = |value: f64, from: f64, to: f64| value >= from - NEAR && value <= to + NEAR;
    match (a, b) {
        (Rule::Across { y, from, to }, Rule::Down { x, from: top, to: bottom })
        | (Rule::Down { x, from: top, to: bottom }, Rule::Across { y, from, to }) => {
            within(x, from, to) && within(y, top, bottom)
        }
        (Rule::Across { y: one, from: a0, to: a1 }, Rule::Across { y: two, from: b0, to: b1 })
        | (Rule::Down { x: one, from: a0, to: a1 }, Rule::Down { x: two, from: b0, to: b1 }) => {
            (one - two).abs() <= NEAR && a0 <= b1 + NEAR && b0 <= a1 + NEAR
        }
    }
}

struct Grid {
    xs: Vec<f64>,
    ys: Vec<f64>,
    /// For each cell the first cell of the merged one it is part of.
    owners: Vec<usize>,
}

impl Grid {
    fn of(rules: &[Rule]) -> Option<Self> {
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        // The ends of lines stand for outer edges that were not drawn, as where a row goes on over the page.
        let (mut wide, mut high) = ((f64::MAX, f64::MIN), (f64::MAX, f64::MIN));
        for rule in rules {
            match *rule {
                Rule::Across { y, from, to } => {
                    ys.push(y);
                    wide = (wide.0.min(from), wide.1.max(to));
                }
                Rule::Down { x, from, to } => {
                    xs.push(x);
                    high = (high.0.min(from), high.1.max(to));
                }
            }
        }
        if xs.is_empty() || ys.is_empty() {
            return None;
        }
        xs.extend([wide.0, wide.1]);
        ys.extend([high.0, high.1]);
        let (xs, ys) = (merge(xs), merge(ys));
        let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
        if columns < 2 || rows < 2 || columns * rows > MOST_CELLS {
            return None;
        }
        let mut grid = Self { xs, ys, owners: (0..columns * rows).collect() };
        grid.merge_cells(rules);
        Some(grid)
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    /// Cells with no line between them are one.
    fn merge_cells(&mut self, rules: &[Rule]) {
        let columns = self.columns();
        for row in 0..self.ys.len() - 1 {
            for column in 0..columns {
                let middle_x = f64::midpoint(self.xs[column], self.xs[column + 1]);
                let middle_y = f64::midpoint(self.ys[row], self.ys[row + 1]);
                let cell = row * columns + column;
                let closed_left = column == 0 || has_down(rules, self.xs[column], middle_y);
                let closed_above = row == 0 || has_across(rules, self.ys[row], middle_x);
                if !closed_left {
                    self.owners[cell] = self.owners[cell - 1];
                } else if !closed_above {
                    self.owners[cell] = self.owners[cell - columns];
                }
            }
        }
    }

    fn cell_of(&self, glyph: &Glyph) -> Option<usize> {
        let (x, y) = (glyph.x + glyph.width / 2.0, glyph.y - 0.3 * glyph.size);
        let column = slot(&self.xs, x)?;
        let row = slot(&self.ys, y)?;
        self.owners.get(row * self.columns() + column).copied()
    }

    /// The table, its place apart, or nothing when too little of the grid is filled for one.
    fn table(&self, glyphs: &[Glyph], members: &[(usize, usize)]) -> Option<Found> {
        let mut cells: Vec<Vec<Glyph>> = vec![Vec::new(); self.owners.len()];
        for (index, cell) in members {
            cells.get_mut(*cell)?.push(glyphs.get(*index)?.clone());
        }
        let texts: Vec<Cell> = cells.into_iter().map(lines::text_of).collect();
        let owned = self.owners.iter().enumerate().filter(|(cell, owner)| cell == *owner).count();
        let filled = texts.iter().filter(|cell| !cell.text.trim().is_empty()).count();
        if filled < 4 || filled * 5 < owned * 2 {
            return None;
        }
        let decodings = texts.iter().flat_map(|cell| cell.decodings.iter()).collect();
        let rows: Vec<&[Cell]> = texts.chunks(self.columns()).collect();
        let bold = |row: &[Cell]| row.iter().all(|cell| cell.bold || cell.text.trim().is_empty());
        let header = rows.first().is_some_and(|row| bold(row)) && !rows.iter().all(|row| bold(row));
        let rows = rows.iter().map(|row| row.iter().map(|cell| cell.text.clone()).collect()).collect();
        Some(Found { before: 0, header, rows, decodings })
    }
}

fn merge(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup_by(|b, a| (*b - *a).abs() <= NEAR);
    values
}

fn slot(edges: &[f64], value: f64) -> Option<usize> {
    edges.windows(2).position(|pair| matches!(pair, [from, to] if value >= *from && value < *to))
}

fn has_down(rules: &[Rule], at: f64, y: f64) -> bool {
    rules
        .iter()
        .any(|rule| matches!(rule, Rule::Down { x, from, to } if (x - at).abs() <= NEAR && y >= *from && y <= *to))
}

fn has_across(rules: &[Rule], at: f64, x: f64) -> bool {
    rules
        .iter()
        .any(|rule| matches!(rule, Rule::Across { y, from, to } if (y - at).abs() <= NEAR && x >= *from && x <= *to))
}
