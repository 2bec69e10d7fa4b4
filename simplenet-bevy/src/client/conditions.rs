use bevy_ecs::{message::MessageReader, system::Res};
use simplenet::{ClientEvent, ClientReport};

use super::{ClientChannel, ClientReceived, NetClient};

/// A run condition: the client has a session and can send.
pub fn client_connected<C: ClientChannel, M: Send + Sync + 'static>(
    client: Option<Res<NetClient<C, M>>>,
) -> bool {
    client.is_some_and(|client| client.is_connected())
}

/// A run condition: a session has begun since the condition was last evaluated.
pub fn client_just_connected<C: ClientChannel, M: Send + Sync + 'static>(
    received: MessageReader<ClientReceived<C, M>>,
) -> bool {
    any(received, |report| matches!(report, ClientReport::Connected))
}

/// A run condition: a session has ended since the condition was last evaluated.
pub fn client_just_disconnected<C: ClientChannel, M: Send + Sync + 'static>(
    received: MessageReader<ClientReceived<C, M>>,
) -> bool {
    any(received, |report| {
        matches!(
            report,
            ClientReport::Disconnected(_)
                | ClientReport::ClosedByServer(_)
                | ClientReport::ClosedBySelf
        )
    })
}

/// Reads all messages, and returns whether `f` is true for one of the reports.
fn any<C: ClientChannel, M: Send + Sync + 'static>(
    mut received: MessageReader<ClientReceived<C, M>>,
    f: impl Fn(&ClientReport) -> bool,
) -> bool {
    received.read().fold(false, |found, received| match &received.event {
        ClientEvent::Report(report) => found | f(report),
        _ => found,
    })
}
