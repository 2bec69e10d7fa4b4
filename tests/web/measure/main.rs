//! The cost of 1,000 small messages in a page. `tests/web/measure.sh` runs this program, which
//! prints one line per case.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed precondition ends the measurement at its line"
)]

mod message_counter;

use futures_util::future::join_all;
use simplenet::Bytes;
use simplenet_web_tests::{client, connected, milliseconds, page, soon};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

use self::message_counter::MessageCounter;

wasm_bindgen_test_configure!(run_in_browser);

/// The number of messages or calls of a repetition.
const MESSAGES: usize = 1000;

/// The bytes in each message. With its kind, variant and length, a message has 40 bytes on the
/// wire, and a request or an answer a few more.
const PAYLOAD: Bytes = Bytes::from_static(&[7; 37]);

/// The repetitions before the first measured one, in which the browser compiles the program.
const WARM_UP: usize = 20;

/// The measured repetitions of a case.
const REPETITIONS: usize = 101;

/// The repetitions of a case whose WebSocket messages are counted.
const COUNTED: usize = 11;

#[wasm_bindgen_test]
async fn small_messages_are_measured() {
    console_log!(
        "{:<34} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "case",
        "median",
        "fastest",
        "slowest",
        "received",
        "sent"
    );
    measure("one call", async |client| call(client, 1).await).await;
    measure("1,000 messages from the server", receive_messages).await;
    measure("1,000 messages from the page", send_messages).await;
    measure("1,000 calls", async |client| call(client, MESSAGES).await).await;
}

/// The server sends the messages on a command. Ends when the page has received the last one.
async fn receive_messages(client: &mut page::Client) {
    let (messages, size) = (MESSAGES as u32, PAYLOAD.len() as u32);
    client.send(page::Command::Flood { messages, size });
    for _ in 0..MESSAGES {
        match client.recv().await {
            Some(page::ClientEvent::Msg(page::ServerMsg::Filler(_))) => {}
            other => panic!("expected a Filler, got {other:?}"),
        }
    }
}

/// The page sends the messages, and a request after them. Ends with the answer, which shows that
/// the server has received the messages.
async fn send_messages(client: &mut page::Client) {
    for _ in 0..MESSAGES {
        client.send(page::Filler { bytes: PAYLOAD });
    }
    client.call(page::WhoAmI).await.expect("an answer");
}

/// The page sends the calls at once. Ends when all are answered.
async fn call(client: &mut page::Client, calls: usize) {
    let calls = (0..calls).map(|_| client.call(page::Echo { bytes: PAYLOAD }));
    for answer in join_all(calls).await {
        answer.expect("an answer");
    }
}

/// Measures the duration of a repetition in milliseconds, and counts its WebSocket messages. Prints
/// the results.
async fn measure(case: &str, repetition: impl AsyncFn(&mut page::Client)) {
    let mut client = connected(client("open")).await;
    let mut times = Vec::new();
    for number in 0..WARM_UP + REPETITIONS {
        let start = milliseconds();
        soon(case, repetition(&mut client)).await;
        if number >= WARM_UP {
            times.push(milliseconds() - start);
        }
    }
    times.sort_by(f64::total_cmp);
    let (received, sent) = count_messages(case, repetition).await;
    console_log!(
        "{case:<34} {:>9.1} {:>9.1} {:>9.1} {received:>9} {sent:>9}",
        times[REPETITIONS / 2],
        times[0],
        times[REPETITIONS - 1]
    );
}

/// Returns the medians of the numbers of WebSocket messages that the page receives and sends. Uses
/// a client of its own, because the counter slows the page down.
async fn count_messages(case: &str, repetition: impl AsyncFn(&mut page::Client)) -> (u32, u32) {
    let counter = MessageCounter::install();
    let mut client = connected(client("open")).await;
    let (mut received, mut sent) = (Vec::new(), Vec::new());
    for _ in 0..COUNTED {
        counter.reset();
        soon(case, repetition(&mut client)).await;
        received.push(counter.received());
        sent.push(counter.sent());
    }
    received.sort_unstable();
    sent.sort_unstable();
    (received[COUNTED / 2], sent[COUNTED / 2])
}
