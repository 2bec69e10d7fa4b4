//! Servers and clients in every kind of surroundings, and the end of their programs.

mod blocking;
mod ended;
mod matrix;
