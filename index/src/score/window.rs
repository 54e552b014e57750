//! Scores a segment window by window: the sums of some thousand passages stay in the processor's cache.
//!
//! A passage matches when the shares of the words it bears reach the plan's least. The words are taken rarest first; as soon
//! as those that are left cannot make a match of a passage by themselves, they are only looked up in passages already met.

use super::lengths::Lengths;
use super::postings::Cursor;
use super::{Search, filter::Allowed};
use crate::error::Error;
use crate::query::{Kind, Slot, as_weight};
use tantivy::{DocId, SegmentReader};

/// Passages of one window.
const SIZE: u32 = 1 << 14;
const WORDS: usize = (SIZE / 64) as usize;
/// A list is asked for single passages when it has this many times more of them than are asked for.
const SPARSE: u32 = 12;

/// A slot in one segment.
struct Open<'a> {
    slot: &'a Slot,
    lengths: &'a Lengths<'a>,
    cursors: Vec<Cursor>,
    passages: u32,
    /// What does not bear it is no match.
    required: bool,
}

impl Open<'_> {
    /// Whether asking for single passages is cheaper than walking over the window.
    fn is_sparse_for(&self, asked: u32, segment: u32) -> bool {
        let in_window = u64::from(self.passages) * u64::from(SIZE) / u64::from(segment.max(1));
        in_window > u64::from(asked) * u64::from(SPARSE)
    }
}

/// Keeps a place within the window, so that none need be checked against the ends of its sums.
const INSIDE: usize = SIZE as usize - 1;

/// A set of a window's passages.
struct Bits([u64; WORDS]);

impl Bits {
    #[inline]
    fn set(&mut self, at: usize) {
        self.0[(at & INSIDE) / 64] |= 1 << (at % 64);
    }

    #[inline]
    fn has(&self, at: usize) -> bool {
        self.0[(at & INSIDE) / 64] >> (at % 64) & 1 == 1
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(word, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let at = (bits != 0).then(|| word * 64 + bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(at)
            })
        })
    }
}

/// Two sums of each passage of a window, which are always wanted together.
struct Sums(Box<[[f32; 2]]>);

impl Sums {
    fn new() -> Self {
        Self(vec![[0.0; 2]; SIZE as usize].into_boxed_slice())
    }

    #[inline]
    fn add(&mut self, at: usize, one: f32, other: f32) {
        let sums = &mut self.0[at & INSIDE];
        sums[0] += one;
        sums[1] += other;
    }

    #[inline]
    fn of(&self, at: usize) -> [f32; 2] {
        self.0[at & INSIDE]
    }

    #[inline]
    fn take(&mut self, at: usize) -> [f32; 2] {
        std::mem::take(&mut self.0[at & INSIDE])
    }
}

/// The sums of a window.
struct Window {
    base: DocId,
    /// The score of each passage, and the share of the query's weight that it bears.
    sums: Sums,
    /// How often the slot in hand is met, weighted by amounts, and how much of it is there.
    slot: Sums,
    met: Bits,
}

impl Window {
    fn new() -> Self {
        Self { base: 0, sums: Sums::new(), slot: Sums::new(), met: Bits([0; WORDS]) }
    }

    fn clear(&mut self, base: DocId) {
        self.base = base;
        for at in self.met.iter() {
            self.sums.take(at);
        }
        self.met = Bits([0; WORDS]);
    }

    #[inline]
    fn add(sums: &mut Sums, base: DocId, open: &Open<'_>, (at, [frequency, presence]): (usize, [f32; 2])) {
        let doc = base + u32::try_from(at).unwrap_or(0);
        let score = open.slot.weight * open.lengths.saturated(doc, frequency);
        sums.add(at, score, open.slot.share * presence.min(1.0));
    }

    /// Adds a slot to all passages that bear it, or to those already met.
    fn walk(&mut self, open: &mut Open<'_>, only_met: bool) {
        let end = self.base + SIZE;
        if let [only] = open.cursors.as_mut_slice() {
            let (slot, lengths, base, amount) = (open.slot, open.lengths, self.base, only.amount);
            let share_of = slot.share * only.presence.min(1.0);
            let (sums, met) = (&mut self.sums, &mut self.met);
            only.visit(end, |doc, frequency| {
                let at = (doc - base) as usize;
                if !only_met || met.has(at) {
                    met.set(at);
                    sums.add(at, slot.weight * lengths.saturated(doc, amount * as_weight(frequency)), share_of);
                }
            });
            return;
        }
        let mut found = Bits([0; WORDS]);
        for cursor in &mut open.cursors {
            let (base, amount, presence) = (self.base, cursor.amount, cursor.presence);
            let (slot, met, found) = (&mut self.slot, &self.met, &mut found);
            cursor.visit(end, |doc, times| {
                let at = (doc - base) as usize;
                if !only_met || met.has(at) {
                    found.set(at);
                    slot.add(at, amount * as_weight(times), presence);
                }
            });
        }
        for at in found.iter() {
            let borne = self.slot.take(at);
            Self::add(&mut self.sums, self.base, open, (at, borne));
        }
        self.met.join(&found);
    }

