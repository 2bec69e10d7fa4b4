//! Services: handlers on the task of each connection.

mod answers;
mod beginnings;
mod desk;
mod ends;
mod handles;
mod order;
