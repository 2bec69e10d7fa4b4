//! What does not fit the schema does not compile, with one error that says why; what is unusual and right does.
//!
//! After a change of the messages, `TRYBUILD=overwrite cargo test -p simplenet-tests compile_fail` writes them anew.

use std::{fs, path::Path};

#[test]
fn the_compiler_holds_the_schema() {
    copy_schemas();
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/fail/*.rs");
    cases.pass("ui/pass/*.rs");
}

/// Schemas are found from the `Cargo.toml` of the crate that is compiled, which is the one that trybuild writes.
fn copy_schemas() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target directory");
    let there = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME")).join("schemas");
    fs::create_dir_all(&there).unwrap();
    for schema in fs::read_dir("ui/schemas").unwrap() {
        let schema = schema.unwrap();
        fs::copy(schema.path(), there.join(schema.file_name())).unwrap();
    }
}
