//! simplenet-macros
