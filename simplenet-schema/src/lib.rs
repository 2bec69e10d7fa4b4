//! simplenet-schema
