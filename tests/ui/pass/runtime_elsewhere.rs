//! The runtime is found where `crate` says, though something else has its name.

extern crate core as simplenet;

pub mod vendored {
    pub use simplenet_tests::reexported as network;
}

#[vendored::network::channel(schema = "schemas/notes.ron", crate = crate::vendored::network)]
pub mod notes {}

fn main() {
    let protocol = <notes::Notes as vendored::network::ChannelPack>::PROTOCOL;
    assert_eq!(protocol.name(), "notes");
    assert_eq!(simplenet::mem::size_of_val(&notes::Erase), 0);
}
