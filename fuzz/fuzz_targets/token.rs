#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| simplenet::fuzzing::token(bytes));
