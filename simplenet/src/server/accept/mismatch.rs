use simplenet_schema::{Change, Level, canonical, diff};

use crate::{
    protocol::Protocol,
    wire::{ChangeLevel, Hello, ProtocolChange, ProtocolMismatch},
};

/// The maximum number of changes that a refusal lists. Further changes are only counted.
const MAX_CHANGES: usize = 64;

/// Compares the client's schema with the server's. The client's schema is known if the client is a
/// debug build, which sends it with the hello.
pub(super) fn mismatch(ours: &Protocol, hello: &Hello) -> ProtocolMismatch {
    let mut mismatch = ProtocolMismatch::new(ours.name(), hello.protocol, ours.hash());
    // The client's schema is untrusted. It is read within bounds, and ignored if it cannot be read.
    let theirs = hello.canonical.as_deref().map(canonical::read);
    match (theirs, canonical::read(ours.canonical())) {
        (Some(Ok(theirs)), Ok(ours)) => {
            let changes = diff(&theirs, &ours);
            mismatch.omitted =
                u32::try_from(changes.len().saturating_sub(MAX_CHANGES)).unwrap_or(u32::MAX);
            mismatch.changes.extend(changes.into_iter().take(MAX_CHANGES).map(change));
        }
        _ if hello.channel != ours.name() => mismatch.changes.push(ProtocolChange::new(
            "channel",
            Some(hello.channel.clone()),
            Some(ours.name().to_owned()),
            ChangeLevel::BreaksWire,
        )),
        _ => {}
    }
    mismatch
}

/// Converts one change between the client's and the server's schema to its form in a refusal.
fn change(change: Change) -> ProtocolChange {
    let level = match change.level {
        Level::WireBreaking => ChangeLevel::BreaksWire,
        Level::Additive => ChangeLevel::Additive,
        Level::SourceOnly => ChangeLevel::SourceOnly,
    };
    ProtocolChange::new(change.path, change.from, change.to, level)
}
