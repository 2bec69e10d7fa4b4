//! Services: handlers on the task of each connection.

mod answers;
mod beginnings;
mod ends;
mod handles;
mod order;
mod test_service;
