//! The code of an inline channel refers to all items by absolute paths, so it needs no prelude.

#![no_implicit_prelude]
#![deny(missing_docs, unused, warnings)]

/// The channel `notes`.
#[::simplenet::channel]
pub mod notes {
    //! Notes that all users can read.

    /// Writes a note.
    #[request(Result<Written, Full>)]
    #[derive(Default, Eq)]
    pub struct Write {
        /// The text of the note.
        pub text: String,
        /// The users who have read the note.
        pub seen: HashSet<u32>,
    }
    /// The note is stored.
    #[derive(Copy)]
    pub struct Written(
        /// The number of the note.
        pub u64,
    );
    /// There is no space for the note.
    pub struct Full;
    /// Deletes all notes.
    #[client_message]
    #[server_message]
    pub struct Erase;
}

fn main() {
    let write: notes::Write = ::core::default::Default::default();
    ::std::assert!(write.text.is_empty());
    let written = notes::Written(1);
    let _ = (written, written);
}
