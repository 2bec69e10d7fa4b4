//! Services: handlers on the task of each connection.

mod answers;
mod connected_hook;
mod handles;
mod order;
mod session_end;
mod test_service;
