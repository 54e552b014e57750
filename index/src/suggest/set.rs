//! A set of places, one bit for each.

/// Which of a fixed number of places belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    blocks: Vec<u64>,
}

impl Set {
    /// An empty set of places below `size`.
    pub(super) fn of_size(size: usize) -> Self {
        Self { blocks: vec![0; size.div_ceil(64)] }
    }

    /// Takes a place in; one beyond the size is passed over.
    pub(super) fn add(&mut self, place: u32) {
        let place = place as usize;
        if let Some(block) = self.blocks.get_mut(place / 64) {
            *block |= 1 << (place % 64);
        }
    }

    /// Leaves what the other set has too.
    pub(super) fn keep(&mut self, other: &Self) {
        for (own, other) in self.blocks.iter_mut().zip(&other.blocks) {
            *own &= other;
        }
    }

    /// Leaves what the other set has not.
    pub(super) fn without(&mut self, other: &Self) {
        for (own, other) in self.blocks.iter_mut().zip(&other.blocks) {
            *own &= !other;
        }
    }

    /// The places, the least first.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.blocks.iter().enumerate().flat_map(|(at, block)| {
            let mut rest = *block;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.checked_sub(1)?;
                Some(at * 64 + bit)
            })
        })
    }
}
