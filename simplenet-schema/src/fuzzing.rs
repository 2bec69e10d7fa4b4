//! The fuzz target `canonical`.

use crate::{canonical, diff::diff, hash::protocol_hash};

/// Reads a text as a canonical form. If that succeeds, asserts that writing the schema returns the
/// same text.
///
/// The input may contain two forms, separated by a NUL. In that case, their schemas are compared,
/// too.
pub fn canonical_form(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let mut schemas = Vec::new();
    for text in text.splitn(2, '\0') {
        if let Ok(schema) = canonical::read(text) {
            let written = canonical::write(&schema);
            assert_eq!(written, text);
            assert_eq!(protocol_hash(&written), protocol_hash(text));
            assert_eq!(canonical::read(&written).as_ref(), Ok(&schema));
            assert!(diff(&schema, &schema).is_empty());
            schemas.push((schema, text));
        }
    }
    if let [(left, left_text), (right, right_text)] = &schemas[..] {
        assert_eq!(diff(left, right).is_empty(), left_text == right_text);
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    #[test]
    fn canonical_seeds_are_refused_or_canonical() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds/canonical");
        let mut count = 0;
        for seed in fs::read_dir(seeds).expect("seeds") {
            super::canonical_form(&fs::read(seed.expect("a seed").path()).expect("a seed"));
            count += 1;
        }
        assert!(count > 0, "no seeds");
    }
}
