//! The client with a window, natively and in a browser.

use bevy::prelude::*;
use bevy_counter::{
    client::{CounterClientPlugin, connect},
    window::{CounterWindowPlugin, Script},
};

fn main() -> AppExit {
    let (url, script) = options();
    let window = Window {
        title: "Counter".into(),
        resolution: (480, 320).into(),
        canvas: Some("#counter".into()),
        ..default()
    };
    let mut app = App::new();
    app.add_plugins(
        DefaultPlugins
            .set(bevy::window::WindowPlugin { primary_window: Some(window), ..default() }),
    )
    .add_plugins((CounterClientPlugin, CounterWindowPlugin { script }));
    connect(&mut app, url);
    app.run()
}

#[cfg(not(target_arch = "wasm32"))]
fn options() -> (String, Option<Script>) {
    use clap::Parser;

    /// Presses a button that everyone can press.
    #[derive(Parser)]
    struct Options {
        /// The URL of the server.
        #[arg(long, default_value = "ws://127.0.0.1:9100")]
        url: String,
        /// Takes pictures named PREFIX-before.png and PREFIX-after.png, and ends.
        #[arg(long, value_name = "PREFIX")]
        pictures: Option<String>,
        /// Presses the button after the first picture.
        #[arg(long, requires = "pictures")]
        press: bool,
    }

    let Options { url, pictures, press } = Options::parse();
    (url, pictures.map(|prefix| Script { prefix, presses: press }))
}

/// A page has no command line, so the client connects to the default address of the server.
#[cfg(target_arch = "wasm32")]
fn options() -> (String, Option<Script>) {
    ("ws://127.0.0.1:9100".to_owned(), None)
}
