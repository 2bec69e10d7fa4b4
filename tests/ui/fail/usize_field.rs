#[simplenet::channel(schema = "schemas/usize_field.ron")]
mod notes {}

include!("../notes_program.rs");
