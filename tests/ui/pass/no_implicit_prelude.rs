//! Generated code refers to all items by absolute paths, so it needs no prelude.

#![no_implicit_prelude]

#[::simplenet::channel(schema = "schemas/notes.ron")]
pub mod notes {}

fn main() {
    let written = ::std::clone::Clone::clone(&notes::Write {
        note: notes::Note {
            text: ::std::string::String::new(),
            body: ::simplenet::Bytes::new(),
            parts: ::std::boxed::Box::new([(1, true), (2, false)]),
        },
        seen: ::std::collections::HashMap::new(),
    });
    ::std::assert_eq!(written.note.parts[1], (2, false));
}
