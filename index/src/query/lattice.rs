//! All ways to read the words of a query, and the cheapest through them: a model of neighbouring syllables, and Viterbi.

use super::spellings::Spelling;
use super::statistics::{Forms, Statistics};
use crate::error::Error;
use crate::lexicon;
use crate::rank::{PAIR_SHARE, UNSEEN};
use crate::term::is_pair_of;
use crate::text::{Syllable, syllables};

/// The costs of going from each spelling of a word to each of the next.
type Step = Vec<Vec<f32>>;

/// The spellings of each word with what ways through them cost, in nats.
pub(super) struct Lattice {
    spellings: Vec<Vec<Spelling>>,
    /// From each word to the next.
    steps: Vec<Step>,
    /// The cost of the cheapest way from the first word up to each spelling, itself with it.
    forward: Vec<Vec<f32>>,
    /// The cost of the cheapest way on from each spelling.
    backward: Vec<Vec<f32>>,
}

impl Lattice {
    pub(super) fn new(spellings: Vec<Vec<Spelling>>, statistics: &Statistics<'_>) -> Result<Self, Error> {
        let mut steps = Vec::with_capacity(spellings.len());
        for pair in spellings.windows(2) {
            let [before, after] = pair else { continue };
            steps.push(step(statistics, before, after)?);
        }
        let forward = forward(statistics, &spellings, &steps);
        let backward = backward(&spellings, &steps);
        Ok(Self { spellings, steps, forward, backward })
    }

    /// For each word its spellings with the cost of the cheapest way through all words that takes it.
    pub(super) fn into_ways(self) -> Vec<Vec<(Spelling, f32)>> {
        let whole = self.forward.into_iter().zip(self.backward);
        let with_costs = |(spellings, (there, rest)): (Vec<Spelling>, (Vec<f32>, Vec<f32>))| {
            spellings.into_iter().zip(there.iter().zip(&rest).map(|(there, rest)| there + rest)).collect()
        };
        self.spellings.into_iter().zip(whole).map(with_costs).collect()
    }

    /// The spellings of one word, each with the cost of the cheapest way that takes it.
    pub(super) fn ways(&self, at: usize) -> impl Iterator<Item = (usize, &Spelling, f32)> {
        let of = |costs: &[Vec<f32>]| costs.get(at).cloned().unwrap_or_default();
        let costs = of(&self.forward).into_iter().zip(of(&self.backward)).map(|(there, rest)| there + rest);
        let spellings = self.spellings.get(at).map_or(&[][..], Vec::as_slice);
        spellings.iter().zip(costs).enumerate().map(|(which, (spelling, cost))| (which, spelling, cost))
    }

    /// The cheapest way through all words that takes one spelling of one word.
    pub(super) fn path(&self, at: usize, which: usize) -> Vec<&Spelling> {
        let mut path = vec![which];
        for (step, forward) in self.steps.iter().zip(&self.forward).take(at).rev() {
            let to = path.last().copied().unwrap_or_default();
            path.push(least(forward.iter().zip(step).map(|(cost, row)| cost + row.get(to).unwrap_or(&f32::INFINITY))));
        }
        path.reverse();
        let after = self.spellings.iter().zip(&self.backward).skip(at + 1);
        for (step, (spellings, backward)) in self.steps.iter().skip(at).zip(after) {
            let row = path.last().and_then(|from| step.get(*from)).map_or(&[][..], Vec::as_slice);
            path.push(least(row.iter().zip(spellings).zip(backward).map(|((step, to), rest)| step + to.cost + rest)));
        }
        self.spellings.iter().zip(path).filter_map(|(spellings, which)| spellings.get(which)).collect()
    }
}

/// The place of the least cost.
fn least(costs: impl Iterator<Item = f32>) -> usize {
    costs.enumerate().min_by(|(_, one), (_, other)| one.total_cmp(other)).map_or(0, |(at, _)| at)
}

