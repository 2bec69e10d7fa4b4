//! Runs the seeds of the fuzz targets, which include the inputs that fuzzing has found.

use std::{fs, path::Path};

fn run_seeds(target: &str, run: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let mut count = 0;
    for seed in fs::read_dir(seeds).unwrap() {
        run(&fs::read(seed.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "there are no seeds of the target {target}");
}

#[test]
fn frame_seeds_pass() {
    run_seeds("frame", super::frame);
}

#[test]
fn hello_seeds_pass() {
    run_seeds("hello", super::hello);
}

#[test]
fn message_seeds_pass() {
    run_seeds("message", super::message);
}

#[test]
fn token_seeds_pass() {
    run_seeds("token", super::token);
}
