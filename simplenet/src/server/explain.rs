use crate::{ChangeLevel, Protocol, ProtocolChange, ProtocolMismatch, wire::Hello};

/// What differs between the client's schema and ours, as far as the client's is known: a debug build brings it along.
pub(super) fn explain(ours: &Protocol, hello: &Hello) -> ProtocolMismatch {
    let mut mismatch = ProtocolMismatch::new(ours.name(), hello.protocol, ours.hash());
    if hello.channel != ours.name() {
        mismatch.changes.push(ProtocolChange::new(
            "channel",
            Some(hello.channel.clone()),
            Some(ours.name().to_owned()),
            ChangeLevel::BreaksWire,
        ));
    }
    mismatch
}
