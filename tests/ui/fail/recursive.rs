#[simplenet::channel(schema = "schemas/recursive.ron")]
mod notes {}

include!("../notes_program.rs");
