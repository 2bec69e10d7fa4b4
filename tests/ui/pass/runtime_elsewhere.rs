//! The runtime is found where `crate` says, though something else has its name.

extern crate core as simplenet;
extern crate simplenet as network;

#[network::channel(schema = "schemas/notes.ron", crate = crate::network)]
pub mod notes {}

fn main() {
    let protocol = <notes::Notes as network::ChannelPack>::PROTOCOL;
    assert_eq!(protocol.name(), "notes");
    assert_eq!(::simplenet::mem::size_of_val(&notes::Erase), 0);
}
