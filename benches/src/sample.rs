use crate::bench::Sample;

/// Returns the payload of a message. Its name has `name_length` characters.
pub(crate) fn sample(id: u64, name_length: usize) -> Sample {
    Sample { id, name: "x".repeat(name_length), pos: [1.5, -2.25, 1000.125] }
}
