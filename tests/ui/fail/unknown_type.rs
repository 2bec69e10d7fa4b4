#[simplenet::channel(schema = "schemas/unknown_type.ron")]
mod notes {}

include!("../notes_program.rs");
