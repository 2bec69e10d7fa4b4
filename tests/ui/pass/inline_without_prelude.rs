//! Generated code names everything by its whole path, also where the channel is declared in its
//! module.

#![no_implicit_prelude]
#![deny(missing_docs, unused, warnings)]

/// Notes.
#[::simplenet::channel]
pub mod notes {
    //! Notes that everybody sees.

    /// Writes.
    #[request(Result<Written, Full>)]
    #[derive(Default, Eq)]
    pub struct Write {
        /// The text.
        pub text: String,
        /// Who has seen it.
        pub seen: HashSet<u32>,
    }
    /// It is written.
    #[derive(Copy)]
    pub struct Written(
        /// Its number.
        pub u64,
    );
    /// There is no place left.
    pub struct Full;
    /// Deletes everything.
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
