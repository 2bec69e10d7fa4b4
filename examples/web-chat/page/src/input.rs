//! What somebody does with the page, as a stream beside the events of the client.

use tokio::sync::mpsc;

use crate::{channel::chat::RoomId, entrance::Entered};

/// Something that was done, or that time has passed.
pub(crate) enum Input {
    Enter(Entered),
    Say(String),
    Move(RoomId),
    Leave,
    /// Away from the farewell, to the entrance.
    Back,
    /// A second has passed.
    Tick,
}

/// Takes what is done. Where that is not taken, there was too much to mean anything.
pub(crate) type Sender = mpsc::Sender<Input>;

/// Gives it out in order.
pub(crate) type Inputs = mpsc::Receiver<Input>;

pub(crate) fn inputs() -> (Sender, Inputs) {
    mpsc::channel(16)
}

/// The next input that means something here; the others are passed over.
pub(crate) async fn await_input<T>(inputs: &mut Inputs, meant: impl Fn(Input) -> Option<T>) -> T {
    loop {
        match inputs.recv().await {
            Some(input) => {
                if let Some(meaning) = meant(input) {
                    return meaning;
                }
            }
            // The listeners, which live as long as the page, hold the other end.
            None => std::future::pending().await,
        }
    }
}
