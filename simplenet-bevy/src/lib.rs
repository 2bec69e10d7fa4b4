//! Plugins that connect [simplenet] channels with Bevy apps.
//!
//! - [`SimplenetClientPlugin`] receives the events of a [`NetClient`] and writes them as
//!   [`ClientReceived`] messages, sets the state [`ClientNetState`], and triggers observers.
//! - [`SimplenetServerPlugin`] receives the events of a [`NetServer`] and writes them as
//!   [`ServerReceived`] messages. Optionally, it spawns an entity per client.
//!
//! Sending needs no plugin. [`NetClient`] and [`NetServer`] dereference to the handles of
//! simplenet, whose methods never block.
//!
//! ```
//! use bevy_app::{App, Update};
//! use bevy_ecs::prelude::*;
//! use simplenet_bevy::{
//!     ClientReceived, NetClient, NetServer, ServerNetEvent, ServerReceived, SimplenetClientPlugin,
//!     SimplenetServerPlugin, client_just_connected,
//! };
//!
//! #[simplenet::channel]
//! pub mod chat {
//!     #[client_message]
//!     pub struct Say(pub String);
//!     #[server_message]
//!     pub struct Posted(pub String);
//! }
//! use chat::{Chat, ClientEvent, ClientMsg, Posted, Say, ServerMsg};
//!
//! # fn main() -> Result<(), simplenet::BindError> {
//! let (server, connector) = chat::Server::builder().bind_memory()?;
//! let client = chat::Client::in_memory(&connector).connect(());
//!
//! let mut app = App::new();
//! app.add_plugins((SimplenetServerPlugin::<Chat>::new(), SimplenetClientPlugin::<Chat>::new()))
//!     .insert_resource(NetServer::<Chat>::new(server))
//!     .insert_resource(NetClient::<Chat>::new(client))
//!     .init_resource::<Lines>()
//!     .add_systems(Update, (say_hello.run_if(client_just_connected::<Chat, ()>), post, read));
//!
//! #[derive(Default, Resource)]
//! struct Lines(Vec<String>);
//!
//! fn say_hello(client: Res<NetClient<Chat>>) {
//!     client.send(Say("hello".into()));
//! }
//!
//! fn post(server: Res<NetServer<Chat>>, mut received: MessageReader<ServerReceived<Chat>>) {
//!     for ServerReceived { event, .. } in received.read() {
//!         if let ServerNetEvent::Msg(ClientMsg::Say(said)) = event {
//!             server.broadcast(Posted(said.0.clone()));
//!         }
//!     }
//! }
//!
//! fn read(mut received: MessageReader<ClientReceived<Chat>>, mut lines: ResMut<Lines>) {
//!     for ClientReceived { event, .. } in received.read() {
//!         if let ClientEvent::Msg(ServerMsg::Posted(posted)) = event {
//!             lines.0.push(posted.0.clone());
//!         }
//!     }
//! }
//!
//! while app.world().resource::<Lines>().0.is_empty() {
//!     app.update();
//! }
//! assert_eq!(app.world().resource::<Lines>().0, ["hello"]);
//! # Ok(())
//! # }
//! ```
//!
//! # When events are received
//!
//! The plugins receive in `PreUpdate`, in [`SimplenetSystems::Receive`]. Each event of a client or
//! server becomes one message, in the order that simplenet promises. A plugin can also receive [in
//! another schedule](SimplenetClientPlugin::in_schedule). With `FixedPreUpdate`, systems in
//! `FixedUpdate` miss no message, although Bevy drops messages after two updates.
//!
//! # Several channels and clients
//!
//! Each channel has its own plugins and resources. If a channel has several clients, a marker type
//! distinguishes them. It is the last type parameter: `SimplenetClientPlugin::<Chat, Lobby>`.

#![expect(elided_lifetimes_in_paths, reason = "systems omit the lifetimes of their parameters")]

mod receiving;
mod sets;

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "server")]
mod slot;

#[cfg(feature = "client")]
pub use client::{
    Answered, ClientChannel, ClientClosedByServer, ClientConnected, ClientDead, ClientDisconnected,
    ClientNetState, ClientReceived, ClientRetrying, FromServer, NetClient, RequestCommands,
    RequestFailure, SimplenetClientPlugin, client_connected, client_just_connected,
    client_just_disconnected,
};
#[cfg(feature = "server")]
pub use server::{
    FromClient, NetServer, RemoteClient, Requested, ServerChannel, ServerNetEvent, ServerReceived,
    SimplenetServerPlugin, server_running,
};
pub use sets::SimplenetSystems;
#[cfg(feature = "server")]
pub use slot::Slot;

/// The code of `docs/migrating.md`, which the documentation tests compile.
#[cfg(doctest)]
#[doc = include_str!("../../docs/migrating.md")]
struct Migrating;
