//! Types that are declared once and included in several channels.

use std::collections::{BTreeSet, HashMap};

use simplenet::assert_same_protocol;

#[simplenet::types(schema = "../schemas/common.ron")]
pub mod common {}

#[simplenet::channel(schema = "../schemas/chat.ron", include(common = crate::shared_types::common))]
pub mod chat {}

#[simplenet::channel(
    include("../schemas/common.ron", common = super::common),
    hash = "83269e48cc34a3496a702748840a6462"
)]
pub mod lobby {
    #[server_message]
    pub struct Rooms(pub HashMap<RoomId, u32>);
}

/// The module that contains the shared types does not affect the protocol hash.
const _: () = assert_same_protocol::<chat::Chat, simplenet_tests::chat::Chat>();

#[test]
fn two_channels_share_one_type() {
    let room: common::RoomId = chat::RoomId(7);
    let lobby::Rooms(rooms) = lobby::Rooms(HashMap::from([(room, 1)]));
    let join = chat::Join { room: *rooms.keys().next().unwrap() };
    assert_eq!(join.room, room);
}

/// Shared types implement `Ord`, so that every channel can use them as keys.
#[test]
fn shared_types_can_be_keys() {
    assert!(BTreeSet::from([common::RoomId(1)]).contains(&common::RoomId(1)));
}
