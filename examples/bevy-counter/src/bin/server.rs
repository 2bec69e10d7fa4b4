//! The headless server.

use std::{error::Error, time::Duration};

use bevy_app::{App, ScheduleRunnerPlugin};
use bevy_counter::server::{CounterServerPlugin, listen};
use clap::Parser;

/// Serves a button that everyone can press.
#[derive(Parser)]
struct Options {
    /// The address to listen on. Port 0 selects a free port.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9100")]
    addr: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let mut app = App::new();
    app.add_plugins((
        ScheduleRunnerPlugin::run_loop(Duration::from_millis(20)),
        CounterServerPlugin,
    ));
    println!("listening on {}", listen(&mut app, &options.addr)?);
    app.run();
    Ok(())
}