    /// Adds a slot to the passages of a set, asking for each.
    fn ask(&mut self, open: &mut Open<'_>, asked: &Bits) {
        for at in asked.iter() {
            let doc = self.base + u32::try_from(at).unwrap_or(0);
            let (mut frequency, mut presence) = (0.0, 0.0);
            for cursor in &mut open.cursors {
                let times = cursor.frequency(doc);
                if times > 0 {
                    frequency += cursor.amount * as_weight(times);
                    presence += cursor.presence;
                }
            }
            if presence > 0.0 {
                Self::add(&mut self.sums, self.base, open, (at, [frequency, presence]));
            }
        }
    }

    /// Forgets the passages that bear too little or may not be found.
    fn keep_matching(&mut self, least: f32, allowed: &Allowed) {
        let mut matching = Bits([0; WORDS]);
        for at in self.met.iter() {
            let [_, share] = self.sums.of(at);
            if share > 0.0 && share >= least && allowed.has(self.base + u32::try_from(at).unwrap_or(0)) {
                matching.set(at);
            } else {
                self.sums.take(at);
            }
        }
        self.met = matching;
    }

    /// Adds a slot to passages already met.
    fn look_up(&mut self, open: &mut Open<'_>, segment: u32) {
        let asked = self.met.count();
        if asked == 0 {
            return;
        }
        if open.is_sparse_for(asked, segment) {
            let asked = Bits(self.met.0);
            self.ask(open, &asked);
        } else {
            self.walk(open, true);
        }
    }
}

/// Scores the passages of a segment; answers those that match, in order.
pub(super) fn matches(
    search: &Search<'_>,
    reader: &SegmentReader,
    allowed: &Allowed,
    late: &mut bool,
) -> Result<Vec<(DocId, f32)>, Error> {
    let lengths = all_lengths(search, reader)?;
    let (mut leading, mut following, mut ordering) = open(search, reader, &lengths)?;
    if search.plan.required.is_some() && !leading.iter().any(|open| open.required) {
        return Ok(Vec::new());
    }
    let size = reader.max_doc();
    let mut window = Window::new();
    let mut found = Vec::new();
    for base in (0..size).step_by(SIZE as usize) {
        if search.is_late() {
            *late = true;
            break;
        }
        window.clear(base);
        for open in &mut leading {
            window.walk(open, false);
        }
        for open in &mut following {
            window.look_up(open, size);
        }
        window.keep_matching(search.plan.least * ROUNDING, allowed);
        for open in &mut ordering {
            window.look_up(open, size);
        }
        let score = |at: usize| window.sums.of(at)[0];
        found.extend(window.met.iter().map(|at| (base + u32::try_from(at).unwrap_or(0), score(at))));
    }
    Ok(found)
}

/// Sums of parts may miss their whole by as much.
const ROUNDING: f32 = 0.999_9;

fn all_lengths<'a>(search: &'a Search<'_>, reader: &SegmentReader) -> Result<Vec<(Kind, Lengths<'a>)>, Error> {
    let of = |kind| Ok((kind, Lengths::of(search.curves, reader, search.fields, kind)?));
    Kind::ALL.into_iter().map(of).collect()
}

type Opened<'a> = (Vec<Open<'a>>, Vec<Open<'a>>, Vec<Open<'a>>);

/// Opens the slots: those that lead to matches, those that only follow, and those that only order.
fn open<'a>(
    search: &Search<'a>,
    reader: &SegmentReader,
    lengths: &'a [(Kind, Lengths<'a>)],
) -> Result<Opened<'a>, Error> {
    let (mut sharing, mut ordering) = (Vec::new(), Vec::new());
    for (at, slot) in search.plan.slots.iter().enumerate() {
        let mut cursors = Vec::new();
        for alternative in &slot.alternatives {
            cursors.extend(Cursor::open(reader, search.fields, alternative)?);
        }
        let Some((_, lengths)) = lengths.iter().find(|(kind, _)| *kind == slot.kind) else { continue };
        let passages = cursors.iter().map(Cursor::passages).sum();
        if passages > 0 {
            let required = search.plan.required == Some(at);
            let open = Open { slot, lengths, cursors, passages, required };
            if slot.share > 0.0 { sharing.push(open) } else { ordering.push(open) }
        }
    }
    sharing.sort_by_key(|open| (!open.required, open.passages));
    if sharing.first().is_some_and(|open| open.required) {
        // Where it is not, there is no match.
        let following = sharing.split_off(1);
        return Ok((sharing, following, ordering));
    }
    // From the longest list backwards: as long as they together do not make a match, they only follow.
    let mut together = 0.0;
    let mut leading = sharing.len();
    for (at, open) in sharing.iter().enumerate().rev() {
        together += open.slot.share;
        if together >= search.plan.least * ROUNDING {
            break;
        }
        leading = at;
    }
    let following = sharing.split_off(leading.max(1).min(sharing.len()));
    Ok((sharing, following, ordering))
}
