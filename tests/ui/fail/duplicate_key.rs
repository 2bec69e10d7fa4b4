#[simplenet::channel(schema = "schemas/duplicate_key.ron")]
mod notes {}

include!("../notes_program.rs");
