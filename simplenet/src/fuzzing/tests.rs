//! The seeds of the fuzz targets, including the inputs that fuzzing has found.

use std::{fs, path::Path};

fn every_seed(target: &str, run: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let mut count = 0;
    for seed in fs::read_dir(seeds).unwrap() {
        run(&fs::read(seed.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "no seeds of {target}");
}

#[test]
fn frame() {
    every_seed("frame", super::frame);
}

#[test]
fn hello() {
    every_seed("hello", super::hello);
}

#[test]
fn token() {
    every_seed("token", super::token);
}
