#[simplenet::channel(schema = "schemas/unknown_generic.ron")]
mod notes {}

include!("../notes_program.rs");
