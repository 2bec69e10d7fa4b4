#[simplenet::channel]
mod notes {
    #[client_message]
    pub struct Write {
        pub size: usize,
        pub text: &'static str,
        pub note: Vec<Noted>,
        pub place: std::path::PathBuf,
        pub parts: HashMap<f32, std::vec::Vec<u8>>,
        pub list: [u8; LENGTH],
    }
    pub struct Note {
        pub next: Option<Box<Note>>,
    }
    pub struct Generic<T>(pub T);
    struct Private {
        kept: u8,
    }
    #[client_message]
    pub struct Connected;
}

use notes::{Client, Write};

fn send(client: &Client, write: Write) {
    client.send(write.clone());
}

fn main() {
    let _ = send;
}
