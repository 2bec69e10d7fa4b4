//! The input of the user, as a stream.

use tokio::sync::mpsc;

use crate::{channel::chat::RoomId, join_view::JoinRequest};

/// An action of the user, or a tick of the timer.
pub(crate) enum Input {
    /// Join the chat, by the form.
    Join(JoinRequest),
    /// Send a line to the room.
    Send(String),
    /// Switch to another room.
    SwitchRoom(RoomId),
    /// Leave the chat.
    Leave,
    /// Close the notice and return to the form.
    Back,
    /// A second has passed.
    Tick,
}

/// The sender for event listeners. If the queue is full, a listener drops its input.
pub(crate) type Sender = mpsc::Sender<Input>;

/// The receiver of the page.
pub(crate) type Inputs = mpsc::Receiver<Input>;

/// The size of the queue, which is far greater than the number of actions in a moment.
const QUEUE_SIZE: usize = 16;

/// Creates the queue.
pub(crate) fn inputs() -> (Sender, Inputs) {
    mpsc::channel(QUEUE_SIZE)
}

/// Waits for the next input for which `select` returns a value, and ignores the others.
pub(crate) async fn await_input<T>(inputs: &mut Inputs, select: impl Fn(Input) -> Option<T>) -> T {
    loop {
        match inputs.recv().await {
            Some(input) => {
                if let Some(selected) = select(input) {
                    return selected;
                }
            }
            // Unreachable: the event listeners exist as long as the page, and each has a sender.
            None => std::future::pending().await,
        }
    }
}
