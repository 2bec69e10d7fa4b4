use simplenet_schema::{Change, Class, Direction, canonical, diff};

use crate::{
    protocol::Protocol,
    wire::{ChangeClass, ChangeDirection, ChangeUse, Hello, ProtocolChange, ProtocolMismatch},
};

/// Compares the client's schema with the server's. The client's schema is known if the client is a
/// debug build, which sends it with the hello.
pub(super) fn mismatch(ours: &Protocol, hello: &Hello) -> ProtocolMismatch {
    let mut mismatch = ProtocolMismatch::new(ours.name(), hello.protocol, ours.hash());
    // The client's schema is untrusted. It is read within bounds, and ignored if it cannot be read.
    let theirs = hello.canonical.as_deref().map(canonical::read);
    match (theirs, canonical::read(ours.canonical())) {
        (Some(Ok(theirs)), Ok(ours)) => {
            mismatch.changes.extend(diff(&theirs, &ours).into_iter().map(change));
            mismatch.truncate();
        }
        _ if hello.channel != ours.name() => mismatch.changes.push(ProtocolChange::new(
            "channel",
            Some(hello.channel.clone()),
            Some(ours.name().to_owned()),
            [ChangeClass::Impossible; 2],
        )),
        _ => {}
    }
    mismatch
}

/// Converts one change between the client's and the server's schema to its form in a refusal.
fn change(change: Change) -> ProtocolChange {
    let mut converted = ProtocolChange::new(
        change.path,
        change.from,
        change.to,
        [class(change.up), class(change.down)],
    );
    let uses = change.uses.iter().map(|each| {
        let direction = match each.direction {
            Direction::Client => ChangeDirection::Client,
            Direction::Server => ChangeDirection::Server,
        };
        ChangeUse::new(direction, &each.path)
    });
    converted.uses = uses.collect();
    converted.further_uses = change.further_uses;
    converted
}

fn class(class: Class) -> ChangeClass {
    match class {
        Class::Same => ChangeClass::Same,
        Class::SameWithin => ChangeClass::SameWithin,
        Class::Default => ChangeClass::Default,
        Class::Lossy => ChangeClass::Lossy,
        Class::MayFail => ChangeClass::MayFail,
        Class::Impossible => ChangeClass::Impossible,
    }
}
