#[simplenet::channel(schema = "schemas/syntax.ron")]
mod notes {}

include!("../notes_program.rs");
