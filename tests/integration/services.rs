//! `serve`: handlers on each client's own task.

mod answers;
mod beginnings;
mod desk;
mod earlier;
mod ends;
mod handles;
mod order;
