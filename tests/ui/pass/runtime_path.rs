//! The argument `crate` sets the path of the runtime. Another crate has the name `simplenet` here.

extern crate core as simplenet;
extern crate simplenet as network;

#[network::channel(schema = "schemas/notes.ron", crate = crate::network)]
pub mod notes {}

fn main() {
    let protocol = <notes::Notes as network::ChannelPack>::PROTOCOL;
    assert_eq!(protocol.name(), "notes");
    assert_eq!(::simplenet::mem::size_of_val(&notes::Erase), 0);
}
