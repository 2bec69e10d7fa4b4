use simplenet_schema::{Change, Level, canonical, diff};

use crate::{ChangeLevel, Protocol, ProtocolChange, ProtocolMismatch, wire::Hello};

/// More tell nobody more.
const MAX_CHANGES: usize = 64;

/// What differs between the client's schema and ours, as far as the client's is known: a debug build brings it along.
pub(super) fn explain(ours: &Protocol, hello: &Hello) -> ProtocolMismatch {
    let mut mismatch = ProtocolMismatch::new(ours.name(), hello.protocol, ours.hash());
    // What a client sends is no more than a hint: it is read within bounds, and an unreadable one explains little.
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

/// From the client's form to the server's.
fn change(change: Change) -> ProtocolChange {
    let level = match change.level {
        Level::WireBreaking => ChangeLevel::BreaksWire,
        Level::Additive => ChangeLevel::Additive,
        Level::SourceOnly => ChangeLevel::SourceOnly,
    };
    ProtocolChange::new(change.path, change.from, change.to, level)
}
