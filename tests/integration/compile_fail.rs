//! Programs that violate the schema fail to compile with one clear error. Unusual but valid
//! programs compile.
//!
//! `TRYBUILD=overwrite cargo test -p simplenet-tests compile_fail` rewrites the expected errors.

use std::{fs, path::Path};

#[test]
fn programs_that_violate_the_schema_do_not_compile() {
    copy_schemas();
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/fail/*.rs");
    cases.pass("ui/pass/*.rs");
}

/// Copies the schemas beside the `Cargo.toml` that trybuild writes. The paths of schemas are
/// relative to that file.
fn copy_schemas() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target directory");
    let copies = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME")).join("schemas");
    fs::create_dir_all(&copies).unwrap();
    for schema in fs::read_dir("ui/schemas").unwrap() {
        let schema = schema.unwrap();
        fs::copy(schema.path(), copies.join(schema.file_name())).unwrap();
    }
}
