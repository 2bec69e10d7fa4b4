#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| simplenet_schema::fuzzing::canonical_form(bytes));