fn forward(statistics: &Statistics<'_>, lattice: &[Vec<Spelling>], steps: &[Step]) -> Vec<Vec<f32>> {
    // Where nothing stands before it, a spelling is as likely as it is usual.
    let alone = |spelling: &Spelling| spelling.cost - likelihood(statistics, spelling).ln();
    let mut all: Vec<Vec<f32>> = Vec::with_capacity(lattice.len());
    for (at, spellings) in lattice.iter().enumerate() {
        let costs = match at.checked_sub(1).and_then(|before| Some((all.get(before)?, steps.get(before)?))) {
            None => spellings.iter().map(alone).collect(),
            Some((before, step)) => (0..spellings.len())
                .zip(spellings)
                .map(|(to, spelling)| {
                    let ways = before.iter().zip(step).map(|(cost, row)| cost + row.get(to).unwrap_or(&f32::INFINITY));
                    spelling.cost + ways.fold(f32::INFINITY, f32::min)
                })
                .collect(),
        };
        all.push(costs);
    }
    all
}

fn backward(lattice: &[Vec<Spelling>], steps: &[Step]) -> Vec<Vec<f32>> {
    let mut all: Vec<Vec<f32>> = vec![vec![0.0; lattice.last().map_or(0, Vec::len)]];
    for (step, next) in steps.iter().zip(lattice.iter().skip(1)).rev() {
        let rest = all.last().map_or(&[][..], Vec::as_slice);
        let cheapest = |row: &Vec<f32>| {
            let ways = row.iter().zip(rest).zip(next).map(|((step, rest), next)| step + rest + next.cost);
            ways.fold(f32::INFINITY, f32::min)
        };
        all.push(step.iter().map(cheapest).collect());
    }
    all.reverse();
    all
}

/// How likely a spelling is, whatever stands before it.
fn likelihood(statistics: &Statistics<'_>, spelling: &Spelling) -> f32 {
    (spelling.count + UNSEEN) / statistics.total()
}

fn step(statistics: &Statistics<'_>, before: &[Spelling], after: &[Spelling]) -> Result<Step, Error> {
    let alone: Vec<f32> = after.iter().map(|to| likelihood(statistics, to)).collect();
    let mut rows = Vec::with_capacity(before.len());
    for from in before {
        let mut row = Vec::with_capacity(after.len());
        let mut forms: Option<(&str, Forms)> = None;
        for (to, alone) in after.iter().zip(&alone) {
            let known = match &forms {
                Some((fold, known)) if *fold == to.fold => known,
                _ => {
                    let found = statistics.pair(&from.fold, &to.fold)?;
                    &forms.insert((&to.fold, found)).1
                }
            };
            let mut together = met(statistics, known, &from.key, &to.key);
            if from.wording || to.wording {
                together = together.max(met_as_usual_words(statistics, from, to)?);
            }
            let follows = (together / from.count.max(1.0)).min(1.0);
            row.push(-(PAIR_SHARE * follows + (1.0 - PAIR_SHARE) * alone).ln());
        }
        rows.push(row);
    }
    Ok(rows)
}

fn met(statistics: &Statistics<'_>, known: &Forms, first: &str, second: &str) -> f32 {
    known.iter().find(|form| is_pair_of(&form.key, first, second)).map_or(0.0, |form| statistics.met(form))
}

/// How often the usual words for two words are met side by side: who says "tui" says it where others say tôi, and print
/// hardly ever has it.
fn met_as_usual_words(statistics: &Statistics<'_>, from: &Spelling, to: &Spelling) -> Result<f32, Error> {
    let usual = |spelling: &Spelling| -> Vec<Syllable> {
        let others = if spelling.wording { lexicon::single_words(&spelling.key) } else { Vec::new() };
        others.into_iter().flat_map(|key| syllables(&crate::text::spell::spell(key, ""))).collect()
    };
    let as_typed = |spelling: &Spelling| (spelling.key.clone(), spelling.fold.clone());
    let all = |spelling: &Spelling| -> Vec<(String, String)> {
        let usual = usual(spelling).into_iter().map(|one| (one.key.to_string(), one.fold.to_string()));
        usual.chain([as_typed(spelling)]).collect()
    };
    let mut most = 0.0_f32;
    for (first, first_fold) in all(from) {
        for (second, second_fold) in all(to) {
            let known = statistics.pair(&first_fold, &second_fold)?;
            most = most.max(met(statistics, &known, &first, &second));
        }
    }
    Ok(most)
}
