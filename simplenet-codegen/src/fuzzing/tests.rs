//! Runs the fuzz targets on their seeds, which include past findings.

use std::{fs, path::Path};

fn run_on_every_seed(target: &str, run: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let mut count = 0;
    for seed in fs::read_dir(seeds).unwrap() {
        run(&fs::read(seed.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "no seeds for {target}");
}

#[test]
fn schema_seeds_compile_to_a_channel_or_errors() {
    run_on_every_seed("schema", super::schema);
}

#[test]
fn inline_seeds_compile_to_a_channel_or_errors() {
    run_on_every_seed("inline", super::inline);
}
