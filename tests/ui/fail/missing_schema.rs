#[simplenet::channel(schema = "schemas/nots.ron")]
mod notes {}

include!("../notes_program.rs");
