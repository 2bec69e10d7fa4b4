use crate::bench::Sample;

/// Returns the payload of a message, of about 40 bytes.
pub(crate) fn sample(id: u64) -> Sample {
    Sample { id, name: "sixteen letters.".to_owned(), pos: [1.5, -2.25, 1000.125] }
}
