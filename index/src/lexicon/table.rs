//! A table of counts that is searched where it lies: nothing is read or copied at the start.

/// Lines `letters TAB form count form count …`, in the order of their bytes.
pub(super) struct Table(pub(super) &'static str);

impl Table {
    /// The forms of one line; none where there is no such line.
    pub(super) fn forms(&self, letters: &str) -> impl Iterator<Item = (&'static str, u32)> + use<> {
        let mut words = self.line(letters).unwrap_or_default().split(' ');
        std::iter::from_fn(move || Some((words.next().filter(|form| !form.is_empty())?, words.next()?.parse().ok()?)))
    }

    /// What stands behind `letters`.
    fn line(&self, letters: &str) -> Option<&'static str> {
        let bytes = self.0.as_bytes();
        let (mut low, mut high) = (0, bytes.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = bytes.get(low..middle)?.iter().rposition(|byte| *byte == b'\n').map_or(low, |at| low + at + 1);
            let length = bytes.get(start..high)?.iter().position(|byte| *byte == b'\n').unwrap_or(high - start);
            let (name, forms) = self.0.get(start..start + length)?.split_once('\t')?;
            match name.cmp(letters) {
                std::cmp::Ordering::Equal => return Some(forms),
                std::cmp::Ordering::Less => low = start + length + 1,
                std::cmp::Ordering::Greater => high = start,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_nothing_else() {
        let table = Table("an\tan 3 ăn 2\nba\tba 7\nca\tcá 5 ca 1\n");
        for (letters, count) in [("an", 2), ("ba", 1), ("ca", 2), ("a", 0), ("bb", 0), ("zz", 0), ("", 0)] {
            assert_eq!(table.forms(letters).count(), count, "{letters}");
        }
    }

    #[test]
    fn the_shipped_tables_are_in_order() {
        for text in [include_str!("../../data/syllable_counts.tsv"), include_str!("../../data/pair_counts.tsv")] {
            let names: Vec<&str> =
                text.lines().filter_map(|line| line.split_once('\t')).map(|(name, _)| name).collect();
            assert_eq!(names.len(), text.lines().count());
            assert!(names.is_sorted(), "binary search needs the order of bytes");
        }
    }
}
