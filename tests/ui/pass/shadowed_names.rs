//! Types and modules that shadow names of the standard library do not affect generated code.

#[allow(dead_code)]
pub struct Option;
#[allow(dead_code)]
pub struct Result;
#[allow(dead_code)]
pub struct String;
#[allow(dead_code)]
pub struct Vec;
#[allow(dead_code)]
pub struct Box;
#[allow(dead_code)]
pub struct HashMap;
#[allow(dead_code, non_camel_case_types)]
pub struct u32;
pub mod std {}
pub mod core {}
pub mod simplenet {}
pub mod serde {}

#[::simplenet::channel(schema = "schemas/notes.ron")]
pub mod notes {}

fn main() {
    let refusal: notes::ServerResponse = notes::ServerResponse::Write(Err(notes::Refusal::Full));
    assert_eq!(refusal, refusal.clone());
    let read: notes::ServerResponse = notes::ServerResponse::Read(None);
    assert!(read != refusal);
}
