//! Room on the disk is asked for again and again while something is written: it may end, or others may take it.

use std::io::{self, Read};

/// Asks whether the disk takes so many bytes more.
pub type Room<'a> = &'a dyn Fn(u64) -> bool;

/// So many bytes are written before room is asked for again.
const ROOM_STEP: u64 = 4 << 20;

/// Content that ends with an error before the disk is full.
pub struct Watched<'a> {
    content: &'a mut dyn Read,
    room: Room<'a>,
    /// How many bytes there is room for, as was asked.
    granted: u64,
}

impl<'a> Watched<'a> {
    /// Watches over the room as content is read.
    pub fn new(content: &'a mut dyn Read, room: Room<'a>) -> Self {
        Self { content, room, granted: 0 }
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.granted == 0 {
            if !(self.room)(ROOM_STEP) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.granted = ROOM_STEP;
        }
        let length = self.content.read(buffer)?;
        self.granted = self.granted.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
        Ok(length)
    }
}
