//! Two modules that are generated from one schema have the same protocol.

#[simplenet::channel(schema = "schemas/notes.ron")]
pub mod one_crate {}

#[simplenet::channel(schema = "schemas/notes.ron")]
pub mod another_crate {}

const _: () = simplenet::assert_same_protocol::<one_crate::Notes, another_crate::Notes>();

fn main() {}
